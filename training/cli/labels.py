"""``courtois labels``: labels out of the decision store, and into it."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from data.exchange import export_labels, read_labelled
from data.formats import STANDARD, Rejection, Writer, open_writer, parse_mapping
from data.record import Comment
from data.store import ImportSummary, Store

SHOWN = 5
"""Rejected rows named on stderr; all are in the side file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two subcommands and their options."""
    actions = parser.add_subparsers(dest="action", metavar="export|import", required=True)
    out = actions.add_parser(
        "export",
        help="write every labelled comment",
        description="Write every labelled comment, one row per comment and annotator. A verdict without "
        "severity or incivility counts as incivility 0 (approved) or 1 (rejected).",
    )
    out.add_argument(
        "-o",
        "--output",
        default=STANDARD,
        metavar="OUT",
        help=".jsonl, .csv or .parquet (default: JSONL on stdout)",
    )
    into = actions.add_parser(
        "import",
        help="add labelled comments to the store",
        description="Add labelled comments to the store; doing it twice changes nothing. Rows that cannot be "
        "used go to FILE.rejected.jsonl, and the exit code is then 1.",
    )
    into.add_argument("files", nargs="+", metavar="FILE", help="JSONL, CSV or Parquet; - for JSONL on stdin")
    into.add_argument(
        "--annotator", metavar="NAME", help="whose labels these are (default: column labelled_by of each row)"
    )
    into.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="where the file names a column otherwise",
    )
    for action in (out, into):
        action.add_argument(
            "--store", metavar="URL", help="decision store (default: the one of `courtois review`)"
        )


def run(args: argparse.Namespace) -> int:
    """Export or import.

    Returns
    -------
    int
        0, or 1 when an import set rows aside.
    """
    if args.action == "export":
        with Store.open(args.store, must_exist=True) as store:
            written = export_labels(store.labelled, args.output)
        print(f"courtois labels: {written} labelled rows written", file=sys.stderr)
        return 0
    mapping = parse_mapping(args.map)
    with Store.open(args.store) as store:
        aside = sum(_import_file(store, name, args.annotator, mapping) for name in args.files)
    return 1 if aside else 0


def _import_file(store: Store, name: str, annotator: str | None, mapping: dict[str, str]) -> int:
    with _Aside(name) as aside:
        comments = aside.filter(read_labelled(name, mapping=mapping))
        summary = store.import_labels(comments, annotator=annotator)
    _report(name, summary, aside)
    return aside.count


def _report(name: str, summary: ImportSummary, aside: "_Aside") -> None:
    line = f"{name}: {summary.added} added, {summary.updated} updated, {summary.unchanged} unchanged"
    print(f"{line}, {aside.count} set aside" + (f" in {aside.path}" if aside.count else ""))
    for where in aside.shown:
        print(f"courtois labels: {where}", file=sys.stderr)
    if aside.count > len(aside.shown):
        print(f"courtois labels: ... and {aside.count - len(aside.shown)} more", file=sys.stderr)


class _Aside:
    """The side file of rejected rows; it is made with the first of them."""

    def __init__(self, name: str) -> None:
        self.path = Path("stdin.rejected.jsonl" if name == STANDARD else f"{name}.rejected.jsonl")
        self.count = 0
        self.shown: list[str] = []
        self._stack = ExitStack()
        self._writer: Writer | None = None

    def __enter__(self) -> "_Aside":
        self._stack.__enter__()
        return self

    def __exit__(self, *error: object) -> bool | None:
        return self._stack.__exit__(*error)  # type: ignore[arg-type]

    def filter(self, rows: Iterator[Comment | Rejection]) -> Iterator[Comment]:
        """Pass comments on and write the rest aside."""
        for row in rows:
            if isinstance(row, Rejection):
                self._keep(row)
            else:
                yield row

    def _keep(self, rejection: Rejection) -> None:
        if self._writer is None:
            self._writer = self._stack.enter_context(open_writer(self.path, None))
        self._writer.write([rejection.as_dict()])
        self.count += 1
        if len(self.shown) < SHOWN:
            column = f"column {rejection.column}: " if rejection.column else ""
            self.shown.append(f"{rejection.where}: {column}{rejection.reason}")
