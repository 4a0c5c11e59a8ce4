"""Answers that annotation tools hold as words, and the labels they stand for."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from data.record import Labels, parse_labels
from data.taxonomy import LABEL_COLUMNS, SEVERITIES, STANCES, SUBTYPES

TYPES: Final = "types"
"""A list to tick: what is ticked is 1, and the other subtypes are 0."""

_SEVERITY: Final[Mapping[str, int]] = {
    "impoli": 1,
    "incivil": 2,
    **{name: level for level, name in enumerate(SEVERITIES)},
}
_FLAG: Final = {"yes": 1, "oui": 1, "true": 1, "vrai": 1, "no": 0, "non": 0, "false": 0, "faux": 0}
_STANCE: Final[Mapping[str, str]] = {
    **{str(name): str(name) for name in STANCES},
    "pour": "favor",
    "contre": "against",
    "aucune": "none",
}
_SUBTYPE: Final = {
    **{name: name for name in SUBTYPES},
    "insulte": "insult",
    "grossierete": "profanity",
    "attaque_identitaire": "identity_attack",
    "menace": "threat",
    "denigrement": "aspersion",
    "accusation_de_mensonge": "lying_accusation",
}
_FRENCH: Final = {"gravite": "severity", "incivilite": "incivility", "position": "stance"}
_NOTHING: Final = frozenset(("none", "aucun", "aucune", "nothing"))


def read_answers(answers: Iterable[tuple[str, Any]]) -> Labels:
    """Labels of ``(question, value)`` pairs; questions that the guide does not know are passed over.

    Values may be those of the guide or its words in English or French, ``2 · incivil`` included.

    Raises
    ------
    InputError
        For a value outside the guide; the message names the column.

    >>> read_answers([("severity", "2 · incivil"), ("types", ["insulte"]), ("stance", "contre")]).given()
    {'severity': 2, 'insult': 1, 'profanity': 0, 'identity_attack': 0, 'threat': 0, 'aspersion': 0, \
'lying_accusation': 0, 'stance': 'against'}
    """
    row: dict[str, Any] = {}
    for question, value in answers:
        name = _key(question)
        name = _SUBTYPE.get(name) or _FRENCH.get(name, name)
        if name == TYPES:
            row |= _ticked(value)
        elif name in LABEL_COLUMNS:
            row[name] = _value(name, value)
    return parse_labels(row)


def read_words(words: Iterable[Any]) -> Labels:
    """Labels of a list of label names: ``severity=2``, ``insult``, ``uncivil``, ``against``.

    Raises
    ------
    InputError
        For a word that names no label.

    >>> read_words(["severity=1", "menace", "stance=none"]).given()
    {'severity': 1, 'threat': 1, 'stance': 'none'}
    """
    return read_answers(_pair(word) for word in words)


def words_of(labels: Labels) -> list[str]:
    """Label names that `read_words` reads back.

    >>> words_of(Labels(severity=1, threat=0))
    ['severity=1', 'threat=0']
    """
    return [f"{name}={value}" for name, value in labels.given().items()]


def _pair(word: Any) -> tuple[str, Any]:
    name, equals, value = str(word).partition("=")
    if not equals:
        name, equals, value = str(word).partition(":")
    if equals:
        return (name, value.strip()) if _known(name) else ("severity", word)
    key = _key(word)
    if key in _SUBTYPE:
        return _SUBTYPE[key], 1
    if key in ("favor", "against", "pour", "contre"):
        return "stance", key
    return "severity", word  # which refuses what is none, by name


def _known(name: str) -> bool:
    key = _key(name)
    return key in LABEL_COLUMNS or key in _SUBTYPE or key in _FRENCH


def _ticked(value: Any) -> dict[str, Any]:
    words = value if isinstance(value, list) else [value]
    row: dict[str, Any] = dict.fromkeys(SUBTYPES, 0)
    for word in words:
        key = _key(word)
        if key in _NOTHING:
            continue
        if key not in _SUBTYPE:
            return {"insult": word}  # which parse_labels refuses, by name
        row[_SUBTYPE[key]] = 1
    return row


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else (value or None)
    if not isinstance(value, str):
        return value
    words = {"severity": _SEVERITY, "stance": _STANCE}.get(name, _FLAG)
    key = _key(value)
    if key in words:
        return words[key]
    if name == "severity" and key[:1] in "0123" and key[1:].strip("_·:-.") in _SEVERITY:
        return key[:1]
    return value.strip()


def _key(word: Any) -> str:
    """Lower case, without accents, words joined by underscores."""
    plain = unicodedata.normalize("NFD", str(word)[:200].strip().lower())
    return "_".join("".join(c for c in plain if not unicodedata.combining(c)).replace("-", " ").split())
