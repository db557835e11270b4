"""Which words a phrase is looked for by: the run of its fixed words that costs least to look for in English.

A run is the image of a stretch of parts: the words as `tokens.blanked` shows them, a blank on each side. Any text
that the phrase matches holds the image of one of its runs, and almost no other text does.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.repair.phrase import Part, Phrase, surfaces
from pipeline.repair.topic import learned_words
from pipeline.repair.word_list import zipf

LIMIT = 640
"""Runs that one stretch may have: the product of its parts' forms."""
_VERIFY = 10.0
"""What it costs to match the phrase where a run stands, in look-ups of a pair."""
_PUNCTUATION = 8.0
"""Zipf frequency of punctuation beside a blank, which looks like an empty word: one in eight."""
_AT_PUNCTUATION = 0.03
"""How often a word of a phrase has the punctuation beside it that the phrase has."""
_MEDICAL = 1.0
"""Zipf points by which words of medicine are more frequent on the pages that we read."""


def anchors(phrase: Phrase, slots: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the cheapest runs of a phrase, none where it has no fixed word.

    Optional parts inside a stretch are there or missing; a stretch neither begins nor ends with one.

    >>> from pipeline.repair.phrase import parse
    >>> anchors(parse("before to <verb>"), {})
    (' before to ',)
    >>> anchors(parse("put:s (the) diagnosis"), {})
    (' put diagnosis ', ' put the diagnosis ')
    """
    return anchored(phrase, slots).runs


class Anchored(NamedTuple):
    """The cheapest runs of a phrase, none where it has no fixed word, and the numbers of its first and last part."""

    runs: tuple[str, ...]
    first: int
    last: int


def anchored(phrase: Phrase, slots: Mapping[str, Sequence[str]]) -> Anchored:
    """Return the cheapest runs of a phrase and the stretch of which they are the image."""
    images = [images_of(part, slots) for part in phrase.parts]
    best = Anchored((), 0, -1)
    least = (float("inf"), 0)
    for start in range(len(images)):
        if phrase.parts[start].glued or phrase.parts[start].optional:
            continue
        for end, runs in _stretches(phrase.parts, images, start):
            price = (_price(runs, least[0]), start - end)  # of two as dear, the longer asks more
            if price < least:
                best, least = Anchored(tuple(sorted(set(runs))), start, end), price
    return best


def images_of(part: Part, slots: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return what a part may look like, None where that cannot be listed."""
    listed = surfaces(part, slots)
    return None if listed is None else sorted({_image(surface) for surface in listed})


def _image(surface: str) -> str:
    return "".join(c if c.isalnum() or c == "_" else " " for c in surface)


def _stretches(parts: Sequence[Part], images: Sequence[list[str] | None], start: int) -> list[tuple[int, list[str]]]:
    """Return every stretch from a part on: the number of its last part, and its runs."""
    found = []
    runs = [""]
    for end in range(start, len(parts)):
        part, own = parts[end], images[end]
        if own is None or len(runs) * (len(own) + part.optional) > LIMIT:
            break
        gap = "" if part.glued or end == start else " "
        longer = [f"{run}{gap}{image}" for run in runs for image in own]
        runs = runs + longer if part.optional else longer
        follows = parts[end + 1] if end + 1 < len(parts) else None
        if not part.optional and not (follows and follows.glued) and all(map(str.strip, longer)):
            found.append((end, [_edged(run) for run in runs]))
    return found


def _edged(run: str) -> str:
    """Return a run with the blank that stands before and behind any word."""
    return f"{'' if run[0] == ' ' else ' '}{run}{'' if run[-1] == ' ' else ' '}"


def tokens_of(run: str) -> list[str]:
    """Return a run's words, empty ones where punctuation stands between two.

    >>> tokens_of(" first  and ")
    ['first', '', 'and']
    """
    return run[1:-1].split(" ")


def rarest(tokens: Sequence[str]) -> int:
    """Return the place of the rarest pair of neighbours.

    >>> rarest(["put", "the", "diagnosis"])
    1
    """
    if len(tokens) == 2:
        return 0
    prices = list(map(_pair, tokens, tokens[1:]))
    return prices.index(min(prices))


def _price(runs: Sequence[str], least: float) -> float:
    """Return how much work it is to look for runs in a thousand million words, in look-ups of a pair.

    As soon as that is more than `least`, adding up ends.
    """
    expected = 0.0
    split = []
    for run in runs:
        tokens = tokens_of(run)
        expected += _expected(tokens)
        if _VERIFY * expected > least:
            return _VERIFY * expected
        split.append(tokens)
    pairs = {tuple(tokens[(place := rarest(tokens)) : place + 2]): None for tokens in split if len(tokens) > 1}
    return sum(_pair(*pair) for pair in pairs) + _VERIFY * expected


@lru_cache(maxsize=200_000)
def _pair(first: str, second: str) -> float:
    """Return how often two neighbours are to be expected, per thousand million words.

    From the words' own frequencies: neighbours of a phrase meet about a hundred times as often as by chance,
    and a word is at most in a fifth of its uses before or behind the same other.
    """
    one, two = _common(first), _common(second)
    return float(10 ** min(one + two - 7, one - 0.7, two - 0.7))


def _expected(tokens: Sequence[str]) -> float:
    """Return how often a run is to be expected: its rarest word, and how often the others stand beside that."""
    if len(tokens) == 1 and tokens[0]:
        return _often(tokens[0])[1]
    first, *others = sorted(map(_often, filter(None, tokens)))
    often = first[1] * _AT_PUNCTUATION ** tokens.count("")
    for other in others:
        often *= other[2]
    return often


@lru_cache(maxsize=100_000)
def _often(word: str) -> tuple[float, float, float]:
    """Return the Zipf frequency of a word, how often it is to be expected, and how often beside a rarer word."""
    common = _common(word)
    return common, float(10**common), float(min(0.3, 10 ** (common - 7)))


@lru_cache(maxsize=100_000)
def _common(word: str) -> float:
    """Return the Zipf frequency of a word on our pages; of no word, that of punctuation beside a blank."""
    return zipf(word) + (_MEDICAL if word in learned_words() else 0) if word else _PUNCTUATION
