"""Keys of the queue: Coral's where it has them, without those that Streamlit keeps.

``st.button(shortcut=)`` takes one letter, digit, function or arrow key; C and R are reserved
and punctuation is refused, so that help is H and not Coral's question mark.
"""

import html
from typing import Final

from training.review.language import say

KEYS: Final = {"approve": "F", "reject": "D", "skip": "J", "undo": "Z", "help": "H"}
"""Action to key."""


def help_block() -> str:
    """List the keys and what they do, as HTML."""
    names = ((key, html.escape(say(f"queue.{action}"))) for action, key in KEYS.items())
    rows = (f"<span><kbd>{key}</kbd>{name}</span>" for key, name in names)
    note = f'<div class="ct-note">{html.escape(say("help.typing"))}</div>'
    return f'<div class="ct-notice"><div class="ct-keys">{"".join(rows)}</div>{note}</div>'
