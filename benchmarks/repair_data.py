"""The recipes of the word lists and weights that `pipeline/repair` ships; docs/lexicon.md names the data sets.

python -m benchmarks.repair_data lexicon --tagging FOLDER     pipeline/repair/lexicon.txt: parts of speech
"""

import argparse
import collections
import gzip
from collections.abc import Iterator
from pathlib import Path

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    lexicon = commands.add_parser("lexicon")
    lexicon.add_argument("--tagging", type=Path, required=True)
    arguments = parser.parse_args()
    write_lexicon(arguments.tagging)


if __name__ == "__main__":
    main()
