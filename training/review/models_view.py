"""What the page *Modèles* shows of bundles: plain text and tables, read from manifests alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import BundleError
from model.installed import SHIPPED, installed
from model.manifest import Manifest, read_manifest
from model.promotions import Event
from training import jobs
from training.french_numbers import signed
from training.gates import Gate
from training.review.language import label_name, moment, say

_FIGURES = ("n", "auc", "accuracy", "macro_f1", "ece")


@dataclass(frozen=True, slots=True)
class Shown:
    """A bundle that can be used: where it is, and what its manifest says."""

    folder: Path
    manifest: Manifest
    place: str

    @property
    def name(self) -> str:
        """Name and version, without anything that steers a screen."""
        return _clean(self.manifest.full_name)

    @property
    def label(self) -> str:
        """Name, and where it comes from."""
        return f"{self.name} ({say('models.place.' + self.place)})"

    @property
    def summary(self) -> str:
        """The card's first lines."""
        base = self.manifest.base
        return say("models.summary.base", base=_clean(base)) if base else say("models.summary.own")

    @property
    def tables(self) -> list[tuple[str, pd.DataFrame]]:
        """The card's tables, each under the key of its title."""
        corpora = [
            {
                say("models.corpus"): _clean(corpus.get("name")),
                say("models.rows"): str(corpus.get("rows", "")),
                say("models.licence"): _clean(corpus.get("licence")),
            }
            for corpus in self.manifest.corpora
        ]
        thresholds = [
            {say("models.threshold"): label_name(name), say("models.probability"): value}
            for name, value in self.manifest.thresholds.items()
        ]
        heads = [
            {say("models.head"): label_name(name)}
            | {say(f"models.{key}"): _number(row.get(key)) for key in _FIGURES}
            for name, row in heldout(self.manifest).items()
        ]
        return [
            ("models.trained_on", pd.DataFrame(corpora)),
            ("models.heldout", pd.DataFrame(heads)),
            ("models.thresholds", pd.DataFrame(thresholds)),
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """Bundles that can be used, and what is wrong with the others."""

    shown: list[Shown]
    damaged: list[str]


def bundles() -> Found:
    """Find the shipped bundle, the installed ones and the candidates of background retrainings."""
    places = [(SHIPPED, "shipped"), *((path, "installed") for path in installed())]
    places += [(job.candidate, "candidate") for job in jobs.jobs() if job.candidate]
    found, names = Found([], []), set()
    for folder, place in places:
        try:
            manifest = read_manifest(folder)
        except BundleError as error:
            found.damaged.append(str(error))
            continue
        if place == "candidate" and manifest.full_name in names:
            continue  # it is installed already
        names.add(manifest.full_name)
        found.shown.append(Shown(folder, manifest, place))
    return found


def heldout(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Held-out figures by head; a manifest may hold anything."""
    figures = manifest.metrics.get("heldout")
    return {str(k): v for k, v in figures.items() if isinstance(v, dict)} if isinstance(figures, dict) else {}


def side_by_side(mine: Shown, other: Shown) -> pd.DataFrame:
    """Held-out figures of the labels that both learnt, each on its own rows."""
    one, two = heldout(mine.manifest), heldout(other.manifest)
    rows = []
    for head in (name for name in one if name in two):
        row: dict[str, Any] = {say("models.head"): label_name(head)}
        for figure in ("auc", "accuracy", "ece"):
            name = say(f"models.{figure}")
            row[say("models.figure.used", figure=name)] = _number(one[head].get(figure))
            row[say("models.figure.other", figure=name)] = _number(two[head].get(figure))
        rows.append(row)
    return pd.DataFrame(rows)


def comparison(other: Shown) -> pd.DataFrame | None:
    """Candidate against its base on the same rows; ``None`` for a bundle that was not retrained."""
    metrics = other.manifest.metrics
    rows = [row for row in metrics.get("comparison") or () if isinstance(row, dict)]
    latest = metrics.get("latest")
    if isinstance(latest, dict):
        rows.append(latest | {"head": f"{latest.get('head')} ({say('models.latest')})"})
    against = metrics.get("against")
    if isinstance(against, dict):
        rows += [
            row | {"head": f"{row.get('head')} ({_clean(against.get('bundle'))})"}
            for row in against.get("heads") or ()
            if isinstance(row, dict)
        ]
    if not rows:
        return None
    return pd.DataFrame(
        {
            say("models.head"): label_name(_clean(row.get("head"))),
            "n": _number(row.get("n")),
            say("models.basis"): _basis(row),
            say("models.measure"): _clean(row.get("measure")),
            say("models.base"): _number(row.get("base")),
            say("models.candidate"): _number(row.get("candidate")),
            say("models.difference"): _number(row.get("difference")),
            say("models.interval"): _interval(row.get("ci95")),
            say("models.passed"): say("form.yes" if row.get("passed") else "form.no"),
        }
        for row in rows
    )


def _basis(compared: Mapping[str, Any]) -> str:
    """On which labels a comparison rests; older bundles do not say."""
    if compared.get("on_blind"):
        return say("models.basis.blind")
    blind = compared.get("blind")
    return say("models.basis.all", blind=blind) if isinstance(blind, int) else "–"


def gates_frame(gates: Sequence[Gate]) -> pd.DataFrame:
    """One row a gate."""
    words = {True: "models.gate.passed", False: "models.gate.lost", None: "models.gate.note"}
    return pd.DataFrame(
        {
            say("models.gate"): gate_names([gate.name]),
            say("models.result"): say(words[gate.passed]),
            say("models.used"): _number(gate.current),
            say("models.candidate"): _number(gate.candidate),
            say("models.detail"): _clean(gate.detail),
        }
        for gate in gates
    )


def gate_names(names: Sequence[str]) -> str:
    """Names of gates in the moderators' language."""
    return ", ".join(say(f"models.gate.{name}") for name in names)


def history_frame(events: Sequence[Event]) -> pd.DataFrame:
    """Who put what in use, the latest first."""
    return pd.DataFrame(
        {
            say("models.when"): moment(event.at),
            say("models.who"): _clean(event.who),
            say("models.what"): say(f"models.event.{event.action}")
            if event.action in ("promote", "rollback")
            else _clean(event.action),
            say("models.bundle"): _clean(event.bundle),
            say("models.before"): _clean(event.previous),
            say("models.reason.column"): _clean(event.reason),
            say("models.lost"): _clean(", ".join(event.lost)) if event.forced else "",
        }
        for event in reversed(events)
    )


def _clean(value: object) -> str:
    """Text of a file, without what cannot be seen and no longer than a cell."""
    return "".join(c if c.isprintable() else "�" for c in str(value if value is not None else ""))[:200]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _interval(value: object) -> str:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
        return f"[{signed(value[0], 3)} ; {signed(value[1], 3)}]"
    return ""
