"""Accounts: what is kept of passwords, how guessing is slowed down, when sessions end."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from data.errors import InputError, StoreError
from data.store import Store, logins, passwords
from data.store.account_tables import account, login_failure, login_session
from data.store.accounts import Account
from data.store.logins import Refusal

PASSWORD = "le chat dort au marché"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with little memory: these tests hash often."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.add_account("Camille", "responsable", PASSWORD, email="Camille@Journal.example")
        yield opened


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    one = Clock()
    monkeypatch.setattr(logins, "_now", lambda: one.now)
    return one


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def test_the_right_password_opens_the_account_however_its_name_is_typed(store: Store) -> None:
    for name in ("Camille", " camille ", "CAMILLE"):
        found = store.sign_in(name, PASSWORD)
        assert isinstance(found, Account)
        assert (found.name, found.role, found.email) == ("Camille", "responsable", "camille@journal.example")
    # the same letter as another keyboard sends it
    assert isinstance(store.sign_in("Camille", PASSWORD.replace("é", "e\u0301")), Account)
    assert store.sign_in("Camille", PASSWORD + " ") == Refusal("wrong")
    assert store.sign_in("Personne", PASSWORD) == Refusal("wrong")


def test_only_a_salted_hash_is_kept(store: Store) -> None:
    store.add_account("Lou", "moderateur", PASSWORD)
    with store._reading() as connection:
        kept = list(connection.scalars(select(account.c.password)))
    assert len(set(kept)) == 2
    assert all(one.startswith("$argon2id$") and PASSWORD not in one for one in kept)
    assert PASSWORD not in repr(store.accounts())
    assert "argon2" not in repr(store.accounts())


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaaaaaa", "x" * 2000, "bonjour camille !"])
def test_a_bad_password_is_refused_with_what_to_do(store: Store, password: str) -> None:
    with pytest.raises(InputError, match=r"use (12 to|a sentence)") as caught:
        store.set_password("Camille", password)
    assert password not in str(caught.value)
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)


def test_names_and_addresses_are_taken_once(store: Store) -> None:
    with pytest.raises(StoreError, match="taken"):
        store.add_account("CAMILLE", "lecture", PASSWORD)
    with pytest.raises(StoreError, match="taken"):
        store.add_account("Lou", "lecture", email="camille@journal.example")
    with pytest.raises(InputError, match="no name"):
        store.add_account("a\nb", "lecture", PASSWORD)
    with pytest.raises(InputError, match="no e-mail address"):
        store.add_account("Lou", "lecture", email="lou")
    with pytest.raises(InputError, match="no role"):
        store.add_account("Lou", "chef", PASSWORD)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="no account 'Lou'"):
        store.set_role("Lou", "lecture")
    assert [one.name for one in store.accounts()] == ["Camille"]


def test_wrong_passwords_make_a_name_wait_longer_and_longer(store: Store, clock: Clock) -> None:
    for _ in range(logins.FREE_FAILURES):
        assert store.sign_in("Camille", "faux") == Refusal("wrong")
    assert store.sign_in("Camille", PASSWORD) == Refusal("waiting", 31)
    clock.passes(seconds=31)
    assert store.sign_in("camille", "faux") == Refusal("wrong")
    assert store.sign_in("Camille", PASSWORD) == Refusal("waiting", 61)
    clock.passes(seconds=61)
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)
    assert store.sign_in("Camille", "faux") == Refusal("wrong")
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)


def test_the_wait_has_an_end_and_is_forgotten(store: Store, clock: Clock) -> None:
    for _ in range(30):
        store.sign_in("Camille", "faux")
        clock.passes(minutes=16)
    store.sign_in("Camille", "faux")
    refused = store.sign_in("Camille", PASSWORD)
    assert isinstance(refused, Refusal)
    assert refused.seconds <= 901
    clock.passes(days=2)
    assert store.sign_in("Camille", "faux") == Refusal("wrong")
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)


def test_names_without_an_account_wait_alike_and_fill_nothing(store: Store, clock: Clock) -> None:
    for _ in range(logins.FREE_FAILURES):
        assert store.sign_in("Personne", "faux") == Refusal("wrong")
    assert store.sign_in("Personne", "faux") == Refusal("waiting", 31)
    with store._reading() as connection:
        (kept,) = connection.scalars(select(login_failure.c.digest))
    assert len(kept) == 4


def test_many_guesses_at_once_are_all_counted(store: Store) -> None:
    answers: list[object] = []
    gate = threading.Barrier(12)

    def guess() -> None:
        gate.wait()
        answers.append(store.sign_in("Camille", "faux"))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(answer == Refusal("wrong") for answer in answers) <= logins.FREE_FAILURES + 1
    assert isinstance(store.sign_in("Camille", PASSWORD), Refusal)


def test_a_new_password_ends_sessions_and_waiting(store: Store) -> None:
    key = store.start_session("Camille")
    for _ in range(logins.FREE_FAILURES):
        store.sign_in("Camille", "faux")
    store.set_password("camille", "une autre phrase, plus longue")
    assert store.session(key) is None
    assert store.sign_in("Camille", PASSWORD) == Refusal("wrong")
    assert isinstance(store.sign_in("Camille", "une autre phrase, plus longue"), Account)


def test_a_disabled_account_is_out_at_once(store: Store) -> None:
    key = store.start_session("Camille")
    store.disable_account("Camille")
    assert store.session(key) is None
    assert store.sign_in("Camille", PASSWORD) == Refusal("disabled")
    assert store.sign_in("Camille", "faux") == Refusal("wrong")
    assert store.account_of("camille@journal.example") is None
    assert store.has_accounts()
    store.enable_account("Camille")
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)
    assert store.session(key) is None


def test_a_session_lasts_while_it_is_used_and_a_week_at_most(store: Store, clock: Clock) -> None:
    key = store.start_session("Camille")
    for _ in range(15):
        clock.passes(hours=11)
        assert store.session(key) is not None
    clock.passes(hours=11)
    assert store.session(key) is None
    key = store.start_session("Camille")
    clock.passes(hours=12, seconds=1)
    assert store.session(key) is None


def test_a_session_ends_at_sign_out_and_its_key_is_not_kept(store: Store) -> None:
    one, two = store.start_session("Camille"), store.start_session("Camille")
    with store._reading() as connection:
        kept = list(connection.scalars(select(login_session.c.digest)))
    assert one not in kept
    assert two not in kept
    store.end_session(one)
    assert store.session(one) is None
    assert store.session(two) is not None
    assert store.session("") is None
    assert store.session("\ud800") is None


def test_a_role_follows_into_open_sessions(store: Store) -> None:
    key = store.start_session("Camille")
    store.set_role("Camille", "lecture")
    found = store.session(key)
    assert found is not None
    assert found.role == "lecture"


def test_an_address_leads_to_its_account(store: Store) -> None:
    found = store.account_of(" CAMILLE@journal.example")
    assert found is not None
    assert found.name == "Camille"
    assert store.account_of("lou@journal.example") is None
    store.set_email("Camille", None)
    assert store.account_of("camille@journal.example") is None


def test_an_account_without_a_password_opens_to_none(store: Store) -> None:
    store.add_account("Lou", "lecture", email="lou@journal.example")
    assert store.sign_in("Lou", "") == Refusal("wrong")
    assert store.sign_in("Lou", "no account has this password") == Refusal("wrong")


def test_a_hash_of_yesterday_is_made_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)
    with store._reading() as connection:
        (kept,) = connection.scalars(select(account.c.password))
    assert "m=128,t=2" in kept
    assert isinstance(store.sign_in("Camille", PASSWORD), Account)
