"""The learned, linear rankings: of a page's words by how likely one is wrong, of replacements by how well they fit."""

from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

WEIGHTS = Path(__file__).parent / "weights.json"


class Weights(msgspec.Struct, frozen=True):
    """A ranking: columns are brought to mean 0 and deviation 1, then weighed and added."""

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    weights: tuple[float, ...]


class Rankings(msgspec.Struct, frozen=True):
    """What ships: the ranking of words with a dictionary and without, and that of replacements."""

    with_dictionary: Weights
    without: Weights
    replacements: Weights


@lru_cache(maxsize=1)
def load_weights(path: Path = WEIGHTS) -> Rankings:
    """Return the rankings that ship; `make train-mine` learns them anew."""
    return msgspec.json.decode(path.read_bytes(), type=Rankings)


def scores(rows: npt.NDArray[np.float64], ranking: Weights) -> npt.NDArray[np.float64]:
    """Return a score for each row; only differences within a list mean anything."""
    scaled = (rows - np.array(ranking.mean)) / np.array(ranking.deviation)
    result: npt.NDArray[np.float64] = scaled @ np.array(ranking.weights)
    return result
