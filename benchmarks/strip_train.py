"""Train the scorer of `strip` and measure it by cross-validation over domains: `make train-strip DATA=folder`.

The recipe, in order: read the pages; label their blocks against the gold; fit word weights, the page
type and two forests, each on what the one before says of pages that it has not seen (out of fold);
score the pages of each fold with models that saw none of their domains; fit all again on everything
and write the weights.
"""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_labels import align, words_of
from pipeline.read.stage import read_page
from pipeline.strip.features import Columns, assemble, basis_of, page_numbers
from pipeline.strip.page_type import TYPES, TypeModel, page_keys
from pipeline.strip.view import Floats, View, look
from pipeline.strip.words import Words, element_keys, read_paths, read_texts, text_keys, text_scale

SETS = ("wcxb", "scrapinghub", "readability", "magichtml-article", "magichtml-forum")
FOLDS = 5
SEED = 7


@dataclass(slots=True)
class Page:
    """A page of the training data: its view, the label of each block (nan: none), and what is scored."""

    id: str
    dataset: str
    type: str
    fold: int
    view: View
    title: str
    labels: Floats
    gold: list[str]
    block_words: list[Counter[str]]


def fold_of(domain: str) -> int:
    """Return the fold of a domain: one domain is in one fold over all sets."""
    return hashlib.sha256(f"{SEED}/{domain}".encode()).digest()[0] % FOLDS


def load(data: Path, cache: Path, sets: Sequence[str] = SETS, every: int = 1) -> list[Page]:
    """Read and label the pages of the given sets; labels are cached by the text of page and gold."""
    pages = []
    for name in sets:
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % every == 0 and (page := _load_page(name, json.loads(line), cache)) is not None:
                    pages.append(page)
    return pages


def _load_page(name: str, row: dict[str, Any], cache: Path) -> Page | None:
    url = row["url"] if isinstance(row["url"], str) else None
    document = read_page(row["html"], url=url)
    if not document.blocks:
        return None
    texts = [b.text for b in document.blocks]
    key = hashlib.sha256("\0".join([row["gold"], *texts]).encode("utf-8", "replace")).hexdigest()
    at = cache / f"{key}.npy"
    if not at.exists():
        np.save(at, align(texts, row["gold"]))
    return Page(
        id=row["id"],
        dataset=name,
        type=row["page_type"] if row["page_type"] in TYPES else "article",
        fold=fold_of(row["split_key"]),
        view=look(document.blocks, document.title, url),
        title=document.title,
        labels=np.load(at),
        gold=words_of(row["gold"]),
        block_words=[Counter(words_of(text)) for text in texts],
    )


def page_f1(page: Page, kept: NDArray[np.bool_]) -> float:
    """Return the word F1 of the kept blocks."""
    found: Counter[str] = Counter()
    for words, keep in zip(page.block_words, kept, strict=True):
        if keep:
            found.update(words)
    gold = Counter(page.gold)
    if not page.gold:
        return float(not found)
    common = sum((gold & found).values())
    return 2 * common / (len(page.gold) + found.total()) if common else 0.0


# Word weights


def weights_of_blocks(page: Page) -> Floats:
    """Return what each block counts in training: by its words' share of the page, so that pages count alike."""
    words = np.sqrt(np.maximum(page.view.words, 1))
    weight = np.where(np.isnan(page.labels), 0, words)
    return (weight / max(float(weight.sum()), 1e-9) * 100).astype(np.float32)


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


def fit_words(data: WordData, chosen: Sequence[int], size: int, strength: float = 0.3) -> Words:
    """Fit a logistic regression over the words of the chosen pages and return its largest weights."""
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([np.arange(data.pages[i].start, data.pages[i].stop) for i in chosen])
    rows = rows[data.weights[rows] > 0]
    model = LogisticRegression(C=strength, solver="lbfgs", max_iter=80)
    model.fit(data.matrix[rows], data.labels[rows], sample_weight=data.weights[rows])
    weights = model.coef_[0]
    order = np.argsort(-np.abs(weights) * np.sqrt(np.minimum(data.seen_on, 100)), kind="stable")[:size]
    return Words({data.keys[i]: float(weights[i]) for i in order.tolist()})


# Page type


def describe_page(view: View, words: Words) -> tuple[list[str], Floats]:
    """Return what the type model sees of a page; its numbers do not depend on the words' weights."""
    paths = read_paths(view, words)
    return page_keys(view), page_numbers(view, basis_of(view, paths, read_texts(view, words)))


def fit_types(pages: Sequence[Page], words: Words, size: int, strength: float = 0.6) -> TypeModel:
    """Fit the page type on the pages that have one."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    pages = [p for p in pages if p.dataset in {"wcxb", "magichtml-forum"}]
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
        {k: coefficients[:, number[k]] * np.float32(3) for k in kept},
        (coefficients[:, len(number) :] * 0.5).T.astype(np.float32),
        bias,
    )


def features_of(page: Page, words: Words, types: TypeModel) -> tuple[Columns, Floats]:
    """Return the features of a page and the probability of each page type."""
    view = page.view
    paths = read_paths(view, words)
    basis = basis_of(view, paths, read_texts(view, words))
    guess = types.probabilities(page_keys(view), page_numbers(view, basis))
    return assemble(view, paths, basis, guess), guess
