"""Six moderators on one queue while everything is killed twice: ``python -m bench.review_team``.

Each is a process of its own with the queue's desk and its leases. Twice on the way the processes
are killed (SIGKILL), the second time half of them, and on PostgreSQL the database server with all
its processes too. Everything is started again and goes on. The journal is then held against what
was pressed and what was answered; the last line is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from bench.postgres import Server, server
from bench.team_moderator import entries
from data.record import Comment
from data.store import Store
from data.store.records import STATUS_OF

ROOT: Final = Path(__file__).resolve().parents[1]
NAMES: Final = ("anne", "bruno", "chloe", "driss", "emma", "farid")
BACKENDS: Final = ("sqlite", "postgresql")
PATIENCE: Final = 600.0


def measure(
    backends: Sequence[str] = BACKENDS, *, moderators: int = 6, decisions: int = 1_200
) -> dict[str, int | float]:
    """Run the team on each backend.

    Returns
    -------
    dict
        ``decisions`` (those of the backend with the fewest), ``lost`` and ``double`` (of all
        backends together), and for each backend ``decisions_B``, ``lost_B``, ``double_B``,
        ``conflicts_B``, ``resent_B`` (keys that a kill left without an answer), ``kills_B`` and
        ``seconds_B``.
    """
    found = {backend: run(backend, moderators=moderators, decisions=decisions) for backend in backends}
    figures: dict[str, int | float] = {
        "decisions": min(int(one["decisions"]) for one in found.values()),
        "lost": sum(int(one["lost"]) for one in found.values()),
        "double": sum(int(one["double"]) for one in found.values()),
    }
    return figures | {f"{name}_{b}": value for b, one in found.items() for name, value in one.items()}


def run(backend: str, *, moderators: int, decisions: int) -> dict[str, int | float]:
    """Let the team empty a queue of ``decisions`` comments, with two rounds of kills."""
    names = NAMES[:moderators]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="courtois-team-")))
        database = stack.enter_context(server(durable=True)) if backend == "postgresql" else None
        url = database.create("team") if database else str(folder / "team.sqlite3")
        with Store.open(url) as store:
            store.add_scored(_comments(decisions))
        team = stack.enter_context(Team(url, folder, names))
        began = time.monotonic()
        for share, victims in ((1 / 3, names), (2 / 3, names[::2])):
            _until(team, lambda: _answered(folder, names) >= share * decisions)  # noqa: B023
            _strike(team, victims, database)
        _until(team, team.done)
        seconds = time.monotonic() - began
        with Store.open(url) as store:
            return _compare(store, folder, names) | {"kills": team.kills, "seconds": round(seconds, 1)}


class Team:
    """The moderators' processes."""

    def __init__(self, url: str, folder: Path, names: Sequence[str]) -> None:
        self._url, self._folder = url, folder
        self._processes = {name: self._started(name) for name in names}
        self.kills = 0

    def __enter__(self) -> "Team":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()

    def kill(self, names: Sequence[str]) -> None:
        for name in names:
            self._processes[name].kill()
        for name in names:
            self._processes[name].wait()
        self.kills += len(names)

    def start(self, names: Sequence[str]) -> None:
        self._processes |= {name: self._started(name) for name in names}

    def done(self) -> bool:
        """Whether all have finished; RuntimeError when one failed."""
        codes = {name: process.poll() for name, process in self._processes.items()}
        if failed := [name for name, code in codes.items() if code]:
            raise RuntimeError(f"the process of {failed[0]} ended with {codes[failed[0]]}")
        return all(code == 0 for code in codes.values())

    def _started(self, name: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "bench.team_moderator", self._url, name, str(self._folder)],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )


def _strike(team: Team, victims: Sequence[str], database: Server | None) -> None:
    """Kill the server first: whoever lives on meets it gone in the middle of their work."""
    if database is not None:
        database.kill()
        team.kills += 1
    team.kill(victims)
    if database is not None:
        database.start()
    team.start(victims)


def _until(team: Team, reached: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not reached():
        team.done()  # raises when a process failed
        if time.monotonic() > limit:
            raise RuntimeError("the team does not get on")
        time.sleep(0.02)


def _answered(folder: Path, names: Sequence[str]) -> int:
    return sum("answer" in entry for name in names for entry in entries(folder / f"{name}.jsonl"))


def _comments(number: int) -> Iterator[tuple[Comment, dict[str, Any]]]:
    for i in range(number):
        scores = {"incivility": (i * 37 % 100) / 100, "severity": i % 4, "action": "review", "bundle": "b-1"}
        thread = f"t{i // 40}"
        yield Comment(id=f"c{i:05}", text=f"Commentaire numéro {i} du banc", thread_id=thread), scores


def _compare(store: Store, folder: Path, names: Sequence[str]) -> dict[str, int | float]:
    """Hold the journal against the browsers' logs."""
    journal = [row for row in store.journal(10**7) if row.kind in STATUS_OF]
    rows = {(row.comment_id, row.moderator, row.kind) for row in journal}
    times = Counter(row.comment_id for row in journal)
    lost = conflicts = resent = 0
    for name in names:
        kept = list(entries(folder / f"{name}.jsonl"))
        keys = {entry["key"]["id"]: entry["key"] for entry in kept if "key" in entry}
        answers = {entry["answer"]["act"]: entry["answer"]["state"] for entry in kept if "answer" in entry}
        done = [keys[act] for act, state in answers.items() if state == "done"]
        conflicts += len(answers) - len(done)
        resent += sum(entry.get("began", 0) for entry in kept)
        # unanswered at the end, or answered and not in the journal under that name
        lost += len(keys) - len(answers)
        lost += sum((key["comment"], name, key["kind"]) not in rows for key in done)
    counts = store.counts()
    decided = counts["approved"] + counts["rejected"] + counts["skipped"]
    lost += counts["pending"] + abs(decided - len(times))
    return {
        "decisions": len(journal),
        "lost": lost,
        "double": sum(n - 1 for n in times.values()),
        "conflicts": conflicts,
        "resent": resent,
    }


def main() -> int:
    """Measure, print a table and the figures; 1 when a decision was lost or doubled."""
    parser = argparse.ArgumentParser(prog="bench.review_team", description=__doc__)
    parser.add_argument("--moderators", type=int, default=6, choices=range(1, 7), help="processes (6)")
    parser.add_argument("--decisions", type=int, default=1_200, help="comments to decide (1200)")
    parser.add_argument("--backend", choices=BACKENDS, action="append", help="default: both")
    args = parser.parse_args()
    figures = measure(args.backend or BACKENDS, moderators=args.moderators, decisions=args.decisions)
    for name, value in figures.items():
        print(f"{name:<24} {value}")
    print(json.dumps(figures))
    return int(figures["lost"] > 0 or figures["double"] > 0 or figures["decisions"] != args.decisions)


if __name__ == "__main__":
    raise SystemExit(main())
