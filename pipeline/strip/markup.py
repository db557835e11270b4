"""Furniture of HTML pages by evidence alone: what stands until the scorer's weights are there, and its rival."""

from collections.abc import Sequence

from pipeline.document import Block
from pipeline.strip.evidence import path_bits_of, reason_for
from pipeline.strip.lines import is_prose

_LINKED = 0.7
_LEAST = 0.3


def furniture_of_html(blocks: Sequence[Block]) -> dict[int, str]:
    """Return the blocks that evidence names as furniture, each with the code of its reason."""
    drops: dict[int, str] = {}
    for index, block in enumerate(blocks):
        reason = reason_for(block, path_bits_of(block))
        linked = block.markup is not None and block.markup.link_chars > _LINKED * len(block.text)
        if reason != "low-score" and (linked or not _is_weak(reason)):
            drops[index] = reason
    prose = [i for i, block in enumerate(blocks) if is_prose(block.text)]
    if sum(i not in drops for i in prose) < _LEAST * len(prose):  # the evidence speaks against the article itself
        return {i: r for i, r in drops.items() if not is_prose(blocks[i].text)}
    return drops


def _is_weak(reason: str) -> bool:
    return reason in {"tags", "form", "byline"}
