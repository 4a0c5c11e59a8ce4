"""Records out of an XML export of any size, without a tree."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from data.errors import InputError
from data.formats.repair import MarkedStream
from data.formats.source import MAX_LINE

MAX_DEPTH: Final = 64
_BLOCK: Final = 2**16

Fields = dict[str, Any]


@dataclass(slots=True)
class XmlRecord:
    """One element: texts by path, attributes as ``path@name``, namespaces left out.

    A path that comes twice holds a list. ``context`` is what its container said before it.
    """

    name: str
    line: int
    fields: Fields = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class XmlShape:
    """Where records stand.

    Parameters
    ----------
    root
        Name of the outermost element.
    records
        Container -> names of its children that are records.
    context
        Container -> names of its children whose text later records in it carry.
    """

    root: str
    records: Mapping[str, frozenset[str]]
    context: Mapping[str, frozenset[str]] = field(default_factory=dict)


def xml_records(stream: BinaryIO, source: str, shape: XmlShape) -> Iterator[XmlRecord]:
    """Stream the records of an export; memory is that of one record.

    Raises
    ------
    InputError
        For XML that is cut, not well formed, of another layout, nested or long beyond reason, or
        that declares entities or a document type.
    """
    target = _Target(source, shape)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    feed = _input(stream, source)
    try:
        while block := feed.read(_BLOCK):
            target.since_event += len(block)
            if target.since_event > MAX_LINE:
                target.too_long()
            parser.feed(block)
            if isinstance(feed, MarkedStream):
                feed.record_ends()
            while target.ready:
                yield target.ready.popleft()
        parser.close()
    except DefusedXmlException as error:
        raise InputError(
            "declares entities or a document type, which are refused", where=source, fix="export it again"
        ) from error
    except ParseError as error:
        line = error.position[0]
        raise InputError(
            "XML is cut short or not well formed", where=f"{source}:{line}", fix="export or copy it again"
        ) from error
    yield from target.ready


def _input(stream: BinaryIO, source: str) -> Any:
    """UTF-8 is mended before it is parsed; any other declared encoding is left to the parser."""
    buffered: Any = stream
    head = bytes(buffered.peek(200)[:200])
    declaration = head.partition(b"?>")[0].lower()
    other = b"encoding" in declaration and b"utf-8" not in declaration
    if other or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return stream
    return MarkedStream(stream, source, blank_controls=True)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


class _Target:
    """What the parser tells of elements, kept only inside records and named context."""

    def __init__(self, source: str, shape: XmlShape) -> None:
        self.source, self.shape = source, shape
        self.ready: deque[XmlRecord] = deque()
        self.since_event = 0
        self.expat: Any = None
        self._path: list[str] = []
        self._contexts: dict[str, dict[str, str]] = {}
        self._record: XmlRecord | None = None
        self._base = 0
        self._text: list[str] | None = None
        self._size = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, parent = _local(tag), self._path[-1] if self._path else ""
        if not self._path and name != self.shape.root:
            raise InputError(
                f"no <{self.shape.root}> export", where=self.source, fix="check --layout and the file"
            )
        self._path.append(name)
        self.since_event = 0
        if len(self._path) > MAX_DEPTH:
            raise InputError("nested too deeply", where=f"{self.source}:{self._line}")
        if self._record is None:
            if name in self.shape.context:
                self._contexts[name] = {}
            if name in self.shape.records.get(parent, ()):
                self._record = XmlRecord(name, self._line, context=dict(self._contexts.get(parent, {})))
                self._base, self._size = len(self._path), 0
        self._text = None
        if self._record is not None:
            path = "/".join(self._path[self._base :])
            for key, value in attributes.items():
                self._keep(f"{path}@{_local(key)}", value)
            self._text = []
        elif name in self.shape.context.get(parent, ()):
            self._text, self._size = [], 0

    def data(self, text: str) -> None:
        if self._text is not None:
            self._count(len(text))
            self._text.append(text)

    def end(self, tag: str) -> None:
        del tag
        name = self._path.pop()
        self.since_event = 0
        text = "".join(self._text or ())
        self._text = None
        if self._record is None:
            parent = self._path[-1] if self._path else ""
            if name in self.shape.context.get(parent, ()):
                self._contexts.setdefault(parent, {})[name] = text
        elif len(self._path) < self._base:
            self.ready.append(self._record)
            self._record = None
        elif text.strip():
            self._keep("/".join((*self._path[self._base :], name)), text)

    def close(self) -> None:
        """Nothing is held back."""

    def too_long(self) -> None:
        raise InputError(
            f"a record longer than {MAX_LINE} characters",
            where=f"{self.source}:{self._line}",
            fix="is it a dump?",
        )

    @property
    def _line(self) -> int:
        return int(self.expat.CurrentLineNumber)

    def _keep(self, path: str, value: str) -> None:
        assert self._record is not None
        self._count(len(path) + len(value) + 50)
        fields = self._record.fields
        if path not in fields:
            fields[path] = value
        elif isinstance(fields[path], list):
            fields[path].append(value)
        else:
            fields[path] = [fields[path], value]

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_LINE:
            self.too_long()
