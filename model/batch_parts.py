"""Output in committed parts: what is scored is never scored twice, nor half written."""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError
from data.formats import dumps, format_of, open_writer, read_schema, writing
from model.batch import Scored
from model.batch_output import from_table, output_rows, to_table, unify
from model.batch_sink import Tally, rejected_path

_EDGE: Final = 2**20
_FORMAT: Final = 1
_PART_CHARACTERS: Final = 16_000_000


def input_digest(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Recognise a file: size, time of change, and a hash of its first and last megabyte."""
    file = Path(path)
    stat = file.stat()
    with file.open("rb") as stream:
        head = stream.read(_EDGE)
        stream.seek(max(0, stat.st_size - _EDGE))
        digest = hashlib.sha256(head + stream.read(_EDGE)).hexdigest()
    return {"path": str(path), "size": stat.st_size, "changed": stat.st_mtime_ns, "sha256_edges": digest}


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
    resume
        Continue what an interrupted run has committed; otherwise start anew.

    Raises
    ------
    InputError
        When OUT cannot be written, or the parts are of another run.
    """

    def __init__(
        self, out: Path, identity: Mapping[str, Any], mapping: Mapping[str, str], *, resume: bool
    ) -> None:
        self.out, self.mapping = out, mapping
        self.folder = out.with_name(out.name + ".parts")
        self._manifest = {"format": _FORMAT, **json.loads(dumps(dict(identity)))}
        self._schemas: dict[str, pa.Schema | None] = {}
        if out.is_dir():
            raise InputError("is a directory", where=str(out), fix="name a file")
        with writing(out):
            if self.folder.exists():
                self._check_folder(resume)
            if not (self.folder / "manifest.json").exists():
                self.folder.mkdir(exist_ok=True)
                _commit(self.folder / "manifest.json", dumps(self._manifest).encode())
        self.done = self._committed()

    def _check_folder(self, resume: bool) -> None:
        path = self.folder / "manifest.json"
        entries = {entry.name for entry in self.folder.iterdir()} if self.folder.is_dir() else {"?"}
        if not path.is_file() and entries - {"manifest.json.tmp"}:
            raise InputError("is not of a scoring run", where=str(self.folder), fix="move it away")
        if not resume:
            shutil.rmtree(self.folder)
            return
        if not path.is_file():
            return
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise InputError("damaged manifest", where=str(path), fix="run without --resume") from error
        changed = [key for key in self._manifest if found.get(key) != self._manifest[key]]
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
                _commit(self.folder / f"{name}.rejected.jsonl", "".join(rejected).encode())
            _commit(self.folder / f"{name}.parquet", buffer.getvalue())
        self.done = run[-1].chunk.index + 1

    def finish(self) -> Tally:
        """Assemble OUT and ``OUT.rejected.jsonl``, and remove the parts."""
        files, tally = self._files(), Tally()
        try:
            schema = unify(pq.read_schema(path) for path in files)
            plain_json = format_of(self.out).kind == "jsonl"
            with open_writer(self.out, None if plain_json else schema) as writer:
                for path in files:
                    table = pq.read_table(path)
                    tally.scored += table.num_rows
                    tally.actions.update(table.column("action").to_pylist())
                    writer.write(_ordered(from_table(table), schema))
                tally.rejected = self._assemble_rejected(files)
        except pa.ArrowException as error:
            raise InputError(
                "a part is damaged", where=str(self.folder), fix="run without --resume"
            ) from error
        self.discard()
        return tally

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

    def discard(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _ordered(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: row[name] for name in schema.names if name in row}


def _commit(path: Path, content: bytes) -> None:
    aside = path.with_name(path.name + ".tmp")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
