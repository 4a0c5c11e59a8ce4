"""The list of what to label next, one comment at a time, and where the team disagrees."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from data.errors import ConflictError, StoreError
from data.record import Labels
from data.store import QueueItem, Task
from training.review import agreement_panel, card, label_form, people
from training.review.language import say
from training.review.reading import read_as
from training.review.rights import allowed
from training.review.service import ReviewService

OPENED = "annotate_open"
"""Session key of a comment in dispute that is to be read again."""


def draw(open_service: Callable[[], ReviewService]) -> None:
    """Draw the next task of this moderator, then the team's agreement."""
    try:
        service = open_service()
        _messages()
        opened = st.session_state.get(OPENED)
        if allowed("label") and (opened is None or not _again(service, opened)):
            _task(service)
        agreement_panel.draw(service, _open)
    except StoreError as error:
        st.html(card.notice("error", say("error.store.read", what=str(error))))
        st.button(say("error.retry"), key="annotate_retry")


def _task(service: ReviewService) -> None:
    passed: tuple[int, ...] = st.session_state.get("annotate_passed", ())
    st.caption(say("annotate.waiting", n=service.store.waiting_tasks(service.moderator)))
    found = service.store.next_task(service.moderator, passed)
    if found is None:
        st.html(card.notice("info", say("annotate.passed" if passed else "annotate.empty")))
        if passed:
            st.button(say("empty.restart"), key="annotate_restart", on_click=_restart)
        else:
            st.caption(say("annotate.empty.hint"))
        return
    task, item = found
    shown = unseen(task, item)
    _comment(shown)
    if task.hides_scores:
        st.html(card.notice("info", say("annotate.hidden")))
    token = _token(f"{task.id}\0{item.version}")
    label_form.draw(shown, token, lambda _, version, labels: _save(service, task, version, labels))
    tip = say("annotate.later.tip")
    st.button(say("annotate.later"), key=f"later-{token}", help=tip, on_click=_pass, args=(task.id,))


def unseen(task: Task, item: QueueItem) -> QueueItem:
    """Take away what others said of the comment and, where it would colour the answer, the scores."""
    scores = {} if task.hides_scores else item.scores
    return replace(item, scores=scores, labels=Labels(), status="pending", decided_by=None, decided_at=None)


def _comment(item: QueueItem) -> None:
    st.html(card.context(item))
    st.html(card.comment_text(item, (), None))
    if found := read_as(item.comment.text):
        st.html(found)


def _save(service: ReviewService, task: Task, version: int, labels: Labels) -> None:
    state = st.session_state
    if not people.current().may("label"):  # the session ended, or the role changed, since it was drawn
        state["annotate_notice"] = ("warning", say("people.not_done"))
        return
    if not labels:
        state["annotate_notice"] = ("warning", say("annotate.nothing"))
        return
    try:
        service.store.finish_task(task, labels, annotator=service.moderator, version=version)
    except ConflictError:
        state["annotate_notice"] = ("warning", say("annotate.taken"))
    except StoreError as error:
        state["annotate_notice"] = ("error", say("error.store", what=str(error)))
    else:
        state["annotate_notice"] = ("success", say("annotate.done"))


def _again(service: ReviewService, comment_id: str) -> bool:
    """Show a comment in dispute with this moderator's form; False when it is gone."""
    try:
        item = service.store.item(comment_id)
    except StoreError:
        st.session_state[OPENED] = None
        return False
    _comment(replace(item, status="pending"))
    token = _token(f"again\0{comment_id}\0{item.version}")
    blank = replace(item, labels=Labels(), scores={})
    label_form.draw(blank, token, lambda *seen: _relabel(service, *seen))
    st.button(say("annotate.later"), key=f"close-{token}", on_click=_open, args=(None,))
    return True


def _relabel(service: ReviewService, comment_id: str, version: int, labels: Labels) -> None:
    if not people.current().may("label"):
        st.session_state["annotate_notice"] = ("warning", say("people.not_done"))
        return
    if not labels:
        st.session_state["annotate_notice"] = ("warning", say("annotate.nothing"))
        return
    outcome = service.relabel(comment_id, version, labels)
    st.session_state["annotate_notice"] = (outcome.level, outcome.message)
    if outcome.level == "success":
        _open(None)


def _open(comment_id: str | None) -> None:
    st.session_state[OPENED] = comment_id


def _pass(task_id: int) -> None:
    st.session_state["annotate_passed"] = (*st.session_state.get("annotate_passed", ()), task_id)


def _restart() -> None:
    st.session_state["annotate_passed"] = ()


def _messages() -> None:
    if notice := st.session_state.pop("annotate_notice", None):
        st.html(card.notice(*notice))


def _token(seen: str) -> str:
    return hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()[:16]
