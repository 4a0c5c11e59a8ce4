"""A real cluster: scheduler and workers are processes of their own, and one of them is killed."""

import importlib.util
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import fake_scorer
import pyarrow.parquet as pq
import pytest
from score_driver import ROOT, main

from data.errors import CourtoisError
from model import batch
from model.batch import make_chunks, score_chunks
from model.batch_input import Intake

dask = pytest.importorskip("dask", reason="the extra dask is not installed")
distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # what dask warns of is not ours


@pytest.fixture(scope="module")
def running() -> Iterator[object]:
    paths = [str(ROOT), str(ROOT / "tests" / "unit")]
    known = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([*paths, *([known] if known else [])])
    try:
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as found:
            yield found
    finally:
        os.environ.pop("PYTHONPATH")
        if known is not None:
            os.environ["PYTHONPATH"] = known


@pytest.fixture
def cluster(running: object) -> object:
    """The cluster with both workers: one that a test before has killed comes back after a while."""
    with distributed.Client(running) as client:
        client.wait_for_workers(2, timeout=120)
    return running


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("id,text\n" + "".join(f"{i},commentaire {i * 7919}\n" for i in range(9000)))


def pids(cluster: object) -> set[int]:
    with distributed.Client(cluster) as client:
        return set(client.run(os.getpid).values())


def test_a_worker_killed_mid_run_loses_and_doubles_nothing(
    cluster: object, capsys: pytest.CaptureFixture[str]
) -> None:
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    before = pids(cluster)
    assert len(before) == 2
    assert os.getpid() not in before
    killed: list[int] = []

    def kill() -> None:
        end = time.monotonic() + 60
        while not list(Path("o.parquet.parts").glob("*.parquet")) and time.monotonic() < end:
            time.sleep(0.005)
        killed.append(min(before))
        os.kill(min(before), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    options = ["in.csv", "-o", "o.parquet", "--bundle", "slow-1"]
    # One group in flight and many to come when the worker dies.
    assert main([*options, "--backend", "dask", "--scheduler", address]) == 0
    killer.join()
    assert killed
    assert main(["in.csv", "-o", "w.parquet", "--bundle", "slow-1", "--jobs", "1"]) == 0
    assert Path("o.parquet").read_bytes() == Path("w.parquet").read_bytes()
    assert pq.read_table("o.parquet").column("id").to_pylist() == [str(i) for i in range(9000)]
    assert json.loads(Path("o.parquet.manifest.json").read_text())["counts"]["scored"] == 9000


def test_a_task_that_kills_its_workers_is_one_line(cluster: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_TEST_PARENT", str(os.getpid()))
    groups = score_chunks(
        make_chunks(Intake(["in.csv"], {})),
        bundle=Path("mortal"),
        backend="dask",
        scheduler=cluster.scheduler_address,  # type: ignore[attr-defined]
        factory=fake_scorer.load_mortal,
    )
    with pytest.raises(CourtoisError, match="--backend dask: the cluster lost the workers") as caught:
        list(groups)
    assert "commentaire" not in str(caught.value)


def test_another_bundle_on_a_worker_is_told(cluster: object) -> None:
    batch._scorers.clear()
    groups = score_chunks(
        make_chunks(Intake(["in.csv"], {})),
        backend="dask",
        scheduler=cluster.scheduler_address,  # type: ignore[attr-defined]
        factory=fake_scorer.load_by_process,
    )
    with pytest.raises(CourtoisError, match="a worker scores with fake-worker, not fake-"):
        list(groups)


def test_a_cluster_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        arguments = ["in.csv", "-o", "o.csv", "--backend", "dask", "--scheduler", "tcp://127.0.0.1:9"]
        assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "--backend dask: the cluster cannot be reached" in said
    assert main(["in.csv", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "--scheduler: needs a cluster; add --backend dask" in capsys.readouterr().err


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra ray is not installed")
def test_ray_gives_what_this_process_gives() -> None:
    assert main(["in.csv", "-o", "r.parquet", "--backend", "ray", "--jobs", "2"]) == 0
    assert main(["in.csv", "-o", "w.parquet", "--jobs", "1"]) == 0
    assert Path("r.parquet").read_bytes() == Path("w.parquet").read_bytes()
