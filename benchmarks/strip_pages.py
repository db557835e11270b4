"""The pages that `strip` is trained on: read, labelled against the gold, in folds of whole domains."""

import dataclasses
import gzip
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_dumps import Dump, labels_of, render
from benchmarks.strip_labels import align, words_of
from pipeline.read.stage import read_page
from pipeline.strip.page_type import TYPES
from pipeline.strip.title import find_heading
from pipeline.strip.view import Floats, View, look

SETS = ("wcxb", "scrapinghub", "readability", "magichtml-article", "magichtml-forum", "trafeval")
_STUB = 400
"""Words of a page whose empty gold is believed: a challenge or an error page. Above it, the gold is wrong."""
_SNIPPETS = 0.25
"""What a page counts in training of which only snippets are labelled."""
_CONTENT = 0.5
"""Label of a block from which on it is content."""
_LEAST = 2
"""Blocks of content of a small page at least."""
_SMALL = 30
"""Blocks below which a page is small anyway."""
_WITH_ADDRESS = 0.3
"""Share of small pages that keep their address."""
_PART = 0.4
"""What a small page counts in training beside the one that it was made of."""
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
    weight: float
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
    if row["gold"] or name != "trafeval":
        labels = _aligned(texts, row["gold"], cache)
        size = sum(len(text.split()) for text in texts)
        weight = 1.0 if row["gold"] or size <= _STUB else 0.0
    else:
        labels, weight = _by_snippets(texts, row["with"], row["without"]), _SNIPPETS
    return Page(
        id=row["id"],
        dataset=name,
        type=row["page_type"] if row["page_type"] in TYPES else "article",
        fold=fold_of(row["split_key"]),
        view=look(document.blocks, document.title, document.metadata.description, url),
        title=document.title,
        labels=labels,
        weight=weight,
        gold=words_of(row["gold"]),
        block_words=[Counter(words_of(text)) for text in texts],
    )


def _aligned(texts: Sequence[str], gold: str, cache: Path) -> Floats:
    key = hashlib.sha256("\0".join([gold, *texts]).encode("utf-8", "replace")).hexdigest()
    at = cache / f"{key}.npy"
    if not at.exists():
        np.save(at, align(texts, gold))
    labels: Floats = np.load(at)
    return labels


def _by_snippets(texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]) -> Floats:
    """Return 1 for a block that holds a wanted snippet, 0 for one that holds an unwanted one, nan for others."""
    labels = np.full(len(texts), np.nan, dtype=np.float32)
    for index, text in enumerate(" ".join(text.split()) for text in texts):
        if any(snippet in text for snippet in wanted if len(snippet) > 3):
            labels[index] = 1
        elif any(snippet in text for snippet in unwanted if len(snippet) > 3):
            labels[index] = 0
    return labels


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


def weights_of_blocks(page: Page) -> Floats:
    """Return what each block counts in training: by its words' share of the page, so that pages count alike."""
    words = np.sqrt(np.maximum(page.view.words, 1))
    weight = np.where(np.isnan(page.labels), 0, words)
    return (weight / max(float(weight.sum()), 1e-9) * 100 * page.weight).astype(np.float32)


def shrunk(pages: Sequence[Page]) -> list[Page]:
    """Return small pages made of the given ones: the title, a few blocks of content, a little furniture around them.

    Few of the pages in the sets are small, yet many that people have are. Most of the small ones have no address.
    What is drawn depends on the page's id alone.
    """
    small = []
    for page in pages:
        chance = random.Random(hashlib.sha256(f"small {page.id}".encode()).digest())
        content = np.flatnonzero(page.labels >= _CONTENT).tolist()
        if page.dataset == "trafeval" or not page.gold or len(content) < _LEAST or len(page.labels) < _SMALL:
            continue
        start = chance.choice([0, 0, chance.randrange(len(content) - 1)])
        run = content[start : start + chance.randint(_LEAST, 9)]
        chosen = set(range(run[0], run[-1] + 1)) if run[-1] - run[0] < _SMALL else set(run)
        before = [i for i in range(run[0]) if page.labels[i] < _CONTENT]
        after = [i for i in range(run[-1] + 1, len(page.labels)) if page.labels[i] < _CONTENT]
        for part in (before, after):
            chance.shuffle(part) if chance.random() < 0.5 else part.sort(key=lambda i: abs(i - run[0]))
            chosen.update(part[: chance.randint(0, 7)])
        shown = [i for i, b in enumerate(page.view.blocks[: run[0]]) if b.text == page.title]
        chosen.update(shown[-1:])
        small.append(_part_of(page, sorted(chosen), page.view.url if chance.random() < _WITH_ADDRESS else ""))
    return small


def _part_of(page: Page, chosen: Sequence[int], url: str) -> Page:
    words = [page.block_words[i] for i in chosen]
    labels = page.labels[list(chosen)]
    gold = [w for count, label in zip(words, labels, strict=True) if label >= _CONTENT for w in count.elements()]
    return Page(
        id=f"{page.id} small",
        dataset="small",
        type=page.type,
        fold=page.fold,
        view=look([page.view.blocks[i] for i in chosen], page.title, None, url or None),
        title=page.title,
        labels=labels,
        weight=_PART * page.weight,
        gold=gold,
        block_words=words,
    )


def is_text(page: Page) -> bool:
    """Return whether a page is what dumps are made of for scoring: an article or documentation with a gold text."""
    return page.type in {"article", "documentation"} and bool(page.gold)


def dumps_of(pages: Sequence[Page]) -> Iterator[tuple[Page, Page]]:
    """Yield each article and each page of documentation that has a gold text, and its dump."""
    texts = [page for page in pages if is_text(page)]
    for number, page in enumerate(texts):
        dump = render(page.id, page.view.blocks, page.labels, page.title, texts[number - 1].title)
        if (shown := as_dump(page, dump)) is not None:
            yield page, shown


def as_dump(page: Page, dump: Dump) -> Page | None:
    """Return a page as what is read of its dump, with labels; None where nothing is read."""
    blocks = read_page(dump.text, name="dump.txt").blocks
    if not blocks:
        return None
    title = find_heading(blocks, "", ()).title
    return dataclasses.replace(
        page,
        view=look(blocks, title, None, None),
        title=title,
        labels=labels_of(dump, blocks),
        block_words=[Counter(words_of(block.text)) for block in blocks],
    )
