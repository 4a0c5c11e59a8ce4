"""``courtois labels import``: labelled files into the decision store."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from data.errors import InputError
from data.exchange import LeftOut, read_exchange
from data.formats import STANDARD, Rejection, Writer, open_writer, parse_mapping
from data.record import Comment
from data.store import ImportSummary, Store

SHOWN = 5
"""Rejected rows named on stderr; all are in the side file."""


def import_files(args: argparse.Namespace) -> int:
    """Import every file; 1 says that rows were set aside."""
    mapping, users = parse_mapping(args.map), _users(args.user)
    aside = 0
    with Store.open(args.store) as store:
        for name in args.files:
            rows = read_exchange(name, form=args.format, mapping=mapping, users=users)
            aside += _import_file(store, name, args.annotator, rows)
    return 1 if aside else 0


def _users(options: Iterable[str]) -> dict[str, str]:
    users: dict[str, str] = {}
    for option in options:
        id_, equals, name = option.partition("=")
        if not (equals and id_ and name):
            raise InputError(f"{option!r:.80} is no name", where="--user", fix="write it as ID=NAME")
        users[id_] = name
    return users


def _import_file(
    store: Store, name: str, annotator: str | None, rows: Iterator[Comment | Rejection | LeftOut]
) -> int:
    with _Aside(name) as aside:
        summary = store.import_labels(aside.filter(rows, annotator), annotator=annotator)
    _report(name, summary, aside)
    return aside.count


def _report(name: str, summary: ImportSummary, aside: "_Aside") -> None:
    line = f"{name}: {summary.added} added, {summary.updated} updated, {summary.unchanged} unchanged"
    print(f"{line}, {aside.count} set aside" + (f" in {aside.path}" if aside.count else ""))
    for reason, number in aside.left_out.most_common():
        print(f"{name}: {number} left out: {reason}")
    for where in aside.shown:
        print(f"courtois labels: {where}", file=sys.stderr)
    if aside.count > len(aside.shown):
        print(f"courtois labels: ... and {aside.count - len(aside.shown)} more", file=sys.stderr)


class _Aside:
    """The side file of rejected rows, made with the first of them, and the count of those left out."""

    def __init__(self, name: str) -> None:
        self.path = Path("stdin.rejected.jsonl" if name == STANDARD else f"{name}.rejected.jsonl")
        self.count = 0
        self.left_out: Counter[str] = Counter()
        self.shown: list[str] = []
        self._stack = ExitStack()
        self._writer: Writer | None = None

    def __enter__(self) -> "_Aside":
        self._stack.__enter__()
        return self

    def __exit__(self, *error: object) -> bool | None:
        return self._stack.__exit__(*error)  # type: ignore[arg-type]

    def filter(
        self, rows: Iterator[Comment | Rejection | LeftOut], annotator: str | None
    ) -> Iterator[Comment]:
        """Pass comments on, write damaged rows aside and count those that say nothing."""
        for row in rows:
            if isinstance(row, Rejection):
                self._keep(row)
            elif isinstance(row, LeftOut):
                self.left_out[row.reason] += 1
            else:
                yield replace(row, labelled_by=annotator) if annotator else row

    def _keep(self, rejection: Rejection) -> None:
        if self._writer is None:
            self._writer = self._stack.enter_context(open_writer(self.path, None))
        self._writer.write([rejection.as_dict()])
        self.count += 1
        if len(self.shown) < SHOWN:
            column = f"column {rejection.column}: " if rejection.column else ""
            self.shown.append(f"{rejection.where}: {column}{rejection.reason}")
