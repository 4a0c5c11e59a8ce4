"""Splits: what belongs together stays together, and nothing leaks into what is measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.record import Comment, Labels
from training.splits import deduplicated, folded, grouped_folds, groups, without


def comment(number: int, text: str | None = None, **fields: str | None) -> Comment:
    return Comment(id=str(number), text=text or f"mot{number}", **fields)


class TestGroups:
    def test_same_thread_author_or_opening(self) -> None:
        long = "Voici une phrase assez longue pour que sa copie soit reconnue comme telle"
        rows = [
            comment(0, thread_id="a"),
            comment(1, thread_id="a"),
            comment(2, author="anne"),
            comment(3, author="anne"),
            comment(4, long + ", premier."),
            comment(5, long.upper() + " !!! second"),
            comment(6, "court"),
            comment(7, "court"),
            *(comment(i) for i in range(8, 14)),
        ]
        numbers = groups(rows).tolist()
        assert numbers[0] == numbers[1]
        assert numbers[2] == numbers[3]
        assert numbers[4] == numbers[5]
        assert numbers[6] != numbers[7]  # « court » says nothing of where it was copied from
        assert len(set(numbers)) == len(rows) - 3

    def test_links_chain(self) -> None:
        rows = [
            comment(0, thread_id="a", author="anne"),
            comment(1, thread_id="b", author="anne"),
            comment(2, thread_id="b", author="luc"),
            *(comment(i) for i in range(3, 9)),
        ]
        assert len(set(groups(rows)[:3].tolist())) == 1

    def test_kinds_of_key_never_meet(self) -> None:
        rows = [comment(0, thread_id="x"), comment(1, author="x"), *(comment(i) for i in range(2, 6))]
        assert len(set(groups(rows).tolist())) == len(rows)

    def test_targets_only_when_asked(self) -> None:
        rows = [comment(i, target=f"cible {i // 2}") for i in range(8)]
        assert len(set(groups(rows).tolist())) == 8
        assert groups(rows, by_target=True).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]

    def test_an_author_everywhere_is_given_up_but_threads_stay(self) -> None:
        rows = [comment(i, thread_id=f"fil {i // 3}", author="partout") for i in range(30)]
        assert groups(rows).tolist() == [i // 3 for i in range(30)]

    @pytest.mark.parametrize(("prolific", "together"), [(12, True), (13, False)])
    def test_an_author_of_most_rows_is_too_many(self, prolific: int, together: bool) -> None:
        rows = [comment(i, author="prolixe" if i < prolific else None) for i in range(30)]
        assert (len(set(groups(rows)[:prolific].tolist())) == 1) is together

    def test_then_targets_then_threads_and_never_copies(self) -> None:
        text = "La même phrase assez longue pour compter comme une copie"
        rows = [comment(i, thread_id="seul", author="seul", target="seule") for i in range(8)]
        rows += [comment(i, text, thread_id="seul", author="seul", target="seule") for i in range(8, 10)]
        numbers = groups(rows, by_target=True)
        assert numbers[8] == numbers[9]
        assert len(set(numbers.tolist())) == 9
        threads = [comment(i, thread_id=f"fil {i // 3}", target="seule") for i in range(30)]
        assert groups(threads, by_target=True).tolist() == [i // 3 for i in range(30)]

    def test_all_copies_are_one_group(self) -> None:
        text = "La même phrase assez longue pour compter comme une copie"
        assert groups([comment(i, text) for i in range(5)]).tolist() == [0] * 5

    def test_no_rows(self) -> None:
        assert len(groups([])) == 0

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40))
    def test_threads_are_never_split_while_they_are_small(self, keys: list[tuple[int, int]]) -> None:
        rows = [comment(i, thread_id=f"t{t}", author=f"a{a}") for i, (t, a) in enumerate(keys)]
        numbers = groups(rows)
        if max(np.unique([t for t, _ in keys], return_counts=True)[1]) <= 0.4 * len(keys):
            for thread in {r.thread_id for r in rows}:
                assert (
                    len({n for n, r in zip(numbers.tolist(), rows, strict=True) if r.thread_id == thread})
                    == 1
                )


class TestFolds:
    @pytest.mark.parametrize("count", [2, 5])
    def test_no_group_is_split_and_every_row_is_tested_once(self, count: int) -> None:
        group = np.random.default_rng(0).integers(0, 20, 200)
        folds = grouped_folds(group, count)
        assert len(folds) == count
        for train, test in folds:
            assert not set(group[train]) & set(group[test])
        np.testing.assert_array_equal(np.sort(np.concatenate([test for _, test in folds])), np.arange(200))

    def test_never_more_folds_than_groups(self) -> None:
        assert len(grouped_folds(np.array([0, 0, 1, 2]), 10)) == 3

    def test_same_folds_each_time(self) -> None:
        group = np.arange(50) // 3
        for (_, one), (_, two) in zip(grouped_folds(group, 5), grouped_folds(group, 5), strict=True):
            np.testing.assert_array_equal(one, two)

    def test_the_embedded_corpus_keeps_threads_and_copies_whole(self, embedded: list[Comment]) -> None:
        for train, test in grouped_folds(groups(embedded), 5):
            for key in (
                lambda c: c.thread_id,
                lambda c: folded(c.text)[:60] if len(folded(c.text)) > 20 else None,
            ):
                seen = {key(embedded[i]) for i in train} - {None}
                assert not seen & {key(embedded[i]) for i in test}


class TestLeaks:
    def test_held_out_texts_leave_the_training_rows(self) -> None:
        rows = [comment(0, "Bravo à tous !"), comment(1, "Autre chose"), comment(2, "bravo, à TOUS")]
        assert without(rows, [comment(9, "BRAVO à tous")]) == [rows[1]]
        assert without(rows, []) == rows

    def test_texts_without_words_are_told_apart(self) -> None:
        rows = [comment(0, "😀"), comment(1, "👎👎"), comment(2, "!!!")]
        assert without(rows, [comment(9, "👎👎")]) == [rows[0], rows[2]]
        assert deduplicated(rows) == rows

    def test_duplicates_are_told_apart_by_parent_and_target(self) -> None:
        rows = [
            comment(0, "Oui."),
            comment(1, "oui"),
            comment(2, "oui", parent_text="Encore ?"),
            comment(3, "oui", parent_text="encore"),
            comment(4, "oui", target="le vélo"),
            comment(5, "oui", article_title="le vélo"),
        ]
        assert [c.id for c in deduplicated(rows)] == ["0", "2", "4"]

    def test_the_first_keeps_its_labels(self) -> None:
        rows = [
            Comment(id="0", text="a", labels=Labels(insult=1)),
            Comment(id="1", text="A", labels=Labels(insult=0)),
        ]
        (kept,) = deduplicated(rows)
        assert kept.labels.insult == 1


@pytest.mark.parametrize("text", ["Ça va ?", "l’été", "RT @nom: a_b", "", "…"])
def test_folded_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text) == folded(text.upper())
