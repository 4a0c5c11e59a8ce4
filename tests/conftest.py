"""A small bundle fitted by the real code on part of the embedded corpus, shared by all tests."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from data.record import Comment
    from model.bundle import Bundle
    from model.scorer import Scorer

STEP = 35
"""Every 35th comment of the embedded corpus trains the small bundle; the others are new to it."""


@pytest.fixture(scope="session")
def embedded() -> "list[Comment]":
    from data.embedded import embedded_comments

    return embedded_comments()


@pytest.fixture(scope="session")
def few_comments(embedded: "list[Comment]") -> "list[Comment]":
    return embedded[::STEP]


@pytest.fixture(scope="session")
def unseen_comments(embedded: "list[Comment]") -> "list[Comment]":
    return [comment for i, comment in enumerate(embedded) if i % STEP]


@pytest.fixture(scope="session")
def small_bundle(few_comments: "list[Comment]") -> "Bundle":
    from training.config import TrainConfig
    from training.fit import train_bundle

    config = TrainConfig(name="petit", version="1", landmarks=60, stance_landmarks=40, folds=3)
    corpora = [{"name": "embedded/14", "licence": "MIT", "rows": len(few_comments), "sha256": "0" * 64}]
    return train_bundle(few_comments, corpora, config, lambda message: None)


@pytest.fixture(scope="session")
def small_folder(small_bundle: "Bundle", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small bundle at rest; tests only read it."""
    from model.bundle import save_bundle

    folder = tmp_path_factory.mktemp("bundles") / "petit"
    save_bundle(small_bundle, folder, "# petit\n")
    return folder


@pytest.fixture(scope="session")
def small_scorer(small_folder: Path) -> "Scorer":
    from model.scorer import Scorer

    return Scorer.load(small_folder)


@pytest.fixture
def folder(small_folder: Path, tmp_path: Path) -> Path:
    """A copy of the small bundle that a test may break."""
    return Path(shutil.copytree(small_folder, tmp_path / "copie"))


@pytest.fixture
def resign() -> Callable[[Path], None]:
    """Write the digests of a changed bundle into its manifest, as a forger would."""

    def sign(folder: Path) -> None:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for name in manifest["files"]:
            manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        path.write_text(json.dumps(manifest), encoding="utf-8")

    return sign
