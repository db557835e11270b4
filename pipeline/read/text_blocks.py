"""Plain text → blocks: paragraphs, list items, tables, headings and quotes of a dump.

Each block has its exact span in the source: its text is that of the span up to white space and marks
(a bullet, `#`, `>`, pipes). What a line is for (a title, a menu, a caption) is not judged here.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.document import Block
from pipeline.read.tables import looks_headed
from pipeline.read.whitespace import collapse
from pipeline.read.whitespace import lines as code_lines
from pipeline.read.wrapped import Row, Widths, rows_of
from pipeline.record import Kind, Place

_BULLET: Final = re.compile(r"([•●▪◦‣⁃∙■□►▶➤➢✓✔✗✘☑❖◆◇○⦁\uf0b7\uf0a7\uf0d8])\s*(?=\S)")
_MAYBE: Final = re.compile(r"([-–—―*+·»→]|o(?= \w))\s+(?=\S)")
_NUMBER: Final = re.compile(r"(\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:[.)]|\.\)))\s+(?=\S)")
_HEADING: Final = re.compile(r"(#{1,6})\s+(?=\S)")
_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,120})(?<=\S)\1:?$")
_QUOTE: Final = re.compile(r">\s*(?=\S)")
_RULE: Final = re.compile(r"([-=_*~#+•·])(?:\s?\1){2,}$")
_UNDERLINE: Final = re.compile(r"(?:={3,}|-{3,})$")
_FENCE: Final = re.compile(r"(`{3,}|~{3,})[\w+-]*$")
_DIVIDER: Final = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?$|[+|][-=+|]{4,}$")
NESTED: Final = 40
"""Items and paragraphs inside a list item at most, where the item after it is looked for."""
_BEYOND_ITEM: Final = 2
"""Columns that a line must be indented further than an item's bullet to go on with it."""


class Mark(NamedTuple):
    """What stands before the text of a line: a bullet, a number, `#`, `>`."""

    kind: Kind
    shown: str
    width: int  # characters up to the text
    number: int  # of a numbered item, 0 of another
    certain: bool


def text_blocks(source: str) -> list[Block]:
    """Return the blocks of a plain text."""
    return _Reader(source).blocks()


