"""``MODEL_CARD.md``: what the manifest knows, as a page for people. Nobody types a figure."""

import re
from collections.abc import Mapping
from typing import Any

from model.manifest import Manifest
from training.audit.tables import audit_sections
from training.report_cells import Section, cell
from training.report_markdown import section_text


def render_card(manifest: Manifest) -> str:
    """Write the card from the manifest alone."""
    parts = [
        f"# {manifest.full_name}",
        "Proposes which French reader comments a moderator should look at, and why; apart from it, whether "
        "a comment is in favor of or against its target. It proposes: people decide.",
        _corpora(manifest),
        _heldout(manifest.metrics.get("heldout", {})),
        _points(manifest.metrics.get("heldout", {})),
        _thresholds(manifest.thresholds),
        _tiers(manifest.tiers),
        *_audit(manifest.metrics.get("audit")),
        _limits(manifest),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _corpora(manifest: Manifest) -> str:
    lines = ["## Trained on", "", "| corpus | rows | licence | SHA-256 |", "|---|---|---|---|"]
    for corpus in manifest.corpora:
        cells = [
            *(_cell(corpus.get(key)) for key in ("name", "rows", "licence")),
            str(corpus.get("sha256"))[:12],
        ]
        lines.append(f"| {' | '.join(cells)} |")
    if manifest.base:
        lines += ["", f"Adapted from the base bundle {manifest.base}."]
    return "\n".join(lines)


def _cell(value: object) -> str:
    """A cell of a Markdown table; file names may hold anything."""
    return re.sub(r"([\\`*|<>\[\]])", r"\\\1", " ".join(str(value).split()))


def _heldout(figures: Mapping[str, Mapping[str, Any]]) -> str:
    if not figures:
        return ""
    columns = ("n", "auc", "average_precision", "accuracy", "macro_f1", "ece")
    lines = [
        "## Held-out figures",
        "",
        "Out of fold, threads and near-identical texts never split; native rows only.",
        "",
        f"| head | {' | '.join(columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for head, values in figures.items():
        cells = (str(values.get(column, "–")) for column in columns)
        lines.append(f"| {head} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _points(figures: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (
            head,
            f"{point['recall']:.0%}",
            cell(point["threshold"]),
            cell(point["precision"]),
            f"{point['review_load']:.1%}",
            cell(point["hours_per_1000"]),
            cell(values["points"]["recall_at_fpr_1pct"]),
        )
        for head, values in figures.items()
        if "points" in values
        for point in values["points"]["operating_points"]
    ]
    if not rows:
        return ""
    columns = ("head", "recall", "threshold", "precision", "to review", "hours", "recall at 1 % false alarms")
    note = (
        "From the same out-of-fold predictions: what a wished recall costs. To review: share of all "
        "comments; hours: for a thousand comments, at 80 read in an hour."
    )
    return section_text(Section("Operating points", (note,), columns, tuple(rows)), "##")


def _audit(measured: Mapping[str, Any] | None) -> list[str]:
    return [section_text(section, "##") for section in audit_sections(measured)] if measured else []


def _thresholds(thresholds: Mapping[str, float]) -> str:
    lines = ["## Thresholds", "", "| head or action | probability |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | {value} |" for name, value in thresholds.items()])


def _tiers(tiers: Mapping[str, Any]) -> str:
    fast = tiers.get("fast")
    if not fast:
        return ""
    found = fast["heldout"]
    lines = [
        "## Fast tier",
        "",
        f"Held out on {found['n']} comments: the sentence encoder has to read {found['encoded']:.1%} of "
        f"them, {found['actions_differ']:.1%} of the proposed actions differ from the full tier's. What "
        "it reads has the full tier's scores; the rest is judged by words alone, without stance "
        "and without reasons.",
        "",
        "| decision | encoder asked from | to |",
        "|---|---|---|",
        *(f"| {name} | {band['low']:.3f} | {band['high']:.3f} |" for name, band in fast["bands"].items()),
        "",
        "| head | AUC lost |",
        "|---|---|",
        *(f"| {name} | {loss} |" for name, loss in found["auc_losses"].items()),
    ]
    return "\n".join(lines)


def _limits(manifest: Manifest) -> str:
    return "\n".join(
        [
            "## Use and limits",
            "",
            "- For moderators who review; not for removing comments without a person.",
            "- Irony, insinuation and stance that needs the article are often misread; see the stance "
            "figures above.",
            "- Figures on other sites differ: measure with `courtois evaluate`, adapt with "
            "`courtois retrain`.",
            f"- Encoder {manifest.encoder}; word lists {manifest.lexicons[:12]}; "
            + ", ".join(f"{name} {version}" for name, version in manifest.packages.items())
            + ".",
        ]
    )
