"""Arrays of a promoted bundle in one place: the same scores, and nothing that a file could change."""

from pathlib import Path

import numpy as np
import pytest

from data.record import Comment
from model.bundle import Bundle, load_bundle
from model.scorer import Scorer
from model.serving.loaded import Bundles
from model.serving.shared import share

COMMENT = Comment(id="1", text="Quel abruti, ce ministre 😀", target="le ministre")


def backing(values: np.ndarray) -> bool:
    """Whether an array is a file seen through memory."""
    base: object = values
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    return isinstance(base, np.memmap)


def mapped(bundle: Bundle) -> list[bool]:
    large = [bundle.space.chars.idf_, bundle.space.words.idf_]
    for heads in (bundle.incivility, bundle.stance):
        large += [heads.chars, heads.words, heads.landmarks]
    assert bundle.incivility.network is not None
    large += [bundle.incivility.network.weights]
    return [backing(values) for values in large if values.nbytes >= 1 << 16]


def test_shared_arrays_score_the_same(small_folder: Path, tmp_path: Path) -> None:
    own = Scorer(load_bundle(small_folder)).score(COMMENT, spans=True)
    for _ in range(2):  # the second finds the files of the first
        shared = share(load_bundle(small_folder), tmp_path)
        assert all(mapped(shared))
        assert Scorer(shared).score(COMMENT, spans=True) == own
    (generation,) = tmp_path.iterdir()
    assert {path.suffix for path in generation.iterdir()} == {".npy"}
    assert generation.stat().st_mode & 0o077 == 0


def test_what_is_mapped_cannot_be_written(small_folder: Path, tmp_path: Path) -> None:
    shared = share(load_bundle(small_folder), tmp_path)
    with pytest.raises(ValueError, match="read-only"):
        shared.incivility.chars[0, 0] = 1


@pytest.mark.parametrize("content", [b"", b"no array", None])
def test_a_changed_file_is_not_used(small_folder: Path, tmp_path: Path, content: bytes | None) -> None:
    own = load_bundle(small_folder)
    share(own, tmp_path)
    (path,) = tmp_path.glob("*/incivility.chars.npy")
    if content is None:
        np.save(path, np.load(path) + 1)
    else:
        path.write_bytes(content)
    shared = share(load_bundle(small_folder), tmp_path)
    assert not backing(shared.incivility.chars)
    assert np.array_equal(shared.incivility.chars, own.incivility.chars)


def test_arrays_of_other_bundles_go_and_stay_readable(small_folder: Path, tmp_path: Path) -> None:
    first = share(load_bundle(small_folder), tmp_path)
    (tmp_path / "another").mkdir()
    share(load_bundle(small_folder), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    for path in tmp_path.glob("*/*"):
        path.unlink()
    assert Scorer(first).score(COMMENT).bundle


def test_a_place_that_cannot_be_written_costs_memory_only(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    bundles = Bundles(lambda: folder, place)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"version": "1"', '"version": "2"'), "utf-8")
    assert bundles.refresh()
    assert bundles.current.version == "2"
    assert not any(mapped(bundles.current.scorer.bundle))
