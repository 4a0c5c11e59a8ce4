"""Where a saved page's article ends, where each comment begins, and what is only furniture."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from data.page_quotes import fold

_HEADER: Final = re.compile(
    r"(?:(?:les|vos|tous les|voir les)\s+)?(?:(?P<before>\d[\d\s.]*)\s+)?(?:commentaires?|réactions?)"
    r"(?:\s+des\s+lecteurs)?\s*:?\s*(?:[(\[]?\s*(?P<after>\d[\d\s.]*)\s*[)\]]?)?",
    re.IGNORECASE,
)
_BEFORE_EACH: Final = re.compile(
    r"(?:votre |photo |image )?(?:avatar|photo de profil)\b.{0,20}", re.IGNORECASE
)
_BUTTONS: Final = (
    "répondre|signaler|signaler un abus|signaler ce commentaire|citer|partager|permalien|j'aime"
    "|lien permanent|je n'aime pas|masquer|modifier|fermer|retour en haut|haut de page|voir plus"
    "|afficher plus|charger plus|connexion|s'abonner|abonnez-vous|mentions légales|contact"
    "|plan du site|cookies"
)
_FURNITURE: Final = re.compile(rf"(?:{_BUTTONS})\s*(?:\(?\d*\)?)", re.IGNORECASE)
_SHORT: Final = 60


@dataclass(slots=True)
class Sections:
    """A page cut in two: lines of the article, and the lines of each comment.

    ``announced`` is the number in the comments' heading, ``None`` when it gives none; ``footer``
    counts the lines cut after the last comment, ``stray`` those before the first.
    """

    article: list[str]
    blocks: list[list[str]] = field(default_factory=list)
    announced: int | None = None
    has_heading: bool = False
    footer: list[str] = field(default_factory=list)
    stray: int = 0


def split_page(lines: Sequence[str]) -> Sections:
    """Find the comments of a page; a page without a comments heading is all article."""
    headings = [n for n, line in enumerate(lines) if _HEADER.fullmatch(line.strip()) and line.strip()]
    if not headings:
        return Sections(article=list(lines))
    announced = next((count for n in headings if (count := _count(lines[n])) is not None), None)
    separator = _separator(lines[headings[0] + 1 :], announced)
    if separator is None and announced is None:
        return Sections(article=list(lines))
    start = headings[-1]
    if separator is not None:
        first = next(n for n in range(headings[0] + 1, len(lines)) if lines[n].strip() == separator)
        # A reader may write a line that looks like a heading: the real one is before all comments.
        start = max(n for n in headings if n < first)
    sections = Sections(article=list(lines[:start]), has_heading=True)
    own = _count(lines[start])
    sections.announced = announced if own is None else own
    if separator is not None or sections.announced == 1:
        _cut_blocks(sections, lines[start + 1 :], separator)
    return sections


def _count(heading: str) -> int | None:
    match = _HEADER.fullmatch(heading.strip())
    digits = re.sub(r"\D", "", (match["before"] or match["after"] or "") if match else "")
    return int(digits[:9]) if digits else None


def _separator(lines: Sequence[str], announced: int | None) -> str | None:
    counts = Counter(text for line in lines if (text := line.strip()) and len(text) <= _SHORT)
    known = [text for text in counts if _BEFORE_EACH.fullmatch(text)]
    exact = [text for text, count in counts.items() if count == announced and count > 1]
    for choice in (known, exact):
        if choice:
            return max(choice, key=lambda text: counts[text])
    if announced is None:
        # « Réactions » may be a mere subtitle: without a number, only a button tells comments apart.
        counts = Counter({text: count for text, count in counts.items() if is_furniture(text)})
    text, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return text if count > 1 and announced != 1 else None


def _cut_blocks(sections: Sections, lines: Sequence[str], separator: str | None) -> None:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if separator is not None and line.strip() == separator:
            blocks.append([])
        else:
            blocks[-1].append(line)
    if separator is not None:
        if is_furniture(separator) and _has_text(blocks[0]):
            sections.footer = [line for line in blocks.pop() if line.strip()]
        else:
            sections.stray = sum(bool(line.strip()) for line in blocks.pop(0))
    texts = [{line.strip() for line in block} for block in blocks]
    repeated = Counter(text for text_set in texts for text in text_set)
    always = {text for text, count in repeated.items() if count * 2 > len(blocks) and is_furniture(text)}
    sections.blocks = [_trim(block, always) for block in blocks]
    if blocks:
        last = sections.blocks[-1]
        sections.blocks[-1] = _trim(last, {line.strip() for line in last if is_furniture(line)})
        sections.footer += [line for line in last[len(sections.blocks[-1]) :] if line.strip()]


def _trim(block: Sequence[str], furniture: set[str]) -> list[str]:
    """Drop furniture and empty lines from the end of a block, empty lines from its beginning."""
    kept = list(block)
    while kept and (not kept[-1].strip() or kept[-1].strip() in furniture):
        kept.pop()
    return strip_blank(kept)


def cut_footer(sections: Sections, title: str) -> None:
    """Cut what follows the last comment: the article's title again and all after it."""
    if not sections.blocks or not title:
        return
    block = sections.blocks[-1]
    for number in range(len(block) - 1, 0, -1):
        if fold(block[number]) == fold(title) and not block[number - 1].strip():
            sections.footer += [line for line in block[number:] if line.strip()]
            sections.blocks[-1] = strip_blank(block[:number])
            return


def strip_blank(lines: Sequence[str]) -> list[str]:
    """Drop the empty lines at both ends."""
    kept = [n for n, line in enumerate(lines) if line.strip()]
    return list(lines[kept[0] : kept[-1] + 1]) if kept else []


def is_furniture(line: str) -> bool:
    """Whether a line is only a button or a link of the page."""
    return bool(_FURNITURE.fullmatch(line.strip().replace("’", "'")))


def _has_text(lines: Sequence[str]) -> bool:
    return any(line.strip() for line in lines)
