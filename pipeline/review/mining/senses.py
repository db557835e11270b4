"""Other senses of the source words that a word may stand for, and which of them fits where it stands."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.repair.word_list import zipf
from pipeline.review.mining.background import Background
from pipeline.review.mining.dictionary import Dictionary
from pipeline.review.mining.features import Surroundings, neighbour_fits
from pipeline.review.mining.words import counted, fold_word

_MOST_SOURCES = 14
_MOST_RENDERINGS = 40
LEAST = 3
"""Uses in clean medical text that a replacement must have."""
MERITS = (
    "gain", "fit", "page", "medical", "excess", "rank_here", "rank_there", "ways", "neighbours", "known_neighbours",
    "words", "zipf",
)  # fmt: skip
"""What speaks for a replacement; see `merits`."""


def alternatives(word: str, dictionary: Dictionary) -> dict[str, list[tuple[int, int, str]]]:
    """Return the other renderings of the source words of a word.

    Returns:
        For each rendering the ways to it, the shortest first: rank of the word among the renderings of the
        source word, rank of the rendering, and the source word.
    """
    found: dict[str, list[tuple[int, int, str]]] = {}
    for here, source in dictionary.sources(word)[:_MOST_SOURCES]:
        for rendering in dictionary.renderings(source)[:_MOST_RENDERINGS]:
            if fold_word(rendering.english) != word:
                found.setdefault(rendering.english, []).append((here, rendering.rank, source))
    for ways in found.values():
        ways.sort()
    return found


def of_source_term(word: str, source: str, dictionary: Dictionary) -> dict[str, list[tuple[int, int, str]]]:
    """Return the renderings of a source term that a person picked, as `alternatives`."""
    here = min((rank for rank, term in dictionary.sources(word) if term == source), default=0)
    found = dictionary.renderings(source)[: 2 * _MOST_RENDERINGS]
    return {one.english: [(here, one.rank, source)] for one in found if fold_word(one.english) != word}


def head(term: str) -> str:
    """Return the word of a term that is looked up: the last that tells a subject, folded."""
    parts = [fold_word(part) for part in term.split()]
    return next((part for part in reversed(parts) if counted(part)), parts[-1] if parts else term)


Floats64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Renderings:
    """Replacements of a word with what is known of them apart from a page, a row each.

    Attributes:
        terms: the replacements, sorted.
        sources: the source term by which each is reached on the shortest way.
        cores: the word of each that is looked up.
        rows: numbers of the vectors of the cores, -1 where unknown.
        known: columns medical frequency, excess (negative), ranks of both steps and number of ways (logarithms).
        usable: which are in use in clean medical text.
    """

    terms: tuple[str, ...]
    sources: tuple[tuple[str, ...], ...]
    cores: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    known: Floats64
    usable: npt.NDArray[np.bool_]


class Senses:
    """The other senses of source words, by one dictionary; what does not depend on a page is kept."""

    def __init__(self, background: Background, dictionary: Dictionary) -> None:
        self.background = background
        self.dictionary = dictionary
        self._kept: dict[str, Renderings] = {}

    def of(self, word: str) -> Renderings:
        """Return the replacements of a word, its source word unknown."""
        found = self._kept.get(word)
        if found is None:
            found = self._kept[word] = self.renderings(alternatives(word, self.dictionary))
        return found

    def of_source(self, word: str, source: str) -> Renderings:
        """Return the replacements of a word whose source term a person picked."""
        return self.renderings(of_source_term(word, source, self.dictionary))

    def renderings(self, found: dict[str, list[tuple[int, int, str]]]) -> Renderings:
        """Return replacements with what is known of them."""
        terms = tuple(sorted(found))
        cores = tuple(head(term) for term in terms)
        known = [
            (
                self.background.medical_zipf(core),
                -self.background.excess(core),
                -math.log(1 + found[term][0][0]),
                -math.log(1 + found[term][0][1]),
                math.log(len(found[term])),
            )
            for term, core in zip(terms, cores, strict=True)
        ]
        return Renderings(
            terms,
            tuple(tuple(way[2] for way in found[term]) for term in terms),
            cores,
            np.array([self.background.number(core) for core in cores], dtype=np.int64),
            np.array(known, dtype=np.float64).reshape(len(terms), 5),
            np.array([self.background.count(core) >= LEAST for core in cores], dtype=np.bool_),
        )

    def _quick(self, word: str, found: Renderings, around: Surroundings) -> Floats64:
        """Return the merits that need no look at neighbours: the first eight of `MERITS`."""
        known = found.rows >= 0
        vectors = self.background.vectors[np.maximum(found.rows, 0)]
        zero = np.zeros(len(found.terms))
        local = np.where(known, vectors @ around.local, 0.0) if around.local is not None else zero
        page = np.where(known, vectors @ around.page, 0.0) if around.page is not None else zero
        before = self.background.fit(word, around.local) or 0.0
        return np.column_stack([local - before, local, page, found.known])

    def merits(self, word: str, found: Renderings, around: Surroundings) -> Floats64:
        """Return what speaks for each replacement, columns as `MERITS`."""
        rest = np.zeros((len(found.terms), 4))
        for number, core in enumerate(found.cores):
            fits = neighbour_fits(core, around, self.background)
            rest[number] = (
                sum(fits) / len(fits) if fits else 0.0,
                sum(fit > 0 for fit in fits) / len(fits) if fits else 0.0,
                len(found.terms[number].split()) - 1,
                zipf(core),
            )
        return np.column_stack([self._quick(word, found, around), rest])

    def pivot(self, word: str, around: Surroundings) -> list[float]:
        """Return what the best replacement would gain: fit, medical frequency, fit itself, and whether there is any."""
        found = self.of(word)
        if not found.usable.any():
            return [0.0, 0.0, 0.0, 0.0]
        quick = self._quick(word, found, around)
        best = int(np.argmax(np.where(found.usable, quick @ np.array(_WORTH), -np.inf)))
        own = self.background.medical_zipf(word)
        return [float(quick[best, 0]), float(quick[best, 3]) - own, float(quick[best, 1]), 1.0]


_WORTH = (3.0, 0.0, 1.0, 0.0, 0.5, 0.3, 0.3, 0.0)
"""How much each of the first merits counts where one replacement is chosen to speak for a word."""
