"""One pasted comment: the judgement and its reasons. Nothing is stored."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from data.errors import BundleError
from data.record import MAX_TEXT, Comment
from model.judgement import Judgement, Reason
from training.review import card
from training.review.language import label_name, say
from training.review.panel import panel, reasons_table
from training.review.reading import normal_form, read_as
from training.review.safe_html import marked, reason_labels

if TYPE_CHECKING:
    from model.scorer import Scorer


def draw(load_scorer: "Callable[[], Scorer]") -> None:
    """Draw the form and, once it was sent, what the model says."""
    st.caption(say("analyse.intro"))
    with st.form("analyse", border=True):
        text = st.text_area(say("analyse.text"), height=140, max_chars=MAX_TEXT, key="analyse_text")
        left, right = st.columns(2)
        article = left.text_input(say("analyse.article"), key="analyse_article")
        target = right.text_input(say("analyse.target"), key="analyse_target")
        parent = st.text_area(say("analyse.parent"), height=80, key="analyse_parent")
        if st.form_submit_button(say("analyse.run"), type="primary"):
            st.session_state["analysed"] = Comment(
                text=text,
                id="analyse",
                parent_text=parent.strip() or None,
                article_title=article.strip() or None,
                target=target.strip() or None,
            )
    comment: Comment | None = st.session_state.get("analysed")
    if comment is None:
        return
    if not comment.text.strip():
        st.html(card.notice("warning", say("analyse.empty")))
        return
    try:
        with st.spinner(say("analyse.loading")):
            judgement = load_scorer().score(comment, spans=True)
    except BundleError as error:
        st.html(card.notice("error", say("error.model", what=str(error))))
        return
    _result(comment, judgement)


def _result(comment: Comment, judgement: Judgement) -> None:
    reasons: tuple[Reason, ...] = judgement.reasons or ()
    labels = reason_labels(reasons)
    left, right = st.columns([0.66, 0.34], gap="large")
    with left:
        chosen = labels[0] if labels else None
        if len(labels) > 1:
            chosen = st.pills(
                say("reasons.label"),
                labels,
                default=labels[0],
                required=True,
                format_func=label_name,
                key="analyse_label",
            )
        st.html(marked(comment.text, reasons, chosen))
        st.html(reasons_table(comment.text, reasons, chosen))
        if found := read_as(comment.text):
            st.html(found)
        with st.expander(say("analyse.normal")):
            st.html(normal_form(comment.text))
    with right, st.container(border=True):
        st.html(panel(judgement.columns(), comment.stance_target))
