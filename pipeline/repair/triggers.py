"""Which entries could have something to mend in a text: a table of word pairs.

Any text that a phrase matches holds one of its runs of fixed words, and of each run the index holds
one pair of neighbours (the rarest one), or the word where the run is a single one. A text is
cut into words once, and the table is asked for every pair; both loops run in C. Only phrases found so are looked at
by anything costlier. docs/decisions says what was measured beside Aho-Corasick automata.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.phrase import anchors, commonness, parse

WORDS = re.compile(r"\w+")
_MARKS = "“”„«»–—…•·"
_SPACED = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
PLACES = 256
"""A phrase's code is its entry's number times this plus its place among the entry's phrases."""


def words_of(low: str) -> list[str]:
    """Return the words of a folded text, as `WORDS.findall` does.

    Text in ASCII, typographic marks apart, is cut three times as fast by blanking out all that is no word.

    >>> words_of("the “knee’s” 2nd x_ray—twice".replace("’", "'"))
    ['the', 'knee', 's', '2nd', 'x_ray', 'twice']
    """
    if not low.isascii():
        plain = low
        for mark in _MARKS:
            plain = plain.replace(mark, " ")
        if not plain.isascii():
            return WORDS.findall(low)
        low = plain
    return low.translate(_SPACED).split()


class Table(msgspec.Struct, array_like=True):
    """The index as it is stored: words by number, pairs as two rows of word numbers, and codes of phrases.

    Attributes:
        words: all words of pairs.
        first: number of each pair's first word.
        second: number of each pair's second word.
        pair_codes: the codes of the phrases that hang from each pair.
        single: words that are runs of their own.
        single_codes: the codes of the phrases that hang from each.
    """

    words: list[str]
    first: list[int]
    second: list[int]
    pair_codes: list[tuple[int, ...]]
    single: list[str]
    single_codes: list[tuple[int, ...]]


class Triggers:
    """The index in memory."""

    def __init__(self, table: Table) -> None:
        word = table.words.__getitem__
        pairs = zip(map(word, table.first), map(word, table.second), strict=True)
        self._pairs = dict(zip(pairs, table.pair_codes, strict=True))
        self._singles = dict(zip(table.single, table.single_codes, strict=True))
        self._alone = frozenset(self._singles)

    def hits(self, words: Sequence[str], vocabulary: frozenset[str]) -> dict[int, set[str]]:
        """Return the codes of the phrases whose pair or word stands in the text, in order.

        With each come the pairs (joined by a blank) and words that were found.
        """
        found = set(filter(self._pairs.__contains__, pairwise(words)))
        codes: dict[int, set[str]] = {}
        for pair in found:
            for code in self._pairs[pair]:
                codes.setdefault(code, set()).add(" ".join(pair))
        for word in vocabulary & self._alone:
            for code in self._singles[word]:
                codes.setdefault(code, set()).add(word)
        return {code: codes[code] for code in sorted(codes)}


def table(entries: Iterable[Entry]) -> Table:
    """Index the phrases of the entries, numbered in their order."""
    pairs: dict[tuple[str, str], set[int]] = {}
    singles: dict[str, set[int]] = {}
    for number, entry in enumerate(entries):
        for place, text in enumerate(entry.matches[:PLACES]):
            code = number * PLACES + place
            for run in anchors(parse(text), entry.slots):
                match commonness(run)[1]:
                    case (first, second):
                        pairs.setdefault((first, second), set()).add(code)
                    case (word,):
                        singles.setdefault(word, set()).add(code)
    numbers: dict[str, int] = {}
    firsts = [numbers.setdefault(pair[0], len(numbers)) for pair in pairs]
    seconds = [numbers.setdefault(pair[1], len(numbers)) for pair in pairs]
    return Table(
        list(numbers),
        firsts,
        seconds,
        [tuple(sorted(codes)) for codes in pairs.values()],
        list(singles),
        [tuple(sorted(codes)) for codes in singles.values()],
    )


def build(entries: Iterable[Entry]) -> Triggers:
    """Index the phrases of the entries in memory."""
    return Triggers(table(entries))
