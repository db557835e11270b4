"""Forests for `strip`: CatBoost trains them (one thread, fixed seed), numpy runs them."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.forest import Forest
from pipeline.strip.view import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a forest is trained."""

    trees: int = 500
    depth: int = 6
    rate: float = 0.06
    sampled: float = 0.35
    least: float = 0.04
    """A feature below this importance, in per cent, is left out of the forest that is kept."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The blocks of a page: features × blocks, labels, what each counts."""

    matrix: Floats
    labels: Floats
    weights: Floats


def fit_forest(pages: Sequence[Rows], names: Sequence[str], setting: Setting) -> tuple[Forest, list[str]]:
    """Fit a forest twice, the second time without the features that the first had no use for."""
    features = np.concatenate([p.matrix for p in pages], axis=1)
    labels = np.nan_to_num(np.concatenate([p.labels for p in pages]))
    weights = np.concatenate([p.weights for p in pages])
    counts = weights > 0
    features, labels, weights = features[:, counts].T, labels[counts], weights[counts]
    quick = _fit(features, labels, weights, setting, setting.trees // 4)
    kept = [i for i, value in enumerate(quick.feature_importances_) if value > setting.least]
    model = _fit(features[:, kept], labels, weights, setting, setting.trees)
    return export(model), [names[i] for i in kept]


def _fit(features: Floats, labels: Floats, weights: Floats, setting: Setting, trees: int) -> Any:
    from catboost import CatBoostClassifier, Pool

    model = CatBoostClassifier(
        iterations=trees,
        depth=setting.depth,
        learning_rate=setting.rate,
        rsm=setting.sampled,
        loss_function="CrossEntropy",
        border_count=48,
        thread_count=1,
        random_seed=1,
        verbose=0,
        allow_writing_files=False,
    )
    model.fit(Pool(features, labels, weight=weights))
    return model


def export(model: Any) -> Forest:
    """Return a CatBoost model of oblivious trees as arrays; leaves are rounded to 16 bits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        data = json.loads(path.read_text(encoding="utf-8"))
    trees = data["oblivious_trees"]
    depth = max(len(tree["splits"]) for tree in trees)
    questions: dict[tuple[int, float], int] = {}
    asked = np.zeros((depth, len(trees)), dtype=np.int16)
    leaves = np.zeros((len(trees), 1 << depth))
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            key = (int(split["float_feature_index"]), float(split["border"]))
            asked[level, number] = questions.setdefault(key, len(questions))
        values = np.array(tree["leaf_values"])
        leaves[number] = np.tile(values, (1 << depth) // len(values))  # a shallower tree repeats its leaves
    scale = float(np.abs(leaves).max()) / 32000
    factor, bias = data["scale_and_bias"]
    return Forest(
        np.array([feature for feature, _ in questions], dtype=np.int16),
        np.array([border for _, border in questions], dtype=np.float32),
        asked,
        np.round(leaves / scale).astype(np.int16),
        scale * float(factor),
        float(np.ravel(bias)[0]),
    )


def run(forest: Forest, names: Sequence[str], used: Sequence[str], matrix: Floats) -> NDArray[np.float32]:
    """Return the forest's probabilities for a page whose matrix has all the named features."""
    row = {name: i for i, name in enumerate(names)}
    return forest.probabilities(matrix[[row[name] for name in used]])
