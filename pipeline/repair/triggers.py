"""Which phrases could stand where in a text: a table of word pairs, then of the words beside them.

Any text that a phrase matches holds one of its runs of fixed words (`anchors`). Each run hangs from its rarest pair
of neighbours, together with the word before or behind that pair where it has more than two; a run of one word hangs
from that. A text is cut into words once, and the table is asked for every pair in a loop that runs in C; the few
places that it finds are compared with the run letter by letter. Only phrases found so are looked at by anything
costlier. docs/decisions says what was measured beside Aho-Corasick automata.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, compress, count, pairwise

import msgspec

from pipeline.repair.anchors import anchors, rarest, tokens_of
from pipeline.repair.entry import Entry
from pipeline.repair.phrase import parse
from pipeline.repair.tokens import words_of as words_of

PLACES = 256
"""A phrase's code is its entry's number times this plus its place among the entry's phrases."""


class Table(msgspec.Struct, array_like=True):
    """The index as it is stored. Words are given by number, and so are runs.

    Attributes:
        words: all words of pairs.
        pairs: numbers of the words of each pair, first word then second, and so on.
        pair_runs: the runs that are each pair and no more.
        triples: numbers of the words of each three neighbours that begin or end with a pair.
        triple_runs: the runs that hang from each.
        single: words that are runs of their own.
        single_runs: the runs that hang from each.
        runs: the image of each run.
        leads: offset in each run at which the words that it hangs from begin.
        codes: the codes of the phrases of each run.
        parts: of phrases whose run begins behind their first part: code and number of that part.
    """

    words: list[str]
    pairs: list[int]
    pair_runs: list[tuple[int, ...]]
    triples: list[int]
    triple_runs: list[tuple[int, ...]]
    single: list[str]
    single_runs: list[tuple[int, ...]]
    runs: list[str]
    leads: list[int]
    codes: list[tuple[int, ...]]
    parts: dict[int, int]


Hit = tuple[int, int, int]
"""Code of a phrase, and the offsets of one of its runs: the words with a blank on either side."""


class Triggers:
    """The index in memory."""

    def __init__(self, table: Table) -> None:
        word = table.words.__getitem__
        pairs = list(map(word, table.pairs))
        triples = list(map(word, table.triples))
        self._pairs = dict(zip(zip(pairs[::2], pairs[1::2], strict=True), table.pair_runs, strict=True))
        keys = zip(triples[::3], triples[1::3], triples[2::3], strict=True)
        self._triples = dict(zip(keys, table.triple_runs, strict=True))
        self._singles = dict(zip(table.single, table.single_runs, strict=True))
        self._alone = frozenset(self._singles)
        self._runs = table.runs
        self._leads = table.leads
        self._codes = table.codes
        self._parts = table.parts

    def part(self, code: int) -> int:
        """Return the number of the part at which the runs of a phrase begin."""
        return self._parts.get(code, 0)

    def hits(self, blanked: str, tokens: Sequence[str]) -> list[Hit]:
        """Return where runs stand in a text, by code and offset.

        Args:
            blanked: the folded text as `tokens.blanked` shows it.
            tokens: the same, split at each blank.
        """
        padded = f" {blanked} "
        found = self._of_pairs(padded, tokens)
        for word in self._alone.intersection(tokens):
            for run in self._singles[word]:
                found |= {(run, start) for start in _all(padded, self._runs[run])}
        return sorted(
            (code, start - 1, start - 1 + len(self._runs[run])) for run, start in found for code in self._codes[run]
        )

    def _of_pairs(self, padded: str, tokens: Sequence[str]) -> set[tuple[int, int]]:
        """Return the runs that hang from pairs, each with its offset in the padded text."""
        pairs, triples = self._pairs, self._triples
        last = len(tokens) - 2
        hanging: list[tuple[int, tuple[int, ...]]] = []  # number of a token, and runs that may stand from it on
        for place in compress(count(), map(pairs.__contains__, pairwise(tokens))):
            first, second = tokens[place], tokens[place + 1]
            if own := pairs[first, second]:
                hanging.append((place, own))
            if place and (own := triples.get((tokens[place - 1], first, second), ())):
                hanging.append((place - 1, own))
            if place < last and (own := triples.get((first, second, tokens[place + 2]), ())):
                hanging.append((place, own))
        found: set[tuple[int, int]] = set()
        for offset, numbers in _offsets(hanging, tokens):
            for run in numbers:
                start = offset - self._leads[run]
                if start >= 0 and padded.startswith(self._runs[run], start):
                    found.add((run, start))
        return found


