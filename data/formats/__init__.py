"""Streaming readers and writers: CSV, JSON and Parquet, plain, ``.gz`` or ``.zst``; exports by layout.

>>> import tempfile, pathlib
>>> path = pathlib.Path(tempfile.mkdtemp()) / "dump.csv"
>>> with open_writer(path, ["id", "text"]) as writer:
...     writer.write([{"id": "a", "text": "Bonjour, ça va ?"}])
>>> [comment.text for comment in read_comments(path)]
['Bonjour, ça va ?']
"""

from data.formats.layouts import LAYOUTS, Layout
from data.formats.parquet_reader import read_schema
from data.formats.reading import FIELDS, parse_mapping, read_comments, read_rows, to_comment
from data.formats.rows import Rejection, Row
from data.formats.source import MAX_LINE, STANDARD, Format, format_of, output_format
from data.formats.values import as_text, dumps, plain
from data.formats.writing import Writer, open_writer, writing

__all__ = [
    "FIELDS",
    "LAYOUTS",
    "MAX_LINE",
    "STANDARD",
    "Format",
    "Layout",
    "Rejection",
    "Row",
    "Writer",
    "as_text",
    "dumps",
    "format_of",
    "open_writer",
    "output_format",
    "parse_mapping",
    "plain",
    "read_comments",
    "read_rows",
    "read_schema",
    "to_comment",
    "writing",
]
