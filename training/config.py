"""Hyper-parameters and choices of a training run, as a file or as defaults."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from data.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """What ``courtois train --config FILE`` may set; the manifest stores it as it is.

    Attributes
    ----------
    chars_penalty, words_penalty
        Inverse penalty C of the n-gram views.
    landmarks, stance_landmarks
        Points of the kernel networks; rows themselves when there are fewer.
    gamma, stance_gamma
        Kernel widths.
    ridge
        Penalty of the kernel networks.
    units, networks, passes
        Hidden units of a neural network, how many are averaged, and how often they see the rows.
    folds
        Folds of the out-of-fold predictions that weigh and calibrate the views.
    foreign_weight
        What a row of a corpus that is not our own counts beside one of ours for n-grams.
    audit
        Whether bias, disguise, viewpoint and stance pairs are measured for the model card.
    """

    name: str = "courtois-fr"
    version: str = "2026.11.23"
    corpora: tuple[str, ...] = ("embedded", "mlma_fr", "ftr", "jigsaw_fr")
    chars_penalty: float = 8.0
    words_penalty: float = 8.0
    landmarks: int = 2000
    stance_landmarks: int = 800
    gamma: float = 1 / 96
    stance_gamma: float = 1 / 160
    ridge: float = 1.0
    units: int = 512
    networks: int = 4
    passes: int = 12
    folds: int = 5
    foreign_weight: float = 0.4
    seed: int = 0
    audit: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be trained with."""
        for name in ("chars_penalty", "words_penalty", "gamma", "stance_gamma", "ridge", "foreign_weight"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} must be positive, got {getattr(self, name)}", where="configuration")
        for name in ("landmarks", "stance_landmarks", "units", "networks", "passes", "folds"):
            least = 2 if name == "folds" else 1
            if getattr(self, name) < least:
                raise InputError(f"{name} must be at least {least}", where="configuration")


def read_config(path: Path | None) -> TrainConfig:
    """Read a TOML file of :class:`TrainConfig` entries; ``None`` gives the defaults.

    Raises
    ------
    InputError
        For a file that is no TOML, an unknown entry or a value out of range.
    """
    if path is None:
        return TrainConfig()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is no TOML ({error})", where=str(path)) from error
    known = {f.name: f.default for f in fields(TrainConfig)}
    values: dict[str, Any] = {}
    for name, value in content.items():
        if name not in known:
            raise InputError(f"unknown entry {name!r:.40}", where=str(path), fix=f"use {', '.join(known)}")
        values[name] = _like(known[name], value, name, path)
    try:
        return TrainConfig(**values)
    except InputError as error:
        raise InputError(error.what, where=str(path), fix=error.fix) from None


def _like(default: Any, value: Any, name: str, path: Path) -> Any:
    """The value in the type of its default."""
    if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(default, float) and number:
        return float(value)
    if type(default) is type(value):
        return value
    raise InputError(f"{name}: {value!r:.40} is of the wrong type", where=str(path))
