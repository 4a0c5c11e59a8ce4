"""A report as titled tables and notes, which the Markdown and HTML writers share."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from training.metrics import BINS, FIGURES
from training.report_cells import Section, cell, chance, visible, with_interval

INTERVALS: Final = ("auc", "average_precision", "accuracy", "macro_f1", "ece")
"""Figures whose interval the table shows; the JSON has all."""


def sections(report: Mapping[str, Any]) -> list[Section]:
    """Arrange the report of one corpus for reading; the first section carries the corpus's name."""
    parts = [_head(report), *_leaks(report), _figures("Figures", report["heads"])]
    parts += _stance(report["heads"].get("stance"))
    parts += _tier(report.get("tier"))
    parts += _comparison(report.get("comparison"), report["published"])
    parts += [_points(report["details"])] if report["details"] else []
    parts += _tables(report)
    return parts


def _head(report: Mapping[str, Any]) -> Section:
    drawn = report["bootstrap"]
    notes = [
        f"{report['n']} labelled comments; bundle {visible(report['bundle'])}.",
        f"Intervals: 95 %, {drawn['resamples']} bootstrap resamples of {drawn['groups']} groups of comments "
        f"(same thread, author or opening words), seed {drawn['seed']}. ECE: {BINS} bins of equal mass.",
    ]
    for name, what in (
        ("rows_set_aside", "rows could not be read and were set aside."),
        ("unlabelled", "rows carry no label and were not measured."),
        ("stance_without_target", "rows have a stance but no target or title, so stance was not scored."),
    ):
        if report[name]:
            notes.append(f"{report[name]} {what}")
    return Section(f"Corpus {visible(report['corpus'])}", tuple(notes))


def _leaks(report: Mapping[str, Any]) -> list[Section]:
    leaks = report.get("leaks")
    if not leaks:
        return []
    parts = []
    if leaks["in_sample"]:
        notes = (
            "The bundle was trained on this corpus: the figures below are IN-SAMPLE and say nothing about "
            "quality. The bundle's own held-out (out-of-fold) figures are here instead.",
        )
        names = sorted({k for values in report.get("heldout", {}).values() for k in values})
        rows = tuple(
            (head, *(cell(values.get(name)) for name in names))
            for head, values in report.get("heldout", {}).items()
        )
        parts.append(Section("WARNING: trained on this corpus", notes, ("head", *names), rows, warning=True))
    elif leaks["seen"]:
        notes = (
            f"{leaks['seen']} of {report['n']} texts ({leaks['share']:.1%}) stand in the bundle's training "
            "corpora. These are the figures without them.",
        )
        without = report["without_leaks"]["heads"]
        parts.append(_figures("WARNING: texts seen in training", without, notes, warning=True))
    if leaks["unchecked"]:
        unread = ", ".join(visible(name) for name in leaks["unchecked"])
        parts.append(
            Section("Not checked for leaks", (f"Training corpora that cannot be read here: {unread}.",))
        )
    return parts


def _figures(
    title: str, heads: Mapping[str, Any], notes: tuple[str, ...] = (), *, warning: bool = False
) -> Section:
    columns = ("head", "positives / n", *FIGURES, "threshold")
    rows = tuple(
        (
            name,
            _support(figures["support"]),
            *(with_interval(figures, f) if f in INTERVALS else cell(figures[f]) for f in FIGURES),
            cell(figures["threshold"]),
        )
        for name, figures in heads.items()
    )
    return Section(title, notes, columns, rows, warning)


def _support(support: Mapping[str, int]) -> str:
    if "positives" in support:
        return f"{support['positives']} / {sum(support.values())}"
    return ", ".join(f"{name} {count}" for name, count in support.items())


def _stance(figures: Mapping[str, Any] | None) -> list[Section]:
    if not figures:
        return []
    rows = tuple(
        (name, str(figures["support"][name]), cell(v["precision"]), cell(v["recall"]), cell(v["f1"]))
        for name, v in figures["classes"].items()
    )
    among = figures.get("among_labelled_classes")
    notes: tuple[str, ...] = ()
    if among:
        notes = (
            "Choosing only among the stances that this corpus has: "
            f"macro-F1 {with_interval(among, 'macro_f1')}, accuracy {with_interval(among, 'accuracy')}.",
        )
    return [Section("Stance by class", notes, ("stance", "n", "precision", "recall", "F1"), rows)]


