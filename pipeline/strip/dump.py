"""Furniture of plain-text dumps: forests and network decide together, rules name the reason and what is certain."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block, Document, Drop
from pipeline.strip.dump_rules import furniture_by_rules
from pipeline.strip.dump_title import is_no_title, title_above
from pipeline.strip.line_scorer import both, chances_of_lines
from pipeline.strip.lines import ends_sentence, furniture_reason, is_prose, words_of
from pipeline.strip.model import Known, score, shipped_for_dumps
from pipeline.strip.title import Heading
from pipeline.strip.view import Floats

_CERTAIN = frozenset(["caption"])
"""What goes by the rules alone: an image's caption stands apart from the text, whatever the gold of a set says."""
_CONTENT = 0.5
_AGAINST_WORDING = 0.9
"""Probability below which a line goes whose wording only furniture has."""
_HEADING = 0.2
"""Probability from which on a heading stays with the text that it heads: to lose one is worse than a stray line."""
_PARAGRAPH = 0.2
"""The same for a paragraph right behind text that stays, where no rule speaks against it."""
_LONG = 20
"""Words of such a paragraph at least."""
_LAST = 0.1
"""The same for a last line behind text that stays, where the dump was cut."""
_MOST_WORDS = 12
_TOP = 1024
"""Lines by which the content is known when the title is looked for anew."""


def furniture_of_dump(
    document: Document, heading: Heading, taken: Sequence[int], known: Known | None = None
) -> dict[int, Drop]:
    """Return what to drop of a dump with at least one block.

    Args:
        document: the dump.
        heading: its title and breadcrumb.
        taken: indices of the blocks that show them.
        known: what to use in place of what both say (for measuring).
    """
    blocks = document.blocks
    by_rules = furniture_by_rules(blocks, heading.title, taken)
    probability = chances_in_dump(document, heading) if known is None else known.probability
    drops: dict[int, Drop] = {}
    kept = probability >= _CONTENT
    for index, chance in enumerate(probability.tolist()):
        reason = by_rules.get(index)
        wording = furniture_reason(blocks[index].text) if chance < _AGAINST_WORDING else None
        if reason in _CERTAIN and reason is not None:
            drops[index] = Drop(index, reason, None)
        elif wording is not None:
            drops[index] = Drop(index, reason or wording, round(chance, 3))
        elif chance < _CONTENT and not (
            _is_heading(blocks, kept, index, chance)
            or (reason is None and index - 1 not in drops and _is_paragraph(blocks[index].text, chance))
        ):
            drops[index] = Drop(index, reason or "low-score", round(chance, 3))
    return drops


def _is_heading(blocks: Sequence[Block], kept: NDArray[np.bool_], index: int, chance: float) -> bool:
    """Return whether a line heads the text behind it that stays, or would have headed what a dump was cut before."""
    text = blocks[index].text
    if is_prose(text) or ends_sentence(text) or len(words_of(text)) > _MOST_WORDS:
        return False
    if not text[:1].isupper() and not text[:1].isdigit():
        return False
    if index == len(blocks) - 1:
        return chance >= _LAST and index > 0 and bool(kept[index - 1])
    below = blocks[index + 1]
    return chance >= _HEADING and bool(kept[index + 1]) and (below.kind == "list_item" or is_prose(below.text))


def _is_paragraph(text: str, chance: float) -> bool:
    return chance >= _PARAGRAPH and is_prose(text) and len(words_of(text)) >= _LONG


def better_heading(document: Document, heading: Heading) -> Heading:
    """Return title and breadcrumb; a title that is plainly none is looked for anew once the content is known."""
    if not is_no_title(heading.title):
        return heading
    top = msgspec.structs.replace(document, blocks=document.blocks[:_TOP])
    kept = np.flatnonzero(chances_in_dump(top, heading) >= _CONTENT).tolist()
    return title_above(document.blocks, heading, [i for i in kept if i not in heading.title_blocks])


def chances_in_dump(document: Document, heading: Heading) -> Floats:
    """Return the probability of content of each block, half-way between what forests and network say."""
    by_forests = score(msgspec.structs.replace(document, title=heading.title), shipped_for_dumps()).probability
    return both(by_forests, chances_of_lines(document.blocks, heading))
