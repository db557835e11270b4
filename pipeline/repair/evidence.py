"""How much of a page says that it is a translation: entries that fired, and markers.

Entries count one each. Markers count by their weight, and less on a long page: a clean text of some length holds a
few phrases that are rare in English, a translated page holds many. docs/decisions/26-page-evidence.md says what was
measured.
"""

from collections.abc import Mapping

UNIT = 300
"""Words up to which the markers of a page count in full; on a page of twice as many each counts half."""


def points(marks: Mapping[str, float], words: int) -> float:
    """Return what different markers count together on a page of so many words, in entries.

    >>> points({"marker.at-patients": 1.0, "marker.in-organism": 0.5}, 600)
    0.75
    """
    return sum(marks.values()) * min(1.0, UNIT / max(words, 1))
