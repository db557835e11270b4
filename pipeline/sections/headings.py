"""Which blocks are headings, and at which level: the tags decide in HTML, the lines in a dump; both are corrected."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Block
from pipeline.sections.heading_rules import match_heading
from pipeline.sections.taxonomy import Taxonomy

TOP = 2
"""Level of an article's outermost headings: its title is level 1."""
_LONGEST = 120
_BOLD = re.compile(r"/(?:b|strong|big|u|font|center|em|i)(?:[.#][^/]*)?$")
_STRONG = re.compile(r"/(?:b|strong|big)(?:[.#][^/]*)?(?:/|$)")
_SENTENCE_END = re.compile(r"[.!?…]['\"”»)\]]*\s+\S")
_RUN_IN = re.compile(r"([^.:!?\n]{3,60}?)\s?([.:–—])\s+(?=[A-Z«“\"0-9•])")
_NUMBERED = re.compile(r"\s*(\d{1,2})((?:\.\d{1,2}){1,4})\.?\s")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was found.

    Attributes:
        block: index of its block.
        level: 2–6; the outermost headings of an article are 2.
        text: its text; of a run-in heading, the words before its full stop.
        run_in: whether it only opens a paragraph.
    """

    block: int
    level: int
    text: str
    run_in: bool = False


def find_headings(blocks: Sequence[Block], *, html: bool, title: str, taxonomy: Taxonomy) -> list[Heading]:
    """Return the headings among the blocks, in order, their levels without jumps."""
    return _from_markup(blocks, title, taxonomy) if html else _from_lines(blocks, title, taxonomy)


def _from_markup(blocks: Sequence[Block], title: str, taxonomy: Taxonomy) -> list[Heading]:
    found: list[Heading] = []
    open_levels: list[int] = []  # levels as tagged of the headings above
    for index, block in enumerate(blocks):
        if block.kind == "heading" and not _is_prose(block.text):
            level = block.level or 6
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
            found.append(Heading(index, min(TOP + len(open_levels) - 1, 6), block.text))
        elif block.kind in ("paragraph", "list_item") and _is_bold_heading(blocks, index):
            found.append(Heading(index, min(TOP + len(open_levels), 6), block.text))
        elif (run_in := run_in_heading(block, title, taxonomy)) is not None:
            found.append(Heading(index, min(TOP + len(open_levels), 6), run_in, run_in=True))
    return found


def _from_lines(blocks: Sequence[Block], title: str, taxonomy: Taxonomy) -> list[Heading]:
    found: list[Heading] = []
    for index, block in enumerate(blocks):
        if block.kind == "heading" or (block.kind == "paragraph" and _is_line_heading(block, title, taxonomy)):
            found.append(Heading(index, _line_level(block.text), block.text))
        elif (run_in := run_in_heading(block, title, taxonomy)) is not None:
            found.append(Heading(index, TOP, run_in, run_in=True))
    return found


def run_in_heading(block: Block, title: str, taxonomy: Taxonomy) -> str | None:
    """Return the heading that opens a paragraph ("Symptoms. The patient …"), None where there is none."""
    if block.kind not in ("paragraph", "list_item"):
        return None
    found = _RUN_IN.match(block.text)
    if found is None or found.end() >= len(block.text):
        return None
    match = match_heading(found[1], taxonomy, title)
    return found[1] if match is not None and match.how == "exact" and len(found[1].split()) <= 5 else None


def _is_prose(text: str) -> bool:
    """Tell whether a block tagged as a heading is running text."""
    return len(text) > 200 or (len(text) > _LONGEST and _SENTENCE_END.search(text) is not None) or not text.strip()


def _is_bold_heading(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a paragraph that is bold as a whole stands as a heading over what follows."""
    block = blocks[index]
    path = block.place.path or ""
    if not path or len(block.text) > _LONGEST or _BOLD.search(path) is None or _STRONG.search(path[-60:]) is None:
        return False
    if index + 1 >= len(blocks) or block.text.rstrip().endswith((".", ",", ";", "!")):
        return False
    return len(block.text.split()) <= 14


def _is_line_heading(block: Block, title: str, taxonomy: Taxonomy) -> bool:
    text = block.text.strip()
    if not text or len(text) > _LONGEST or text.endswith((".", ",", ";", "!")) or len(text.split()) > 10:
        return False
    match = match_heading(text, taxonomy, title)
    return match is not None and (text[0].isupper() or text[0].isdigit() or match.how == "exact")


def _line_level(text: str) -> int:
    numbered = _NUMBERED.match(text)
    return TOP if numbered is None else min(TOP + numbered[2].count("."), 6)
