"""Boosted oblivious trees: each asks the same few questions of every block, so a page is one pass of arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.view import Floats


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one depth.

    Attributes:
        features: column of each question, q.
        borders: a value above it answers a question with yes, q.
        questions: index of the question at each level of each tree, depth × trees.
        leaves: value of each leaf, trees × 2 ** depth, as integers of `scale`.
        scale: what one unit of a leaf is worth.
        bias: log-odds before the first tree.
    """

    features: NDArray[np.int16]
    borders: Floats
    questions: NDArray[np.int16]
    leaves: NDArray[np.int16]
    scale: float
    bias: float

    def probabilities(self, matrix: Floats) -> Floats:
        """Return the probability of content for each row of a feature matrix."""
        answers = (np.ascontiguousarray(matrix.T)[self.features] > self.borders[:, None]).view(np.uint8)
        depth, trees = self.questions.shape
        rows = matrix.shape[0]
        leaf = np.zeros((trees, rows), dtype=np.uint8 if depth <= 8 else np.uint16)
        for level in range(depth):
            leaf |= answers[self.questions[level]] << level
        index = leaf + (np.arange(trees, dtype=np.int32) << depth)[:, None]
        total = self.leaves.ravel()[index].sum(axis=0, dtype=np.int32)
        odds = total * self.scale + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)
