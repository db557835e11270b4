"""Measure `sections` with a given scorer: `make bench-sections SCORER=…/evaluate.py DATA=folder FOLDS=folder`.

The functions below have the shapes that the scorer calls: each is the package's own code, given what a
task gives. The models of headings have seen the validation articles; with FOLDS each article is
labelled by models that have not (benchmarks/sections_folds.py). The coarse labels are those of the
`wikisection` taxonomy, mapped; what `health` makes of the same sections is measured beside them.
`headings` and the tables of the record are also measured on general articles, and the calibration of the
confidences is measured here.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.sections_folds import LEFT_OUT, articles_of
from pipeline.document import Block, Document
from pipeline.record import Kind, PageSource
from pipeline.sections.evidence import Judge
from pipeline.sections.headings import Heading, find_headings, heading_chances
from pipeline.sections.labels import label_parts
from pipeline.sections.learned import by_path
from pipeline.sections.lines import Line
from pipeline.sections.parts import Part
from pipeline.sections.stage import label_sections
from pipeline.sections.taxonomy import load_taxonomy
from tests.section_pages import MarkedPage, read_page

TASKS = (
    ("label", "label_27", "wikisection", "27 WikiSection labels, given sections"),
    ("label", "label_27", "coarse", "coarse labels, given sections"),
    ("label", "label_coarse", "coarse", "the same by the labels of health"),
    ("body", "body_27", "coarse", "coarse labels, body only"),
    ("body", "body_coarse", "coarse", "the same by the labels of health"),
    ("headings", "headings", "wikisection", "headings in dumps of health articles"),
    ("extract", "extract_27", "coarse", "dump to labelled characters"),
    ("extract", "extract", "coarse", "the same by the labels of health"),
    ("segment", "segment", "wikisection", "text without headings"),
)


def label_27(sections: Sequence[dict[str, Any]]) -> list[list[tuple[str, float]]]:
    """Label given sections with the labels of WikiSection."""
    return LEFT_OUT.each(lambda section: _ranked(section, "wikisection"), sections)


def label_coarse(sections: Sequence[dict[str, Any]]) -> list[list[tuple[str, float]]]:
    """Label given sections with the coarse labels of the default taxonomy."""
    return LEFT_OUT.each(lambda section: _ranked(section, "health"), sections)


def body_coarse(sections: Sequence[dict[str, Any]]) -> list[list[tuple[str, float]]]:
    """Label texts without headings with the labels of health; a text of an article's body is never its overview."""
    judge = Judge(load_taxonomy("health"), "")
    found = []
    for section in sections:
        scores = _text_scores(judge, section)
        scores[judge.index["overview"]] = -20.0
        found.append(_coarse(judge, scores))
    return found


def body_27(sections: Sequence[dict[str, Any]]) -> list[list[tuple[str, float]]]:
    """Label texts without headings with the labels of WikiSection, summed to coarse ones."""
    judge = Judge(load_taxonomy("wikisection"), "")
    coarse = load_taxonomy("health")
    found = []
    for section in sections:
        summed: dict[str, float] = {}
        for name, probability in zip(judge.names, np.exp(_text_scores(judge, section)), strict=True):
            label = coarse.coarse(coarse.of_class.get(name, coarse.unknown))
            label = label if label in COARSE else "other"
            summed[label] = summed.get(label, 0.0) + float(probability)
        found.append(sorted(summed.items(), key=lambda pair: -pair[1]))
    return found


def _text_scores(judge: Judge, section: dict[str, Any]) -> Any:
    return judge.text([Block("paragraph", part) for part in section["text"].split("\n")])


def _ranked(section: dict[str, Any], name: str) -> list[tuple[str, float]]:
    """Label one section through the package's own journey of a page that has only this section."""
    judge, scores = section_scores(section, name)
    return _coarse(judge, scores) if name == "health" else _pairs(judge.names, scores)


