"""Where corpora come from: the folder, the hub, and what is said when neither has them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from corpora_files import given, write
from datasets import load_dataset

from data.corpora import load_corpus, peer_predictions, read_corpus
from data.corpora.source import corpora_root
from data.corpora.table import corpora_tables
from data.errors import InputError

REPOSITORY = Path(__file__).parents[2]

SHARED = REPOSITORY.parent / "shared" / "corpora"


def hub_of(folder: Path, asked: list[tuple[str, dict[str, Any]]], rows: list[dict[str, Any]]) -> Any:
    """A stand-in for the hub: the real loader on a file with the hub's columns."""

    def load(what: str, **arguments: Any) -> Iterable[Mapping[str, Any]]:
        asked.append((what, arguments))
        write(folder / "hub.jsonl", rows)
        cache = str(folder / "cache")
        return load_dataset("json", data_files=str(folder / "hub.jsonl"), split="train", cache_dir=cache)  # type: ignore[no-any-return]

    return load


def test_hub_when_the_folder_lacks_it(tmp_path: Path) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    empty = tmp_path / "corpora"
    empty.mkdir()
    rows = [{"content": "salut", "literal_conclusion_annotator": "non"},
            {"content": "dégage", "literal_conclusion_annotator": "oui"}]  # fmt: skip
    for name in ("toxifrench", "toxifrench_benchmark"):
        comments = read_corpus(name, empty, loader=hub_of(tmp_path, asked, rows)).comments
        assert given(comments) == [{"incivility": 0}, {"incivility": 1}]
        assert [c.extra["original_label"] for c in comments] == ["non", "oui"]
    assert asked == [
        ("AxelDlv00/ToxiFrench", {"name": "default", "split": split, "sep": ";"})
        for split in ("train", "test")
    ]


def test_hub_rows_in_other_languages_are_left_out(tmp_path: Path) -> None:
    rows = [{"question": "Q ?", "comment": text, "language": language, "label": "FAVOR", "author": "z"}
            for text, language in (("Ja.", "de"), ("Oui.", "fr"))]  # fmt: skip
    (comment,) = read_corpus("xstance_fr", tmp_path, loader=hub_of(tmp_path, [], rows)).comments
    assert (comment.text, comment.author, comment.target) == ("Oui.", "z", "Q ?")


def test_hub_with_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column comment, label"):
        read_corpus(
            "xstance_fr", tmp_path, loader=hub_of(tmp_path, [], [{"question": "Q ?", "language": "fr"}])
        )


def test_hub_out_of_reach(tmp_path: Path) -> None:
    def load(what: str, **arguments: Any) -> Iterable[Mapping[str, Any]]:
        raise ConnectionError(what)

    with pytest.raises(InputError, match="COURTOIS_CORPORA"):
        read_corpus("hatecheck_fr", tmp_path, loader=load)


@pytest.mark.parametrize("name", ["jigsaw_fr", "ftr", "mlma_fr"])
def test_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="set COURTOIS_CORPORA"):
        load_corpus(name, tmp_path)


def test_peers_nowhere(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="set COURTOIS_CORPORA"):
        peer_predictions(tmp_path)


def test_where_the_folder_is_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "shared" / "corpora").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("COURTOIS_CORPORA", raising=False)
    assert corpora_root() == tmp_path / "shared" / "corpora"
    monkeypatch.setenv("COURTOIS_CORPORA", str(tmp_path))
    assert corpora_root() == tmp_path
    assert corpora_root(tmp_path / "work") == tmp_path / "work"
    with pytest.raises(InputError, match="no such folder"):
        corpora_root(tmp_path / "nowhere")


def test_the_documentation_has_the_registry() -> None:
    text = (REPOSITORY / "docs" / "corpora.md").read_text(encoding="utf-8")
    assert corpora_tables() in text, "run python -m data.corpora.table, mend docs/corpora.md"


@pytest.mark.parametrize(
    ("name", "rows"),
    [("toxifrench", 499), ("toxifrench_benchmark", 702), ("jigsaw_fr", 1271), ("mlma_fr", 4006),
     ("ftr", 2846),
     ("hatecheck_fr", 3717), ("cyberagression", 5607), ("republique_numerique", 3151), ("xstance_fr", 1511),
     ("efra", 1220), ("unlabelled_youtube_science", 1968)],
)  # fmt: skip
def test_the_real_corpora_are_read_whole(name: str, rows: int) -> None:
    if not SHARED.is_dir():
        pytest.skip("the real corpora are not on this machine")
    comments = load_corpus(name, SHARED)
    assert len(comments) == rows
    assert len({c.id for c in comments}) == rows
