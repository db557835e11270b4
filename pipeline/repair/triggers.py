"""Which entries could have something to mend in a text: an automaton over words.

The text is read once, word by word; each word becomes a number, and an Aho-Corasick automaton over
those numbers finds every run of words from which a phrase hangs. Words that no phrase holds become
0. Only phrases found so are looked at by anything costlier.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from pipeline.repair.entry import Entry
from pipeline.repair.phrase import anchors, parse

WORDS = re.compile(r"\w+")


class Triggers:
    """An index of phrases by the words that must stand in any text that they match."""

    def __init__(self, numbers: Mapping[str, int], automaton: Any) -> None:
        self._number = numbers.get
        self._automaton = automaton

    def hits(self, words: Sequence[str]) -> set[tuple[int, int]]:
        """Return (entry, phrase) numbers of the phrases whose fixed words stand in a row in the text."""
        if self._automaton is None:
            return set()
        numbers = tuple(map(self._number, words, repeat(0)))
        found = self._automaton.iter(numbers)
        return {pair for _, pairs in found for pair in pairs}


def build(entries: Iterable[Entry]) -> Triggers:
    """Index the phrases of the entries, numbered in their order."""
    import ahocorasick

    numbers: dict[str, int] = {}
    runs: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for number, entry in enumerate(entries):
        for place, text in enumerate(entry.matches):
            for run in anchors(parse(text), entry.slots):
                key = tuple(numbers.setdefault(word, len(numbers) + 1) for word in run)
                runs.setdefault(key, []).append((number, place))
    automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY, ahocorasick.KEY_SEQUENCE)
    for key, pairs in runs.items():
        automaton.add_word(key, tuple(pairs))
    if not runs:
        return Triggers({}, None)
    automaton.make_automaton()
    return Triggers(numbers, automaton)
