"""Page *Modèles*: the bundles with their cards, a candidate beside the one in use, and the next one."""

import os
from pathlib import Path

import pandas as pd
import streamlit as st

from data.errors import BundleError, CourtoisError
from model.installed import current
from model.promotions import history, promoted
from training import jobs
from training.blind import EACH, ENOUGH
from training.review import card, models_view, people, settings
from training.review.charts import number_columns
from training.review.language import moment, say
from training.review.models_view import Shown
from training.review.rights import allowed

_RUNNING_EVERY = 2.0


def draw(store: str | None) -> None:
    """Draw the page; ``store`` is what a retraining reads its labels from."""
    _told()
    try:
        used = current()
        found = models_view.bundles()
    except BundleError as error:
        st.html(card.notice("error", say("models.error", what=str(error))))
        if allowed("promote") and st.button(say("models.rollback"), key="models_mend"):
            _rollback("")
        return
    for what in found.damaged:
        st.html(card.notice("warning", say("models.damaged", what=what)))
    mine = next((one for one in found.shown if one.folder == used), None)
    if mine is None:
        return
    st.header(say("models.in_use", name=mine.name))
    if fixed := os.environ.get(settings.BUNDLE):
        st.html(card.notice("info", say("models.fixed", name=Path(fixed).name)))
    may = allowed("promote")
    if may:
        _rollback_form()
    others = [one for one in found.shown if one.folder != used]
    if not others:
        st.caption(say("models.alone"))
        _card(mine)
    else:
        left, right = st.columns(2)
        with left:
            _card(mine)
        with right:
            chosen = _chosen(others)
            _card(chosen)
        _side_by_side(mine, chosen)
        if may:
            _promote_form(chosen)
    _retraining(store, may=may)
    _history()


def _chosen(others: list[Shown]) -> Shown:
    numbers = list(range(len(others)))
    picked = st.selectbox(
        say("models.other"), numbers, format_func=lambda n: others[n].label, key="models_other"
    )
    return others[picked if picked in numbers else 0]


def _card(one: Shown) -> None:
    with st.expander(say("models.card", name=one.name)):
        st.text(one.summary)
        for title, frame in one.tables:
            st.caption(say(title))
            _table(frame)


def _table(frame: pd.DataFrame) -> None:
    st.dataframe(frame, hide_index=True, column_config=number_columns(frame))


def _side_by_side(mine: Shown, other: Shown) -> None:
    st.markdown(f"**{say('models.compare')}**")
    st.caption(say("models.compare.note"))
    _table(models_view.side_by_side(mine, other))
    frame = models_view.comparison(other)
    if frame is not None:
        st.caption(say("models.comparison", base=other.manifest.base or "–"))
        _table(frame)
        st.caption(say("models.basis.note", enough=ENOUGH, each=EACH))


def _promote_form(other: Shown) -> None:
    with st.form("models_promote"):
        st.markdown(f"**{say('models.promote.title')}**")
        st.caption(say("models.promote.note"))
        reason = st.text_input(say("models.reason"), key="models_reason", max_chars=300)
        force = st.checkbox(say("models.force"), key="models_force")
        sure = st.checkbox(say("models.sure"), key="models_sure")
        if st.form_submit_button(say("models.promote")):
            if not sure:
                st.html(card.notice("warning", say("models.unsure")))
            else:
                _promote(other, reason=reason, force=force)
    gates = st.session_state.get("models_gates")
    if gates is not None:
        _table(models_view.gates_frame(gates))


def _promote(other: Shown, *, reason: str, force: bool) -> None:
    from training.promote import promote

    try:
        with st.status(say("models.promote.running"), expanded=True) as status:
            result = promote(
                other.folder,
                who=people.current().name,
                force=force,
                reason=reason,
                progress=lambda line: status.update(label=line),
            )
    except CourtoisError as error:
        st.html(card.notice("error", say("models.failed", what=str(error))))
        return
    st.session_state["models_gates"] = result.gates
    if result.done:
        _tell("success", say("models.promoted", name=result.bundle, before=result.previous))
    else:
        _tell("warning", say("models.refused", name=result.bundle, lost=models_view.gate_names(result.lost)))


def _rollback_form() -> None:
    try:
        stack = promoted()
    except BundleError:
        return
    if not stack:
        st.caption(say("models.shipped"))
        return
    with st.form("models_rollback"):
        sure = st.checkbox(say("models.rollback.sure"), key="models_rollback_sure")
        reason = st.text_input(say("models.reason"), key="models_rollback_reason", max_chars=300)
        if st.form_submit_button(say("models.rollback")):
            if sure:
                _rollback(reason)
            else:
                st.html(card.notice("warning", say("models.unsure")))


def _rollback(reason: str) -> None:
    from training.promote import rollback

    try:
        left, back = rollback(who=people.current().name, reason=reason)
    except CourtoisError as error:
        st.html(card.notice("error", say("models.failed", what=str(error))))
        return
    _tell("success", say("models.back", name=back, before=left))


def _retraining(store: str | None, *, may: bool) -> None:
    st.markdown(f"**{say('models.retrain.title')}**")
    st.caption(say("models.retrain.note"))
    try:
        found = jobs.jobs()
    except CourtoisError as error:
        st.html(card.notice("error", say("models.failed", what=str(error))))
        return
    running = bool(found) and found[0].state == "running"
    if st.button(say("models.retrain"), key="models_retrain", disabled=running or not may):
        try:
            jobs.start(store=store, who=people.current().name)
        except CourtoisError as error:
            st.html(card.notice("error", say("models.failed", what=str(error))))
            return
        st.rerun()
    if found:
        st.fragment(_progress, run_every=_RUNNING_EVERY if running else None)(found[0], was_running=running)


def _progress(job: jobs.Job, *, was_running: bool) -> None:
    state = job.state
    started = moment(str(job.request.get("started", "")))
    level = {"running": "info", "done": "success"}.get(state, "warning")
    st.html(card.notice(level, say(f"models.job.{state}", when=started, who=str(job.request.get("who", "")))))
    st.code("\n".join(job.lines()), language=None)
    if was_running and state != "running":
        st.rerun()  # the candidate joins the list


def _history() -> None:
    events = history()
    if events:
        with st.expander(say("models.history", n=len(events))):
            _table(models_view.history_frame(events))


def _tell(level: str, message: str) -> None:
    """Keep a notice for the next run, which shows the new state."""
    st.session_state["models_told"] = (level, message)
    st.rerun()


def _told() -> None:
    told = st.session_state.pop("models_told", None)
    if told is not None:
        st.html(card.notice(*told))
