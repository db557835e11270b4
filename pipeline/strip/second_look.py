"""What the first forest's result says of each block through the blocks around it, its containers and its shape."""

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.choose import expected_scores
from pipeline.strip.features import Columns, holder
from pipeline.strip.shapes import Shapes
from pipeline.strip.view import Floats, View

_CLIP = 6.0
_CONTAINERS = 3


def look_again(view: View, shapes: Shapes, first: Floats) -> Columns:
    """Return the features of the second look.

    Args:
        view: the page.
        shapes: the shapes of its blocks.
        first: probability of content of each block by the first forest.
    """
    weight = np.sqrt(np.maximum(view.words, 1))
    odds = np.clip(np.log(np.maximum(first, 1e-6) / np.maximum(1 - first, 1e-6)), -_CLIP, _CLIP)
    out: Columns = {"first": odds}
    out |= _around(odds, first, weight)
    out |= _above(view, first, weight)
    for name, ids in zip(("near", "far"), shapes, strict=True):
        total = np.bincount(ids, weight)
        mean = np.bincount(ids, weight * first) / total
        out[f"{name}_first"] = mean[ids]
        out[f"{name}_first_most"] = _most(ids, first)[ids]
    return out | _whole(view, first, odds)


def _most(ids: NDArray[np.int64], values: Floats) -> Floats:
    most = np.zeros(int(ids.max()) + 1, dtype=np.float32)
    np.maximum.at(most, ids, values)
    return most


def _around(odds: Floats, first: Floats, weight: Floats) -> Columns:
    n = len(odds)
    out: Columns = {}
    padded = np.full(n + 4, -_CLIP, dtype=np.float32)
    padded[2:-2] = odds
    for by in (-2, -1, 1, 2):
        out[f"first{by:+d}"] = padded[2 + by : n + 2 + by]
    total = np.zeros((2, n + 1))
    np.cumsum(np.stack([first * weight, weight]), axis=1, out=total[:, 1:])
    index = np.arange(n)
    for size in (3, 8, 20):
        for name, begin, end in (("before", index - size, index), ("after", index + 1, index + 1 + size)):
            near = total[:, np.clip(end, 0, n)] - total[:, np.clip(begin, 0, n)]
            out[f"first_{name}_{size}"] = near[0] / (near[1] + 1e-3)
    return out


def _above(view: View, first: Floats, weight: Floats) -> Columns:
    n = len(first)
    stacked = np.stack([first * weight, weight, first * view.words, np.minimum(first, 1 - first) * weight])
    total = np.zeros((len(stacked), n + 1))
    np.cumsum(stacked, axis=1, out=total[:, 1:])
    sums = total[:, view.last + 1] - total[:, view.first]
    means = np.stack([sums[0] / sums[1], sums[2] / (sums[2, 0] + 1e-6), sums[3] / sums[1]])
    out: Columns = {}
    at = view.own
    for step in range(_CONTAINERS + 1):
        here = means[:, at]
        out[f"c{step}_first"] = here[0]
        out[f"c{step}_of_expected"] = here[1]
        out[f"c{step}_doubt"] = here[2]
        wider = view.wider[at]
        at = np.where(wider >= 0, wider, at)
    depth = np.array([e.depth for e in view.elements], dtype=np.float32)
    out |= holder(view, sums[2], 0.5, depth, "first50")
    out |= holder(view, sums[2], 0.8, depth, "first80")
    return out


def _whole(view: View, first: Floats, odds: Floats) -> Columns:
    words = np.maximum(view.words, 0.5)
    best, threshold = expected_scores(first, words)
    expected = first * words
    before = np.cumsum(expected) / (expected.sum() + 1e-6)
    likely = np.flatnonzero((first > 0.6) & (view.words >= 8))
    start, end = (int(likely[0]), int(likely[-1])) if len(likely) else (0, len(first) - 1)
    index = np.arange(len(first))
    return {
        "expected_f1": best,
        "expected_threshold": threshold,
        "over_threshold": odds - np.log(threshold / (1 - threshold + 1e-6) + 1e-6),
        "expected_share": float(expected.sum() / words.sum()),
        "expected_words": float(np.log1p(expected.sum())),
        "expected_before": before,
        "doubt": float((np.minimum(first, 1 - first) * words).sum() / (expected.sum() + 1e-6)),
        "since_start": np.clip(index - start, -50, 200).astype(np.float32),
        "until_end": np.clip(end - index, -50, 200).astype(np.float32),
    }
