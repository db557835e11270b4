"""What speaks for a word's being wrong on a page, as numbers."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.repair.word_classes import can_be
from pipeline.repair.word_list import zipf
from pipeline.review.mining.background import Background, Floats
from pipeline.review.mining.words import BREAK, counted, tokens

if TYPE_CHECKING:
    from pipeline.review.mining.senses import Senses

WINDOW = 6
"""Words on either side that are a word's company."""
_MOST_PLACES = 24
"""Places of a word that are looked at."""

FEATURES = (
    "excess", "zipf", "local_fit", "page_fit", "unknown", "neighbours", "strange_neighbours", "familiar_neighbours",
    "share_strange", "fit_excess", "medical_zipf", "excess_squared", "noun",
    "pivot_gain", "pivot_medical", "pivot_fit", "pivot_any",
)  # fmt: skip
"""Names of the columns. Those that begin with `pivot` are 0 without a dictionary."""


@dataclass(slots=True)
class Page:
    """A page as mining sees it: its words block by block.

    Attributes:
        blocks: folded words of each block.
        headings: which of them are headings.
        places: for each word that may be proposed, block and position of each place where it stands.
    """

    blocks: list[list[str]]
    headings: list[bool]
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    capitals: Counter[str] = field(default_factory=Counter)
    """How often each word begins with a capital inside a sentence."""


def page_of(texts: Sequence[str], headings: Sequence[bool] = ()) -> Page:
    """Take a page's blocks apart."""
    page = Page([], list(headings) or [False] * len(texts))
    for number, text in enumerate(texts):
        stream = tokens(text)
        page.blocks.append([word for word, _, _ in stream])
        for position, (word, start, _) in enumerate(stream):
            if counted(word) and zipf(word) > 0:
                page.places.setdefault(word, []).append((number, position))
                inside = position and stream[position - 1][0] != BREAK
                page.capitals[word] += bool(inside and text[start].isupper())
    return page


def company(page: Page, place: tuple[int, int], own: str) -> list[str]:
    """Return the words around a place that tell a subject, the word itself left out."""
    block, position = place
    stream = page.blocks[block]
    around = stream[max(0, position - WINDOW) : position] + stream[position + 1 : position + 1 + WINDOW]
    return [word for word in around if word != own and counted(word)]


def some(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return so many places at most, spread over the page."""
    step = max(1, len(places) // _MOST_PLACES)
    return places[::step][:_MOST_PLACES]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page shows of a word.

    Attributes:
        local: mean of the centres of its company place by place: its product with a word's vector is the
            mean cosine over the places.
        page: the centre of the page.
        neighbours: the words beside it and the side (`<` before, `>` behind), how often.
    """

    local: Floats | None
    page: Floats | None
    neighbours: Counter[tuple[str, str]]


def surroundings(page: Page, word: str, background: Background, centre: Floats | None) -> Surroundings:
    """Look at the places where a word stands."""
    places = some(page.places[word])
    centres = [background.centre(company(page, place, word)) for place in places]
    known = [one for one in centres if one is not None]
    beside: Counter[tuple[str, str]] = Counter()
    for block, position in places:
        stream = page.blocks[block]
        if position and stream[position - 1] not in {BREAK, word}:
            beside[stream[position - 1], "<"] += 1
        if position + 1 < len(stream) and stream[position + 1] not in {BREAK, word}:
            beside[stream[position + 1], ">"] += 1
    return Surroundings(np.mean(known, axis=0) if known else None, centre, beside)


def page_centre(page: Page, background: Background) -> Floats | None:
    """Return the centre of a page's words, the often used ones counting more, but not in proportion."""
    often = Counter({word: math.isqrt(len(places)) for word, places in page.places.items()})
    return background.centre(often.elements())


def neighbour_fits(word: str, around: Surroundings, background: Background) -> list[float]:
    """Return for each neighbour how much commoner the pair is than by chance (`Background.pair_excess`)."""
    return [
        background.pair_excess(*((other, word) if side == "<" else (word, other)))
        for (other, side), times in sorted(around.neighbours.items())
        for _ in range(min(times, 4))
    ]


def features(page: Page, background: Background, senses: "Senses | None") -> tuple[list[str], npt.NDArray[np.float64]]:
    """Return the words that may be proposed, and what speaks for each: a row a word, columns as `FEATURES`."""
    centre = page_centre(page, background)
    names = sorted(page.places)
    rows = []
    for word in names:
        around = surroundings(page, word, background, centre)
        row = _row(word, around, background)
        rows.append(row + (senses.pivot(word, around) if senses is not None else [0.0] * 4))
    return names, np.array(rows, dtype=np.float64).reshape(len(names), len(FEATURES))


def _row(word: str, around: Surroundings, background: Background) -> list[float]:
    excess = background.excess(word)
    local = background.fit(word, around.local)
    fits = neighbour_fits(word, around, background)
    return [
        excess,
        zipf(word),
        local or 0.0,
        background.fit(word, around.page) or 0.0,
        float(local is None),
        _mean(fits),
        _mean([min(fit, 0.0) for fit in fits]),
        _mean([max(fit, 0.0) for fit in fits]),
        _mean([float(fit < 0) for fit in fits]),
        (local or 0.0) * excess,
        background.medical_zipf(word),
        excess * abs(excess),
        float(can_be(word, "noun")),
    ]


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0
