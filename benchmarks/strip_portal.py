"""Dumps that are put together: the content of one page among what stands on small sites (`strip_portal.toml`).

The pages of the sets are of large sites of today. The dumps that people have are often of small ones: a menu, a
breadcrumb, a title, a line about the author; then paragraphs with captions, links to other articles and advertisements
between them; then lists of articles, comments with names and dates, forms and a footer. The paragraphs, headings,
titles of other articles, teasers and comments are those of pages of the same fold, so that nothing of a domain is
seen by a scorer that is measured on it.
"""

import dataclasses
import hashlib
import random
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.strip_dumps import BULLETS, Dump, shown_in_dump, written
from benchmarks.strip_pages import FOLDS, Page, as_dump, is_text
from pipeline.document import Block
from pipeline.strip.view import Floats

Line = tuple[str, float, bool]
"""Text, label, and whether it is an item of a list."""
_CONTENT = 0.8
"""Label of a block from which on it is content for certain."""
_FEWEST = 5
"""Blocks of content of a page at least."""
_MOST = 60
_LONGEST_TITLE = 110
_SHORT = 60
_MONTHS = "January February March April May June July August September October November December".split()
_DATA = Path(__file__).with_suffix(".toml")


@dataclass(slots=True)
class Pool:
    """What the pages of one fold lend to others: titles with the first paragraph behind each, and what people wrote."""

    titles: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def pool_of(pages: Iterable[Page]) -> Pool:
    """Collect titles, teasers and remarks of the given pages of training data."""
    pool = Pool()
    for page in pages:
        texts = [b.text for b, label in zip(page.view.blocks, page.labels, strict=True) if label >= _CONTENT]
        first = next((t for t in texts if 8 <= t.count(" ") <= _SHORT and "\n" not in t), "")
        if page.type == "forum":
            pool.remarks += [t for t in texts if 2 <= t.count(" ") <= _SHORT and "\n" not in t][:12]
        elif page.title.count(" ") >= 2 and len(page.title) < _LONGEST_TITLE and first:
            pool.titles.append((page.title, first))
    return pool


def composed_dumps(pages: Sequence[Page]) -> list[Page]:
    """Return a dump that is put together for each article and page of documentation; to train on, not to score."""
    lenders = [[p for p in pages if p.fold == fold and p.gold] for fold in range(FOLDS)]
    pools = [pool_of([p for p in some if is_text(p) or p.type == "forum"]) for some in lenders]
    dumps = []
    for page in pages:
        if not is_text(page) or not page.weight:
            continue
        dump = compose(page.id, page.view.blocks, page.labels, page.title, pools[page.fold])
        if dump is not None and (shown := as_dump(page, dump)) is not None:
            dumps.append(dataclasses.replace(shown, id=f"{page.id} composed"))
    return dumps


def compose(page: str, blocks: Sequence[Block], labels: Floats, title: str, pool: Pool) -> Dump | None:
    """Return a dump of a page's content among lines of a small site; None where the page has too little content.

    Args:
        page: the page's id, from which all that is drawn by lot follows.
        blocks: its blocks.
        labels: their labels.
        title: its title.
        pool: what other pages of its fold lend.
    """
    content = [b for b, label in zip(blocks, np.nan_to_num(labels).tolist(), strict=True) if label >= _CONTENT]
    content = [b for b in content if b.kind != "caption" and b.text.strip()]
    if len(content) < _FEWEST or not pool.titles:
        return None
    chance = random.Random(hashlib.sha256(f"portal {page}".encode()).digest())
    return _Site(chance, title or pool.titles[0][0], pool).dump(content)


