"""Saved article pages: where comments begin and end, who quotes whom, and when it was."""

from datetime import date

import pytest
from page_text import ARTICLE, COMMENTS, TODAY, page

from data.page_quotes import Quotations
from data.pages import parse_page
from data.record import parse_comment


def test_article_and_comments() -> None:
    read = page()
    assert read.title == "La mairie de Brévaux abandonne son appli d’alerte citoyenne"
    assert (read.date_text, read.date) == ("Le 4 mars à 18h12", date(2026, 3, 4))
    assert read.warnings == ()
    assert [c.text.split("\n")[0][:14] for c in read.comments] == [
        "Deux ans pour ", "mdr :D", "> J’avais prév", "> La ville gar", "> Oui enfin pr",
    ]  # fmt: skip
    thread = "la-mairie-de-brevaux-abandonne-son-appli-d-alerte-citoyenne-03-04"
    assert [c.id for c in read.comments] == [f"{thread}-{n}" for n in range(1, 6)]
    assert {c.thread_id for c in read.comments} == {thread}


def test_replies_are_those_that_quote_a_comment() -> None:
    first, _, third, fourth, fifth = page().comments
    assert (third.parent_id, third.parent_text) == (first.id, first.text)
    assert fourth.parent_id is None, "the article's words have no comment as parent"
    assert (fifth.parent_id, fifth.parent_text) == (third.id, third.text)
    assert page().comments[1].parent_id is None


def test_only_the_quoted_line_is_marked() -> None:
    assert page().comments[2].text == (
        "> J’avais prévenu que personne ne l’installerait sur son téléphone\n"
        "Oui enfin prévenir après coup, c'est facile.\n\n(moi je l'avais)"
    )
    assert (
        page().comments[3].text == "> La ville garde ses sirènes.\nTant mieux, elles marchent sans réseau !"
    )


def test_rows_are_records() -> None:
    rows = page().rows()
    again = [parse_comment(row, default_id="?") for row in rows]
    assert [(c.id, c.text, c.parent_id) for c in again] == [
        (c.id, c.text, c.parent_id) for c in page().comments
    ]
    assert again[0].extra == {
        "article_date": "2026-03-04",
        "article_date_text": "Le 4 mars à 18h12",
        "created_at_text": "",
    }


@pytest.mark.parametrize(
    "head", ["5 commentaires\n", "Commentaires [5]\n", "Réactions (5)\n", "COMMENTAIRES : 5\n",
             "Commentaires\n", "Les commentaires (5)\nTrier par date\n"],
)  # fmt: skip
def test_headings(head: str) -> None:
    read = page(head=head)
    assert len(read.comments) == 5
    assert any("before the first" in w for w in read.warnings) == ("Trier" in head)


def test_a_link_to_the_comments_above_the_article_is_not_their_heading() -> None:
    read = page(article="5 commentaires\n" + ARTICLE)
    assert len(read.comments) == 5
    assert read.title.startswith("La mairie")
    assert read.comments[3].text.startswith("> La ville")


def test_a_comment_may_say_what_a_heading_says() -> None:
    read = page(comments=COMMENTS.replace("mdr :D", "mdr\nCommentaires (3)\nregardez le titre"))
    assert len(read.comments) == 5
    assert read.comments[1].text == "mdr\nCommentaires (3)\nregardez le titre"


@pytest.mark.parametrize("separator", ["avatar", "Membre du club", "—"])
def test_other_separators(separator: str) -> None:
    assert len(page(comments=COMMENTS.replace("votre avatar", separator)).comments) == 5


def test_buttons_after_each_comment() -> None:
    comments = COMMENTS.replace("votre avatar\n", "Répondre\n").removeprefix("Répondre\n") + "Répondre\n"
    read = page(comments=comments)
    assert (len(read.comments), read.warnings) == (5, ())
    assert read.comments[1].text == "mdr :D"


