"""Boosted oblivious trees: each asks the same few questions of every block, so a page is one pass of arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.view import Floats


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one depth, 8 at most.

    Attributes:
        features: row of each question in the feature matrix, q.
        borders: a value above it answers a question with yes, q.
        questions: index of the question at each level of each tree, depth × trees.
        leaves: value of each leaf, trees × 2 ** depth, in units of `scale`.
        scale: what one unit of a leaf is worth in log-odds.
        bias: log-odds before the first tree.
    """

    features: NDArray[np.int16]
    borders: Floats
    questions: NDArray[np.int16]
    leaves: NDArray[np.int16]
    scale: float
    bias: float

    def probabilities(self, matrix: Floats) -> Floats:
        """Return the probability of content of each column of a feature matrix (features × blocks)."""
        n = matrix.shape[1]
        parts = [self._some(matrix[:, start : start + _BATCH]) for start in range(0, n, _BATCH)]
        return np.concatenate(parts) if len(parts) != 1 else parts[0]

    def _some(self, matrix: Floats) -> Floats:
        answers = (matrix[self.features] > self.borders[:, None]).view(np.uint8)
        depth, trees = self.questions.shape
        leaf = answers[self.questions[0]]
        for level in range(1, depth):
            leaf |= answers[self.questions[level]] << level
        index = leaf + (np.arange(trees, dtype=np.int32) << depth)[:, None]
        odds = self.leaves.ravel()[index].sum(axis=0, dtype=np.int64) * self.scale + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


_BATCH = 4096
"""Blocks scored at once: memory stays some 30 MB however many blocks a page has."""
