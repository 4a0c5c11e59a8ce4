"""What all tests share: a small bundle fitted by the real code, and a PostgreSQL server."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bench.postgres import Server
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

    small: dict[str, int] = {"landmarks": 60, "stance_landmarks": 40, "folds": 3, "units": 64, "networks": 2}
    config = TrainConfig(name="petit", version="1", **small)
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


_DATABASES = count()


@pytest.fixture(scope="session")
def postgres() -> "Iterator[Server]":
    """A server of this run, with the newest schema in its database ``schema``."""
    from bench.postgres import Unavailable, server
    from data.store import Store

    try:
        with server() as running:
            Store.open(running.create("schema")).close()
            yield running
    except Unavailable as error:
        pytest.skip(f"PostgreSQL cannot run here: {error}")


@pytest.fixture
def postgres_url(postgres: "Server") -> Iterator[str]:
    """A database of this test, with the newest schema and nothing in it."""
    name = f"t{next(_DATABASES)}"
    yield postgres.create(name, like="schema")
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind, one after the other."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return str(tmp_path / "store.sqlite3")
