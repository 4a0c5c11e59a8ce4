"""Is it French? Asked only where the client does not say."""

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

FRENCH: Final = "fr"

SURE: Final = 0.9
"""Probability from which another language is believed.

Of 9,336 French comments, many of them one misspelt word, two reach it, and those two are an English
and a Corsican sentence; of short sentences in other languages four in five do.
"""

_AMONG: Final = (
    "ar", "ca", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hi", "hu", "id", "it", "ja", "ko",
    "nl", "pl", "pt", "ro", "ru", "sv", "tr", "zh",
)  # fmt: skip
"""Languages told apart: with regional ones and creoles among them, slang would pass for those."""

_READ: Final = 2_000
"""Characters looked at: enough to know, whatever the length."""


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_AMONG)
    return identifier


def detect(text: str) -> str:
    """Give the language's ISO 639 code; French when it cannot be told.

    >>> detect("MDR c koi ce torchon 🤡"), detect("The government must resign, nobody trusts it now.")
    ('fr', 'en')
    """
    language, certainty = _identifier().classify(text[:_READ])
    return str(language) if certainty >= SURE else FRENCH


def is_french(code: str) -> bool:
    """Whether a BCP 47 code is French of any country.

    >>> is_french("fr-CA"), is_french("FR"), is_french("fro")
    (True, True, False)
    """
    return code.replace("_", "-").split("-")[0].lower() == FRENCH
