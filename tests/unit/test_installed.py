"""The registry of bundles: names, the pointer, the history, and what damage does."""

import json
import shutil
from pathlib import Path

import pytest

from data.errors import BundleError
from model import bundle, installed
from model.installed import SHIPPED, current, foundation, install, pointed, resolve
from model.manifest import read_manifest
from model.promotions import Event, history, promoted, put_in_use, registry


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))
    return tmp_path / "bundles"


def event(name: str, **more: object) -> Event:
    return Event(
        at="2026-11-22T10:00:00+00:00", who="Lila", action="promote", bundle=name, previous="x", **more
    )  # type: ignore[arg-type]


def use(folder: Path) -> Path:
    place = install(folder)
    put_in_use((*promoted(), pointed(place)), event(place.name))
    return place


def test_an_absent_registry_means_the_shipped_bundle(shelf: Path) -> None:
    assert SHIPPED == bundle.SHIPPED
    assert current() == resolve(None) == resolve("shipped") == foundation() == SHIPPED
    assert resolve(read_manifest(SHIPPED).full_name) == SHIPPED
    assert installed.installed() == history() == []
    assert promoted() == ()
    assert not shelf.exists()


def test_a_promoted_bundle_is_what_nothing_means(small_folder: Path, shelf: Path) -> None:
    place = use(small_folder)
    assert place == shelf / "petit@1"
    assert current() == resolve(None) == resolve("petit@1") == resolve(Path("petit@1")) == place
    assert resolve(small_folder) == small_folder
    assert history() == [event("petit@1")]
    assert (
        json.loads((shelf / "current.json").read_text(encoding="utf-8"))["promoted"][0]["bundle"] == "petit@1"
    )


def test_a_path_comes_before_a_name(
    small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(small_folder)
    (tmp_path / "petit@1").mkdir()
    monkeypatch.chdir(tmp_path)
    assert resolve("petit@1") == Path("petit@1")


def test_an_unknown_name_says_which_are_known(small_folder: Path) -> None:
    install(small_folder)
    with pytest.raises(BundleError, match=r"neither a folder nor an installed bundle.*petit@1"):
        resolve("petit@2")
    assert resolve("no/such/folder") == Path("no/such/folder")


@pytest.mark.parametrize("name", ["../../tmp/x", "a/b", "..", ".caché", "x" * 80])
def test_a_name_that_is_a_path_is_never_installed(folder: Path, name: str, shelf: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"name": name}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BundleError, match="is no name and version"):
        install(folder)
    assert not shelf.exists()


def test_installing_twice_is_once_and_another_of_that_name_is_refused(folder: Path, shelf: Path) -> None:
    assert install(folder) == install(folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["thresholds"]["review"] = 0.123
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BundleError, match="another bundle is installed as petit@1"):
        install(folder)
    assert [p.name for p in shelf.iterdir()] == ["petit@1"]


def test_a_damaged_candidate_is_not_copied(folder: Path, shelf: Path) -> None:
    with (folder / "weights.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BundleError, match="changed since it was saved"):
        install(folder)
    assert not shelf.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "promoted": []}',
        '{"format": 1, "promoted": [{"bundle": "../x", "manifest": ""}]}',
        '{"format": 1, "promoted": [7]}',
        "\udcff",
        "[" * 100_000,
    ],
)
def test_a_damaged_pointer_never_falls_back_silently(shelf: Path, content: str) -> None:
    shelf.mkdir()
    (shelf / "current.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BundleError, match=r"does not name the bundle in use; remove it .* --bundle shipped"):
        current()
    assert resolve("shipped") == SHIPPED


def test_a_promoted_bundle_that_changed_or_is_gone_is_refused(small_folder: Path) -> None:
    place = use(small_folder)
    with (place / "manifest.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    with pytest.raises(BundleError, match="not the bundle that was promoted"):
        current()
    shutil.rmtree(place)
    with pytest.raises(BundleError, match=r"or is gone; courtois model rollback"):
        current()


def test_history_outlives_a_torn_line(shelf: Path) -> None:
    put_in_use((), event("a@1", reason="été", forced=True, lost=("quality",)))
    with (shelf / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": "2026')
    put_in_use((), event("b@1"))
    assert history() == [event("a@1", reason="été", forced=True, lost=("quality",)), event("b@1")]


def test_a_write_that_fails_keeps_the_old_pointer(
    small_folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = use(small_folder)

    def refuse(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(BundleError, match="No space left on device"):
        put_in_use((), event("b@1"))
    monkeypatch.undo()
    monkeypatch.setenv("COURTOIS_BUNDLES", str(shelf))
    assert current() == place
    assert [p.name for p in shelf.iterdir() if p.name.startswith(".")] == []


def test_the_foundation_of_an_adapted_bundle_is_its_base(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["base"] = read_manifest(SHIPPED).full_name
    path.write_text(json.dumps(manifest), encoding="utf-8")
    use(folder)
    assert foundation() == SHIPPED


def test_registry_follows_the_environment(monkeypatch: pytest.MonkeyPatch, shelf: Path) -> None:
    assert registry() == shelf
    monkeypatch.delenv("COURTOIS_BUNDLES")
    assert registry().parts[-2:] == ("courtois", "bundles")
