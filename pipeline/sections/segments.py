"""The best sequence of labels for the parts of a page, given how topics follow one another."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.sections.evidence import fold
from pipeline.sections.taxonomy import Taxonomy
from pipeline.sections.text_model import load_text_model

Floats = NDArray[np.float64]


def best_path(scores: Floats, stay: Floats, change: Floats) -> list[int]:
    """Return the most probable label of each part (Viterbi 1967).

    Args:
        scores: parts × labels, log-evidence for the labels from the part alone.
        stay: probability that the topic stays at each part (parts,).
        change: (labels + 1) × labels, log-probability of the next topic where it changes; the last row is the start.
    """
    total = scores[0] + change[-1]
    back = np.zeros(scores.shape, dtype=np.int32)
    steps = change[:-1]
    diagonal = np.eye(len(steps), dtype=bool)
    for part in range(1, len(scores)):
        moves = total[:, None] + np.where(diagonal, np.log(stay[part]), np.log1p(-stay[part]) + steps)
        back[part] = moves.argmax(axis=0)
        total = moves.max(axis=0) + scores[part]
    path = [int(total.argmax())]
    for part in range(len(scores) - 1, 0, -1):
        path.append(int(back[part][path[-1]]))
    return path[::-1]


def runs(path: Sequence[int]) -> list[tuple[int, int]]:
    """Return the runs of equal values as (first, last), both inclusive.

    >>> runs([3, 3, 1, 3])
    [(0, 1), (2, 2), (3, 3)]
    """
    edges = [0, *(i for i in range(1, len(path)) if path[i] != path[i - 1]), len(path)]
    return [(a, b - 1) for a, b in pairwise(edges) if b > a]


@lru_cache(maxsize=16)
def order_of_topics(taxonomy: Taxonomy) -> Floats:
    """Return the log-probabilities of the label that follows a label where it changes; last row: the first label.

    They were counted in encyclopedia articles; labels that these do not have follow each other evenly.
    """
    size = len(taxonomy.labels)
    even = np.full((size + 1, size), 1.0 / size)
    if not taxonomy.of_class:
        return np.asarray(np.log(even))
    model = load_text_model()
    table = fold(taxonomy, model.classes)
    counted = np.exp(model.transitions)
    rows = np.vstack([table / np.maximum(table.sum(axis=1, keepdims=True), 1), np.zeros((1, table.shape[1]))])
    start = np.append(np.zeros(table.shape[1]), 1.0)
    folded = np.vstack([rows[:-1] @ counted[:-1] @ table.T, (start @ counted @ table.T)[None, :]])
    return np.asarray(np.log(0.8 * folded + 0.2 * even))
