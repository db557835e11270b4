"""A record as a reader compares it: rows of before and after, changes numbered and marked in both."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from pipeline.record import Change, DroppedBlock, Finding, Kind, Record, Section
from pipeline.review.report.reasons import Reason, Reasons

Mark = Literal["", "del", "ins"]


class Piece(msgspec.Struct, frozen=True):
    """A run of text: as it was, taken out (`del`) or put in (`ins`) by the change of the given number."""

    text: str
    mark: Mark = ""
    number: int = 0


class Note(msgspec.Struct, frozen=True):
    """A change, told below the block it is in. `index` is its place in the record's changes."""

    number: int
    index: int
    before: str
    after: str
    reasons: tuple[Reason, ...]


class Row(msgspec.Struct, frozen=True):
    """A block, kept or dropped.

    Attributes:
        kind: what the block is.
        before: its text on the page, in pieces.
        after: its text in the record, in pieces; empty where it was dropped.
        level: as in the record.
        marker: as in the record.
        line: line of the source, if known.
        dropped: why it was dropped, None where it is kept.
        notes: the changes in it.
        sections: the sections that begin with it.
    """

    kind: Kind
    before: tuple[Piece, ...]
    after: tuple[Piece, ...] = ()
    level: int = 0
    marker: str = ""
    line: int | None = None
    dropped: Reason | None = None
    notes: tuple[Note, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether its text before and after differ."""
        return bool(self.notes)


class Article(msgspec.Struct, frozen=True):
    """A record in rows. The title is a row of its own; `url` is empty where it is no web address."""

    id: str
    title: Row
    rows: tuple[Row, ...]
    breadcrumb: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    url: str
    findings: tuple[Finding, ...]
    kept: int
    dropped: int
    changes: int
    language: str


def article(record: Record, reasons: Reasons) -> Article:
    """Return a record in rows."""
    notes = _notes(record, reasons)
    return Article(
        id=record.id,
        title=_row("heading", record.title or record.source.name or record.id, notes.get(None, []), level=1),
        rows=tuple(_rows(record, notes, reasons)),
        breadcrumb=record.breadcrumb,
        facts=tuple(_facts(record)),
        url=web_address(record.source.url),
        findings=record.findings,
        kept=len(record.blocks),
        dropped=len(record.dropped),
        changes=len(record.changes),
        language=record.language or "",
    )


def web_address(url: str | None) -> str:
    """Return an address that a link may lead to; empty where there is none, or where it is of another scheme.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)"), web_address(" https://x")
    ('https://example.org/a', '', '')
    """
    low = (url or "").casefold()
    if not low.startswith(("https://", "http://")) or any(c <= " " or c in '"<>\\^`{|}' for c in low):
        return ""
    return url or ""


def _notes(record: Record, reasons: Reasons) -> dict[int | None, list[tuple[Note, Change]]]:
    """Return the changes by block, numbered from 1 in the order of the page; faulty offsets are left out."""
    by_block: dict[int | None, list[tuple[Note, Change]]] = defaultdict(list)
    for index, change in enumerate(record.changes):
        note = Note(index + 1, index, change.before, change.after, reasons.of_change(change.reason))
        by_block[change.block].append((note, change))
    return by_block


def _rows(record: Record, notes: dict[int | None, list[tuple[Note, Change]]], reasons: Reasons) -> Iterator[Row]:
    opened: dict[int, list[Section]] = defaultdict(list)
    for section in record.sections:
        opened[section.first_block].append(section)
    dropped = list(reversed(record.dropped))
    for index, block in enumerate(record.blocks):
        while dropped and dropped[-1].before <= index:
            yield _dropped(dropped.pop(), reasons)
        row = _row(block.kind, block.text, notes.get(index, []), level=block.level)
        yield msgspec.structs.replace(
            row, marker=block.marker, line=block.place.line, sections=tuple(opened.get(index, ()))
        )
    while dropped:
        yield _dropped(dropped.pop(), reasons)


def _dropped(block: DroppedBlock, reasons: Reasons) -> Row:
    why = reasons.of_drop(block.reason)
    return Row(block.kind, (Piece(block.text),), line=block.place.line, dropped=why)


def _row(kind: Kind, text: str, notes: Sequence[tuple[Note, Change]], *, level: int) -> Row:
    before: list[Piece] = []
    after: list[Piece] = []
    at = 0
    for note, change in notes:
        if change.start > at:
            same = Piece(text[at : change.start])
            before.append(same)
            after.append(same)
        before.append(Piece(change.before, "del", note.number))
        after.append(Piece(change.after, "ins", note.number))
        at = change.end
    if text[at:]:
        before.append(Piece(text[at:]))
        after.append(Piece(text[at:]))
    return Row(kind, tuple(before), tuple(after), level, notes=tuple(note for note, _ in notes))


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    source, said = record.source, record.metadata
    yield "File", source.name or ""
    yield "Address", source.url or ""
    yield "Kind", f"{source.kind}, {source.encoding}"
    yield "Language", record.language or "unknown"
    yield "Translated from", record.source_language or ""
    yield "Author", said.author or ""
    yield "Date", said.date or ""
    yield "Site", said.site or ""
