"""HTML bodies of comments as the plain text that a reader sees."""

import html as entities
import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from data.errors import InputError
from data.record import MAX_TEXT

MOST_TAGS: Final = 5_000
"""More are no comment; HTML's own rules make the tree of such a body grow by the square."""

_BLOCKS: Final = re.compile(
    "address|article|aside|blockquote|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr"
    "|li|main|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_UNSEEN: Final = frozenset(("head", "iframe", "noscript", "script", "style", "template", "title", "-comment"))
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_NEWLINE: Final = re.compile(r"\r\n?")


def html_to_text(html: str, *, keep_newlines: bool = False) -> str:
    r"""Turn an HTML body into text: blocks and ``<br>`` end a line, quotations start with ``> ``.

    Nothing is fetched or run.

    Parameters
    ----------
    html
        A fragment; it need not be well formed.
    keep_newlines
        Whether a newline in the source is one in the text, as in WordPress.

    Raises
    ------
    InputError
        For a body that no comment has.

    >>> html_to_text("<blockquote>Tu mens</blockquote><p>Non&nbsp;!<br>Si <b>toi</b></p><script>x</script>")
    '> Tu mens\nNon\xa0!\nSi toi'
    >>> html_to_text("deux\nlignes &amp; <i>plus</i>", keep_newlines=True)
    'deux\nlignes & plus'
    """
    if "<" not in html:
        return entities.unescape(html).strip()
    if len(html) > 8 * MAX_TEXT or html.count("<") > MOST_TAGS:
        raise InputError(f"HTML of {len(html)} characters and {html.count('<')} tags")
    root = LexborHTMLParser(html).body
    if root is None:
        return ""
    lines = _Lines(keep_newlines)
    # Not recursive: a body may be nested thousands deep.
    node: Any = root.child
    while node is not None:
        lines.enter(node)
        if node.child is not None and node.tag not in _UNSEEN:
            node = node.child
            continue
        while node.next is None and node.mem_id != root.mem_id:
            lines.leave(node)
            node = node.parent
        if node.mem_id == root.mem_id:
            break
        lines.leave(node)
        node = node.next
    return lines.text()


class _Lines:
    def __init__(self, keep_newlines: bool) -> None:
        self._keep_newlines = keep_newlines
        self._done: list[str] = []
        self._line: list[str] = []
        self._depth = 0

    def enter(self, node: Any) -> None:
        tag = node.tag
        if tag == "-text":
            self._add(node.text_content or "")
        elif tag == "br":
            self._end()
        elif tag == "img":
            # Platforms draw emoji as pictures.
            self._add(node.attributes.get("alt") or "")
        elif _BLOCKS.fullmatch(tag):
            self._end()
            self._depth += tag == "blockquote"

    def leave(self, node: Any) -> None:
        if _BLOCKS.fullmatch(node.tag):
            self._end()
            self._depth -= node.tag == "blockquote"

    def text(self) -> str:
        self._end()
        return "\n".join(self._done)

    def _add(self, text: str) -> None:
        if not self._keep_newlines:
            self._line.append(_SPACE.sub(" ", text))
            return
        first, *others = _NEWLINE.sub("\n", text).split("\n")
        self._line.append(first)
        for other in others:
            self._end()
            self._line.append(other)

    def _end(self) -> None:
        line = _SPACE.sub(" ", "".join(self._line)).strip(" ")
        if line:
            # Eight marks say enough: a body of nested quotations must not grow by their square.
            self._done.append("> " * min(self._depth, 8) + line)
        self._line = []
