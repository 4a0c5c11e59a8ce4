"""A saved article page with its comments, as plain text, into comment records."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from data.errors import InputError
from data.page_dates import PrintedDate, date_line, resolve_year
from data.page_quotes import Quotations, fold
from data.page_sections import Sections, cut_footer, is_furniture, split_page
from data.record import MAX_TEXT, Comment

MAX_PAGE: Final = 20 * 2**20
"""Largest page read, in bytes."""

PAGE_COLUMNS: Final = (
    "id", "thread_id", "parent_id", "parent_text", "author", "created_at", "article_title", "target", "url",
    "text", "article_date", "article_date_text",
)  # fmt: skip
"""Columns of an imported page, in order."""

_URL: Final = re.compile(
    r"(?:(?:url|lien|source|adresse)\s*:\s*)?(?P<url>https?://\S{4,2000})", re.IGNORECASE
)
_HTML: Final = re.compile(r"\s*(?:<!doctype\s+html|<html|<\?xml)", re.IGNORECASE)
_SLUG: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says: the article's title and date, its comments, and what to warn of."""

    title: str
    url: str | None
    date: date | None
    date_text: str
    comments: tuple[Comment, ...]
    warnings: tuple[str, ...] = ()

    def rows(self) -> list[dict[str, str | None]]:
        """Return one mapping per comment, with `PAGE_COLUMNS`."""
        return [
            {name: c.extra[name] if name in c.extra else getattr(c, name) for name in PAGE_COLUMNS}
            for c in self.comments
        ]


def read_page(
    path: Path, *, year: int | None = None, target: str | None = None, today: date | None = None
) -> Page:
    """Read a page saved as plain text.

    Parameters
    ----------
    year
        Year of the article, where the page does not print it.
    target
        What stance is judged towards; ``None`` leaves it to the title.
    today
        The day before which an unprinted year is sought, by default the machine's.

    Raises
    ------
    InputError
        For a file that cannot be read, is no UTF-8 text, or has no comments.
    """
    return parse_page(_read(path), name=str(path), year=year, target=target, today=today)


def parse_page(
    text: str, *, name: str, year: int | None = None, target: str | None = None, today: date | None = None
) -> Page:
    """Parse the text of a page; ``name`` is its file's, for errors. As `read_page`."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    sections = split_page(lines)
    if not sections.has_heading or sections.announced == 0:
        raise InputError(
            "an article without comments", where=name, fix="save the page with its comments shown"
        )
    title, printed = _headline(sections)
    cut_footer(sections, title)
    if not any(sections.blocks):
        raise InputError(
            "no comment can be told from the next", where=name, fix="save the page as plain text"
        )
    day = _published(printed, sections.article, year, today or date.today())
    slug = _slug(title or Path(name).stem, printed)
    comments = _comments(sections, slug, name)
    shared = {
        "article_date": day.isoformat() if day else "",
        "article_date_text": printed.text if printed else "",
    }
    url = _url(sections.article)
    return Page(
        title=title,
        url=url,
        date=day,
        date_text=shared["article_date_text"],
        comments=tuple(
            Comment(
                id=f"{slug}-{number}",
                thread_id=slug,
                parent_id=None if parent is None else f"{slug}-{parent}",
                parent_text=None if parent is None else comments[parent][0],
                article_title=title or None,
                target=target or None,
                url=url,
                text=text,
                extra=shared,
            )
            for number, (text, parent) in comments.items()
        ),
        warnings=_warnings(sections, len(comments), title),
    )


def _read(path: Path) -> str:
    where = str(path)
    try:
        if path.is_dir():
            raise InputError("a folder, not a saved page", where=where, fix="name one text file")
        if path.stat().st_size > MAX_PAGE:
            raise InputError(
                f"more than {MAX_PAGE // 2**20} MiB", where=where, fix="save one article per file"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start}", where=where, fix="save the page as UTF-8"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        raise InputError(
            f"cannot be read ({reason})", where=where, fix="check its name and rights"
        ) from error
    if not text.strip():
        raise InputError("empty", where=where, fix="save the page as plain text")
    if "\0" in text:
        raise InputError("not a text file", where=where, fix="save the page as plain text")
    if _HTML.match(text):
        raise InputError("HTML, not plain text", where=where, fix="save the page as text (.txt)")
    return text


def _headline(sections: Sections) -> tuple[str, PrintedDate | None]:
    """Find title and date: the line that comes back after the comments, else the one above the date."""
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


def _published(
    printed: PrintedDate | None, article: Sequence[str], year: int | None, today: date
) -> date | None:
    return resolve_year(printed, "\n".join(article), year=year, today=today) if printed else None


def _url(article: Sequence[str]) -> str | None:
    return next((found["url"] for line in article if (found := _URL.fullmatch(line.strip()))), None)


def _slug(title: str, printed: PrintedDate | None) -> str:
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


def _comments(sections: Sections, slug: str, name: str) -> dict[int, tuple[str, int | None]]:
    """Text and parent by number; a comment emptied by its site keeps its number, so that ids stay."""
    quotations = Quotations(sections.article)
    comments = {}
    for number, block in enumerate(sections.blocks, start=1):
        if not any(line.strip() for line in block):
            continue
        resolved = quotations.resolve(number, block)
        if len(resolved.text) > MAX_TEXT:
            raise InputError(f"comment {number} has more than {MAX_TEXT} characters", where=name)
        comments[number] = (resolved.text, resolved.parent)
    return comments


def _warnings(sections: Sections, found: int, title: str) -> tuple[str, ...]:
    warnings = []
    if sections.announced is not None and sections.announced != found:
        warnings.append(f"the page announces {sections.announced} comments, {found} were found")
    if len(sections.blocks) > found:
        warnings.append(f"{len(sections.blocks) - found} empty comments left out")
    if sections.stray:
        warnings.append(f"{sections.stray} lines before the first comment left out")
    if not title:
        warnings.append("no title found; use --target to score stance")
    return tuple(warnings)
