"""Word weights and page types for `strip`: logistic regressions over sparse words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_pages import Page, weights_of_blocks
from pipeline.strip.features import Columns, assemble, basis_of
from pipeline.strip.page_type import TYPES, TypeModel, page_keys
from pipeline.strip.view import Floats, View
from pipeline.strip.words import Words, element_keys, read_paths, read_texts, text_keys, text_scale


def _path_keys(view: View) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for element, parent in zip(view.elements, view.parents, strict=True):
        own = tuple(element_keys(element))
        paths.append(own if parent < 0 else paths[parent] + own)
    return paths


@dataclass(slots=True)
class WordData:
    """The words of all blocks as one sparse matrix, blocks × words, with the run of rows of each page."""

    matrix: Any
    labels: NDArray[np.bool_]
    weights: Floats
    pages: list[slice]
    keys: list[str]
    seen_on: NDArray[np.int64]


def collect_words(pages: Sequence[Page]) -> WordData:
    """Collect path and text words of all blocks; a word counts if four pages have it."""
    from scipy.sparse import csr_matrix

    seen_on: Counter[str] = Counter()
    for page in pages:
        keys = {k for e in page.view.elements for k in element_keys(e)}
        keys.update(k for tokens in page.view.tokens for k in text_keys(tokens))
        seen_on.update(keys)
    number = {key: i for i, key in enumerate(sorted(k for k, n in seen_on.items() if n >= 4))}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    runs: list[slice] = []
    for page in pages:
        start = len(ends) - 1
        paths = [[number[k] for k in path if k in number] for path in _path_keys(page.view)]
        for own, tokens in zip(page.view.own.tolist(), page.view.tokens, strict=True):
            text = [number[k] for k in text_keys(tokens) if k in number]
            columns += paths[own] + text
            values += [1.0] * len(paths[own]) + [text_scale(tokens)] * len(text)
            ends.append(len(columns))
        runs.append(slice(start, len(ends) - 1))
    shape = (len(ends) - 1, len(number))
    matrix = csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=shape)
    matrix.sum_duplicates()
    return WordData(
        matrix,
        np.concatenate([page.labels for page in pages]) >= 0.5,
        np.concatenate([weights_of_blocks(page) for page in pages]),
        runs,
        list(number),
        np.array([seen_on[key] for key in number]),
    )


def fit_words(data: WordData, chosen: Iterable[int], size: int, strength: float = 0.3) -> Words:
    """Fit a logistic regression over the words of the chosen pages and return its largest weights."""
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([np.arange(data.pages[i].start, data.pages[i].stop) for i in chosen])
    rows = rows[data.weights[rows] > 0]
    model = LogisticRegression(C=strength, solver="lbfgs", max_iter=80)
    model.fit(data.matrix[rows], data.labels[rows], sample_weight=data.weights[rows])
    weights = model.coef_[0]
    order = np.argsort(-np.abs(weights) * np.sqrt(np.minimum(data.seen_on, 100)), kind="stable")[:size]
    return Words({data.keys[i]: float(weights[i]) for i in order.tolist()})


def describe_page(view: View, words: Words) -> tuple[list[str], Floats]:
    """Return what the type model sees of a page; its numbers do not depend on the words' weights."""
    paths = read_paths(view, words)
    return page_keys(view), basis_of(view, paths, read_texts(view, words)).page


def fit_types(pages: Sequence[Page], words: Words, size: int, strength: float = 0.6) -> TypeModel:
    """Fit the page type on the pages that have one."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    pages = [p for p in pages if p.dataset in {"wcxb", "magichtml-forum", "small"}]
    described = [describe_page(p.view, words) for p in pages]
    keys_of = [keys for keys, _ in described]
    seen_on = Counter(k for keys in keys_of for k in keys)
    number = {key: i for i, key in enumerate(sorted(k for k, n in seen_on.items() if n >= 5))}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for keys in keys_of:
        own = [number[k] for k in keys if k in number]
        columns += own
        values += [1 / max(len(own), 1) ** 0.5] * len(own)
        ends.append(len(columns))
    counts = csr_matrix((values, columns, ends), shape=(len(pages), len(number)))
    numbers = np.stack([whole for _, whole in described])
    matrix = hstack([counts * 3.0, csr_matrix(numbers * 0.5)]).tocsr()
    model = LogisticRegression(C=strength, max_iter=400)
    model.fit(matrix, [TYPES.index(p.type) for p in pages])
    coefficients = np.zeros((len(TYPES), matrix.shape[1]), dtype=np.float32)
    bias = np.full(len(TYPES), -20.0, dtype=np.float32)
    coefficients[model.classes_] = model.coef_
    bias[model.classes_] = model.intercept_
    strongest = np.abs(coefficients[:, : len(number)]).max(axis=0)
    kept = sorted(number, key=lambda k: -strongest[number[k]] * min(seen_on[k], 60) ** 0.5)[:size]
    return TypeModel(
        {key: row for row, key in enumerate(kept)},
        np.stack([coefficients[:, number[k]] * np.float32(3) for k in kept]),
        (coefficients[:, len(number) :] * 0.5).T.astype(np.float32),
        bias,
    )


def features_of(page: Page, words: Words, types: TypeModel) -> Columns:
    """Return the features of a page."""
    view = page.view
    paths = read_paths(view, words)
    basis = basis_of(view, paths, read_texts(view, words))
    guess = types.probabilities(page_keys(view), basis.page)
    return assemble(view, paths, basis, guess)
