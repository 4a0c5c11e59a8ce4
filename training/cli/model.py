"""``courtois model``: the bundles of this installation."""

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list bundles: the shipped one and those below FOLDER")
    listing.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    show = actions.add_parser("show", help="verify a bundle and print its model card")
    show.add_argument(
        "bundle", nargs="?", type=Path, metavar="DIR", help="bundle folder (default: the shipped one)"
    )
    show.add_argument("--json", action="store_true", help="print the manifest instead of the card")


def run(args: argparse.Namespace) -> int:
    """List or show; exit 0, or 1 when ``list`` met a bundle that cannot be used."""
    return _show(args.bundle, as_json=args.json) if args.action == "show" else _list(args.folder)


def _show(bundle: Path | None, *, as_json: bool) -> int:
    from model.bundle import SHIPPED, load_bundle
    from model.manifest import CARD

    folder = bundle or SHIPPED
    loaded = load_bundle(folder)
    card = (folder / CARD).read_text(encoding="utf-8")
    print(json.dumps(json.loads(loaded.manifest.dumps()), ensure_ascii=False, indent=1) if as_json else card)
    return 0


def _list(folder: Path) -> int:
    from data.errors import BundleError, InputError
    from model.bundle import SHIPPED
    from model.manifest import MANIFEST, read_manifest

    if not folder.is_dir():
        raise InputError("no such folder", where=str(folder), fix="give the folder that holds your bundles")
    found = [SHIPPED, *sorted(p.parent for p in folder.glob(f"*/{MANIFEST}"))]
    if (folder / MANIFEST).exists():
        found.insert(1, folder)
    damaged = 0
    for path in found:
        try:
            manifest = read_manifest(path)
        except BundleError as error:
            damaged += 1
            print(f"unusable\t{error}")
            continue
        base = f"on {manifest.base}" if manifest.base else "base"
        place = "shipped" if path == SHIPPED else str(path)
        print(f"{manifest.full_name}\t{base}\t{place}")
    return 1 if damaged else 0
