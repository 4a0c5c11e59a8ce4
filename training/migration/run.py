"""A whole study: read and score the export, compare, and write the files."""

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.errors import InputError
from data.formats import Rejection, Writer, open_writer, writing
from model.batch import Factory, cached_scorer, load_scorer
from training.migration.contents import main_model
from training.migration.figures import Wishes, compute
from training.migration.flips import Example, write_flips
from training.migration.gather import gather
from training.migration.page import render

REPORT, FIGURES, SET_ASIDE, LIST = "report.html", "figures.json", "set_aside.jsonl", "flips"
MOST_EXAMPLES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What to read, compare and write."""

    paths: Sequence[str | os.PathLike[str]]
    output: Path
    wishes: Wishes
    bundle: Path | None = None
    attribute: str = "TOXICITY"
    old_model: str | None = None
    examples: int = 8
    text: bool = True
    form: str = "csv"
    jobs: int | None = None


def study(
    order: Study, *, factory: Factory = load_scorer, progress: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Carry a study out.

    Returns
    -------
    dict
        The figures, as they are written to ``figures.json``.

    Raises
    ------
    CourtoisError
        For an export, bundle, option or folder that cannot be used; no report is written then.
    """
    name = cached_scorer(factory, order.bundle).bundle_name
    with writing(order.output):
        order.output.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _SetAside(order.output / SET_ASIDE) as aside:
        gathered = gather(
            order.paths,
            bundle=order.bundle,
            attribute=order.attribute,
            set_aside=aside.add,
            jobs=order.jobs,
            factory=factory,
            progress=progress,
        )
    found = gathered.table.latest()
    progress(f"{gathered.comments:,} comments read, {gathered.set_aside:,} records set aside")
    wishes = _checked(order, found, gathered.table.models)
    result = compute(found, wishes, gathered.table.models)
    figures = {
        "made": int(time.time() * 1000),
        "bundle": name,
        "attribute": order.attribute,
        "records_of_comments": gathered.comments,
        "set_aside": gathered.set_aside,
        "acts": len(gathered.table.acts),
        "list": f"{LIST}.{order.form}",
        **result.figures,
    }
    examples: dict[str, list[Example]] = {}
    listed = order.output / f"{LIST}.{order.form}"
    if figures["old"] is not None:
        examples = write_flips(order.paths, found, result, listed, examples=order.examples, text=order.text)
        listed.chmod(0o600)
    _write(order.output / FIGURES, json.dumps(figures, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    _write(order.output / REPORT, render(figures, examples))
    return figures


def _checked(order: Study, found: dict[str, Any], models: list[str]) -> Wishes:
    """The wishes with the old model's number.

    Raises
    ------
    InputError
        When nothing can be scored, or compared without a rate to hold.
    """
    where = str(order.paths[0])
    if not np.isfinite(found["new"]).any():
        raise InputError("no comment that can be scored", where=where, fix="export the collection comments")
    scored = np.isfinite(found["new"]) & np.isfinite(found["old"])
    held = {models[m] for m in np.unique(found["model"][scored])} if scored.any() else set()
    if order.old_model is not None and order.old_model not in held:
        known = ", ".join(sorted(name or "(unnamed)" for name in held)) or "none"
        raise InputError(
            f"no comment was scored by {order.old_model!r:.80}", where="--old-model", fix=f"it has: {known}"
        )
    if not scored.any() and order.wishes.hold_rate is None:
        raise InputError(
            "no comment carries a Perspective score",
            where=where,
            fix="say with --hold-rate which share of comments to hold",
        )
    model = main_model(found) if order.old_model is None else models.index(order.old_model)
    fields = {name: getattr(order.wishes, name) for name in Wishes.__slots__}
    return Wishes(**fields | {"old_model": model})


class _SetAside:
    """The file of records that cannot be used, made when there is one."""

    def __init__(self, path: Path) -> None:
        self._path, self._stack = path, ExitStack()
        self._writer: Writer | None = None

    def __enter__(self) -> "_SetAside":
        with writing(self._path):
            self._path.unlink(missing_ok=True)
        return self

    def add(self, rejection: Rejection) -> None:
        if self._writer is None:
            self._writer = self._stack.enter_context(open_writer(self._path))
        self._writer.write([rejection.as_dict()])

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)
        if self._path.exists():
            self._path.chmod(0o600)


def _write(path: Path, content: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with writing(path):
        try:
            aside.touch(mode=0o600)
            aside.write_text(content, encoding="utf-8", errors="replace")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
