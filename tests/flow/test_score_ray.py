"""joblib's Ray backend with real worker processes, where Ray is installed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from score_driver import ROOT, main

pytest.importorskip("ray", reason="the extra ray is not installed")

DRIVER = [sys.executable, str(Path(__file__).with_name("score_driver.py"))]
RAY = ["in.csv", "-o", "o.parquet", "--bundle", "slow-1", "--backend", "ray", "--jobs", "2"]


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [str(ROOT), str(ROOT / "tests" / "unit"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    Path("in.csv").write_text("id,text\n" + "".join(f"{i},commentaire {i * 7919}\n" for i in range(9000)))


def whole() -> bytes:
    assert main(["in.csv", "-o", "w.parquet", "--bundle", "slow-1", "--jobs", "1", "--quiet"]) == 0
    return Path("w.parquet").read_bytes()


def test_the_same_bytes_as_in_one_process() -> None:
    done = subprocess.run([*DRIVER, *RAY], capture_output=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert Path("o.parquet").read_bytes() == whole()


@pytest.mark.parametrize(("how", "code"), [("killed worker", 2), ("Ctrl-C", 130)])
def test_what_is_cut_short_goes_on_with_resume(how: str, code: int) -> None:
    if how == "Ctrl-C" and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        pytest.skip("a shell runs these tests in the background, where commands do not hear Ctrl-C")
    run = subprocess.Popen([*DRIVER, *RAY], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    end = time.monotonic() + 120
    while not list(Path("o.parquet.parts").glob("*.parquet")) and time.monotonic() < end:
        time.sleep(0.01)
    if how == "Ctrl-C":
        run.send_signal(signal.SIGINT)
    else:
        below = psutil.Process(run.pid).children(recursive=True)
        next(each for each in below if each.cmdline()[0].startswith("ray::PoolActor")).kill()
    said = run.communicate(timeout=120)[1]
    assert run.returncode == code, said
    assert b"Traceback" not in said
    assert b"go on with --resume" in said
    assert main([*RAY[:5], "--jobs", "1", "--resume"]) == 0
    assert Path("o.parquet").read_bytes() == whole()
