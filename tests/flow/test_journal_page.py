"""The page *Journal*: what it shows, finds, refuses and keeps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.reasons import REASONS, draft
from data.record import Comment
from data.store import Store
from data.store.journal_records import JournalFilter
from training.review.strings_fr import TEXTS as FR

PAGE = """
from data.store import Store
from training.review import journal_page
from training.review.people import Person
journal_page.draw(Store.open({store!r}), Person("Camille", {role!r}, single_user=False))
"""
TEXT = "Ce journaliste est un vendu et un menteur patenté"
HOSTILE = "<img src=x onerror=alert(1)>**gras**"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    scores = {"incivility": 0.9, "action": "hold", "bundle": "b-1", "insult": 0.8}
    with Store.open(str(tmp_path / "essai.sqlite3")) as opened:
        opened.add_scored(
            (Comment(id=id_, text=TEXT, author="Zoé Lefort", article_title=HOSTILE), scores)
            for id_ in ("a", "b")
        )
        yield opened


@pytest.fixture
def open_page(store: Store) -> Callable[..., AppTest]:
    def opened(role: str = "responsable") -> AppTest:
        page = PAGE.format(store=store.where, role=role)
        app = AppTest.from_string(page, default_timeout=30).run()
        assert not app.exception
        return app

    return opened


def reject(store: Store, id_: str, **given: str) -> None:
    store.decide(id_, "reject", moderator="anne", version=store.item(id_).version, **given)


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == FR[key]]
    button.click().run()
    assert not app.exception
    return app


def labels(app: AppTest) -> set[str]:
    return {expander.label for expander in app.expander}


def test_an_empty_journal_says_so(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert FR["journal.empty"] in html_of(app)
    assert not app.expander


def test_entries_are_shown_as_text_and_found(open_page: Callable[..., AppTest], store: Store) -> None:
    reject(store, "a", reason="insult")
    reject(store, "b")
    store.undo("anne")
    app = open_page()
    shown = html_of(app)
    assert "<img" not in shown
    assert "&lt;img src=x" in shown
    assert TEXT not in shown
    assert FR["journal.count"].format(n=3) in shown
    assert FR["journal.undone"].format(n=3) in shown
    assert REASONS["insult"].label in shown
    assert "Mesure : " in shown
    (kind,) = [box for box in app.selectbox if box.key == "journal_kind"]
    kind.select("undo")
    press(app, "journal.search")
    assert FR["journal.count"].format(n=1) in html_of(app)
    (words,) = [box for box in app.text_input if box.key == "journal_text"]
    words.input("introuvable")
    press(app, "journal.search")
    assert FR["journal.none"] in html_of(app)
    press(app, "journal.clear")
    assert FR["journal.count"].format(n=3) in html_of(app)


def test_a_reason_is_given_later_and_a_name_is_refused(
    open_page: Callable[..., AppTest], store: Store
) -> None:
    reject(store, "a")
    app = open_page()
    assert FR["journal.unreasoned"].format(n=1) in html_of(app)
    press(app, "journal.unreasoned.show")
    (pick,) = [box for box in app.selectbox if box.key == "journal_pick"]
    pick.select(1).run()
    assert not app.exception
    assert TEXT in html_of(app)  # who gives the reason sees the comment
    (area,) = app.text_area
    assert area.value == draft("insult", detected=True)
    area.input("Comme dit plus haut, est un vendu et un menteur : c’est non. Zoé Lefort le sait.")
    press(app, "journal.give.save")
    refused = html_of(app)
    assert "est un vendu et un menteur" in refused
    assert FR["statement.author"] in refused
    assert store.count_journal(JournalFilter(kind="justify")) == 0
    (area,) = app.text_area
    area.input("Une insulte visait une personne.")
    press(app, "journal.give.save")
    (row,) = store.search_journal(JournalFilter(kind="justify"))
    assert (row.moderator, row.reason, row.statement) == (
        "Camille",
        "insult",
        "Une insulte visait une personne.",
    )
    assert FR["journal.give.saved"] in html_of(app)


def test_pages_turn_without_losing_a_row(
    open_page: Callable[..., AppTest], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.review.journal_page.PAGE", 2)
    for _ in range(2):
        reject(store, "a")
        store.undo("anne")
    reject(store, "b")
    app = open_page()
    seen = [n for n in range(1, 6) if f">n° {n}<" in html_of(app)]
    assert seen == [4, 5]
    press(app, "journal.older")
    assert [n for n in range(1, 6) if f">n° {n}<" in html_of(app)] == [2, 3]
    press(app, "journal.older")
    assert [n for n in range(1, 6) if f">n° {n}<" in html_of(app)] == [1]
    press(app, "journal.newer")
    assert [n for n in range(1, 6) if f">n° {n}<" in html_of(app)] == [2, 3]
    press(app, "journal.newest")
    assert [n for n in range(1, 6) if f">n° {n}<" in html_of(app)] == [4, 5]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("responsable", {"journal.give", "journal.export"}),
        ("moderateur", {"journal.give"}),
        ("lecture", set()),
    ],
)
def test_roles_see_what_they_may_do(
    open_page: Callable[..., AppTest], store: Store, role: str, offered: set[str]
) -> None:
    reject(store, "a", reason="insult")
    assert labels(open_page(role)) == {FR[key] for key in offered}
