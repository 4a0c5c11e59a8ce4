"""The quality of one bundle over all corpora, as tables for the terminal, the docs and the README."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from training.audit.tables import audit_sections
from training.report_cells import cell, chance, with_interval
from training.report_markdown import section_text, table
from training.report_published import PUBLISHED
from training.report_targets import targets_section

COLUMNS: Final = ("corpus", "head", "n", "AUC (95 %)", "accuracy", "macro-F1", "ECE")
BEGIN: Final = "<!-- quality:begin -->"
END: Final = "<!-- quality:end -->"
SIGNIFICANT: Final = 0.05

_MAIN: Final = ("incivility", "stance")
"""Heads that the README shows."""

_HELDOUT: Final = ("n", "auc", "average_precision", "accuracy", "macro_f1", "ece")

_OUT_OF_THE_BOX: Final = (
    "Out of the box: no text of these corpora trained the bundle; the thresholds are the bundle's own. "
    "Where a corpus has two of the three stances, the second line chooses among those two."
)
_OUT_OF_FOLD: Final = (
    "On corpora that trained the bundle ({names}), figures measured now would be in-sample and are no "
    "quality. Instead, the manifest's out-of-fold figures; folds split no thread and no source (each file "
    "of the embedded corpus has one author):"
)


def quality_rows(quality: Mapping[str, Any], heads: Sequence[str] = ()) -> list[tuple[str, ...]]:
    """Cells under ``COLUMNS``, for ``heads`` or all; corpora that trained the bundle are left out."""
    rows: list[tuple[str, ...]] = []
    for name, measured in quality["corpora"].items():
        for head, figures in measured.get("heads", {}).items():
            if heads and head not in heads:
                continue
            values = (cell(figures["accuracy"]), cell(figures["macro_f1"]), cell(figures["ece"]))
            count = str(sum(figures["support"].values()))
            mark = f"{name} ({measured['seen']} seen)" if measured["seen"] else name
            rows.append((mark, head, count, with_interval(figures, "auc"), *values))
            fewer = figures.get("among_labelled_classes")
            if fewer:
                pair = (cell(fewer["accuracy"]), cell(fewer["macro_f1"]))
                rows.append((mark, "stance, of two", count, cell(None), *pair, cell(None)))
    return rows


def quality_text(quality: Mapping[str, Any]) -> str:
    """Write the page of the docs, also printed on the terminal."""
    parts = ["# Quality", f"Bundle {quality['bundle']}. Written by `make quality`; do not edit."]
    parts.append(section_text(targets_section(quality), "##"))
    rows = quality_rows(quality)
    if rows:
        parts += ["## Out of the box", _OUT_OF_THE_BOX, table(COLUMNS, rows)]
    if any(measured.get("seen") for measured in quality["corpora"].values()):
        parts.append(
            "(k seen): so many of its texts, to the fold, stand in a training corpus; they are left out."
        )
    parts += _heldout(quality)
    if quality["comparison"]:
        parts += ["## Other systems on the same rows", *_comparison(quality)]
    if quality.get("audit"):
        parts += [section_text(section, "##") for section in audit_sections(quality["audit"])]
    for name, published in PUBLISHED.items():
        columns = tuple(published[0])
        body = [tuple(cell(row[column]) for column in columns) for row in published]
        note = "As published, on the corpus's own test set; not recomputed here."
        parts += [f"## Published on {name}", note, table(columns, body)]
    if quality["absent"]:
        parts.append(f"Not on this machine, so not measured: {', '.join(quality['absent'])}.")
    return "\n\n".join(parts) + "\n"


def readme_text(quality: Mapping[str, Any]) -> str:
    """Write what stands between the README's marks: main heads, what we beat and lose to, fairness."""
    parts = [f"Bundle {quality['bundle']}; all figures: [docs/quality.md](docs/quality.md)."]
    rows = quality_rows(quality, _MAIN)
    if rows:
        parts += [_OUT_OF_THE_BOX, table(COLUMNS, rows)]
    parts += _heldout(quality, ("p_uncivil", "incivility", "stance"), heading=False)
    if quality["comparison"]:
        parts += _comparison(quality)
    if quality.get("audit"):
        parts += ["Bias, viewpoint and disguise, measured on sentences of our own:", _summary(quality)]
    return "\n\n".join(parts)


def _summary(quality: Mapping[str, Any]) -> str:
    """Give the targets that sentences of our own measure."""
    section = targets_section(quality)
    rows = [row for row in section.rows if row[0].startswith(("disguise", "bias", "viewpoint"))]
    return table(section.columns, rows)


def fill(page: str, text: str) -> str | None:
    r"""Put ``text`` between the marks of ``page``; ``None`` when it lacks them.

    >>> fill("a <!-- quality:begin -->old<!-- quality:end --> z", "new")
    'a <!-- quality:begin -->\nnew\n<!-- quality:end --> z'
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}" if begin and end else None


def _heldout(quality: Mapping[str, Any], heads: Sequence[str] = (), *, heading: bool = True) -> list[str]:
    figures = quality["heldout"]
    names = [name for name, measured in quality["corpora"].items() if measured["in_sample"]]
    chosen = {head: values for head, values in figures.items() if not heads or head in heads}
    if not chosen:
        return []
    rows = [(head, *(cell(values.get(n)) for n in _HELDOUT)) for head, values in chosen.items()]
    note = _OUT_OF_FOLD.format(names=", ".join(names) or "see its manifest")
    title = ["## Held out from training"] if heading else []
    return [*title, note, table(("head", *_HELDOUT), rows)]


def _comparison(quality: Mapping[str, Any]) -> list[str]:
    compared = quality["comparison"]
    ours = compared["ours"]
    rows: list[tuple[str, ...]] = []
    for peer in compared["peers"]:
        p_value = peer["p_value"]
        gap = peer["only_ours_right"] - peer["only_theirs_right"]
        verdict = "level" if p_value >= SIGNIFICANT else "we win" if gap > 0 else "we lose"
        rows.append((peer["system"].replace("_", " "), *_three(peer), chance(p_value), verdict))
    place = sum(peer["accuracy"] > ours["accuracy"] for peer in compared["peers"])
    rows.insert(place, ("courtois", *_three(ours), "", ""))
    adapted = quality["corpora"].get("toxifrench", {}).get("in_sample")
    seen = "is adapted to that forum" if adapted else "has seen no comment of that forum"
    note = (
        f"The {compared['n']} rows of the ToxiFrench benchmark that are here, the same for all systems; "
        f"p by McNemar's exact test. courtois {seen}."
    )
    return [note, table(("system", "accuracy", "F1 toxic", "AUC", "p", "courtois"), rows)]


def _three(figures: Mapping[str, Any]) -> tuple[str, str, str]:
    return cell(figures["accuracy"]), cell(figures["f1"]), cell(figures["auc"])
