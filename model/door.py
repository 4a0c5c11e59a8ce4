"""Batches of columns in, batches of scored columns out: for notebooks and `datasets.Dataset.map`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.formats import Rejection, Row, to_comment
from data.record import Comment
from data.taxonomy import SCORE_COLUMNS
from model.scorer import Scorer

Columns = Mapping[str, Sequence[Any]]
_READ = frozenset(field.name for field in fields(Comment)) - {"labels", "extra"}


def score_records(batch: Columns, *, scorer: Scorer | None = None) -> dict[str, list[Any]]:
    """Score one batch of columns; the shipped scorer is loaded once per process.

    Parameters
    ----------
    batch
        Equally long columns under the names of the comment record; only ``text`` is required.
        Others are ignored.
    scorer
        Which bundle to use; unless given, the one in use.

    Returns
    -------
    dict
        The scored columns, as long as the batch; ``None`` throughout where the text is empty, none or
        too long.

    Raises
    ------
    InputError
        Without a column ``text``, or when columns differ in length.
    BundleError
        When the bundle cannot be used.

    >>> batch = {"text": ["Merci pour cet article.", "Pauvre abruti, va !", None], "id": [1, 2, 3]}
    >>> scored = score_records(batch)
    >>> scored["action"][0], scored["incivility"][0] < scored["incivility"][1], scored["action"][2]
    ('publish', True, None)
    """
    if "text" not in batch:
        raise InputError("no column 'text'", fix="rename the column that holds it")
    names = [name for name in batch if name in _READ]
    for name in names:
        if len(batch[name]) != len(batch["text"]):
            raise InputError(
                f"column {name}: {len(batch[name])} cells, but {len(batch['text'])} texts",
                fix="give every column one cell a comment",
            )
    scorer = scorer or _shared()
    rows = zip(*(batch[name] for name in names), strict=True)
    found = [
        to_comment(Row("batch", number, number + 1, dict(zip(names, row, strict=True))), labels=False)
        for number, row in enumerate(rows)
    ]
    usable = [place for place, comment in enumerate(found) if not isinstance(comment, Rejection)]
    judged = scorer.score_many([c for c in found if not isinstance(c, Rejection)])
    scored: dict[str, list[Any]] = {name: [None] * len(found) for name in SCORE_COLUMNS}
    for place, judgement in zip(usable, judged, strict=True):
        for name, value in judgement.columns().items():
            scored[name][place] = value
    return scored


def records_scorer(bundle: Path | str | None = None) -> Callable[[Columns], dict[str, list[Any]]]:
    """Give `score_records` with a bundle of one's own, loaded now.

    Raises
    ------
    BundleError
        When the bundle cannot be used.
    """
    return partial(score_records, scorer=Scorer.load(Path(bundle) if bundle is not None else None))


_loaded: list[Scorer] = []


def _shared() -> Scorer:
    if not _loaded:
        _loaded.append(Scorer.load())
    return _loaded[0]
