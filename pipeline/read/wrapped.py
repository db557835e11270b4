"""Lines of a dump, and which of them were one paragraph before something broke it at a fixed width.

Only what is certain is joined. A break was forced where the next line's first word would have gone
beyond the width at which the lines around it end; the width is measured, for a run of lines without
blank ones or else for the document, and believed only where nearly all breaks within sentences keep
to it. Apart from that a line goes on where it cannot end: behind `the` or `of`, behind a hyphen, in an
open bracket, before a comma.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

NARROW: Final = 30
"""Narrowest width, in characters, that lines are broken at."""
WIDE: Final = 140
"""Widest; a longer line was not broken."""
PRINT: Final = 55
"""Narrowest width that is believed of three lines alone."""
SLACK: Final = 3
"""Characters by which lines may fall short of the width; not everything breaks lines as late as it can."""
TITLE: Final = 4
"""Words of the first of two lines in capitals that are one heading; menus have fewer."""
KEEPING: Final = 0.85
"""Share of breaks within sentences that must keep to a width."""

_LINE_END: Final = re.compile(r"\r\n?|\n")
_SENTENCE_END: Final = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_HYPHEN: Final = re.compile(r"[^\W\d_]-$")
_GOES_ON: Final = frozenset(
    "a an and are as because by for from his if into is its of or our than that the their these this was were which "
    "with your".split()
)
"""Words that end no line of an English text, unless the line was broken."""


class Row(NamedTuple):
    """A line that is not blank.

    Attributes:
        start: offset of its first character that is not white space.
        end: offset behind its last one.
        line: 1-based line number.
        indent: columns before it, a tab counting four.
        gap: blank lines before it.
        text: `source[start:end]`.
    """

    start: int
    end: int
    line: int
    indent: int
    gap: int
    text: str


def rows_of(source: str) -> list[Row]:
    """Return the lines of a text that are not blank."""
    return list(_rows(source))


def _rows(source: str) -> Iterator[Row]:
    start = gap = 0
    number = 1
    for end, following in _line_ends(source):
        line = source[start:end]
        if text := line.strip():
            lead = line[: len(line) - len(line.lstrip())]
            first = start + len(lead)
            yield Row(first, first + len(text), number, len(lead) + 3 * lead.count("\t"), gap, text)
            gap = 0
        else:
            gap += 1
        start = following
        number += 1


def _line_ends(source: str) -> Iterator[tuple[int, int]]:
    for found in _LINE_END.finditer(source):
        yield found.span()
    yield len(source), len(source)


class Widths:
    """The widths at which the lines of a document are broken."""

    def __init__(self, rows: Sequence[Row], starts: Sequence[bool]) -> None:
        """Measure them.

        Args:
            rows: the lines.
            starts: for each line whether a block must begin there (a bullet, a heading, …).
        """
        self._rows = rows
        pairs = [i for i in range(len(rows) - 1) if not rows[i + 1].gap and not starts[i + 1]]
        self._whole = _width([(rows[i], rows[i + 1]) for i in pairs])
        self._spaced = sum(row.gap > 0 for row in rows) * 4 > len(rows)
        self._local = dict(self._runs(pairs))

    def _runs(self, pairs: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the index of each line in a run of broken lines, with the width of the run."""
        first = 0
        for place, index in enumerate(pairs):
            if place + 1 < len(pairs) and pairs[place + 1] == index + 1:
                continue
            run = pairs[first : place + 1]
            first = place + 1
            if len(run) > 1 and (width := _width([(self._rows[i], self._rows[i + 1]) for i in run])):
                yield from ((i, width) for i in run)

    def _is_title(self, index: int) -> bool:
        """Whether a line and the next, between blank lines, are one heading in capitals, broken for its looks."""
        row, following = self._rows[index], self._rows[index + 1]
        alone = (row.gap or not index) and (index + 2 == len(self._rows) or self._rows[index + 2].gap)
        if not alone or not row.text.isupper() or not following.text.isupper() or _ends(row.text):
            return False
        return len(row.text) <= WIDE and row.text.count(" ") + 1 >= TITLE and following.indent <= row.indent + 1

    def joins(self, index: int, *, item: bool = False) -> bool:
        """Whether line `index + 1` goes on with what line `index` says; `item`: of a list item."""
        row, following = self._rows[index], self._rows[index + 1]
        if following.gap or (following.indent > row.indent + 1 and not item):
            return False
        if _goes_on(row.text, following.text) or self._is_title(index):
            return True
        width = self._local.get(index) or self._whole
        if not width or not _forced(row, following, width):
            return False
        return self._spaced or not _ends(row.text) or not following.text[0].isupper()


def _goes_on(text: str, following: str) -> bool:
    """Whether a line cannot be the last of its paragraph, whatever its length."""
    first = following[0]
    if first in ",;)!?" or (first == "." and following[1:2] in ("", " ")):
        return True
    last = text[-30:].rsplit(None, 1)[-1]
    if _HYPHEN.search(last) is not None:
        return first.islower()
    if last in _GOES_ON and text.count(" ", -200) >= 3:
        return first.isalnum()
    open_bracket = text.rfind("(", -200)
    return first.islower() and open_bracket >= 0 and ")" not in text[open_bracket:] and ")" in following[:200]


def _forced(row: Row, following: Row, width: int) -> bool:
    word = following.text[: width + 1].split(None, 1)[0]
    return len(row.text) + row.indent + 1 + len(word) > width - SLACK


def _ends(text: str) -> bool:
    return _SENTENCE_END.search(text[-5:]) is not None


def _width(pairs: Sequence[tuple[Row, Row]]) -> int:
    """Return the width that the lines keep to, 0 where they keep to none."""
    within = [(a, b) for a, b in pairs if len(a.text) <= WIDE and b.text[0].islower() and not _ends(a.text)]
    few = len(within) < 3
    if (few and (len(within) < 2 or len(pairs) > 2)) or sum(a.text[-1] == "," for a, _ in within) * 3 > 2 * len(within):
        return 0
    lengths = sorted(len(a.text) + a.indent for a, _ in within)
    width = lengths[(9 * len(lengths)) // 10] if len(lengths) >= 10 else lengths[-1]
    kept = sum(_forced(a, b, width) for a, b in within)
    return width if width >= (PRINT if few else NARROW) and kept >= KEEPING * len(within) else 0
