"""Train the forests of `strip` and measure them by cross-validation over domains: `make train-strip DATA=folder`.

The recipe, in order: read the pages; label their blocks against the gold; make small pages of them; fit word
weights, the page type and a forest (for dumps two), each on what the one before says of pages that it has not seen
(out of fold); score the pages of each fold with models that saw none of their domains; learn from that how far to
move the probabilities on each type of page; fit all again on everything and write the weights. Dumps have a network
besides (`strip_lines_train`).
"""

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.strip_forests import Rows, Setting, fit_forest, run
from benchmarks.strip_pages import FOLDS, Page, dumps_of, load, page_f1, shrunk, weights_of_blocks
from benchmarks.strip_shifts import fit_shifts
from benchmarks.strip_words import collect_words, features_of, fit_types, fit_words
from pipeline.strip.choose import choose, shifted
from pipeline.strip.features import as_matrix
from pipeline.strip.model import Scorer, dump
from pipeline.strip.page_type import TYPES, TypeModel
from pipeline.strip.second_look import look_again
from pipeline.strip.shapes import block_shapes
from pipeline.strip.view import Floats
from pipeline.strip.words import Words, read_paths

WORDS = 16_000
TYPE_WORDS = 4_000
MOST_ROWS = 160
"""Blocks of a page that a forest is trained on at most, drawn at random and counting for the others: as good as all."""
Say = Callable[[str], None]


@dataclass(slots=True)
class Prepared:
    """The pages with all that is computed once: words and types per fold, features, first results out of fold."""

    pages: list[Page]
    names: list[str]
    matrices: list[Floats]
    types: list[Floats]
    first: list[Floats]


def prepare(pages: list[Page], words_size: int, types_size: int, setting: Setting, say: Say) -> Prepared:
    """Compute features with word weights and page types of the other folds, and the first forest's result likewise."""
    data = collect_words(pages)
    folds: list[tuple[Words, TypeModel]] = []
    for fold in range(FOLDS):
        words = fit_words(data, [i for i, p in enumerate(pages) if p.fold != fold], words_size)
        folds.append((words, fit_types([p for p in pages if p.fold != fold], words, types_size)))
        say(f"words and types of fold {fold}")
    names: list[str] = []
    matrices = []
    for page in pages:
        columns = features_of(page, *folds[page.fold])
        names = list(columns)
        matrices.append(as_matrix(columns, len(page.labels)))
    first = names.index("type_0")
    types = [matrix[first : first + len(TYPES), 0] for matrix in matrices]
    return Prepared(pages, names, matrices, types, out_of_fold(pages, matrices, names, setting, say))


def out_of_fold(
    pages: Sequence[Page], matrices: Sequence[Floats], names: list[str], setting: Setting, say: Say
) -> list[Floats]:
    """Return each page's probabilities by a forest that saw no page of its fold."""
    out: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(pages)
    for fold in range(FOLDS):
        rows = [rows_of(p, m) for p, m in zip(pages, matrices, strict=True) if p.fold != fold]
        forest, used = fit_forest(rows, names, setting)
        for index, page in enumerate(pages):
            if page.fold == fold:
                out[index] = run(forest, names, used, matrices[index])
        say(f"forest of fold {fold}, {len(used)} features")
    return out


def rows_of(page: Page, matrix: Floats) -> Rows:
    """Return what a forest is trained on of one page."""
    weights = weights_of_blocks(page)
    chosen = np.flatnonzero(weights > 0)
    if len(chosen) > MOST_ROWS:
        weights = weights * np.float32(len(chosen) / MOST_ROWS)
        seed = int.from_bytes(hashlib.sha256(page.id.encode()).digest()[:4], "big")
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, MOST_ROWS, replace=False))
    return Rows(matrix[:, chosen], page.labels[chosen], weights[chosen])


def with_second_look(ready: Prepared) -> tuple[list[Floats], list[str]]:
    """Return the matrices with the features of the second look, and all names."""
    matrices = []
    names: list[str] = []
    for page, matrix, first in zip(ready.pages, ready.matrices, ready.first, strict=True):
        shapes = block_shapes(page.view, read_paths(page.view, Words({})).shape)
        columns = look_again(page.view, shapes, first)
        names = list(columns)
        matrices.append(np.concatenate([matrix, as_matrix(columns, len(first))]))
    return matrices, ready.names + names


