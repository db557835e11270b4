"""Furniture of plain-text dumps: rules name what is certain, the scorer weighs the rest."""

from collections.abc import Sequence

import msgspec

from pipeline.document import Block, Document, Drop
from pipeline.strip.dump_rules import ends_like_label, furniture_by_rules
from pipeline.strip.lines import furniture_reason, is_prose, normal
from pipeline.strip.model import Known, score, shipped_for_dumps
from pipeline.strip.title import Heading
from pipeline.strip.view import Floats

_CERTAIN = frozenset(["caption", "comments", "contents"])
_AGAINST_RULES = 0.6
"""Probability above which a block stays that the rules would drop by its place alone."""
_WITH_RULES = 0.25
"""Probability below which a block goes that the rules would keep."""
_IN_BODY = 0.05
"""The same between the first and the last prose: short headings look like furniture to the scorer."""
_CONTENT = 0.2


def furniture_of_dump(
    document: Document, heading: Heading, taken: Sequence[int], known: Known | None = None
) -> dict[int, Drop]:
    """Return what to drop of a dump with at least one block.

    Args:
        document: the dump.
        heading: its title and breadcrumb.
        taken: indices of the blocks that show them.
        known: what to use in place of the scorer's word (for measuring).
    """
    blocks = document.blocks
    by_rules = furniture_by_rules(blocks, heading.title, taken)
    probability = chances_in_dump(document, heading) if known is None else known.probability
    drops: dict[int, Drop] = {}
    body = _body(blocks, probability)
    listed = {normal(blocks[i].text) for i, reason in by_rules.items() if reason == "contents"}
    announced = False  # by a line such as "Similar articles:"
    for index, chance in enumerate(probability.tolist()):
        reason = by_rules.get(index)
        announced = reason == "related" and (announced or _announces_others(blocks[index].text))
        if reason is None:
            least = _IN_BODY if index in body else _WITH_RULES
            if chance < least and normal(blocks[index].text) not in listed:  # the contents know the headings
                drops[index] = Drop(index, furniture_reason(blocks[index].text) or "low-score", round(chance, 3))
        elif announced and not is_prose(blocks[index].text):
            drops[index] = Drop(index, "related", None)
        elif reason in _CERTAIN or chance < _AGAINST_RULES or furniture_reason(blocks[index].text) is not None:
            drops[index] = Drop(index, reason, None if reason in _CERTAIN else round(chance, 3))
    return drops


def _announces_others(text: str) -> bool:
    return furniture_reason(text) == "related" and ends_like_label(text)


def chances_in_dump(document: Document, heading: Heading) -> Floats:
    """Return the scorer's probability of content of each block."""
    return score(msgspec.structs.replace(document, title=heading.title), shipped_for_dumps()).probability


def _body(blocks: Sequence[Block], probability: Floats) -> range:
    """Return the run from the line above the first prose that is content to the line below the last."""
    prose = [i for i, block in enumerate(blocks) if probability[i] >= _CONTENT and is_prose(block.text)]
    return range(prose[0] - 1, prose[-1] + 2) if prose else range(0)
