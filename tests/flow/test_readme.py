"""The README's example says what the command says."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_is_what_the_command_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    dump, console = (re.search(rf"```{kind}\n(.*?)```", readme, re.DOTALL) for kind in ("csv", "console"))
    assert dump
    assert console
    (tmp_path / "comments.csv").write_text(dump[1], encoding="utf-8")
    command = [sys.executable, str(ROOT / "app.py"), "score", "comments.csv"]
    command += ["--bundle", str(ROOT / "model" / "shipped")]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, cwd=tmp_path)
    shown = [json.loads(line) for line in console[1].splitlines() if line.startswith("[")]
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    names = ("severity", "stance", "action")
    assert shown == [
        [row["id"], round(100 * row["incivility"]), *(row[name] for name in names)] for row in rows
    ]
    assert len(shown) == len(list(csv.DictReader(dump[1].splitlines()))) == 3
    said = [line for line in console[1].splitlines() if line.startswith("courtois score:")][1:]
    assert set(said) <= set(ran.stderr.splitlines())
