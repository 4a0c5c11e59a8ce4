import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import fake_scorer
import pyarrow as pa
import pytest
from joblib import parallel as joblib_parallel

from data.errors import CourtoisError, InputError
from data.formats import Rejection, Row
from data.record import Comment
from model import batch
from model.batch import Chunk, Scored, make_chunks, score_chunks
from model.batch_input import Intake, RecentTexts
from model.batch_output import own_name, unify


def item(number: int, source: str = "a.csv", text: str = "") -> tuple[Row, Comment]:
    text = text or f"commentaire {number}"
    return Row(source, number, number + 2, {"text": text}), Comment(text=text, id=str(number))


def flat(groups: Iterator[list[Scored]]) -> list[tuple[str, float]]:
    return [
        (comment.id, columns["incivility"])
        for group in groups
        for scored in group
        for comment, columns in zip(scored.chunk.comments, scored.columns, strict=True)
    ]


def test_chunks_end_by_rows_by_size_and_by_source() -> None:
    rejection = Rejection("a.csv", 3, 5, None, "bad", "x")
    items = [item(i) for i in range(batch.CHUNK_ROWS - 1)] + [rejection, item(600, text="x" * 1_000_000)]
    chunks = list(make_chunks([*items, item(601), item(0, "b.csv")]))
    assert [len(c.rows) for c in chunks] == [batch.CHUNK_ROWS - 1, 1, 1, 1]
    assert [c.index for c in chunks] == [0, 1, 2, 3]
    assert [c.source for c in chunks] == ["a.csv", "a.csv", "a.csv", "b.csv"]
    assert chunks[0].rejections == [rejection]
    assert list(make_chunks([])) == []


def test_workers_give_what_this_process_gives_in_order() -> None:
    items = [item(i, text="x" * (i % 97 + 1)) for i in range(2600)]
    alone = flat(score_chunks(make_chunks(items), jobs=1, factory=fake_scorer.load))
    shared = flat(score_chunks(make_chunks(items), jobs=2, factory=fake_scorer.load))
    assert [i for i, _ in shared] == [str(n) for n in range(2600)]
    assert shared == alone


def test_input_is_read_a_group_at_a_time() -> None:
    read = 0

    def chunks() -> Iterator[Chunk]:
        nonlocal read
        for index in range(100):
            read += 1
            row, comment = item(index)
            yield Chunk(index, "a.csv", [row], [comment])

    groups = score_chunks(chunks(), jobs=2, factory=fake_scorer.load)
    next(groups)
    assert read == 2 * 2 * 12
    groups.close()  # type: ignore[attr-defined]


def test_a_small_input_starts_no_worker_and_a_bundle_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_workers(**_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(batch, "Parallel", no_workers)
    batch._scorers.clear()
    fake_scorer.LOADED.clear()
    bundle = Path("some")
    for _ in range(3):
        found = flat(
            score_chunks(
                make_chunks([item(i) for i in range(299)]), jobs=8, bundle=bundle, factory=fake_scorer.load
            )
        )
        assert len(found) == 299
    assert [bundle] == fake_scorer.LOADED
    with pytest.raises(AssertionError):
        flat(score_chunks(make_chunks([item(i) for i in range(301)]), jobs=8, factory=fake_scorer.load))


def test_no_rows_at_all() -> None:
    assert list(score_chunks([], jobs=2, factory=fake_scorer.load)) == []


def test_a_killed_worker_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_TEST_PARENT", str(os.getpid()))
    items = [item(i) for i in range(1200)]
    with pytest.raises(CourtoisError, match="ended by the system"):
        flat(score_chunks(make_chunks(items), jobs=2, bundle=Path("mortal"), factory=fake_scorer.load_mortal))


@pytest.mark.parametrize(("backend", "package"), [("dask", "distributed"), ("ray", "ray")])
def test_a_missing_backend_names_its_package(
    backend: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    items = [item(i) for i in range(700)]
    with pytest.raises(InputError, match=f"--backend {backend}: the package {package} is not installed"):
        flat(score_chunks(make_chunks(items), jobs=2, backend=backend, factory=fake_scorer.load))  # type: ignore[arg-type]


def parents(path: Path, **options: object) -> list[str | None]:
    return [i[1].parent_text for i in Intake([path], {}, **options) if isinstance(i, tuple)]  # type: ignore[arg-type]


def test_parents_are_found_among_recent_comments(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        f"id,parent_id,parent_text,text\na,,,{'p' * 3000}\nb,a,,oui\nc,b,donné,si\n"
        "d,zz,,non\na,,,autre\ne,a,,fin\n"
    )
    assert parents(path) == [None, "p" * 2000, "donné", None, None, "autre"]
    assert parents(path, recent=RecentTexts(1)) == [None, "p" * 2000, "donné", None, None, "autre"]
    far = tmp_path / "far.csv"
    far.write_text("id,parent_id,text\na,,un\nb,,deux\nc,a,trois\n")
    assert parents(far, recent=RecentTexts(1)) == [None, None, None]


def test_row_numbers_are_ids_within_their_own_dump(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"parent_id,text\n,{name} un\n0.0,{name} deux\n")
    found = [i[1] for i in Intake([tmp_path / "a.csv", tmp_path / "b.csv"], {}) if isinstance(i, tuple)]
    assert [c.id for c in found] == ["0", "1", "2", "3"]
    assert [c.parent_text for c in found] == [None, "a.csv un", None, "b.csv un"]


def test_targets_and_duplicates(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(
            "id,target,text\n1,,un\n1,moi,deux\n2,,trois\n1,,quatre\n,,cinq\n,,six\n"
        )
    intake = Intake([tmp_path / "a.csv", tmp_path / "b.csv"], {}, target="eux")
    targets = [i[1].target for i in intake if isinstance(i, tuple)]
    assert targets == ["eux", "moi", "eux", "eux", "eux", "eux"] * 2
    assert (intake.rows, intake.duplicate_ids) == (12, 4)


def test_own_names_stay_apart() -> None:
    names = ["text", "stance", "input_stance", "input_input_stance", "bundle", "input_text"]
    kept = [own_name(name) for name in names]
    assert len(set(kept)) == len(kept)
    assert not {"stance", "bundle"} & set(kept)
    assert own_name("id") == "id"
    assert own_name("id", id_mapped=True) == "input_id"


def test_types_that_disagree_become_text() -> None:
    one = pa.schema([("n", pa.int32()), ("d", pa.int64()), ("t", pa.string())])
    other = pa.schema([("n", pa.int64()), ("d", pa.string()), ("late", pa.bool_())])
    types = {field.name: str(field.type) for field in unify([one, other])}
    assert list(types)[:4] == ["n", "d", "t", "late"]
    assert (types["n"], types["d"], types["late"]) == ("int64", "string", "bool")


def test_a_task_is_not_done_before_its_result_is_there() -> None:
    """Another thread may look at any moment: here whenever the lock is let go."""
    task = joblib_parallel.BatchCompletionCallBack.__new__(joblib_parallel.BatchCompletionCallBack)
    seen: list[object] = []

    class Lock:
        def __enter__(self) -> None: ...

        def __exit__(self, *error: object) -> None:
            if task.status == joblib_parallel.TASK_DONE:
                seen.append(task._result)

    task.status, task.job = joblib_parallel.TASK_PENDING, None
    task.parallel = SimpleNamespace(_lock=Lock(), return_ordered=True)
    task._register_outcome({"status": joblib_parallel.TASK_DONE, "result": [7]})
    assert seen == [[7]]
