"""Which blocks are headings, and at which level: the tags decide in HTML, the lines in a dump; both are corrected."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Block
from pipeline.sections.heading_rules import match_heading
from pipeline.sections.lines import Line, features_of_lines
from pipeline.sections.models import load_model
from pipeline.sections.taxonomy import Taxonomy

TOP = 2
"""Level of an article's outermost headings: its title is level 1."""
MOST_BLOCKS = 20_000
_LONGEST = 120
_LIKELY, _OPENED, _NAMED = 0.5, 0.1, 0.02
"""Chance from which on a line is a heading: any line, one that opens with a label's name, one that is that name."""
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
    """Return the headings among the blocks, in order, their levels without jumps.

    Only the first 20,000 blocks are looked at: no article is longer, and a page made to be slow stays quick.
    """
    blocks = blocks[:MOST_BLOCKS]
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
    chances = heading_chances([line_of(block) for block in blocks], title, taxonomy)
    found: list[Heading] = []
    asking = False  # whether the questions that follow belong to a heading for them
    for index, (block, chance) in enumerate(zip(blocks, chances, strict=True)):
        chance = 0.0 if _is_in_list(blocks, index) else chance
        question = block.text.rstrip().endswith("?")
        least = _NAMED if asking and question else _least_chance(block, title, taxonomy)
        if block.kind == "heading" or chance > least:
            match = match_heading(block.text, taxonomy, title)
            asking = (asking and question) or (match is not None and taxonomy.labels[match.label].gathers)
            level = _line_level(block)
            found.append(Heading(index, level + 1 if asking and question else level, block.text))
        elif (run_in := run_in_heading(block, title, taxonomy)) is not None:
            found.append(Heading(index, TOP, run_in, run_in=True))
    return found


def _is_in_list(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a list item has another beside it: headings with numbers stand apart."""
    beside = (blocks[i].kind for i in (index - 1, index + 1) if 0 <= i < len(blocks))
    return blocks[index].kind == "list_item" and "list_item" in beside


def _least_chance(block: Block, title: str, taxonomy: Taxonomy) -> float:
    """Return the chance from which on a line is a heading: less where it names a label and is written as one."""
    if block.kind != "paragraph" or not block.text[:1].isupper() or block.text.rstrip()[-1:] in ".,;":
        return _LIKELY
    match = match_heading(block.text, taxonomy, title)
    if match is None or match.label in (taxonomy.lead, taxonomy.unknown):
        return _LIKELY
    return {"exact": _NAMED, "head": _OPENED}.get(match.how, _LIKELY)


def line_of(block: Block) -> Line:
    """Return a block of a dump as the line model sees it."""
    item = block.kind == "list_item"
    numbered = item and block.marker[:1].isalnum()
    fixed = block.kind in ("table", "code", "quote", "caption")
    return Line.of(block.text, bullet=item and not numbered, number=numbered, fixed=fixed)


def heading_chances(lines: Sequence[Line], title: str, taxonomy: Taxonomy) -> list[float]:
    """Return for each line of a dump the probability that it is a heading."""
    model = load_model("line")
    slope, intercept = model.extra["calibration"]
    chances = []
    for features in features_of_lines(lines, title, taxonomy):
        logit = -20.0 if features is None else slope * model.score(features) + intercept
        chances.append(1.0 / (1.0 + math.exp(-logit)))
    return chances


def run_in_heading(block: Block, title: str, taxonomy: Taxonomy) -> str | None:
    """Return the heading that opens a paragraph ("Symptoms. The patient …"), None where there is none."""
    if block.kind not in ("paragraph", "list_item"):
        return None
    found = _RUN_IN.match(block.text)
    if found is None or found.end() >= len(block.text):
        return None
    match = match_heading(found[1], taxonomy, title)
    known = match is not None and match.how == "exact" and match.label not in (taxonomy.lead, taxonomy.unknown)
    return found[1] if known and len(found[1].split()) <= 5 else None


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


def _line_level(block: Block) -> int:
    numbered = _NUMBERED.match(f"{block.marker} {block.text[:40]}".strip() + " ")
    return TOP if numbered is None else min(TOP + numbered[2].count("."), 6)