def section_scores(section: dict[str, Any], name: str) -> tuple[Judge, Any]:
    """Return log-probabilities of the labels of a section by its heading, those above it and its text."""
    from pipeline.sections.labels import heading_evidence

    judge = Judge(load_taxonomy(name), "")
    if judge.taxonomy.learned:
        heading = Heading(0, 2, section["heading"])
        above = [Part(0, 0, Heading(0, 2, text)) for text in section["path"][:-1]]
        return judge, by_path([*above, Part(0, 0, heading, tuple(range(len(above))))], judge)[-1]
    blocks = [Block("paragraph", part) for part in section["text"].split("\n") if part]
    return judge, heading_evidence(judge.heading(section["heading"], section["path"][:-1]), blocks, judge)


def _pairs(names: Sequence[str], scores: Any) -> list[tuple[str, float]]:
    order = np.argsort(-scores, kind="stable")
    return [(names[i], float(scores[i])) for i in order]


def _coarse(judge: Judge, scores: Any) -> list[tuple[str, float]]:
    summed: dict[str, float] = {}
    for name, probability in zip(judge.names, np.exp(scores - scores.max()), strict=True):
        coarse = judge.taxonomy.coarse(name)
        coarse = coarse if coarse in COARSE else "other"
        summed[coarse] = summed.get(coarse, 0.0) + float(probability)
    return sorted(summed.items(), key=lambda pair: -pair[1])


MARKED = ("pages", "unseen", "idiomatic", "later")
"""Folders of our own marked pages."""
FIELDS = ("pages", "unseen", "idiomatic")
"""Those in which items and definitions are marked too."""
COARSE = frozenset(  # among WikiSection's sections there is no overview: that is the abstract
    "classification causes risk_factors pathophysiology symptoms diagnosis treatment prevention complications"
    " prognosis epidemiology history research other".split()
)


def headings(pages: Sequence[Sequence[str]]) -> list[list[bool]]:
    """Tell which lines of dumps are headings."""
    taxonomy = load_taxonomy("health")
    found = []
    for lines in pages:
        chances = heading_chances([Line.of(line) for line in lines], _title(lines), taxonomy)
        found.append([chance > 0.5 for chance in chances])
    return found


def _title(lines: Sequence[str]) -> str:
    """Return what `strip` takes for the title of such a dump: the line behind the breadcrumb."""
    return lines[1] if len(lines) > 1 and " / " in lines[0] else lines[0] if lines else ""


def extract(text: str) -> list[dict[str, Any]]:
    """Return the labelled sections of a dump with their offsets, by the labels of health."""
    return _extracted(text, "health")


def extract_27(text: str) -> list[dict[str, Any]]:
    """Return the same by the labels of WikiSection."""
    return _extracted(text, "wikisection")


def _extracted(text: str, name: str) -> list[dict[str, Any]]:
    lines = text.split("\n")
    kept = [line for line in lines if line.strip()]
    title = _title(kept)
    LEFT_OUT.without(next(n for n, article in enumerate(LEFT_OUT.articles) if article["title"] == title))
    blocks, places, position, skipping = [], [], 0, True
    for line in lines:
        start, position = position, position + len(line) + 1
        skipping = skipping and (not line.strip() or line == title or " / " in line[:80])
        if line.strip() and not skipping:
            made = Line.of(line)
            blocks.append(Block("list_item" if made.bullet else "paragraph", made.text, 1 if made.bullet else 0))
            places.append((start, start + len(line)))
    taxonomy = load_taxonomy(name)
    found = find_headings(blocks, html=False, title=title, taxonomy=load_taxonomy("health"))
    return [
        {
            "label": _scored(taxonomy.coarse(section.label), section.heading),
            "heading": section.heading,
            "start": places[section.first_block][0],
            "end": places[section.last_block][1],
        }
        for section in label_parts(blocks, found, title, taxonomy, levels=False)
    ]


def _scored(label: str, heading: str) -> str:
    """Return a section's label as the scorer knows it: what stands under a heading is no overview there."""
    return "other" if label == "overview" and heading else label


