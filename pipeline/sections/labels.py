"""Sections of a page: where they begin and end, what they are called, and why."""

from collections.abc import Sequence

import numpy as np

from pipeline.document import Block
from pipeline.record import Section
from pipeline.sections.heading_rules import match_heading
from pipeline.sections.headings import Heading
from pipeline.sections.segments import best_path, runs
from pipeline.sections.taxonomy import Taxonomy

_CONFIDENCE = {"exact": 0.97, "head": 0.9, "part": 0.7}


def label_parts(blocks: Sequence[Block], headings: Sequence[Heading], title: str, taxonomy: Taxonomy) -> list[Section]:
    """Return the sections of a page; together they cover its blocks."""
    sections: list[Section] = []
    first = headings[0].block if headings else len(blocks)
    if first:
        sections += _headless(blocks, 0, first - 1, taxonomy)
    above: list[tuple[int, str, str]] = []  # level, text and label of the open headings
    for number, heading in enumerate(headings):
        last = headings[number + 1].block - 1 if number + 1 < len(headings) else len(blocks) - 1
        while above and above[-1][0] >= heading.level:
            above.pop()
        label, source, confidence = _heading_label(heading, title, taxonomy, above)
        path = tuple(text for _, text, _ in above)
        sections.append(Section(label, source, confidence, heading.text, path, heading.block, last))
        above.append((heading.level, heading.text, label))
    return sections


def _heading_label(
    heading: Heading, title: str, taxonomy: Taxonomy, above: Sequence[tuple[int, str, str]]
) -> tuple[str, str, float]:
    match = match_heading(heading.text, taxonomy, title)
    if match is not None:
        return match.label, "heading", _CONFIDENCE[match.how]
    inherited = next((label for _, _, label in reversed(above) if label != taxonomy.unknown), None)
    return (taxonomy.unknown, "none", 0.5) if inherited is None else (inherited, "inherited", 0.7)


def _headless(blocks: Sequence[Block], first: int, last: int, taxonomy: Taxonomy) -> list[Section]:
    """Label the blocks before the first heading: the lead, and what the text itself says after it."""
    names = list(taxonomy.labels)
    scores = np.zeros((last - first + 1, len(names)))
    for row, block in enumerate(blocks[first : last + 1]):
        text = block.text[:2000].lower()
        for label, cue in taxonomy.cues:
            scores[row, names.index(label)] = min(3, len(cue.findall(text)))
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    start = np.full(len(names), -3.0)
    start[names.index(taxonomy.lead or taxonomy.unknown)] = 0.0
    path = best_path(scores, np.full(len(scores), 2.0), start)
    found = []
    for begin, end in runs(path):
        label = names[path[begin]]
        source = "position" if begin == 0 and label == taxonomy.lead else "body"
        found.append(Section(label, source, 0.6, "", (), first + begin, first + end))
    return found
