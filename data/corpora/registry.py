"""The corpora that courtois knows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data.corpora.incivility import INCIVILITY
from data.corpora.other import STANCE, UNLABELLED
from data.corpora.spec import CorpusSpec
from data.errors import InputError

REGISTRY: Final[Mapping[str, CorpusSpec]] = MappingProxyType(
    {s.name: s for s in (*INCIVILITY, *STANCE, *UNLABELLED)}
)


def corpus_names() -> tuple[str, ...]:
    """Names of the known corpora, in registry order."""
    return tuple(REGISTRY)


def spec(name: str) -> CorpusSpec:
    """Look up what is known of one corpus.

    Raises
    ------
    InputError
        For a name that is not in the registry; the message lists those that are.

    >>> spec("hatecheck_fr").use
    'diagnostic'
    """
    if name not in REGISTRY:
        raise InputError(f"no corpus is named {name!r:.60}", fix=f"known are {', '.join(REGISTRY)}")
    return REGISTRY[name]
