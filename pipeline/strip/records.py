"""Repeated records of a page (posts, cards, rows), dates and the reach of headings: features of the scorer.

A record is an element of which three or more of one shape lie below one parent: a template repeats it.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.strip import view as v
from pipeline.strip.view import Floats, View
from pipeline.strip.words import Paths

Columns = dict[str, NDArray[np.floating] | float]
Numbers = NDArray[np.int64]

_FEWEST = 3
"""Elements of one shape below one parent that count as records at least."""
_FAR = 50
_LONGEST = 80
"""Characters of a block in which a date is looked for."""
_DATE = re.compile(
    r"\d{1,2}[:.]\d\d(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d\d"
    r"|\d ?(?:s|m|h|d|w|y|mo|min|hrs?|hours?|days?|weeks?|months?|years?)\b"
    r"|\d ?[年月日天时時分周秒]|(?<!\w)(?:vor|il y a|hace) \d"
)
_SPAN = 1 << 32
LINKED = 0.8
LONGEST_LINK = 40
"""Words of a link at most that is the title of a record."""
_OF_GROUP = ("count", "mean", "spread", "share", "long_share", "links", "score", "dated", "texts", "titled", "linked")
_OF_RECORD = ("place", "ordinal", "words", "relative", "long")


@dataclass(frozen=True, slots=True)
class Measures:
    """What records are measured by, one value for each block.

    Attributes:
        links: share of the text inside links.
        long_words: words of blocks of long text, 0 for others.
        score: what the words of path and text say.
        overlap: share of the words of the page's title that the block has.
    """

    links: Floats
    long_words: Floats
    score: Floats
    overlap: Floats


def dated(view: View) -> Floats:
    """Return, for each block, 1 where a short block shows a date, a time or an age."""
    short = (view.counts[v.DIGIT] > 0) & (view.counts.sum(axis=0) <= _LONGEST)
    out = np.zeros(len(view.blocks), dtype=np.float32)
    for index in np.flatnonzero(short).tolist():
        out[index] = _DATE.search(view.blocks[index].text) is not None
    return out


def record_features(view: View, paths: Paths, measures: Measures) -> Columns:
    """Return where dates stand, and what the records around each block are like, innermost and outermost."""
    dates = dated(view)
    index = np.arange(len(dates))
    last = np.maximum.accumulate(np.where(dates > 0, index, -_FAR))
    following = np.minimum.accumulate(np.where(dates > 0, index, len(dates) + _FAR)[::-1])[::-1]
    out: Columns = {
        "dated": dates,
        "since_date": np.minimum(index - last, _FAR),
        "until_date": np.minimum(following - index, _FAR),
    }
    group, records = groups_of(view, paths)
    table = _table(view, _stacked(view, measures, dates), group, records)
    for name, holding in zip(("record", "outer"), _around(view, records), strict=True):
        own = holding[view.own]
        inside = own >= 0
        at = np.maximum(own, 0)
        rows = np.where(inside, table[:, at], np.float32(-1))
        out |= {f"{name}_{label}": row for label, row in zip(_OF_GROUP + _OF_RECORD, rows, strict=True)}
        first, end = view.first[records[at]], view.last[records[at]]
        out[f"{name}_offset"] = np.where(inside, np.minimum(index - first, _FAR), -1)
        out[f"{name}_rest"] = np.where(inside, np.minimum(end - index, _FAR), -1)
    return out


def groups_of(view: View, paths: Paths) -> tuple[Numbers, Numbers]:
    """Return the group of each record, from 0, and the records: rows of elements; where there are none, the root."""
    keys = view.parents * _SPAN + paths.shape
    _, group, size = np.unique(keys, return_inverse=True, return_counts=True)
    records = np.flatnonzero((size[group] >= _FEWEST) & (view.parents >= 0))
    if not len(records):
        records = np.zeros(1, dtype=np.int64)
    return np.unique(group[records], return_inverse=True)[1], records


def _stacked(view: View, of: Measures, dates: Floats) -> NDArray[np.float64]:
    words = view.words
    linked = (of.links >= LINKED) & (words >= _FEWEST) & (words <= LONGEST_LINK)
    rows = [words, words * of.links, of.long_words, of.score, dates, words * of.overlap, linked]
    return np.stack(rows).astype(np.float64)


def _table(view: View, measures: NDArray[np.float64], group: Numbers, records: Numbers) -> Floats:
    """Return what each record's group and the record itself are like.

    Args:
        view: the page.
        measures: what `_stacked` gives of each block.
        group: the group of each record.
        records: the records' rows.
    """
    total = np.zeros((len(measures), measures.shape[1] + 1))
    np.cumsum(measures, axis=1, out=total[:, 1:])
    own = total[:, view.last[records] + 1] - total[:, view.first[records]]
    count = np.bincount(group)
    words, linked, long, score, _, titled, _ = (np.bincount(group, row) for row in own)
    mean = words / count
    spread = np.sqrt(np.maximum(np.bincount(group, own[0] ** 2) / count - mean**2, 0)) / (mean + 1)
    of_group = np.stack(
        [
            count,
            mean,
            spread,
            words / (total[0, -1] + 1),
            long / (total[2, -1] + 1),
            linked / (words + 1),
            score / count,
            np.bincount(group, own[4] > 0) / count,
            np.bincount(group, own[2] > 0) / count,
            titled / (words + 1),
            np.bincount(group, own[6] > 0) / count,
        ]
    )
    order = np.argsort(group, kind="stable")
    ordinal = np.empty(len(group), dtype=np.int64)
    ordinal[order] = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    place = ordinal / np.maximum(count[group] - 1, 1)
    relative = own[0] / (mean[group] + 1)
    of_record = np.stack([place, np.minimum(ordinal, _FAR), own[0], relative, own[2]])
    return np.concatenate([of_group[:, group], of_record]).astype(np.float32)


def _around(view: View, records: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each element the innermost record of two blocks or more that holds it, and the outermost; or -1."""
    number = np.full(len(view.elements), -1)
    number[records] = np.arange(len(records))
    number[view.last <= view.first] = -1
    inner: list[int] = []
    outer: list[int] = []
    for own, parent in zip(number.tolist(), view.parents.tolist(), strict=True):
        if parent < 0:
            inner.append(own)
            outer.append(own)
        else:
            inner.append(own if own >= 0 else inner[parent])
            outer.append(outer[parent] if outer[parent] >= 0 else own)
    return np.array(inner), np.array(outer)