class _Reader:
    """The lines of one text and how far it is read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.rows = rows_of(source)
        self.marks = [_mark(row.text) for row in self.rows]
        starts = [
            mark is not None or _RULE.match(row.text) is not None or "\t" in row.text
            for mark, row in zip(self.marks, self.rows, strict=True)
        ]
        self.widths = Widths(self.rows, starts)
        self._confirm()
        self.indents: list[int] = []  # of the open lists
        self.found: list[Block] = []

    def blocks(self) -> list[Block]:
        """Read on from line to line."""
        index = 0
        while index < len(self.rows):
            index = self._special(index) or self._plain(index)
        return self.found

    def _confirm(self) -> None:
        """Drop marks that may be none: a dash or number stands alone, no neighbour goes on with it."""
        firsts = [i for i in range(len(self.rows)) if i == 0 or self.marks[i] is not None or not self._joins(i - 1)]
        keep: set[int] = set()
        for place, index in enumerate(firsts):
            mark = self.marks[index]
            if mark is None or mark.certain:
                continue
            before = firsts[place - 1] if place else -1
            other = self._next_beside(index, firsts[place + 1 : place + 1 + NESTED])
            if other and self._siblings(index, other, index in keep):
                keep.update((index, other))
            elif before >= 0 and self.rows[before].text.endswith(":") and not mark.number:
                keep.add(index)
        for index in firsts:
            mark = self.marks[index]
            if mark is not None and not mark.certain and index not in keep:
                self.marks[index] = None

    def _next_beside(self, index: int, following: Sequence[int]) -> int:
        """Return the first of the following lines that is not indented further, 0 where there is none."""
        indent = self.rows[index].indent
        return next((other for other in following if self.rows[other].indent <= indent + 1), 0)

    def _siblings(self, index: int, other: int, known: bool) -> bool:
        """Whether two lines are items of one list; `known`: the first is an item for certain."""
        first, second = self.marks[index], self.marks[other]
        if first is None or second is None or self.rows[other].gap > 2:
            return False
        if first.number or second.number:
            return second.number == first.number + 1 and first.shown[-1] == second.shown[-1]
        if first.shown != second.shown:
            return False
        known = known and not self.rows[other].gap
        dialogue = first.shown in "–—―" and not known and not self._introduced(index)
        return not (dialogue and self.rows[index].text[first.width].isupper())

    def _introduced(self, index: int) -> bool:
        return index > 0 and self.rows[index - 1].text.endswith((":", ";", ","))

    def _joins(self, index: int) -> bool:
        item = self.marks[index]
        return self.widths.joins(index, item=item is not None and item.kind == "list_item")

    def _special(self, index: int) -> int:
        """Read what is no running text; return the index behind it, 0 where there is none."""
        row = self.rows[index]
        if _FENCE.match(row.text) is not None:
            return self._code(index)
        if (end := _table_end(self.rows, index)) > index:
            return self._table(index, end)
        if _RULE.match(row.text) is not None:
            return index + 1
        following = self.rows[index + 1] if index + 1 < len(self.rows) else None
        if following is not None and not following.gap and _UNDERLINE.match(following.text) is not None:
            alone = index == 0 or row.gap > 0 or _RULE.match(self.rows[index - 1].text) is not None
            if alone and self.marks[index] is None and 2 * len(following.text) >= len(row.text):
                self._add("heading", index, index, level=1 if following.text[0] == "=" else 2)
                return index + 2
        return 0

    def _code(self, index: int) -> int:
        """Read a fenced block; a fence that is never closed is a line like another."""
        fence = self.rows[index].text[:3]
        end = next((i for i in range(index + 1, len(self.rows)) if self.rows[i].text.startswith(fence)), 0)
        if end > index + 1:
            first, last = self.rows[index + 1], self.rows[end - 1]
            start = first.start - _lead(self.source, first.start)
            text = code_lines(self.source[start : last.end])
            self.found.append(Block("code", text, place=Place(first.line, start, last.end)))
        return end + 1 if end else 0

    def _table(self, index: int, end: int) -> int:
        rows = self.rows[index:end]
        shown = [row for row in rows if _DIVIDER.match(row.text) is None]
        cells = [list(map(collapse, _cells(row.text))) for row in shown]
        ruled = len(rows) > 1 and _DIVIDER.match(rows[1].text) is not None
        header = 1 if ruled or looks_headed(cells) else 0
        text = "\n".join("\t".join(row) for row in cells)
        place = Place(rows[0].line, rows[0].start, rows[-1].end)
        self.found.append(Block("table", text, header, place=place))
        self.indents.clear()
        return end

    def _plain(self, index: int) -> int:
        """Read a paragraph or list item; return the index behind it."""
        last = index
        mark = self.marks[index]
        while last + 1 < len(self.rows) and self._goes_on(index, last):
            last += 1
        row = self.rows[index]
        if mark is None:
            self._paragraph(index, last)
        elif mark.kind == "list_item":
            self._add("list_item", index, last, level=self._depth(row.indent), mark=mark)
        else:
            self._add(mark.kind, index, last, level=len(mark.shown) if mark.kind == "heading" else 0, mark=mark)
        return last + 1

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether the line behind `last` belongs to the block that begins at `first`."""
        following = self.rows[last + 1]
        mark, other = self.marks[first], self.marks[last + 1]
        if other is not None:
            return mark is not None and mark.kind == other.kind == "quote" and not following.gap
        if _RULE.match(following.text) is not None or "\t" in following.text:
            return False
        if mark is not None and mark.kind == "list_item" and not following.gap:
            hanging = following.indent >= self.rows[first].indent + _BEYOND_ITEM
            if hanging and not following.text[0].isupper():
                return True
        if mark is not None and mark.kind == "heading":
            return False
        return self.widths.joins(last, item=mark is not None or last > first)

    def _paragraph(self, index: int, last: int) -> None:
        row = self.rows[index]
        bold = _BOLD.match(row.text) if index == last else None
        if bold is not None:
            self._add("heading", index, last, level=3, mark=Mark("heading", bold[1], len(bold[1]), 0, True))
        elif self.indents and row.indent >= self.indents[-1] + _BEYOND_ITEM and row.gap < 2:
            self._add("list_item", index, last, level=len(self.indents))
        else:
            self._add("paragraph", index, last)

    def _depth(self, indent: int) -> int:
        """Return the nesting depth of a list item by its indentation."""
        while self.indents and indent < self.indents[-1] - 1:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + 1:
            self.indents.append(indent)
        return len(self.indents)

    def _add(self, kind: Kind, first: int, last: int, *, level: int = 0, mark: Mark | None = None) -> None:
        if kind != "list_item":
            self.indents.clear()
        rows = self.rows[first : last + 1]
        start, end = rows[0].start, rows[-1].end
        text = _joined(rows, mark.width if mark is not None else 0)
        if kind == "heading" and mark is not None:
            text = text.removesuffix(":").removesuffix(mark.shown) if mark.shown in ("**", "__") else text.rstrip("# ")
        if text := text.strip():
            marker = mark.shown if mark is not None and kind == "list_item" else ""
            self.found.append(Block(kind, text, level, marker, Place(rows[0].line, start, end)))


