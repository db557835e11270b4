"""By how much the log-odds of content are moved on each type of page: what serves the F1 of pages best."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_pages import FOLDS, Page, page_f1
from pipeline.strip.choose import choose, shifted
from pipeline.strip.page_type import TYPES
from pipeline.strip.view import Floats

STEPS = (-1.2, -0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9, 1.2)
_FEWEST = 20
"""Pages of a type below which nothing is learned for it."""


def fit_shifts(
    pages: Sequence[Page], probabilities: Sequence[Floats], types: Sequence[Floats]
) -> tuple[Floats, list[float]]:
    """Return the shift of each type, and for each page the shift that the pages of other folds would give it.

    Args:
        pages: the pages.
        probabilities: what a scorer that did not see a page says of its blocks.
        types: probability of each page type, likewise.
    """
    scored = [
        [page_f1(p, choose(shifted(q, step), p.view.words)) for step in STEPS] if _counts(p) else [0.0] * len(STEPS)
        for p, q in zip(pages, probabilities, strict=True)
    ]
    table, likeliest = np.array(scored), np.array([int(np.argmax(t)) for t in types])
    counts = np.array([_counts(p) for p in pages])
    folds = np.array([p.fold for p in pages])
    by_fold = [_best(table, likeliest, counts & (folds != fold)) for fold in range(FOLDS)]
    own = [float(t @ by_fold[p.fold]) for p, t in zip(pages, types, strict=True)]
    return _best(table, likeliest, counts), own


def _counts(page: Page) -> bool:
    return page.dataset not in {"trafeval", "small"} and bool(page.gold)


def _best(table: NDArray[np.float64], likeliest: NDArray[np.int64], rows: NDArray[np.bool_]) -> Floats:
    """Return the best step of each type, drawn towards none where its pages are few."""
    shifts = np.zeros(len(TYPES), dtype=np.float32)
    for kind in range(len(TYPES)):
        own = rows & (likeliest == kind)
        if (size := int(own.sum())) >= _FEWEST:
            shifts[kind] = STEPS[int(table[own].mean(axis=0).argmax())] * size / (size + _FEWEST)
    return shifts
