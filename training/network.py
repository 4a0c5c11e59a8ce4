"""Fit a small neural network on the dense view: all labels at once, which share its hidden units.

What the units learn for one label serves the others, and rows that carry only some of the labels teach
them all the same. Dropout (Srivastava et al. 2014) and the mean of several networks keep it from
learning rows by heart, and squared errors from being surer than it is right to be; the steps are Adam's
(Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019), their size rises and falls once
(Smith & Topin 2018). scikit-learn's networks know neither dropout nor rows that lack some labels.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from model.encoder import Vectors
from model.heads import half
from model.network import Network
from training.linear import WORTH_PROCESSES, Targets
from training.meaning import Meaning
from training.splits import Folds

_INPUT: Final = 8.0
"""Length that a row has in the mean while the network learns."""
_DROPPED_INPUTS, _DROPPED_UNITS = 0.1, 0.5
_BATCH: Final = 256
_STEP, _FIRST_STEP, _LAST_STEP, _RISING = 8e-3, 1 / 25, 1e-5, 0.3
_DECAY: Final = 0.01
_MOMENTUM, _SQUARES, _TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """Hidden units of a network, how many are averaged, and passes over the rows."""

    units: int
    networks: int
    passes: int
    seed: int


def fit_network(
    dense: Vectors,
    targets: Targets,
    folds: Folds,
    settings: NetworkSettings,
) -> Meaning:
    """Fit the mean of some networks on all rows, and on those without each fold.

    Every row counts alike, also those of other corpora: what they teach the units carries over.

    Parameters
    ----------
    dense : ndarray of shape (n, d)
    """
    labels = np.stack(list(targets.values()), axis=1)
    jobs = 2 if len(dense) >= WORTH_PROCESSES else 1
    found: Iterator[_Learnt] = Parallel(n_jobs=jobs, prefer="processes", return_as="generator")(
        delayed(_learnt)(dense, labels, train, (settings.seed, number), settings)
        for train in (*(train for train, _ in folds), np.arange(len(dense)))
        for number in range(settings.networks)
    )
    out_of_fold = np.full(labels.shape, np.nan, np.float32)
    for _, test in folds:
        network, shifts = _mean([next(found) for _ in range(settings.networks)])
        out_of_fold[test] = network.said(dense[test]) + shifts
    out_of_fold[np.isnan(labels)] = np.nan
    network, shifts = _mean(list(found))
    count = labels.shape[1]
    none = dense[:0], np.zeros(0, np.float32), np.zeros((0, count), np.float32)
    return Meaning(out_of_fold, shifts, *none, network)


_Learnt = tuple[Network, Vectors]


def _mean(learnt: list[_Learnt]) -> _Learnt:
    total = Network.joined([network for network, _ in learnt])
    return (
        replace(total, weights=half(total.weights), outputs=total.outputs * np.float32(1 / len(learnt))),
        np.mean([shifts for _, shifts in learnt], axis=0, dtype=np.float32),
    )


def _learnt(
    dense: Vectors,
    labels: Vectors,
    rows: npt.NDArray[np.int64],
    seed: tuple[int, int],
    settings: NetworkSettings,
) -> _Learnt:
    """One network, learnt on some rows."""
    random = np.random.default_rng(seed)
    scale = _INPUT / max(float(np.sqrt((dense[rows].astype(np.float64) ** 2).sum(axis=1).mean())), 1e-6)
    inputs = dense[rows] * np.float32(scale)
    known = ~np.isnan(labels[rows])
    truth = np.where(labels[rows] > 0, 1, -1).astype(np.float32)
    width, count, units = dense.shape[1], labels.shape[1], settings.units
    parts = [
        _uniform(random, width, (units, width)),
        _uniform(random, width, (units,)),
        _uniform(random, units, (units, count)),
        _uniform(random, units, (count,)),
    ]
    batches = max(len(rows) // _BATCH, 1)
    adam = _Adam(parts, settings.passes * batches)
    with threadpool_limits(1):  # sums in another order would give other bytes
        for _ in range(settings.passes):
            for batch in np.array_split(random.permutation(len(rows)), batches):
                adam.step(parts, _slopes(parts, inputs[batch], truth[batch], known[batch], random))
    return Network(parts[0] * np.float32(scale), parts[1], parts[2]), parts[3]


def _uniform(random: np.random.Generator, incoming: int, shape: tuple[int, ...]) -> Vectors:
    edge = 1 / np.sqrt(incoming)
    return random.uniform(-edge, edge, shape).astype(np.float32)


def _kept(random: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Vectors:
    """What dropout multiplies by: nothing, or enough to make up for what is dropped."""
    drawn = random.integers(0, 256, shape, np.uint8)
    return (drawn >= round(256 * dropped)) * np.float32(1 / (1 - dropped))


def _slopes(
    parts: list[Vectors],
    inputs: Vectors,
    truth: Vectors,
    known: npt.NDArray[np.bool_],
    random: np.random.Generator,
) -> list[Vectors]:
    """Gradient of half the mean squared error of the labels that are there, as -1/+1."""
    inner, shifts, outer, last = parts
    seen = inputs * _kept(random, inputs.shape, _DROPPED_INPUTS)
    raised = seen @ inner.T
    raised += shifts
    np.maximum(raised, 0, out=raised)
    raised *= _kept(random, raised.shape, _DROPPED_UNITS)
    wrong = (raised @ outer + last - truth) * known * np.float32(1 / max(int(known.sum()), 1))
    # A unit that was dropped or silent is zero, and learns nothing from these rows.
    back = (wrong @ outer.T) * (raised > 0) / np.float32(1 - _DROPPED_UNITS)
    return [back.T @ seen, back.sum(axis=0), raised.T @ wrong, wrong.sum(axis=0)]


class _Adam:
    """Steps of Adam with decoupled weight decay, whose size rises and falls once over ``steps``."""

    def __init__(self, parts: list[Vectors], steps: int) -> None:
        self._means = [np.zeros_like(part) for part in parts]
        self._squares = [np.zeros_like(part) for part in parts]
        self._steps, self._done = steps, 0

    def step(self, parts: list[Vectors], slopes: list[Vectors]) -> None:
        size = self._size()
        self._done += 1
        mean_share, square_share = (1 - beta**self._done for beta in (_MOMENTUM, _SQUARES))
        for part, slope, mean, square in zip(parts, slopes, self._means, self._squares, strict=True):
            mean *= _MOMENTUM
            mean += (1 - _MOMENTUM) * slope
            np.square(slope, out=slope)
            square *= _SQUARES
            square += np.multiply(1 - _SQUARES, slope, out=slope)
            scale = np.sqrt(square, out=slope)
            scale += _TINY
            moved = np.divide(mean, scale, out=scale)
            moved *= size * math.sqrt(square_share) / mean_share
            part *= 1 - size * _DECAY
            part -= moved

    def _size(self) -> float:
        done, rise = self._done / max(self._steps, 1), _RISING
        begin, end, share = (
            (_FIRST_STEP, 1.0, done / rise) if done < rise else (1.0, _LAST_STEP, (done - rise) / (1 - rise))
        )
        return _STEP * (end + (begin - end) * 0.5 * (1 + math.cos(math.pi * share)))
