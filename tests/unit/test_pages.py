"""Saved article pages: where comments begin and end, who quotes whom, and when it was."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.page_dates import date_line, resolve_year
from data.page_quotes import Quotations
from data.pages import Page, parse_page, read_page
from data.record import parse_comment

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
TODAY = date(2026, 11, 22)

ARTICLE = """Se connecter
Abonnez-vous

La mairie de Brévaux abandonne son appli d’alerte citoyenne

Le 4 mars à 18h12

Lancée il y a deux ans, l'application devait prévenir les habitants en cas de crue. Elle n'a servi
qu'une fois.

Au conseil de ce mardi 3 mars, l'adjointe au numérique a parlé d'un « outil mort-né ».
La ville garde ses sirènes.

Le 4 mars à 18h12

"""
COMMENTS = """votre avatar
Deux ans pour rien. J'avais prévenu que personne ne l'installerait sur son téléphone.
votre avatar
mdr :D
votre avatar
J’avais prévenu que personne ne l’installerait sur son téléphone
Oui enfin prévenir après coup, c'est facile.

(moi je l'avais)
votre avatar
La ville garde ses sirènes.
Tant mieux, elles marchent sans réseau !
votre avatar
Oui enfin prévenir après coup c'est facile
Bah non, j'ai le courrier daté.
"""
FOOTER = """
La mairie de Brévaux abandonne son appli d’alerte citoyenne

Fermer
"""


def page(
    article: str = ARTICLE, head: str = "Commentaires (5)\n\n", comments: str = COMMENTS, **options: int
) -> Page:
    return parse_page(article + head + comments + FOOTER, name="p.txt", today=TODAY, **options)  # type: ignore[arg-type]


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


def test_same_words_by_chance_are_no_quotation() -> None:
    comments = "votre avatar\nMerci !\nBonne journée.\nvotre avatar\nMerci !\nTout à fait d'accord.\n"
    assert [c.text for c in page(head="2 commentaires\n", comments=comments).comments] == [
        "Merci !\nBonne journée.",
        "Merci !\nTout à fait d'accord.",
    ]


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


def test_a_hostile_page_takes_a_bounded_number_of_comparisons() -> None:
    quotations = Quotations([])
    for number in range(1, 1000):
        line = f"la même phrase qui revient toujours {number}"
        assert quotations.resolve(number, [line, f"encore {number}"]).parent is None
    assert quotations.resolve(1000, ["même phrase qui revient toujours 990", "oui"]).parent == 990


@pytest.mark.parametrize(
    "article",
    ["Un titre\n\nDu texte.\n", "Titre du jour\n\nRéactions\nLe maire, non.\nPub\nLe préfet, oui.\nPub\n",
     "Titre de ce jour\n\nCommentaires (3)\nUn.\nDeux.\nTrois.\n",
     "Un titre\n\n0 commentaire\n", "Un titre\n\nCommentaires (0)\nSoyez le premier à réagir\n"],
)  # fmt: skip
def test_articles_without_comments(article: str) -> None:
    with pytest.raises(InputError, match=r"p\.txt: (an article without comments|no comment can be told)"):
        parse_page(article, name="p.txt")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Le 11 juin à 09h36", (11, 6, None)),
        ("Publié le 1er août 2023 à 7h", (1, 8, 2023)),
        ("mardi 10 févr. 2026", (10, 2, 2026)),
        ("Mis à jour le 05/12/2024 12:30", (5, 12, 2024)),
        ("2024-12-05T12:30", (5, 12, 2024)),
        ("4 mars - par la rédaction", (4, 3, None)),
    ],
)
def test_date_lines(line: str, expected: tuple[int, int, int | None]) -> None:
    found = date_line(line)
    assert found is not None
    assert (found.day, found.month, found.year) == expected
    assert found.text == line


@pytest.mark.parametrize(
    "line", ["Le 11 juin, tout a basculé.", "Le 12 juin les gens votent", "11 juin, tout commence ici.",
             "Le 45 mars", "mars 2024", "13/13/2024", "Il y a deux ans", ""],
)  # fmt: skip
def test_other_lines_are_no_dates(line: str) -> None:
    assert date_line(line) is None


@pytest.mark.parametrize(
    ("line", "article", "year", "expected"),
    [
        ("Le 11 juin", "ce mardi 10 juin", None, date(2025, 6, 11)),
        ("Le 11 juin", "ce mardi 10 juin", 2014, date(2014, 6, 11)),
        ("Le 11 juin 2022", "ce mardi 10 juin", 2014, date(2022, 6, 11)),
        ("Le 2 janvier", "mercredi 31 décembre", None, date(2026, 1, 2)),
        ("mardi 10 juin", "", None, date(2025, 6, 10)),
        ("Le 11 juin", "en juin dernier", None, None),
        ("Le 29 février", "", 2023, None),
        ("Le 29 février", "ce jeudi 29 février", None, date(2024, 2, 29)),
        ("Le 11 juin", "depuis le mardi 10 juin 2014, puis ce mardi 10 juin", None, date(2025, 6, 11)),
    ],
)
def test_the_year(line: str, article: str, year: int | None, expected: date | None) -> None:
    printed = date_line(line)
    assert printed is not None
    assert resolve_year(printed, article, year=year, today=TODAY) == expected


def test_an_unknown_year_leaves_the_date_empty() -> None:
    read = page(article=ARTICLE.replace("ce mardi 3 mars", "mardi"))
    assert (read.date, read.rows()[0]["article_date"]) == (None, "")
    assert read.rows()[0]["article_date_text"] == "Le 4 mars à 18h12"


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "empty"), (b" \n", "empty"), (b"caf\xe9", "not UTF-8 at byte 3"), (b"a\0b", "not a text file"),
     (b"<!DOCTYPE html><p>", "HTML")],
)  # fmt: skip
def test_files_that_are_no_page(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=fault):
        read_page(path)


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder"):
        read_page(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        read_page(tmp_path / "p.txt")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=80), max_size=8))
def test_no_line_of_a_comment_is_lost(texts: list[str]) -> None:
    """Whatever readers write, every line comes back, marked as a quotation or not."""
    quotations = Quotations(["Le conseil a voté la mesure hier soir."])
    for number, text in enumerate(texts, start=1):
        lines = text.split("\n")
        resolved = quotations.resolve(number, lines).text.split("\n")
        pairs = list(zip(lines, resolved, strict=True))
        assert all(new in (old, f"> {old.strip()}") for old, new in pairs)


@pytest.mark.parametrize("name", ["000_70c8ab5a4c5047f7", "001_12ea9f7ea75dd71d", "002_c2ac0cbbd49275f9",
                                  "003_1d372549272fe198"])  # fmt: skip
def test_real_articles_without_comments(name: str) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the real pages are not on this machine")
    with pytest.raises(InputError, match="an article without comments"):
        read_page(SEEDS / f"{name}.txt")


def test_a_real_page() -> None:
    path = SEEDS / "004_e0cc96f04eca1edf.txt"
    if not path.is_file():
        pytest.skip("the real pages are not on this machine")
    read = read_page(path, today=TODAY)
    assert (len(read.comments), read.warnings) == (19, ())
    assert read.title.startswith("Microsoft nie avoir")
    assert read.title.endswith("pénale internationale")
    assert (read.date, read.date_text) == (date(2025, 6, 11), "Le 11 juin à 09h36")
    assert {n: c.parent_id for n, c in enumerate(read.comments, 1) if c.parent_id} == {
        10: read.comments[8].id
    }
    quoted = {
        n for n, c in enumerate(read.comments, 1) for line in c.text.split("\n") if line.startswith("> ")
    }
    assert quoted == {10, 17}
    assert not any("avatar" in c.text or "Fermer" in c.text for c in read.comments)
    assert read_page(path, year=2014, today=TODAY).date == date(2014, 6, 11)
