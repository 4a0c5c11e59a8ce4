"""The site policy under the sliders: its rules as a table, its conflicts, saving and applying it."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import CourtoisError
from data.store import Store
from model.policy_file import installed_policy, policy_path, policy_text, save_policy
from model.policy_site import AUTOMATIC, OTHERWISE, RULE_ACTIONS, RULE_LABELS, RuleAction, SitePolicy
from training.review import card, people, policy_form
from training.review.language import label_name, say

_PROPOSALS: Final[tuple[RuleAction, ...]] = tuple(a for a in RULE_ACTIONS if a not in AUTOMATIC)


def draw(
    store: Store, lines: Mapping[str, float], section: str | None, thresholds: Mapping[str, float]
) -> None:
    """Draw the policy; ``lines`` are the thresholds of the sliders, for ``section``."""
    st.header(say("policy.title"))
    _told()
    try:
        saved = installed_policy()
    except CourtoisError as error:
        st.html(card.notice("error", say("policy.unreadable", what=str(error))))
        return
    key = "policy.none" if saved is None else "policy.file"
    st.caption(say(key, path=str(policy_path())))
    edited: SitePolicy = st.session_state.setdefault("policy_edited", saved or SitePolicy())
    alone = saved is not None and saved.automatic
    st.html(card.notice("warning" if alone else "info", say("policy.on" if alone else "policy.off")))
    policy = _edit(edited)
    _from_lines(policy or edited, lines, section)
    if policy is not None:
        for one, two in policy.conflicts():
            st.html(card.notice("warning", say("policy.conflict", one=one, two=two)))
        with st.expander(say("policy.text")):
            text = policy_text(policy)
            st.code(text, language="toml")
            st.download_button(say("policy.download"), text, file_name="policy.toml", key="policy_download")
    _save(store, policy, saved, thresholds)


def _from_lines(policy: SitePolicy, lines: Mapping[str, float], section: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        action: RuleAction = st.selectbox(
            say("policy.action"),
            _PROPOSALS,
            index=_PROPOSALS.index("review"),
            format_func=lambda a: say(f"action.{a}"),
            key="policy_line_action",
            width=220,
        )
        if st.button(say("policy.add"), key="policy_add", disabled=not lines):
            _keep(policy_form.with_lines(policy, lines, section=section, action=action))
            st.rerun()


def _edit(edited: SitePolicy) -> SitePolicy | None:
    """Draw the table and the switches; ``None`` where they say no policy."""
    automatic = st.checkbox(say("policy.automatic"), value=edited.automatic, key="policy_automatic")
    otherwise = st.selectbox(
        say("policy.otherwise"),
        OTHERWISE,
        index=OTHERWISE.index(edited.otherwise),
        format_func=lambda o: say(f"policy.otherwise.{o}"),
        key="policy_otherwise",
    )
    st.caption(say("policy.otherwise.note"))
    st.html(f'<div class="ct-strong">{say("policy.rules")}</div>')
    actions = RULE_ACTIONS if automatic else _PROPOSALS
    bounds: dict[str, Any] = {"min_value": 0.0, "max_value": 1.0, "step": 0.01, "format": "localized"}
    frame: pd.DataFrame = st.data_editor(
        policy_form.rules_frame(edited),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        key=f"policy_rules_{st.session_state.get('policy_turn', 0)}",
        column_config={
            "name": st.column_config.TextColumn(say("policy.column.name"), max_chars=120),
            "label": st.column_config.SelectboxColumn(
                say("policy.column.label"), options=RULE_LABELS, format_func=label_name
            ),
            "low": st.column_config.NumberColumn(say("policy.column.low"), default=0.5, **bounds),
            "high": st.column_config.NumberColumn(say("policy.column.high"), default=1.0, **bounds),
            "section": st.column_config.TextColumn(say("policy.column.section"), max_chars=120),
            "action": st.column_config.SelectboxColumn(
                say("policy.column.action"), options=actions, format_func=lambda a: say(f"action.{a}")
            ),
        },
    )
    try:
        return policy_form.policy_of(frame, otherwise=otherwise, automatic=automatic)
    except CourtoisError as error:
        st.html(card.notice("error", say("policy.error", what=str(error))))
        return None


def _save(
    store: Store, policy: SitePolicy | None, saved: SitePolicy | None, thresholds: Mapping[str, float]
) -> None:
    if not people.current().may("policy"):
        st.html(card.notice("info", say("policy.forbidden")))
        return
    sure = True
    if policy is not None and policy.automatic:
        st.html(card.notice("warning", say("policy.on")))
        sure = st.checkbox(say("policy.automatic.sure"), key="policy_sure")
    with st.container(horizontal=True):
        pressed = st.button(say("policy.save"), key="policy_save", type="primary", disabled=policy is None)
        if pressed and policy is not None:
            _write(policy, sure=sure)
        if saved is not None and st.button(say("policy.apply"), key="policy_apply"):
            with st.spinner(say("policy.applying")):
                done = policy_form.apply(store, saved, thresholds, moderator=people.current().name)
            figures = {"n": done.comments, "changed": done.changed, "decided": done.decided}
            _tell("success", say("policy.applied", **figures))


def _write(policy: SitePolicy, *, sure: bool) -> None:
    if not sure:
        _tell("warning", say("policy.automatic.unsure"))
    path = policy_path()
    try:
        save_policy(policy, path)
    except CourtoisError as error:
        st.html(card.notice("error", say("policy.error", what=str(error))))
        return
    _keep(policy)
    _tell("success", say("policy.saved", path=str(path)))


def _keep(policy: SitePolicy) -> None:
    """Put a policy into the table: under another key, or the table would keep what was typed before."""
    state = st.session_state
    state["policy_edited"] = policy
    state["policy_turn"] = state.get("policy_turn", 0) + 1


def _tell(level: str, message: str) -> None:
    st.session_state["policy_told"] = (level, message)
    st.rerun()


def _told() -> None:
    told = st.session_state.pop("policy_told", None)
    if told is not None:
        st.html(card.notice(*told))
