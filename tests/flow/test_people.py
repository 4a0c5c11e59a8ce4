"""Signing in, roles, and sessions that end: the app as its users meet it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from data.store import Store, passwords
from training.review import people, provider
from training.review.strings_fr import TEXTS as FR

ROOT = Path(__file__).parents[2]
PASSWORD = "le chat dort au marché"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()
    monkeypatch.setattr(people, "ASK_AGAIN", 0.0)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    monkeypatch.setenv("COURTOIS_MODERATOR", "Moi")
    st.cache_resource.clear()
    with Store.open(None) as opened:
        yield opened
    st.cache_resource.clear()


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the browser sends."""
    held: dict[str, str] = {}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda self: held))
    return held


def page() -> AppTest:
    """The app on a page that reads no model."""
    app = AppTest.from_function(_script, default_timeout=30)
    return app.run()


def _script() -> None:
    import streamlit as st

    from training.review import login_page, navigation, people, session_cookie

    person = people.current()
    if person.ended:
        login_page.draw(person.name)
    else:
        navigation._header(person, "Page")
        for act in ("decide", "promote"):
            st.text(f"{act} {person.may(act)}")
    wanted = people.cookie()
    st.text(f"cookie {wanted}")
    if person.ended:
        session_cookie.draw()


def html_of(app: AppTest) -> str:
    return " ".join(str(block.proto.body) for block in app.get("html"))


def texts(app: AppTest) -> list[str]:
    return [block.value for block in app.text]


def sign_in(app: AppTest, name: str, password: str) -> AppTest:
    app.text_input(key="login_name").set_value(name)
    app.text_input(key="login_password").set_value(password)
    return app.button[-1].click().run()


def test_without_accounts_whoever_sits_here_may_do_everything_and_is_told(store: Store) -> None:
    app = page()
    assert not app.exception
    assert "Moi" in html_of(app)
    assert "mono-utilisateur" in html_of(app)
    assert texts(app) == ["decide True", "promote True", "cookie None"]
    assert people.current().single_user


def test_every_page_asks_for_a_sign_in_once_there_are_accounts(store: Store) -> None:
    store.add_account("Camille", "moderateur", PASSWORD)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not app.exception
    assert [one.value for one in app.title] == [FR["login.title"]]
    assert {one.key for one in app.text_input} == {"login_name", "login_password"}
    assert [one.label for one in app.button] == [FR["login.submit"]]


def test_signing_in_and_out(store: Store, cookies: dict[str, str]) -> None:
    store.add_account("Camille", "moderateur", PASSWORD)
    app = page()
    sign_in(app, "camille", "faux mot de passe")
    assert FR["login.wrong"] in html_of(app)
    sign_in(app, "camille", PASSWORD)
    assert not app.exception
    assert texts(app)[:2] == ["decide True", "promote False"]
    assert "Camille (modération)" in html_of(app)
    key = app.session_state["people_known"].key
    assert texts(app)[2] == f"cookie {(people.cookie_name(store), key)}"
    assert "login_password" not in app.session_state

    app.button(key="people_out").click().run()
    assert not app.exception
    assert app.title[0].value == FR["login.title"]
    assert store.session(key) is None
    cookies[people.cookie_name(store)] = key  # as the browser sent it when the tab was opened
    app.run()
    assert app.title[0].value == FR["login.title"]
    assert texts(app) == [f"cookie {(people.cookie_name(store), '')}"]


def test_a_reload_keeps_the_session_and_a_false_key_does_not(store: Store, cookies: dict[str, str]) -> None:
    store.add_account("Camille", "responsable", PASSWORD)
    cookies[people.cookie_name(store)] = store.start_session("Camille")
    assert texts(page()) == ["decide True", "promote True", "cookie None"]
    cookies[people.cookie_name(store)] = "x" * 43
    app = page()
    assert app.title[0].value == FR["login.title"]
    assert FR["login.ended"].split("{")[0] not in html_of(app)


