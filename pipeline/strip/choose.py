"""Which blocks to keep, given each one's probability of being content."""

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.view import Floats

FLOOR = 0.2
"""A block below this probability is never kept."""
SURE = 0.8
"""A block above this probability is always kept."""


def expected_scores(probabilities: Floats, words: Floats) -> tuple[float, float]:
    """Return the greatest expected F1 that a set of blocks has, and the least probability in that set.

    With p the probability and w the words of each block, the F1 of a set S is about
    2 Σ_S p w / (Σ_S w + Σ p w): the best set is a prefix in the order of p.
    """
    order = np.argsort(-probabilities, kind="stable")
    weight = words[order].astype(np.float64)
    gain = np.cumsum(probabilities[order] * weight)
    score = 2 * gain / (np.cumsum(weight) + gain[-1] + 1e-9)
    best = int(np.argmax(score))
    return float(score[best]), float(probabilities[order[best]])


def shifted(probabilities: Floats, shift: float) -> Floats:
    """Return probabilities with their log-odds moved by a number.

    >>> shifted(np.array([0.5], dtype=np.float32), 1.0).round(3).tolist()
    [0.7310000061988831]
    """
    odds = probabilities / np.maximum(1 - probabilities, 1e-7) * np.float32(np.exp(shift))
    return np.asarray(odds / (1 + odds), dtype=np.float32)


def choose(probabilities: Floats, words: Floats) -> NDArray[np.bool_]:
    """Return the set of blocks whose expected F1 over words is the greatest, within FLOOR and SURE."""
    threshold = expected_scores(probabilities, np.maximum(words, 0.5))[1]
    kept: NDArray[np.bool_] = probabilities >= min(max(threshold, FLOOR), SURE)
    return kept
