"""How common a word is: English words by Zipf frequency. docs/lexicon.md says where the list comes from."""

import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

RARE = 2.0
"""Zipf frequency below which a word may be a piece of one, or two run together."""
WORDS = Path(__file__).parent / "words.bin"


@lru_cache(maxsize=1)
def zipf_frequencies() -> Mapping[str, float]:
    """Return the Zipf frequency (log10 of uses per thousand million words) of each word, in steps of 0.5 from 1.5.

    >>> zipf_frequencies()["health"] >= 5, "alth" in zipf_frequencies()
    (True, False)
    """
    return {word: frequency for frequency, words in _tiers() for word in words}


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the words that are common enough to be neither a piece of a word nor two run together."""
    return frozenset().union(*(words for frequency, words in _tiers() if frequency >= RARE))


def _tiers() -> Iterator[tuple[float, list[str]]]:
    for line in zlib.decompress(WORDS.read_bytes()).decode("ascii").split("\n"):
        tier, _, words = line.partition(" ")
        yield float(tier), words.split(" ")


def zipf(word: str) -> float:
    """Return the Zipf frequency of a word in lower case, 0 where the list does not hold it."""
    return zipf_frequencies().get(word, 0.0)
