"""Other senses of the source words that a word may stand for, and which of them fits where it stands."""

import math

import numpy as np

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


def merits(
    word: str, term: str, ways: list[tuple[int, int, str]], around: Surroundings, background: Background
) -> list[float]:
    """Return what speaks for a replacement as numbers, in the order of `MERITS`."""
    core = head(term)
    fits = neighbour_fits(core, around, background)
    return [
        *_quick(word, core, ways, around, background),
        float(np.mean(fits)) if fits else 0.0,
        float(np.mean([fit > 0 for fit in fits])) if fits else 0.0,
        float(len(term.split()) - 1),
        zipf(core),
    ]


def _quick(
    word: str, core: str, ways: list[tuple[int, int, str]], around: Surroundings, background: Background
) -> list[float]:
    """Return what needs no look at neighbours."""
    before, after = background.fit(word, around.local), background.fit(core, around.local)
    here, there, _ = ways[0]
    return [
        (after or 0.0) - (before or 0.0),
        after or 0.0,
        background.fit(core, around.page) or 0.0,
        background.medical_zipf(core),
        -background.excess(core),
        -math.log(1 + here),
        -math.log(1 + there),
        math.log(len(ways)),
    ]


_WORTH = (3.0, 0.0, 1.0, 0.0, 0.5, 0.3, 0.3, 0.0)
"""How much each of `_quick` counts where one alternative is chosen to speak for a word."""


def pivot(word: str, around: Surroundings, background: Background, dictionary: Dictionary) -> list[float]:
    """Return what the best other sense of a word's source words would gain: fit, medical frequency, fit itself, any."""
    best = [0.0, 0.0, 0.0, 0.0]
    own = background.medical_zipf(word)
    top = -math.inf
    for term, ways in alternatives(word, dictionary).items():
        core = head(term)
        if background.count(core) < LEAST:
            continue
        values = _quick(word, core, ways, around, background)
        worth = sum(weight * value for weight, value in zip(_WORTH, values, strict=True))
        if worth > top:
            top = worth
            best = [values[0], values[3] - own, values[1], 1.0]
    return best
