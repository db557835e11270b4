"""What clean medical English is like: how often each word, which words stand side by side, and in what company.

Counts alone, no sentence: docs/models/mining.md says from what. Medical frequency is counted; general
frequency is that of `pipeline.repair.word_list`.
"""

import math
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.repair.word_list import zipf

BACKGROUND = Path(__file__).parent / "background.npz"
_ADD = 0.5
"""Added to each count."""
_STEP = 8.0
"""Counts are stored as logarithms to base 2 times this."""

Floats = npt.NDArray[np.float32]


class Background:
    """The table.

    Args:
        words: the words, folded as `pipeline.review.mining.words` does.
        counts: how often each stands in clean medical text.
        total: words in it.
        vectors: a unit vector for each word, by the company that it keeps.
        pairs: hashes (`pair_hash`) of words that stand side by side, sorted.
        pair_counts: how often each pair does.
    """

    def __init__(
        self,
        words: Sequence[str],
        counts: npt.NDArray[np.float32],
        total: float,
        vectors: Floats,
        pairs: npt.NDArray[np.uint32],
        pair_counts: npt.NDArray[np.float32],
    ) -> None:
        self._words = words
        self._number = {word: number for number, word in enumerate(words)}
        self._counts = counts
        self._total = total
        self._weights = (1 / (3 + counts / total * 1e4)).astype(np.float32)
        self.vectors = vectors
        self._pairs = pairs
        self._pair_counts = pair_counts

    def number(self, word: str) -> int:
        """Return the row of a word's vector, -1 where it is unknown."""
        return self._number.get(word, -1)

    def count(self, word: str) -> float:
        """Return how often a word stands in clean medical text."""
        number = self._number.get(word)
        return 0.0 if number is None else float(self._counts[number])

    def medical_zipf(self, word: str) -> float:
        """Return the Zipf frequency of a word in clean medical text: log10 of uses per thousand million words."""
        return math.log10((self.count(word) + _ADD) / self._total * 1e9)

    def excess(self, word: str) -> float:
        """Return how much commoner a word is in general than in medical text, in powers of ten."""
        return max(zipf(word), 1.0) - self.medical_zipf(word)

    def pair_excess(self, first: str, second: str) -> float:
        """Return how much commoner two words are side by side than by chance, in powers of ten; below 0: rarer."""
        expected = (self.count(first) + _ADD) * (self.count(second) + _ADD) / self._total
        return math.log10((self.pair_count(first, second) + 0.1) / (expected + 0.1))

    def pair_count(self, first: str, second: str) -> float:
        """Return how often two words stand side by side in clean medical text."""
        wanted = np.uint32(pair_hash(first, second))
        place = int(np.searchsorted(self._pairs, wanted))
        found = place < len(self._pairs) and self._pairs[place] == wanted
        return float(self._pair_counts[place]) if found else 0.0

    def centre(self, company: Iterable[str]) -> Floats | None:
        """Return the unit vector of several words together, rare ones counting more; None where none is known."""
        rows = [number for word in company if (number := self.number(word)) >= 0]
        if not rows:
            return None
        mean: Floats = self._weights[rows] @ self.vectors[rows]
        length = float(np.linalg.norm(mean))
        return mean / length if length else None

    def nearest(self, word: str, most: int) -> list[str]:
        """Return the words that keep the most similar company, the nearest first."""
        number = self.number(word)
        if number < 0:
            return []
        likeness = self.vectors @ self.vectors[number]
        likeness[number] = -2
        most = min(most, len(likeness) - 1)
        first = np.argpartition(-likeness, most)[:most]
        return [self._words[n] for n in sorted(first.tolist(), key=lambda n: (-likeness[n], n))]

    def fit(self, word: str, centre: Floats | None) -> float | None:
        """Return the cosine of a word with a centre, None where either is unknown."""
        number = self.number(word)
        return None if number < 0 or centre is None else float(self.vectors[number] @ centre)


def pair_hash(first: str, second: str) -> int:
    """Return the hash of a pair: the CRC-32 of both words with a blank between."""
    return zlib.crc32(f"{first} {second}".encode())


@lru_cache(maxsize=1)
def load_background(path: Path = BACKGROUND) -> Background:
    """Return the table that ships."""
    with np.load(path) as stored:
        return Background(
            zlib.decompress(stored["words"].tobytes()).decode().split("\n"),
            _counts(stored["counts"]),
            float(stored["total"]),
            _unit(stored["vectors"]),
            np.cumsum(stored["pairs"], dtype=np.uint64).astype(np.uint32),
            _counts(stored["pair_counts"]),
        )


def save_background(
    path: Path,
    words: Sequence[str],
    counts: npt.NDArray[np.float32],
    total: float,
    vectors: Floats,
    pairs: npt.NDArray[np.uint32],
    pair_counts: npt.NDArray[np.float32],
) -> None:
    """Write a table in the form that ships: logarithms and vectors in 8 bits, hashes as differences."""
    scale = np.abs(vectors).max(axis=1, keepdims=True) + 1e-9
    order = np.argsort(pairs, kind="stable")
    np.savez_compressed(
        path,
        words=np.frombuffer(zlib.compress("\n".join(words).encode(), 9), dtype=np.uint8),
        counts=_logarithms(counts),
        total=np.float64(total),
        vectors=np.round(vectors / scale * 127).astype(np.int8),
        pairs=np.diff(pairs[order].astype(np.uint64), prepend=np.uint64(0)).astype(np.uint32),
        pair_counts=_logarithms(pair_counts[order]),
    )


def _logarithms(counts: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    return np.minimum(np.round(np.log2(counts + 1) * _STEP), 255).astype(np.uint8)


def _counts(stored: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    counts: Floats = (np.exp2(stored.astype(np.float32) / _STEP) - 1).astype(np.float32)
    return counts


def _unit(stored: npt.NDArray[np.int8]) -> Floats:
    vectors = stored.astype(np.float32)
    unit: Floats = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return unit
