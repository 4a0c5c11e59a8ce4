"""What the model reads behind a disguised word, to show to the moderator."""

import html

from training.review.language import say
from training.review.safe_html import block, escape

LIMIT = 12
"""Most disguised words listed; a comment made of nothing else would fill the page."""


def read_as(text: str) -> str:
    """List the words that the model read in another spelling, as HTML; empty without any."""
    from model.text import normalise  # only comments on screen need it, and it takes a while to import

    changes = normalise(text).changes
    if not changes:
        return ""
    pairs = "".join(
        f"<span><bdi>{escape(change.before)}</bdi> → <b><bdi>{escape(change.after)}</bdi></b></span>"
        for change in changes[:LIMIT]
    )
    more = f"<span>+ {len(changes) - LIMIT}</span>" if len(changes) > LIMIT else ""
    title = html.escape(say("reading.title"))
    return f'<div class="ct-note ct-keys"><span>{title}</span>{pairs}{more}</div>'


def normal_form(text: str) -> str:
    """Box with the whole text as the model reads it."""
    from model.text import normalise

    return block(normalise(text).text, "ct-parent")
