"""Training rows: which corpora, without duplicates and without rows kept for evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from data.corpora import corpus_digest, load_corpus, spec
from data.embedded import embedded_comments
from data.errors import InputError
from data.exchange import read_labelled
from data.formats import Rejection
from data.record import Comment
from data.taxonomy import STANCES, SUBTYPES
from training.splits import deduplicated

Columns = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Rows to train on, and what the manifest says of where they come from."""

    comments: list[Comment]
    corpora: tuple[Mapping[str, Any], ...]
    rejections: list[Rejection]


def gather(sources: Sequence[str], *, allow_eval: bool = False) -> TrainingSet:
    """Load and deduplicate corpora by name, or labelled files by path.

    Raises
    ------
    InputError
        For an unknown source, or a corpus whose licence or role forbids training a bundle that is
        handed on (``allow_eval`` lets evaluation corpora in, never benchmarks or diagnostics).
    """
    comments: list[Comment] = []
    corpora: list[Mapping[str, Any]] = []
    rejections: list[Rejection] = []
    for source in sources:
        rows = _named(source, corpora, allow_eval=allow_eval) if _is_name(source) else None
        if rows is None:
            rows = []
            for row in read_labelled(Path(source)):
                (rejections if isinstance(row, Rejection) else rows).append(row)  # type: ignore[arg-type]
            corpora.append(describe(Path(source)) | {"rows": len(rows)})
        comments += rows
    kept = [c for c in deduplicated(comments) if c.labels]
    if not kept:
        raise InputError(
            "no labelled comment", where=", ".join(sources), fix="see the label columns in docs/cli.md"
        )
    return TrainingSet(kept, tuple(corpora), rejections)


def describe(path: Path) -> dict[str, Any]:
    """What a manifest says of a labelled file of the newsroom's own."""
    content = path.read_bytes()
    name = path.name.encode("utf-8", "replace").decode()
    return {"name": name, "licence": "own", "rows": None, "sha256": sha256(content).hexdigest()}


def _is_name(source: str) -> bool:
    return source == "embedded" or not (Path(source).suffix or Path(source).exists())


def _named(name: str, corpora: list[Mapping[str, Any]], *, allow_eval: bool) -> list[Comment]:
    known = spec(name)
    if not known.trainable and not (allow_eval and known.use == "eval"):
        raise InputError(
            f"corpus {name} may not train a bundle ({known.use}: {known.licence})", fix="leave it out"
        )
    rows = embedded_comments() if name == "embedded" else load_corpus(name)
    corpora.append({"name": name, "licence": known.licence, "rows": len(rows), "sha256": corpus_digest(name)})
    return rows


def incivility_columns(comments: Sequence[Comment]) -> Columns:
    """0/1 of each incivility head and row, NaN where the labels do not say.

    A row labelled only civil or uncivil still says that P(severity >= 3) is 0, or P(severity >= 1) is 1.
    """
    labels = [c.labels for c in comments]
    columns: dict[str, list[int | None]] = {
        "p_impolite": [_at_least(1, x.severity, x.uncivil, 1) for x in labels],
        "p_uncivil": [x.uncivil for x in labels],
        "p_intolerable": [_at_least(3, x.severity, x.uncivil, 0) for x in labels],
    }
    columns |= {name: [getattr(x, name) for x in labels] for name in SUBTYPES}
    return {
        name: np.array([np.nan if v is None else v for v in values], np.float32)
        for name, values in columns.items()
    }


def _at_least(level: int, severity: int | None, uncivil: int | None, implied: int) -> int | None:
    if severity is not None:
        return int(severity >= level)
    return implied if uncivil == implied else None


def stance_columns(comments: Sequence[Comment]) -> Columns:
    """0/1 of each stance that occurs; NaN for rows without a stance label or without a target."""
    stances = [c.labels.stance if c.stance_target else None for c in comments]
    return {
        s: np.array([np.nan if x is None else x == s for x in stances], np.float32)
        for s in STANCES
        if s in stances
    }
