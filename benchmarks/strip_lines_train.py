"""Train the network that judges the lines of dumps, with cross-validation over domains: `make train-strip DATA=folder`.

Trained on: the dumps of articles and documentation (`strip_dumps`, with the mended labels of `strip_mended`); dumps
that are put together (`strip_portal`); small ones; those of pages of other types. The last three count for less. A
network for each fold judges the pages of that fold; the networks that are shipped are fitted on all.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.strip_dumps import render
from benchmarks.strip_mended import mended
from benchmarks.strip_network import Example, fit
from benchmarks.strip_pages import FOLDS, Page, as_dump, dumps_of, is_text, load, shrunk
from benchmarks.strip_portal import composed_dumps
from pipeline.strip.line_features import see
from pipeline.strip.network import dump
from pipeline.strip.title import find_heading
from pipeline.strip.view import Floats

SEEDS = (1,)
"""A network of each is shipped; their log-odds are averaged."""
_SMALL, _OTHER = 0.3, 0.35
"""What small dumps and those of pages that are neither article nor documentation count."""
_SCALE = 8.0
Say = Callable[[str], None]


def example_of(page: Page, labels: Floats, counts: float) -> Example:
    """Return a dump as an example; each of n lines counts 1 / √n, so that long dumps count more, but not by length."""
    blocks = page.view.blocks
    decided = ~np.isnan(labels)
    weights = decided * _SCALE * counts * page.weight / np.sqrt(max(int(decided.sum()), 1))
    return Example(see(blocks, find_heading(blocks, "", ())), labels, weights.astype(np.float32))


def examples(pages: Sequence[Page], say: Say) -> Iterator[tuple[Page, Example, bool]]:
    """Yield dumps to train on, the page each is of, and whether it is one of those that are scored."""
    texts = [page for page in pages if is_text(page)]
    for page, shown in dumps_of(pages):
        yield page, example_of(shown, mended(page, shown), 1.0), True
    say("dumps of articles and documentation")
    for shown in composed_dumps(pages):
        yield shown, example_of(shown, shown.labels, 1.0), False
    say("dumps that are put together")
    others = [page for page in pages if page.gold and page.dataset != "trafeval" and not is_text(page)]
    small = shrunk(texts)
    for number, page in enumerate([*small, *others]):
        title = texts[number % len(texts)].title
        other = as_dump(page, render(page.id, page.view.blocks, page.labels, page.title, title))
        if other is not None:
            labels = other.labels if number < len(small) else mended(page, other)
            yield page, example_of(other, labels, _SMALL if number < len(small) else _OTHER), False
    say("small dumps and those of other pages")


def train(pages: Sequence[Page], folds: Path, say: Say) -> bytes:
    """Cross-validate, write the results out of fold, and return the weights fitted on all pages."""
    made = list(examples(pages, say))
    say(f"{len(made)} dumps with {sum(len(e.labels) for _, e, _ in made):,} lines")
    results: dict[str, Any] = {}
    for fold in range(FOLDS):
        networks = [fit([e for p, e, _ in made if p.fold != fold], seed, say) for seed in SEEDS]
        for page, example, scored in made:
            if scored and page.fold == fold:
                odds = np.mean([network.log_odds(example.lines) for network in networks], axis=0)
                results[f"{page.dataset}/{page.id}"] = (1 / (1 + np.exp(-odds))).astype(np.float32)
        np.savez_compressed(folds, **results)
        say(f"fold {fold}")
    return dump([fit([e for _, e, _ in made], seed, say) for seed in SEEDS])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of page archives (NAME.jsonl.gz)")
    parser.add_argument("--cache", type=Path, required=True, help="folder for alignments, which take minutes")
    parser.add_argument("--out", type=Path, default=Path("pipeline/strip"), help="folder for the weights")
    parser.add_argument("--every", type=int, default=1, help="take every n-th page, to try the recipe")
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)
    arguments.cache.mkdir(parents=True, exist_ok=True)

    def say(text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    pages = load(arguments.data, arguments.cache, every=arguments.every)
    say(f"{len(pages)} pages read and labelled")
    weights = train(pages, arguments.cache / "lines-folds.npz", say)
    (arguments.out / "lines.npz").write_bytes(weights)
    say(f"lines.npz has {len(weights):,} bytes")


if __name__ == "__main__":
    main()
