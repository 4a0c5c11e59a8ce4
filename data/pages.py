"""A saved article page with its comments, as plain text, into comment records."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from data.errors import InputError
from data.page_bylines import Byline, mentioned, take_bylines
from data.page_dates import resolve_year
from data.page_headline import page_headline, page_slug, page_url
from data.page_quotes import Quotations, fold
from data.page_sections import Sections, cut_footer, split_page
from data.record import MAX_TEXT, Comment

MAX_PAGE: Final = 5 * 2**20
"""Largest page read, in bytes."""

PAGE_COLUMNS: Final = (
    "id", "thread_id", "parent_id", "parent_text", "author", "created_at", "article_title", "target", "url",
    "text", "article_date", "article_date_text", "created_at_text",
)  # fmt: skip
"""Columns of an imported page, in order."""

_HTML: Final = re.compile(r"\s*(?:<!doctype\s+html|<html|<\?xml)", re.IGNORECASE)


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
    title, printed = page_headline(sections)
    cut_footer(sections, title)
    if not any(sections.blocks):
        raise InputError(
            "no comment can be told from the next", where=name, fix="save the page as plain text"
        )
    today = today or date.today()
    day = resolve_year(printed, "\n".join(sections.article), year=year, today=today) if printed else None
    slug = page_slug(title or Path(name).stem, printed)
    url = page_url(sections.article)
    found = _comments(sections)
    shared = {
        "article_date": day.isoformat() if day else "",
        "article_date_text": printed.text if printed else "",
    }
    return Page(
        title=title,
        url=url,
        date=day,
        date_text=shared["article_date_text"],
        comments=tuple(
            Comment(
                id=f"{slug}-{number}",
                thread_id=slug,
                parent_id=f"{slug}-{one.parent}" if one.parent else None,
                parent_text=found[one.parent].text if one.parent else None,
                author=one.byline.author,
                created_at=_written(one.byline, day),
                article_title=title or None,
                target=target or None,
                url=url,
                text=one.text,
                extra=shared | {"created_at_text": one.byline.text},
            )
            for number, one in found.items()
        ),
        warnings=_warnings(sections, len(found), title),
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


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    parent: int | None
    byline: Byline


def _comments(sections: Sections) -> dict[int, _Found]:
    """Read comments by number; one emptied by its site or over-long keeps its number, so that ids stay."""
    quotations = Quotations(sections.article)
    comments: dict[int, _Found] = {}
    latest: dict[str, int] = {}
    for number, (byline, block) in enumerate(take_bylines(sections.blocks), start=1):
        if not any(line.strip() for line in block):
            continue
        resolved = quotations.resolve(number, block)
        if len(resolved.text) > MAX_TEXT:
            continue
        parent = resolved.parent or latest.get(fold(mentioned(block[0]) or ""))
        comments[number] = _Found(resolved.text, parent, byline)
        if byline.author:
            latest[fold(byline.author)] = number
    return comments


def _written(byline: Byline, article: date | None) -> str | None:
    if byline.date is None or not (byline.date.year or article):
        return None
    # A comment is never older than its article: after New Year's Eve comes the next year.
    years = (byline.date.year,) if byline.date.year else (article.year, article.year + 1) if article else ()
    days = (resolve_year(byline.date, "", year=year, today=date.max) for year in years)
    fitting = (day for day in days if day and (byline.date.year or not article or day >= article))
    found = next(fitting, None)
    return found.isoformat() if found else None


def _warnings(sections: Sections, found: int, title: str) -> tuple[str, ...]:
    warnings = []
    if sections.announced is not None and sections.announced != found:
        warnings.append(f"the page announces {sections.announced} comments, {found} were found")
    if len(sections.blocks) > found:
        warnings.append(f"{len(sections.blocks) - found} empty or over-long comments left out")
    if sections.stray:
        warnings.append(f"{sections.stray} lines before the first comment left out")
    if not title:
        warnings.append("no title found; use --target to score stance")
    return tuple(warnings)
