"""What a reason for a rejection is made of."""

from dataclasses import dataclass
from typing import Literal

CoralCode = Literal[
    "OFFENSIVE",
    "ABUSIVE",
    "SPAM",
    "BANNED_WORD",
    "AD",
    "ILLEGAL_CONTENT",
    "HARASSMENT_BULLYING",
    "MISINFORMATION",
    "HATE_SPEECH",
    "IRRELEVANT_CONTENT",
    "OTHER",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionReason:
    """One reason, as moderators choose it and as other systems know it."""

    code: str
    label: str
    """French name for moderators."""
    why: str
    """French sentence for the author: what is held against the comment."""
    coral: CoralCode
    category: str
    further: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    other: str = ""
    """What the keyword ``KEYWORD_OTHER`` stands for."""
    law: str = ""
    """The law it rests on; empty where it rests on the site's rules."""

    @property
    def illegal(self) -> bool:
        """Whether it is a matter of law rather than of the site's rules."""
        return bool(self.law)
