"""Compare `strip` with trafilatura, resiliparse and readability-lxml, page by page in one run: `make bench-strip`.

Accuracy is word F1 (bag of words, each CJK character a word), 4-gram F1 for scrapinghub, the F of
snippets for trafeval. Where a folder of out-of-fold results is given (`strip_train` writes
it), our pages are scored with models that saw no page of their domain; without it the shipped weights
are used, which were trained on these very pages, and only the speed means anything. Each system's peak memory is
that of a process of its own that runs it over the same pages.
"""

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks.strip_labels import words_of
from pipeline.document import Document, apply
from pipeline.read.stage import read_page
from pipeline.strip.model import Known
from pipeline.strip.page_type import TYPES
from pipeline.strip.stage import StripOptions, propose, strip_boilerplate
from pipeline.strip.view import Floats

SETS = ("wcxb", "scrapinghub", "readability", "magichtml-article", "magichtml-forum", "trafeval")
System = Callable[[str, str | None], str]
_FIRST = (
    "<title>Tea</title><article><p>Tea is a drink made of leaves and hot water, and many people like it.</p></article>"
)


def _trafilatura() -> System:
    import trafilatura

    return lambda html, _: trafilatura.extract(html, include_comments=False) or ""


def _resiliparse() -> System:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _: extract_plain_text(html, main_content=True, comments=False, alt_texts=False)


def _readability() -> System:
    import readability
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _: extract_plain_text(readability.Document(html).summary(html_partial=True))


def ours(html: str, url: str | None) -> str:
    """Return the text of read and strip with the shipped weights."""
    return text_of(strip_boilerplate(read_page(html, url=url)))


SYSTEMS: dict[str, Callable[[], System]] = {
    "trafilatura": _trafilatura,
    "resiliparse": _resiliparse,
    "readability-lxml": _readability,
    "article-pipeline": lambda: ours,
    "no system": lambda: lambda *_: "",
}
"""What is compared, each imported when it is asked for, so that a process holds no more than it needs."""
UNSEEN = ("unseen domains", "  and the title")
"""Our text by models that saw no page of its domain, and the same with the title before it, as some golds have it."""


def unseen(html: str, url: str | None, result: Floats) -> tuple[str, str]:
    """Return title and text of read and strip with an out-of-fold result in place of the shipped scorer's."""
    document = read_page(html, url=url)
    types, probability = result[1 : 1 + len(TYPES)], result[1 + len(TYPES) :]
    if len(probability) != len(document.blocks):
        raise ValueError("the page was read otherwise when the out-of-fold results were made; train anew")
    stripped = apply(document, propose(document, StripOptions(), Known(probability, float(result[0]), types)))
    return stripped.title, text_of(stripped)


def text_of(document: Document) -> str:
    """Return the text as `Record.text` gives it."""
    return document.to_record().text


def word_f1(gold: str, text: str) -> float:
    """Return the F1 of two bags of words."""
    wanted, found = Counter(words_of(gold)), Counter(words_of(text))
    if not wanted:
        return float(not found)
    common = (wanted & found).total()
    return 2 * common / (wanted.total() + found.total()) if common else 0.0


def shingle_scores(gold: str, text: str) -> tuple[float | None, float | None]:
    """Return precision and recall over 4-grams of words; None where there is nothing to measure."""
    wanted, found = (_shingles(re.findall(r"\w+", t)) for t in (gold, text))
    common = (wanted & found).total()
    return (common / found.total() if found else None), (common / wanted.total() if wanted else None)


