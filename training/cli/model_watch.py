"""``courtois model shadow|map|drift``: a candidate, and the bundle in use, on the store's comments."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InputError
from training.cli.store_option import add_store

if TYPE_CHECKING:
    from model.scorer import Scorer

_SHOWN = 50


def add_arguments(actions: Any) -> None:
    """Declare the three actions."""
    for name, summary in (
        ("shadow", "list the decisions that a candidate would propose otherwise; nothing is changed"),
        ("map", "thresholds of a candidate that keep the load, or the recall, of the bundle in use"),
    ):
        one = actions.add_parser(name, help=summary, description=summary)
        one.add_argument(
            "bundle", type=Path, metavar="BUNDLE", help="the candidate: a folder or name@version"
        )
        one.add_argument("-n", "--last", type=int, default=1000, metavar="N", help="comments (default: 1000)")
        _common(one)
        if name == "shadow":
            one.add_argument("--text", action="store_true", help="also print the comments themselves")
    watch = actions.add_parser(
        "drift",
        help="measure each day's comments and decisions; exit 1 says that an alarm was raised",
        description="Measure each day's comments (hold rate, distribution of scores, unknown words) and what "
        "people said of them (calibration). Exit 1 says that an alarm was raised.",
    )
    watch.add_argument(
        "-n", "--last", type=int, default=20_000, metavar="N", help="comments (default: 20,000)"
    )
    watch.add_argument("--week", action="store_true", help="by week instead of by day")
    _common(watch)


def _common(parser: argparse.ArgumentParser) -> None:
    add_store(parser)
    parser.add_argument("--json", metavar="FILE", help="write the figures; - for stdout instead of the table")


def run(args: argparse.Namespace) -> int:
    """Run one of the three."""
    return {"shadow": _shadow, "map": _map, "drift": _drift}[args.action](args)


def _checked(args: argparse.Namespace) -> int:
    if args.last < 1:
        raise InputError(f"{args.last} is no number of comments", where="--last", fix="use 1 or more")
    return int(args.last)


def _pair(candidate: Path) -> "tuple[Scorer, Scorer]":
    from model.scorer import Scorer

    return Scorer.load(None), Scorer.load(candidate)


def _shadow(args: argparse.Namespace) -> int:
    from data.store import Store
    from training.shadow import shadow

    count = _checked(args)
    with Store.open(args.store, must_exist=True) as store:
        readings = {one.id: one for one in store.readings()}
        result = shadow(store.newest(count), *_pair(args.bundle), readings, where=store.where)
        flips = [
            f.as_dict() | ({"text": store.item(f.id).comment.text} if args.text else {}) for f in result.flips
        ]
    content = {
        "current": result.current,
        "candidate": result.candidate,
        "n": result.n,
        "actions": {a: {"current": one, "candidate": two} for a, (one, two) in result.counts.items()},
        "read": result.read,
        "blind": result.blind,
        "as_read": {"current": result.agreed[0], "candidate": result.agreed[1]},
        "flips": flips,
    }
    lines = [f"{result.current} -> {result.candidate}, on the last {result.n} comments"]
    lines += [f"{action:<8}{one:>7} ->{two:>7}" for action, (one, two) in result.counts.items()]
    if result.read:
        one, two = result.agreed
        lines.append(f"as people said: {one} -> {two} of {result.read} ({_basis(result.blind)})")
    lines.append(f"{len(flips)} proposals would change" + (":" if flips else ""))
    for flip in flips[:_SHOWN]:
        change = f"{flip['current_action']} -> {flip['candidate_action']}"
        text = f"  {' '.join(_plain(flip['text']).split())}" if args.text else ""
        scores = f"{flip['current']:.3f} -> {flip['candidate']:.3f}"
        lines.append(f"{_plain(flip['id'])}\t{flip['status']}\t{change}\t{scores}{text}")
    if len(flips) > _SHOWN:
        lines.append(f"... and {len(flips) - _SHOWN} more: --json FILE has all")
    return _told(args.json, content, lines)


def _basis(blind: bool) -> str:
    """What figures about people's judgement rest on."""
    return "blind readings" if blind else "too few of them blind: they lean towards the bundle in use"


def _map(args: argparse.Namespace) -> int:
    from data.store import Store
    from training.blind import EACH
    from training.shadow import score_map

    count = _checked(args)
    with Store.open(args.store, must_exist=True) as store:
        readings = {one.id: one for one in store.readings()}
        content = score_map(store.newest(count), *_pair(args.bundle), readings, where=store.where)
    lines = [
        f"{'threshold':<18}{'now':>8}{'reached by':>12}{'same load':>11}{'same recall':>13}{'its own':>9}"
    ]
    for row in content["policy"]:
        recall, own = (f"{row[k]:.4f}" if row[k] is not None else "-" for k in ("same_recall", "candidate"))
        lines.append(
            f"{row['threshold']:<18}{row['current']:>8.4f}{row['rate']:>12.1%}{row['same_rate']:>11.4f}"
            f"{recall:>13}{own:>9}"
        )
    if content["uncivil"] < EACH:
        lines.append(f"no recall: {content['uncivil']} comments were found uncivil, {EACH} are needed")
    else:
        lines.append(f"recall on {content['uncivil']} uncivil comments ({_basis(content['blind'])})")
    lines.append("incivility now -> as many comments reach: ")
    lines[-1] += ", ".join(f"{row['current']} -> {row['same_rate']:.2f}" for row in content["scores"])
    return _told(args.json, dict(content), lines)


def _drift(args: argparse.Namespace) -> int:
    from data.store import Store
    from model.bundle import load_bundle
    from model.installed import current
    from training.drift import FEWEST, came, drift

    count = _checked(args)
    bundle = load_bundle(current())
    held = bundle.manifest.metrics.get("scores")
    with Store.open(args.store, must_exist=True) as store:
        arrived, said = came(store.arrivals(count), bundle.space), list(store.readings())
        if not arrived:
            raise InputError(
                "no comment was scored yet",
                where=store.where,
                fix="score a dump into it with courtois review --dump FILE",
            )
    heldout = {bundle.manifest.full_name: held} if held else None
    report = drift(arrived, said, period="week" if args.week else "day", heldout=heldout)
    lines = [
        f"{'week of' if args.week else 'day':<12}{'came':>7}{'hold':>8}{'PSI':>8}{'unknown':>9}"
        f"{'read':>7}{'blind':>7}{'uncivil':>9}{'ECE':>8}  alarms"
    ]
    for day in report["days"]:
        note = ", ".join(day["alarms"]).upper() or ("" if day["reference"] else "reference")
        said_of = day[day["basis"] or "decided"]
        lines.append(
            f"{day['day']:<12}{day['comments']:>7}{_share(day['hold_rate']):>8}{_figure(day['psi']):>8}"
            f"{_share(day['unknown_words']):>9}{day['decided']['n']:>7}{day['blind']['n']:>7}"
            f"{_share(said_of['rejected']):>9}{_figure(day['ece']):>8}  {note}"
        )
    if any(day["basis"] == "decided" for day in report["days"]):
        lines.append(
            f"ECE with fewer than {FEWEST} blind readings leans: people saw the score before they answered"
        )
    _told(args.json, report, lines)
    return 1 if report["alarms"] else 0


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _told(path: str | None, content: dict[str, Any], lines: list[str]) -> int:
    from data.formats import STANDARD
    from training.report import write_text

    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if path == STANDARD:
        sys.stdout.write(text)
        return 0
    if path:
        write_text(Path(path), text)
    print("\n".join(lines))
    return 0


def _plain(text: str) -> str:
    """Without control characters: an id or a comment must not steer the terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)
