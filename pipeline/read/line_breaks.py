"""Single line breaks (<br>) inside a block: which of them matter.

Two breaks in a row end a block. A single one is kept as a line feed in an address, and where the
lines are those of a poem or the like: three or more, none longer than a line of print. A first line
that is wholly bold is a paragraph of its own: many pages write their headings so. Lines that begin
with a bullet, or with dashes or numbers in order, are items of a list. Elsewhere a break is a space.
"""

import re
from collections import Counter
from typing import Final

from pipeline.document import Element
from pipeline.read.whitespace import collapse

VERSE: Final = 80
"""Characters of the longest line of a block whose breaks are kept."""
HEADING: Final = 120
"""Characters of the longest bold line that becomes a paragraph of its own."""
_MARK: Final = re.compile(r"(\d{1,3}[.)]|[-–—*])\s(?=\S)")
BULLETS: Final = "•●▪◦‣⁃∙■□►▶➤➢✓✔☑❖◆◇○"


class Line:
    """Text between two breaks, and what its markup says.

    Attributes:
        chunks: its text, node by node.
        holder: innermost element that holds all of it.
        low: smallest depth reached since its first text.
        start_low: smallest depth reached between the block's first text and its own.
    """

    __slots__ = ("bold", "chunks", "holder", "line", "linked", "links", "low", "start_low")

    def __init__(self, holder: Element, line: int, start_low: int) -> None:
        self.chunks: list[str] = []
        self.holder = holder
        self.line = line
        self.low = holder.depth
        self.start_low = start_low
        self.bold = self.linked = self.links = 0


def paragraphs(lines: list[Line], kind: str, element: Element) -> list[tuple[str, str, list[Line]]]:
    """Return the texts of an open block, each with the marker it begins with, if any, and its lines."""
    shown = [(text, line) for line in lines if (text := collapse("".join(line.chunks)))]
    marks = _marks([text for text, _ in shown])
    groups: list[tuple[str, list[tuple[str, Line]]]] = []
    for mark, (text, line) in zip(marks, shown, strict=True):
        if not groups or mark or text[0] in BULLETS or _is_title(groups[-1][1], text, line):
            groups.append((mark, []))
        groups[-1][1].append((text[len(mark) :].lstrip() if mark else text, line))
    return [
        (mark, _joined([text for text, _ in group], kind, element), [line for _, line in group])
        for mark, group in groups
    ]


def _marks(texts: list[str]) -> list[str]:
    """Return the dash or number that each line begins with, where another line goes on with it.

    >>> _marks(["To do:", "1. rest", "2. warmth", "- one dash"])
    ['', '1.', '2.', '']
    """
    found = [match[1] if (match := _MARK.match(text)) is not None else "" for text in texts]
    numbers = [int(mark[:-1]) if mark[:1].isdecimal() else 0 for mark in found]
    there, count = set(numbers), Counter(found)
    return [
        mark if (not there.isdisjoint((number - 1, number + 1)) if number else count[mark] > 1) else ""
        for mark, number in zip(found, numbers, strict=True)
    ]


def _is_title(group: list[tuple[str, Line]], following: str, line: Line) -> bool:
    """Whether the one line so far is a bold title over a line that is not."""
    text, first = group[0]
    bold = len(group) == 1 and len(text) <= HEADING and first.bold >= len(text)
    return bold and 2 * line.bold < len(following)


def _joined(texts: list[str], kind: str, element: Element) -> str:
    keep = element.tag == "address" or (
        kind in ("paragraph", "quote") and len(texts) > 2 and all(len(text) <= VERSE for text in texts)
    )
    return ("\n" if keep else " ").join(texts)
