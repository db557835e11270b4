"""Where pairs of words of a table may stand in a long text: told by numbers, without touching a word.

A word's number is made of its first eight bytes and its length, which are read for all words of a text at once; a
pair's number says which place of a small map of yes and no is asked. Words that share their first eight bytes and
their length look alike here, and pairs may share a place of the map, so that what is found is asked again by word;
what is not found stands nowhere.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

_Numbers: TypeAlias = NDArray[np.uint64]
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)
"""What is kept of eight bytes, by the length of the word that begins with them."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without pattern (the golden ratio's): the upper bits of a product with it hang on all bits."""
_ROOM = 32
"""Places of the map for each pair: one in as many is taken, and one in as many pairs of a text asked in vain."""


class Looked(NamedTuple):
    """What one look at a text told.

    Attributes:
        pairs: numbers of the tokens with which a pair of the table may begin that is looked for alone or together
            with the token before or behind it, where that stands there.
        singles: numbers of the tokens that may be a word that is looked for alone.
        starts: offset of each token in characters.
    """

    pairs: list[int]
    singles: list[int]
    starts: NDArray[np.intp]


class PairFilter:
    """Maps of the pairs and triples of words that a table holds, and of the words that are looked for alone."""

    def __init__(
        self, words: Sequence[str], pairs: Sequence[int], triples: Sequence[int], singles: Sequence[str]
    ) -> None:
        """Make the maps.

        Args:
            words: the words, which hold no blank.
            pairs: numbers of the words of each pair that is looked for, first word then second, and so on.
            triples: numbers of the words of each three that are looked for.
            singles: words that are looked for alone.
        """
        of = _numbers(*_cut(" ".join(words))) if words else _NONE
        pair, triple = of[np.array(pairs, dtype=np.intp)], of[np.array(triples, dtype=np.intp)]
        self._pairs = _Map(_joined(pair[::2], pair[1::2]))
        self._triples = _Map(_joined(_joined(triple[::3], triple[1::3]), triple[2::3]))
        self._singles = _Map(_numbers(*_cut(" ".join(singles))) if singles else _NONE)

    def look(self, blanked: str) -> Looked:
        """Look at a text as `tokens.blanked` shows it; a token ends at each blank.

        >>> PairFilter(["before", "to"], [0, 1], [], ["eat"]).look("wash before to eat")[:2]
        ([1], [3])
        """
        data, starts, sizes = _cut(blanked)
        numbers = _numbers(data, starts, sizes)
        joined = _joined(numbers[:-1], numbers[1:])
        held = self._pairs.may_hold(joined)
        three = self._triples.may_hold(_joined(joined[:-1], numbers[2:]))
        held[:-1] |= three  # the pair is the first two of three
        held[1:] |= three  # or the last two
        singles = np.flatnonzero(self._singles.may_hold(numbers))
        if len(data) > len(blanked) + _BEHIND:  # letters of more than one byte
            more = np.cumsum((np.frombuffer(data, np.uint8) & 0xC0) == 0x80)
            starts = starts - more[starts]
        return Looked(np.flatnonzero(held).tolist(), singles.tolist(), starts)


class _Map:
    """A set of numbers that may say yes where it should say no, never the other way about."""

    def __init__(self, numbers: _Numbers) -> None:
        bits = max(_LEAST, (len(numbers) * _ROOM).bit_length())
        self._shift = np.uint64(64 - bits)
        self._held = np.zeros(1 << bits, dtype=np.bool_)
        self._held[(numbers >> self._shift).astype(np.intp)] = True

    def may_hold(self, numbers: _Numbers) -> NDArray[np.bool_]:
        """Say of each number whether the set may hold it."""
        return self._held[(numbers >> self._shift).astype(np.intp)]


_LEAST = 16
"""Bits of a place in the smallest map."""
_NONE = np.zeros(0, dtype=np.uint64)
_BEHIND = 9
"""Bytes put behind a text: a blank that ends its last word, and as many as are read at once."""


def _cut(blanked: str) -> tuple[bytes, NDArray[np.intp], NDArray[np.intp]]:
    """Return the bytes of a text, and offset and length in bytes of each token."""
    data = blanked.encode("utf-8", "surrogatepass") + b" " + bytes(_BEHIND - 1)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(" "))
    starts = np.concatenate((np.zeros(1, np.intp), ends[:-1] + 1))
    return data, starts, ends - starts


def _numbers(data: bytes, starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> _Numbers:
    """Return the number of each token, the same for the same token."""
    eights = np.ndarray(len(data) - 7, dtype="<u8", buffer=data, strides=(1,))
    own = (eights[starts] & _MASKS[np.minimum(sizes, 8)]) * _SPREAD + sizes.astype(np.uint64)
    return own * _SPREAD


def _joined(first: _Numbers, second: _Numbers) -> _Numbers:
    """Return the number of each pair."""
    return (first ^ (second >> np.uint64(32))) * _SPREAD
