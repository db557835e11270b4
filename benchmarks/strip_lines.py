"""Measure `strip` on plain-text dumps, line by line: kept or dropped, against the labels of generated dumps.

The dumps are those that the scorer is trained on (`strip_dumps`); each is judged by a scorer that saw no page of its
domain (`strip_train` writes the results) and by the rules. A line is content where half of its words are in the
gold. Pages about health are told apart by their words: they are what the dumps that people have are about.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_pages import Page, as_dumps, load
from pipeline.document import Document
from pipeline.record import PageSource
from pipeline.strip.dump_rules import furniture_by_rules
from pipeline.strip.model import Known
from pipeline.strip.page_type import TYPES
from pipeline.strip.stage import StripOptions, propose
from pipeline.strip.title import find_heading
from pipeline.strip.view import Floats

_HEALTH = re.compile(
    r"\b(?:health|disease|symptom|treatment|patient|doctor|pain|medicin|medical|therap|vitamin|diet|infection|cancer|"
    r"skin|blood|drug)\w*",
    re.IGNORECASE,
)
_ABOUT_HEALTH = 0.012
"""Share of words of health from which on a page is about it."""
_CONTENT = 0.5


def judged(page: Page, result: Floats) -> dict[str, NDArray[np.bool_]]:
    """Return what is kept of a dump by rules and scorer together, by each alone."""
    document = _document(page)
    probability = result[1 + len(TYPES) :]
    types = result[1 : 1 + len(TYPES)]
    n = len(document.blocks)
    heading = find_heading(document.blocks, "", ())
    taken = [*heading.title_blocks, *heading.breadcrumb_blocks]
    by_rules = furniture_by_rules(document.blocks, heading.title, taken).keys() | set(taken)
    dropped = [drop.index for drop in propose(document, StripOptions(), Known(probability, 0.0, types)).drops]
    return {
        "together": _kept(n, dropped),
        "rules alone": _kept(n, list(by_rules)),
        "scorer alone": probability >= _CONTENT,
    }


def _document(page: Page) -> Document:
    source = PageSource(name=None, url=None, sha256="", kind="text", encoding="utf-8")
    return Document(id=page.id, source=source, blocks=tuple(page.view.blocks), stages=("read",))


def _kept(n: int, dropped: list[int]) -> NDArray[np.bool_]:
    kept = np.ones(n, dtype=bool)
    kept[dropped] = False
    return kept


def _is_about_health(page: Page) -> bool:
    text = " ".join(block.text for block in page.view.blocks)
    return len(_HEALTH.findall(text)) >= _ABOUT_HEALTH * len(text.split())


def compare(pages: list[Page], results: Mapping[str, Floats], worst: int) -> None:
    """Print F1 over kept and over dropped lines, and the share of lines on which decision and label agree."""
    counts: dict[tuple[str, str], Counter[tuple[bool, bool]]] = {}
    bad: list[tuple[int, str]] = []
    for page in pages:
        labelled = ~np.isnan(page.labels)
        wanted = page.labels[labelled] >= _CONTENT
        subject = "health" if _is_about_health(page) else "other"
        for way, kept in judged(page, results[f"{page.dataset}/{page.id}"]).items():
            for name in (subject, "all"):
                tally = counts.setdefault((name, way), Counter())
                tally.update(zip(wanted.tolist(), kept[labelled].tolist(), strict=True))
            if way == "together":
                bad.append((int((wanted != kept[labelled]).sum()), page.id))
    for (name, way), tally in sorted(counts.items()):
        hit, miss, extra, out = (tally[key] for key in ((True, True), (True, False), (False, True), (False, False)))
        agree = (hit + out) / max(tally.total(), 1)
        f1 = f"kept lines F1 {_f1(hit, miss, extra):.3f}  dropped lines F1 {_f1(out, extra, miss):.3f}"
        print(f"{name:7s} {way:13s} {f1}  agree {agree:.3f}  ({tally.total()} lines)")
    for number, ident in sorted(bad, reverse=True)[:worst]:
        print(f"    {number:5d} lines otherwise than labelled: {ident}")


def _f1(hit: int, miss: int, extra: int) -> float:
    return 2 * hit / max(2 * hit + miss + extra, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of page archives (NAME.jsonl.gz)")
    parser.add_argument("--cache", type=Path, required=True, help="folder of alignments and out-of-fold results")
    parser.add_argument("--worst", type=int, default=0)
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)
    with np.load(arguments.cache / "dumps-folds.npz", allow_pickle=False) as arrays:
        results = {name: arrays[name] for name in arrays.files}
    compare(as_dumps(load(arguments.data, arguments.cache)), results, arguments.worst)


if __name__ == "__main__":
    main()
