"""The small linear models: their weights as shipped, and how they score.

They are trained by `make train-sections` (benchmarks/sections_train.py); docs/models/sections.md is
their card. Weights are 8-bit integers with one scale a class; nothing but numpy is needed to use them.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib import resources
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


class LinearModel:
    """A multinomial linear classifier over named features.

    Attributes:
        classes: names of the classes, in the order of the scores.
        temperature: divisor of the logits that makes their softmax honest on documents not trained on.
        extra: further arrays that came with the weights.
    """

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.classes: tuple[str, ...] = tuple(str(arrays["classes"]).split("\n"))
        names = bytes(arrays["features"]).decode("utf-8").split("\n")
        self._row = {name: row for row, name in enumerate(names)}
        self._weights = arrays["weights"]  # features × classes, int8
        self._scale = arrays["scale"].astype(np.float64)  # by class
        self._bias = arrays["bias"].astype(np.float64)
        self.temperature = float(arrays.get("temperature", 1.0))
        known = {"classes", "features", "weights", "scale", "bias", "temperature"}
        self.extra = {name: value.astype(np.float64) for name, value in arrays.items() if name not in known}

    @cached_property
    def weight_of(self) -> dict[str, float]:
        """The weight of each feature of a model of one class, as plain numbers: faster than arrays for few features."""
        weights = (self._weights[:, 0] * self._scale[0]).tolist()
        return dict(zip(self._row, weights, strict=True))

    def score(self, features: Iterable[str]) -> float:
        """Return the score of a model of one class; a feature counts once."""
        return sum(map(self.weight_of.get, dict.fromkeys(features), repeat(0.0)), float(self._bias[0]))

    def added(self, features: Iterable[str]) -> Scores:
        """Return what features add to the scores of the classes."""
        rows = [row for name in features if (row := self._row.get(name)) is not None]
        return np.asarray(self._weights[rows].sum(axis=0, dtype=np.int64) * self._scale)

    def logits(self, features: Iterable[str]) -> Scores:
        """Return one score a class, before softmax; a feature counts once."""
        return np.asarray(self.added(dict.fromkeys(features)) + self._bias)

    def probabilities(self, features: Iterable[str], temperature: float | None = None) -> Scores:
        """Return the probability of each class; `temperature` is that of the kind of example, where it has one."""
        return softmax(self.logits(features) / (temperature or self.temperature))


def softmax(logits: Scores) -> Scores:
    """Return probabilities of logits along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def arrays_of(name: str) -> dict[str, Any]:
    """Return the arrays of a shipped model."""
    with (resources.files("pipeline.sections") / "weights" / f"{name}.npz").open("rb") as file, np.load(file) as arrays:
        return dict(arrays)


@lru_cache(maxsize=8)
def load_model(name: str) -> LinearModel:
    """Load a shipped model of headings: `line`, `heading` or `heading_flat`."""
    return LinearModel(arrays_of(name))


def weights_digest() -> str:
    """Return a hash of all shipped weights, for the stage's fingerprint."""
    import hashlib

    digest = hashlib.sha256()
    folder = resources.files("pipeline.sections") / "weights"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        digest.update(entry.read_bytes())
    return digest.hexdigest()