@pytest.mark.parametrize(
    "end",
    [
        lambda store: store.disable_account("Camille"),
        lambda store: store.set_password("Camille", "une autre phrase de passe"),
    ],
    ids=["disabled", "password"],
)
def test_a_session_that_ends_is_said_and_its_person_comes_back_by_the_password_alone(
    store: Store, cookies: dict[str, str], end: Callable[[Store], None]
) -> None:
    store.add_account("Camille", "moderateur", PASSWORD)
    app = sign_in(page(), "Camille", PASSWORD)
    end(store)
    app.run()
    assert "Votre session est terminée, Camille." in html_of(app)
    assert app.text_input(key="login_name").value == "Camille"
    assert texts(app) == ["cookie None"]


def test_a_role_that_changes_holds_in_open_tabs(store: Store, cookies: dict[str, str]) -> None:
    store.add_account("Camille", "moderateur", PASSWORD)
    app = sign_in(page(), "Camille", PASSWORD)
    store.set_role("Camille", "lecture")
    assert texts(app.run())[:2] == ["decide False", "promote False"]


def test_accounts_made_while_the_app_runs_close_it(store: Store, cookies: dict[str, str]) -> None:
    app = page()
    store.add_account("Camille", "moderateur", PASSWORD)
    app.run()
    assert app.title[0].value == FR["login.title"]


def test_nothing_of_one_person_is_left_for_the_next(store: Store, cookies: dict[str, str]) -> None:
    for name in ("Camille", "Lou"):
        store.add_account(name, "moderateur", PASSWORD)
    app = sign_in(page(), "Camille", PASSWORD)
    app.session_state["queue_filter"] = "à Camille"
    store.set_password("Camille", "une autre phrase de passe")
    app.run()
    sign_in(app, "Lou", PASSWORD)
    assert "Lou" in html_of(app)
    assert "queue_filter" not in app.session_state


def test_guessing_is_told_to_wait(store: Store, cookies: dict[str, str]) -> None:
    store.add_account("Camille", "moderateur", PASSWORD)
    app = page()
    for _ in range(5):
        sign_in(app, "Camille", "faux mot de passe")
    sign_in(app, "Camille", PASSWORD)
    assert "Trop d’essais : réessayez dans" in html_of(app)


def test_the_store_going_away_keeps_who_was_let_in_and_lets_nobody_else_in(
    store: Store, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_account("Camille", "moderateur", PASSWORD)
    app = sign_in(page(), "Camille", PASSWORD)

    def gone(self: Store) -> bool:
        raise people.StoreError("the server does not answer")

    monkeypatch.setattr(Store, "has_accounts", gone)
    assert "Camille (modération)" in html_of(app.run())
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not other.exception
    assert "the server does not answer" in html_of(other)
    assert other.text_input == []
    monkeypatch.undo()


def test_the_provider_s_address_opens_its_account(
    store: Store, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_account("Camille", "responsable", email="camille@journal.example")
    claims = {"is_logged_in": True, "email": "Camille@Journal.example", "email_verified": True}
    monkeypatch.setattr(provider, "_section", lambda: {"client_id": "x", "équipe": {"client_id": "y"}})
    monkeypatch.setattr(type(st.user), "to_dict", lambda self: claims)
    assert texts(page()) == ["decide True", "promote True", "cookie None"]

    claims["email"] = "lou@journal.example"
    app = page()
    assert "L’adresse lou@journal.example n’est celle d’aucun compte." in html_of(app)

    claims["is_logged_in"] = False
    app = page()
    assert [one.label for one in app.button][:2] == [
        FR["login.provider"],
        FR["login.provider.named"].format(name="équipe"),
    ]


def test_an_address_that_is_not_verified_opens_nothing() -> None:
    for verified in (False, "false", 0, "non"):
        claims = {"is_logged_in": True, "email": "a@b.example", "email_verified": verified}
        assert provider.address_in(claims) is None
    assert provider.address_in({"is_logged_in": True}) is None
    assert provider.address_in({"email": "a@b.example"}) is None
    assert provider.address_in({"is_logged_in": True, "email": ["a@b.example"]}) is None
