"""Which phrases could stand where in a text: a table of word pairs, then of the words beside them.

Any text that a phrase matches holds one of its runs of fixed words (`anchors`). Each run hangs from its rarest pair
of neighbours, together with the word before or behind that pair where it has more than two; a run of one word hangs
from that. A text is cut into words once, and the table is asked for every pair (of a short text, in a loop that runs in
C) or for those that `pair_filter` lets through (of a long one), and for the word beside it at the few places that it
finds. Only there is the phrase itself looked for. docs/decisions says what was measured beside Aho-Corasick automata.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import accumulate, chain, compress, count, pairwise
from typing import TYPE_CHECKING

import msgspec

from pipeline.repair.anchors import anchored, rarest, tokens_of
from pipeline.repair.beside import ANYTHING, Beside, beside, either, inside
from pipeline.repair.entry import Entry
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.phrase import Phrase, parse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.repair.pair_filter import PairFilter

PLACES = 256
"""A phrase's code is its entry's number times this plus its place among the entry's phrases."""


class Table(msgspec.Struct, array_like=True):
    """The index as it is stored. Words are given by number, phrases by code and what must stand beside.

    Attributes:
        words: all words of pairs.
        pairs: numbers of the words of each pair, first word then second, and so on.
        pair_codes: the phrases of the runs that are each pair and no more.
        triples: numbers of the words of each three neighbours that begin or end with a pair.
        triple_codes: the phrases of the runs that hold them.
        single: words that are runs of their own.
        single_codes: their phrases.
        beside: what must stand beside words for a phrase that hangs from them, each but once; first: anything may.
    """

    words: list[str]
    pairs: list[int]
    pair_codes: list[tuple[int, ...]]
    triples: list[int]
    triple_codes: list[tuple[int, ...]]
    single: list[str]
    single_codes: list[tuple[int, ...]]
    beside: list[msgspec.Raw]


Hit = tuple[int, int, int]
"""Code of a phrase, and the offsets of the first and behind the last of the words that it hangs from."""
_BESIDE = 1 << 32
"""What stands in front of a phrase's code: this times the place of what must stand beside in `Table.beside`."""
_Hanging = tuple[int, int, Sequence[int]]
"""Number of a token, how many tokens from it on, and the codes that hang from these."""


class Triggers:
    """The index in memory."""

    def __init__(self, table: Table) -> None:
        word = table.words.__getitem__
        pairs = list(map(word, table.pairs))
        triples = list(map(word, table.triples))
        self._pairs = dict(zip(zip(pairs[::2], pairs[1::2], strict=True), table.pair_codes, strict=True))
        keys = zip(triples[::3], triples[1::3], triples[2::3], strict=True)
        self._triples = dict(zip(keys, table.triple_codes, strict=True))
        self._singles = dict(zip(table.single, table.single_codes, strict=True))
        self._alone = frozenset(self._singles)
        self._encoded = table.beside
        self._besides: dict[int, Beside] = {}
        self._filter: Callable[[], PairFilter] = cache(partial(_filter, table))

    def hits(self, blanked: str, tokens: Sequence[str]) -> list[Hit]:
        """Return where words stand from which phrases hang, by code and offset.

        Args:
            blanked: the folded text as `tokens.blanked` shows it.
            tokens: that text split at each blank.
        """
        hanging, starts = self._hanging(blanked, tokens)
        return sorted(
            {(hung % _BESIDE, start, stop) for own, start, stop in _spans(hanging, tokens, starts) for hung in own}
        )

    def places(self, paragraph: Paragraph) -> list[Hit]:
        """Return where phrases may stand in a text: the hits beside which stands what must."""
        tokens, text, low = paragraph.tokens, paragraph.text, paragraph.low
        hanging, starts = self._hanging(paragraph.blanked, tokens)
        standing = [
            (place, size, left)
            for place, size, own in hanging
            if (left := [n for n in own if n < _BESIDE or self._beside(n).words_fit(tokens, place, size)])
        ]
        return sorted(
            {
                (hung % _BESIDE, start, stop)
                for own, start, stop in _spans(standing, tokens, starts)
                for hung in own
                if hung < _BESIDE or self._beside(hung).marks_fit(text, low, start, stop)
            }
        )

    def _beside(self, hung: int) -> Beside:
        number = hung // _BESIDE
        own = self._besides.get(number)
        if own is None:
            own = self._besides[number] = msgspec.msgpack.decode(self._encoded[number], type=Beside)
        return own

    def _hanging(
        self, blanked: str, tokens: Sequence[str]
    ) -> "tuple[list[_Hanging], Sequence[int] | NDArray[np.intp] | None]":
        """Return where words stand from which phrases hang, by token, and where tokens begin if that is known."""
        starts: Sequence[int] | NDArray[np.intp] | None = None
        if len(tokens) > FILTERED:
            pairs: Iterable[int]
            singles: Iterable[int]
            pairs, singles, starts = self._filter().look(blanked)
        else:
            pairs = compress(count(), map(self._pairs.__contains__, pairwise(tokens)))
            found = not self._alone.isdisjoint(tokens)
            singles = compress(count(), map(self._singles.__contains__, tokens)) if found else ()
        hanging = self._pairs_at(pairs, tokens)
        hanging += [(place, 1, codes) for place in singles if (codes := self._singles.get(tokens[place], ()))]
        return hanging, starts

    def _pairs_at(self, places: Iterable[int], tokens: Sequence[str]) -> list[_Hanging]:
        pairs, triples = self._pairs, self._triples
        last = len(tokens) - 2
        hanging: list[_Hanging] = []
        for place in places:
            first, second = tokens[place], tokens[place + 1]
            codes = pairs.get((first, second))
            if codes is None:
                continue
            if codes:
                hanging.append((place, 2, codes))
            if place and (codes := triples.get((tokens[place - 1], first, second), ())):
                hanging.append((place - 1, 3, codes))
            if place < last and (codes := triples.get((first, second, tokens[place + 2]), ())):
                hanging.append((place, 3, codes))
        return hanging


