"""Lists of other articles below an article: told by their build and by the title, whose words they do not have.

The scorer weighs blocks; that a list of cards is about something else than the page it sees only in part.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.records import LINKED, LONGEST_LINK, groups_of
from pipeline.strip.view import STOP_WORDS, Floats, View
from pipeline.strip.words import Paths

_CARDS = 4
"""Records of a list at least."""
_MOST = 0.6
"""Share of them that are headed by a link."""
_BEFORE = 20
"""Words of the article that stand before the list at least."""
_PART = 0.3
"""Words of the list beside those of all else at least: a few words are not worth the risk."""
_NAMED = 2
"""Words of the title that a block of the article has at least, outside of the element that holds the cards."""
_HALF = 0.5
"""Share of the cards that have a word of the title at most: in a list on the page's own subject more do."""
_HEAD = 8
"""Blocks of a record among which its link is looked for."""
_SHORTEST = 4
"""Letters of a word of the title that says something; pairs of Chinese characters always do."""


def teasers(view: View, paths: Paths, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the kept blocks of an article's page that are lists of other articles.

    Args:
        view: the page.
        paths: what its paths say.
        kept: the blocks that look like content.
    """
    found = np.zeros(len(kept), dtype=np.bool_)
    lists = _lists(view, paths, np.where(kept, view.words, 0))
    if not lists:
        return found
    linked, named = _before(_is_linked(view)), _of_title(view)
    some = _before(named > 0)
    index = np.arange(len(kept))
    for rows in lists:
        first, end = view.first[rows], view.last[rows] + 1
        headed = linked[np.minimum(end, first + _HEAD)] > linked[first]
        if headed.mean() < _MOST or (some[end] > some[first]).mean() > _HALF:
            continue
        around = view.parents[rows[0]]
        apart = (index < view.first[around]) | (index > view.last[around])
        if named[kept & apart].max(initial=0) >= _NAMED:
            edges = np.zeros(len(kept) + 1, dtype=np.int64)
            edges[first] = 1
            edges[end] -= 1
            found |= kept & (np.cumsum(edges[:-1]) > 0)
    return found


def _lists(view: View, paths: Paths, words: Floats) -> list[NDArray[np.int64]]:
    """Return the rows of records, as elements, that have many of the words and stand below some text."""
    group, records = groups_of(view, paths)
    total = np.concatenate(([0.0], np.cumsum(words, dtype=np.float64)))
    first, end = view.first[records], view.last[records] + 1
    size = np.bincount(group)
    wide = np.bincount(group, end - first > 1) >= _MOST * size
    own = np.bincount(group, total[end] - total[first])
    start = first[np.unique(group, return_index=True)[1]]
    long = (total[start] >= _BEFORE) & (own >= _PART * (total[-1] - own))
    return [records[group == number] for number in np.flatnonzero((size >= _CARDS) & wide & long).tolist()]


def _before(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(flags)))


def _is_linked(view: View) -> NDArray[np.bool_]:
    """Return which blocks are links that may be the title of a record."""
    whole = [b.markup is not None and b.markup.link_chars >= LINKED * len(b.text) for b in view.blocks]
    return np.array(whole) & (view.words >= 3) & (view.words <= LONGEST_LINK)


def _of_title(view: View) -> NDArray[np.int64]:
    """Return how many words of the page's title each block has, each once, function words and short ones aside."""
    wanted = {w[:_STEM] for w in view.title_words - STOP_WORDS if len(w) >= _SHORTEST or not w.isascii()}
    return np.array([len(wanted.intersection([word.strip(_MARKS)[:_STEM] for word in t])) for t in view.tokens])


_STEM = 5
"""Letters by which words are compared: kettles are a kettle."""
_MARKS = ".,;:!?\"'“”‘’«»()[]"