class _Site:
    """One site: what is drawn by lot for it."""

    def __init__(self, chance: random.Random, title: str, pool: Pool) -> None:
        self.chance = chance
        self.pool = pool
        self.data: dict[str, list[str]] = _templates()
        self.title = title
        self.bullet = chance.choice(BULLETS)
        section = chance.choice(self.data["section"])
        self.said = {
            "title": title,
            "lower": " ".join(title.lower().split()[: chance.randint(2, 6)]),
            "section": section,
            "section2": chance.choice(self.data["section"]),
            "site": chance.choice(self.data["site"]).format(section=section),
            "bar": chance.choice([">", "/", "»", "→", "|", "::", "-"]),
        }

    def line(self, kind: str) -> Line:
        """Return a line of a kind, filled in."""
        chance = self.chance
        drawn = {
            "other": self.other()[0],
            "name": f"{chance.choice(self.data['first'])} {chance.choice(self.data['last'])}",
            "nick": chance.choice(self.data["nick"]),
            "day": chance.randint(1, 28),
            "month": chance.randint(1, 12),
            "monthname": chance.choice(_MONTHS),
            "year": chance.randint(2005, 2024),
            "year2": chance.randint(2005, 2024),
            "hour": chance.randint(0, 23),
            "minute": chance.randint(0, 59),
            "count": chance.randint(40, 90000),
            "few": chance.randint(1, 9),
        }
        return chance.choice(self.data[kind]).format(**(self.said | drawn)), 0.0, False

    def lines(self, kind: str, least: int, most: int) -> list[Line]:
        return [self.line(kind) for _ in range(self.chance.randint(least, most))]

    def other(self) -> tuple[str, str]:
        return self.chance.choice(self.pool.titles)

    def dump(self, content: Sequence[Block]) -> Dump:
        chance = self.chance
        start = chance.randrange(max(1, len(content) - _MOST + 1))
        content = content[start : start + chance.randint(_FEWEST, _MOST)]
        lines = [*self._top(content), *self._body(content), *self._bottom()]
        return written(lines, chance, chance.choice(["\n", "\n\n", "\n\n", "\n\n\n"]))

    def _top(self, content: Sequence[Block]) -> list[Line]:
        chance = self.chance
        out = self.lines("head", 0, 1) + self._menu() + self.lines("top", 0, 3)
        out += self.lines("crumbs", 0, 1)
        shown = self.title.upper() if chance.random() < 0.1 else self.title
        out += [(shown, np.nan, False)] * chance.choice([0, 1, 1, 1, 1, 2])
        out += self.lines("meta", 0, 4)
        headings = [b.text for b in content if b.kind == "heading"]
        if len(headings) > 2 and chance.random() < 0.4:
            out += self.lines("contents", 1, 1)
            out += [(text, 0.0, True) for text in headings]
        return out

    def _menu(self) -> list[Line]:
        entries = self.chance.sample(self.data["section"], self.chance.choice([0, 4, 5, 6, 8, 12, 20]))
        if self.chance.random() < 0.5:
            bar = self.chance.choice([" | ", "  ", " ", " * ", " / ", " · ", " — "])
            return [(bar.join(entries), 0.0, False)] if entries else []
        return [(entry, 0.0, True) for entry in entries]

    def _body(self, content: Sequence[Block]) -> list[Line]:
        chance = self.chance
        often = chance.choice([0.0, 0.05, 0.1, 0.2])
        out: list[Line] = []
        for number, block in enumerate(content):
            item = block.kind == "list_item"
            out.append((shown_in_dump(block, self.bullet, 0), 1.0, item))
            if number + 1 < len(content) and chance.random() < often and not (item and chance.random() < 0.8):
                out += self.lines("between", 1, 2)
                if chance.random() < 0.12:
                    out += self._others(2, 4)
        return out

    def _others(self, least: int, most: int) -> list[Line]:
        """Return a list of other articles, with or without a line that announces it, some with a teaser each."""
        chance = self.chance
        out = self.lines("related", 0 if chance.random() < 0.15 else 1, 1)
        kind = chance.choice(["plain", "plain", "plain", "date", "teaser"])
        for _ in range(chance.randint(least, most)):
            title, teaser = self.other()
            out.append((title, 0.0, kind == "plain" and chance.random() < 0.9))
            if kind == "date":
                out.append(self.line("meta"))
            elif kind == "teaser":
                out.append((teaser, 0.0, False))
        return out

    def _comments(self) -> list[Line]:
        chance = self.chance
        out = self.lines("comments", 0 if chance.random() < 0.2 else 1, 1)
        head, tail = chance.choice(self.data["comment_head"]), chance.choice(["", *self.data["comment_tail"]])
        for _ in range(chance.randint(1, 9)):
            self.data["now"] = [head]
            out.append(self.line("now"))
            out.append((chance.choice(self.pool.remarks), 0.0, False))
            if tail and chance.random() < 0.9:
                self.data["now"] = [tail]
                out.append(self.line("now"))
        return out

    def _bottom(self) -> list[Line]:
        chance = self.chance
        parts = [self.lines("below", 0, 4), self.lines("below", 0, 3)]
        if chance.random() < 0.7:
            parts.append(self._others(2, 9))
        if chance.random() < 0.2:
            parts.append(self._others(2, 5))
        if chance.random() < 0.5 and self.pool.remarks:
            parts.append(self._comments())
        if chance.random() < 0.2:
            parts.append(self._menu())
        chance.shuffle(parts)
        return [line for part in parts for line in part] + self.lines("footer", 0, 6)


def _templates() -> dict[str, list[str]]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
