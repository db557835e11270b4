"""The recipes of the word lists and weights that `pipeline/repair` ships; docs/lexicon.md names the data sets.

python -m benchmarks.repair_data lexicon --tagging FOLDER     pipeline/repair/lexicon.txt: parts of speech
python -m benchmarks.repair_data topics --data FOLDER         pipeline/repair/medical_words.txt: words of medicine
python -m benchmarks.repair_data words --data FOLDER          pipeline/repair/words.bin (needs wordfreq)
"""

import argparse
import collections
import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parent.parent / "pipeline" / "repair"
FLAGS = {"NN": "n", "NNS": "N", "VB": "v", "VBP": "v", "VBZ": "s", "VBG": "g", "VBD": "d", "VBN": "d"} | {
    "JJ": "a", "JJR": "a", "JJS": "a", "RB": "r", "RBR": "r", "NNP": "p", "NNPS": "p",
}  # fmt: skip


def tagged(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (word in lower case, lemma, Penn tag) of every token of the treebank."""
    for path in sorted(folder.glob("*.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                if len(cells) == 10 and cells[0].isdigit() and cells[1].isalpha():
                    yield cells[1].lower(), cells[2].lower(), cells[4]


def write_lexicon(folder: Path) -> None:
    """Count the tags of each word and write the flags that make up a twentieth of its uses."""
    from pipeline.repair.inflection import plural, verb_forms

    uses: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for word, lemma, tag in tagged(folder):
        flag = FLAGS.get(tag, "x")
        uses[word][flag] += 1
        if flag in "vsgd" and word in (family := verb_forms(lemma)).values():
            for name, mark in (("base", "v"), ("s", "s"), ("ed", "d"), ("en", "d"), ("ing", "g")):
                uses[family[name]][mark] += uses[family[name]][mark] == 0
        elif flag == "n" and word == lemma and len(word) > 2:
            uses[plural(word)]["N"] += uses[plural(word)]["N"] == 0
    groups: dict[str, list[str]] = collections.defaultdict(list)
    for word, counts in sorted(uses.items()):
        total = counts.total()
        kept = "".join(flag for flag in "nNvsgdarp" if counts[flag] * 20 >= total and counts[flag])
        if kept:
            groups[kept].append(word)
    text = "".join(f"{flags} {' '.join(words)}\n" for flags, words in sorted(groups.items()))
    (ROOM / "lexicon.txt").write_text(text, encoding="utf-8")


def documents(data: Path) -> Iterator[tuple[str, str]]:
    """Yield (name of the set, text) of every English document of the open data sets."""
    for name in ("clean_medquad", "clean_web", "clean_wikitext2"):
        for row in rows(data / "repair" / f"{name}.jsonl.gz"):
            yield name, row["text"]
    for name in ("en_disease_train", "en_disease_validation", "en_general_control"):
        for row in rows(data / "sections" / f"{name}.jsonl.gz"):
            parts = [
                block[1] for section in row["sections"] for block in section["blocks"] if isinstance(block[1], str)
            ]
            yield name, "\n".join([row["abstract"] or "", *parts])
    for name in ("scrapinghub", "readability", "trafeval", "wcxb"):
        for row in rows(data / "extraction" / f"{name}.jsonl.gz"):
            if row.get("gold") and (row.get("lang") or "en").startswith("en"):
                yield name, row["gold"]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


MEDICAL = frozenset({"clean_medquad", "en_disease_train", "en_disease_validation"})
LEAST_ODDS = 2.0
LEAST_STANDING = 0.008


def medical_words(corpus: list[tuple[str, str]]) -> list[str]:
    """Return the words that tell a medical document from any other.

    Of each word that stands in 0.8 % of the medical documents, the log-odds of standing in a medical document
    against another are taken (add-one smoothing); those above 2 stay. The other documents hold health pages too,
    which makes the odds cautious.
    """
    inside: collections.Counter[str] = collections.Counter()
    outside: collections.Counter[str] = collections.Counter()
    sizes = [0, 0]
    for name, text in corpus:
        (inside if name in MEDICAL else outside).update(set(re.findall(r"[a-z]{3,}", text.lower())))
        sizes[name in MEDICAL] += 1
    chosen = []
    for word, count in inside.items():
        odds = math.log((count + 1) / (sizes[True] + 2)) - math.log((outside[word] + 1) / (sizes[False] + 2))
        if count >= LEAST_STANDING * sizes[True] and odds >= LEAST_ODDS:
            chosen.append(word)
    return sorted(chosen)


def write_topics(data: Path) -> None:
    words = medical_words(list(documents(data)))
    (ROOM / "medical_words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


LEAST_ZIPF = 1.5
"""Words rarer than 3 in 100 million are left to our own counts: below that wordfreq holds many misspellings."""


def write_words(data: Path) -> None:
    """Join wordfreq's large English list with the words of the medical documents, in steps of half a Zipf unit."""
    import wordfreq

    zipf: dict[str, float] = {}
    for word, frequency in wordfreq.get_frequency_dict("en", "large").items():
        value = math.log10(frequency * 1e9)
        if re.fullmatch(r"[a-z]+", word) and value >= LEAST_ZIPF:
            zipf[word] = int(value * 2) / 2
    standing: collections.Counter[str] = collections.Counter()
    for name, text in documents(data):
        if name in MEDICAL:
            standing.update(set(re.findall(r"[a-z]{3,}", text.lower())))
    for word, count in standing.items():
        if count >= LEAST_DOCUMENTS:
            zipf[word] = max(zipf.get(word, 0.0), 2.5 if count >= 20 else 2.0)
    tiers: dict[float, list[str]] = collections.defaultdict(list)
    for word in sorted(zipf):
        tiers[zipf[word]].append(word)
    text = "\n".join(f"{tier} {' '.join(words)}" for tier, words in sorted(tiers.items()))
    (ROOM / "words.bin").write_bytes(zlib.compress(text.encode("ascii"), 9))


LEAST_DOCUMENTS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    lexicon = commands.add_parser("lexicon")
    lexicon.add_argument("--tagging", type=Path, required=True)
    topics = commands.add_parser("topics")
    topics.add_argument("--data", type=Path, required=True)
    words = commands.add_parser("words")
    words.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "lexicon":
        write_lexicon(arguments.tagging)
    elif arguments.command == "topics":
        write_topics(arguments.data)
    else:
        write_words(arguments.data)


if __name__ == "__main__":
    main()
