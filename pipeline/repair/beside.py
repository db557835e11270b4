"""What must stand beside the words from which a phrase hangs, for the phrase to stand there.

Classes of nouns hang phrases from words that are frequent on the pages that we read: `<head> <disease>$` from every
disease. Most such places are told from a match by the word before, the word behind or the mark behind, which is a
tenth of the work of a regular expression.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from pipeline.repair.anchors import Anchored, images_of
from pipeline.repair.phrase import Part, Phrase

NUMBER = "#"
"""Stands in a set of words for every number in figures."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "many", NUMBER)
_OPENING = frozenset(".!?…:;'\")]}\n\t•–—")
"""Characters one of which stands before the blank before a sentence, line or cell."""
_CLOSING = frozenset("\"')]”».!?…;:\n\t")
"""Characters one of which stands behind the last word of one."""


class Beside(msgspec.Struct, frozen=True, array_like=True):
    """What must stand beside words from which a phrase hangs.

    Attributes:
        before: words one of which stands before them; None: any.
        after: words one of which stands behind them.
        exact: how the first of them is written in its own case, of an entry that tells it.
        opens: whether a sentence, line or cell begins with them.
        closes: whether one ends with them.
    """

    before: frozenset[str] | None = None
    after: frozenset[str] | None = None
    exact: tuple[str, ...] | None = None
    opens: bool = False
    closes: bool = False

    def words_fit(self, tokens: Sequence[str], place: int, size: int) -> bool:
        """Say whether the words beside `size` tokens from number `place` on are such as must be."""
        if self.before is not None and not (place and _among(tokens[place - 1], self.before)):
            return False
        end = place + size
        return self.after is None or (end < len(tokens) and _among(tokens[end], self.after))

    def marks_fit(self, text: str, low: str, start: int, stop: int) -> bool:
        """Say whether the characters beside offsets of a text, and the case of the first, are such as must be."""
        if self.exact is not None and not text.startswith(self.exact, start):
            return False
        if self.closes and stop < len(low) and low[stop] not in _CLOSING:
            return False
        return not (self.opens and start > 1 and low[start - 1] == " " and low[start - 2] not in _OPENING)


ANYTHING = Beside()


def _among(token: str, words: frozenset[str]) -> bool:
    return token in words or (NUMBER in words and token.isdecimal())


def beside(phrase: Phrase, slots: Mapping[str, Sequence[str]], found: Anchored, *, case: bool) -> Beside:
    """Return what must stand beside the runs of a phrase.

    >>> from pipeline.repair.anchors import anchored
    >>> from pipeline.repair.phrase import parse
    >>> phrase = parse("^grow <number> (long) years$")
    >>> own = beside(phrase, {}, anchored(phrase, {}), case=False)
    >>> own.before is None, own.opens, "two" in own.after, "years" in own.after
    (True, True, True, False)
    """
    if not found.runs:
        return ANYTHING
    first, last = phrase.parts[found.first], phrase.parts[found.last]
    begins = not any(image.startswith(" ") for image in images_of(first, slots) or " ")
    ends = not any(image.endswith(" ") for image in images_of(last, slots) or " ")
    written = case and not (first.slot or first.mark) and all(map(str.isalnum, first.words))
    return Beside(
        before=_words(reversed(phrase.parts[: found.first]), slots, -1) if begins else None,
        after=_words(_apart(phrase.parts[found.last + 1 :]), slots, 0) if ends else None,
        exact=first.words if written else None,
        opens=phrase.at_start and begins and not found.first,
        closes=phrase.at_end and ends and found.last == len(phrase.parts) - 1,
    )


def inside(whole: Beside, tokens: Sequence[str], begin: int, size: int) -> Beside:
    """Return what must stand beside `size` words of a run from number `begin` on, `whole` beside all of it."""
    end = begin + size
    if not begin and end == len(tokens):
        return whole
    left, right = not begin, end == len(tokens)
    return Beside(
        before=whole.before if left else frozenset(tokens[begin - 1 : begin]),
        after=whole.after if right else frozenset(tokens[end : end + 1]),
        exact=whole.exact if left else None,
        opens=whole.opens and left,
        closes=whole.closes and right,
    )


def either(own: Sequence[Beside]) -> Beside:
    """Return what must stand beside words that are part of several runs."""
    first = own[0]
    if len(own) == 1 or own.count(first) == len(own):
        return first
    exact = [one.exact for one in own if one.exact is not None]
    return Beside(
        before=_union([one.before for one in own]),
        after=_union([one.after for one in own]),
        exact=exact[0] if len(exact) == len(own) and exact.count(exact[0]) == len(own) else None,
        opens=all(one.opens for one in own),
        closes=all(one.closes for one in own),
    )


def _union(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    told = [words for words in sets if words is not None]
    return frozenset().union(*told) if len(told) == len(sets) else None


def _apart(parts: Sequence[Part]) -> Iterator[Part | None]:
    """Yield parts, None for one to which the next may be glued."""
    for number, part in enumerate(parts):
        follows = parts[number + 1] if number + 1 < len(parts) else None
        yield None if follows is not None and follows.glued else part


def _words(parts: Iterable[Part | None], slots: Mapping[str, Sequence[str]], edge: int) -> frozenset[str] | None:
    """Return the words of which one stands next, None where any may: the edge of each part up to one that must be."""
    words: set[str] = set()
    for part in parts:
        if part is None or part.glued:
            return None
        images = images_of(part, slots)
        if images is None:
            if part.kind != "number":
                return None
            images = list(_NUMBERS)
        words.update(image.split(" ")[edge] for image in images)
        if not part.optional:
            return frozenset(words)
    return None
