"""What the project wants of its bundle, and whether it has it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from training.report_cells import Section, cell

Quality = Mapping[str, Any]
Find = Callable[[Quality], float | None]


@dataclass(frozen=True, slots=True)
class Target:
    """One figure: what it must reach and what it should; ``find`` gives it, ``None`` where not measured."""

    name: str
    must: float
    goal: float
    find: Find
    most: bool = False
    """Whether less is better."""

    def verdict(self, value: float | None) -> str:
        """Say whether a value reaches the goal, the least, or neither.

        >>> Target("x", 0.7, 0.8, lambda quality: None).verdict(0.75)
        'reached'
        """
        if value is None:
            return "not measured"
        sign = -1 if self.most else 1
        if sign * value >= sign * self.goal:
            return "goal"
        return "reached" if sign * value >= sign * self.must else "missed"


def _head(corpus: str, head: str, figure: str) -> Find:
    def find(quality: Quality) -> float | None:
        figures = quality["corpora"].get(corpus, {}).get("heads", {}).get(head)
        value: float | None = figures[figure] if figures else None
        return value

    return find


def _of_two(corpus: str) -> Find:
    """Macro-F1 among the stances that the corpus has."""

    def find(quality: Quality) -> float | None:
        figures = quality["corpora"].get(corpus, {}).get("heads", {}).get("stance")
        value: float | None = figures["among_labelled_classes"]["macro_f1"] if figures else None
        return value

    return find


def _audit(*path: str) -> Find:
    def find(quality: Quality) -> float | None:
        value: Any = quality.get("audit")
        for key in path:
            value = value.get(key) if value else None
        found: float | None = value
        return found

    return find


def _worst_loss(quality: Quality) -> float | None:
    """Loss of recall under the worst disguise of offending words, over all real comments together."""
    losses = quality["audit"]["obfuscation"] if quality.get("audit") else {}
    rows = [row for name, kinds in losses.items() if name != "embedded" for row in kinds]
    lost, count = Counter[str](), Counter[str]()
    for row in rows:
        if row["words"] == "offending":
            lost[row["kind"]] += row["n"] * row["loss"]
            count[row["kind"]] += row["n"]
    return max((lost[kind] / count[kind] for kind in count), default=None)


def _worst_flagged(quality: Quality) -> float | None:
    """Share of neutral sentences flagged for the published term that fares worst."""
    terms = quality["audit"]["bias"]["terms"] if quality.get("audit") else []
    return max((term["neutral_flagged"] for term in terms if term["published"]), default=None)


def _worst_heldout_ece(quality: Quality) -> float | None:
    return max((f["ece"] for f in quality["heldout"].values() if f.get("ece") is not None), default=None)


def _worst_ece(quality: Quality) -> float | None:
    heads = (e.get("heads", {}) for e in quality["corpora"].values())
    return max((f["ece"] for found in heads for f in found.values() if f["ece"] is not None), default=None)


def _least_protected(quality: Quality) -> float | None:
    functions = (quality.get("audit") or {}).get("functions") or {}
    values = functions.get("protected", {}).get("incivility", {}).values()
    return min(values, default=None)


TARGETS: Final[Sequence[Target]] = (
    Target("toxifrench, out of the box: AUC", 0.75, 0.875, _head("toxifrench", "incivility", "auc")),
    Target("unseen proposals: stance macro-F1", 0.72, 0.76, _of_two("republique_numerique")),
    Target("unseen questions: stance macro-F1", 0.64, 0.70, _of_two("xstance_fr")),
    Target("E-FRA, three stances: macro-F1", 0.52, 0.62, _head("efra", "stance", "macro_f1")),
    Target("calibration, held out: worst ECE", 0.05, 0.03, _worst_heldout_ece, most=True),
    Target("calibration, out of the box: worst ECE", 0.08, 0.03, _worst_ece, most=True),
    Target("disguise: loss of recall, worst way", 0.03, 0.01, _worst_loss, most=True),
    Target("HateCheck: incivility macro-F1", 0.65, 0.80, _audit("functions", "macro_f1", "incivility")),
    Target(
        "HateCheck: identity attack macro-F1", 0.65, 0.80, _audit("functions", "macro_f1", "identity_attack")
    ),
    Target("HateCheck: identity mention and counter-speech, the lower", 0.80, 0.90, _least_protected),
    Target("bias: largest gap of a term's areas", 0.05, 0.02, _audit("bias", "gap"), most=True),
    Target("bias: neutral sentences flagged", 0.03, 0.01, _audit("bias", "neutral_flagged"), most=True),
    Target("bias: neutral sentences flagged, worst term", 0.03, 0.01, _worst_flagged, most=True),
    Target("viewpoint: mean gap", 0.03, 0.01, _audit("viewpoint", "all", "gap"), most=True),
)


def targets_section(quality: Quality) -> Section:
    """One line for each target: wanted, measured, verdict."""
    rows = []
    for target in TARGETS:
        value = target.find(quality)
        sign = "≤" if target.most else "≥"
        wanted = (f"{sign} {target.must:g}", f"{sign} {target.goal:g}")
        rows.append((target.name, *wanted, cell(value), target.verdict(value)))
    return Section("Targets", (), ("figure", "must", "goal", "measured", "verdict"), tuple(rows))
