"""The labels of the annotation guide: names, values and how they depend on each other."""

from typing import Final, Literal

Stance = Literal["favor", "against", "none"]

SEVERITIES: Final = ("civil", "impolite", "uncivil", "intolerable")
"""Names of severity 0 to 3, in order."""

UNCIVIL: Final = 2
"""Lowest severity that counts as incivility."""

SUBTYPES: Final = ("insult", "profanity", "identity_attack", "threat", "aspersion", "lying_accusation")
"""Independent 0/1 labels."""

STANCES: Final[tuple[Stance, ...]] = ("favor", "against", "none")

ACTIONS: Final = ("publish", "review", "hold")
"""What the policy may propose, mildest first."""

LABEL_COLUMNS: Final = ("severity", "incivility", *SUBTYPES, "stance")
"""Columns of a labelled record; any subset may be present."""

SCORE_COLUMNS: Final = (
    "incivility",
    "p_impolite",
    "p_uncivil",
    "p_intolerable",
    "severity",
    *SUBTYPES,
    "stance",
    "stance_favor",
    "stance_against",
    "stance_none",
    "action",
    "reasons",
    "bundle",
)
"""Columns that scoring adds, in order."""
