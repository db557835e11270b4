"""The record: what the pipeline writes for one page, and the JSON Schema of it.

Everything in `processed/` has the shape of `Record`. Field order here is key order there. There are
no timestamps and no machine-dependent values, so a record depends on its page, the glossary, the
taxonomy, the options and the version alone.
"""

from typing import Any, Literal

import msgspec

SCHEMA_VERSION = 1

Kind = Literal["heading", "paragraph", "list_item", "table", "quote", "code", "caption"]
"""What a block is. In a table, rows are lines and cells are separated by tabs."""

Severity = Literal["info", "warning", "error"]

STAGES = ("read", "strip", "repair", "sections")
"""The stages in the order of the journey; a `Change` names the one that made it."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Where in the page a block came from.

    Attributes:
        line: 1-based line of the source where the block begins; null where it has none.
        start: for text input, code-point offset of the block's first character in the decoded source.
        end: for text input, code-point offset behind its last character.
        path: for HTML input, the tags from the root down to the element that holds the whole
            block; the innermost ones carry their classes (`html/body/div/p.lead/strong`).
    """

    line: int | None = None
    start: int | None = None
    end: int | None = None
    path: str | None = None


class Change(msgspec.Struct, frozen=True):
    """A change of text that was applied, with its reason.

    Attributes:
        stage: the stage that made it.
        block: index into the record's blocks; null for the title.
        start: code-point offset of `after` in the block's final text.
        end: offset behind it; `text[start:end] == after` always holds.
        before: the text that stood there; putting it back undoes the change.
        after: the text that stands there now.
        reason: a stable code, or the id of a glossary entry; several are joined by `+`.
    """

    stage: str
    block: int | None
    start: int
    end: int
    before: str
    after: str
    reason: str


class Finding(msgspec.Struct, frozen=True):
    """Something worth a person's attention; nothing was changed because of it.

    Attributes:
        code: stable name of the fault, lower case with hyphens.
        severity: `error` makes a command exit with 1.
        message: what is wrong and what to do, one or two sentences.
        block: index into the record's blocks; null for the page as a whole.
        line: 1-based line in the source, if known.
    """

    code: str
    severity: Severity
    message: str
    block: int | None = None
    line: int | None = None


class Section(msgspec.Struct, frozen=True):
    """A labelled run of blocks.

    Attributes:
        label: a label of the taxonomy; `other` where nothing is known.
        label_source: what decided: `heading`, `model`, `body`, `position`, `inherited` or `none`.
        confidence: calibrated probability that the label is right, 0 to 1, two decimals.
        heading: the heading as it stands in the text; empty where there is none.
        path: the headings above this one, outermost first.
        first_block: index of the section's first block, its heading included.
        last_block: index of its last block, inclusive.
        alternatives: other labels that its heading names or that are not much less likely, likeliest first.
    """

    label: str
    label_source: str
    confidence: float
    heading: str
    path: tuple[str, ...]
    first_block: int
    last_block: int
    alternatives: tuple[str, ...] = ()


class PageSource(msgspec.Struct, frozen=True):
    """The page a record was made from.

    Attributes:
        name: file name or other name given by the caller, if any.
        url: address given by the caller or declared by the page (canonical), if any.
        sha256: of the page's bytes (of its UTF-8 encoding where text was given), hexadecimal.
        kind: `html` or `text`.
        encoding: the encoding the bytes were decoded with; `str` where text was given.
    """

    name: str | None
    url: str | None
    sha256: str
    kind: Literal["html", "text"]
    encoding: str


class Metadata(msgspec.Struct, frozen=True):
    """What the page says of itself; null where it says nothing. `date` is ISO 8601 (YYYY-MM-DD)."""

    author: str | None = None
    date: str | None = None
    site: str | None = None
    description: str | None = None


class RecordBlock(msgspec.Struct, frozen=True):
    """A kept block.

    Attributes:
        kind: what it is.
        level: 1–6 for a heading, nesting depth from 1 for a list item, number of header rows for
            a table, otherwise 0.
        text: its final text.
        marker: a list item's bullet or number as the page shows it, otherwise empty.
        place: where it came from.
    """

    kind: Kind
    level: int
    text: str
    marker: str
    place: Place


class DroppedBlock(msgspec.Struct, frozen=True):
    """A block that was left out, and why.

    Attributes:
        text: its whole text.
        reason: stable code of the reason (`pipeline explain` says it in words).
        kind: what it was.
        before: index of the kept block it stood before (the number of blocks if it came last);
            several with the same index are listed in the page's order.
        place: where it came from.
    """

    text: str
    reason: str
    kind: Kind
    before: int
    place: Place


class Span(msgspec.Struct, frozen=True):
    """A piece of a block's final text: `blocks[block].text[start:end] == text`."""

    text: str
    block: int
    start: int
    end: int


class Question(msgspec.Struct, frozen=True):
    """A question that the page answers.

    Attributes:
        question: where it is asked.
        first_block: index of the answer's first block (that of the question where the answer follows in it).
        last_block: index of the answer's last block, inclusive.
    """

    question: Span
    first_block: int
    last_block: int


class Table(msgspec.Struct, frozen=True):
    """A table block as cells: `header` its header rows, `rows` the others; rows may differ in length."""

    block: int
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


class Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the sections say outright, taken from their text as it stands; absent where they do not.

    Attributes:
        definition: the sentence that says what the page's topic is.
        lists: name of a list as the taxonomy declares it (`symptoms`, `causes`) → its items in the page's order.
        questions: questions with answers.
        tables: the page's tables.
    """

    definition: Span | None = None
    lists: dict[str, tuple[Span, ...]] = {}
    questions: tuple[Question, ...] = ()
    tables: tuple[Table, ...] = ()


class Record(msgspec.Struct, frozen=True):
    """One page, cleaned, structured and traceable. `stages` lists the stages that it has been through."""

    schema_version: int
    id: str
    source: PageSource
    stages: tuple[str, ...]
    language: str | None
    source_language: str | None
    title: str
    breadcrumb: tuple[str, ...]
    metadata: Metadata
    blocks: tuple[RecordBlock, ...]
    dropped: tuple[DroppedBlock, ...]
    changes: tuple[Change, ...]
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    fields: Fields = Fields()

    @property
    def text(self) -> str:
        """The article as plain text: its blocks without captions, separated by blank lines."""
        return "\n\n".join(block.text for block in self.blocks if block.kind != "caption")

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts and lists, ready for any JSON encoder."""
        value: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))  # to_builtins would keep tuples
        return value

    def to_json(self) -> str:
        """Return the record as one JSON document, two spaces a level, with a final newline."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode() + "\n"

    @staticmethod
    def from_json(data: bytes | str) -> "Record":
        """Read a record back. Raises `ValueError` where the data has another shape."""
        return msgspec.json.decode(data, type=Record)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record."""
    described = msgspec.json.schema(Record)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "article-pipeline record", **described}