def test_buttons_are_not_the_readers_words() -> None:
    read = page(comments=COMMENTS.replace("votre avatar\n", "Répondre\nSignaler\nvotre avatar\n"))
    assert read.comments[0].text.endswith("téléphone.")
    assert len(read.comments) == 5


def test_one_comment() -> None:
    for separator in ("votre avatar\n", ""):
        (comment,) = page(head="1 commentaire\n", comments=f"{separator}Bien joué.\n\nVraiment.\n").comments
        assert comment.text == "Bien joué.\n\nVraiment."


def test_a_wrong_count_is_told() -> None:
    assert page(head="Commentaires (7)\n").warnings == ("the page announces 7 comments, 5 were found",)


def test_an_emptied_comment_keeps_its_number() -> None:
    read = page(comments=COMMENTS.replace("mdr :D\n", ""))
    assert [c.id.rsplit("-", 1)[1] for c in read.comments] == ["1", "3", "4", "5"]
    assert read.warnings == (
        "the page announces 5 comments, 4 were found",
        "1 empty or over-long comments left out",
    )


def test_windows_lines_and_url() -> None:
    text = ("https://journal.example/brevaux\n" + ARTICLE + "Commentaires (5)\n" + COMMENTS).replace(
        "\n", "\r\n"
    )
    read = parse_page(text, name="p.txt", today=TODAY)
    assert len(read.comments) == 5
    assert {c.url for c in read.comments} == {"https://journal.example/brevaux"}
    assert read.title.startswith("La mairie"), "the line above the date, where no footer repeats the title"


def test_a_comment_posted_twice_is_its_authors_own() -> None:
    twice = "votre avatar\nVous rêvez, ça ne changera rien du tout.\n" * 2
    first, second = page(head="2 commentaires\n", comments=twice).comments
    assert first.text == second.text
    assert second.parent_id is None


def test_marks_of_the_page_are_kept() -> None:
    quotations = Quotations(["Un titre comme un autre pour la ville."])
    quotations.resolve(1, ["On verra bien ce qu'ils en feront."])
    resolved = quotations.resolve(2, ["> On verra bien ce qu'ils en feront.", "C'est tout vu."])
    assert (resolved.text, resolved.parent) == ("> On verra bien ce qu'ils en feront.\nC'est tout vu.", 1)


SIGNED = """votre avatar
Gaston
Le 4 mars à 19h00
Le 5 mars je rends mon téléphone, voilà.
votre avatar
Odile_b
Le 6 janvier à 07h15

@gaston vous l'avez installée au moins ?
votre avatar
Gaston
il y a 3 heures
@Odile_b: évidemment.
votre avatar
Le compte a été supprimé
"""


def test_names_and_dates_above_comments() -> None:
    read = page(head="4 commentaires\n", comments=SIGNED, year=2025)
    assert [(c.author, c.created_at) for c in read.comments] == [
        ("Gaston", "2025-03-04"),
        ("Odile_b", "2026-01-06"),
        ("Gaston", None),
        (None, None),
    ]
    assert [row["created_at_text"] for row in read.rows()] == [
        "Le 4 mars à 19h00", "Le 6 janvier à 07h15", "il y a 3 heures", "",
    ]  # fmt: skip
    first, second, third, fourth = read.comments
    assert first.text == "Le 5 mars je rends mon téléphone, voilà."
    assert (second.parent_id, third.parent_id, fourth.parent_id) == (first.id, second.id, None)


def test_one_comment_that_begins_with_a_date_keeps_it() -> None:
    read = page(comments=COMMENTS.replace("mdr :D", "Le 4 mars 2024\ntout était dit"))
    assert read.comments[1].text == "Le 4 mars 2024\ntout était dit"
    assert {c.author for c in read.comments} == {None}


def test_an_unknown_year_leaves_the_date_empty() -> None:
    read = page(article=ARTICLE.replace("ce mardi 3 mars", "mardi"))
    assert (read.date, read.rows()[0]["article_date"]) == (None, "")
    assert read.rows()[0]["article_date_text"] == "Le 4 mars à 18h12"
