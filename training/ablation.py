"""``make ablation``: what each view, and each corpus, is worth and costs; written to ``docs/ablation.md``.

``python -m training.ablation`` keeps a fifth of the embedded threads apart, trains on the rest and on the
other corpora of the shipped bundle, and measures there and on ToxiFrench's annotated comments and
CyberAgression, of which none trains anything. Views are fitted once and left out of the sum one by one; a
corpus that is left out needs a fit of its own, as does each corpus alone. The last line printed is one
JSON object.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from data.corpora import load_corpus
from data.embedded import embedded_comments
from data.errors import CourtoisError, InputError
from model.bundle import load_bundle
from model.installed import SHIPPED
from training.ablate import HELD_OUT, ablations, build, transfers
from training.cli.progress import say
from training.config import TrainConfig
from training.dataset import gather
from training.learn import network_settings
from training.quality import ROOT, present
from training.report import write_text
from training.report_cells import cell
from training.report_markdown import table
from training.view_costs import view_costs
from training.views import ViewSettings

OTHERS: Final = ("toxifrench", "cyberagression")
_TIMED: Final = 1000
_NOTE: Final = (
    "Area under the ROC curve of incivility, with its 95 % interval over threads, and what is lost against "
    "everything. Stacking is fitted again for each line; n-gram views read the word lists too (classes of "
    "words), so that the line without lexicons says what their features add in the dense views. Here only "
    "incivility is learnt, which does not lean on other heads, and views keep their weight, unlike in a "
    "bundle (training/learn.py, training/lean.py)."
)

_TRANSFER_NOTE: Final = (
    "Area under the ROC curve of incivility on a corpus of which no comment was learnt (one column each): "
    "what each other corpus teaches alone, and all of them together."
)


def measure(config: TrainConfig, every: int) -> dict[str, Any]:
    """Fit and measure; ``every`` keeps one in so many comments, for a quicker look."""
    here = [name for name in config.corpora if name == "embedded" or present(name)]
    comments = gather(here).comments[::every]
    others = {name: load_corpus(name) for name in OTHERS if present(name)}
    settings = ViewSettings(
        chars_penalty=config.chars_penalty,
        words_penalty=config.words_penalty,
        landmarks=config.landmarks,
        gamma=config.gamma,
        ridge=config.ridge,
        seed=config.seed,
        network=network_settings(config),
    )
    bench = build(comments, others, say)
    rows = ablations(bench, settings, say)
    alone = transfers(bench, settings, say)
    say("timing the steps of scoring")
    costs = view_costs(load_bundle(SHIPPED), embedded_comments()[:: 10 * every][:_TIMED])
    sizes = {"train": len(bench.labels), **{test.name: len(test.labels) for test in bench.tests}}
    return {"rows": rows, "alone": alone, "costs": costs, "n": sizes}


def ablation_text(measured: Mapping[str, Any]) -> str:
    """Write the page of the docs."""
    rows, sizes = measured["rows"], measured["n"]
    tests = [name for name in sizes if name != "train"]
    columns = ["part", *(part for name in tests for part in (f"AUC, {name}", "95 %", "loss"))]
    body = []
    for row in rows:
        cells = [row["part"]]
        for name in tests:
            low, high = row[name]["ci95"] or (None, None)
            cells += [cell(row[name]["auc"]), f"{cell(low)}–{cell(high)}"]
            cells.append(f"{rows[0][name]['auc'] - row[name]['auc']:+.3f}")
        body.append(cells)
    counts = ", ".join(f"{name} {count}" for name, count in sizes.items())
    costs = [(step["step"], f"{step['microseconds']:.0f}") for step in measured["costs"]]
    total = measured["costs"][-1]["microseconds"]
    parts = [
        "# Ablation",
        f"Written by `make ablation`; do not edit. Comments: {counts}.",
        "## What each part is worth",
        _NOTE,
        table(columns, body),
        "## From corpus to corpus",
        _TRANSFER_NOTE,
        _transfer_table(rows, measured["alone"]),
        "## What each step costs",
        f"One core, microseconds a comment; together {1e6 / total:.0f} comments a second.",
        table(("step", "µs"), costs),
    ]
    return "\n\n".join(parts) + "\n"


def _transfer_table(rows: Sequence[Mapping[str, Any]], alone: Sequence[Mapping[str, Any]]) -> str:
    """AUC on each corpus of what others taught: each alone, and all together."""
    corpora = [row["part"] for row in alone]
    outside = [name for name in rows[0] if name not in ("part", HELD_OUT)]
    tests = [name for name in corpora if name != "embedded"] + outside
    together = {name: rows[0][name]["auc"] for name in outside}
    for row in rows:
        together |= {name: row[name]["auc"] for name in corpora if name in row}
    body = [[f"{row['part']} alone", *(cell(row.get(n, {}).get("auc")) for n in tests)] for row in alone]
    return table(
        ["trained on", *tests], [*body, ["all but the one measured", *map(cell, map(together.get, tests))]]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; 2 with one line on stderr when that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description="Ablate the model.")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one comment in N")
    parser.add_argument(
        "--root", type=Path, default=ROOT, metavar="DIR", help="where to write (default: the checkout)"
    )
    args = parser.parse_args(argv)
    try:
        if not (args.root / "pyproject.toml").is_file():
            raise InputError("is no checkout", where=str(args.root), fix="run it there, or give --root")
        if args.every < 1:
            raise InputError(f"--every must be at least 1, got {args.every}")
        measured = measure(TrainConfig(), args.every)
        write_text(args.root / "docs" / "ablation.md", ablation_text(measured))
        write_text(args.root / "bench" / "out" / "ablation.json", json.dumps(measured, indent=1) + "\n")
    except CourtoisError as error:
        print(f"ablation: {error}", file=sys.stderr)
        return 2
    print(ablation_text(measured))
    print(json.dumps(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
