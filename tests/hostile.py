"""Hostile text for what shows pages to people: payloads, records full of them, and the skeleton of a page of HTML."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib

from pipeline.record import (
    SCHEMA_VERSION,
    Change,
    DroppedBlock,
    Finding,
    Metadata,
    PageSource,
    Place,
    Record,
    RecordBlock,
    Section,
)

CASES = Path(__file__).parent / "cases/review/payloads.json"
BY_CLASS: dict[str, list[str]] = json.loads(CASES.read_text(encoding="utf-8"))
PAYLOADS = [payload for payloads in BY_CLASS.values() for payload in payloads]


def record_of(texts: Iterator[str], number: int = 0) -> Record:
    """Return a record with a text of the iterator in each place that takes text."""
    say = texts.__next__
    before, after, caption = say(), say(), say()
    blocks = (
        RecordBlock("heading", 2, say(), "", Place(line=1)),
        RecordBlock("paragraph", 0, f"a {after} b", "", Place(line=2, path=say())),
        RecordBlock("list_item", 1, say(), say(), Place(line=3)),
        RecordBlock("table", 1, f"{say()}\t{say()}\n{say()}\tx", "", Place()),
        RecordBlock("quote", 0, say(), "", Place()),
        RecordBlock("code", 0, say(), "", Place()),
        RecordBlock("caption", 0, caption, "", Place()),
    )
    return Record(
        schema_version=SCHEMA_VERSION,
        id=say(),
        source=PageSource(name=say(), url=say(), sha256="0" * 64, kind="html", encoding=say()),
        stages=("read", "strip", "repair", "sections"),
        language="en",
        source_language=say(),
        title=say(),
        breadcrumb=(say(), say()),
        metadata=Metadata(author=say(), date=say(), site=say(), description=say()),
        blocks=blocks,
        dropped=(
            DroppedBlock(say(), "navigation", "paragraph", 0, Place(line=9)),
            DroppedBlock(say(), say(), "paragraph", 7, Place()),
        ),
        changes=(Change("repair", 1, 2, 2 + len(after), before, after, f"{say()}+ru.spine.ridge+doubled-word"),),
        sections=(Section(say(), say(), 0.5, say(), (say(),), 0, 6, (say(),)),),
        findings=(Finding(say(), "warning", say(), 0, 1), Finding("untranslated", "error", say(), None, None)),
    )


PLACES = 37
"""Texts that `record_of` takes."""


def records() -> list[Record]:
    """Return records that hold every payload, each in a few different places."""
    made = []
    for number in range(-(-len(PAYLOADS) * 3 // PLACES)):
        turn = [PAYLOADS[(number * PLACES + i * 7 + i // 41) % len(PAYLOADS)] for i in range(PLACES)]
        made.append(record_of(iter(turn), number))
    return made


def harmless() -> Record:
    """Return a record of the same shape that holds nothing but words."""
    return record_of(iter([f"word{i}" for i in range(PLACES)]))


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements of a page as browsers build it: names and names of attributes, in order."""
    return [(element.tag, tuple(sorted(element.attrib))) for element in elements(html)]


def elements(html: str) -> list[Any]:
    """Return the elements of a page as browsers build it, scripting on."""
    tree = html5lib.parse(html, namespaceHTMLElements=False, scripting=True)
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def addresses(html: str) -> Iterator[str]:
    """Yield everything in a page that a browser would fetch, send to or go to."""
    for element in elements(html):
        for name in ("href", "src", "action", "formaction", "data", "srcset", "poster", "background"):
            if name in element.attrib:
                yield element.attrib[name]
