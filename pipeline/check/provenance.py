"""Checks of records: is it whole, does each change fit its text, and is it made from the page that it names?"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject
from pipeline.record import Record


@check("D001", "error")
def no_record(subject: Subject) -> Iterator[Fault]:
    """A record does not have the shape of its schema.

    It was written by another version or edited by hand; make it again with `pipeline run`.
    Bad:
    {"schema_version": 1, "id": "gout", "title": 7}
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    if subject.not_a_record:
        yield Fault(f"This is no record: {subject.not_a_record}; make it again with `pipeline run`.")


@check("D002", "error")
def changes_do_not_fit(subject: Subject) -> Iterator[Fault]:
    """A change of a record does not stand where it says, or its sections do not cover its blocks.

    What was changed could not be traced or undone; make the record again with `pipeline run`.
    """
    record = subject.record
    for change in record.changes:
        text = _text(record, change.block)
        if text is None or text[change.start : change.end] != change.after:
            place = "the title" if change.block is None else f"block {change.block}"
            yield Fault(f"“{change.after[:40]}” ({change.reason}) does not stand in {place} where the record says.")
    if not _cover(record):
        yield Fault("The sections do not cover the blocks one after the other.")


@check("D003", "error")
def another_page(subject: Subject) -> Iterator[Fault]:
    """The page that a record was made from is gone or has changed since.

    It is looked for beside the record under the name that the record gives, and in raw/ beside the record's folder.
    Make the record again with `pipeline run`.
    """
    record, file = subject.given, subject.file
    if record is None or file is None or record.source.name is None:
        return
    pages = [folder / record.source.name for folder in _folders(file)]
    page = next((page for page in pages if page.is_file()), None)
    if page is None:
        yield Fault(f"The page {record.source.name} that the record was made from is not there.")
    elif hashlib.sha256(page.read_bytes()).hexdigest() != record.source.sha256:
        said = (
            f"The page {record.source.name} has changed since the record was made; make it again with `pipeline run`."
        )
        yield Fault(said)


@check("D004", "warning")
def provenance_missing(subject: Subject) -> Iterator[Fault]:
    """The page does not say what the settings want to know of its source.

    `expected_provenance` in [tool.article-pipeline.check] names it: url, site, author, date, description; for the
    examples, `url`. Save the address with the page (`<link rel="canonical" href="…">`), or name it when you read it.
    Bad:
    <html lang="en"><title>Gout</title><h1>Gout</h1><p>Gout is a disease of the joints that begins at night.</p></html>
    Good:
    <html lang="en"><link rel="canonical" href="https://example.org/gout"><title>Gout</title>
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p></html>
    """
    said = {"url": subject.record.source.url, **msgspec.structs.asdict(subject.record.metadata)}
    for name in subject.settings.expected_provenance:
        if not said[name]:
            yield Fault(f"The page does not say its {name}, which the settings expect; save it with the page.")


def _folders(file: Path) -> Iterator[Path]:
    """Yield the folders in which a record's page may lie: its own, those above, and raw/ beside each."""
    for folder in (file.parent, *file.parent.parents[:3]):
        yield folder
        yield folder / "raw"


def _text(record: Record, block: int | None) -> str | None:
    if block is None:
        return record.title
    return record.blocks[block].text if 0 <= block < len(record.blocks) else None


def _cover(record: Record) -> bool:
    """Whether the sections follow each other from the first block to the last, or there are none."""
    spans: Sequence[tuple[int, int]] = [(section.first_block, section.last_block) for section in record.sections]
    if not spans:
        return True
    in_order = all(before[1] + 1 == after[0] for before, after in pairwise(spans))
    return in_order and spans[0][0] == 0 and spans[-1][1] == len(record.blocks) - 1
