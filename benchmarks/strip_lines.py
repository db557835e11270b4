"""Measure `strip` on plain-text dumps, line by line: kept or dropped, against labels.

Two kinds of dumps. Generated ones are those that the scorer is trained on (`strip_dumps`); each is judged by forests
and a network that saw no page of its domain (`strip_train` and `strip_lines_train` write the results) and by the
rules. A line is content where half of its words are in the gold; the mended labels leave out what a careful person
would not stand by (`strip_mended`) and the pages whose gold is plainly cut (`strip_cut.txt`). Pages about health are
told apart by their words: they are what the dumps that people have are about. Marked ones (tests/cases/strip_dumps)
are of our own, each line marked by hand.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.strip_marked import MARKED, read_marked
from benchmarks.strip_mended import mended
from benchmarks.strip_pages import Page, dumps_of, load
from pipeline.document import Block, Document
from pipeline.record import PageSource
from pipeline.strip.dump_rules import furniture_by_rules
from pipeline.strip.line_scorer import both
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
_CUT = Path(__file__).with_name("strip_cut.txt")
Bools = NDArray[np.bool_]


def judged(blocks: Iterable[Block], forests: Floats | None, network: Floats | None) -> dict[str, Bools]:
    """Return what is kept of a dump by rules, forests and network together, by each alone.

    Args:
        blocks: its blocks.
        forests: what forests say of them that did not see the page's domain; None for those that are shipped.
        network: what such a network says.
    """
    source = PageSource(name=None, url=None, sha256="", kind="text", encoding="utf-8")
    document = Document(id="dump", source=source, blocks=tuple(blocks), stages=("read",))
    known = None
    if forests is not None and network is not None:
        known = Known(both(forests, network), 0.0, np.zeros(0, dtype=np.float32))
    n = len(document.blocks)
    out = {"together": _kept(n, [drop.index for drop in propose(document, StripOptions(), known).drops])}
    heading = find_heading(document.blocks, "", ())
    taken = [*heading.title_blocks, *heading.breadcrumb_blocks]
    out["rules alone"] = _kept(n, [*furniture_by_rules(document.blocks, heading.title, taken), *taken])
    if forests is not None and network is not None:
        out |= {"forests alone": forests >= _CONTENT, "network alone": network >= _CONTENT}
    return out


def _kept(n: int, dropped: list[int]) -> Bools:
    kept = np.ones(n, dtype=bool)
    kept[dropped] = False
    return kept


def _is_about_health(page: Page) -> bool:
    text = " ".join(block.text for block in page.view.blocks)
    return len(_HEALTH.findall(text)) >= _ABOUT_HEALTH * len(text.split())


class Table:
    """Counts of lines by label and decision for each name, and the shares of agreement of its pages."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[tuple[bool, bool]]] = {}
        self.pages: dict[str, list[float]] = {}

    def add(self, names: Iterable[str], labels: Floats, kept: Bools) -> int:
        """Count a page's labelled lines; return on how many label and decision differ."""
        labelled = ~np.isnan(labels)
        wanted, kept = labels[labelled] >= _CONTENT, kept[labelled]
        for name in names:
            self.counts.setdefault(name, Counter()).update(zip(wanted.tolist(), kept.tolist(), strict=True))
            if labelled.any():
                self.pages.setdefault(name, []).append(float((wanted == kept).mean()))
        return int((wanted != kept).sum())

    def show(self) -> None:
        """Print F1 over kept and over dropped lines, and the share of lines on which decision and label agree."""
        for name, tally in sorted(self.counts.items()):
            hit, miss, extra, out = (tally[k] for k in ((True, True), (True, False), (False, True), (False, False)))
            f1 = f"kept F1 {_f1(hit, miss, extra):.3f}  dropped F1 {_f1(out, extra, miss):.3f}"
            agree = f"agree {(hit + out) / max(tally.total(), 1):.3f}, mean of pages {np.mean(self.pages[name]):.3f}"
            print(f"{name:34s} {f1}  {agree}  ({tally.total()} lines, {len(self.pages[name])} pages)")


def _f1(hit: int, miss: int, extra: int) -> float:
    return 2 * hit / max(2 * hit + miss + extra, 1)


def measure_generated(pages: list[Page], results: Mapping[str, tuple[Floats, Floats]], worst: int) -> None:
    """Print how good the generated dumps come out by the labels as they are and by the mended ones."""
    table = Table()
    cut = {line for line in _CUT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    bad: list[tuple[int, str]] = []
    for page, dump in dumps_of(pages):
        subject = "health" if _is_about_health(dump) else "other"
        labels = mended(page, dump)
        for way, kept in judged(dump.view.blocks, *results[f"{page.dataset}/{page.id}"]).items():
            table.add([f"{name}: {way}, as labelled" for name in ("all", subject)], dump.labels, kept)
            if page.id not in cut:
                wrong = table.add([f"{name}: {way}, mended" for name in ("all", subject)], labels, kept)
                if way == "together":
                    bad.append((wrong, page.id))
    table.show()
    for number, ident in sorted(bad, reverse=True)[:worst]:
        print(f"    {number:5d} lines otherwise than labelled: {ident}")


def measure_marked() -> None:
    """Print how good our own dumps come out; those of which the name begins with `health` are about health."""
    table = Table()
    for path in sorted(MARKED.glob("*.txt")):
        blocks, labels = read_marked(path)
        subject = "health" if path.name.startswith("health") else "other"
        for way, kept in judged(blocks, None, None).items():
            table.add([f"{name}: {way}, marked" for name in ("all", subject)], labels, kept)
    table.show()


def _read(path: Path) -> dict[str, Floats]:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of page archives (NAME.jsonl.gz)")
    parser.add_argument("--cache", type=Path, help="folder of alignments and out-of-fold results")
    parser.add_argument("--worst", type=int, default=0)
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)
    measure_marked()
    if arguments.data and arguments.cache:
        forests = _read(arguments.cache / "dumps-folds.npz")
        network = _read(arguments.cache / "lines-folds.npz")
        results = {name: (forests[name][1 + len(TYPES) :], network[name]) for name in forests}
        measure_generated(load(arguments.data, arguments.cache), results, arguments.worst)


if __name__ == "__main__":
    main()
