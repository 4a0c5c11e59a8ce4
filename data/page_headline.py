"""The title, date, address and name of a saved page."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from data.page_dates import PrintedDate, date_line
from data.page_quotes import fold
from data.page_sections import Sections, is_furniture

_URL: Final = re.compile(
    r"(?:(?:url|lien|source|adresse)\s*:\s*)?(?P<url>https?://\S{4,2000})", re.IGNORECASE
)
_SLUG: Final = 60


def page_headline(sections: Sections) -> tuple[str, PrintedDate | None]:
    """Find title and printed date: the title comes back after the comments, or stands above the date."""
    article = [line.strip() for line in sections.article if line.strip()]
    dated = next(((n, found) for n, line in enumerate(article) if (found := date_line(line))), None)
    printed = dated[1] if dated else None
    last = sections.blocks[-1] if sections.blocks else []
    footer = {fold(line) for line in (*last[1:], *sections.footer) if line.strip()}
    titles = [line for line in article if _may_be_title(line)]
    again = next((line for line in titles if fold(line) in footer), None)
    if again:
        return again, printed
    above = [line for line in article[: dated[0]] if _may_be_title(line)] if dated else []
    return (above[-1] if above else next(iter(titles), "")), printed


def _may_be_title(line: str) -> bool:
    words = fold(line).split()
    return (
        2 < len(words) < 60
        and not is_furniture(line)
        and date_line(line) is None
        and not _URL.fullmatch(line)
    )


def page_url(article: Sequence[str]) -> str | None:
    """Return the first line of the article that is only an address."""
    return next((found["url"] for line in article if (found := _URL.fullmatch(line.strip()))), None)


def page_slug(title: str, printed: PrintedDate | None) -> str:
    """Name a page by its title and day, the same each time it is saved.

    >>> page_slug("L’été déjà ?", None)
    'l-ete-deja'
    """
    plain = (
        unicodedata.normalize("NFKD", re.sub("['’]", "-", title)).encode("ascii", "ignore").decode().lower()
    )
    words, slug = re.findall(r"[a-z0-9]+", plain), ""
    for word in words:
        if slug and len(slug) + len(word) >= _SLUG:
            break
        slug += f"-{word[:_SLUG]}" if slug else word[:_SLUG]
    slug = slug or "page"
    return f"{slug}-{printed.month:02}-{printed.day:02}" if printed else slug
