from dataclasses import replace

from data.formats import Row
from data.record import Comment
from model.batch_chunks import Chunk
from model.batch_repeats import LONGEST, Repeats


def chunk(index: int, *texts: str, **fields: str) -> Chunk:
    comments = [Comment(text=text, id=str(i), **fields) for i, text in enumerate(texts)]  # type: ignore[arg-type]
    rows = [Row("a.csv", i, i + 2, {"text": c.text}) for i, c in enumerate(comments)]
    return Chunk(index, "a.csv", rows, comments)


def scored(repeats: Repeats, *chunks: Chunk) -> list[list[str]]:
    """Plan all before any is complete, as workers do; a score names the chunk it was made in."""
    planned = [repeats.plan(each) for each in chunks]
    return [
        [
            str(columns["p"])
            for columns in repeats.complete(
                c, [{"p": f"{c.index}:{c.comments[place].text[:3]}"} for place in c.fresh]
            )
        ]
        for c in planned
    ]


def test_a_repeated_comment_has_the_score_of_its_first_time() -> None:
    repeats = Repeats()
    found = scored(repeats, chunk(0, "a", "b", "a"), chunk(1, "b", "c"), chunk(2))
    assert found == [["0:a", "0:b", "0:a"], ["0:b", "1:c"], []]
    assert repeats.repeated == 2


def test_another_thread_is_another_comment() -> None:
    same = chunk(0, "a")
    others = [
        chunk(i + 1, "a", **{name: "x"}) for i, name in enumerate(("target", "parent_text", "article_title"))
    ]
    assert scored(Repeats(), same, *others) == [["0:a"], ["1:a"], ["2:a"], ["3:a"]]
    assert scored(Repeats(), same, replace(same, index=1)) == [["0:a"], ["0:a"]]


def test_what_is_forgotten_is_scored_again_and_both_sides_forget_alike() -> None:
    repeats = Repeats(size=2)
    found = scored(repeats, chunk(0, "a", "b", "a", "c"), chunk(1, "b", "a", "c"))
    assert found == [["0:a", "0:b", "0:a", "0:c"], ["1:b", "1:a", "1:c"]]


def test_long_comments_are_not_kept() -> None:
    text = "x" * (LONGEST + 1)
    assert scored(Repeats(), chunk(0, text, text), chunk(1, text)) == [["0:xxx", "0:xxx"], ["1:xxx"]]
    odd = "\ud83d"
    assert scored(Repeats(), chunk(0, odd, odd)) == [[f"0:{odd}"] * 2]


def test_a_resumed_run_goes_on_as_if_it_had_not_stopped() -> None:
    chunks = [chunk(0, "a", "b"), chunk(1, "a", "c"), chunk(2, "c", "b", "d")]
    whole = Repeats(size=3)
    expected = scored(whole, *chunks)
    resumed = Repeats(size=3)
    for each, columns in zip(chunks[:2], expected, strict=False):
        resumed.replay(each, [{"p": p} for p in columns])
    assert scored(resumed, chunks[2]) == expected[2:]
    assert resumed.repeated == whole.repeated
