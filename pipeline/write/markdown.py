"""Markdown of a record: CommonMark with GitHub's tables, and YAML front matter.

Text that looks like markup is escaped, so that a reader of CommonMark shows the record's texts as they are.
The title is the only heading of level 1; headings that the page gave level 1 move down with all others.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.record import Record, RecordBlock
from pipeline.write.front_matter import front_matter

_INLINE = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w+;)")
"""What may be markup anywhere in a line."""
_LINE_START = re.compile(r"[#>+=:|-]|[0-9]{1,9}[.)]")
"""What may be markup at the start of a line: headings, quotes, lists, rules, underlines, table rules."""
_ORDERED = re.compile(r"([0-9]{1,9})[.)]?")
_BREAK = re.compile(r"\r\n?|\n")
_FENCE = re.compile(r"`{3,}")


def to_markdown(record: Record) -> str:
    """Return the record as Markdown with front matter; captions are emphasised paragraphs."""
    headings = [block.level for block in record.blocks if block.kind == "heading"]
    shift = 1 if min(headings, default=2) < 2 else 0
    parts = [front_matter(record)]
    if record.title.strip():
        parts.append(f"# {_one_line(record.title)}\n")
    for is_list, group in groupby(record.blocks, key=lambda block: block.kind == "list_item"):
        blocks = list(group)
        parts += [_list(blocks)] if is_list else [_shown(block, shift) for block in blocks]
    return "\n".join(part for part in parts if part)


def _shown(block: RecordBlock, shift: int) -> str:
    if block.kind == "code":
        return _code(block.text)
    if not block.text.strip():
        return ""
    if block.kind == "heading":
        level = min(max(block.level, 1) + shift, 6)
        return f"{'#' * level} {_one_line(block.text)}\n"
    if block.kind == "table":
        return _table(block)
    text = _lines(block.text)
    if block.kind == "quote":
        return "> " + text.replace("\n", "\n> ") + "\n"
    return f"*{text}*\n" if block.kind == "caption" else f"{text}\n"


def _escaped(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def _line(text: str) -> str:
    r"""Return one line of running text; what would begin a block of another kind is escaped.

    >>> print(_line("1. *not* a list"))
    1\. \*not\* a list
    """
    text = _escaped(text.strip())
    if (start := _LINE_START.match(text)) is None:
        return text
    at = start.end() - 1  # the mark, or the point behind the number
    return f"{text[:at]}\\{text[at:]}"


def _lines(text: str) -> str:
    """Return running text whose line breaks matter: each is a hard break."""
    return "\\\n".join(line for line in map(_line, _BREAK.split(text.strip())) if line)


def _one_line(text: str) -> str:
    """Return a heading's text; a closing run of # is text and not the end of the heading."""
    text = _escaped(" ".join(text.split()))
    return re.sub(r"(?<![^ ])(#+)$", r"\\\1", text)


def _code(text: str) -> str:
    fence = "`" * max([3, *(len(run) + 1 for run in _FENCE.findall(text))])
    return f"{fence}\n{text}\n{fence}\n"


def _table(block: RecordBlock) -> str:
    """Return a pipe table. It has one header row: further ones are body rows, a missing one is empty cells."""
    rows = [row.split("\t") for row in _BREAK.split(block.text)]
    width = max(len(row) for row in rows)
    if block.level == 0:
        rows.insert(0, [""] * width)
    shown = [_row(row + [""] * (width - len(row))) for row in rows]
    return "\n".join([shown[0], _row(["---"] * width), *shown[1:]]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {_cell(cell)} |" for cell in cells)


def _cell(text: str) -> str:
    return _escaped(text.strip()).replace("|", "\\|")


class _Open(NamedTuple):
    """A list item that further items may hang below: its level, where its content begins, its number."""

    level: int
    indent: int
    number: int | None
    delimiter: str


def _list(items: Sequence[RecordBlock]) -> str:
    """Return a run of list items, nested by level; one that skips levels hangs below the one before it."""
    lines: list[str] = []
    stack: list[_Open] = []
    for item in items:
        level, last = max(item.level, 1), None
        while stack and stack[-1].level >= level:
            last = stack.pop()
        indent = stack[-1].indent if stack else 0
        ordered = _ORDERED.fullmatch(item.marker)
        number = int(ordered[1]) if ordered else None
        delimiter = _delimiter(number, last)
        mark = f"{'' if number is None else number}{delimiter} "
        text = _item_text(item)
        inner = indent + len(mark)
        if stack and last is None and (not text or number not in {None, 1}):
            lines.append("")  # such an item would be taken for a line of the paragraph above it
        stack.append(_Open(level, inner, number, delimiter))
        lines.append((" " * indent + mark + text.replace("\n", "\n" + " " * inner)).rstrip(" "))
    return "\n".join(lines) + "\n"


def _delimiter(number: int | None, last: _Open | None) -> str:
    """Return the mark behind a number; another than the item before has begins a new list, with its own numbers."""
    if number is None:
        return "-"
    if last is None or last.number is None:
        return "."
    follows = last.number + 1 == number
    return last.delimiter if follows else ")" if last.delimiter == "." else "."


def _item_text(item: RecordBlock) -> str:
    """Return an item's text; a mark that Markdown has no list for (`a)`, `IV.`) stays in front of it."""
    keep = any(character.isalnum() for character in item.marker) and not _ORDERED.fullmatch(item.marker)
    return _lines(f"{item.marker} {item.text}" if keep else item.text)
