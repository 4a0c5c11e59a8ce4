"""Why the model says so: which evidence is marked and listed for the comment on screen."""

import streamlit as st

from data.errors import BundleError
from data.store import QueueItem
from model.judgement import Reason
from training.review import card
from training.review.language import label_name, say
from training.review.panel import reasons_table
from training.review.safe_html import reason_labels
from training.review.service import ReviewService, explained


def find(
    service: ReviewService, item: QueueItem, token: str
) -> tuple[tuple[Reason, ...], str | None, str | None]:
    """Give the evidence, the bundle it comes from if another, and the label to mark it for."""
    computed = st.session_state.get("queue_computed") == token
    try:
        reasons, other = service.explain(item) if explained(item) or computed else ((), None)
    except BundleError as error:
        st.html(card.notice("error", say("error.model", what=str(error))))
        reasons, other = (), None
    labels = reason_labels(reasons)
    wanted = st.session_state.get("queue_label")
    return reasons, other, wanted if wanted in labels else (labels[0] if labels else None)


def draw(
    item: QueueItem, reasons: tuple[Reason, ...], other: str | None, chosen: str | None, token: str
) -> None:
    """Draw the choice of the label and the heaviest evidence; or offer to compute it."""
    if not reasons:
        st.html(card.notice("info", say("reasons.empty")))
        if not explained(item) and st.session_state.get("queue_computed") != token:
            st.button(say("reasons.compute"), key=f"compute{token}", on_click=_compute, args=(token,))
        return
    labels = reason_labels(reasons)
    if len(labels) > 1:
        key = f"reason_label{token}"
        st.pills(
            say("reasons.label"),
            labels,
            default=chosen,
            required=True,
            format_func=label_name,
            key=key,
            on_change=_choose,
            args=(key,),
        )
    st.html(reasons_table(item.comment.text, reasons, chosen))
    if other:
        st.html(card.notice("warning", say("reasons.other_bundle", bundle=other)))


def _compute(token: str) -> None:
    st.session_state["queue_computed"] = token


def _choose(key: str) -> None:
    st.session_state["queue_label"] = st.session_state.get(key)
