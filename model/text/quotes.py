"""Quoted lines: someone else's words."""

import re
from typing import Final

from model.text.mapped import Edit

# ">:(" and ">_<" are faces, not quotations
_QUOTED: Final = re.compile(r"^[^\S\n]*>(?![:_.]['-]?[(<|/]).*(?:\n|\Z)", re.MULTILINE)


def drop_quoted_lines(text: str) -> list[Edit]:
    """Drop lines that start with ``>``."""
    return [Edit(m.start(), m.end(), "") for m in _QUOTED.finditer(text)]
