"""Training configuration: what a file may set, and one line for what it may not."""

from dataclasses import asdict, fields
from pathlib import Path

import pytest

from data.errors import InputError
from training.config import TrainConfig, read_config


def write(folder: Path, text: str) -> Path:
    path = folder / "essai.toml"
    path.write_bytes(text.encode("latin-1"))
    return path


def test_no_file_gives_the_defaults() -> None:
    assert read_config(None) == TrainConfig()


def test_every_entry_can_be_set(tmp_path: Path) -> None:
    text = """
        name = "rédaction"
        version = "3"
        corpora = ["embedded"]
        chars_penalty = 2
        words_penalty = 0.5
        landmarks = 10
        stance_landmarks = 11
        gamma = 0.25
        stance_gamma = 1
        ridge = 3.0
        units = 12
        networks = 1
        passes = 2
        folds = 4
        foreign_weight = 0.25
        seed = 7
        audit = false
    """
    path = tmp_path / "essai.toml"
    path.write_text(text, encoding="utf-8")
    config = read_config(path)
    assert config.name == "rédaction"
    assert config.corpora == ("embedded",)
    assert (config.chars_penalty, config.stance_gamma) == (2.0, 1.0)
    assert isinstance(config.chars_penalty, float)
    changed = {
        f.name for f in fields(TrainConfig) if getattr(config, f.name) != getattr(TrainConfig(), f.name)
    }
    assert changed == set(asdict(config))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("landmark = 3", "unknown entry 'landmark'"),
        ("landmarks = 2.5", "landmarks: 2.5 is of the wrong type"),
        ("landmarks = '3'", "landmarks"),
        ("folds = true", "folds: True is of the wrong type"),
        ("gamma = false", "gamma"),
        ("corpora = 'embedded'", "corpora"),
        ("corpora = [1]", "corpora"),
        ("name = 3", "name"),
        ("folds = 1", "folds must be at least 2"),
        ("landmarks = 0", "landmarks must be at least 1"),
        ("passes = 0", "passes must be at least 1"),
        ("gamma = 0", "gamma must be positive"),
        ("ridge = -1", "ridge must be positive"),
        ("chars_penalty = nan", "chars_penalty must be positive"),
        ("seed = ", "is no TOML"),
        ("seed = 1\nseed = 2", "is no TOML"),
        ("[table]\nx = 1", "unknown entry 'table'"),
        ("# \xff", "is no TOML"),
    ],
)
def test_refused_in_one_line_that_names_the_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_config(write(tmp_path, text))
    assert said in str(error.value)
    assert "essai.toml" in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_file_or_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(InputError, match=str(path)):
            read_config(path)
