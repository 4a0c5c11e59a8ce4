"""An uploaded dump: kept in a private folder while its tab is open, scored, and given back."""

import heapq
import json
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import pyarrow as pa

from data.errors import InputError
from data.formats import dumps, format_of, open_writer
from data.record import Comment
from data.store import Store
from data.taxonomy import SCORE_COLUMNS
from model.batch import Factory, Scored
from model.batch_input import Intake
from model.batch_output import SCORE_FIELDS, output_rows
from training.review.filescore import columns_of, scored_chunks
from training.review.site_rules import ruled

PREVIEW: Final = 10
SUFFIXES: Final = ("csv", "tsv", "jsonl", "ndjson", "parquet", "gz", "zst")

Kind = Literal["csv", "jsonl", "parquet"]
KINDS: Final[tuple[Kind, ...]] = ("csv", "jsonl", "parquet")


@dataclass
class Upload:
    """One uploaded file; everything of it is deleted with the object.

    Parameters
    ----------
    name
        As the browser gave it; only its extension is used for a path.
    """

    name: str
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="courtois-")))
    mapping: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    scored: int = 0
    rejected: int = 0
    done: bool = False
    top: list[tuple[float, int, str]] = field(default_factory=list)
    """The least civil comments: probability, row (negative), text."""

    _own: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    @classmethod
    def keep(cls, name: str, content: BinaryIO) -> "Upload":
        """Write an upload to disk.

        Raises
        ------
        InputError
            For an extension that is not read.
        """
        format_of(name)
        upload = cls(name)
        with upload.source.open("wb") as file:
            while block := content.read(2**20):
                file.write(block)
        return upload

    @property
    def source(self) -> Path:
        suffixes = "".join(Path(self.name).suffixes[-2:]).lower()
        known = suffixes if _known(f"a{suffixes}") else Path(self.name).suffix.lower()
        return self._folder / f"envoi{known}"

    @property
    def columns(self) -> list[str]:
        """Columns of the file."""
        return columns_of(self.source)

    @property
    def result(self) -> Path:
        return self._folder / "scored.jsonl"

    @property
    def rejects(self) -> Path:
        return self._folder / "rejected.jsonl"

    def score(
        self,
        factory: Factory,
        *,
        mapping: Mapping[str, str],
        target: str | None,
        spans: bool,
        progress: Callable[[int], None],
    ) -> None:
        """Score every row into the private folder; rows that cannot be used are set aside there.

        Raises
        ------
        InputError, BundleError
            For a file or a bundle that cannot be used.
        """
        self.scored = self.rejected = 0
        self.done, self.top, self._own = False, [], {}
        self.mapping, self.target = dict(mapping), target
        with self.result.open("w", encoding="utf-8") as good, self.rejects.open("w", encoding="utf-8") as bad:
            options: dict[str, Any] = {"mapping": mapping, "target": target, "spans": spans}
            # one process: the moderators' own pages must stay quick, and dumps of millions have the command
            for chunk in scored_chunks(self.source, jobs=1, factory=factory, **options):
                for rejection in chunk.chunk.rejections:
                    bad.write(dumps(rejection.as_dict() | {"source": self.name}) + "\n")
                    self.rejected += 1
                self._take(chunk, good)
                progress(self.scored)
        self.done = True

    def reopen(self) -> None:
        """Have the settings asked for again; the file stays."""
        self.done = False

    def _take(self, scored: Scored, good: Any) -> None:
        for row, comment in zip(output_rows(scored, self.mapping), scored.chunk.comments, strict=True):
            good.write(dumps(row) + "\n")
            self._own.update(dict.fromkeys(name for name in row if name not in SCORE_COLUMNS))
            entry = (float(row["incivility"]), -self.scored, comment.text)
            if len(self.top) < PREVIEW:
                heapq.heappush(self.top, entry)
            else:
                heapq.heappushpop(self.top, entry)
            self.scored += 1

    def worst(self) -> list[tuple[float, str]]:
        """Give the least civil comments, the worst first."""
        return [(probability, text) for probability, _, text in sorted(self.top, reverse=True)]

    def download(self, kind: Kind) -> bytes:
        """Give the scored rows in another format; own columns are text in Parquet."""
        if kind == "jsonl":
            return self.result.read_bytes()
        schema = pa.schema([*(pa.field(name, pa.string()) for name in self._own), *SCORE_FIELDS])
        path = self._folder / f"scored.{kind}"
        with open_writer(path, schema) as writer:
            writer.write(self._rows())
        return path.read_bytes()

    def _rows(self) -> Iterator[dict[str, Any]]:
        with self.result.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    def send(self, store: Store) -> int:
        """Put the scored comments into the queue; returns how many.

        Raises
        ------
        StoreError
            When the store refuses them.
        """
        return store.add_scored(ruled(self._pairs()))

    def _pairs(self) -> Iterator[tuple[Comment, dict[str, Any]]]:
        items = Intake([self.source], self.mapping, self.target)
        accepted = (item[1] for item in items if isinstance(item, tuple))
        for comment, row in zip(accepted, self._rows(), strict=True):
            yield comment, {name: row.get(name) for name in SCORE_COLUMNS}


def _known(name: str) -> bool:
    try:
        format_of(name)
    except InputError:
        return False
    return True
