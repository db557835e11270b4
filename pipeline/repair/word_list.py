"""How common a word is: English words by Zipf frequency. docs/lexicon.md says where the list comes from."""

import zlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from pathlib import Path

from pipeline.repair.watched import WATCHED

RARE = 2.0
"""Zipf frequency below which a word may be a piece of one, or two run together."""
WORDS = Path(__file__).parent / "words.bin"


@lru_cache(maxsize=1)
def zipf_frequencies() -> Mapping[str, float]:
    """Return the Zipf frequency (log10 of uses per thousand million words) of each word, in steps of 0.5 from 1.5.

    >>> zipf_frequencies()["health"] >= 5, "alth" in zipf_frequencies()
    (True, False)
    """
    frequencies: dict[str, float] = {}
    for frequency, words in _tiers():
        frequencies.update(dict.fromkeys(words, frequency))
    return frequencies


@lru_cache(maxsize=1)
def common_words() -> AbstractSet[str]:
    """Return the words that are common enough to be neither a piece of a word nor two run together.

    Words that finders watch for are left out; the empty string, which stands between two blanks, is one of them.
    """
    words = {""}.union(*(own for frequency, own in _tiers() if frequency >= RARE))
    words -= WATCHED
    return words


@lru_cache(maxsize=1)
def _tiers() -> tuple[tuple[float, list[str]], ...]:
    lines = zlib.decompress(WORDS.read_bytes()).decode("ascii").split("\n")
    return tuple((float(tier), words.split(" ")) for tier, _, words in (line.partition(" ") for line in lines))


def zipf(word: str) -> float:
    """Return the Zipf frequency of a word in lower case, 0 where the list does not hold it."""
    return zipf_frequencies().get(word, 0.0)
