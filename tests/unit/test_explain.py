"""Reasons: exact sums, inside the original text, and about the words that matter."""

from collections import defaultdict

import numpy as np
import pytest

from data.record import Comment
from model.explain import MOST_WORDS, SMALLEST, _linear_weights, _meaning_weights, explain
from model.features.lexical import feature_names, lexical_features
from model.features.space import Read, read_text
from model.heads import probability
from model.installed import SHIPPED
from model.judgement import Judgement
from model.scorer import Scorer

TEXTS = {
    "plain": "Bande de menteurs, vous êtes des imbéciles finis et on le sait tous.",
    "quoted": "> Vous êtes des imbéciles\n> vraiment\nJe ne suis pas d'accord, restons polis.",
    "emoji": "😡😡 quel clown 🤡, dégage !!! 👎",
    "obfuscated": "Sale c0nn4rd de m*rde, f e r m e ta gueuuuule",
    "styled": "ｔｕ es un 𝐜𝐨𝐧 \u200bvraiment",
    "only quoted": "> rien que du cité",
    "invisible": "\u200b\u200d",
    "blank": " \n ",
    "punctuation": "?!?!",
    "one letter": "a",
    "long": "Les élus mentent et "
    + "le budget de la commune augmente encore cette année. " * 38
    + "Quels cons !",
    "surrogate": "con \ud83d oui",
}


@pytest.fixture(scope="module", params=TEXTS)
def judged(request: pytest.FixtureRequest, small_scorer: Scorer) -> tuple[str, Judgement]:
    text = TEXTS[request.param]
    return text, small_scorer.score(Comment(id="1", text=text), spans=True)


def test_weights_sum_to_the_log_odds(judged: tuple[str, Judgement], small_scorer: Scorer) -> None:
    text, judgement = judged
    heads = small_scorer.bundle.incivility
    logits = heads.logits(small_scorer.bundle.space.rows([read_text(text)]))[0]
    expected = dict(zip(heads.names, logits.tolist(), strict=True))
    sums: dict[str, float] = defaultdict(float)
    for reason in judgement.reasons or ():
        sums["p_uncivil" if reason.label == "incivility" else reason.label] += reason.weight
    assert "p_uncivil" in sums
    for label, total in sums.items():
        assert total == pytest.approx(expected[label], abs=1e-3)
        shown = judgement.p_uncivil if label == "p_uncivil" else judgement.subtypes[label]
        assert float(probability(np.float32([total]))[0]) == pytest.approx(shown, abs=1e-3)


def test_spans_lie_inside_the_text(judged: tuple[str, Judgement]) -> None:
    text, judgement = judged
    for reason in judgement.reasons or ():
        assert 0 <= reason.begin <= reason.end <= len(text)
        assert np.isfinite(reason.weight)


def test_each_label_ends_with_what_no_word_accounts_for(judged: tuple[str, Judgement]) -> None:
    text, judgement = judged
    by_label = defaultdict(list)
    for reason in judgement.reasons or ():
        by_label[reason.label].append(reason)
    for reasons in by_label.values():
        assert (reasons[-1].begin, reasons[-1].end) == (0, len(text))
        sizes = [abs(r.weight) for r in reasons[:-1]]
        assert sizes == sorted(sizes, reverse=True)
        assert all(size >= SMALLEST for size in sizes)


def test_nothing_is_said_of_quoted_lines(small_scorer: Scorer) -> None:
    text = TEXTS["quoted"]
    reasons = small_scorer.score(Comment(id="1", text=text), spans=True).reasons or ()
    own = text.index("Je ne")
    assert all(r.begin >= own for r in reasons if (r.begin, r.end) != (0, len(text)))
    assert any(r.begin >= own for r in reasons)


def test_the_insult_is_the_strongest_reason() -> None:
    text = "Franchement, monsieur le maire est un connard et le budget est public."
    reasons = Scorer.load(SHIPPED).score(Comment(id="1", text=text), spans=True).reasons or ()
    first = next(r for r in reasons if r.label == "incivility")
    assert text[first.begin : first.end] == "connard"
    assert first.weight > 0


def test_disguised_words_are_shown_as_written(small_scorer: Scorer) -> None:
    text = "Quel c0nnard !"
    reasons = small_scorer.score(Comment(id="1", text=text), spans=True).reasons or ()
    assert "c0nnard" in {text[r.begin : r.end] for r in reasons}


def test_subtypes_are_explained_from_their_threshold(small_scorer: Scorer) -> None:
    judgement = small_scorer.score(Comment(id="1", text=TEXTS["plain"]), spans=True)
    explained = {r.label for r in judgement.reasons or ()}
    above = {n for n, p in judgement.subtypes.items() if p >= small_scorer.thresholds[n]}
    assert explained == {"incivility"} | above
    assert small_scorer.score(Comment(id="1", text="Oui.")).reasons is None


def test_n_gram_weights_are_exact(small_scorer: Scorer) -> None:
    """Word by word they add up to the linear part, which occlusion has no share in."""
    space, heads = small_scorer.bundle.space, small_scorer.bundle.incivility
    for text in TEXTS.values():
        read = read_text(text)
        rows = space.rows([read])
        linear = (rows.chars @ heads.chars + rows.words @ heads.words)[0]
        given = _linear_weights(read, space, heads).sum(axis=0)
        np.testing.assert_allclose(given, linear if read.reading.words else 0, atol=1e-3)


def test_left_out_words_are_compared_with_the_same_quoting_comment(
    small_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a comment quotes is no merit of each of its words."""
    space, heads = small_scorer.bundle.space, small_scorer.bundle.incivility
    read, dense, compared = read_text("> cité\nMerci pour ces chiffres"), space.dense, []

    def watched(reads: list[Read], sentences: np.ndarray) -> np.ndarray:
        compared.extend(reads)
        return dense(reads, sentences)

    monkeypatch.setattr(space, "dense", watched)
    weights = _meaning_weights(read, space, heads, np.zeros((4, len(heads.names)), np.float32))
    assert weights.any(axis=1).all()
    left_out = [" pour ces chiffres", "Merci  ces chiffres", "Merci pour  chiffres", "Merci pour ces "]
    assert [r.normalised.text for r in compared] == ["Merci pour ces chiffres", *left_out]
    quoting = lexical_features([r.reading for r in compared], [bool(r.normalised.quoted) for r in compared])
    assert quoting[:, feature_names().index("quotes_parent")].tolist() == [1.0] * 5


def test_long_comments_leave_out_a_bounded_number_of_words(
    small_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = small_scorer.bundle.space
    encode, asked = space.encoder.encode, []

    class Counting:
        name, dimensions = space.encoder.name, space.encoder.dimensions

        def encode(self, texts: list[str]) -> np.ndarray:
            asked.append(len(texts))
            return encode(texts)

    monkeypatch.setattr(space, "_encoder", Counting())
    read = read_text(TEXTS["long"])
    assert len(read.reading.words) > 300
    reasons = explain(read, space, small_scorer.bundle.incivility, {"p_uncivil": 0.5})
    assert asked == [MOST_WORDS + 1]
    assert sum(r.weight for r in reasons) == pytest.approx(0.5, abs=1e-3)
