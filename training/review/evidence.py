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
    known = st.session_state.get("queue_evidence")
    if known is None or known[0] != token:
        try:
            known = (token, *_explain(service, item))
        except BundleError as error:
            st.html(card.notice("error", say("error.model", what=str(error))))
            known = (token, (), None)
        st.session_state["queue_evidence"] = known
    reasons, other = known[1], known[2]
    labels = reason_labels(reasons)
    wanted = st.session_state.get("queue_label")
    return reasons, other, wanted if wanted in labels else (labels[0] if labels else None)


def _explain(service: ReviewService, item: QueueItem) -> tuple[tuple[Reason, ...], str | None]:
    if explained(item):
        return service.explain(item)
    with st.spinner(say("analyse.loading")):  # slow once, while the model is loaded
        return service.explain(item)


def draw(
    item: QueueItem, reasons: tuple[Reason, ...], other: str | None, chosen: str | None, token: str
) -> None:
    """Draw the choice of the label and the heaviest evidence; or say that there is none."""
    if not reasons:
        st.html(card.notice("info", say("reasons.empty")))
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


def _choose(key: str) -> None:
    st.session_state["queue_label"] = st.session_state.get(key)
