"""Readers' comments under an article: where they begin.

On a forum the posts are the content, and there is nothing to find. Under an article comments are told by the line
that announces them, or by their build: elements of one shape in a row, each with a time or a way to reply, behind a
text that is built otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block
from pipeline.strip.lines import furniture_reason
from pipeline.strip.names import FAMILY_BIT
from pipeline.strip.page_type import TYPES
from pipeline.strip.view import Floats, View
from pipeline.strip.words import Paths

LONGEST_LABEL = 80
"""Characters of the line that announces comments."""
_LABEL_WORDS = ("comment", "repl", "respon", "review", "thought", "opinion", "feedback", "discussion", "readers")
_ANNOUNCES = re.compile(
    r"\W*(?:\d{1,6} )?(?:(?:reader|user|visitor)s?['’]? )?(?:comments?|responses|opinions|thoughts)\b"
    r"(?! (?:are|is|closed|off|disabled|policy))(?: ?(?:on|to|from|of|by)\b.{0,80}|\W{0,3}\d{0,6}\W{0,3})$"
    r"|\W*(?:what (?:our )?readers (?:say|think)|your (?:comments|opinions))\W*$",
    re.IGNORECASE,
)
"""Lines that announce comments by themselves; others need a thread behind them."""
_SURE_OF_TYPE = 0.5
_SURER_OF_TYPE = 0.8
_BEFORE = 25
"""Kept words that stand before the comments of an article at least."""
_SHARE = 0.05
"""Share of all kept words that stand before them at least."""
_PROSE = 80
"""Characters of a paragraph of an article."""
_NEAR = 3
"""Blocks between the line that announces comments and the first that is one."""
_UNITS = 3
"""Elements of one shape that make a thread at least."""
_MOST = 0.6
"""Share of them that have a time or a way to reply at least."""
_HEAD = 60
"""Characters of a block in which a time is looked for, and of one that is nothing else."""
_WHEN = re.compile(
    r"\b\d{1,2}:\d\d\b|\b(?:19|20)\d\d\b|\bago\b|\b(?:yesterday|today|just now|vor \d|il y a)\b"
    r"|(?<!\d)\d{1,3} ?(?:s|m|h|d|w|y|mo|min|hrs?|days?)\b|\d{1,2}[./]\d{1,2}[./]\d\d|\d月|дн|назад|вчера|сегодня",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\W*(?:reply|respond|answer|quote|like|report|permalink|upvote|ответить|цитировать|antworten|répondre|responder)"
    r"\b.{0,25}$",
    re.IGNORECASE,
)
_COMMENT_NAME = re.compile(
    r"(?<!re)comm(?!erc|un|on|it|and|od)|opinion|response(?!s?ive)|guestbook|discuss|talkback|disqus|shout",
    re.IGNORECASE,
)
_FORUM_NAME = re.compile(r"forum|phpbb|vbulletin|xenforo|topic|showthread|question|answer|viewtopic", re.IGNORECASE)

_FORUM_ADDRESS = re.compile(
    r"forum|thread|topic|question|answer|/t/|discuss|bbs|board|communit|tieba|/posts?/|/comments/", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Thread:
    """A run of blocks in which elements of one shape follow each other.

    Attributes:
        start: its first block.
        end: the block behind its last.
        comments: whether its elements call themselves comments, or most of them have a time and a way to reply.
    """

    start: int
    end: int
    comments: bool


def comments_from(view: View, paths: Paths, kept: NDArray[np.bool_], types: Floats) -> int:
    """Return the block with which readers' comments under an article begin, the number of blocks where none do.

    Args:
        view: the page.
        paths: what its paths say.
        kept: the blocks that look like content, comments among them or not.
        types: probability of each page type.
    """
    blocks = view.blocks
    words = np.cumsum(np.where(kept, view.words, 0))
    enough = words >= max(_BEFORE, _SHARE * float(words[-1]))
    article = float(types[TYPES.index("article")])
    if article < _SURE_OF_TYPE and (is_forum(view, types) or _is_offer(types)):
        return len(blocks)
    found = _announced(blocks, enough, by_itself=True)
    if article < _SURE_OF_TYPE and not _named_below(view, paths, found):
        found = len(blocks)
    first = int(np.argmax(enough))
    for thread in _Threads(view, paths, first).found:
        if thread.start >= found:
            break
        label = _announced(blocks, enough, start=max(thread.start - _NEAR, 0), end=thread.start + 1)
        if (thread.comments or label < len(blocks)) and _is_text(blocks, kept, thread.start):
            found = min(found, label, thread.start)
    return found


def _named_below(view: View, paths: Paths, label: int) -> bool:
    """Return whether what follows a line lies in elements that are named after comments."""
    own = view.own[label : label + _NEAR + 1]
    return len(own) > 1 and bool((paths.bits[own[1:]] & FAMILY_BIT["comments"]).any())


def is_forum(view: View, types: Floats) -> bool:
    """Return whether a page is a forum's; where neither its address nor its names say so, the type must be sure."""
    chance = float(types[TYPES.index("forum")])
    if chance < _SURE_OF_TYPE:
        return False
    if _FORUM_ADDRESS.search(view.url) or any(_FORUM_NAME.search(element.names) for element in view.elements):
        return True
    return bool(view.url) and chance >= _SURER_OF_TYPE


