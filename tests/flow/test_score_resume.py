import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import fake_scorer
import pytest
from score_driver import ROOT, main

from model import batch

DRIVER = [sys.executable, str(Path(__file__).with_name("score_driver.py"))]
SLOW = ["--bundle", "slow-1"]


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{i},{i - 1},{'' if i % 700 == 5 else 'x' * (i % 31 + 1)}\n" for i in range(4500))
    Path("in.csv").write_text("id,parent_id,text\n" + rows)
    Path("in2.jsonl.gz").write_bytes(gzip.compress(b'{"text": "fin", "z": [1]}\n'))


def interrupt(out: str, *, with_signal: int, resume: bool = True, jobs: str = "1") -> int:
    arguments = ["in.csv", "in2.jsonl.gz", "-o", out, "--target", "eux", "--jobs", jobs, *SLOW]
    run = subprocess.Popen([*DRIVER, *arguments, *(["--resume"] if resume else [])], stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not list(Path(f"{out}.parts").glob("*.parquet")) and time.monotonic() < end:
        time.sleep(0.01)
    run.send_signal(with_signal)
    _, said = run.communicate(timeout=60)
    assert run.returncode != 0, said
    assert b"Traceback" not in said
    return run.returncode


@pytest.mark.parametrize("out", ["o.csv", "o.parquet"])
def test_a_killed_run_continues_to_the_same_bytes(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = ["in.csv", "in2.jsonl.gz", "--target", "eux", *SLOW]
    assert main([*inputs, "-o", f"whole-{out}", "--jobs", "1"]) == 1
    interrupt(out, with_signal=signal.SIGKILL)
    assert not Path(out).exists()
    committed = list(Path(f"{out}.parts").glob("*.parquet"))
    assert committed
    batch._scorers.clear()
    capsys.readouterr()
    assert main([*inputs, "-o", out, "--resume", "--jobs", "2" if out == "o.csv" else "1"]) == 1
    said = capsys.readouterr().err
    assert "continuing an interrupted run" in said
    assert "4,501 rows in, 4,494 scored, 7 set aside" in said
    scorer = batch.cached_scorer(fake_scorer.load, Path("slow-1"))
    if out != "o.csv":
        assert sum(scorer.calls) <= 4494 - 990 * len(committed)  # type: ignore[attr-defined]
    assert Path(out).read_bytes() == Path(f"whole-{out}").read_bytes()
    aside = (Path(f"{name}.rejected.jsonl").read_bytes() for name in (out, f"whole-{out}"))
    assert len(set(aside)) == 1
    assert not Path(f"{out}.parts").exists()


def test_another_input_or_setting_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    interrupt("o.csv", with_signal=signal.SIGKILL)
    manifest = Path("o.csv.parts/manifest.json").read_bytes()
    same = ["in.csv", "in2.jsonl.gz", "-o", "o.csv", "--resume"]
    for arguments, differs in (
        ([*same, *SLOW], "settings"),
        ([*same, "--target", "eux"], "bundle"),
        (["in.csv", "-o", "o.csv", "--resume", "--target", "eux", *SLOW], "inputs"),
    ):
        capsys.readouterr()
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert f"the interrupted run differs in: {differs}; run without --resume to start anew" in said
    os.utime("in.csv", (1, 1))
    assert main([*same, "--target", "eux", *SLOW]) == 2
    assert Path("o.csv.parts/manifest.json").read_bytes() == manifest
    assert main(["in2.jsonl.gz", "-o", "o.csv"]) == 0
    assert not Path("o.csv.parts").exists()


def test_damaged_parts_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    interrupt("o.csv", with_signal=signal.SIGKILL)
    again = ["in.csv", "in2.jsonl.gz", "-o", "o.csv", "--resume", "--target", "eux", "--bundle", "slow-1"]
    part = sorted(Path("o.csv.parts").glob("*.parquet"))[0]
    part.write_bytes(part.read_bytes()[:-9])
    assert main(again) == 2
    assert "a part is damaged; run without --resume" in capsys.readouterr().err
    part.rename(part.with_name("00000003-00000004.parquet"))
    assert main(again) == 2
    assert "a part is missing; run without --resume" in capsys.readouterr().err
    assert not Path("o.csv").exists()


@pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    reason="a shell runs these tests in the background, where commands do not hear Ctrl-C",
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_can_be_continued_and_started_anew(
    jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("in.csv").open("a") as more:
        more.writelines(f"{i},,encore {i}\n" for i in range(9000))
    if jobs == "2":
        # The second group keeps both workers for longer than the test waits: they must be ended.
        monkeypatch.setenv("COURTOIS_TEST_STUCK_AFTER", "8")
    assert interrupt("o.csv", with_signal=signal.SIGINT, resume=False, jobs=jobs) == 130
    monkeypatch.delenv("COURTOIS_TEST_STUCK_AFTER", raising=False)
    assert sorted(os.listdir()) == ["in.csv", "in2.jsonl.gz", "o.csv.parts"]
    same = ["in.csv", "in2.jsonl.gz", "-o", "o.csv", "--target", "eux", "--bundle", "slow-1"]
    assert main([*same, "--resume"]) == 1
    continued = [Path(name).read_bytes() for name in ("o.csv", "o.csv.manifest.json")]
    assert main(same) == 1
    assert [Path(name).read_bytes() for name in ("o.csv", "o.csv.manifest.json")] == continued
    assert not Path("o.csv.parts").exists()


def test_killed_at_any_moment() -> None:
    """A scorer that takes no time: most of the run is reading, committing and assembling."""
    arguments = ["in.csv", "in2.jsonl.gz", "--target", "eux", "--jobs", "1", "-o"]
    begin = time.monotonic()
    assert subprocess.run([*DRIVER, *arguments, "w.parquet"], check=False).returncode == 1
    whole = time.monotonic() - begin
    for step in range(6):
        run = subprocess.Popen([*DRIVER, *arguments, "o.parquet", "--resume"], stderr=subprocess.DEVNULL)
        # Most moments lie after the imports, which take half of the time.
        time.sleep(whole * (0.5 + 0.09 * step))
        run.kill()
        run.wait()
    assert main([*arguments, "o.parquet", "--resume"]) == 1
    assert Path("o.parquet").read_bytes() == Path("w.parquet").read_bytes()
    aside = [Path(f"{name}.parquet.rejected.jsonl").read_bytes() for name in "ow"]
    assert aside[0] == aside[1]
    records = [json.loads(Path(f"{name}.parquet.manifest.json").read_text()) for name in "ow"]
    assert records[0]["counts"] == records[1]["counts"]
    assert not list(Path().glob("o.parquet.parts/*"))


def test_two_runs_do_not_write_the_same_output(capsys: pytest.CaptureFixture[str]) -> None:
    interrupt("o.csv", with_signal=signal.SIGKILL)
    parts = sorted(os.listdir("o.csv.parts"))
    holder = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from model.batch_lock import OutputLock\n"
        "lock = OutputLock(Path('o.csv.parts'), Path('o.csv')); print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", holder, str(ROOT)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    same = ["in.csv", "in2.jsonl.gz", "-o", "o.csv", "--target", "eux", *SLOW]
    for options in ([], ["--resume"]):
        capsys.readouterr()
        assert main([*same, *options]) == 2
        assert "o.csv: another run is writing it" in capsys.readouterr().err
    assert sorted(os.listdir("o.csv.parts")) == parts
    other.kill()
    other.wait()
    other.stdout.close()
    assert main([*same, "--resume"]) == 1


def test_an_input_that_changes_meanwhile_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def touching(bundle: Path | None) -> fake_scorer.FakeScorer:
        return Touching(bundle)

    class Touching(fake_scorer.FakeScorer):
        def score_many(self, comments: Any, *, spans: bool = False) -> Any:
            os.utime("in.csv", (1, 1))
            return super().score_many(comments, spans=spans)

    monkeypatch.setattr(fake_scorer, "load", touching)
    assert main(["in.csv", "-o", "o.csv", "--jobs", "1"]) == 2
    assert "in.csv: changed while it was scored" in capsys.readouterr().err
    assert not Path("o.csv").exists()


def test_the_manifest_tells_what_was_done() -> None:
    assert main(["in.csv", "in2.jsonl.gz", "-o", "o.csv", "--target", "eux", "--quiet"]) == 1
    found = json.loads(Path("o.csv.manifest.json").read_text())
    assert [known["path"] for known in found["inputs"]] == ["in.csv", "in2.jsonl.gz"]
    for known, path in ((found["inputs"][0], "in.csv"), (found["outputs"][0], "o.csv")):
        assert known["sha256"] == hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert found["outputs"][1]["path"] == "o.csv.rejected.jsonl"
    assert found["settings"] == {"target": "eux", "map": {}, "layout": None, "spans": False}
    counts = found["counts"]
    assert (counts["rows"], counts["scored"], counts["rejected"]) == (4501, 4494, 7)
    assert sum(counts["incivility_histogram"]) == sum(counts["severity"].values()) == 4494
    assert counts["stance"] == {"favor": 0, "against": 4494, "none": 0}
    assert counts["repeated_comments"] > 3000


def test_a_folder_of_somebody_else_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("o.csv.parts").mkdir()
    Path("o.csv.parts/mine.txt").write_text("keep")
    for options in ([], ["--resume"]):
        assert main(["in2.jsonl.gz", "-o", "o.csv", *options]) == 2
        assert "is not of a scoring run" in capsys.readouterr().err
    assert Path("o.csv.parts/mine.txt").read_text() == "keep"


def test_a_finished_run_can_be_resumed_again() -> None:
    for _ in range(2):
        assert main(["in2.jsonl.gz", "-o", "o.jsonl", "--resume"]) == 0
    assert json.loads(Path("o.jsonl").read_text())["z"] == [1]
