"""``courtois retrain`` among benchmarks, dates, other bundles and interruptions."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app import main
from data.exchange.records import to_row
from data.record import Comment, Labels
from model.bundle import load_bundle
from model.installed import install, pointed
from model.promotions import Event, put_in_use
from training.guard import find_evaluation_rows

ROOT = Path(__file__).resolve().parents[2]
WORD = "zigouflard"


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))
    return tmp_path / "bundles"


@pytest.fixture(autouse=True)
def no_corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.guard.kept_for_evaluation", list)


@pytest.fixture(scope="module")
def decided(unseen_comments: list[Comment]) -> list[Comment]:
    """Civil comments, half of which hold the site's own insult; one decision an hour."""
    rows = [c for c in unseen_comments if c.labels.severity == 0][:400]
    return [
        replace(
            c,
            text=f"{c.text} {WORD}" if i % 2 else c.text,
            labels=Labels(incivility=i % 2),
            created_at=None,
            labelled_at=f"2026-11-{1 + i // 24:02d}T{i % 24:02d}:00:00+00:00",
        )
        for i, c in enumerate(rows)
    ]


def write(path: Path, comments: Sequence[Comment]) -> str:
    lines = [json.dumps(to_row(c), ensure_ascii=False) for c in comments]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_benchmark_rows_are_left_out_loudly_unless_allowed(
    decided: list[Comment],
    small_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = [replace(c, text=c.text.upper()) for c in decided[:7]]
    monkeypatch.setattr("training.guard.kept_for_evaluation", lambda: ["toxifrench_benchmark"])
    monkeypatch.setitem(find_evaluation_rows.__kwdefaults__, "load", lambda name: held)
    export = write(tmp_path / "labels.jsonl", decided[:60])
    arguments = ["retrain", export, "--base", str(small_folder), "-o", str(tmp_path / "candidat")]
    for option, count, word in (((), 53, "left out"), (("--allow-benchmark",), 60, "KEPT")):
        assert main([*arguments, *option]) in (0, 1)
        shown = capsys.readouterr().err
        assert f"WARNING: 7 rows stand in the evaluation corpus toxifrench_benchmark; {word}" in shown
        assert load_bundle(tmp_path / "candidat").manifest.metrics["labels"]["rows"] == count


def test_the_latest_fifth_is_held_out_by_date(
    decided: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write(tmp_path / "labels.jsonl", decided)
    assert main(["retrain", export, "--base", str(small_folder), "-o", str(tmp_path / "candidat")]) == 0
    metrics = load_bundle(tmp_path / "candidat").manifest.metrics
    latest = metrics["latest"]
    assert (latest["head"], latest["n"] + latest["trained_on"], latest["passed"]) == ("p_uncivil", 400, True)
    assert latest["n"] == 80
    assert latest["candidate"] > latest["base"] + 0.1
    assert metrics["labels"] == {"rows": 400, "until": decided[-1].labelled_at}
    assert sum(metrics["scores"]) == pytest.approx(1, abs=0.01)
    assert (
        f"latest {latest['n']} comments, trained on the {latest['trained_on']} before"
        in capsys.readouterr().out
    )


def test_a_later_candidate_meets_the_one_in_use_on_labels_new_to_it(
    decided: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(small_folder)
    first, second = tmp_path / "un", tmp_path / "deux"
    assert (
        main(["retrain", write(tmp_path / "a.jsonl", decided[:100]), "--base", "petit@1", "-o", str(first)])
        == 0
    )
    place = install(first)
    put_in_use(
        [pointed(place)], Event(at="", who="Lila", action="promote", bundle=place.name, previous="petit@1")
    )
    capsys.readouterr()
    assert main(["retrain", write(tmp_path / "b.jsonl", decided[:180]), "-o", str(second)]) == 0
    manifest = load_bundle(second).manifest
    assert manifest.base == "petit@1"  # not the one in use, which has learnt the same labels
    against = manifest.metrics["against"]
    assert (against["bundle"], against["n"]) == (place.name, 80)
    (head,) = against["heads"]
    assert (head["head"], head["n"]) == ("p_uncivil", 80)
    assert f"against {place.name}, on 80 labels later than its own" in capsys.readouterr().out
    assert main(
        ["retrain", str(tmp_path / "b.jsonl"), "--base", place.name, "-o", str(tmp_path / "trois")]
    ) in (0, 1)
    assert "WARNING: the base may have learnt from 100 of these rows" in capsys.readouterr().err


def test_blind_labels_alone_are_compared_on_where_there_are_enough(
    decided: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 400 decisions 210 or 190 were read blind; the latest fifth holds too few of them."""
    for blind, said in ((210, "210 blind"), (190, "all, 190 blind")):
        rows = [replace(c, extra={"sampling": "blind"} if i < blind else {}) for i, c in enumerate(decided)]
        export, out = write(tmp_path / f"{blind}.jsonl", rows), tmp_path / f"candidat-{blind}"
        assert main(["retrain", export, "--base", str(small_folder), "-o", str(out)]) == 0
        metrics = load_bundle(out).manifest.metrics
        (head,) = metrics["comparison"]
        assert (head["on_blind"], head["blind"]) == (blind == 210, blind)
        assert head["n"] == (210 if blind == 210 else 400)
        assert metrics["scores_of"] == {"n": head["n"], "blind": head["on_blind"]}
        assert (metrics["latest"]["on_blind"], metrics["latest"]["blind"]) == (False, 0)
        shown = capsys.readouterr().out
        assert re.search(rf"^p_uncivil .*  {said}$", shown, re.MULTILINE)
        assert ("with 200 blind labels, 40 of each value" in shown) is (blind < 200)


def started(export: str, base: Path, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "app", "retrain", export, "--base", str(base), "-o", str(out)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_killed_while_it_works_leaves_the_old_bundle(
    decided: list[Comment], folder: Path, tmp_path: Path, small_folder: Path
) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    export = write(tmp_path / "labels.jsonl", decided)
    work = started(export, small_folder, folder)
    assert work.stdout is not None
    with work.stdout as lines:
        assert any(b"fitting" in line for line in lines)
        os.kill(work.pid, signal.SIGKILL)
    assert work.wait() == -signal.SIGKILL
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    load_bundle(folder)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_killed_while_it_writes_leaves_a_whole_bundle(folder: Path, tmp_path: Path) -> None:
    """Bundles are written over each other in a loop; whenever it dies, one of them is there, whole."""
    loop = (
        "import sys; from pathlib import Path; from model.bundle import load_bundle, save_bundle\n"
        "folder = Path(sys.argv[1]); bundle = load_bundle(folder); print('ready', flush=True)\n"
        "while True: save_bundle(bundle, folder, '# petit\\n')"
    )
    for wait in (0.05, 0.12, 0.2):
        work = subprocess.Popen([sys.executable, "-c", loop, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
        assert work.stdout is not None
        with work.stdout as lines:
            assert lines.readline() == b"ready\n"
            time.sleep(wait)
            work.kill()
        work.wait()
        whole = [p.parent for p in tmp_path.glob("**/manifest.json") if "bundles" not in p.parts]
        assert folder in whole or any(".old." in p.parent.name for p in whole)
        if folder not in whole:
            next(p for p in whole if ".old." in p.parent.name).rename(folder)
        load_bundle(folder)
