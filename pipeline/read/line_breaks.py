"""Single line breaks (<br>) inside a block: which of them matter.

Two breaks in a row end a block. A single one is kept as a line feed in an address, and where the
lines are those of a poem or the like: three or more, none longer than a line of print. A first line
that is wholly bold is a paragraph of its own: many pages write their headings so. Lines that begin
with a bullet are paragraphs of their own. Elsewhere a break is a space.
"""

from typing import Final

from pipeline.document import Element
from pipeline.read.whitespace import collapse

VERSE: Final = 80
"""Characters of the longest line of a block whose breaks are kept."""
HEADING: Final = 120
"""Characters of the longest bold line that becomes a paragraph of its own."""
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


def paragraphs(lines: list[Line], kind: str, element: Element) -> list[tuple[str, list[Line]]]:
    """Return the texts of an open block, each with the lines it is made of."""
    shown = [(collapse("".join(line.chunks)), line) for line in lines]
    groups: list[list[tuple[str, Line]]] = []
    for text, line in shown:
        if not text:
            continue
        if groups and text[0] not in BULLETS and not _is_title(groups[-1], text, line):
            groups[-1].append((text, line))
        else:
            groups.append([(text, line)])
    return [(_joined([text for text, _ in group], kind, element), [line for _, line in group]) for group in groups]


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
