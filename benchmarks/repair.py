"""How safe, fast and small repair is: `make bench-repair`, with CLEAN_DATA naming the folder of clean corpora.

python -m benchmarks.repair [--data FOLDER] [--tagging FOLDER] [--show N]

Without data: speed and memory with synthetic entries, and pages full of errors. With data (clean_*.jsonl.gz): every
change on clean English, and speed beside codespell and typos where they are installed. With a treebank
(*.conllu.gz): inflection beside LemmInflect and inflect where they are installed.
"""

import argparse
import collections
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

from benchmarks.repair_data import tagged
from pipeline.document import Document
from pipeline.repair import index_cache
from pipeline.repair.compiled import load_engine
from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry
from pipeline.repair.inflection import forms
from pipeline.repair.passes import repair
from pipeline.repair.stage import RepairOptions, propose
from pipeline.repair.triggers import Triggers, table

ROOT = Path(__file__).parent.parent
CLEAN = ("clean_medquad", "clean_web", "clean_wikitext2")
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


def clean_corpora(folder: Path, show: int) -> None:
    options = RepairOptions()
    print("changes on clean English, text faults included")
    for name in CLEAN:
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


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def cpu_of(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def speed(folder: Path) -> None:
    options = RepairOptions()
    pages = [page for name in CLEAN for page in documents(folder / f"{name}.jsonl.gz")]
    words = words_in(pages)
    propose(pages[0], options)
    with tempfile.TemporaryDirectory() as scratch:
        text, empty = Path(scratch) / "text.txt", Path(scratch) / "empty.txt"
        text.write_text("\n".join(b.text for p in pages for b in p.blocks), encoding="utf-8", errors="replace")
        empty.write_text("", encoding="utf-8")
        peers = {name: found for name in ("codespell", "typos") if (found := shutil.which(name))}
        times: dict[str, list[float]] = {name: [] for name in ("repair", *peers)}
        for _ in range(3):
            times["repair"].append(cpu(lambda: [propose(page, options) for page in pages]))
            for name, command in peers.items():
                times[name].append(cpu_of([command, str(text)]) - cpu_of([command, str(empty)]))
    print(f"CPU time on {words:,} words of clean text, best of three, interleaved; peers without their start")
    for name, own in times.items():
        print(f"  {name:10} {words / min(own) / 1e6:6.2f} M words/s")


def errors_per_page() -> None:
    pages = [Document.from_paragraphs("", [PAGE] * 20) for _ in range(20)]
    options = RepairOptions()
    changes = len(propose(pages[0], options).edits)
    words = words_in(pages)
    took = cpu(lambda: [propose(page, options) for page in pages])
    rate = changes * len(pages) / words * 100
    print(f"pages with {rate:.1f} changes per 100 words: {words / took / 1e6:.3f} M words/s")


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


def many_entries(folder: Path | None) -> None:
    texts = [PAGE] * 400
    if folder is not None:
        texts = [b.text for page in documents(folder / "clean_medquad.jsonl.gz")[:400] for b in page.blocks]
    pages = [Document.from_paragraphs("", texts[i : i + 20]) for i in range(0, len(texts), 20)]
    words = words_in(pages)
    engines = {}
    for count in (5_000, 50_000):
        entries = synthetic(count)
        load, memory = loaded(index_cache.encode(entries, table(entries)))
        print(f"{count:>6,} entries: load from cache {load:.2f} s, memory {memory:.0f} MiB")
        engines[count] = Engine(entries, Triggers(table(entries)))
    times: dict[int, list[float]] = {count: [] for count in engines}
    for _ in range(7):
        for count, engine in engines.items():
            times[count].append(cpu(lambda engine=engine: [repair(page, engine) for page in pages]))  # type: ignore[misc]
    few, many = (min(times[count]) for count in (5_000, 50_000))
    rates = f"{words / few / 1e6:.2f} and {words / many / 1e6:.2f} M words/s"
    print(f"  ten times the entries, interleaved: {rates}, {many / few:.2f} times the time")


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
    if arguments.data:
        clean_corpora(arguments.data, arguments.show)
        speed(arguments.data)
    errors_per_page()
    many_entries(arguments.data)
    if arguments.tagging:
        inflection(arguments.tagging)


if __name__ == "__main__":
    main()