def _joined(rows: Sequence[Row], skip: int) -> str:
    """Return the text of lines as one, a space between them but before a comma or the like."""
    text = collapse(rows[0].text[skip:])
    parts = [text]
    for row in rows[1:]:
        quote = _QUOTE.match(row.text)
        line = collapse(row.text[quote.end() :] if quote is not None else row.text)
        if line:
            parts.append(line if line[0] in ",.;)!?" else " " + line)
    return "".join(parts).strip()


def _mark(text: str) -> Mark | None:
    """Return the mark that a line begins with, if any."""
    head = text[:40]
    if (found := _BULLET.match(head)) is not None:
        shown = "•" if "\ue000" <= found[1] <= "\uf8ff" else found[1]  # of a symbol font: a bullet there only
        return Mark("list_item", shown, found.end(), 0, True)
    if (found := _HEADING.match(head)) is not None:
        return Mark("heading", found[1], found.end(), 0, True)
    if (found := _QUOTE.match(head)) is not None:
        return Mark("quote", ">", found.end(), 0, True)
    if (found := _MAYBE.match(head)) is not None and _RULE.match(text[:200]) is None:
        return Mark("list_item", found[1], found.end(), 0, False)
    if (found := _NUMBER.match(head)) is not None:
        return Mark("list_item", found[1], found.end(), _number(found[2]), False)
    return None


def _number(written: str) -> int:
    """Return the number that a digit, letter or small roman numeral stands for.

    >>> [_number(n) for n in ("12", "b", "iv", "x")]
    [12, 2, 4, 24]
    """
    if written.isdecimal():
        return int(written)
    if len(written) == 1 and written not in "iI":
        return ord(written.lower()) - 96
    values = {"i": 1, "v": 5, "x": 10}
    digits = [values.get(sign, 0) for sign in written.lower()]
    return sum(-d if d < following else d for d, following in zip(digits, [*digits[1:], 0], strict=True))


def _table_end(rows: Sequence[Row], index: int) -> int:
    """Return the index behind a table that begins at the line, the index itself where none does."""
    columns = _columns(rows[index].text)
    if columns < 2:
        return index
    end = index + 1
    while end < len(rows) and not rows[end].gap and _columns(rows[end].text) == columns:
        end += 1
    count = end - index
    ruled = any(_DIVIDER.match(row.text) is not None for row in rows[index : min(end, index + 3)])
    framed = rows[index].text.startswith("|")
    needed = 2 if "\t" in rows[index].text or ruled or framed else 3
    return end if count >= needed else index


def _columns(text: str) -> int:
    if "\t" in text:
        return text.count("\t") + 1
    return text.strip("|").count("|") + 1 if "|" in text else 1


def _cells(text: str) -> list[str]:
    if "\t" in text:
        return text.split("\t")
    return text.removeprefix("|").removesuffix("|").split("|")


def _lead(source: str, start: int) -> int:
    """Return how many columns of white space stand before a line's text."""
    begin = max(source.rfind("\n", 0, start), source.rfind("\r", 0, start)) + 1
    return start - begin