def _is_offer(types: Floats) -> bool:
    """Return whether a page shows goods, services or lists: their reviews and teasers are built like comments."""
    return sum(float(types[TYPES.index(name)]) for name in _OFFERS) >= _SURE_OF_TYPE


_OFFERS = ("collection", "listing", "product", "service")


class _Threads:
    """The threads of a page behind a block, in order: elements of one shape below one parent, most with time or reply.

    Left out are those that nothing else tells from other rows of equal elements: no name, no way to reply, no short
    line before them that may announce them.
    """

    def __init__(self, view: View, paths: Paths, behind: int) -> None:
        self.view = view
        self.parents, self.first, self.last = view.parents.tolist(), view.first.tolist(), view.last.tolist()
        self.acts = [0, *accumulate(_is_act(block.text) for block in view.blocks)]
        keys = view.parents * _SHAPES + paths.shape
        _, group, size = np.unique(keys, return_inverse=True, return_counts=True)
        rows = np.flatnonzero((size[group] >= _UNITS) & (view.first > behind))
        groups: dict[int, list[int]] = {}
        for row in rows.tolist():
            groups.setdefault(int(group[row]), []).append(row)
        threads = [self._thread(units) for units in groups.values() if len(units) >= _UNITS]
        self.found = sorted(filter(None, threads), key=lambda thread: thread.start)

    def _thread(self, units: Sequence[int]) -> Thread | None:
        start, end = self.first[units[0]], self.last[units[-1]] + 1
        named = self._says_comment(units[0])
        answered = self.acts[end] - self.acts[start] >= _MOST * len(units)
        before = self.view.blocks[max(start - _NEAR, 0) : start + 1]
        if not named and not answered and not any(_announces(block.text, by_itself=False) for block in before):
            return None
        posts, surely = self._are_posts(units)
        return Thread(start, end, surely or named) if posts else None

    def _says_comment(self, row: int) -> bool:
        """Return whether an element, one of two above it or one with most of its words is named after comments."""
        elements, words = self.view.elements, self.view.words
        up = max(self.parents[row], 0)
        if any(_is_comment_name(elements[i].names, elements[i].role) for i in (row, up, max(self.parents[up], 0))):
            return True
        half = float(words[self.first[row] : self.last[row] + 1].sum()) / 2
        return any(
            _is_comment_name(elements[i].names, elements[i].role)
            and self.last[i] <= self.last[row]
            and float(words[self.first[i] : self.last[i] + 1].sum()) >= half
            for i in range(row + 1, min(row + _INSIDE, len(elements)))
        )

    def _are_posts(self, units: Sequence[int]) -> tuple[bool, bool]:
        """Return whether most elements have words and a time or a way to reply, and whether most have both."""
        either = both = worded = 0
        for unit in units[:_LOOKED_AT]:
            first, end = self.first[unit], min(self.last[unit] + 1, self.first[unit] + _INSIDE)
            inside = self.view.blocks[first:end]
            dated = any(_WHEN.search(b.text[:_HEAD]) is not None for b in inside)
            answered = self.acts[end] > self.acts[first]
            either += dated or answered
            both += dated and answered
            worded += sum(len(b.text) for b in inside) > _WORDED
        most = _MOST * min(len(units), _LOOKED_AT)
        return either >= most and worded >= most, both >= most


@lru_cache(maxsize=4096)
def _is_comment_name(names: str, role: str) -> bool:
    return _COMMENT_NAME.search(f"{names} {role}") is not None


_SHAPES = 1 << 32
_INSIDE = 12
"""Blocks, and elements, of a post that are looked at."""
_LOOKED_AT = 40
"""Elements of one shape that are looked at."""
_WORDED = 20
"""Characters of a post at least."""


def _is_act(text: str) -> bool:
    return len(text) <= _HEAD and _ACT.match(text) is not None


def _announced(
    blocks: Sequence[Block],
    enough: NDArray[np.bool_],
    *,
    start: int = 0,
    end: int | None = None,
    by_itself: bool = False,
) -> int:
    """Return the first line that announces comments, the number of blocks where there is none."""
    for index in range(start, len(blocks) if end is None else min(end, len(blocks))):
        if enough[index] and _announces(blocks[index].text, by_itself=by_itself):
            return index
    return len(blocks)


def _announces(text: str, *, by_itself: bool) -> bool:
    if len(text) > LONGEST_LABEL:
        return False
    lowered = text.lower()
    if not any(word in lowered for word in _LABEL_WORDS):
        return False
    return _ANNOUNCES.match(text) is not None or (not by_itself and furniture_reason(text) == "comments")


def _is_text(blocks: Sequence[Block], kept: NDArray[np.bool_], end: int) -> bool:
    """Return whether paragraphs of an article, two at least, are kept before the given block."""
    return sum(bool(kept[i]) and blocks[i].kind != "heading" and len(blocks[i].text) > _PROSE for i in range(end)) >= 2
