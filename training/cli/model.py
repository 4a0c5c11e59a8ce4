"""``courtois model``: the bundles of this installation, which one is in use, and how it fares."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command's help must not wait for scikit-learn
    from training.promote import Promotion


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    from training.cli import model_watch

    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list bundles: shipped, installed, and those below FOLDER")
    listing.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    show = actions.add_parser("show", help="verify a bundle and print its model card")
    show.add_argument(
        "bundle", nargs="?", type=Path, metavar="BUNDLE", help="folder or name@version (default: in use)"
    )
    show.add_argument("--json", action="store_true", help="print the manifest instead of the card")
    put = actions.add_parser(
        "promote",
        help="put a candidate in use if it loses on no gate",
        description="Verify a candidate, run the gates against the bundle in use, install it and put it in "
        "use. Exit 1 says that a gate refused and nothing was changed.",
    )
    put.add_argument("bundle", type=Path, metavar="BUNDLE", help="the candidate: a folder or name@version")
    put.add_argument("--force", action="store_true", help="promote in spite of a lost gate; needs --reason")
    put.add_argument("--reason", default="", metavar="TEXT", help="why; kept in the history")
    back = actions.add_parser("rollback", help="go back to the bundle that was in use before")
    back.add_argument("--reason", default="", metavar="TEXT", help="why; kept in the history")
    model_watch.add_arguments(actions)


def run(args: argparse.Namespace) -> int:
    """Run the action; exit 1 says what the action's own help says."""
    if args.action == "show":
        return _show(args.bundle, as_json=args.json)
    if args.action == "list":
        return _list(args.folder)
    if args.action == "promote":
        return _promote(args)
    if args.action == "rollback":
        return _rollback(args.reason)
    from training.cli import model_watch

    return model_watch.run(args)


def _show(bundle: Path | None, *, as_json: bool) -> int:
    from model.bundle import load_bundle
    from model.installed import resolve
    from model.manifest import CARD

    folder = resolve(bundle)
    loaded = load_bundle(folder)
    card = (folder / CARD).read_text(encoding="utf-8")
    print(json.dumps(json.loads(loaded.manifest.dumps()), ensure_ascii=False, indent=1) if as_json else card)
    return 0


def _list(folder: Path) -> int:
    from data.errors import BundleError, InputError
    from model.installed import SHIPPED, current, installed
    from model.manifest import MANIFEST, read_manifest

    if not folder.is_dir():
        raise InputError("no such folder", where=str(folder), fix="give the folder that holds your bundles")
    damaged = 0
    try:
        used: Path | None = current()
    except BundleError as error:
        used, damaged = None, 1
        print(f"unusable\t{error}")
    places = {SHIPPED: "shipped"} | dict.fromkeys(installed(), "installed")
    below = [folder] if (folder / MANIFEST).exists() else []
    below += sorted(p.parent for p in folder.glob(f"*/{MANIFEST}"))
    known = {path.resolve() for path in places}
    for path in [*places, *(p for p in below if p.resolve() not in known)]:
        try:
            manifest = read_manifest(path)
        except BundleError as error:
            damaged += 1
            print(f"unusable\t{error}")
            continue
        base = f"on {manifest.base}" if manifest.base else "base"
        mark = "\tin use" if path == used else ""
        print(f"{manifest.full_name}\t{base}\t{places.get(path, path)}{mark}")
    return 1 if damaged else 0


def _promote(args: argparse.Namespace) -> int:
    from model.installed import resolve
    from training.cli.progress import say
    from training.promote import promote
    from training.review.settings import moderator_name

    result = promote(
        resolve(args.bundle), who=moderator_name(), force=args.force, reason=args.reason, progress=say
    )
    print(_table(result))
    if not result.done:
        print(f"refused: {result.bundle} loses on {', '.join(result.lost)}; {result.previous} stays in use")
        return 1
    forced = f", in spite of {', '.join(result.lost)}" if result.lost else ""
    print(f"{result.bundle} is in use, {result.previous} was before{forced}")
    return 0


def _rollback(reason: str) -> int:
    from training.promote import rollback
    from training.review.settings import moderator_name

    left, back = rollback(who=moderator_name(), reason=reason)
    print(f"{back} is in use again, {left} was before")
    return 0


def _table(result: "Promotion") -> str:
    lines = [f"{'gate':<10} {'result':<8}{'in use':>9}{'candidate':>11}  detail"]
    words = {True: "passed", False: "LOST", None: "note"}
    for gate in result.gates:
        figures = [
            "" if value is None else f"{value:.3f}" if value < 10 else f"{value:.0f}"
            for value in (gate.current, gate.candidate)
        ]
        lines.append(f"{gate.name:<10} {words[gate.passed]:<8}{figures[0]:>9}{figures[1]:>11}  {gate.detail}")
    return "\n".join(lines)
