"""Parquet of records: a row for each page, with typed nested columns made of the record's own types.

A mapping (`fields.lists`) is a list of `name` and `items`, for not every reader knows Arrow's maps.
"""

import typing
from collections.abc import Iterable
from itertools import islice
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from pipeline.record import Record

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 1000
"""Rows of a group: so many records are held in memory."""


def write_parquet(records: Iterable[Record], stream: BinaryIO) -> None:
    """Write the records and, as the column `text`, the article as plain text, compressed with Zstandard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = parquet_schema()
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        rows = ({**_plain(record), "text": record.text} for record in records)
        while group := list(islice(rows, _ROWS)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def parquet_schema() -> "pa.Schema":
    """Return the columns: those of the record in its order, then `text`."""
    import pyarrow as pa

    return pa.schema([*_struct(Record), pa.field("text", pa.string(), nullable=False)])


def _plain(value: Any) -> Any:
    """Return a value with nothing left out, structs as dicts and mappings as lists of name and items."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return [{"name": name, "items": _plain(items)} for name, items in value.items()]
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _struct(kind: type[msgspec.Struct]) -> list["pa.Field"]:
    import pyarrow as pa

    fields = []
    for field in msgspec.structs.fields(kind):
        bare, optional = _bare(field.type)
        fields.append(pa.field(field.encode_name, _type(bare), nullable=optional))
    return fields


def _type(kind: Any) -> "pa.DataType":
    """Return the column type of an annotation: texts, numbers, literals, tuples of one type, structs, mappings."""
    import pyarrow as pa

    if typing.get_origin(kind) is tuple:
        bare, optional = _bare(typing.get_args(kind)[0])
        return pa.list_(pa.field("element", _type(bare), nullable=optional))
    if typing.get_origin(kind) is dict:
        items = _type(typing.get_args(kind)[1])
        entry = [pa.field("name", pa.string(), nullable=False), pa.field("items", items, nullable=False)]
        return pa.list_(pa.field("element", pa.struct(entry), nullable=False))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return pa.struct(_struct(kind))
    return {int: pa.int64(), float: pa.float64()}.get(kind, pa.string())


def _bare(kind: Any) -> tuple[Any, bool]:
    """Return an annotation without None, and whether it had it."""
    if not isinstance(kind, UnionType):
        return kind, False
    (bare,) = (part for part in typing.get_args(kind) if part is not NoneType)
    return bare, True
