"""One hidden layer of rectified units over the dense view, shared by a set of heads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from model.encoder import Vectors


@dataclass(frozen=True, slots=True)
class Network:
    """U units that K heads weigh.

    Networks that were learnt apart and whose log-odds are averaged are one network: their units stand
    side by side.

    Attributes
    ----------
    weights : ndarray of shape (U, d), float32
    shifts : ndarray of shape (U,), float32
    outputs : ndarray of shape (U, K), float32
    """

    weights: Vectors
    shifts: Vectors
    outputs: Vectors

    @classmethod
    def joined(cls, networks: "Sequence[Network]") -> "Network":
        """The sum of one or more."""
        return cls(
            np.concatenate([network.weights for network in networks]),
            np.concatenate([network.shifts for network in networks]),
            np.concatenate([network.outputs for network in networks]),
        )

    def said(self, dense: Vectors) -> Vectors:
        """What the units add to the log-odds, of shape (n, K)."""
        raised = dense @ self.weights.T
        raised += self.shifts
        return np.asarray(np.maximum(raised, 0, out=raised) @ self.outputs, np.float32)

    def take(self, at: Sequence[int]) -> "Network":
        """The units for some of the heads, by position."""
        return replace(self, outputs=self.outputs[:, list(at)])

    def mixed(self, mixing: npt.NDArray[np.float32]) -> "Network":
        """The units for heads that are these times ``mixing`` of shape (K, number of new heads)."""
        return replace(self, outputs=self.outputs @ mixing)


def beside(one: Network | None, other: Network | None) -> Network | None:
    """The sum of both."""
    if one is None or other is None:
        return one or other
    return Network.joined([one, other])
