"""``courtois labels agreement``: how far annotators agree, as a table and as JSON."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from data.formats import STANDARD, writing
from data.store import Store

if TYPE_CHECKING:  # NLTK is slow to import, and the command's help does without it
    from training.agreement import Agreement


def report(args: argparse.Namespace) -> int:
    """Measure, print, write."""
    from training.agreement import FEWEST, between, drawn_by_lot, within

    with Store.open(args.store, must_exist=True) as store:
        people, selves = between(store.labelled()), within(store.repeats())
        blind = between(drawn_by_lot(store.labelled()))
    if args.json != STANDARD:
        print(_table("between annotators, on comments drawn by lot", blind))
        if not any(one.same is not None for one in blind):
            print(
                f"fewer than {FEWEST} comments drawn by lot were read twice: what follows leans to what was "
                "chosen for being hard, or came first in the queue\n"
            )
        print(_table("between annotators, on all comments", people))
        print(_table("of annotators with themselves, on hidden repeats", selves))
        if not any(one.alpha is not None for one in (*people, *selves)):
            print(
                f"courtois labels: fewer than {FEWEST} comments were read twice: "
                "courtois labels next lists some",
                file=sys.stderr,
            )
    if args.json:
        found = {"between": people, "between_blind": blind, "within": selves}
        figures = {name: [a.as_dict() for a in rows] for name, rows in found.items()}
        text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
        if args.json == STANDARD:
            sys.stdout.write(text)
        else:
            with writing(args.json):
                Path(args.json).write_text(text, encoding="utf-8")
    return 0


def _table(title: str, rows: "Sequence[Agreement]") -> str:
    lines = [title, f"{'label':<18}{'comments':>9}{'people':>8}{'same':>8}  {'kappa [95 %]':<24}alpha [95 %]"]
    for row in rows:
        same = "-" if row.same is None else f"{100 * row.same:.0f} %"
        lines.append(
            f"{row.label:<18}{row.comments:>9}{row.annotators:>8}{same:>8}  "
            f"{_figure(row.kappa, row.kappa_ci95):<24}{_figure(row.alpha, row.alpha_ci95)}"
        )
    return "\n".join(lines) + "\n"


def _figure(value: float | None, bounds: tuple[float, float] | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" + (f" [{bounds[0]:.2f}, {bounds[1]:.2f}]" if bounds else "")
