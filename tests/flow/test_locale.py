"""Commands under a locale that knows ASCII only, as in a container or a cron job."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAIN = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def run(*words: str) -> subprocess.CompletedProcess[bytes]:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "LANG")}
    command = [sys.executable, str(ROOT / "app.py"), *words]
    return subprocess.run(command, capture_output=True, env=clean | PLAIN, check=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("labels", "config", "label-studio"), "Gravité"), (("model", "show"), "–")],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_results_are_utf_8(words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert ran.returncode == 0, ran.stderr
    assert said in ran.stdout.decode()


def test_an_error_names_the_file_without_a_traceback() -> None:
    ran = run("score", "été.csv")
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1
    assert b".csv: no such file" in ran.stderr
