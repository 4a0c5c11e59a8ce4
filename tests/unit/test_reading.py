"""Reading in two processes gives what reading in one gives."""

import numpy as np
import pytest

from data.record import Comment
from model.bundle import Bundle
from training import reading
from training.learn import prepare
from training.reading import prepare_many


def test_rows_do_not_depend_on_the_number_of_processes(
    small_bundle: Bundle, unseen_comments: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", 10)
    monkeypatch.setattr(reading, "_CHUNK", 30)
    monkeypatch.setattr(reading, "_TOLD_EVERY", 1)
    comments, said = unseen_comments[:70], list[str]()
    one = prepare(comments, small_bundle.space, said.append).rows
    two = prepare_many(comments, small_bundle.space, said.append).rows
    assert (one.chars != two.chars).nnz == (one.words != two.words).nnz == 0
    np.testing.assert_allclose(one.dense, two.dense, atol=1e-5)
    assert two.chars.indices.dtype == np.int32  # liblinear reads no wider ones
    assert said[-1] == "read 70 of 70"
