"""Promotion: what is refused, what is forced, and what the history keeps."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.errors import BundleError, InputError
from model.installed import SHIPPED, current
from model.manifest import read_manifest
from model.promotions import history, promoted
from training.gate import Gate
from training.promote import Promotion, promote, rollback

WON = (Gate(name="quality", passed=True), Gate(name="embedded", passed=None))
LOST = (*WON, Gate(name="speed", passed=False))


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))
    return tmp_path / "bundles"


def put(folder: Path, found: tuple[Gate, ...] = WON, **more: Any) -> Promotion:
    return promote(folder, who="Lila", progress=lambda line: None, measure=lambda new, old: found, **more)


def renamed(folder: Path, version: str) -> Path:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"version": version}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return folder


class TestPromote:
    def test_in_use_with_who_when_and_why(self, small_folder: Path, shelf: Path) -> None:
        done = put(small_folder, reason=" mieux ")
        assert (done.done, done.bundle, done.lost) == (True, "petit@1", ())
        assert current() == shelf / "petit@1"
        (event,) = history()
        assert (event.who, event.action, event.bundle, event.reason) == (
            "Lila",
            "promote",
            "petit@1",
            "mieux",
        )
        assert event.previous == read_manifest(SHIPPED).full_name
        assert event.at.startswith("20")
        assert not event.forced

    def test_a_lost_gate_refuses_and_copies_nothing(self, small_folder: Path, shelf: Path) -> None:
        refused = put(small_folder, LOST)
        assert (refused.done, refused.lost) == (False, ("speed",))
        assert current() == SHIPPED
        assert not shelf.exists()

    def test_force_needs_a_reason_before_any_work(self, small_folder: Path) -> None:
        with pytest.raises(InputError, match="--force needs a reason"):
            promote(
                small_folder,
                who="Lila",
                force=True,
                reason="  ",
                progress=lambda line: None,
                measure=lambda new, old: pytest.fail("work was begun"),
            )

    def test_forced_with_a_reason_is_kept(self, small_folder: Path) -> None:
        assert put(small_folder, LOST, force=True, reason="essai d'un jour").done
        (event,) = history()
        assert (event.forced, event.lost, event.reason) == (True, ("speed",), "essai d'un jour")

    def test_the_one_in_use_is_no_candidate(self, small_folder: Path) -> None:
        put(small_folder)
        with pytest.raises(InputError, match="petit@1 is in use already"):
            put(small_folder)

    def test_two_at_once(self, folder: Path, small_folder: Path) -> None:
        other = renamed(folder, "2")

        def meanwhile(new: object, old: object) -> tuple[Gate, ...]:
            put(small_folder)
            return WON

        with pytest.raises(BundleError, match="another bundle was put in use meanwhile"):
            promote(other, who="Max", progress=lambda line: None, measure=meanwhile)
        assert current().name == "petit@1"

    def test_rollback_goes_back_step_by_step(self, folder: Path, small_folder: Path) -> None:
        put(small_folder)
        put(renamed(folder, "2"))
        assert rollback(who="Max", reason="trop sévère") == ("petit@2", "petit@1")
        assert current().name == "petit@1"
        assert rollback(who="Max")[1] == read_manifest(SHIPPED).full_name
        assert current() == SHIPPED
        assert promoted() == ()
        with pytest.raises(InputError, match="nothing to go back to"):
            rollback(who="Max")
        assert [e.action for e in history()] == ["promote", "promote", "rollback", "rollback"]
        assert history()[2].reason == "trop sévère"

    def test_rollback_leaves_a_bundle_that_is_gone(self, folder: Path, shelf: Path) -> None:
        put(folder)
        (shelf / "petit@1" / "manifest.json").unlink()
        assert rollback(who="Max")[0] == "petit@1"
        assert current() == SHIPPED

    def test_rollback_does_not_trust_what_changed(
        self, folder: Path, small_folder: Path, shelf: Path
    ) -> None:
        put(small_folder)
        put(renamed(folder, "2"))
        with (shelf / "petit@1" / "weights.npz").open("ab") as file:
            file.write(b"x")
        with pytest.raises(BundleError, match="changed since it was saved"):
            rollback(who="Max")
        assert current().name == "petit@2"
