"""``courtois import-page``: a saved article page with its comments into records."""

import argparse
import sys
from pathlib import Path

from data.formats import open_writer
from data.pages import PAGE_COLUMNS, read_page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.epilog = (
        "The page is plain text, as a browser saves or copies it: article, a heading such as "
        "« Commentaires (19) », then the comments. Lines quoted from the article or from an earlier "
        "comment start with '> ' in the result; a comment that quotes another one becomes its reply."
    )
    parser.add_argument("page", metavar="FILE", type=Path, help="page saved as UTF-8 text")
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True,
        help="records: .jsonl, .csv or .parquet, optionally .gz or .zst; - for JSON Lines on stdout",
    )  # fmt: skip
    parser.add_argument("--year", type=_year, help="year of the article, where the page does not print it")
    parser.add_argument("--target", metavar="TEXT", help="what stance is judged towards (default: the title)")


def run(arguments: argparse.Namespace) -> int:
    """Import one page.

    Raises
    ------
    InputError
        For a page without comments or that cannot be read, or an output that cannot be written.
    """
    page = read_page(arguments.page, year=arguments.year, target=arguments.target)
    for warning in page.warnings:
        print(f"courtois import-page: {arguments.page}: warning: {warning}", file=sys.stderr)
    with open_writer(arguments.output, PAGE_COLUMNS) as writer:
        writer.write(page.rows())
    replies = sum(comment.parent_id is not None for comment in page.comments)
    print(f"{len(page.comments)} comments, {replies} of them replies", file=sys.stderr)
    return 0


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1990 <= int(text) <= 2100):
        raise argparse.ArgumentTypeError("a year from 1990 to 2100 is wanted")
    return int(text)