def segment(pages: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Label the sentences of texts without headings; a topic begins where a paragraph does."""
    from pipeline.sections.lost_headings import topics_of_text

    judge = Judge(load_taxonomy("wikisection"), "")
    found = []
    for page in pages:
        starts = [i for i, start in enumerate(page["paragraph_start"]) if start or i == 0]
        ends = [*starts[1:], len(page["sentences"])]
        blocks = [Block("paragraph", " ".join(page["sentences"][a:b])) for a, b in zip(starts, ends, strict=True)]
        labels = topics_of_text(blocks, judge)
        found.append([label for label, a, b in zip(labels, starts, ends, strict=True) for _ in range(a, b)])
    return found


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the expected calibration error (Naeini et al. 2015): |accuracy - confidence|, weighted by bin."""
    confidence, truth = np.array(confidences), np.array(right, dtype=float)
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(confidence[which == b].mean() - truth[which == b].mean()) * np.mean(which == b)
            for b in range(bins)
            if np.any(which == b)
        )
    )


def main() -> None:
    """Run the scorer on every task and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scorer", type=Path, required=True, help="path of evaluate.py")
    parser.add_argument("--data", type=Path, required=True, help="folder with en_general_control.jsonl.gz")
    parser.add_argument("--only", help="one function")
    parser.add_argument("--folds", type=Path, help="folder of models that leave out a fifth of the articles")
    options = parser.parse_args()
    LEFT_OUT.use(options.folds, options.data)
    if options.folds is None:
        print("No FOLDS: labels of headings are measured on articles that the shipped models have seen.")
    scorer = _scorer(options.scorer)
    for task, function, taxonomy, what in TASKS:
        if options.only not in (None, function):
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            result = scorer.main([task, f"benchmarks.sections:{function}", "--taxonomy", taxonomy])
        shown = {k: round(v, 3) for k, v in result.items() if isinstance(v, int | float)}
        print(f"{what}: {json.dumps(shown)}", flush=True)
        LEFT_OUT.without(None)
    if options.only in (None, "general"):
        print(f"headings in dumps of general articles: F1 {_general(options.data):.3f}")
    if options.only in (None, "calibration"):
        print(f"calibration error of confidences: {_calibration(options.scorer, options.data):.3f}")
    if options.only in (None, "pages"):
        for folder in MARKED:
            print(f"blocks of the marked pages with the right label, {folder}: {_marked(folder):.3f}")
    if options.only in (None, "fields"):
        print(f"fields of the marked pages: {_fields()}")
    if options.only in (None, "speed"):
        print(f"sections a second, headings and labels: {_speed(options.data):.0f}")


def _scorer(path: Path) -> ModuleType:
    sys.path[:0] = [str(path.parent), str(Path.cwd())]
    spec = importlib.util.spec_from_file_location("evaluate", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _general(data: Path) -> float:
    """Return F1 of headings in dumps of general articles, as the scorer renders them."""
    render = importlib.import_module("plaintext_sim").render
    hits = guessed = true = 0
    for number, article in enumerate(articles_of(data / "en_general_control.jsonl.gz")):
        lines = [line for line in render(article, 9000 + number) if line[0]]
        for line, guess in zip(lines, headings([[text for text, *_ in lines]])[0], strict=True):
            hits += guess and line[1] == "head"
            guessed += guess
            true += line[1] == "head"
    return 2 * hits / (guessed + true)


def _calibration(scorer: Path, data: Path) -> float:
    """Return the calibration error on the articles that no decision was taken on (three of four)."""
    labels = json.loads((scorer.parent / "taxonomy.json").read_text(encoding="utf-8"))["labels"]
    coarse = {name: label for label, about in labels.items() for name in about["wikisection"]}
    taxonomy = load_taxonomy("health")
    confidences, right = [], []
    for number, article in enumerate(articles_of(data / "en_disease_validation.jsonl.gz")):
        if number % 4 == 0:  # these were read while the stage was built
            continue
        LEFT_OUT.without(number)
        document, gold = _as_page(article)
        for section in label_sections(document).sections:
            if (label := gold.get(section.first_block)) is not None:
                confidences.append(section.confidence)
                right.append(taxonomy.coarse(section.label) == coarse[label])
    LEFT_OUT.without(None)
    return calibration_error(confidences, right)


def _as_page(article: dict[str, Any]) -> tuple[Document, dict[int, str]]:
    """Return an article as a tagged page, and the label of each section by its first block."""
    blocks = [Block("paragraph", part) for part in article["abstract"].split("\n") if part.strip()]
    gold: dict[int, str] = {}
    before: list[str] = []
    for section in article["sections"]:
        path = section["path"]
        for depth, heading in enumerate(path[:-1]):
            if before[: depth + 1] != path[: depth + 1]:
                blocks.append(Block("heading", heading, level=2 + depth))
        before = path
        if section["label_source"] == "gold":
            gold[len(blocks)] = section["label"]
        blocks.append(Block("heading", section["heading"], level=1 + len(path)))
        kinds: dict[str, Kind] = {"li": "list_item", "cap": "caption"}
        blocks += [Block(kinds.get(kind, "paragraph"), " ".join(text.split())) for kind, text in section["blocks"]]
    source = PageSource(name=None, url=None, sha256="0" * 64, kind="html", encoding="str")
    page = Document(id="page", source=source, title=article["title"], blocks=tuple(blocks), stages=("read", "strip"))
    return page, gold


def _marked(folder: str) -> float:
    """Return the share of blocks of a folder of our own marked pages that have the right label."""
    right = total = 0
    for page in _marked_pages([folder]):
        sections = label_sections(page.document).sections
        found = [s.label for s in sections for _ in range(s.first_block, s.last_block + 1)]
        right += sum(a == b for a, b in zip(found, page.labels, strict=True))
        total += len(found)
    return right / total


def _fields() -> str:
    """Return precision and recall of what is extracted from the marked pages that say what it should be."""
    found_total = marked_total = hits = defined = definitions = right = 0
    taxonomy = load_taxonomy("health")
    for page in _marked_pages(FIELDS):
        if not page.definition:  # not marked for fields
            continue
        fields = label_sections(page.document).fields
        wanted = {(taxonomy.labels[label].field, text.lower()) for label, text in page.items}
        found = {(name, span.text.lower()) for name, spans in fields.lists.items() for span in spans}
        hits += len(wanted & found)
        found_total += len(found)
        marked_total += len(wanted)
        definitions += 1
        defined += fields.definition is not None
        right += fields.definition is not None and fields.definition.text == page.definition
    items = f"precision {hits / max(1, found_total):.3f}, recall {hits / max(1, marked_total):.3f} of {marked_total}"
    sentences = f"precision {right / max(1, defined):.3f}, recall {right / max(1, definitions):.3f} of {definitions}"
    return f"items: {items}; definitions: {sentences}"


def _marked_pages(folders: Sequence[str]) -> list[MarkedPage]:
    cases = Path(__file__).parent.parent / "tests" / "cases" / "sections"
    return [read_page(path) for folder in folders for path in sorted((cases / folder).glob("*.page"))]


def _speed(data: Path) -> float:
    """Return sections a second of CPU time: whole stage, articles as dumps, the best of three rounds."""
    from benchmarks.sections_dumps import render

    best = 0.0
    for turn in range(3):  # other jobs on the machine make a round slower, never faster; each round has other dumps
        articles = enumerate(articles_of(data / "en_disease_validation.jsonl.gz"), 1000 * turn)
        pages = [[text for text, _ in render(article, seed)] for seed, article in articles]
        documents = [Document.from_paragraphs(page[0], page[1:]) for page in pages]
        start = time.process_time()
        sections = sum(len(label_sections(document).sections) for document in documents)
        best = max(best, sections / (time.process_time() - start))
    return best


if __name__ == "__main__":
    main()
