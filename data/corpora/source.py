"""Rows of a corpus, through Hugging Face ``datasets``: from the local folder or from the hub."""

import csv
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from data.corpora.spec import CorpusSpec, Hub, Row
from data.errors import InputError

Loader = Callable[..., Iterable[Mapping[str, Any]]]
"""``datasets.load_dataset`` or what stands in for it."""

ENVIRONMENT: Final = "COURTOIS_CORPORA"
_SET_FOLDER: Final = f"set {ENVIRONMENT} to the folder that holds it"


def corpora_root(root: Path | None = None) -> Path | None:
    """Find the folder of the corpora.

    ``root`` itself, else the environment variable ``COURTOIS_CORPORA``, else ``shared/corpora``
    beside the working directory or beside the installation; ``None`` when there is none.

    Raises
    ------
    InputError
        For a folder that was named and does not exist.
    """
    named = root or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is not None:
        if not named.is_dir():
            raise InputError("no such folder of corpora", where=str(named), fix=f"name one, or {_SET_FOLDER}")
        return named
    beside = (Path.cwd().parent, Path(__file__).resolve().parents[3])
    return next((p for p in (b / "shared" / "corpora" for b in beside) if p.is_dir()), None)


def local_file(spec: CorpusSpec, path: str, root: Path | None) -> Path | None:
    """Path of one of the corpus's files where it exists."""
    folder = corpora_root(root)
    file = folder / path if folder and path else None
    return file if file and file.is_file() else None


def missing(spec: CorpusSpec, path: str) -> InputError:
    """Build the error for a corpus that is not on this machine."""
    return InputError(f"corpus {spec.name}: {path} is not on this machine", fix=_SET_FOLDER)


def read_local(file: Path, columns: Sequence[str], loader: Loader | None = None) -> list[Row]:
    """Read a CSV or JSON Lines file whole, every cell a string.

    Raises
    ------
    InputError
        For a file that cannot be parsed, or lacks one of ``columns``.
    """
    if file.suffix == ".csv":
        header = _header(file)
        _require(columns, header, file.name)
        from datasets import Features, Value

        options = {"features": Features({name: Value("string") for name in header}), "keep_default_na": False}
        return _read(loader, "csv", {"data_files": str(file), "split": "train", **options}, str(file))
    rows = _read(loader, "json", {"data_files": str(file), "split": "train"}, str(file))
    _require(columns, rows[0] if rows else (), file.name)
    return rows


def read_hub(hub: Hub, loader: Loader | None = None) -> list[Row]:
    """Read the original from the hub, columns renamed to those of the local file.

    Raises
    ------
    InputError
        When the hub cannot be reached, refuses, or the columns are not those expected.
    """
    arguments: dict[str, Any] = {"split": hub.split, **hub.options}
    if hub.config:
        arguments["name"] = hub.config
    rows = _read(loader, hub.id, arguments, f"hub {hub.id}", local=False)
    _require(tuple(hub.columns), rows[0] if rows else (), f"hub {hub.id}")
    kept = (row for row in rows if all(row.get(name) == cell for name, cell in hub.keep.items()))
    return [{hub.columns.get(name, name): cell for name, cell in row.items()} for row in kept]


def _read(
    loader: Loader | None, what: str, arguments: dict[str, Any], where: str, *, local: bool = True
) -> list[Row]:
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    load: Loader = loader or load_dataset
    try:
        with tempfile.TemporaryDirectory(prefix="courtois-") as folder, _no_bars():
            # A local file is parsed again each time: a cache of comments must not outlive its file.
            cache = {"cache_dir": folder} if local else {}
            return [
                {name: _cell(cell) for name, cell in row.items()} for row in load(what, **arguments, **cache)
            ]
    except (OSError, ValueError, RuntimeError, DatasetsError) as error:
        fix = "check that the file is UTF-8 and whole" if local else f"go online, or {_SET_FOLDER}"
        raise InputError(f"cannot be read ({type(error).__name__})", where=where, fix=fix) from error


@contextmanager
def _no_bars() -> Iterator[None]:
    from datasets.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    was = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if not was:
            enable_progress_bars()


def _header(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines), [])
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({type(error).__name__})", where=str(file)) from error


def _require(columns: Sequence[str], present: Iterable[str], where: str) -> None:
    absent = [name for name in columns if name not in set(present)]
    if absent:
        raise InputError(
            f"no column {', '.join(absent)}", where=where, fix="use the corpus as it was published"
        )


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        # A date with an offset comes back from datasets in UTC, without saying so.
        return value.replace(tzinfo=value.tzinfo or UTC).isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
