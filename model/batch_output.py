"""Scored rows: the input's own columns first, then the scored ones."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from data.errors import InputError
from data.formats import dumps, format_of
from data.formats.source import Kind
from data.taxonomy import SCORE_COLUMNS
from model.batch_chunks import Scored

_JSON: Final = {b"courtois": b"json"}
"""Marks a column of JSON values in a part: a column of JSON Lines may change its type half way."""

_NUMBERS: Final = frozenset(
    name for name in SCORE_COLUMNS if name not in ("severity", "stance", "action", "reasons", "bundle")
)


def _score_type(name: str) -> pa.DataType:
    return pa.float64() if name in _NUMBERS else pa.int64() if name == "severity" else pa.string()


SCORE_FIELDS: Final = tuple(pa.field(name, _score_type(name)) for name in SCORE_COLUMNS)
_TAKEN: Final = re.compile(rf"(?:input_)*(?:{'|'.join(SCORE_COLUMNS)})")
_TAKEN_ID: Final = re.compile(r"(?:input_)*id")


def own_name(column: str, *, id_mapped: bool = False) -> str:
    """Name under which an input column rides along, when scoring adds one of the same name.

    >>> own_name("auteur"), own_name("stance"), own_name("input_stance")
    ('auteur', 'input_stance', 'input_input_stance')
    """
    taken = _TAKEN.fullmatch(column) or (id_mapped and _TAKEN_ID.fullmatch(column))
    return f"input_{column}" if taken else column


def kind_of(source: str) -> Kind:
    """Tell the format of the file that a row names as its source."""
    return "jsonl" if source == "stdin" else format_of(source).kind


def output_rows(scored: Scored, mapping: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Put a chunk's rows together; keys in output order.

    ``id`` is always there: the input's own, or the row number where the input has none. A typed
    (Parquet) ``id`` column is left as it is.
    """
    chunk = scored.chunk
    mapped = "id" in mapping
    typed = bool(chunk.source) and kind_of(chunk.source) == "parquet"
    for row, comment, columns in zip(chunk.rows, chunk.comments, scored.columns, strict=True):
        own = {own_name(name, id_mapped=mapped): value for name, value in row.values.items()}
        if "id" not in own:
            own = {"id": comment.id, **own}
        elif not typed and own["id"] in (None, ""):
            own["id"] = comment.id
        yield own | columns


def to_table(
    rows: Sequence[Mapping[str, Any]], source: str, schema: pa.Schema | None, *, id_mapped: bool
) -> pa.Table:
    """Hold output rows of one source with their types: its own in Parquet, text in CSV, JSON values.

    Raises
    ------
    InputError
        For a Parquet column whose type cannot be written again.
    """
    types = {own_name(f.name, id_mapped=id_mapped): f.type for f in schema or ()}
    names = dict.fromkeys(types if types and "id" in types else ("id", *types)) if types else {}
    for row in rows:
        names.update(dict.fromkeys(row))
    is_json = kind_of(source) not in ("csv", "parquet")
    own = [name for name in names if name not in SCORE_COLUMNS]
    fields, arrays = [], []
    for name in own:
        if is_json:
            field = pa.field(name, pa.string(), metadata=_JSON)
            values = [dumps(row[name]) if name in row else None for row in rows]
        else:
            field = pa.field(name, types.get(name, pa.string()))
            values = [row.get(name) for row in rows]
        fields.append(field)
        arrays.append(_array(values, field, source))
    for field in SCORE_FIELDS:
        fields.append(field)
        arrays.append(pa.array([row.get(field.name) for row in rows], type=field.type))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _array(values: list[Any], field: pa.Field, source: str) -> pa.Array:
    try:
        return pa.array(values, type=field.type)
    except (pa.ArrowException, TypeError) as error:
        raise InputError(
            f"column {field.name:.80} of type {field.type} cannot ride along",
            where=source,
            fix="leave it out or export it as text",
        ) from error


def unify(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Union of part schemas: columns by first appearance, the scored ones last.

    A column whose type differs between parts is widened, or becomes text.
    """
    fields: dict[str, pa.Field] = {}
    for schema in schemas:
        for field in schema:
            if field.name not in SCORE_COLUMNS:
                known = fields.setdefault(field.name, field)
                fields[field.name] = _wider(known, field)
    fields = fields or {"id": pa.field("id", pa.string())}
    return pa.schema([*fields.values(), *SCORE_FIELDS])


def _wider(one: pa.Field, other: pa.Field) -> pa.Field:
    if is_json(one) and is_json(other):
        return one
    text = pa.field(one.name, pa.string())
    if is_json(one) or is_json(other):
        return text
    if one.type == other.type:
        return one
    try:
        both = [pa.schema([pa.field(one.name, field.type)]) for field in (one, other)]
        return pa.unify_schemas(both, promote_options="permissive").field(0)
    except pa.ArrowException:
        return text


def is_json(field: pa.Field) -> bool:
    """Whether a part's column holds JSON values."""
    return bool(field.metadata) and field.metadata.get(b"courtois") == b"json"


def from_table(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Give a part's rows back as they were put in; keys absent from a JSON row stay absent."""
    marked = [field.name for field in table.schema if is_json(field)]
    for row in table.to_pylist():
        for name in marked:
            value = row.pop(name)
            if value is not None:
                row[name] = json.loads(value)
        yield row
