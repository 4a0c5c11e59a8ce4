"""Who quotes whom: lines of a comment found in those before it, or in the article."""

from hypothesis import given
from hypothesis import strategies as st
from page_text import page

from data.page_quotes import Quotations


def test_same_words_by_chance_are_no_quotation() -> None:
    comments = "votre avatar\nMerci !\nBonne journée.\nvotre avatar\nMerci !\nTout à fait d'accord.\n"
    assert [c.text for c in page(head="2 commentaires\n", comments=comments).comments] == [
        "Merci !\nBonne journée.",
        "Merci !\nTout à fait d'accord.",
    ]


def test_the_nearest_comment_is_the_parent() -> None:
    quotations = Quotations([])
    quotations.resolve(1, ["Non, ce projet est mort de toute façon, hélas."])
    quotations.resolve(2, ["Je redis que ce projet est mort de toute façon."])
    assert quotations.resolve(3, ["ce projet est mort de toute façon", "Pas sûr."]).parent == 2


def test_a_whole_sentence_goes_before_a_part_of_one() -> None:
    quotations = Quotations([])
    quotations.resolve(1, ["J'ai lu. Ce projet est mort de toute façon."])
    quotations.resolve(2, ["Je redis que ce projet est mort de toute façon, oui."])
    assert quotations.resolve(3, ["Ce projet est mort de toute façon", "Pas sûr."]).parent == 1


def test_a_hostile_page_takes_a_bounded_number_of_comparisons() -> None:
    quotations = Quotations([])
    for number in range(1, 1000):
        line = f"la même phrase qui revient toujours {number}"
        assert quotations.resolve(number, [line, f"encore {number}"]).parent is None
    assert quotations.resolve(1000, ["même phrase qui revient toujours 990", "oui"]).parent == 990


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=80), max_size=8))
def test_no_line_of_a_comment_is_lost(texts: list[str]) -> None:
    """Whatever readers write, every line comes back, marked as a quotation or not."""
    quotations = Quotations(["Le conseil a voté la mesure hier soir."])
    for number, text in enumerate(texts, start=1):
        lines = text.split("\n")
        resolved = quotations.resolve(number, lines).text.split("\n")
        pairs = list(zip(lines, resolved, strict=True))
        assert all(new in (old, f"> {old.strip()}") for old, new in pairs)
