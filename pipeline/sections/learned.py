"""Labels of a taxonomy that lists no headings (`wikisection`): the models decide alone.

Where levels are known a section is labelled by its heading and those above it; in a dump by its heading, its text where
that is silent, and the section before.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.document import Block
from pipeline.sections.chain import Link, follow
from pipeline.sections.evidence import Judge, Vector
from pipeline.sections.models import softmax
from pipeline.sections.parts import Part, Verdict, next_best


def learned_verdicts(blocks: Sequence[Block], parts: Sequence[Part], judge: Judge, *, levels: bool) -> list[Verdict]:
    """Label the parts of a page; what stands before the first heading is the lead, or unknown."""
    lead = judge.index[judge.taxonomy.lead or judge.taxonomy.unknown]
    headed = [part for part in parts if part.heading is not None]
    scores = by_path(parts, judge) if levels else in_order(blocks, headed, judge)
    verdicts = [_verdict(each, judge) for each in scores]
    return verdicts if len(headed) == len(parts) else [Verdict(judge.names[lead], "position", 0.98), *verdicts]


def by_path(parts: Sequence[Part], judge: Judge) -> list[Vector]:
    """Return the log-probabilities of the labels of each part that has a heading, given the headings above it."""
    texts = [part.heading.text if part.heading is not None else "" for part in parts]
    named = (
        judge.heading(text, [texts[number] for number in part.above])
        for part, text in zip(parts, texts, strict=True)
        if part.heading is not None
    )
    return [np.log(np.maximum(each.modelled, 1e-9)) for each in named if each.modelled is not None]


def in_order(blocks: Sequence[Block], parts: Sequence[Part], judge: Judge) -> list[Vector]:
    """Return the same where levels are not known, each part after the one before it."""
    links = [
        Link(part.heading.text, None, [b for b in blocks[part.first : part.last + 1] if b.kind != "heading"])
        for part in parts
        if part.heading is not None
    ]
    lead = judge.index[judge.taxonomy.lead] if judge.taxonomy.lead else len(judge.names) + 1
    return [posterior for _, posterior, _ in follow(links, judge, lead)]  # all articles of training have a lead


def _verdict(scores: Vector, judge: Judge) -> Verdict:
    probabilities = softmax(scores)
    label = int(probabilities.argmax())
    name = judge.names[label]
    source = "none" if name == judge.taxonomy.unknown else "model"
    others = tuple(other for other in next_best(probabilities, judge, ()) if other != name)
    return Verdict(name, source, float(probabilities[label]), others)
