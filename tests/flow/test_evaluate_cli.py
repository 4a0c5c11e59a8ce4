import csv
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

import app
from data.record import Comment
from data.taxonomy import SUBTYPES
from model.bundle import SHIPPED
from model.judgement import Judgement
from model.scorer import Scorer
from training import quality

INSULTS = ("Espèce de crétin numéro %d", "Quelle bande de clowns au rang %d")
CALM = ("Merci pour l'article %d", "Je vote contre la loi %d")


class KnowsWords:
    """A scorer that needs no weights: insults are what holds a word of insult."""

    bundle_name = "words@1"
    thresholds = {"p_uncivil": 0.5}  # noqa: RUF012

    def __init__(self, trained_on: Sequence[str] = ()) -> None:
        metrics = {"heldout": {"p_uncivil": {"n": 9, "auc": 0.987}}}
        corpora = tuple({"name": name} for name in trained_on)
        self.bundle = SimpleNamespace(manifest=SimpleNamespace(corpora=corpora, metrics=metrics))
        self.seen: list[Comment] = []

    def score_many(self, comments: Sequence[Comment]) -> list[Judgement]:
        self.seen += comments
        return [self._judge(c) for c in comments]

    def _judge(self, comment: Comment) -> Judgement:
        p = 0.9 if "crétin" in comment.text or "clowns" in comment.text else 0.2
        return Judgement(
            p_impolite=p, p_uncivil=p, p_intolerable=0.0, severity=2 * int(p > 0.5),
            subtypes=dict.fromkeys(SUBTYPES, p), stance=None, stance_probabilities={},
            action="review" if p > 0.5 else "publish", bundle=self.bundle_name,
        )  # fmt: skip


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> KnowsWords:
    scorer = KnowsWords()
    monkeypatch.setattr(Scorer, "load", classmethod(lambda cls, bundle=None, tier="full": scorer))
    return scorer


