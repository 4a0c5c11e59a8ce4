"""A queued comment with what stands around it, as HTML."""

import html
from collections.abc import Sequence

from data.store import QueueItem
from model.judgement import Reason
from training.french_numbers import whole
from training.review.language import moment, say
from training.review.safe_html import block, escape, marked


def context(item: QueueItem) -> str:
    """Article title and parent comment."""
    comment = item.comment
    title = escape(comment.article_title) if comment.article_title else html.escape(say("card.no_article"))
    parts = [_meta(say("card.article")), f'<div class="ct-article ct-inline" dir="auto">{title}</div>']
    parent = item.parent.text if item.parent is not None else comment.parent_text
    if parent:
        quote = f'<div class="ct-quote">{block(parent, "ct-parent")}</div>'
        parts += [_meta(say("card.parent")), quote]
    elif comment.parent_id:
        parts.append(_meta(say("card.parent_missing")))
    return "".join(parts)


def comment_text(item: QueueItem, reasons: Sequence[Reason], label: str | None) -> str:
    """Show the comment with its evidence marked, its author's pseudonym, date and state."""
    comment = item.comment
    facts = [say("card.comment")]
    if comment.author:
        facts.append(say("card.author", author=comment.author.rpartition(":")[2][:8]))
    if comment.created_at:
        facts.append(moment(comment.created_at))
    if len(comment.text) > 1000:
        facts.append(say("card.length", n=whole(len(comment.text))))
    if item.status != "pending":
        facts.append(state(item))
    return _meta(" · ".join(facts)) + marked(comment.text, reasons, label)


def state(item: QueueItem) -> str:
    """Who did what with the comment."""
    status = say(f"status.{item.status}")
    if not item.decided_by:
        return status
    if not item.decided_at:
        return say("status.by", status=status, who=item.decided_by)
    return say("status.at", status=status, who=item.decided_by, when=moment(item.decided_at))


def notice(level: str, message: str) -> str:
    """Box a sentence for the moderator; names in it are text, never markup."""
    role = "alert" if level in ("warning", "error") else "status"
    return f'<div class="ct-notice ct-{level}" role="{role}">{escape(message)}</div>'


def _meta(text: str) -> str:
    return f'<div class="ct-meta">{escape(text)}</div>'