def fit_all(
    ready: Prepared, words_size: int, types_size: int, first: Setting, second: Setting | None, shifts: Floats
) -> Scorer:
    """Fit the scorer that is shipped, on all pages."""
    data = collect_words(ready.pages)
    words = fit_words(data, range(len(ready.pages)), words_size)
    types = fit_types(ready.pages, words, types_size)
    one, used = fit_forest(
        [rows_of(p, m) for p, m in zip(ready.pages, ready.matrices, strict=True)], ready.names, first
    )
    if second is None:
        return Scorer(words, types, one, used, None, [], shifts)
    matrices, names = with_second_look(ready)
    rows = [rows_of(p, m) for p, m in zip(ready.pages, matrices, strict=True)]
    two, used_again = fit_forest(rows, names, second)
    return Scorer(words, types, one, used, two, used_again, shifts)


def report(pages: Sequence[Page], probabilities: Sequence[Floats], shifts: Sequence[float], say: Say) -> None:
    """Say the mean F1 of each set and each type of page, and the worst pages."""
    scores: dict[str, list[tuple[float, str]]] = {}
    found = Counter[str]()
    for page, probability, shift in zip(pages, probabilities, shifts, strict=True):
        kept = choose(shifted(probability, shift), page.view.words)
        if page.dataset == "trafeval":
            marked = ~np.isnan(page.labels)
            found["hit"] += int((kept & (page.labels == 1)).sum())
            found["kept"] += int((kept & marked).sum())
            found["wanted"] += int((page.labels == 1).sum())
            continue
        f1 = page_f1(page, kept)
        scores.setdefault(page.dataset, []).append((f1, page.id))
        if page.dataset == "wcxb":
            scores.setdefault(f"wcxb {page.type}", []).append((f1, page.id))
    for name, values in sorted(scores.items()):
        worst = " ".join(f"{ident}:{f1:.2f}" for f1, ident in sorted(values)[:8])
        say(f"{name:24s} {np.mean([f1 for f1, _ in values]):.4f} ({len(values)})  worst {worst}")
    if found:
        say(f"trafeval snippets F {2 * found['hit'] / max(found['kept'] + found['wanted'], 1):.4f}")


SETTINGS: dict[str, tuple[Setting, Setting | None]] = {
    "html": (Setting(), None),
    "dumps": (Setting(trees=300, rate=0.08), Setting(trees=250, rate=0.08)),
}
"""How the forests are trained. On HTML a second look gains nothing beside 500 trees (`docs/models/strip.md`)."""


def train(pages: list[Page], first: Setting, second: Setting | None, folds: Path, say: Say) -> bytes:
    """Cross-validate on the pages, say how good it is, and return the weights fitted on all of them.

    Args:
        pages: the pages.
        first: how the first forest is trained.
        second: how the second forest is trained, None for none.
        folds: file for the results out of fold.
        say: takes what there is to say.
    """
    pages = [*pages, *shrunk(pages)]
    say(f"{len(pages)} pages with small ones made of them")
    ready = prepare(pages, WORDS, TYPE_WORDS, first, say)
    results = ready.first
    shifts, own = fit_shifts(pages, results, ready.types)
    report(pages, results, own, say)
    if second is not None:
        matrices, names = with_second_look(ready)
        results = out_of_fold(pages, matrices, names, second, say)
        shifts, own = fit_shifts(pages, results, ready.types)
        report(pages, results, own, say)
    save_folds(folds, ready, results, own)
    return dump(fit_all(ready, WORDS, TYPE_WORDS, first, second, shifts))


def save_folds(path: Path, ready: Prepared, results: Sequence[Floats], shifts: Sequence[float]) -> None:
    """Write for each page its shift, its types and its blocks' probabilities, all out of fold, as one array."""
    arrays: dict[str, Any] = {
        f"{page.dataset}/{page.id}": np.concatenate([np.array([shift], dtype=np.float32), types, result])
        for page, shift, types, result in zip(ready.pages, shifts, ready.types, results, strict=True)
        if page.dataset != "small"
    }
    np.savez_compressed(path, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of page archives (NAME.jsonl.gz)")
    parser.add_argument("--cache", type=Path, required=True, help="folder for alignments, which take minutes")
    parser.add_argument("--out", type=Path, default=Path("pipeline/strip"), help="folder for the weights")
    parser.add_argument("--only", choices=("html", "dumps"), help="train one of the two scorers")
    parser.add_argument("--every", type=int, default=1, help="take every n-th page, to try the recipe")
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)
    arguments.cache.mkdir(parents=True, exist_ok=True)

    def say(text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    pages = load(arguments.data, arguments.cache, every=arguments.every)
    say(f"{len(pages)} pages read and labelled")
    for name in [arguments.only] if arguments.only else ["html", "dumps"]:
        chosen = pages if name == "html" else [dump for _, dump in dumps_of(pages)]
        weights = train(chosen, *SETTINGS[name], arguments.cache / f"{name}-folds.npz", say)
        (arguments.out / f"{name}.npz").write_bytes(weights)
        say(f"{name}.npz has {len(weights):,} bytes")


if __name__ == "__main__":
    main()
