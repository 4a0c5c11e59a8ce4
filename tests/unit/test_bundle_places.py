"""Where a bundle may be written, and what is left when writing fails."""

import os
from pathlib import Path

import pytest
from bundle_damage import FILES

from data.errors import BundleError, CourtoisError
from model import bundle as bundle_module
from model.bundle import Bundle, check_output, load_bundle, save_bundle
from model.manifest import MANIFEST, WEIGHTS


class TestPlaces:
    def test_not_into_a_file(self, small_bundle: Bundle, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("à garder")
        for place in (tmp_path / "notes.txt", tmp_path / "notes.txt" / "bundle"):
            with pytest.raises(CourtoisError, match=r"notes\.txt.*choose another output folder"):
                save_bundle(small_bundle, place, "")
        assert (tmp_path / "notes.txt").read_text() == "à garder"

    @pytest.mark.parametrize(
        "names", [["notes.txt"], [MANIFEST, "index.html"], [WEIGHTS], [*FILES, "notes.txt"]]
    )
    def test_not_over_other_files(self, small_bundle: Bundle, tmp_path: Path, names: list[str]) -> None:
        for name in names:
            (tmp_path / name).write_text("à garder")
        for attempt in (lambda: save_bundle(small_bundle, tmp_path, ""), lambda: check_output(tmp_path)):
            with pytest.raises(BundleError, match="exists and is no bundle"):
                attempt()
        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == dict.fromkeys(names, "à garder")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
    def test_not_into_a_read_only_folder(self, small_bundle: Bundle, tmp_path: Path) -> None:
        tmp_path.chmod(0o555)
        with pytest.raises(CourtoisError, match="Permission denied"):
            save_bundle(small_bundle, tmp_path / "neuf", "")
        tmp_path.chmod(0o755)
        assert not list(tmp_path.iterdir())

    def test_a_place_that_cannot_be_written_is_told_before_the_work(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check_output(folder)
        check_output(tmp_path / "neuf" / "candidat")
        (tmp_path / "notes.txt").write_text("à garder")
        with pytest.raises(BundleError, match=r"notes\.txt: (cannot be written|is no usable folder)"):
            check_output(tmp_path / "notes.txt" / "candidat")
        closed: list[Path] = []
        monkeypatch.setattr(os, "access", lambda place, mode: Path(place) not in closed)
        for place, output in ((tmp_path, tmp_path / "neuf" / "x"), (folder.parent, folder), (folder, folder)):
            closed[:] = [place]
            with pytest.raises(BundleError, match="cannot be written; choose another output folder"):
                check_output(output)

    @pytest.mark.parametrize("step", range(3))
    def test_full_disk_leaves_the_old_bundle(
        self, small_bundle: Bundle, folder: Path, monkeypatch: pytest.MonkeyPatch, step: int
    ) -> None:
        before = {p.name: p.read_bytes() for p in folder.iterdir()}
        calls: list[int] = []

        def full(descriptor: int) -> None:
            calls.append(descriptor)
            if len(calls) > step:
                raise OSError(28, "No space left on device")

        monkeypatch.setattr(bundle_module.os, "fsync", full)
        with pytest.raises(CourtoisError, match="No space left on device"):
            save_bundle(small_bundle, folder, "# neuf\n")
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
        assert [p.name for p in folder.parent.iterdir()] == [folder.name]

    @pytest.mark.parametrize("failing", [1, 2])
    def test_failed_rename_leaves_the_old_bundle(
        self, small_bundle: Bundle, folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int
    ) -> None:
        rename, calls = os.rename, []

        def sometimes(source: Path, place: Path) -> None:
            calls.append(source)
            if len(calls) == failing:
                raise OSError(16, "Device or resource busy")
            rename(source, place)

        monkeypatch.setattr(bundle_module.os, "rename", sometimes)
        with pytest.raises(CourtoisError, match="busy"):
            save_bundle(small_bundle, folder, "# neuf\n")
        assert load_bundle(folder).manifest.version == "1"
        assert [p.name for p in folder.parent.iterdir()] == [folder.name]
