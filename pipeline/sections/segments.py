"""Changes of topic in text without headings: the best sequence of labels for a run of blocks."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def best_path(scores: NDArray[np.float64], switch: NDArray[np.float64], start: NDArray[np.float64]) -> list[int]:
    """Return the most probable label of each unit (Viterbi).

    Args:
        scores: units × labels, log-probabilities of the labels given the unit alone.
        switch: cost of starting another label at each unit (units,); staying costs nothing.
        start: log-probability of the first unit's label (labels,).
    """
    total = scores[0] + start
    back = np.zeros(scores.shape, dtype=np.int32)
    own = np.arange(scores.shape[1])
    for unit in range(1, len(scores)):
        best = int(total.argmax())
        change = total[best] - switch[unit]
        back[unit] = np.where(total >= change, own, best)
        total = np.maximum(total, change) + scores[unit]
    path = [int(total.argmax())]
    for unit in range(len(scores) - 1, 0, -1):
        path.append(int(back[unit][path[-1]]))
    return path[::-1]


def runs(path: Sequence[int]) -> list[tuple[int, int]]:
    """Return the runs of equal values as (first, last), both inclusive.

    >>> runs([3, 3, 1, 3])
    [(0, 1), (2, 2), (3, 3)]
    """
    edges = [0, *(i for i in range(1, len(path)) if path[i] != path[i - 1]), len(path)]
    return [(a, b - 1) for a, b in pairwise(edges) if b > a]
