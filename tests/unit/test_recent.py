"""What keeps a retraining honest: benchmarks stay out, later labels judge, newer bundles are met fairly."""

from dataclasses import replace

import numpy as np
import pytest

from data.record import Comment, Labels
from model.bundle import Bundle
from model.heads import HeadSet
from training.guard import find_evaluation_rows, kept_for_evaluation
from training.learn import Fitted
from training.recent import latest_rows, learnt_from, moment, score_histogram, unseen_rows


def rows(count: int, **more: object) -> list[Comment]:
    return [
        Comment(id=str(i), text=f"Texte {i}", labels=Labels(incivility=i % 2), **more) for i in range(count)
    ]  # type: ignore[arg-type]


def dated(count: int, field: str) -> list[Comment]:
    return [
        replace(c, **{field: f"2026-{1 + i // 28:02d}-{1 + i % 28:02d}"}) for i, c in enumerate(rows(count))
    ]


def test_rows_of_an_evaluation_corpus_are_found_to_the_fold_and_counted() -> None:
    held = {
        "a": [Comment(id="x", text="TEXTE 3 !!")],
        "b": [Comment(id="y", text="texte 3"), Comment(id="z", text="😀")],
    }
    given = [*rows(5), Comment(id="e", text="😀"), Comment(id="f", text="texte, 3")]
    kept, found = find_evaluation_rows(given, list(held), load=held.__getitem__)
    assert [c.id for c in kept] == ["0", "1", "2", "4"]
    assert found == {"a": 2, "b": 1}
    assert find_evaluation_rows(given, [], load=held.__getitem__) == (given, {})


def test_only_benchmarks_and_diagnostics_are_kept_for_evaluation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("training.guard._here", lambda name: True)
    assert set(kept_for_evaluation()) >= {"toxifrench_benchmark", "hatecheck_fr"}
    assert not {"embedded", "toxifrench", "cyberagression"} & set(kept_for_evaluation())
    monkeypatch.setattr("training.guard._here", lambda name: False)
    assert kept_for_evaluation() == []


@pytest.mark.parametrize("field", ["created_at", "labelled_at"])
def test_the_latest_fifth_is_later_than_all_the_rest(field: str) -> None:
    comments = dated(336, field)
    late = latest_rows(comments)
    assert late is not None
    assert 0.15 < late.mean() <= 0.2
    stamps = [getattr(c, field) for c in comments]
    assert max(s for s, x in zip(stamps, late, strict=True) if not x) < min(
        s for s, x in zip(stamps, late, strict=True) if x
    )


def test_no_split_without_dates_or_with_one_date_or_with_few_rows() -> None:
    assert latest_rows(rows(400)) is None
    assert latest_rows(rows(400, labelled_at="2026-11-22T10:00:00+00:00")) is None
    assert latest_rows(dated(100, "created_at")) is None
    broken = dated(336, "labelled_at")
    broken[7] = replace(broken[7], created_at="hier")
    assert latest_rows(broken) is not None  # by the labels' dates


def test_moments_are_compared_across_offsets() -> None:
    assert moment("2026-11-22T10:00:00+02:00") == moment("2026-11-22T08:00:00")
    assert moment("2026-11-22T10:00:00Z") == moment("2026-11-22T10:00:00+00:00")
    assert moment("") is moment("demain") is None


def adapted(bundle: Bundle, **metrics: object) -> Bundle:
    return replace(bundle, manifest=replace(bundle.manifest, base="petit@0", metrics=metrics))


def test_unseen_rows_are_those_labelled_later(small_bundle: Bundle) -> None:
    comments = dated(56, "labelled_at")
    assert unseen_rows(comments, small_bundle).all()  # trained on corpora only
    assert not unseen_rows(comments, adapted(small_bundle)).any()  # nobody can tell
    learnt = learnt_from(comments[:28])
    assert learnt == {"rows": 28, "until": "2026-01-28"}
    assert unseen_rows(comments, adapted(small_bundle, labels=learnt)).tolist() == [False] * 28 + [True] * 28
    undated = learnt_from([*comments[:27], rows(1)[0]])
    assert undated["until"] is None
    assert not unseen_rows(comments, adapted(small_bundle, labels=undated)).any()


def test_the_histogram_is_of_incivility_out_of_fold(small_bundle: Bundle) -> None:
    logits = np.array([[-9.0, 5.0], [0.0, 5.0], [9.0, 5.0], [9.0, np.nan]], np.float32)
    heads: HeadSet = small_bundle.incivility
    labels = {"p_uncivil": np.zeros(4, np.float32), "insult": np.zeros(4, np.float32)}
    assert score_histogram(Fitted(heads, logits, labels), rows(4)) == {
        "scores": [0.25, 0, 0, 0, 0, 0.25, 0, 0, 0, 0.5],
        "scores_of": {"n": 4, "blind": False},
    }
    nothing = {"scores": None, "scores_of": None}
    assert score_histogram(None, []) == nothing
    assert score_histogram(Fitted(heads, logits, {"insult": labels["insult"]}), rows(4)) == nothing


def test_the_histogram_is_of_blind_rows_where_they_are_enough(small_bundle: Bundle) -> None:
    """500 chosen rows that score high, 200 drawn by lot that score low."""
    given = [replace(c, extra={"sampling": "blind"} if i < 200 else {}) for i, c in enumerate(rows(700))]
    logits = np.where(np.arange(700) < 200, -9.0, 9.0).astype(np.float32)[:, None]
    labels = {"p_uncivil": (np.arange(700) % 2).astype(np.float32)}
    found = score_histogram(Fitted(small_bundle.incivility, logits, labels), given)
    assert found == {"scores": [1.0, *[0.0] * 9], "scores_of": {"n": 200, "blind": True}}
    labels["p_uncivil"][:200] = 0  # nothing uncivil among them
    assert score_histogram(Fitted(small_bundle.incivility, logits, labels), given)["scores_of"]["n"] == 700
