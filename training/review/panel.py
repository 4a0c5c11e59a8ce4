"""The judgement of one comment as HTML: incivility, subtypes and stance, kept apart."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from data.taxonomy import ACTIONS, STANCES, SUBTYPES
from model.judgement import Reason
from training.french_numbers import signed
from training.review.language import band, label_name, percent, say
from training.review.safe_html import escape, strongest, whole

Scores = Mapping[str, Any]
"""Scored columns of one comment, as in :data:`data.taxonomy.SCORE_COLUMNS`."""


def panel(scores: Scores, target: str | None) -> str:
    """Everything the model says of one comment; ``target`` is what stance is judged towards."""
    incivility = scores.get("incivility")
    if incivility is None:
        return f'<div class="ct-panel">{html.escape(say("panel.none"))}</div>'
    parts = [
        _incivility(float(incivility), scores),
        _heading("panel.severity"),
        _severity(scores),
        _heading("panel.subtypes"),
        *(_row(label_name(name), scores[name]) for name in SUBTYPES if scores.get(name) is not None),
        _heading("panel.stance"),
        _stance(scores, target),
        _note(say("panel.bundle", bundle=str(scores.get("bundle") or "?"))),
    ]
    return f'<div class="ct-panel">{"".join(parts)}</div>'


def _incivility(probability: float, scores: Scores) -> str:
    name = band(probability)
    action = str(scores.get("action") or "")
    chip = ""
    if action in ACTIONS:
        text = html.escape(f"{say('panel.action')} : {say('action.' + action)}")
        chip = f'<div class="ct-note"><span class="ct-chip ct-{action}">{text}</span></div>'
    return (
        f"{_heading('panel.incivility')}"
        f'<div class="ct-big"><span>{html.escape(say("band." + name))}</span>'
        f'<span class="ct-num">{html.escape(percent(probability))}</span></div>'
        f'<div class="ct-bar ct-wide"><div class="ct-{name}" style="width:{probability:.0%}"></div></div>'
        f"{chip}"
    )


def _severity(scores: Scores) -> str:
    given = scores.get("severity")
    name = (
        "" if given is None else f'<div class="ct-strong">{html.escape(say(f"severity.{int(given)}"))}</div>'
    )
    levels = ("p_impolite", "p_uncivil", "p_intolerable")
    rows = (_row(say("panel." + level), scores[level]) for level in levels if scores.get(level) is not None)
    return name + "".join(rows)


def _stance(scores: Scores, target: str | None) -> str:
    stance = scores.get("stance")
    if stance not in STANCES:
        return f"<div>{html.escape(say('panel.stance.unknown'))}</div>"
    towards = say("panel.stance.target", target="\0").split("\0")
    whom = f"{html.escape(towards[0])}<bdi>{escape(target or '?')}</bdi>{html.escape(towards[-1])}"
    head = f'<div><span class="ct-strong">{html.escape(say(f"stance.{stance}"))}</span> {whom}</div>'
    columns = ((name, scores.get(f"stance_{name}")) for name in STANCES)
    return head + "".join(_row(say(f"stance.{name}"), value) for name, value in columns if value is not None)


def _row(name: str, probability: Any) -> str:
    value = float(probability)
    strong = " ct-strong" if value >= 0.5 else ""
    return (
        f'<div class="ct-row{strong}"><span>{html.escape(name)}</span>'
        f'<div class="ct-bar"><div style="width:{value:.0%}"></div></div>'
        f'<span class="ct-num">{html.escape(percent(value))}</span></div>'
    )


def _heading(key: str) -> str:
    return f"<h4>{html.escape(say(key))}</h4>"


def _note(text: str) -> str:
    return f'<div class="ct-note">{escape(text)}</div>'


def reasons_table(text: str, reasons: Sequence[Reason], label: str | None) -> str:
    """List the heaviest evidence for ``label`` with its weights, and how to read the colours."""
    rows = [
        f"<tr><td>{_extract(text, reason)}</td>"
        f'<td class="ct-num">{html.escape(signed(reason.weight))}</td></tr>'
        for reason in strongest(reasons, label or "")
    ]
    if not rows:
        return _note(say("reasons.empty"))
    heading = f'<div class="ct-panel">{_heading("reasons.title")}</div>'
    table = f'<table class="ct-reasons"><tbody>{"".join(rows)}</tbody></table>'
    return heading + table + _note(say("reasons.legend"))


def _extract(text: str, reason: Reason) -> str:
    if whole(reason, text):
        return f"<i>{html.escape(say('reasons.whole'))}</i>"
    piece = text[reason.begin : reason.end]
    return f"<bdi>{escape(piece if len(piece) <= 80 else piece[:79] + '…')}</bdi>"
