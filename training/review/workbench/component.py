"""The workbench in the browser: its program, its look, and what it is told once."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import streamlit as st

from data.reasons import REASONS
from data.store import Store
from data.taxonomy import ACTIONS, STANCES, SUBTYPES
from training.review.language import label_name, say
from training.review.people import Person
from training.review.strings_queue_fr import QUEUE

NAME: Final = "courtois_queue"
PARTS: Final = (
    "log.js",
    "text.js",
    "card.js",
    "aside.js",
    "keys.js",
    "form.js",
    "screen.js",
    "queue.js",
    "showing.js",
    "acts.js",
)
"""The program, in order; together they are one module."""

STATUSES: Final = ("pending", "skipped", "to_review", "approved", "rejected")
DESK: Final = "desk."
BANDS: Final = ("very_likely", "likely", "uncertain", "unlikely")
LEVELS: Final = ("p_impolite", "p_uncivil", "p_intolerable")


@cache
def program() -> str:
    """Source of the browser's half, one ECMAScript module."""
    folder = files(__package__)
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in PARTS)


@cache
def look() -> str:
    """Style sheet of the browser's half."""
    return (files(__package__) / "queue.css").read_text(encoding="utf-8")


def mount(data: dict[str, Any], key: str) -> None:
    """Draw the workbench; the browser's messages come back as ``st.session_state[key]["ask"]``."""
    _component()(key=key, data=data, on_ask_change=_heard)


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, css=look(), js=program())


def _heard() -> None:
    """Have Streamlit keep the value; the page reads it when it is drawn."""


def config(store: Store, person: Person) -> dict[str, Any]:
    """What the browser is told once: names, texts, and what this person may do."""
    place = hashlib.sha256(store.where.encode("utf-8", "replace")).hexdigest()[:12]
    return {
        "me": person.name,
        "place": place,
        "decide": person.may("decide"),
        "label": person.may("label"),
        "team": not person.single_user,
        "texts": {
            name.removeprefix("desk."): text for name, text in QUEUE.items() if name.startswith("desk.")
        },
        "statuses": [[name, say(f"queue.status.{name}")] for name in STATUSES],
        "states": {name: say(f"status.{name}") for name in (*STATUSES, "imported")},
        "bands": {name: say(f"band.{name}") for name in BANDS},
        "actions": {name: say(f"action.{name}") for name in ACTIONS},
        "severities": [say(f"severity.{level}") for level in range(4)],
        "levels": {name: say(f"panel.{name}") for name in LEVELS},
        "subtypes": [[name, label_name(name)] for name in SUBTYPES],
        "stances": [[name, say(f"stance.{name}")] for name in STANCES],
        "labels": {name: label_name(name) for name in ("incivility", *LEVELS, *SUBTYPES)},
        "reasons": [[code, reason.label] for code, reason in REASONS.items()],
    }