def _tier(cost: Mapping[str, Any] | None) -> list[Section]:
    if not cost:
        return []
    notes = (
        f"The sentence encoder read {cost['encoded']:.1%} of the rows; {cost['actions_differ']:.1%} of the "
        "proposed actions are not the full tier's. Stance is the full tier's alone and not measured here. "
        "AUC lost against the full tier:",
    )
    rows = tuple((name, cell(loss)) for name, loss in cost["auc_losses"].items())
    return [Section("Fast tier against full", notes, ("head", "AUC lost"), rows)]


def _comparison(compared: Mapping[str, Any] | None, published: Sequence[Mapping[str, Any]]) -> list[Section]:
    parts = []
    if compared:
        ours = compared["ours"]
        rows: list[tuple[str, ...]] = [
            ("courtois, this bundle", *(cell(ours[name]) for name in ("accuracy", "f1", "auc")), "", "", "")
        ]
        names = ("system", "accuracy", "f1", "auc", "only_ours_right", "only_theirs_right")
        for peer in compared["peers"]:
            rows.append((*(cell(peer[name]) for name in names), chance(peer["p_value"])))
        columns = ("system", "accuracy", "F1 toxic", "AUC", "only ours right", "only theirs right", "p")
        notes = (f"The same {compared['n']} rows for all; p: exact McNemar test of ours against each.",)
        parts.append(Section("Other systems on the same rows", notes, columns, tuple(rows)))
    if published:
        given = tuple(published[0])
        rows = [tuple(cell(row[name]) for name in given) for row in published]
        notes = ("As published on the whole of the corpus's test set, not recomputed here.",)
        parts.append(Section("Published results", notes, given, tuple(rows)))
    return parts


def _points(details: Mapping[str, Any]) -> Section:
    columns = (
        "head",
        "recall",
        "threshold",
        "precision",
        "review load",
        "hours / 1,000",
        "recall at FPR 1 %",
    )
    names = ("recall", "threshold", "precision", "review_load", "hours_per_1000")
    rows: list[tuple[str, ...]] = []
    for head, detail in details.items():
        last = cell(detail["recall_at_fpr_1pct"])
        rows += [(head, *(cell(point[name]) for name in names), last) for point in detail["operating_points"]]
    notes = ("Thresholds here are read off this corpus: they show the trade, they are not the bundle's.",)
    return Section("Operating points", notes, columns, tuple(rows))


def _tables(report: Mapping[str, Any]) -> list[Section]:
    """Sections that are tables of the report as they stand."""
    parts = []
    if report.get("actions"):
        parts.append(_plain("Proposed actions", report["actions"], "the bundle's own policy"))
    severity = report["severity"]
    if severity:
        labels, error = severity["labels"], cell(severity["mean_absolute_error"])
        counts = zip(labels, severity["confusion"], strict=True)
        lines = tuple((f"gold {name}", *map(str, row)) for name, row in counts)
        note = f"Judged across. Accuracy {cell(severity['accuracy'])}, mean absolute error {error}."
        parts.append(Section("Severity", (note,), ("", *labels), lines))
    if report["functionalities"]:
        parts.append(
            _plain("Accuracy by functionality", report["functionalities"], "by each head's threshold")
        )
    names = ("name", "n", "positives", "auc", "accuracy", "precision", "recall", "ece")
    for by, parted in report.get("slices", {}).items():
        if len(parted) > 1:
            chosen = [{name: row[name] for name in names} for row in parted]
            parts.append(_plain(f"Incivility by {by}", chosen, "slices of few rows vary much by chance"))
    return parts


def _plain(title: str, rows: Sequence[Mapping[str, Any]], note: str) -> Section:
    body = tuple(tuple(cell(value) for value in row.values()) for row in rows)
    return Section(title, (f"{note[0].upper()}{note[1:]}.",), tuple(rows[0]), body)
