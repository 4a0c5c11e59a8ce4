"""The form in which a moderator corrects any label, before or after deciding."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from data.record import Labels
from data.store import QueueItem
from data.taxonomy import STANCES, SUBTYPES
from training.review.language import label_name, percent, say

Save = Callable[[str, int, Labels], None]


def draw(item: QueueItem, token: str, save: Save) -> None:
    """Draw the form; nothing is filled in for the moderator, the model's view stands beside.

    A prefilled form would turn the model's guesses into human labels with one click.
    """
    with st.form(f"labels-{token}", border=False):
        st.caption(say("form.hint"))
        given, scores = item.labels or Labels(), item.scores
        model = "" if scores.get("severity") is None else say(f"severity.{int(scores['severity'])}")
        st.segmented_control(
            _with_model(say("form.severity"), model),
            (0, 1, 2, 3),
            default=given.severity,
            format_func=lambda level: say(f"severity.{level}"),
            key=_key("severity", token),
        )
        for at, name in enumerate(SUBTYPES):
            if at % 3 == 0:  # row by row, so that narrow screens keep the order
                columns = st.columns(3)
            probability = scores.get(name)
            columns[at % 3].segmented_control(
                _with_model(label_name(name), "" if probability is None else percent(float(probability))),
                (1, 0),
                default=getattr(given, name),
                format_func=lambda value: say("form.yes" if value else "form.no"),
                key=_key(name, token),
            )
        stance = scores.get("stance")
        st.segmented_control(
            _with_model(say("form.stance"), say(f"stance.{stance}") if stance in STANCES else ""),
            STANCES,
            default=given.stance,
            format_func=lambda value: say(f"stance.{value}"),
            key=_key("stance", token),
        )
        st.form_submit_button(say("form.save"), type="primary", on_click=_submit, args=(item, token, save))


def _submit(item: QueueItem, token: str, save: Save) -> None:
    values: dict[str, Any] = {
        name: st.session_state.get(_key(name, token)) for name in ("severity", *SUBTYPES, "stance")
    }
    save(item.comment.id, item.version, Labels(**values))


def _key(name: str, token: str) -> str:
    return f"label-{name}-{token}"


def _with_model(label: str, model: str) -> str:
    return say("form.model", label=label, value=model) if model else label
