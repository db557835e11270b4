"""CSV of sections: one row for each section of each page (RFC 4180, UTF-8, a header row)."""

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import BinaryIO

from pipeline.record import Record, Section

COLUMNS = (
    *("id", "title", "url", "language", "section", "label", "label_source", "confidence"),
    *("heading", "path", "first_block", "last_block", "words", "text"),
)
"""`section` counts from 1; `path` holds the headings above, joined by ` > `; `text` is without the heading."""


def write_section_table(records: Iterable[Record], stream: BinaryIO) -> None:
    """Write the sections of the records; texts are as they are, also where they begin with `=`."""
    text = TextIOWrapper(stream, encoding="utf-8", newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for record in records:
        rows.writerows(_row(record, number, section) for number, section in enumerate(record.sections, 1))
    text.detach()


def _row(record: Record, number: int, section: Section) -> tuple[str | int | float | None, ...]:
    blocks = record.blocks[section.first_block : section.last_block + 1]
    text = "\n\n".join(block.text for block in blocks if block.kind not in {"heading", "caption"})
    return (
        *(record.id, record.title, record.source.url, record.language, number),
        *(section.label, section.label_source, section.confidence, section.heading, " > ".join(section.path)),
        *(section.first_block, section.last_block, len(text.split()), text),
    )
