"""HTML pages with labels → plain-text dumps with labels: what a scraper leaves that throws the markup away.

A dump shows every block of the page as a line, content and furniture alike. How it is laid out (blank
lines or none, bullets of ten kinds or none, wrapped lines, a breadcrumb, captions, counters) is drawn from the
page's id, so that a page always gives the same dump.
"""

import hashlib
import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.document import Block
from pipeline.strip.view import Floats

BULLETS = ("• ", "- ", "* ", "– ", "◦ ", "· ", "— ", "o ", "+ ", "")


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump and, for each of its pieces, its span in the text and the label of the block it shows."""

    text: str
    spans: list[tuple[int, int, float]]


def render(page: str, blocks: Sequence[Block], labels: Floats) -> Dump:
    """Return the dump of a page whose blocks have the given labels."""
    chance = random.Random(hashlib.sha256(page.encode()).digest())
    between = chance.choice(["\n", "\n\n", "\n\n", "\n\n\n"])
    bullet = chance.choice(BULLETS)
    width = chance.choice([0, 0, 0, 72, 100])
    hidden = chance.random() < 0.7
    parts: list[str] = []
    spans: list[tuple[int, int, float]] = []
    position = 0
    before: Block | None = None
    for block, label in zip(blocks, labels.tolist(), strict=True):
        if np.isnan(label) or (hidden and _is_hidden(block)):
            continue
        text = _shown(block, bullet, width)
        joined = before is not None and before.kind == block.kind == "list_item" and chance.random() < 0.9
        gap = "" if before is None else "\n" if joined else between
        position += len(gap)
        parts += [gap, text]
        spans.append((position, position + len(text), label))
        position += len(text)
        before = block
    return Dump("".join(parts), spans)


def _shown(block: Block, bullet: str, width: int) -> str:
    text = block.text.replace("\t", "  ")
    if block.kind == "list_item":
        marker = f"{block.marker} " if block.marker[:1].isdigit() else bullet
        text = marker + text.replace("\n", " ")
    if width and block.kind != "table" and len(text) > width:
        text = "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))
    return text


def _is_hidden(block: Block) -> bool:
    element = None if block.markup is None else block.markup.element
    while element is not None:
        if element.hidden:
            return True
        element = element.parent
    return False


def labels_of(dump: Dump, blocks: Sequence[Block]) -> Floats:
    """Return the label of each block that was read from a dump: that of the pieces it overlaps, by characters."""
    out = np.full(len(blocks), np.nan, dtype=np.float32)
    at = 0
    for index, block in enumerate(blocks):
        start, end = block.place.start, block.place.end
        if start is None or end is None:
            continue
        while at > 0 and dump.spans[at - 1][1] > start:
            at -= 1
        weight = value = 0.0
        while at < len(dump.spans) and dump.spans[at][0] < end:
            begin, stop, label = dump.spans[at]
            shared = min(end, stop) - max(start, begin)
            if shared > 0:
                weight += shared
                value += shared * label
            at += 1
        if weight > 0:
            out[index] = value / weight
    return out