def _offsets(
    hanging: Sequence[tuple[int, tuple[int, ...]]], tokens: Sequence[str]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Give the offset in the padded text for each number of a token."""
    if len(hanging) > _FEW:
        ends = list(accumulate(map(len, tokens), initial=0))
        for place, numbers in hanging:
            yield ends[place] + place + 1, numbers
    else:
        for place, numbers in hanging:
            yield sum(map(len, tokens[:place])) + place + 1, numbers


_FEW = 4
"""Tokens up to which it is cheaper to add up the lengths before each than to do so once for all."""


def _all(text: str, sought: str) -> Iterator[int]:
    """Yield every offset at which a string stands, those that share a blank included."""
    offset = text.find(sought)
    while offset >= 0:
        yield offset
        offset = text.find(sought, offset + len(sought) - 1)


def table(entries: Iterable[Entry]) -> Table:
    """Index the phrases of the entries, numbered in their order."""
    codes: dict[str, list[int]] = {}
    parts: dict[int, int] = {}
    for number, entry in enumerate(entries):
        for place, text in enumerate(entry.matches[:PLACES]):
            found = anchors(parse(text), entry.slots)
            if found is None:
                continue
            for run in found.runs:
                codes.setdefault(run, []).append(number * PLACES + place)
            if found.part:
                parts[number * PLACES + place] = found.part
    return _table(codes, parts)


def _table(codes: Mapping[str, list[int]], parts: dict[int, int]) -> Table:
    single: dict[str, list[int]] = {}
    pairs: dict[tuple[str, ...], list[int]] = {}
    triples: dict[tuple[str, ...], list[int]] = {}
    leads = []
    for number, run in enumerate(codes):
        pair, words, lead = _hung(run)
        leads.append(lead)
        if not pair:
            single.setdefault(words[0], []).append(number)
            continue
        hanging = pairs.setdefault(pair, [])
        (hanging if words == pair else triples.setdefault(words, [])).append(number)
    numbers: dict[str, int] = {}
    return Table(
        pairs=[numbers.setdefault(word, len(numbers)) for pair in pairs for word in pair],
        pair_runs=list(map(tuple, pairs.values())),
        triples=[numbers.setdefault(word, len(numbers)) for triple in triples for word in triple],
        triple_runs=list(map(tuple, triples.values())),
        words=list(numbers),
        single=list(single),
        single_runs=list(map(tuple, single.values())),
        runs=list(codes),
        leads=leads,
        codes=list(map(tuple, codes.values())),
        parts=parts,
    )


def _hung(run: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return a run's rarest pair, the words from which it hangs, and their offset in the run.

    That is the pair with the word before it, or behind it where none is before. Punctuation inside a run makes
    empty words.

    >>> _hung(" before to ")
    (('before', 'to'), ('before', 'to'), 1)
    >>> _hung(" put the diagnosis ")
    (('the', 'diagnosis'), ('put', 'the', 'diagnosis'), 1)
    >>> _hung(" ridge ")
    ((), ('ridge',), 1)
    """
    tokens = tokens_of(run)
    if len(tokens) == 1:
        return (), (tokens[0],), 1
    place = rarest(tokens)
    begin = max(0, place - 1)
    lead = 1 + sum(len(token) + 1 for token in tokens[:begin])
    return tuple(tokens[place : place + 2]), tuple(tokens[begin : begin + 3]), lead


def build(entries: Iterable[Entry]) -> Triggers:
    """Index the phrases of the entries in memory."""
    return Triggers(table(entries))
