"""JSON and JSON Lines of a record."""

import msgspec

from pipeline.record import Record


def to_json(record: Record) -> str:
    """Return the record as one indented JSON document."""
    return record.to_json()


def to_json_line(record: Record) -> str:
    """Return the record as one line of JSON; line breaks inside texts are escaped, so lines are records."""
    return msgspec.json.encode(record).decode() + "\n"