def _shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(s for s in (tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if s)


@dataclass
class Tally:
    """What one system reached on one set."""

    f1: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    snippets: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    seconds: float = 0.0
    errors: int = 0
    empty: int = 0
    worst: list[tuple[float, str]] = field(default_factory=list)

    def add(self, row: Mapping[str, Any], text: str) -> None:
        """Count one page."""
        if row["dataset"] == "trafeval":
            squeezed = " ".join(text.split())
            for wanted in (True, False):
                for snippet in row["with" if wanted else "without"]:
                    self.snippets[wanted, " ".join(snippet.split()) in squeezed] += 1
            return
        score = word_f1(row["gold"], text)
        self.f1[row["page_type"]].append(score)
        self.worst.append((score, row["id"]))
        self.empty += bool(row["gold"]) and not text.strip()
        precision, recall = shingle_scores(row["gold"], text)
        self.precision += [precision] if precision is not None else []
        self.recall += [recall] if recall is not None else []

    def line(self, pages: int, base: float) -> str:
        """Return the result in one line.

        Args:
            pages: how many there were.
            base: seconds that trafilatura took for them.
        """
        seconds = max(self.seconds, 1e-9)
        speed = f"{pages / seconds:7.1f} pages/s ({base / seconds:.2f} ×)  errors {self.errors}" if self.seconds else ""
        if self.snippets:
            hit, miss, extra = (self.snippets[key] for key in ((True, True), (True, False), (False, True)))
            return f"snippet F {2 * hit / (2 * hit + miss + extra):.3f}  {speed}"
        values = [score for scores in self.f1.values() for score in scores]
        p, r = mean(self.precision), mean(self.recall)
        types = "  ".join(f"{kind} {mean(scores):.3f}" for kind, scores in sorted(self.f1.items()))
        return (
            f"word F1 {mean(values):.3f}  4-gram F1 {2 * p * r / (p + r):.3f}  empty {self.empty}  {speed}  | {types}"
        )


def compare(data: Path, name: str, every: int, folds: Mapping[str, Floats] | None, worst: int) -> None:
    """Run all systems over one set and print a line for each."""
    systems = {system: make() for system, make in SYSTEMS.items() if system != "no system"}
    for run in systems.values():  # what is loaded on the first page is no page's time
        run(_FIRST, None)
    tallies = {system: Tally() for system in [*systems, *(UNSEEN if folds is not None else ())]}
    pages = 0
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every:
                continue
            row = json.loads(line)
            url = row["url"] if isinstance(row["url"], str) else None
            pages += 1
            order = list(systems)[pages % len(systems) :] + list(systems)[: pages % len(systems)]
            for system in order:
                tally = tallies[system]
                start = time.process_time()
                try:
                    text = systems[system](row["html"], url)
                except Exception as error:  # noqa: BLE001 - a peer's crash is a result
                    text, tally.errors = "", tally.errors + 1
                    print(f"! {system} {row['id']}: {type(error).__name__}: {error}")
                tally.seconds += time.process_time() - start
                tally.add(row, text)
            if folds is not None:
                key = f"{name}/{row['id']}"
                title, text = unseen(row["html"], url, folds[key]) if key in folds else ("", "")
                tallies[UNSEEN[0]].add(row, text)
                tallies[UNSEEN[1]].add(row, f"{title}\n{text}")
    print(f"\n{name}: {pages} pages")
    for system, tally in tallies.items():
        print(f"  {system:18s} {tally.line(pages, tallies['trafilatura'].seconds)}")
        for score, ident in sorted(tally.worst)[:worst]:
            print(f"      {score:.3f} {ident}")


def peak_memory(system: str, data: Path, every: int) -> float:
    """Return the peak resident memory, in MiB, of a process that runs one system over the pages of the first set."""
    command = [sys.executable, "-m", "benchmarks.strip", "--data", str(data), "--every", str(every)]
    ended = subprocess.run([*command, "--memory-of", system], capture_output=True, text=True, check=True)
    return float(ended.stdout.split()[-1])


def own_peak() -> float:
    """Return this process's peak resident memory in MiB; `ru_maxrss` is that of its parent where that had more."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_alone(system: str, data: Path, every: int) -> None:
    """Run one system over the pages of the first set and print the peak memory of this process."""
    run = SYSTEMS[system]()
    with gzip.open(data / f"{SETS[0]}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                row = json.loads(line)
                try:
                    run(row["html"], row["url"] if isinstance(row["url"], str) else None)
                except Exception:  # noqa: BLE001, S112 - counted in the other run
                    continue
    print(own_peak())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of page archives (NAME.jsonl.gz)")
    parser.add_argument("--folds", type=Path, help="out-of-fold results, html-folds.npz")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        run_alone(arguments.memory_of, arguments.data, arguments.every)
        return
    folds = None
    if arguments.folds:
        with np.load(arguments.folds, allow_pickle=False) as arrays:
            folds = {name: arrays[name] for name in arrays.files}
    for name in arguments.sets:
        compare(arguments.data, name, arguments.every, folds, arguments.worst)
    for system in SYSTEMS:
        print(f"peak memory {system:18s} {peak_memory(system, arguments.data, max(arguments.every, 8)):6.0f} MiB")


if __name__ == "__main__":
    main()
