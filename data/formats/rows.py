"""What a reader yields: a row as it stands in the file, or a row that cannot be used."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.formats.values import plain


@dataclass(frozen=True, slots=True)
class Row:
    """One data row under the file's own column names.

    Parameters
    ----------
    source
        The file as it was named, or ``stdin``.
    number
        0-based among the data rows, rejected ones counted.
    line
        1-based physical line on which the row begins; in Parquet the 1-based row.
    values
        Cells by column: strings in CSV, any JSON value in JSON Lines, Python values in Parquet.
    """

    source: str
    number: int
    line: int
    values: Mapping[str, Any]

    @property
    def where(self) -> str:
        return f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One data row that cannot be used, with its raw cells so that nothing is lost.

    ``cells`` is a mapping where the columns are known, a list for a row of the wrong length, or
    the raw line; a cell that is not valid text is given as ``{"base64": ...}``. The cells hold
    the comment: they belong in a side file, never in a log or message; ``reason`` is free of them.
    """

    source: str
    number: int
    line: int
    column: str | None
    reason: str
    cells: Any

    @property
    def where(self) -> str:
        return f"{self.source}:{self.line}"

    def as_dict(self) -> dict[str, Any]:
        """Give the line of a side file."""
        return {
            "source": self.source,
            "row": self.number,
            "line": self.line,
            "column": self.column,
            "reason": self.reason,
            "cells": plain(self.cells),
        }


def safe_cell(cell: str, encoding: str = "utf-8") -> str | dict[str, str]:
    r"""Give a cell as it is, or its bytes in base64 when they are no valid text.

    >>> safe_cell("été"), safe_cell(b"\xe9t\xe9".decode("utf-8", "surrogateescape"))
    ('été', {'base64': '6XTp'})
    """
    try:
        cell.encode()
    except UnicodeEncodeError:
        try:
            raw = cell.encode(encoding.removesuffix("-sig"), "surrogateescape")
        except UnicodeEncodeError:
            raw = cell.encode("utf-8", "surrogatepass")
        return {"base64": base64.b64encode(raw).decode("ascii")}
    return cell
