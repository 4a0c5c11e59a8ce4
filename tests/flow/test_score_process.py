"""``courtois score`` as a process of its own: pipes, a full disk, several workers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from score_driver import main
from score_files import lines, put

DRIVER = [sys.executable, "-W", "error", str(Path(__file__).with_name("score_driver.py"))]


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def drive(*arguments: str, stdin: str = "", **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*DRIVER, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )


def test_stdin_to_stdout() -> None:
    body = '{"text": "un", "id": 5}\n{"text": ""}\n{"text": "deux", "v": [1]}\n'
    done = drive("-", stdin=body)
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["id"], row["text"], row.get("v")) for row in rows] == [(5, "un", None), ("2", "deux", [1])]
    assert lines("stdout.rejected.jsonl")[0]["source"] == "stdin"
    assert "3 rows in, 2 scored, 1 set aside" in done.stderr
    assert drive("-", stdin="").returncode == 2
    assert drive("-", "-o", "o.parquet", stdin='{"text": "a"}').returncode == 0
    assert pq.read_table("o.parquet").num_rows == 1


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    put("in.csv", "text\n" + "bonjour\n" * 20_000)
    with subprocess.Popen(
        [*DRIVER, "in.csv", "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline().startswith(b'{"id": "0"')
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() == 141


def test_a_full_disk_is_told_and_the_rest_is_resumed() -> None:
    put("in.csv", "text\n" + "".join(f"bonjour {i * 7919 % 100_003}\n" for i in range(6000)))
    code = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (150_000,) * 2);"
    code += "sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
    for out in ("o.csv", "o.jsonl"):
        done = subprocess.run(
            [sys.executable, "-c", code, DRIVER[-1], "in.csv", "-o", out, "--jobs", "1"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        kept, error = done.stderr.splitlines()
        assert kept == f"courtois score: finished parts are kept in {out}.parts; go on with --resume"
        assert error.startswith(f"courtois score: {out}: cannot be written (File too large)")
        assert sorted(os.listdir()) == ["in.csv", f"{out}.parts"]
        assert not list(Path(f"{out}.parts").glob("*.tmp"))
        assert main(["in.csv", "-o", out, "--resume"]) == 0
        resumed = Path(out).read_bytes()
        assert main(["in.csv", "-o", out]) == 0
        assert Path(out).read_bytes() == resumed
        for path in (out, f"{out}.manifest.json"):
            Path(path).unlink()
    assert os.listdir() == ["in.csv"]
    if Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [*DRIVER, "in.csv", "--jobs", "1"],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "stdout: cannot be written (No space left on device)" in done.stderr


def test_workers_change_no_byte() -> None:
    put("in.csv", "text,id\n" + "".join(f"{'x' * (i % 83 + 1)},{i}\n" for i in range(3000)))
    for jobs in ("1", "2"):
        assert main(["in.csv", "-o", f"{jobs}.parquet", "--jobs", jobs]) == 0
    assert Path("1.parquet").read_bytes() == Path("2.parquet").read_bytes()
    assert pq.read_table("1.parquet").column("id").to_pylist() == [str(i) for i in range(3000)]
