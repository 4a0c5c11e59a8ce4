"""Rows of the journal as HTML: a table that becomes a list of cards on a narrow screen."""

import html
from collections.abc import Sequence
from typing import Final

from data.reasons import REASONS
from data.store.journal_records import JournalEntry
from data.taxonomy import ACTIONS
from training.review.language import label_name, moment, say
from training.review.safe_html import block, escape

STYLE: Final = """<style>
.ct-journal { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: .86rem;
  line-height: 1.4; }
.ct-journal th, .ct-journal td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border: 0; border-bottom: 1px solid rgba(128,128,128,.25); overflow-wrap: anywhere; }
.ct-journal th { font-weight: 600; opacity: .75; font-size: .78rem; white-space: nowrap; }
.ct-journal .ct-meta { margin: 0; }
.ct-journal th:nth-child(1) { width: 8.6rem; } .ct-journal th:nth-child(2) { width: 7.2rem; }
.ct-journal th:nth-child(3) { width: 9.6rem; } .ct-journal th:nth-child(5) { width: 7.6rem; }
.ct-journal th:nth-child(6) { width: 8.6rem; } .ct-journal th:nth-child(7) { width: 8rem; }
.ct-journal .ct-when { white-space: nowrap; font-variant-numeric: tabular-nums; }
.ct-journal details summary { cursor: pointer; font-size: .8rem; opacity: .85; }
.ct-journal .ct-parent { max-height: 14rem; margin-top: .25rem; }
.ct-chip.ct-act-reject { background: rgba(226,72,56,.22); border-color: rgba(226,72,56,.6); }
.ct-chip.ct-act-approve { background: rgba(72,152,106,.22); border-color: rgba(72,152,106,.6); }
.ct-chip.ct-act-rule { background: rgba(150,80,200,.2); border-color: rgba(150,80,200,.55); }
.ct-taken { opacity: .72; } .ct-taken .ct-meta { opacity: 1; }
.ct-taken .ct-chip:first-child { text-decoration: line-through; }
@media (max-width: 1100px) {
  .ct-journal thead { position: absolute; left: -99rem; }
  .ct-journal tr { display: block; padding: .5rem 0; border-bottom: 1px solid rgba(128,128,128,.35); }
  .ct-journal td { display: grid; grid-template-columns: 6.2rem minmax(0,1fr); gap: .5rem; border: 0;
    padding: .1rem 0; }
  .ct-journal td:has(> div:empty) { display: none; }
  .ct-journal td::before { content: attr(data-name); opacity: .7; font-size: .78rem; }
}
</style>"""

_HEADS: Final = ("when", "what", "who", "which", "before", "why", "model")


def table(entries: Sequence[JournalEntry]) -> str:
    """Rows in the order given; names, titles and statements in them are text, never markup."""
    heads = "".join(f'<th scope="col" role="columnheader">{_said(f"journal.{name}")}</th>' for name in _HEADS)
    body = "".join(_row(entry) for entry in entries)
    head = f'<thead><tr role="row">{heads}</tr></thead>'
    return f'{STYLE}<table class="ct-journal" role="table">{head}<tbody>{body}</tbody></table>'


def _row(entry: JournalEntry) -> str:
    cells = (
        _when(entry),
        _what(entry),
        _who(entry),
        _which(entry),
        _before(entry),
        _why(entry),
        _model(entry),
    )
    named = zip(_HEADS, cells, strict=True)
    tds = "".join(
        f'<td role="cell" data-name="{_said(f"journal.{name}")}"><div>{cell}</div></td>'
        for name, cell in named
    )
    taken = ' class="ct-taken"' if entry.undone_by else ""
    return f'<tr role="row"{taken}>{tds}</tr>'  # roles, because a row shown as a card is no row to readers


def _when(entry: JournalEntry) -> str:
    return f'<span class="ct-when">{escape(moment(entry.decided_at))}</span>' + _meta(
        say("journal.number", n=entry.id)
    )


def _what(entry: JournalEntry) -> str:
    parts = [f'<span class="ct-chip ct-act-{entry.kind}">{_said(f"journal.kind.{entry.kind}")}</span>']
    if entry.undone_by:
        parts.append(_meta(say("journal.undone", n=entry.undone_by)))
    if entry.undoes:
        parts.append(_meta(say("journal.undoes", n=entry.undoes)))
    if given := entry.labels.given():
        told = ", ".join(f"{label_name(name)} {value}" for name, value in given.items())
        parts.append(_meta(told))
    return "".join(parts)


def _who(entry: JournalEntry) -> str:
    name = f"<bdi>{escape(entry.moderator)}</bdi>"
    if entry.rule is None:
        return name + _meta(say("journal.by_human"))
    batch = say("journal.batch", batch=entry.batch) if entry.batch else ""
    chip = f'<span class="ct-chip ct-act-rule" title="{html.escape(batch)}">{_said("journal.by_rule")}</span>'
    return f"{name} {chip}{_meta(entry.rule)}"


def _which(entry: JournalEntry) -> str:
    title = entry.article_title or say("journal.erased" if entry.erased else "journal.no_article")
    return f"<bdi>{escape(title)}</bdi>" + _meta(entry.comment_id)


def _before(entry: JournalEntry) -> str:
    if entry.previous_status is None:
        return ""
    status = say(f"journal.status.{entry.previous_status}")
    if entry.previous_by is None:
        return escape(status)
    when = moment(entry.previous_at) if entry.previous_at else "?"
    return escape(say("journal.before.by", status=status, who=entry.previous_by, when=when))


def _why(entry: JournalEntry) -> str:
    if entry.reason is None:
        return _said("journal.no_reason") if entry.kind == "reject" else ""
    known = REASONS.get(entry.reason)
    name = html.escape(known.label if known else entry.reason)
    if entry.statement is None:
        return name
    told = block(entry.statement, "ct-parent")
    return f"{name}<details><summary>{_said('journal.statement')}</summary>{told}</details>"


def _model(entry: JournalEntry) -> str:
    parts = escape(entry.bundle or "").replace("@", "<wbr>@")
    if entry.proposed in ACTIONS:
        parts += _meta(say("journal.proposed", action=say(f"action.{entry.proposed}")))
    return parts


def _meta(text: str) -> str:
    return f'<div class="ct-meta">{escape(text)}</div>'


def _said(key: str) -> str:
    return html.escape(say(key))
