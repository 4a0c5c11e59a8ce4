"""``courtois accounts``, and what ``courtois review`` refuses without them."""

import io
import socket
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app import main
from data.errors import InputError
from data.store import Store, passwords
from data.store.accounts import Account
from training.review import launch, settings

PASSWORD = "le chat dort au marché"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))


def accounts(monkeypatch: pytest.MonkeyPatch, *given: str, typed: str = PASSWORD + "\n") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["accounts", *given])


def test_the_life_of_accounts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert accounts(monkeypatch, "add", "Camille") == 0
    assert "'Camille' is responsable; from now on" in capsys.readouterr().err
    assert accounts(monkeypatch, "add", "Lou", "--email", "lou@journal.example", "--no-password") == 0
    assert accounts(monkeypatch, "role", "lou", "lecture") == 0
    assert accounts(monkeypatch, "disable", "LOU") == 0
    assert accounts(monkeypatch, "password", "Camille", typed="une autre phrase de passe\n") == 0
    capsys.readouterr()
    assert accounts(monkeypatch, "list") == 0
    one, two = capsys.readouterr().out.splitlines()
    assert one == "Camille\tresponsable\tin use\tpassword"
    assert two.startswith("Lou\tlecture\tdisabled 20")
    assert two.endswith("\tlou@journal.example")
    assert accounts(monkeypatch, "enable", "Lou") == 0
    assert accounts(monkeypatch, "email", "Lou") == 0
    accounts(monkeypatch, "list")
    assert capsys.readouterr().out.splitlines()[1] == "Lou\tlecture\tin use\tcannot sign in"
    with Store.open(None) as store:
        assert isinstance(store.sign_in("camille", "une autre phrase de passe"), Account)


@pytest.mark.parametrize(
    ("given", "typed", "said"),
    [
        (["add", "Lou"], "court\n", "too short; use 12 to"),
        (["add", "Lou"], "", "no password on stdin"),
        (["add", "Lou", "--no-password"], "", "add --email"),
        (["add", " "], PASSWORD + "\n", "is no name"),
        (["add", "Camille"], PASSWORD + "\n", "taken"),
        (["password", "Lou"], PASSWORD + "\n", "no account 'Lou'; courtois accounts list"),
        (["role", "Lou", "lecture"], "", "no account 'Lou'"),
        (["disable", "Lou"], "", "no account 'Lou'"),
    ],
)
def test_mistakes_are_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    typed: str,
    said: str,
) -> None:
    accounts(monkeypatch, "add", "Camille")
    capsys.readouterr()
    assert accounts(monkeypatch, *given, typed=typed) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    with Store.open(None) as store:
        assert [one.name for one in store.accounts()] == ["Camille"]


def test_at_a_terminal_the_password_is_typed_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([PASSWORD, PASSWORD + "!", PASSWORD, PASSWORD])
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert main(["accounts", "add", "Camille"]) == 2
    assert "the two passwords differ" in capsys.readouterr().err
    assert main(["accounts", "add", "Camille"]) == 0


def test_a_password_is_never_taken_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in (["add", "Lou", PASSWORD], ["add", "Lou", "--password", PASSWORD]):
        with pytest.raises(SystemExit):
            accounts(monkeypatch, *given)


def test_other_machines_are_let_in_with_accounts_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    began: list[settings.Place] = []

    def serve(port: int | None, here: settings.Place, *, open_browser: bool) -> int:
        began.append(here)
        return 0

    monkeypatch.setattr(launch, "serve", serve)
    monkeypatch.setattr(launch, "prepare", lambda dump, progress: None)
    for given in (["--address", "0.0.0.0"], ["--site", "https://journal.example"]):
        assert main(["review", *given]) == 2
        assert f"{given[0]}: other machines could decide without signing in" in capsys.readouterr().err
    for address in ("localhost", "127.0.0.2", "::1"):
        assert main(["review", "--address", address]) == 0
    accounts(monkeypatch, "add", "Camille")
    accounts(monkeypatch, "disable", "Camille")
    assert main(["review", "--address", "0.0.0.0", "--site", "https://journal.example:8443/"]) == 0
    assert began[-1] == settings.Place("0.0.0.0", "journal.example", 8443)
    assert main(["review", "--site", "journal.example"]) == 2
    assert "is no URL" in capsys.readouterr().err


def test_the_flags_follow_the_place() -> None:
    flags = settings.streamlit_flags(
        8600, settings.place("0.0.0.0", "https://journal.example"), open_browser=False
    )
    assert {
        "--server.address=0.0.0.0",
        "--server.port=8600",
        "--browser.serverAddress=journal.example",
        "--browser.serverPort=443",
    } <= set(flags)
    alone = settings.streamlit_flags(8600, open_browser=False)
    assert {"--server.address=127.0.0.1", "--browser.serverAddress=127.0.0.1"} <= set(alone)
    assert settings.place("0.0.0.0", None).host == socket.gethostname()


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(InputError, match="no address of this machine"):
        launch.free_port(None, "192.0.2.1")