def _filter(table: Table) -> "PairFilter":
    from pipeline.repair.pair_filter import PairFilter  # numpy, which short texts do not need

    firsts, seconds = table.pairs[::2], table.pairs[1::2]
    alone = [pair for *pair, codes in zip(firsts, seconds, table.pair_codes, strict=True) if codes]
    return PairFilter(table.words, list(chain.from_iterable(alone)), table.triples, table.single)


def _spans(
    hanging: Sequence[_Hanging], tokens: Sequence[str], starts: "Sequence[int] | NDArray[np.intp] | None"
) -> Iterator[tuple[Sequence[int], int, int]]:
    """Give the offsets of tokens in the text: those of the words, empty tokens at the edges left out."""
    if starts is None and len(hanging) > _FEW:
        starts = [end + number for number, end in enumerate(accumulate(map(len, tokens), initial=0))]
    for place, size, codes in hanging:
        start = place + sum(map(len, tokens[:place])) if starts is None else int(starts[place])
        yield codes, start, start + size - 1 + sum(map(len, tokens[place : place + size]))


FILTERED = 250
"""Tokens from which the filter, whose look takes 20 µs at least, is faster than asking the table for each pair."""
_FEW = 4
"""Tokens up to which it is cheaper to add up the lengths before each than to do so once for all."""


_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


def table(entries: Iterable[Entry]) -> Table:
    """Index the phrases of the entries, numbered in their order."""
    single: dict[str, list[int]] = {}
    pairs: dict[tuple[str, ...], list[int]] = {}
    triples: dict[tuple[str, ...], list[int]] = {}
    besides = {ANYTHING: 0}
    for number, entry in enumerate(entries):
        for place, text in enumerate(entry.matches[:PLACES]):
            for (pair, words), needed in _hangings(parse(text), entry).items():
                hung = number * PLACES + place + besides.setdefault(needed, len(besides)) * _BESIDE
                if not pair:
                    single.setdefault(words[0], []).append(hung)
                    continue
                own = pairs.setdefault(pair, [])
                (own if words == pair else triples.setdefault(words, [])).append(hung)
    numbers: dict[str, int] = {}
    return Table(
        pairs=[numbers.setdefault(word, len(numbers)) for pair in pairs for word in pair],
        pair_codes=list(map(tuple, pairs.values())),
        triples=[numbers.setdefault(word, len(numbers)) for triple in triples for word in triple],
        triple_codes=list(map(tuple, triples.values())),
        words=list(numbers),
        single=list(single),
        single_codes=list(map(tuple, single.values())),
        beside=[msgspec.Raw(_ENCODER.encode(own)) for own in besides],
    )


def _hangings(phrase: Phrase, entry: Entry) -> dict[tuple[tuple[str, ...], tuple[str, ...]], Beside]:
    """Return from which pair, and which words around it, a phrase hangs, and what must stand beside these."""
    found = anchored(phrase, entry.slots)
    whole = beside(phrase, entry.slots, found, case=entry.case)
    hangings: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Beside]] = {}
    for run in found.runs:
        tokens = tokens_of(run)
        pair, words, begin = _hung(tokens)
        hangings.setdefault((pair, words), []).append(inside(whole, tokens, begin, len(words)))
    return {hung: either(own) for hung, own in hangings.items()}


def _hung(tokens: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return a run's rarest pair, the words from which it hangs, the pair and its neighbour, and where these begin.

    The neighbour is the word before, or behind where none is before. Punctuation inside a run makes empty words.

    >>> _hung(["before", "to"])
    (('before', 'to'), ('before', 'to'), 0)
    >>> _hung(["put", "the", "diagnosis"])
    (('the', 'diagnosis'), ('put', 'the', 'diagnosis'), 0)
    >>> _hung(["ridge"])
    ((), ('ridge',), 0)
    """
    if len(tokens) == 1:
        return (), (tokens[0],), 0
    place = rarest(tokens)
    begin = max(0, place - 1)
    return tuple(tokens[place : place + 2]), tuple(tokens[begin : begin + 3]), begin


def build(entries: Iterable[Entry]) -> Triggers:
    """Index the phrases of the entries in memory."""
    return Triggers(table(entries))
