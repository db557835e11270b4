"""The laws that hold for every page, whatever its bytes are; tests and the fuzzer check them on theirs.

Law 1 rests on how `read` treats white space. In all blocks but code, each run of white space is one
space, none stands at the ends of a line, and characters that are never seen (C0 controls, soft hyphens,
zero-width spaces) are gone; C1 controls stay, for mojibake has them and `repair` mends it. In a table
this holds for each cell; in code, line breaks and indentation stay. So two texts that say the same differ
in white space and invisible characters alone, and `visible` takes both away.
"""

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.document import Block, Document, restore, undo
from pipeline.journey import clean
from pipeline.read.encoding import decode, from_text
from pipeline.read.stage import read_page
from pipeline.record import Record
from pipeline.repair.stage import repair_translation
from pipeline.sections.stage import label_sections
from pipeline.strip.stage import strip_boilerplate
from pipeline.write.formats import FORMATS


def visible(text: str) -> str:
    """Return the characters that are seen: no white space, controls or format characters."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf", "Cs"})


def letters(text: str) -> Counter[str]:
    """Count the letters and digits of a text."""
    return Counter(c for c in text if c.isalnum())


def decoded(data: bytes | str) -> str:
    """Return the text that `read` decodes; spans of text pages are offsets in it."""
    return (from_text(data) if isinstance(data, str) else decode(data)).text


def check_reading(data: bytes | str, name: str | None) -> Document:
    """Check what holds of any page behind `read`, and return its document."""
    document = read_page(data, name=name)
    assert document.stages == ("read",)
    assert document.blocks or document.findings, "a page without blocks says why"
    for block in document.blocks:
        check_white_space(block)
        assert block.text, "no block is empty"
    if document.source.kind == "text":
        check_spans(document.blocks, decoded(data))
    elif document.blocks:
        check_letters(document.blocks, decoded(data))
    document.to_record().to_json()
    return document


def check_white_space(block: Block) -> None:
    """Law 1, white space: see the module's head."""
    if block.kind == "code":
        assert block.text == "\n".join(line.rstrip() for line in block.text.split("\n")).strip("\n"), "code is trimmed"
    elif block.kind == "table":
        cells = [cell for row in block.text.split("\n") for cell in row.split("\t")]
        assert all(cell == " ".join(cell.split()) for cell in cells), f"cells are trimmed: {block.text!r}"
    else:
        lines = block.text.split("\n")
        assert all(line == " ".join(line.split()) for line in lines), f"white space is one space: {block.text!r}"
    hidden = [c for c in block.text if (c < " " and c not in "\n\t") or c in "\x7f\xad\u200b\ufeff"]
    assert not hidden, f"nothing invisible is left: {hidden!r}"


def check_spans(blocks: Sequence[Block], source: str) -> None:
    """Laws 1 and 3 for text: blocks are in order and apart, made of what stands there, and leave no word out."""
    position = 0
    for block in blocks:
        start, end = block.place.start, block.place.end
        assert start is not None, "a block of a text page has its span"
        assert end is not None
        assert position <= start <= end <= len(source), f"spans are in order: {block.place}"
        assert not letters(visible(source[position:start])) or is_fence(source[position:start]), (
            f"left out: {source[position:start]!r}"
        )
        said, there = visible(block.marker + block.text), iter(visible(source[start:end]))
        assert all(character in there for character in said), f"made of its span: {block.text!r}"
        if block.kind == "paragraph":
            assert visible(block.text) == visible(source[start:end]), "a paragraph is its span"
        assert block.place.line == line_number(source, start), f"line of {block.place}"
        position = end
    rest = source[position:]
    assert not letters(visible(rest)) or is_fence(rest) or not blocks, f"left out: {rest!r}"


def is_fence(text: str) -> bool:
    """Whether what stands between blocks is the fence of code, whose name of a language is no text."""
    return "```" in text or "~~~" in text


def line_number(source: str, offset: int) -> int:
    """Return the 1-based line, as an editor that knows all three line ends counts."""
    return len(source[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def check_letters(blocks: Sequence[Block], source: str) -> None:
    """Law 1 for HTML, as far as it holds of any soup: no letter stands there more often than in the source."""
    shown = Counter[str]()
    for block in blocks:
        shown += letters(block.text)  # a list item's number is counted, not written
    ended = re.sub(r"&(#?\w+)(?!;)", r"&\1;", source)  # the second parser needs no semicolon
    surplus = shown - letters(html.unescape(source)) - letters(html.unescape(ended)) - letters(source)
    invented = {c: n for c, n in surplus.items() if c != "�"}
    assert not invented, f"letters from nowhere: {invented}"


def check_cleaning(data: bytes | str, name: str | None) -> Record:
    """Check the laws on the whole journey of a page, and return its record."""
    record = clean(data, name=name)
    assert Record.from_json(record.to_json()) == record, "a record reads back"
    check_record(record)
    document = Document.from_record(record)
    read = read_page(data, name=name)
    assert [b.text for b in restore(undo(document))] == [b.text for b in read.blocks], "kept + dropped = read"
    for format_ in FORMATS.values():
        if format_.render is not None:
            format_.render(record).encode()
    return record


def check_record(record: Record) -> None:
    """Check that the parts of a record fit each other."""
    for change in record.changes:
        text = record.title if change.block is None else record.blocks[change.block].text
        assert text[change.start : change.end] == change.after, f"a change stands where it says: {change}"
        assert change.reason, "a change has its reason"
        assert change.before != change.after, f"a change changes something: {change}"
    assert all(dropped.reason for dropped in record.dropped), "a drop has its reason"
    assert all(f.block is None or 0 <= f.block < len(record.blocks) for f in record.findings), (
        "findings point at blocks"
    )
    position = 0
    for section in record.sections:
        assert section.first_block == position <= section.last_block, "sections follow each other without a gap"
        assert 0 <= section.confidence <= 1
        position = section.last_block + 1
    assert position == len(record.blocks), "sections cover all blocks"
    assert not record.blocks or record.sections


def check_idempotence(data: bytes | str, name: str | None) -> None:
    """Law 4: strip and repair, made to look at their own output, find nothing to do."""
    stripped = strip_boilerplate(read_page(data, name=name))
    again = strip_boilerplate(replace(stripped, stages=("read",)))
    dropped = [d.block.text for d in again.drops if d.block is not None and d not in stripped.drops]
    assert len(again.blocks) == len(stripped.blocks), f"strip finds nothing on its own output: {dropped}"
    assert (again.title, again.breadcrumb) == (stripped.title, stripped.breadcrumb), "nor another title"
    repaired = repair_translation(stripped)
    changes = repair_translation(replace(repaired, stages=stripped.stages, changes=())).changes
    assert not changes, f"repair finds nothing on its own output: {changes}"


def check_steps(data: bytes | str, name: str | None) -> None:
    """Stage by stage through JSON gives the record of the whole journey."""
    record = read_page(data, name=name)
    document = Document.from_record(Record.from_json(strip_boilerplate(record).to_record().to_json()))
    document = Document.from_record(Record.from_json(repair_translation(document).to_record().to_json()))
    assert json.loads(label_sections(document).to_json()) == json.loads(clean(data, name=name).to_json())
