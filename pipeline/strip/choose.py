"""Which blocks to keep, given each one's probability of being content."""

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.view import Floats

FLOOR = 0.2
"""A block below this probability is never kept."""
SURE = 0.8
"""A block above this probability is always kept."""


def choose(probabilities: Floats, words: Floats) -> NDArray[np.bool_]:
    """Return the set of blocks whose expected F1 over words is the greatest.

    With p the probability and w the words of each block, the F1 of a set S is about
    2 Σ_S p w / (Σ_S w + Σ p w): the best set is a prefix in the order of p.
    """
    order = np.argsort(-probabilities, kind="stable")
    weight = np.maximum(words[order], 0.5).astype(np.float64)
    gain = np.cumsum(probabilities[order] * weight)
    score = 2 * gain / (np.cumsum(weight) + gain[-1] + 1e-9)
    threshold = probabilities[order[int(np.argmax(score))]]
    kept: NDArray[np.bool_] = probabilities >= min(max(float(threshold), FLOOR), SURE)
    return kept
