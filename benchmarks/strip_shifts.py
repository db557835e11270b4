"""By how much the log-odds of content are moved on each type of page: what serves the F1 of pages best."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_pages import FOLDS, Page, page_f1
from pipeline.strip.choose import choose, shifted
from pipeline.strip.page_type import TYPES
from pipeline.strip.view import Floats

STEPS = np.array((-1.2, -0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9, 1.2))
_FEWEST = 20
"""Pages of a type below which nothing is learned for it."""
_DOUBTFUL = 0.02
"""Probability of a type below which a page says nothing of its shift."""
_DRAWS = 60
"""Draws of pages whose best steps are averaged: the best step of one set of pages is a matter of chance."""


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
    table, chances = np.array(scored), np.array(types)
    counts = np.array([_counts(p) for p in pages])
    folds = np.array([p.fold for p in pages])
    by_fold = [_best(table, chances, counts & (folds != fold)) for fold in range(FOLDS)]
    own = [float(t @ by_fold[p.fold]) for p, t in zip(pages, types, strict=True)]
    return _best(table, chances, counts), own


def _counts(page: Page) -> bool:
    return page.dataset not in {"trafeval", "small"} and bool(page.gold)


def _best(table: NDArray[np.float64], chances: Floats, rows: NDArray[np.bool_]) -> Floats:
    """Return the best step of each type, each page counting by its probability, drawn towards none where few count.

    It is the mean of the best steps of many draws of the pages with replacement.
    """
    shifts = np.zeros(len(TYPES), dtype=np.float32)
    draw = np.random.default_rng(1)
    for kind in range(len(TYPES)):
        weights = np.where(rows, chances[:, kind], 0)
        size = float(weights.sum())
        own = np.flatnonzero(weights > _DOUBTFUL)
        if size < _FEWEST:
            continue
        steps = []
        for _ in range(_DRAWS):
            drawn = draw.choice(own, len(own))
            steps.append(STEPS[int((table[drawn] * weights[drawn, None]).sum(axis=0).argmax())])
        shifts[kind] = np.mean(steps) * size / (size + _FEWEST)
    return shifts
