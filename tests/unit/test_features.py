"""Features of comments: what is seen in a text; rows do not depend on their neighbours."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from data.record import Comment
from model.bundle import Bundle
from model.encoder import DIMENSIONS
from model.features.lexical import feature_names, lexical_features, read
from model.features.space import FeatureSpace, dense_width, read_text, sentence_vectors
from model.features.stance import stance_rows, stance_width
from model.text import normalise


def columns(text: str) -> dict[str, float]:
    """Lexical columns of one raw comment that are not zero."""
    comment = normalise(text)
    row = lexical_features([read(comment.text)], [bool(comment.quoted)])[0]
    return {name: float(value) for name, value in zip(feature_names(), row, strict=True) if value}


class TestLexical:
    @pytest.mark.parametrize(
        ("text", "present", "absent"),
        [
            ("Tu es un connard", ["insults.strong", "insults:addressed"], ["insults:negated"]),
            ("Ce n'est pas un connard", ["insults.strong", "insults:negated"], ["insults:self"]),
            ("Il m'a traité de « connard »", ["insults.strong", "insults:quoted"], []),
            ("Je suis un connard", ["insults.strong", "insults:self"], []),
            ("Les musulmans sont de la vermine", ["identity.religion", "dehumanise~identity"], []),
            ("Les musulmans prient", ["identity.religion"], ["dehumanise~identity", "slurs.religion"]),
            ("Bravo", ["polarity.+1", "short"], ["insults.strong"]),
            ("> oui\nnon", ["quotes_parent"], []),
            ("non", [], ["quotes_parent"]),
            ("Voir https://exemple.fr @jean", ["urls", "handles"], []),
            ("QUELLE HONTE !!!", ["capital_words", "capitals", "exclamations"], []),
        ],
    )
    def test_what_a_comment_does(self, text: str, present: list[str], absent: list[str]) -> None:
        found = columns(text)
        assert set(present) <= set(found)
        assert not set(absent) & set(found)

    @pytest.mark.parametrize(
        ("plain", "varied"),
        [("un menteur", "des Menteurs"), ("imbécile heureux", "imbecile heureux"), ("connard", "c0nnard")],
    )
    def test_inflection_accents_and_disguise_meet_the_list(self, plain: str, varied: str) -> None:
        lists = [{n for n in columns(text) if "." in n} for text in (plain, varied)]
        assert lists[0] == lists[1] != set()

    def test_names_are_distinct_and_ordered(self) -> None:
        assert len(set(feature_names())) == len(feature_names())
        assert lexical_features([read("a")], [False]).shape == (1, len(feature_names()))

    @pytest.mark.parametrize("text", ["", " ", "\n", "!!!", "😀" * 500, "a" * 5000, "mot " * 3000])
    def test_extreme_texts_are_finite(self, text: str) -> None:
        assert np.isfinite(lexical_features([read(text)], [False])).all()

    def test_class_stream_replaces_terms_in_place(self) -> None:
        reading = read("ces sales connards mentent")
        stream = reading.class_stream()
        assert any(word.startswith("\0insults.") for word, _, _ in stream)
        assert all(0 <= b < e <= len(reading.text) for _, b, e in stream)
        assert all(a[1] < b[1] for a, b in pairwise(stream))
        assert "connard" not in " ".join(word for word, _, _ in stream)

    def test_stem_stream_keeps_every_word(self) -> None:
        reading = read("Les chats, eux, mangeaient.")
        assert [reading.text[b:e] for _, b, e in reading.stem_stream()] == [w for w, _, _ in reading.words]


MIXED = [
    "Non.",
    "Une phrase tout à fait ordinaire sur le budget de la commune.",
    "",
    "> cité\nmais pas d'accord 😡 avec ces c0nnards",
    "Un très long commentaire sur la réforme, encore et encore, sans fin. " * 60,
    "👏👏",
]


def same_rows(space: FeatureSpace, texts: list[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    reads = [read_text(text) for text in texts]
    together = space.rows(reads)
    alone = [space.rows([each]) for each in reads]
    for view in ("chars", "words"):
        stacked = sparse.vstack([getattr(row, view) for row in alone])
        yield getattr(together, view).toarray(), stacked.toarray()
    yield together.dense, np.vstack([row.dense for row in alone])


@pytest.mark.parametrize("order", [1, -1])
def test_every_view_row_by_row(small_bundle: Bundle, order: int) -> None:
    compared = 0
    for together, alone in same_rows(small_bundle.space, MIXED[::order]):
        np.testing.assert_allclose(together, alone, atol=1e-4)  # dense rows are scaled by 8
        compared += 1
    assert compared == 3


def test_rows_select_by_number_and_mask(small_bundle: Bundle) -> None:
    rows = small_bundle.space.rows([read_text(text) for text in MIXED])
    some = rows.at(np.array([4, 1]))
    assert len(some) == 2
    np.testing.assert_array_equal(some.dense, rows.dense[[4, 1]])
    assert abs(rows.at(np.arange(6) < 2).chars - rows.chars[:2]).max() == 0


def test_dense_rows_hold_the_sentence_and_bounded_lexicons(small_bundle: Bundle) -> None:
    rows = small_bundle.space.rows([read_text(text) for text in MIXED])
    assert rows.dense.shape == (len(MIXED), dense_width())
    np.testing.assert_allclose(np.linalg.norm(sentence_vectors(rows.dense), axis=1), 1, atol=1e-5)
    assert np.abs(rows.dense[:, DIMENSIONS:]).max() <= 4.5


def test_masks_are_not_given_to_the_encoder() -> None:
    assert read_text("Voir https://exemple.fr 😂 merci").sentence.split() == ["Voir", "merci"]


def test_another_encoder_can_take_its_place() -> None:
    class Lengths:
        name, dimensions = "lengths", DIMENSIONS

        def encode(self, texts: list[str]) -> np.ndarray:
            return np.array([[len(t)] * DIMENSIONS for t in texts], np.float32)

    reads = [read_text("abc"), read_text("a")]
    rows = FeatureSpace(Lengths()).fit(reads).rows(reads)
    assert sentence_vectors(rows.dense)[:, 0].tolist() == [3, 1]


def space_vectors(bundle: Bundle, text: str) -> np.ndarray:
    return bundle.space.encoder.encode([text])[0]


class TestStanceRows:
    COMMENTS = (
        Comment(id="1", text="Très bonne idée", target="le vélo en ville"),
        Comment(id="2", text="Non merci", article_title="Le vélo en ville", parent_text="Pour ma part oui"),
        Comment(id="3", text="Non merci", target="le vélo en ville", parent_text=""),
    )

    def rows(self, space: FeatureSpace, comments: tuple[Comment, ...]) -> np.ndarray:
        dense = space.rows([read_text(c.text) for c in comments]).dense
        return stance_rows(space, dense, comments)

    def test_batch_equals_row_by_row(self, small_bundle: Bundle) -> None:
        together = self.rows(small_bundle.space, self.COMMENTS)
        assert together.shape == (3, stance_width())
        alone = np.vstack([self.rows(small_bundle.space, (c,)) for c in self.COMMENTS])
        np.testing.assert_allclose(together, alone, atol=1e-4)

    def test_target_and_parent_matter_and_absence_is_zero(self, small_bundle: Bundle) -> None:
        with_parent, without = self.rows(small_bundle.space, self.COMMENTS[1:])
        assert without[-1] == 0
        assert not without[-2 - DIMENSIONS : -2].any()
        assert with_parent[-2 - DIMENSIONS : -2].any()
        other = replace(self.COMMENTS[2], target="les impôts")
        moved = self.rows(small_bundle.space, (other,))[0]
        np.testing.assert_allclose(moved[: dense_width()], without[: dense_width()], atol=1e-4)
        product = slice(dense_width() + DIMENSIONS, dense_width() + 2 * DIMENSIONS)
        assert np.abs(moved[product] - without[product]).max() > 0.1
        assert np.abs(moved[-2] - without[-2]) > 0.01
        sentence, target = (space_vectors(small_bundle, text) for text in ("Non merci", "le vélo en ville"))
        np.testing.assert_allclose(without[product], sentence * target * 130, atol=1e-3)

    def test_half_a_surrogate_pair_in_a_target(self, small_bundle: Bundle) -> None:
        odd = replace(self.COMMENTS[0], target="\ud83d")
        assert np.isfinite(self.rows(small_bundle.space, (odd,))).all()
