"""The corpus registry: label maps on rows of the published shape, and loading by name."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from corpora_files import given, write

from data.corpora import corpus_digest, corpus_names, load_corpus, peer_predictions, read_corpus, spec
from data.embedded import embedded_comments, embedded_digest
from data.errors import InputError
from data.taxonomy import SUBTYPES

ROWS: dict[str, list[dict[str, Any]]] = {
    "toxifrench": [
        {"msg_id": "m1", "content": "T'es qu'un clown", "topic": "t1", "user_hash": "u1",
         "human1_conclusion": "1.0", "human2_conclusion": "non", "human2_score": "0.0"},
        {"msg_id": "m2", "content": "Bonne soirée,\nles gens", "topic": "t1", "user_hash": "u2",
         "human1_conclusion": "0.0", "human2_conclusion": "bof", "human2_score": "0.75"},
        {"msg_id": "m3", "content": "NA", "topic": "t2", "user_hash": "u1",
         "human1_conclusion": "", "human2_conclusion": "oui", "human2_score": "1.0"},
        {"msg_id": "m4", "content": "Sans avis", "topic": "t2", "user_hash": "u1",
         "human1_conclusion": "", "human2_conclusion": "", "human2_score": ""},
        {"msg_id": "m5", "content": "  ", "topic": "t2", "user_hash": "u1",
         "human1_conclusion": "1.0", "human2_conclusion": "oui", "human2_score": "1.0"},
    ],
    "toxifrench_benchmark": [
        {"msg_id": "b1", "content": "Nul", "label": "1"},
        {"msg_id": "b2", "content": "Bien", "label": "0"},
    ],
    "jigsaw_fr": [
        {"msg_id": "007", "original_text": "x", "content": "Idiot.", "toxic": "1", "severe_toxic": "1",
         "obscene": "0", "threat": "0", "insult": "1", "identity_hate": "0"},
        {"msg_id": "j2", "original_text": "x", "content": "Merci.", "toxic": "0", "severe_toxic": "0",
         "obscene": "0", "threat": "0", "insult": "0", "identity_hate": "0"},
    ],
    "mlma_fr": [
        {"HITId": "1", "tweet": "@user n'importe quoi", "sentiment": "offensive_normal", "target": "origin"},
        {"HITId": "2", "tweet": "pas relu", "sentiment": "normal", "target": "other"},
    ],
    "ftr": [{"id": "5", "tweet": "je signale ce message", "label": "1"}],
    "hatecheck_fr": [
        {"mhc_case_id": f"french-{i}", "functionality": name, "test_case": "phrase", "label_gold": gold,
         "target_ident": who, "templ_id": "4"}
        for i, (name, gold, who) in enumerate(
            [("slur_h", "hateful", "women"), ("ident_pos_nh", "non-hateful", "women"),
             ("target_indiv_nh", "non-hateful", "")]
        )
    ],
    "cyberagression": [
        {"ID": "0", "speaker_hash": "s1", "TEXT": "texte", "HATE": hate,
         "VERBAL_ABUSE": kind, "scenario": "sc"}
        for hate, kind in [("OAG", "NCG"), ("CAG", "THR"), ("OAG", "DNG"), ("NAG", "")]
    ],
    "republique_numerique": [
        {"argument_id": 1, "opinion_id": 9, "target_title": "Ouvrir les données", "target_body": "Corps",
         "text": "Enfin !", "label": "FAVOR", "created_at": "2015-10-17T18:15:29+0200", "author_hash": "a"},
        {"argument_id": 2, "opinion_id": 9, "target_title": "Ouvrir les données", "target_body": "Corps",
         "text": "Cher.", "label": "AGAINST", "created_at": "2015-10-18T18:15:29+0200", "author_hash": "b"},
    ],
    "xstance_fr": [
        {"uid": 3, "question": "Faut-il un congé ?", "comment": "Oui, bien sûr.", "label": "FAVOR"},
        {"uid": 3, "question": "Faut-il un congé ?", "comment": "Pas maintenant.", "label": "AGAINST"},
    ],
    "efra": [
        {"id": str(856467254384480256 + i), "target": "X", "text": "t", "label": label, "unanimous": "1"}
        for i, label in enumerate(("FAVOUR", "AGAINST", "NONE"))
    ],
    "unlabelled_tweets": [{"text": "coucou", "topic_query": "q"}],
    "unlabelled_youtube": [{"video_id": "v", "video_title": "Titre", "text": "super"}],
    "unlabelled_youtube_science": [
        {"videoId": "v", "videoTitle": "L&#39;espace", "text": "super", "publishedAt": "2022-01-01T17:22:33Z",
         "commentLikeCount": "2"}
    ],
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpora folder of the published shape, written here."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name, rows in ROWS.items():
        write(tmp_path / spec(name).file, rows)
    ours = dict.fromkeys(SUBTYPES, 0)
    write(tmp_path / "relabelled/mlma_fr.csv", [{"HITId": 1, "severity": 2} | ours | {"insult": 1}])
    write(tmp_path / "relabelled/ftr.csv", [{"id": 5, "severity": 0} | ours])
    return tmp_path


@pytest.mark.parametrize("name", ROWS)
def test_what_every_corpus_keeps(root: Path, name: str) -> None:
    comments = load_corpus(name, root)
    assert comments
    assert len({c.id for c in comments}) == len(comments)
    assert all(c.id.startswith(f"{name}:") and c.source == name for c in comments)
    assert all(set(c.labels.given()) <= set(spec(name).labels) for c in comments)
    assert all(("original_label" in c.extra) == bool(spec(name).labels) for c in comments)
    assert all("user_hash" not in c.extra and "speaker_hash" not in c.extra for c in comments)


def test_toxifrench_takes_the_mean_of_the_humans_there_are(root: Path) -> None:
    loaded = read_corpus("toxifrench", root)
    assert given(loaded.comments) == [{"incivility": 1}, {"incivility": 0}, {"incivility": 1}]
    assert [c.extra["human_mean"] for c in loaded.comments] == [0.5, 0.375, 1.0]
    assert (loaded.unlabelled, loaded.empty, loaded.over_long) == (1, 1, 0)
    first = loaded.comments[0]
    assert (first.thread_id, first.author, first.extra["original_label"]) == (
        "toxifrench:t1",
        "u1",
        "1.0 non",
    )
    assert loaded.comments[1].text == "Bonne soirée,\nles gens"
    assert loaded.comments[2].text == "NA", "a word that pandas takes for nothing"


def test_rows_left_out_are_counted_in_the_log(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    load_corpus("toxifrench", root)
    assert [r.getMessage() for r in caplog.records] == ["corpus toxifrench: left out 1 empty, 1 unlabelled"]


def test_jigsaw_labels_one_to_one(root: Path) -> None:
    none = {"incivility": 0, "insult": 0, "profanity": 0, "identity_attack": 0, "threat": 0}
    comments = load_corpus("jigsaw_fr", root)
    assert given(comments) == [none | {"incivility": 1, "insult": 1}, none]
    assert comments[0].id == "jigsaw_fr:007"
    assert comments[0].extra["original_label"] == "toxic severe_toxic insult"
    assert comments[0].extra["original_insult"] == "1"


def test_our_labels_are_joined_and_originals_kept(root: Path) -> None:
    loaded = read_corpus("mlma_fr", root)
    assert given(loaded.comments) == [{"severity": 2} | dict.fromkeys(SUBTYPES, 0) | {"insult": 1}]
    assert loaded.unlabelled == 1
    assert dict(loaded.comments[0].extra) == {
        "original_label": "offensive_normal",
        "sentiment": "offensive_normal",
        "original_target": "origin",
    }
    assert loaded.comments[0].target is None, "the group insulted is not a target of stance"
    (ftr,) = load_corpus("ftr", root)
    assert (ftr.labels.severity, ftr.labels.uncivil, ftr.extra["original_label"]) == (0, 0, "1")


def test_hatecheck_keeps_functionality(root: Path) -> None:
    comments = load_corpus("hatecheck_fr", root)
    assert given(comments) == [
        {"incivility": 1, "identity_attack": 1},
        {"incivility": 0, "identity_attack": 0},
        {"identity_attack": 0},
    ]
    assert [c.extra["functionality"] for c in comments] == ["slur_h", "ident_pos_nh", "target_indiv_nh"]
    assert [c.extra["target_ident"] for c in comments] == ["women", "women", ""]
    assert {c.thread_id for c in comments} == {"hatecheck_fr:4"}


def test_cyberagression(root: Path) -> None:
    comments = load_corpus("cyberagression", root)
    assert given(comments) == [
        {"incivility": 1, "insult": 1, "threat": 0},
        {"incivility": 1, "threat": 1},
        {"incivility": 1, "threat": 0},
        {"incivility": 0, "insult": 0, "threat": 0},
    ]
    assert (comments[0].thread_id, comments[0].author) == ("cyberagression:sc", "s1")


def test_stance_corpora(root: Path) -> None:
    first, second = load_corpus("republique_numerique", root)
    assert (first.labels.stance, second.labels.stance) == ("favor", "against")
    assert (first.target, first.thread_id) == ("Ouvrir les données", "republique_numerique:9")
    assert (first.author, first.extra["target_body"]) == ("a", "Corps")
    assert first.created_at == "2015-10-17T16:15:29+00:00"
    question, _ = load_corpus("xstance_fr", root)
    assert (question.target, question.thread_id) == ("Faut-il un congé ?", "xstance_fr:Faut-il un congé ?")
    assert [c.labels.stance for c in load_corpus("efra", root)] == ["favor", "against", "none"]
    assert load_corpus("efra", root)[0].id == "efra:856467254384480256", "too long for a float"


def test_unlabelled(root: Path) -> None:
    (comment,) = load_corpus("unlabelled_youtube_science", root)
    assert not comment.labels
    assert (comment.article_title, comment.created_at) == ("L'espace", "2022-01-01T17:22:33Z")
    assert not spec("unlabelled_youtube_science").trainable


def test_embedded_is_one_of_them() -> None:
    assert load_corpus("embedded") == embedded_comments()
    assert corpus_digest("embedded") == embedded_digest()
    assert spec("embedded").use == "ship"


def test_never_trained_on() -> None:
    kept_apart = {name for name in corpus_names() if spec(name).labels and not spec(name).trainable}
    assert kept_apart == {"toxifrench_benchmark", "hatecheck_fr"}


def test_digest_is_of_the_files(root: Path) -> None:
    tweets, ours = root / "mlma_fr/tweets.csv", root / "relabelled/mlma_fr.csv"
    alone = hashlib.sha256((root / "efra/train.csv").read_bytes()).hexdigest()
    assert corpus_digest("efra", root) == alone
    lines = "".join(
        f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(root).as_posix()}\n"
        for f in (tweets, ours)
    )
    assert corpus_digest("mlma_fr", root) == hashlib.sha256(lines.encode()).hexdigest()


def test_peers_by_message(root: Path) -> None:
    write(
        root / "toxifrench/peers_dev.csv",
        [{"msg_id": "b1", "label": 1, "gpt_4o": 0, "perspective_INSULT": 0.5}],
    )
    assert peer_predictions(root).loc["b1", "gpt_4o"] == 0


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(InputError, match="known are embedded, toxifrench"):
        load_corpus("toxi")


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("efra", b"id,target,text\n1,X,t\n", "no column label"),
        ("efra", b"id,target,text,label\n1,X,t,MAYBE\n", "'MAYBE' is no label of this corpus"),
        ("efra", b"id,target,text,label\n1,X,\xe9t\xe9,NONE\n", "cannot be read"),
        ("efra", b"", "no column id"),
        ("jigsaw_fr", b"msg_id,content,toxic,severe_toxic,obscene,threat,insult,identity_hate\n1,t,7,,,,,\n",
         "column incivility"),
        ("xstance_fr", b"{oups\n", "cannot be read"),
    ],
)  # fmt: skip
def test_damaged_files(root: Path, name: str, content: bytes, fault: str) -> None:
    (root / spec(name).file).write_bytes(content)
    with pytest.raises(InputError, match=fault):
        load_corpus(name, root)
