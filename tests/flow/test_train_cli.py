"""``courtois train``: the same bundle each time, or one line that says why not."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from app import main
from data.exchange import to_row
from data.record import Comment, Labels
from data.taxonomy import SUBTYPES
from model.bundle import load_bundle
from model.policy import INCIVILITY_HEADS

SETTINGS = (
    'name = "minuscule"\nversion = "7"\nlandmarks = 20\nstance_landmarks = 20\nfolds = 2\naudit = false\n'
)


def few_of_each(comments: list[Comment]) -> list[Comment]:
    """Enough rows of every label to learn from, and not many more."""
    chosen: dict[str, Comment] = {}
    for name in SUBTYPES:
        having = [c for c in comments if getattr(c.labels, name)]
        chosen |= {c.id: c for c in having[:: len(having) // 14][:14]}
    for severity in range(4):
        having = [c for c in comments if c.labels.severity == severity]
        chosen |= {c.id: c for c in having[:: len(having) // 15][:15]}
    return list(chosen.values())


def write(path: Path, comments: Iterable[Comment]) -> Path:
    path.write_text("".join(json.dumps(to_row(c)) + "\n" for c in comments), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def corpus(embedded: list[Comment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("corpus") / "propre.jsonl", few_of_each(embedded))


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "essai.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return main(["train", *map(str, arguments)])


def errors(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Lines on stderr that are no progress."""
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("[")]


def test_same_input_same_bytes_and_rows_set_aside(
    corpus: Path, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--corpus", corpus, "--config", settings, "-o", tmp_path / "un") == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "wrote minuscule@7" in shown.err
    bad = tmp_path / "mauvais.jsonl"
    bad.write_text('{"text": "Secret", "severity": 8}\n{"text": "Secret"}\n', encoding="utf-8")
    assert run("--corpus", corpus, "--corpus", bad, "--config", settings, "-o", tmp_path / "deux") == 1
    aside = errors(capsys)
    assert [line.split(": ")[:3] for line in aside] == [
        ["set aside", f"{bad}:1", "column severity"],
        ["set aside", f"{bad}:2", "no label"],
    ]
    assert "Secret" not in "".join(aside)
    one, two = (load_bundle(tmp_path / name).manifest for name in ("un", "deux"))
    assert one.files["weights.npz"] == two.files["weights.npz"]
    assert one.metrics == two.metrics
    assert one.settings["landmarks"] == 20
    assert [c["name"] for c in two.corpora] == ["propre.jsonl", "mauvais.jsonl"]
    assert [c["rows"] for c in two.corpora] == [one.corpora[0]["rows"], 0]
    assert set(one.metrics["heldout"]) == {*INCIVILITY_HEADS, "stance"}
    scored = tmp_path / "notes.jsonl"
    assert main(["score", str(corpus), "-o", str(scored), "--bundle", str(tmp_path / "un")]) == 0
    assert json.loads(scored.read_text("utf-8").splitlines()[0])["bundle"] == "minuscule@7"


@pytest.mark.parametrize(
    ("labels", "missing"),
    [
        (Labels(severity=0, stance="favor"), "aspersion"),
        (Labels(insult=1), "p_uncivil"),
    ],
)
def test_too_few_labels_name_the_heads(
    embedded: list[Comment],
    settings: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    labels: Labels,
    missing: str,
) -> None:
    corpus = write(tmp_path / "c.jsonl", [replace(c, labels=labels) for c in embedded[:40]])
    assert run("--corpus", corpus, "--config", settings, "-o", tmp_path / "un") == 2
    (line,) = errors(capsys)
    assert line.startswith("courtois train: too few labels for ")
    assert missing in line
    assert "add a corpus" in line
    assert not (tmp_path / "un").exists()


@pytest.mark.parametrize(
    ("corpus", "said"),
    [
        ("inconnu", "inconnu"),
        ("absent.jsonl", "absent.jsonl"),
        ("labels.docx", "not a known extension"),
        ("toxifrench_benchmark", "may not train a bundle"),
        ("-", "-"),
    ],
)
def test_corpus_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], corpus: str, said: str
) -> None:
    assert run("--corpus", corpus, "-o", tmp_path / "un") == 2
    (line,) = errors(capsys)
    assert line.startswith("courtois train: ")
    assert said in line
    assert not list(tmp_path.iterdir())


def test_no_labelled_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write(tmp_path / "c.jsonl", [Comment(id="1", text="Secret")])
    assert run("--corpus", corpus, "-o", tmp_path / "un") == 2
    assert "no labelled comment" in errors(capsys)[-1]


def test_output_is_checked_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.dataset.gather", lambda *_, **__: pytest.fail("work was begun"))
    (tmp_path / "notes.txt").write_text("à garder")
    for place in (tmp_path, tmp_path / "notes.txt"):
        assert run("-o", place) == 2
        (line,) = errors(capsys)
        assert "choose another output folder" in line
    assert (tmp_path / "notes.txt").read_text() == "à garder"


def test_wrong_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.toml").write_text("landmark = 3")
    assert run("--config", tmp_path / "c.toml", "-o", tmp_path / "un") == 2
    (line,) = errors(capsys)
    assert "c.toml: unknown entry 'landmark'" in line


def test_output_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 2
    assert "-o/--output" in capsys.readouterr().err
