"""Output in committed parts: what is scored is never scored twice, nor half written."""

import io
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError
from data.formats import dumps, open_writer, output_format, read_schema, writing
from data.taxonomy import SCORE_COLUMNS
from model.batch_chunks import Scored
from model.batch_lock import OutputLock
from model.batch_output import from_table, output_rows, to_table, unify
from model.batch_record import FORMAT, input_digest, manifest_path, run_record
from model.batch_sink import rejected_path
from model.batch_tally import Tally
from model.durable import commit

_OURS: Final = re.compile(r"lock|(manifest\.json|\d{8}-\d{8}\.(parquet|rejected\.jsonl))(\.tmp)?")
_PART_CHARACTERS: Final = 16_000_000


class Parts:
    """The folder ``OUT.parts``: scored rows as committed files, assembled into OUT at the end.

    Parameters
    ----------
    out
        The final file.
    identity
        What the run depends on: inputs, bundle and settings, as JSON values.
    mapping
        Record field -> column.
    tally
        Counts of the run, filled at its end.
    resume
        Continue what an interrupted run has committed; otherwise start anew.

    Raises
    ------
    InputError
        When OUT cannot be written or another run writes it, or the parts are of another run.
    """

    def __init__(
        self,
        out: Path,
        identity: Mapping[str, Any],
        mapping: Mapping[str, str],
        tally: Tally,
        *,
        resume: bool,
    ) -> None:
        self.out, self.mapping, self._tally = out, mapping, tally
        self.folder = out.with_name(out.name + ".parts")
        self._identity = {"format": FORMAT, **json.loads(dumps(dict(identity)))}
        self._schemas: dict[str, pa.Schema | None] = {}
        if out.is_dir():
            raise InputError("is a directory", where=str(out), fix="name a file")
        with writing(out):
            if self.folder.exists() and not self._is_ours():
                raise InputError("is not of a scoring run", where=str(self.folder), fix="move it away")
            self.folder.mkdir(exist_ok=True)
            self._lock = OutputLock(self.folder, out)
            try:
                self._prepare(resume)
                self.done = self._committed()
            except BaseException:
                self._lock.release()
                raise

    def _is_ours(self) -> bool:
        return self.folder.is_dir() and all(_OURS.fullmatch(entry.name) for entry in self.folder.iterdir())

    def _prepare(self, resume: bool) -> None:
        path = self.folder / "manifest.json"
        if not (resume and path.is_file()):
            self._clear()
            commit(path, dumps(self._identity).encode())
            return
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise InputError("damaged manifest", where=str(path), fix="run without --resume") from error
        changed = [key for key in self._identity if found.get(key) != self._identity[key]]
        if changed:
            raise InputError(
                f"the interrupted run differs in: {', '.join(changed)}",
                where=str(self.folder),
                fix="run without --resume to start anew",
            )

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("????????-????????.parquet"))

    def _committed(self) -> int:
        """Chunks that need not be scored again."""
        end = 0
        for path in self._files():
            begin, _, after = path.stem.partition("-")
            if int(begin) != end:
                raise InputError("a part is missing", where=str(self.folder), fix="run without --resume")
            end = int(after)
        return end

    def committed(self) -> Iterator[dict[str, Any]]:
        """Scored columns of each row that an earlier run has committed, in order."""
        with self._damage_told():
            for path in self._files():
                yield from pq.read_table(path, columns=list(SCORE_COLUMNS)).to_pylist()

    def write(self, group: Iterable[Scored]) -> None:
        """Commit a group of chunks; a part has one source, and a bounded size."""
        run: list[Scored] = []
        for scored in group:
            long = sum(done.chunk.characters for done in run) >= _PART_CHARACTERS
            if run and (long or run[-1].chunk.source != scored.chunk.source):
                self._write_part(run)
                run = []
            run.append(scored)
        if run:
            self._write_part(run)

    def _write_part(self, run: list[Scored]) -> None:
        source = run[0].chunk.source
        if source not in self._schemas:
            self._schemas[source] = None if source == "stdin" else read_schema(source)
        rows = [row for scored in run for row in output_rows(scored, self.mapping)]
        table = to_table(rows, source, self._schemas[source], id_mapped="id" in self.mapping)
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        rejected = [dumps(r.as_dict()) + "\n" for scored in run for r in scored.chunk.rejections]
        name = f"{run[0].chunk.index:08d}-{run[-1].chunk.index + 1:08d}"
        with writing(self.out):
            # The side file first: a part that is there has all its rows there.
            if rejected:
                commit(self.folder / f"{name}.rejected.jsonl", "".join(rejected).encode())
            commit(self.folder / f"{name}.parquet", buffer.getvalue())
        self.done = run[-1].chunk.index + 1

    def finish(self, counts: Mapping[str, Any]) -> None:
        """Assemble OUT, its side file and its manifest, and remove the parts.

        Parameters
        ----------
        counts
            What was counted elsewhere, for the manifest.

        Raises
        ------
        InputError
            When a part is damaged, the disk is full, or an input has changed since the run began.
        """
        for known in self._identity["inputs"]:
            if input_digest(known["path"]) != known:
                raise InputError(
                    "changed while it was scored", where=known["path"], fix="run without --resume"
                )
        files = self._files()
        with self._damage_told():
            schema = unify(pq.read_schema(path) for path in files)
            plain_json = output_format(self.out).kind == "jsonl"
            with open_writer(self.out, None if plain_json else schema) as writer:
                for path in files:
                    rows = list(from_table(pq.read_table(path)))
                    self._tally.add(rows)
                    writer.write(_ordered(rows, schema))
            self._tally.rejected = self._assemble_rejected(files)
        beside = manifest_path(self.out)
        identity = {name: value for name, value in self._identity.items() if name != "format"}
        outputs = [self.out, rejected_path(self.out)]
        record = run_record(identity, {**counts, **self._tally.counts()}, outputs)
        with writing(beside):
            commit(beside, json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n")
        self._discard()

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except pa.ArrowException as error:
            raise InputError(
                "a part is damaged", where=str(self.folder), fix="run without --resume"
            ) from error

    def _assemble_rejected(self, files: list[Path]) -> int:
        side = rejected_path(self.out)
        aside = side.with_name(f".{side.name}.{os.getpid()}.tmp")
        count = 0
        with writing(side):
            try:
                with aside.open("wb") as stream:
                    for path in files:
                        part = path.with_suffix(".rejected.jsonl")
                        lines = part.read_bytes() if part.exists() else b""
                        stream.write(lines)
                        count += lines.count(b"\n")
                if count:
                    aside.replace(side)
                else:
                    side.unlink(missing_ok=True)
            finally:
                with suppress(OSError):
                    aside.unlink(missing_ok=True)
        return count

    def close(self) -> bool:
        """Let go of OUT; parts are kept for ``--resume``, if there are any.

        Returns
        -------
        bool
            Whether there is something to resume.
        """
        kept = self.done > 0 and self.folder.exists()
        if not kept:
            self._discard()
        self._lock.release()
        return kept

    def _clear(self) -> None:
        # The manifest first: parts without one count for nothing, so that a kill here costs nothing.
        for old in sorted(self.folder.iterdir(), key=lambda entry: entry.name != "manifest.json"):
            if old.name != "lock":
                old.unlink()

    def _discard(self) -> None:
        with suppress(OSError):
            self._clear()
            shutil.rmtree(self.folder)


def _ordered(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: row[name] for name in schema.names if name in row}
