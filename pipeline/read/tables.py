"""Tables: data tables become one block, layout tables leave their cells' blocks as they are.

A table is data where it says so (caption, thead, th) or looks so (two or more rows and columns,
cells filled and short), and where nothing speaks against it: role=presentation, a table inside it,
cells with headings, lists, several paragraphs or long text.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from pipeline.document import Block, Element, Markup
from pipeline.record import Place

LONG: Final = 400
"""Characters above which a cell of a table with no header is text laid out, not a datum."""
LONG_WITH_HEADER: Final = 2000
_DIGIT: Final = re.compile(r"\d")
SPAN: Final = 20
"""Columns that one cell may span at most."""


class Cell:
    """A cell and the blocks that were made of it: `blocks[start:end]`."""

    __slots__ = ("end", "header", "span", "start")

    def __init__(self, start: int, header: bool, span: int) -> None:
        self.start = start
        self.end = start
        self.header = header
        self.span = span


class Table:
    """An open table."""

    __slots__ = ("element", "head", "nested", "role", "rows", "start")

    def __init__(self, element: Element, start: int, role: str) -> None:
        self.element = element
        self.start = start
        self.role = role
        self.rows: list[list[Cell]] = []
        self.head = 0  # rows in thead
        self.nested = False

    def begin_row(self, element: Element) -> None:
        """Begin a row."""
        self.rows.append([])
        if element.parent is not None and element.parent.tag == "thead":
            self.head = len(self.rows)

    def begin_cell(self, tag: str, node: Any, start: int) -> None:
        """Begin a cell whose first block will be the one with the given index."""
        span = node.attr("colspan") or ""
        if not self.rows:
            self.rows.append([])
        columns = min(int(span), SPAN) if span.isdecimal() and len(span) < 6 else 1
        self.rows[-1].append(Cell(start, tag == "th", columns))

    def end_cell(self, end: int) -> None:
        """End the cell that was begun last."""
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].end = end


def close(table: Table, blocks: list[Block]) -> None:
    """End a table: where it is data, its blocks become one."""
    rows = [row for row in table.rows if any(cell.end > cell.start for cell in row)]
    if not rows or not _is_data(table, rows, blocks):
        return
    first = next(cell.start for row in rows for cell in row if cell.end > cell.start)
    last = max(cell.end for row in rows for cell in row)
    if any(block.kind == "caption" for block in blocks[first:last]):
        return  # a caption below the rows: rare, and the order would be lost
    cells = [_cells(row, blocks) for row in rows]
    text = "\n".join(map("\t".join, cells))
    markups = [block.markup for block in blocks[first:last] if block.markup is not None]
    markup = Markup(
        table.element,
        sum(m.link_chars for m in markups),
        sum(m.links for m in markups),
        sum(m.bold_chars for m in markups),
        sum(m.images for m in markups),
        sum(m.controls for m in markups),
    )
    place = blocks[first].place
    path = _table_path(place, table.element)
    block = Block("table", text, _header_rows(table, rows, cells), "", Place(line=place.line, path=path), markup)
    blocks[first:last] = [block]


def _is_data(table: Table, rows: list[list[Cell]], blocks: list[Block]) -> bool:
    if table.role in ("presentation", "none") or len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    cells = [cell for row in rows for cell in row]
    headed = table.head > 0 or any(cell.header for cell in cells)
    filled = sum(cell.end > cell.start for cell in cells)
    for cell in cells:
        own = blocks[cell.start : cell.end]
        if any(block.kind in ("table", "heading", "code") for block in own):
            return False
        if sum(len(block.text) for block in own) > (LONG_WITH_HEADER if headed else LONG):
            return False
        if not headed and (len(own) > 2 or any(b.markup is not None and (b.markup.controls) for b in own)):
            return False
    return headed or filled * 2 > len(cells)


def _cells(row: list[Cell], blocks: list[Block]) -> list[str]:
    texts: list[str] = []
    for cell in row:
        text = " ".join(block.text for block in blocks[cell.start : cell.end])
        texts += [" ".join(text.split())] + [""] * (cell.span - 1)
    return texts


def _header_rows(table: Table, rows: list[list[Cell]], cells: Sequence[Sequence[str]]) -> int:
    """Return how many rows are headers: those of thead, else those of th alone, else a first row without numbers."""
    if table.head:
        return min(table.head, len(rows) - 1)
    count = next((i for i, row in enumerate(rows) if not all(cell.header for cell in row)), 1)
    if count or any(cell.header for row in rows for cell in row):
        return count
    return 1 if looks_headed(cells) else 0


def looks_headed(cells: Sequence[Sequence[str]]) -> bool:
    """Whether the first row alone has no numbers: it names the columns.

    >>> looks_headed([["Age", "Dose"], ["2", "5 ml"], ["6", "10 ml"]]), looks_headed([["Tea", "hot"], ["Ice", "cold"]])
    (True, False)
    """
    first, rest = cells[0], cells[1:]
    if not rest or not all(first) or any(_DIGIT.search(cell) is not None for cell in first):
        return False
    return sum(any(_DIGIT.search(cell) is not None for cell in row) for row in rest) * 3 >= 2 * len(rest)


def _table_path(place: Place, element: Element) -> str | None:
    if place.path is None:
        return None
    return "/".join(place.path.split("/")[: element.depth + 1])