def heading_features(
    view: View, heading: NDArray[np.bool_], text_score: Floats, topic: Floats, depth: Floats
) -> Columns:
    """Return what the heading before each block says, how far back it stands, and whether one element holds both.

    Args:
        view: the page.
        heading: whether each block is a heading.
        text_score: what the words of each block's text say.
        topic: share of words that the page's title or description has.
        depth: depth of each element.
    """
    index = np.arange(len(heading))
    last = np.maximum.accumulate(np.where(heading, index, -1))
    above = np.concatenate(([-1], last[:-1]))  # of a heading, the one before
    at = np.maximum(above, 0)
    behind = np.concatenate(([0.0], np.cumsum(view.words)))
    level = np.array([b.level for b in view.blocks], dtype=np.float32)
    rows = np.stack(
        [
            text_score[at],
            topic[at],
            level[at],
            np.minimum(index - at, _FAR),
            behind[:-1] - behind[at + 1],
            view.last[np.maximum(view.parents[view.own[at]], 0)] >= index,
            depth[view.own] - depth[view.own[at]],
        ]
    )
    rows[:, above < 0] = _NONE
    return dict(zip(_OF_HEADING, rows, strict=True))


_OF_HEADING = ("head_score", "head_topic", "head_level", "head_since", "head_words", "head_holds", "head_depth")
_NONE = -9.0
"""Where no heading stands before a block."""


def from_block(view: View, depth: Floats, at: int, name: str) -> Columns:
    """Return how many levels lie from a block, and from each block, up to the innermost element that holds both."""
    chain: list[int] = []
    row = int(view.own[at])
    own = depth[row]
    while row >= 0:
        chain.append(row)
        row = int(view.parents[row])
    shared = np.zeros(len(view.own), dtype=np.float32)
    for row in reversed(chain):
        shared[view.first[row] : view.last[row] + 1] = depth[row]
    return {f"{name}_up": own - shared, f"{name}_down": depth[view.own] - shared}
