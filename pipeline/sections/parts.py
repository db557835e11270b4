"""The parts of a page between its headings, and the verdict on a part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.sections.evidence import Judge, Vector
from pipeline.sections.headings import Heading

_ALTERNATIVE = 0.1
"""Probability from which on another label is named as an alternative."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of blocks that is labelled as one.

    Attributes:
        first: index of its first block.
        last: index of its last block, inclusive.
        heading: its heading, None before the first one.
        above: numbers of the parts whose headings stand above it, outermost first.
    """

    first: int
    last: int
    heading: Heading | None
    above: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A label with its source, the probability that it is right, and the next best labels."""

    label: str
    source: str
    confidence: float
    alternatives: tuple[str, ...] = ()


def cut_at(size: int, headings: Sequence[Heading]) -> list[Part]:
    """Cut the page at its headings."""
    parts: list[Part] = []
    if size and (not headings or headings[0].block > 0):
        parts.append(Part(0, (headings[0].block if headings else size) - 1, None))
    above: list[tuple[int, int]] = []  # level and number of the open parts
    for number, heading in enumerate(headings):
        last = headings[number + 1].block - 1 if number + 1 < len(headings) else size - 1
        while above and above[-1][0] >= heading.level:
            above.pop()
        parts.append(Part(heading.block, last, heading, tuple(n for _, n in above)))
        above.append((heading.level, len(parts) - 1))
    return parts


def next_best(probabilities: Vector, judge: Judge, also_named: Sequence[str]) -> tuple[str, ...]:
    """Return the labels that a heading names too, and then those that are likely enough."""
    order = np.argsort(-probabilities, kind="stable")[:4]
    likely = (judge.names[i] for i in order if probabilities[i] >= _ALTERNATIVE)
    return tuple(dict.fromkeys((*also_named, *likely)))[:4]
