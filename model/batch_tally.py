"""What a run found, as counts that do not grow with it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from data.taxonomy import SEVERITIES, STANCES, SUBTYPES
from model.tier import FAST_MARK

_BINS: Final = 10
_BARS: Final = "▁▂▃▄▅▆▇█"


@dataclass(slots=True)
class Tally:
    """Counts of a run.

    ``subtypes`` counts the rows that reach a subtype's threshold; ``histogram`` those whose
    incivility falls into each tenth.
    """

    thresholds: Mapping[str, float] = field(default_factory=dict)
    scored: int = 0
    rejected: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    severities: Counter[int] = field(default_factory=Counter)
    subtypes: Counter[str] = field(default_factory=Counter)
    stances: Counter[str] = field(default_factory=Counter)
    fast: int = 0
    """Rows that the sentence encoder did not see, in the fast tier."""
    histogram: list[int] = field(default_factory=lambda: [0] * _BINS)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Count scored rows."""
        for row in rows:
            self.scored += 1
            self.actions[row["action"]] += 1
            self.fast += row["bundle"].endswith(FAST_MARK)
            self.severities[row["severity"]] += 1
            self.histogram[min(_BINS - 1, int(row["incivility"] * _BINS))] += 1
            if row["stance"] is not None:
                self.stances[row["stance"]] += 1
            for name in SUBTYPES:
                chance = row[name]
                if chance is not None and chance >= self.thresholds.get(name, 0.5):
                    self.subtypes[name] += 1

    @property
    def flagged(self) -> int:
        """Rows that a person should look at."""
        return self.scored - self.actions["publish"]

    def counts(self) -> dict[str, Any]:
        """Everything as JSON values, for a manifest."""
        return {
            "scored": self.scored,
            "rejected": self.rejected,
            "action": dict(sorted(self.actions.items())),
            "severity": {name: self.severities[level] for level, name in enumerate(SEVERITIES)},
            "subtypes": {name: self.subtypes[name] for name in SUBTYPES},
            "stance": {name: self.stances[name] for name in STANCES} if self.stances else {},
            "incivility_histogram": self.histogram,
            **({"without_encoder": self.fast} if self.fast else {}),
        }


def sparkline(counts: Iterable[int]) -> str:
    """Draw counts as bars of one letter each; a bin that holds anything is never empty.

    >>> sparkline([0, 1, 50, 100])
    ' ▁▅█'
    """
    counts = list(counts)
    top = max(counts, default=0)
    return "".join(" " if not n else _BARS[min(7, n * 8 // top - (n == top))] for n in counts)
