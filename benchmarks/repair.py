"""How safe, fast and small repair is: `make bench-repair`, with CLEAN_DATA naming the folder of clean corpora.

python -m benchmarks.repair [--data FOLDER] [--tagging FOLDER] [--show N]

Without data: speed and memory with synthetic entries, and pages full of errors. With data (clean_*.jsonl.gz): every
change on clean English, and speed beside codespell and typos where they are installed. With a treebank
(*.conllu.gz): inflection beside LemmInflect and inflect where they are installed.
"""

import argparse
import collections
import gc
import gzip
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.repair_data import tagged
from pipeline.document import Document
from pipeline.read.stage import read_page
from pipeline.repair import index_cache
from pipeline.repair.compiled import load_engine
from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry
from pipeline.repair.inflection import forms
from pipeline.repair.passes import repair
from pipeline.repair.stage import RepairOptions, propose
from pipeline.repair.triggers import Triggers, table
from pipeline.strip.stage import strip_boilerplate

ROOT = Path(__file__).parent.parent
CLEAN = {"clean_medquad": 1.0, "clean_web": 0.2, "clean_wikitext2": 0.2}
"""The clean corpora, with the changes per million words that each may suffer."""
PEERS = ("codespell", "typos")
ROUNDS = 5
FEW, MANY = 5_000, 50_000
PAGE = (
    "One of the forms of this disease is osteoporosis of the vertebrae, because of the mountain range lies the maximum "
    "load when driving. The doctor looks at the spine, at the joints and at the blood, and asks how long the pain has "
    "lasted, what eases it and what makes it worse, and whether anyone in the family has had it before. Cells bone, "
    "like many other cells of the human body, have the property updated. First, develop bone mass, and the latter "
    "dilute it. As a result, may develop secondary anemia, does not have overt signs. Before to treat the spine, it is "
    "necessary to find the cause of the pain, which may be several. The patient is then sent home with a plan of "
    "exercise and a diet that is rich in calcium."
)


def documents(path: Path) -> list[Document]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return [Document.from_paragraphs("", [part for part in text.split("\n") if part.strip()]) for text in texts]


def words_in(pages: Sequence[Document]) -> int:
    return sum(len(block.text.split()) for page in pages for block in page.blocks)


class Row(NamedTuple):
    """A target beside what was measured."""

    what: str
    target: str
    measured: str
    met: bool


