"""The record of a run beside its output: what went in, with which bundle and settings, what came out."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

_EDGE: Final = 2**20
FORMAT: Final = 2


def input_digest(path: str | Path) -> dict[str, Any]:
    """Recognise a file quickly: size, time of change, and a hash of its first and last megabyte."""
    file = Path(path)
    stat = file.stat()
    with file.open("rb") as stream:
        head = stream.read(_EDGE)
        stream.seek(max(0, stat.st_size - _EDGE))
        digest = hashlib.sha256(head + stream.read(_EDGE)).hexdigest()
    return {"path": str(path), "size": stat.st_size, "changed": stat.st_mtime_ns, "sha256_edges": digest}


def run_record(identity: Mapping[str, Any], counts: Mapping[str, Any], outputs: list[Path]) -> dict[str, Any]:
    """Describe a finished run; no clock and no host, so that equal runs have equal records.

    Parameters
    ----------
    identity
        Inputs, bundle and settings of the run.
    counts
        What it counted.
    outputs
        Files it wrote, to be hashed whole.
    """
    return {
        "format": FORMAT,
        "courtois": version("courtois"),
        **identity,
        "inputs": [{**known, "sha256": _sha256(Path(known["path"]))} for known in identity["inputs"]],
        "counts": dict(counts),
        "outputs": [_described(path) for path in outputs if path.exists()],
    }


def manifest_path(out: Path) -> Path:
    """Name the record of an output.

    >>> str(manifest_path(Path("out/scored.parquet")))
    'out/scored.parquet.manifest.json'
    """
    return out.with_name(out.name + ".manifest.json")


def _described(path: Path) -> dict[str, Any]:
    return {"path": path.name, "size": path.stat().st_size, "sha256": _sha256(path)}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