def labelled(count: int = 20) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for i in range(count):
        text = (INSULTS if i % 2 else CALM)[i // 2 % 2] % i
        rows.append({"id": str(i), "text": text, "thread_id": str(i // 4), "severity": 2 * (i % 2)})
    return rows


def write(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def benchmark(folder: Path) -> Path:
    """Write a stand-in of the benchmark and of the other systems' verdicts, all of our own words."""
    root = folder / "corpora"
    (root / "toxifrench").mkdir(parents=True)
    rows = labelled()
    own = [{"msg_id": f"m{r['id']}", "content": r["text"], "label": int(r["severity"] == 2)} for r in rows]
    write(root / "toxifrench" / "benchmark_dev.csv", own)
    peers = [
        {"msg_id": r["msg_id"], "label": r["label"], "twin": r["label"], "contrary": 1 - int(str(r["label"]))}
        for r in own
    ]
    write(root / "toxifrench" / "peers_dev.csv", peers)
    return root


@pytest.mark.parametrize("name", ["site.csv", "site.jsonl"])
def test_a_labelled_file_is_measured(
    name: str, tmp_path: Path, words: KnowsWords, capsys: pytest.CaptureFixture[str]
) -> None:
    path, figures = write(tmp_path / name, labelled()), tmp_path / "out" / "figures.json"
    folder = tmp_path / "report"
    command = ["evaluate", "--corpus", str(path), "--json", str(figures), "--report", str(folder)]
    assert app.main(command) == 0
    content = json.loads(figures.read_text())
    assert content["corpus"] == str(path)
    assert content["n"] == 20
    assert content["incivility"]["auc"] == content["heads"]["incivility"]["auc"] == 1
    assert set(content["heads"]) == {"incivility", "p_impolite", "p_intolerable"}
    assert json.loads((folder / "report.json").read_text()) == content
    printed = capsys.readouterr()
    assert "incivility" in printed.out
    assert printed.out == (folder / "report.md").read_text()
    assert "crétin" not in printed.out + printed.err + (folder / "report.html").read_text()


def test_bad_rows_are_counted_and_named(
    tmp_path: Path, words: KnowsWords, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = labelled()
    rows[3]["severity"] = 7
    rows[4]["text"] = ""
    rows[5]["severity"] = ""
    path = write(tmp_path / "site.csv", rows)
    assert app.main(["evaluate", "--corpus", str(path), "--json", "-"]) == 0
    printed = capsys.readouterr()
    content = json.loads(printed.out)
    assert (content["n"], content["rows_set_aside"], content["unlabelled"]) == (17, 2, 1)
    assert f"{path}:5: column severity" in printed.err
    assert f"{path}:6: column text" in printed.err


def test_parents_and_other_column_names_are_found(tmp_path: Path, words: KnowsWords) -> None:
    rows: list[dict[str, object]] = [
        {"id": "2", "message": "Un clowns de plus", "parent_id": "1", "incivility": 1},
        {"id": "1", "message": "Le parent", "parent_id": None, "incivility": None},
        {"id": "3", "message": "Bravo", "parent_id": "9", "incivility": 0},
    ]
    path = write(tmp_path / "site.jsonl", rows)
    assert app.main(["evaluate", "--corpus", str(path), "--map", "text=message"]) == 0
    assert [c.parent_text for c in words.seen] == ["Le parent", None]


def test_several_corpora_are_a_list(
    tmp_path: Path, words: KnowsWords, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [write(tmp_path / name, labelled()) for name in ("a.jsonl", "b.csv")]
    assert app.main(["evaluate", "--corpus", str(paths[0]), "--corpus", str(paths[1]), "--json", "-"]) == 0
    assert [r["corpus"] for r in json.loads(capsys.readouterr().out)] == [str(p) for p in paths]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--corpus", "nowhere"], "nowhere: neither a file nor a corpus of the registry"),
        (["--corpus", "{folder}"], "not a known extension"),
        (["--corpus", "{folder}/empty.csv"], "empty.csv"),
        (["--corpus", "{folder}/unlabelled.csv"], "unlabelled.csv: no labelled comment"),
        (["--corpus", "{folder}/site.csv", "--report", "{folder}/site.csv"], "is no folder"),
        (["--corpus", "{folder}/site.csv", "--json", "{folder}/site.csv/x"], "site.csv"),
        (["--corpus", "{folder}/site.csv", "--map", "text"], "--map"),
    ],
)
def test_what_cannot_be_measured_is_one_line_and_status_2(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    words: KnowsWords,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty.csv").write_text("")
    write(tmp_path / "unlabelled.csv", [{"id": "1", "text": "Bonjour"}])
    write(tmp_path / "site.csv", labelled())
    assert app.main(["evaluate", *(a.format(folder=tmp_path) for a in arguments)]) == 2
    lines = [x for x in capsys.readouterr().err.splitlines() if x.startswith("courtois evaluate:")]
    assert len(lines) == 1
    assert message in lines[0]


def test_a_missing_bundle_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "site.csv", labelled())
    assert app.main(["evaluate", "--corpus", str(path), "--bundle", str(tmp_path / "none")]) == 2
    assert "no such bundle folder" in capsys.readouterr().err


def test_texts_seen_in_training_are_warned_of(
    tmp_path: Path, words: KnowsWords, capsys: pytest.CaptureFixture[str]
) -> None:
    from data.embedded import embedded_comments

    rows = labelled()
    words.bundle.manifest.corpora = ({"name": "embedded"},)
    rows.append({"id": "99", "text": embedded_comments()[0].text.upper(), "thread_id": "t", "severity": 0})
    path = write(tmp_path / "site.jsonl", rows)
    assert app.main(["evaluate", "--corpus", str(path), "--json", "-"]) == 0
    printed = capsys.readouterr()
    content = json.loads(printed.out)
    assert content["leaks"]["seen"] == 1
    assert content["without_leaks"]["n"] == 20
    assert "WARNING" in printed.err


def test_peers_are_compared_on_the_benchmark(
    tmp_path: Path,
    words: KnowsWords,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COURTOIS_CORPORA", str(benchmark(tmp_path)))
    assert app.main(["evaluate", "--corpus", "toxifrench_benchmark", "--json", "-"]) == 0
    content = json.loads(capsys.readouterr().out)
    by_name = {row["system"]: row for row in content["comparison"]["peers"]}
    assert content["comparison"]["n"] == 20
    assert by_name["twin"]["p_value"] == 1
    assert by_name["contrary"]["p_value"] < 0.001
    assert content["published"][0]["system"]


def test_quality_writes_the_table_the_page_and_the_readme(
    tmp_path: Path,
    words: KnowsWords,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COURTOIS_CORPORA", str(benchmark(tmp_path)))
    words.bundle.manifest.corpora = ({"name": "embedded"},)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "README.md").write_text("# x\n<!-- quality:begin -->stale<!-- quality:end -->\nrest\n")
    assert quality.main(["--root", str(tmp_path)]) == 0
    content = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert content == json.loads((tmp_path / "bench" / "out" / "quality.json").read_text())
    assert content["corpora"]["embedded"]["in_sample"]
    assert "heads" not in content["corpora"]["embedded"]
    assert content["corpora"]["toxifrench_benchmark"]["heads"]["incivility"]["auc"] == 1
    assert "hatecheck_fr" in content["absent"]
    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith("# x\n<!-- quality:begin -->\n")
    assert readme.endswith("<!-- quality:end -->\nrest\n")
    assert "stale" not in readme
    page = (tmp_path / "docs" / "quality.md").read_text()
    for text in (readme, page):
        assert "we win" in text
        assert "0.987" in text
        assert "in-sample" in text


def test_quality_outside_a_checkout_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main(["--root", str(tmp_path)]) == 2
    assert "is no checkout" in capsys.readouterr().err


def test_the_shipped_bundle_can_be_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (SHIPPED / "manifest.json").is_file():
        pytest.skip("no shipped bundle in this checkout")
    path = write(tmp_path / "site.csv", labelled())
    assert app.main(["evaluate", "--corpus", str(path), "--json", "-"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["incivility"]["auc"] > 0.9
    assert 0 < content["incivility"]["threshold"] < 1
