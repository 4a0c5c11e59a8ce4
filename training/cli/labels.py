"""``courtois labels``: labels out of the decision store and into it, what to label next, agreement."""

import argparse
import sys
from pathlib import Path

from data.exchange import COURTOIS, FORMATS, TEMPLATES, export_exchange
from data.formats import STANDARD
from data.store import Store
from training.cli.store_option import add_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their options."""
    actions = parser.add_subparsers(
        dest="action", metavar="export|import|config|next|agreement", required=True
    )
    _export(actions.add_parser("export", help="write every labelled comment"))
    _import(actions.add_parser("import", help="add labelled comments to the store"))
    _config(actions.add_parser("config", help="print the project settings of an annotation tool"))
    _next(actions.add_parser("next", help="list what to label next"))
    _agreement(actions.add_parser("agreement", help="measure how far annotators agree"))


def _export(out: argparse.ArgumentParser) -> None:
    out.description = (
        "Write every labelled comment, one row per comment: where annotators differ, each label is the "
        "majority's, and the latest of those that tie. Label Studio and Argilla get every annotator's word. "
        "A verdict without severity or incivility counts as incivility 0 (approved) or 1 (rejected)."
    )
    _output(out)
    out.add_argument("--keep-all", action="store_true", help="one row per comment and annotator")
    _format(out, COURTOIS)
    add_store(out)


def _import(into: argparse.ArgumentParser) -> None:
    into.description = (
        "Add labelled comments to the store; doing it twice changes nothing. Rows that cannot be used go to "
        "FILE.rejected.jsonl, and the exit code is then 1."
    )
    into.add_argument(
        "files", nargs="+", metavar="FILE", help="JSONL, CSV, Parquet or JSON; - for JSONL on stdin"
    )
    into.add_argument(
        "--annotator", metavar="NAME", help="whose labels these are (default: what each row says)"
    )
    into.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="where the file names a column otherwise",
    )
    into.add_argument(
        "--user",
        action="append",
        default=[],
        metavar="ID=NAME",
        help="name of an annotator whom the tool knows by id; repeatable",
    )
    _format(into, None)
    add_store(into)


def _config(config: argparse.ArgumentParser) -> None:
    config.description = (
        "Print project settings whose labels `courtois labels import` reads without any mapping."
    )
    config.add_argument("tool", choices=sorted(TEMPLATES), help="the annotation tool")


def _next(following: argparse.ArgumentParser) -> None:
    following.description = (
        "Choose unlabelled comments of the store where a label teaches most, and a share by lot, on which "
        "honest estimates rest. They appear on the page À annoter, and are written as comment records."
    )
    following.add_argument("-n", "--count", type=int, default=50, metavar="N", help="comments (default: 50)")
    following.add_argument(
        "--blind-share", type=float, default=0.2, metavar="SHARE", help="part drawn by lot (default: 0.2)"
    )
    following.add_argument(
        "--reread-share",
        type=float,
        default=0.1,
        metavar="SHARE",
        help="labelled comments to read again on the page, as a part of N on top (default: 0.1)",
    )
    following.add_argument("--seed", type=int, default=0, help="of the lots (default: 0)")
    following.add_argument(
        "--bundle", type=Path, metavar="DIR", help="model bundle (default: the one in use)"
    )
    _output(following)
    _format(following, COURTOIS)
    add_store(following)


def _agreement(agreement: argparse.ArgumentParser) -> None:
    agreement.description = (
        "Cohen's kappa and Krippendorff's alpha per label, with 95 % intervals: between annotators on "
        "comments that two or more labelled, and of annotators with themselves on hidden repeats."
    )
    agreement.add_argument(
        "--json", metavar="FILE", help="also write the figures as JSON; - for stdout instead"
    )
    add_store(agreement)


def _output(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "-o",
        "--output",
        default=STANDARD,
        metavar="OUT",
        help=".jsonl, .csv or .parquet; .json for a tool (default: JSONL on stdout)",
    )


def _format(action: argparse.ArgumentParser, default: str | None) -> None:
    shown = default or "recognised in JSON files, else courtois"
    action.add_argument("--format", choices=FORMATS, default=default, help=f"whose format (default: {shown})")


def run(args: argparse.Namespace) -> int:
    """Do what ``args.action`` says.

    Returns
    -------
    int
        0, or 1 when an import set rows aside.
    """
    if args.action == "config":
        print(TEMPLATES[args.tool]())
        return 0
    if args.action == "import":
        from training.cli.labels_import import import_files

        return import_files(args)
    if args.action == "next":
        from training.cli.labels_next import list_next

        return list_next(args)
    if args.action == "agreement":
        from training.cli.labels_agreement import report

        return report(args)
    with Store.open(args.store, must_exist=True) as store:
        written = export_exchange(store.labelled, args.output, form=args.format, keep_all=args.keep_all)
    print(f"courtois labels: {written} labelled rows written", file=sys.stderr)
    return 0
