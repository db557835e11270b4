"""Clean medical text for mining: articles, those held out, and the table of words that ships.

`python -m benchmarks.mine_data --data FOLDER` makes pipeline/review/mining/background.npz anew from
`sections/en_disease_*.jsonl.gz`, `sections/medquad_dev.jsonl.gz` and, for the company that words keep, the
general text in `sections/en_general_control.jsonl.gz` and `repair/clean_{web,wikitext2}.jsonl.gz`.
docs/models/mining.md says more. Articles of the bench are in none of it.
"""

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.review.mining.background import BACKGROUND, Background, pair_hash, save_background
from pipeline.review.mining.words import BREAK, counted, words

BENCH = 300
"""Articles of the bench: up to half of them from Wikipedia, the others from MedQuAD."""
LEAST, MOST = 250, 4000
"""Words of an article of the bench."""
DIMENSIONS = 64
WINDOW = 5
LEAST_COUNT = 6
"""Rarer words have no vector and no count of their own."""


class Article(NamedTuple):
    """A clean article: blocks of text, and which are headings."""

    id: str
    title: str
    blocks: tuple[str, ...]
    headings: tuple[bool, ...]

    @property
    def length(self) -> int:
        return sum(len(block.split()) for block in self.blocks)


def rows(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def wikipedia(path: Path) -> Iterator[Article]:
    for row in rows(path):
        blocks = [(row.get("abstract") or "", False)]
        for section in row["sections"]:
            blocks.append((section["heading"], True))
            blocks += [(block[1], False) for block in section.get("blocks") or ()]
        yield article(row["id"], row["title"], blocks)


def medquad(path: Path) -> Iterator[Article]:
    for row in rows(path):
        blocks = []
        for section in row["sections"]:
            blocks.append((section["heading"], True))
            blocks += [(line, False) for line in section["text"].split("\n")]
        yield article(row["id"], row["title"], blocks)


def plain(path: Path) -> Iterator[Article]:
    for row in rows(path):
        yield article(row["id"], "", [(line, False) for line in row["text"].split("\n")])


def article(own: str, title: str, blocks: Iterable[tuple[str, bool]]) -> Article:
    held = [(text, heading) for text, heading in blocks if text.strip()]
    return Article(own, title, tuple(text for text, _ in held), tuple(heading for _, heading in held))


def chance(text: str) -> int:
    """Return a number that depends on the text alone."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16)


class Articles(NamedTuple):
    """The articles: those of the bench, the other medical ones, and general ones."""

    bench: list[Article]
    medical: list[Article]
    general: list[Article]


def articles(data: Path) -> Articles:
    """Read and divide the articles; no title of the bench is among the others."""
    folder = data / "sections"
    validation = list(wikipedia(folder / "en_disease_validation.jsonl.gz"))
    asked = list(medquad(folder / "medquad_dev.jsonl.gz"))
    bench: list[Article] = []
    for pool in (validation, asked):
        fit = sorted((one for one in pool if LEAST <= one.length <= MOST), key=lambda one: chance(one.id))
        bench += fit[: BENCH // 2 if pool is validation else BENCH - len(bench)]
    titles = {one.title.lower() for one in bench}
    others = [*validation, *wikipedia(folder / "en_disease_train.jsonl.gz"), *asked]
    general = [one for name in ("web", "wikitext2") for one in plain(data / "repair" / f"clean_{name}.jsonl.gz")]
    general += wikipedia(folder / "en_general_control.jsonl.gz")
    return Articles(bench, [one for one in others if one.title.lower() not in titles], general)


class Encoded(NamedTuple):
    """Articles as numbers of words, -1 for a break."""

    vocabulary: list[str]
    medical: list[npt.NDArray[np.int32]]
    general: list[npt.NDArray[np.int32]]


def encode(medical: Iterable[Article], general: Iterable[Article]) -> Encoded:
    numbers: dict[str, int] = {}

    def stream(one: Article) -> npt.NDArray[np.int32]:
        found = []
        for block in one.blocks:
            found += [-1 if word == BREAK else numbers.setdefault(word, len(numbers)) for word in words(block)]
            found.append(-1)
        return np.array(found, dtype=np.int32)

    encoded = [stream(one) for one in medical], [stream(one) for one in general]
    return Encoded(list(numbers), *encoded)


class Table(NamedTuple):
    """The arguments of `Background`."""

    words: list[str]
    counts: npt.NDArray[np.float32]
    total: float
    vectors: npt.NDArray[np.float32]
    pairs: npt.NDArray[np.uint32]
    pair_counts: npt.NDArray[np.float32]

    def background(self) -> Background:
        return Background(*self)


def table(encoded: Encoded) -> Table:
    """Count words, pairs and company."""
    names, size = encoded.vocabulary, len(encoded.vocabulary)
    medical, general = np.concatenate(encoded.medical), np.concatenate(encoded.general)
    counts = np.bincount(medical[medical >= 0], minlength=size).astype(np.float32)
    whole = counts + np.bincount(general[general >= 0], minlength=size)
    kept = [n for n in np.argsort(-whole, kind="stable") if whole[n] >= LEAST_COUNT and names[n].isascii()]
    pairs, pair_counts = _pairs(medical, names)
    vectors = _vectors(np.concatenate([medical, general]), names, np.array(kept))
    return Table([names[n] for n in kept], counts[kept], float(counts.sum()), vectors, pairs, pair_counts)


def _pairs(
    stream: npt.NDArray[np.int32], names: Sequence[str]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    first, second = stream[:-1].astype(np.int64), stream[1:].astype(np.int64)
    beside = (first >= 0) & (second >= 0)
    codes, times = np.unique(first[beside] * len(names) + second[beside], return_counts=True)
    codes, times = codes[times > 1], times[times > 1]
    hashes = np.array(
        [pair_hash(names[c // len(names)], names[c % len(names)]) for c in codes.tolist()], dtype=np.uint32
    )
    hashes, first_of = np.unique(hashes, return_index=True)
    return hashes, times[first_of].astype(np.float32)


def _vectors(
    stream: npt.NDArray[np.int32], names: Sequence[str], kept: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Return unit vectors: positive pointwise mutual information in a window, contexts smoothed, by truncated SVD.

    As in Levy, Goldberg and Dagan 2015: contexts to the power of 0.75, half of the singular values.
    """
    import scipy.sparse as sparse
    from scipy.sparse.linalg import svds

    row = np.full(len(names) + 1, -1, dtype=np.int32)
    row[kept] = np.arange(len(kept))
    quiet = np.array([not counted(name) for name in names] + [False])
    row[quiet.nonzero()[0]] = -2
    coded = row[stream]
    coded = coded[coded != -2]
    size = len(kept)
    company = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        left, right = coded[:-distance], coded[distance:]
        both = (left >= 0) & (right >= 0)
        one = np.ones(int(both.sum()), dtype=np.float32)
        company = company + sparse.coo_matrix((one, (left[both], right[both])), shape=(size, size)).tocsr()
    company = (company + company.T).tocoo()
    sums = np.asarray(company.sum(axis=1)).ravel() + 1e-9
    smoothed = sums**0.75
    worth = np.log(company.data * smoothed.sum() / (sums[company.row] * smoothed[company.col]))
    positive = worth > 0
    matrix = sparse.csr_matrix((worth[positive], (company.row[positive], company.col[positive])), shape=(size, size))
    start = np.random.default_rng(0).standard_normal(size)
    left_vectors, values, _ = svds(matrix, k=DIMENSIONS, v0=start, tol=1e-3)
    vectors = left_vectors * np.sqrt(values)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    unit: npt.NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with sections/ and repair/")
    parser.add_argument("--out", type=Path, default=BACKGROUND)
    given = parser.parse_args()
    read = articles(given.data)
    made = table(encode(read.medical, read.general))
    save_background(given.out, *made)
    print(f"{len(made.words):,} words, {len(made.pairs):,} pairs from {made.total:,.0f} words of medical text")


if __name__ == "__main__":
    main()