def clean_corpora(folder: Path, show: int) -> Iterator[Row]:
    options = RepairOptions()
    print("changes on clean English, text faults included")
    for name, most in CLEAN.items():
        pages = documents(folder / f"{name}.jsonl.gz")
        reasons: collections.Counter[str] = collections.Counter()
        shown = []
        for page in pages:
            for edit in propose(page, options).edits:
                reasons[edit.reason] += 1
                text = page.title if edit.block is None else page.blocks[edit.block].text
                left, right = text[max(0, edit.start - 50) : edit.start], text[edit.end : edit.end + 40]
                shown.append(f"    {edit.reason}: {left}[{text[edit.start : edit.end]} → {edit.after}]{right}")
        words = words_in(pages)
        total = reasons.total()
        print(
            f"  {name:18} {words:>9,} words {total:>4} changes {total / words * 1e6:6.2f} per million {dict(reasons)}"
        )
        print("\n".join(shown[:show]), end="\n" if shown[:show] else "")
        rate = total / words * 1e6
        yield Row(f"false changes per million words, {name}", f"≤ {most}", f"{rate:.2f}", rate <= most)


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def cpu_of(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def speed(folder: Path) -> Iterator[Row]:
    """Time repair and its peers on the same text, in turns; what loads once is not counted for any of them."""
    options = RepairOptions()
    pages = [page for name in CLEAN for page in documents(folder / f"{name}.jsonl.gz")]
    words = words_in(pages)
    cpu(lambda: [propose(page, options) for page in pages])
    gc.collect()
    gc.freeze()  # the corpora that this benchmark holds in memory are no part of what it times
    with tempfile.TemporaryDirectory() as scratch:
        text, empty = Path(scratch) / "text.txt", Path(scratch) / "empty.txt"
        text.write_text("\n".join(b.text for p in pages for b in p.blocks), encoding="utf-8", errors="replace")
        empty.write_text("", encoding="utf-8")
        peers = {name: found for name in PEERS if (found := _installed(name))}
        times: dict[str, list[float]] = {name: [] for name in ("repair", *peers)}
        for _ in range(ROUNDS):
            times["repair"].append(cpu(lambda: [propose(page, options) for page in pages]))
            for name, command in peers.items():
                times[name].append(cpu_of([command, str(text)]) - cpu_of([command, str(empty)]))
    gc.unfreeze()
    print(f"CPU time on {words:,} words of clean text, best of {ROUNDS}, in turns; peers without their start")
    rates = {name: words / min(own) / 1e6 for name, own in times.items()}
    for name, rate in rates.items():
        print(f"  {name:10} {rate:6.2f} M words/s, repair {rates['repair'] / rate:.2f} times as fast")
    yield Row(
        "words/s on clean text, text faults included", "≥ 0.8 M", f"{rates['repair']:.2f} M", rates["repair"] >= 0.8
    )
    for name in peers:
        ratio = rates["repair"] / rates[name]
        target = "> 1" if name == "codespell" else "–"
        yield Row(f"speed beside {name}", target, f"{ratio:.2f} times", target == "–" or ratio > 1)
    for name in set(PEERS) - set(peers):
        print(f"  {name} is not installed")


def _installed(name: str) -> str | None:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


def errors_per_page() -> Iterator[Row]:
    options = RepairOptions()
    pages = [Document.from_paragraphs("", [PAGE] * 20) for _ in range(20)]
    own = [strip_boilerplate(read_page(path.read_bytes(), name=path.name)) for path in sorted((ROOT / "raw").iterdir())]
    for what, some in (("one page of errors, repeated", pages), ("the pages of raw/", own)):
        changes = sum(len(propose(page, options).edits) for page in some)
        words = words_in(some)
        took = min(cpu(lambda some=some: [propose(page, options) for page in some]) for _ in range(ROUNDS))  # type: ignore[misc]
        rate = words / took / 1e6
        what = f"{what}: words/s with {changes / words * 100:.1f} changes per 100 words"
        print(f"{what}: {rate:.3f} M, {took / len(some) * 1000:.1f} ms a page of {words / len(some):.0f} words")
        yield Row(what, "≥ 0.1 M", f"{rate:.3f} M", rate >= 0.1)


def synthetic(count: int, seed: int = 1) -> list[Entry]:
    """Return entries of one to four common words each, as a glossary holds them."""
    from pipeline.repair.word_list import zipf_frequencies

    chance = random.Random(seed)
    words = sorted(word for word, zipf in zipf_frequencies().items() if zipf >= 3 and len(word) > 3)
    entries = []
    for number in range(count):
        phrase = " ".join(chance.choice(words) for _ in range(chance.choice((2, 2, 3, 4))))
        entries.append(
            Entry(
                id=f"xx.made.n{number}",
                match=f"{phrase}:n",
                replace=f"{words[number % 999]} thing:n",
                topic=("medicine",),
                cues=("spine", "osteo*"),
                not_=(f"{phrase} street",),
                status="approved",
            )
        )
    return entries


def many_entries(folder: Path | None) -> Iterator[Row]:
    texts = [PAGE] * 400
    if folder is not None:
        texts = [b.text for page in documents(folder / "clean_medquad.jsonl.gz")[:400] for b in page.blocks]
    pages = [Document.from_paragraphs("", texts[i : i + 20]) for i in range(0, len(texts), 20)]
    words = words_in(pages)
    engines = {}
    for count in (FEW, MANY):
        entries = synthetic(count)
        load, memory = loaded(index_cache.encode(entries, table(entries)))
        print(f"{count:>6,} entries: load from cache {load:.2f} s, memory {memory:.0f} MiB")
        if count == MANY:
            yield Row(f"{count:,} entries: load from cache", "≤ 0.3 s", f"{load:.2f} s", load <= 0.3)
            yield Row(f"{count:,} entries: memory", "≤ 150 MiB", f"{memory:.0f} MiB", memory <= 150)
        engines[count] = Engine(entries, Triggers(table(entries)))
    times: dict[int, list[float]] = {count: [] for count in engines}
    for _ in range(7):
        for count, engine in engines.items():
            times[count].append(cpu(lambda engine=engine: [repair(page, engine) for page in pages]))  # type: ignore[misc]
    few, many = (min(times[count]) for count in (FEW, MANY))
    rates = f"{words / few / 1e6:.2f} and {words / many / 1e6:.2f} M words/s"
    print(f"  ten times the entries, interleaved: {rates}, {many / few:.2f} times the time")
    yield Row("ten times the entries: time", "≤ 1.3 times", f"{many / few:.2f} times", many / few <= 1.3)


LOADING = """
import psutil, sys, time
from pathlib import Path
from pipeline.repair import index_cache, stage
from pipeline.repair.compiled import _Entries
from pipeline.repair.engine import Engine
from pipeline.repair.triggers import Triggers
before = psutil.Process().memory_info().rss
start = time.process_time()
compiled = index_cache.decode(Path(sys.argv[1]).read_bytes())
engine = Engine(_Entries(compiled.entries), Triggers(compiled.table))
del compiled
print(time.process_time() - start, (psutil.Process().memory_info().rss - before) / 2**20)
"""


def loaded(data: bytes) -> tuple[float, float]:
    """Return seconds of CPU time and MiB that a process of its own takes to load a compiled glossary."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-c", LOADING, file.name]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, mebibytes = map(float, shown.stdout.split())
    return seconds, mebibytes


PENN = {"NNS": ("n", "plural"), "VBZ": ("v", "s"), "VBG": ("v", "ing"), "VBD": ("v", "ed"), "VBN": ("v", "en")} | {
    "JJR": ("a", "er"), "JJS": ("a", "est"),
}  # fmt: skip


def inflection(folder: Path) -> None:
    seen = collections.Counter(
        (word, lemma, tag)
        for word, lemma, tag in tagged(folder)
        if tag in PENN and lemma.isalpha() and lemma not in {"be", "more", "most", "much", "many"}
    )
    makers: dict[str, Callable[[str, str], Sequence[str]]] = {"own rules": _own}
    makers.update(_peers())
    print(f"inflection: {len(seen):,} different (lemma, tag, form) of the treebank")
    for name, make in makers.items():
        right = sum(word in make(lemma, tag) for word, lemma, tag in seen)
        took = cpu(lambda make=make: [make(lemma, tag) for _, lemma, tag in seen])  # type: ignore[misc]
        print(f"  {name:12} {right / len(seen):7.2%} right, {took / len(seen) * 1e6:7.1f} µs a form")


def _own(lemma: str, tag: str) -> Sequence[str]:
    kind, form = PENN[tag]
    return (forms(lemma, kind)[form],)


def _peers() -> Iterator[tuple[str, Callable[[str, str], Sequence[str]]]]:
    try:
        import lemminflect

        yield "LemmInflect", lambda lemma, tag: lemminflect.getInflection(lemma, tag)[:1]
    except ImportError:
        pass
    try:
        import inflect  # type: ignore[import-not-found,unused-ignore]

        engine = inflect.engine()
        yield "inflect", lambda lemma, tag: (engine.plural_noun(lemma),) if tag == "NNS" else ()
    except ImportError:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--tagging", type=Path)
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    load_engine(RepairOptions().folders)
    rows: list[Row] = []
    if arguments.data:
        rows += clean_corpora(arguments.data, arguments.show)
        rows += speed(arguments.data)
    rows += errors_per_page()
    rows += many_entries(arguments.data)
    if arguments.tagging:
        inflection(arguments.tagging)
    print("\n| what | target | measured | |\n| --- | --- | --- | --- |")
    for row in rows:
        print(f"| {row.what} | {row.target} | {row.measured} | {'met' if row.met else '**missed**'} |")


if __name__ == "__main__":
    main()
