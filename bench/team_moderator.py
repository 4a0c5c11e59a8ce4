"""One moderator of ``bench.review_team``: the queue's desk, and a browser's log of acts on disk.

    python -m bench.team_moderator URL NAME FOLDER

The log stands for the browser, which outlives the app: every key is in it before anything is sent,
and every act stays in it until the app says what came of it. Killed and started again, the process
goes on where the log ends, as a browser does that finds its server again.
"""

import json
import os
import random
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from data.errors import StoreError
from data.store import Store
from training.review.people import Person
from training.review.workbench.desk import Desk
from training.review.workbench.explainer import Explainer
from training.review.workbench.wire import read_ask

KINDS: Final = ("approve", "approve", "approve", "reject", "skip")
KEYS_A_MESSAGE: Final = 4
"""Most keys pressed before the next message leaves."""


class Log:
    """Keys that were pressed and answers to them, each on disk before it counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.open: dict[str, dict[str, Any]] = {}
        for entry in entries(path):
            if "key" in entry:
                self.open[entry["key"]["id"]] = entry["key"]
            elif "answer" in entry:
                self.open.pop(entry["answer"]["act"], None)
        self._file = path.open("a", encoding="utf-8")
        self._write({"began": len(self.open)})

    def press(self, key: dict[str, Any]) -> None:
        self.open[key["id"]] = key
        self._write({"key": key})

    def answer(self, ack: Mapping[str, Any]) -> None:
        kept = {name: ack.get(name) for name in ("act", "state", "comment", "message")}
        self._write({"answer": kept})
        self.open.pop(str(ack["act"]), None)

    def _write(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """What a log holds; a last line that a kill cut short was never pressed."""
    if path.exists():
        for line in path.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield json.loads(line)


def work(url: str, name: str, folder: Path) -> None:
    """Decide until the queue is empty and every key is answered."""
    log, chance = Log(folder / f"{name}.jsonl"), random.Random(f"{name} {os.getpid()}")
    store = _opened(url)
    desk = Desk(store, Person(name, "moderateur", single_user=False), Explainer(lambda item: ((), None)))
    held: dict[str, int] = {}
    mount, queue, seq = uuid.uuid4().hex, "", 0
    while True:
        seq += 1
        ask = {"me": name, "mount": mount, "seq": seq, "queue": queue, "config": False, "beat": seq % 20 == 0}
        sent = {"have": list(held), "near": list(held)[:2], "log": [*log.open.values()]}
        said = desk.answer(read_ask(ask | sent))
        queue = said["queue"]
        for ack in said["acks"]:
            log.answer(ack)
        if log.open and not said["error"]:
            raise RuntimeError("the desk neither answers what was pressed nor says why")
        for lost in said.get("lost", ()):
            held.pop(lost, None)
        if said["error"]:
            time.sleep(0.1)  # the database is away; what was pressed is sent again
            continue
        waiting = {act["comment"] for act in log.open.values()}
        held |= {one["id"]: one["v"] for one in said["items"] if one["id"] not in waiting}
        if not held and not log.open:
            if _finished(store):
                return
            time.sleep(0.2)  # the others hold what is left
        for id_ in list(held)[: chance.randint(1, KEYS_A_MESSAGE)]:
            kind = chance.choice(KINDS)
            log.press({"id": uuid.uuid4().hex, "kind": kind, "comment": id_, "version": held.pop(id_)})


def _finished(store: Store) -> bool:
    try:
        return not store.counts()["pending"]
    except StoreError:
        return False


def _opened(url: str) -> Store:
    while True:
        try:
            return Store.open(url)
        except StoreError:
            time.sleep(0.1)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
