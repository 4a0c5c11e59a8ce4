"""The learning curve as a page of the docs and a plot; figures only, no comment."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_WIDE: Final = 560
_HIGH: Final = 300
_LEFT: Final = 48
_BOTTOM: Final = 40
_LOW: Final = 0.5
_TOP: Final = 1.0


def write_pages(result: Mapping[str, Any], docs: Path) -> None:
    """Write ``learning-curve.md`` and ``learning-curve.svg``."""
    (docs / "learning-curve.svg").write_text(plot(result["curve"], result["peers"]), encoding="utf-8")
    (docs / "learning-curve.md").write_text(page(result), encoding="utf-8")


def labels_to_pass(curve: Sequence[Mapping[str, Any]], accuracy: float) -> int | None:
    """Fewest labels whose accuracy is above that of another system, between points by straight lines.

    ``None`` when the curve never gets there. A dip after the crossing does not undo it.

    >>> points = [{"k": 0, "accuracy": 0.6}, {"k": 100, "accuracy": 0.7}, {"k": 200, "accuracy": 0.7}]
    >>> [labels_to_pass(points, at) for at in (0.5, 0.65, 0.7)]
    [0, 51, None]
    """
    before: Mapping[str, Any] | None = None
    for point in curve:
        if point["accuracy"] > accuracy:
            if before is None:
                return int(point["k"])
            part = (accuracy - before["accuracy"]) / (point["accuracy"] - before["accuracy"])
            return min(int(point["k"]), int(before["k"] + part * (point["k"] - before["k"])) + 1)
        before = point
    return None


def page(result: Mapping[str, Any]) -> str:
    """The table of the curve, beside the published systems on the same rows."""
    curve, noise = result["curve"], result["noise"]
    lines = [
        "# Learning curve",
        "",
        "Written by `make bench-loop`. The labels of `toxifrench`, in an order shuffled once, arrive as a "
        "moderator's decisions: scored into a store, approved or rejected, exported, retrained on, gated and "
        "promoted. Each candidate is then measured on `toxifrench_benchmark`, which nothing was trained or "
        "tuned on. Both come from the same forum. Intervals are 95 %.",
        "",
        "![Accuracy and AUC over the number of labels](learning-curve.svg)",
        "",
        "| labels | accuracy | | AUC | | ECE | gate | seconds |",
        "|---:|---:|---|---:|---|---:|---|---:|",
    ]
    for row in curve:
        gate = "shipped bundle" if not row["k"] else _gate(row)
        lines.append(
            f"| {row['k']} | {row['accuracy']:.3f} | {_range(row['accuracy_ci95'])} | {row['auc']:.3f} | "
            f"{_range(row['auc_ci95'])} | {row['ece']:.3f} | {gate} | {row.get('seconds', '')} |"
        )
    lines += _all(result.get("all_labels"))
    share = f"{noise['share']:.0%}".replace("%", " %")
    lines += [
        "",
        f"With {share} of the {noise['k']} labels turned round: accuracy {noise['accuracy']:.3f} "
        f"({-noise['accuracy_lost']:+.3f}), AUC {noise['auc']:.3f} ({-noise['auc_lost']:+.3f}); "
        f"{_gate(noise)}.",
        "",
        "Published systems on the same rows, verdicts as published; the p-value is McNemar's, against the "
        f"candidate of {curve[-1]['k']} labels. The labels needed to pass a system are read off the curve, "
        "by straight lines between its points; the intervals above say how far that can be trusted.",
        "",
        "| system | accuracy | F1 | AUC | p | labels needed to pass it |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for peer in result["peers"]:
        auc = "" if peer["auc"] is None else f"{peer['auc']:.3f}"
        f1 = "" if peer["f1"] is None else f"{peer['f1']:.3f}"
        name = str(peer["system"]).replace("_", " ")
        needed = _needed(labels_to_pass(curve, peer["accuracy"]), curve)
        lines.append(
            f"| {name} | {peer['accuracy']:.3f} | {f1} | {auc} | {_chance(peer['p_value'])} | {needed} |"
        )
    lines += _chosen(result["active_vs_random"] or {})
    minutes, peak = result["retrain_100k_minutes"], result["retrain_100k_peak_mb"]
    if minutes is not None:
        lines += [
            "",
            f"Retraining on 100,000 labelled comments on two cores: {minutes:.1f} minutes, {peak} MB at "
            "most; the rows are resampled from the public corpora and carry one label, incivility.",
        ]
    return "\n".join(lines) + "\n"


def plot(curve: Sequence[Mapping[str, Any]], peers: Sequence[Mapping[str, Any]]) -> str:
    """Accuracy and AUC over labels, with the accuracy of Perspective as a level line."""
    most = max(row["k"] for row in curve)

    def at(row: Mapping[str, Any], name: str) -> str:
        return f"{_x(row['k'] / most):.1f},{_y(row[name]):.1f}"

    body = []
    for value in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        body.append(
            f'<line x1="{_LEFT}" x2="{_WIDE - 12}" y1="{_y(value):.1f}" y2="{_y(value):.1f}" class="g"/>'
        )
        body.append(f'<text x="{_LEFT - 8}" y="{_y(value) + 4:.1f}" text-anchor="end">{value}</text>')
    for row in curve:
        body.append(
            f'<text x="{_x(row["k"] / most):.1f}" y="{_HIGH - 20}" text-anchor="middle">{row["k"]}</text>'
        )
    for name, kind in (("accuracy", "a"), ("auc", "b")):
        points = " ".join(at(row, name) for row in curve)
        body.append(f'<polyline points="{points}" class="{kind}"/>')
        end = curve[-1]
        body.append(
            f'<text x="{_x(1) - 4:.1f}" y="{_y(end[name]) - 8:.1f}" text-anchor="end">'
            f"{'AUC' if name == 'auc' else 'accuracy'} {end[name]:.3f}</text>"
        )
    for peer in peers:
        if peer["system"] == "perspective":
            y = _y(peer["accuracy"])
            body.append(f'<line x1="{_LEFT}" x2="{_WIDE - 12}" y1="{y:.1f}" y2="{y:.1f}" class="p"/>')
            body.append(
                f'<text x="{_x(0.55):.1f}" y="{y + 14:.1f}">'
                f"Perspective, accuracy {peer['accuracy']:.3f}</text>"
            )
    style = (
        "text{font:11px sans-serif;fill:#555}line.g{stroke:#ddd}line.p{stroke:#a55;stroke-dasharray:4 3}"
        "polyline{fill:none;stroke-width:2}.a{stroke:#1f5f8b}.b{stroke:#3a8a57}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img">'
        f"<title>Accuracy and AUC over the number of labels</title><style>{style}</style>"
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>{"".join(body)}'
        f'<text x="{_WIDE // 2}" y="{_HIGH - 4}" text-anchor="middle">labels</text></svg>\n'
    )


def _chosen(simulated: Mapping[str, Mapping[str, Any]]) -> list[str]:
    if not simulated:
        return []
    lines = [
        "",
        "Labels chosen by `courtois labels next` against labels at random, replayed on whole corpora "
        "with a light model in the place of the bundle:",
        "",
        "| corpus | random labels | accuracy | chosen labels for it |",
        "|---|---:|---:|---:|",
    ]
    for name, row in simulated.items():
        reached = row["reached"] if row["reached"] is not None else f"more than {row['labels']}"
        lines.append(f"| {name} | {row['labels']} | {row['target']:.3f} | {reached} |")
    return lines


def _all(found: Mapping[str, Any] | None) -> list[str]:
    if not found:
        return []
    fewest, most = min(found["trained_on"]), max(found["trained_on"])
    return [
        "",
        f"Not a point of the curve: with all {found['k']} public labels, benchmark included, "
        f"{found['folds']} candidates learn from {fewest} to {most} rows each and every row is scored by the "
        "one that has not learnt from it, its thread or its author; thresholds are chosen inside the folds. "
        f"On the {found['n']} benchmark rows: accuracy {found['accuracy']:.3f} "
        f"({_range(found['accuracy_ci95'])}), AUC {found['auc']:.3f} ({_range(found['auc_ci95'])}), "
        f"ECE {found['ece']:.3f}. No promoted bundle was trained this way.",
    ]


def _needed(count: int | None, curve: Sequence[Mapping[str, Any]]) -> str:
    if count is None:
        return f"more than {curve[-1]['k']}"
    return "none" if count == 0 else f"about {count}"


def _gate(row: Mapping[str, Any]) -> str:
    return "promoted" if row["promoted"] else f"refused ({', '.join(row['lost'])}); {row['in_use']} stays"


def _chance(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _range(pair: Sequence[float]) -> str:
    return f"{pair[0]:.3f} to {pair[1]:.3f}"


def _x(share: float) -> float:
    return _LEFT + share * (_WIDE - _LEFT - 12)


def _y(value: float) -> float:
    return 12 + (_TOP - value) / (_TOP - _LOW) * (_HIGH - 12 - _BOTTOM)
