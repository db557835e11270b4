"""HTML pages with labels → plain-text dumps with labels: what a scraper leaves that throws the markup away.

A dump shows every block of the page as a line, content and furniture alike. How it is laid out (blank
lines or none, bullets of ten kinds or none, wrapped lines, menus in a row) and which lines that dumps are
known for stand in it besides the page's own (a breadcrumb, a caption, "Read also", counters, tags) is drawn from the
page's id, so that a page always gives the same dump.
"""

import hashlib
import random
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.document import Block
from pipeline.strip.view import Floats

BULLETS = ("• ", "- ", "* ", "– ", "◦ ", "· ", "— ", "o ", "+ ", "")
_BARS = (" | ", " * ", " / ", "  ", " · ", " » ")
_TOP = (
    "Home {bar} {name} {bar} {title}",
    "You are here: Main » {name} » {title}",
    "{day}.{month:02}.{year} | Views: {count}",
    "Posted by admin {day}.{month:02}.{year} in {name}. Comments: {few}",
    "Author: {name}. Date: {year}-{month:02}-{day:02}",
    "{count} views, {few} comments | print",
    "Rating: 4.{few} (votes: {count})",
    "{few} min read",
    "Contents [hide]",
)
"""Lines that stand above an article."""
_BETWEEN = (
    "Read also: {other}",
    "See also: {other}",
    "{other} - read here",
    "Video: {other}",
    "Advertising",
    "{lower}",
    "photo {lower}",
    "[photo] {lower}",
    "Share with friends: VKontakte Facebook Twitter",
    "Interesting: {other}",
)
"""Lines that stand between its paragraphs."""
_BELOW = (
    "Was the article useful? Yes {count} No {few}",
    "Share: Facebook Twitter WhatsApp",
    "Tags: {lower}",
    "Similar articles:",
    "{other}",
    "{other}",
    "Liked it? Tell to friends!",
    "{few} comments",
    "Next record: {other}",
    "Categories: {name}",
    "© {year} {name}. When copying materials the link is obligatory.",
    "Visitors today: {count}. Online: {few}",
)
"""Lines that stand below it."""
_SHORT = 4
"""Words of an entry of a menu at most."""
_MENU = 3
"""Entries of a menu that stand in a row at least."""
_LINKED = 0.6
_CONTENT = 0.5


Line = tuple[str, float, bool]
"""Text, label, and whether it is an item of a list."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump and, for each of its pieces, its span in the text and the label of the block it shows."""

    text: str
    spans: list[tuple[int, int, float]]


def render(page: str, blocks: Sequence[Block], labels: Floats, title: str = "", other: str = "") -> Dump:
    """Return the dump of a page.

    Args:
        page: its id.
        blocks: its blocks.
        labels: their labels; a block without one is not shown.
        title: its title.
        other: the title of another page, for lines that lead to others.
    """
    chance = random.Random(hashlib.sha256(page.encode()).digest())
    between = chance.choice(["\n", "\n\n", "\n\n", "\n\n\n"])
    bullet = chance.choice(BULLETS)
    width = chance.choice([0, 0, 0, 72, 100])
    bar = chance.choice([*_BARS, ""])
    shown = [
        (block, label)
        for block, label in zip(blocks, labels.tolist(), strict=True)
        if not np.isnan(label) and not (_is_hidden(block) and chance.random() < _HIDDEN)
    ]
    lines = list(_lines(shown, bullet, width, bar))
    if chance.random() < _EMBELLISHED:
        lines = _with_known_lines(lines, chance, title or "Pain in the back", other or "How to choose a pillow")
    return written(lines, chance, between)


def written(lines: Sequence[Line], chance: random.Random, between: str) -> Dump:
    """Return lines as a dump; items of a list mostly stand without the gap that is `between` others."""
    parts: list[str] = []
    spans: list[tuple[int, int, float]] = []
    position = 0
    for number, (text, label, item) in enumerate(lines):
        joined = number > 0 and item and lines[number - 1][2] and chance.random() < 0.9
        gap = "" if not number else "\n" if joined else between
        position += len(gap)
        parts += [gap, text]
        spans.append((position, position + len(text), label))
        position += len(text)
    return Dump("".join(parts), spans)


_HIDDEN = 0.7
"""Share of hidden blocks that a dump does not show."""
_EMBELLISHED = 0.6
"""Share of dumps that have lines besides those of the page."""


def _lines(shown: Sequence[tuple[Block, float]], bullet: str, width: int, bar: str) -> Iterator[Line]:
    """Yield the lines of a dump; entries of a menu as one line where `bar` is what stands between them."""
    row: list[tuple[Block, float]] = []
    for block, label in shown:
        if bar and _is_entry(block) and label < _CONTENT:
            row.append((block, label))
            continue
        yield from _menu(row, bullet, width, bar)
        row = []
        yield shown_in_dump(block, bullet, width), label, block.kind == "list_item"
    yield from _menu(row, bullet, width, bar)


def _menu(row: Sequence[tuple[Block, float]], bullet: str, width: int, bar: str) -> Iterator[Line]:
    if len(row) >= _MENU:
        yield bar.join(block.text for block, _ in row[:12]), 0.0, False
        row = row[12:]
    for block, label in row:
        yield shown_in_dump(block, bullet, width), label, block.kind == "list_item"


def _is_entry(block: Block) -> bool:
    linked = block.markup is not None and block.markup.link_chars > _LINKED * len(block.text)
    return linked and "\n" not in block.text and block.text.count(" ") < _SHORT


def _with_known_lines(lines: Sequence[Line], chance: random.Random, title: str, other: str) -> list[Line]:
    content = [i for i, (_, label, item) in enumerate(lines) if label >= _CONTENT and not item]
    if len(content) < _MENU:
        return list(lines)
    said = {
        "title": title,
        "other": other,
        "lower": " ".join(title.lower().split()[:5]),
        "name": chance.choice(["Health", "Nose", "Irina Belova", "Recipes", "Garden", "Family", "Lada"]),
        "bar": chance.choice([">", "/", "»", "→"]),
        "day": chance.randint(1, 28),
        "month": chance.randint(1, 12),
        "year": chance.randint(2006, 2019),
        "count": chance.randint(60, 40000),
        "few": chance.randint(1, 9),
    }
    added: dict[int, list[Line]] = {}
    for place, templates, most in (
        ([content[0]], _TOP, 3),
        (content[1:-1], _BETWEEN, 3),
        ([content[-1] + 1], _BELOW, 5),
    ):
        for template in chance.sample(templates, chance.randint(0, most)):
            added.setdefault(chance.choice(place), []).append((template.format(**said), 0.0, False))
    out: list[Line] = []
    for index in range(len(lines) + 1):
        out += added.get(index, [])
        out += lines[index : index + 1]
    return out


def shown_in_dump(block: Block, bullet: str, width: int) -> str:
    """Return a block as a dump shows it: behind a bullet where it is an item, wrapped where there is a width."""
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
