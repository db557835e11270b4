"""How much of a page says that it is a translation: entries that fired, and markers.

Entries count one each. Markers count by their weight, and less on a long page: a clean text of some length holds a
few phrases that are rare in English, a translated page holds many. docs/decisions/26-page-evidence.md says what was
measured.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

UNIT = 300
"""Words up to which the markers of a page count in full; on a page of twice as many each counts half."""


Span = tuple[int | None, int, int]
"""A block, and the offsets of what stands in it."""


def owned(marks: Mapping[str, Iterable[Span]], own: Iterable[Span]) -> frozenset[str]:
    """Return the markers that stand nowhere but in the spans of an entry: its own phrase is no evidence for it.

    >>> owned({"marker.a": [(0, 4, 9)], "marker.b": [(0, 4, 9), (1, 0, 5)]}, [(0, 0, 9)]) == {"marker.a"}
    True
    """
    joined = _joined(own)
    return frozenset(name for name, places in marks.items() if all(_touched(place, joined) for place in places))


def _joined(spans: Iterable[Span]) -> dict[int | None, list[tuple[int, int]]]:
    """Return by block what spans cover, in order and apart, so that the nearest is enough to ask."""
    joined: dict[int | None, list[tuple[int, int]]] = {}
    for block, start, end in sorted(set(spans), key=lambda span: span[1:]):
        covered = joined.setdefault(block, [])
        if covered and start <= covered[-1][1]:
            start, end = covered[-1][0], max(end, covered[-1][1])
            covered.pop()
        covered.append((start, end))
    return joined


def _touched(place: Span, joined: Mapping[int | None, list[tuple[int, int]]]) -> bool:
    block, start, end = place
    covered = joined.get(block, [])
    before = bisect_left(covered, (end,))
    return before > 0 and covered[before - 1][1] > start


def points(marks: Mapping[str, float], words: int) -> float:
    """Return what different markers count together on a page of so many words, in entries.

    >>> points({"marker.at-patients": 1.0, "marker.in-organism": 0.5}, 600)
    0.75
    """
    return sum(marks.values()) * min(1.0, UNIT / max(words, 1))
