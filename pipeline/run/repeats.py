"""Blocks that stand on many pages of one site: furniture that no page shows to be furniture by itself.

Workers describe the blocks of each page (`describe`), the ledger keeps the descriptions, and `find_repeats`
looks at those of all pages of the run at once. So the result depends on the set of pages and not on their
order, and only pages that hold a repeat which is new or no longer one are made again.
"""

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.document import Document
from pipeline.read.profiles import host_of
from pipeline.strip.stage import block_keys

_LEAST = 5
"""Pages that a site must have, copies of one article counted once."""
_LONG = 0.25
"""Share of a site's pages that a long block must stand on (three at least) ..."""
_SHORT = 0.5
"""... and a short one, always beside the same neighbour: `Symptoms` stands on many pages and is no furniture."""
_WORDS = 6
"""Words from which on a block is long: whole sentences are rarely the same by chance."""
_ROW = struct.Struct(">QHB")
_HALF = 1000
"""Blocks described at each end of a page: furniture stands at the ends."""


class _Row(NamedTuple):
    """A block: its key as a number, its length in characters, whether it is long, whether it is a heading."""

    key: int
    length: int
    long: bool
    heading: bool


class Described(NamedTuple):
    """A page's blocks: the site it belongs to (empty: unknown) and one row of bytes for each block."""

    site: str
    rows: bytes


NOTHING = Described("", b"")
"""Of a page that was not read."""


def describe(document: Document, name: str) -> Described:
    """Describe the blocks of a page as it was read. Its site is the host of its address, else its topmost folder."""
    rows = []
    for block, key in zip(document.blocks, block_keys(document), strict=True):
        if key:
            flags = (len(block.text.split()) >= _WORDS) + 2 * (block.kind == "heading")
            rows.append(_ROW.pack(int(key, 16), min(len(block.text), 0xFFFF), flags))
    if len(rows) > 2 * _HALF:
        rows = rows[:_HALF] + rows[-_HALF:]
    return Described(_site(document.source.url, name), b"".join(rows))


def _site(url: str | None, name: str) -> str:
    return host_of(url).removeprefix("www.") or name.rpartition("/")[0].partition("/")[0]


def find_repeats(pages: Iterable[tuple[str, Described]]) -> dict[str, frozenset[str]]:
    """Return, for each page that has any, the keys of its blocks that repeat across its site.

    Args:
        pages: names and descriptions, sorted by site; pages without a site are left alone.
    """
    found: dict[str, frozenset[str]] = {}
    shared: dict[frozenset[int], frozenset[str]] = {}  # most pages of a site have the same ones
    for site, group in groupby(pages, key=lambda page: page[1].site):
        if not site:
            continue
        described = {name: one.rows for name, one in group}  # packed: a site may have many pages
        repeats = _repeats_of_site(described)
        for name, rows in described.items():
            own = frozenset(row.key for row in _rows(rows)) & repeats if repeats else None
            if own:
                found[name] = shared.setdefault(own, frozenset(f"{key:016x}" for key in own))
    return found


def _repeats_of_site(pages: dict[str, bytes]) -> frozenset[int]:
    counts = Counter(key for rows in pages.values() for key in {row.key for row in _rows(rows)})
    articles = {name: _article(name, list(_rows(rows)), counts) for name, rows in pages.items()}
    number = len(set(articles.values()))
    if number < _LEAST:
        return frozenset()
    least_long, least_short = max(3, _LONG * number), max(_LEAST, _SHORT * number)
    long: dict[int, set[int | str]] = {}
    pairs: dict[tuple[int, int], set[int | str]] = {}
    for name, packed in pages.items():
        rows = list(_rows(packed))
        candidates = [row for row in rows if counts[row.key] >= least_long]
        for row in candidates:
            if row.long and not row.heading:
                long.setdefault(row.key, set()).add(articles[name])
        for first, second in pairwise(rows):
            if min(counts[first.key], counts[second.key]) >= least_short:
                pairs.setdefault((first.key, second.key), set()).add(articles[name])
    repeats = {key for key, own in long.items() if len(own) >= least_long}
    for pair, own in pairs.items():
        if len(own) >= least_short:
            repeats.update(pair)
    return frozenset(repeats)


def _article(name: str, rows: Sequence[_Row], counts: Counter[int]) -> int | str:
    """Return what tells an article from others: its longest block, on how many pages it stands being set against it.

    Copies of one article (for print, under another address) share it, and count as one page. Short blocks
    are not asked where there are long ones: a counter is another on each copy.
    """
    asked = [row for row in rows if row.long] or rows
    return max(asked, key=lambda row: (row.length / counts[row.key], row.key)).key if asked else name


def _rows(packed: bytes) -> Iterator[_Row]:
    for key, length, flags in _ROW.iter_unpack(packed):
        yield _Row(key, length, bool(flags & 1), bool(flags & 2))
