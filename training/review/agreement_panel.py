"""How far the team agrees, and the comments on which it does not."""

import hashlib
import html
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import streamlit as st

from data.errors import StoreError
from data.record import Comment
from training.french_numbers import decimal
from training.review import card
from training.review.language import label_name, say
from training.review.safe_html import block, escape
from training.review.service import ReviewService

if TYPE_CHECKING:  # NLTK and scikit-learn are slow to import, and the list does without them
    from training.agreement import Agreement

MOST: Final = 20
"""Comments in dispute that are shown at once."""


def draw(service: ReviewService, open_comment: Callable[[str], None]) -> None:
    """Draw the section; figures are computed when they are asked for."""
    with st.expander(say("agreement.title")):
        st.caption(say("agreement.intro"))
        if not st.toggle(say("agreement.measure"), key="agreement_on"):
            return
        from training.agreement import FEWEST, between, drawn_by_lot, within

        labelled = list(service.store.labelled())
        people, blind = between(labelled), between(drawn_by_lot(labelled))
        _figures(say("agreement.blind"), blind, FEWEST)
        _figures(say("agreement.between"), people, FEWEST)
        st.caption(say("agreement.leans"))
        _figures(say("agreement.within"), within(service.store.repeats()), FEWEST)
        _disputes(service, people, labelled, open_comment)


def _figures(title: str, rows: "Sequence[Agreement]", fewest: int) -> None:
    st.html(f'<div class="ct-panel"><h4>{html.escape(title)}</h4></div>')
    measured = [row for row in rows if row.same is not None]
    if not measured:
        st.html(card.notice("info", say("agreement.none", n=fewest)))
        return
    names = ("label", "comments", "same", "kappa", "alpha")
    head = "".join(f"<td>{html.escape(say(f'agreement.{name}'))}</td>" for name in names)
    body = "".join(
        f"<tr><td>{escape(label_name(row.label))}</td><td>{row.comments}</td>"
        f"<td>{100 * (row.same or 0):.0f}\xa0%</td>"
        f"<td>{_figure(row.kappa, row.kappa_ci95)}</td><td>{_figure(row.alpha, row.alpha_ci95)}</td></tr>"
        for row in measured
    )
    st.html(f'<table class="ct-reasons"><tbody><tr>{head}</tr>{body}</tbody></table>')


def _figure(value: float | None, bounds: tuple[float, float] | None) -> str:
    r"""French decimals.

    >>> _figure(0.5, (0.25, -0.125)), _figure(None, None)
    ('0,50 [0,25 ; −0,12]', '–')
    """
    if value is None:
        return "–"
    return decimal(value) + (f" [{decimal(bounds[0])} ; {decimal(bounds[1])}]" if bounds else "")


def _disputes(
    service: ReviewService,
    rows: "Sequence[Agreement]",
    labelled: Sequence[Comment],
    open_comment: Callable[[str], None],
) -> None:
    disputed = {row.label: row.disputed for row in rows if row.disputed}
    st.html(f'<div class="ct-panel"><h4>{html.escape(say("agreement.disputed"))}</h4></div>')
    if not disputed:
        st.html(card.notice("info", say("agreement.disputed.none")))
        return
    chosen = st.selectbox(
        say("agreement.disputed.label"), list(disputed), format_func=label_name, key="agreement_label"
    )
    ids = disputed.get(chosen, ())
    if len(ids) > MOST:
        st.caption(say("agreement.disputed.more", n=MOST))
    for id_ in ids[:MOST]:
        try:
            item = service.store.item(id_)
        except StoreError:  # erased since the figures were computed
            continue
        said = [_said(one, chosen) for one in labelled if one.id == id_ and _value(one, chosen)]
        notes = "".join(f'<div class="ct-meta">{note}</div>' for note in said)
        st.html(f'<div class="ct-quote">{block(item.comment.text, "ct-parent")}{notes}</div>')
        key = f"dispute-{hashlib.sha256(id_.encode('utf-8', 'replace')).hexdigest()[:16]}"
        st.button(
            say("agreement.disputed.open"), key=key, type="tertiary", on_click=open_comment, args=(id_,)
        )


def _value(one: Comment, label: str) -> str:
    value = one.labels.uncivil if label == "incivility" else getattr(one.labels, label)
    if value is None:
        return ""
    return (
        say(f"{label}.{value}")
        if label in ("severity", "stance")
        else say("form.yes" if value else "form.no")
    )


def _said(one: Comment, label: str) -> str:
    return escape(say("agreement.disputed.said", who=one.labelled_by or "?", labels=_value(one, label)))
