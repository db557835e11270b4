"""Sections of a page: where they begin and end, what they are called, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.document import Block
from pipeline.record import Section
from pipeline.sections.evidence import Judge, Named, Vector
from pipeline.sections.headings import Heading
from pipeline.sections.models import softmax
from pipeline.sections.segments import best_path, order_of_topics, runs
from pipeline.sections.taxonomy import Taxonomy

_TRUST = {"exact": 0.97, "head": 0.92, "part": 0.6, "below": 1.0}
"""How far a match of the taxonomy's lists is believed beside the heading model."""
_NESTED = 0.3
"""How far where the heading stands below another, which may be what decides."""
_RELIABLE = {"heading": 0.955, "model": 0.9, "inherited": 0.75, "body": 0.65, "position": 0.97, "none": 0.5}
"""How often each source was right where it was sure of itself, counted on articles on which nothing is reported
(docs/models/sections.md)."""
_UNSAID, _UNSAID_FLAT = 0.3, 0.05
"""What the chance of the unknown label is worth where no list names it: the models call much "other" that
only stands below another heading; in a dump, where that cannot be seen, the less."""
_FAINT = 1e-5
"""What is left to other labels where a heading that stands alone says its label outright."""
_BODY, _DOUBT = 1.5, 0.2
"""Weight of the text beside a heading that says nothing; the doubt from which on it is read."""
_INHERITED = 0.9
"""Probability that a section below a labelled one has its label, where its own heading says nothing."""
_STAY_HEADING = {"exact": 0.15, "head": 0.43, "part": 0.69, "none": 0.82, "below": 0.9}
"""Probability that the topic stays at a heading of a dump, by what the lists know of it (counted in the training
articles without their levels)."""
_STAY_TAGGED = 0.24
"""Probability that it stays at a heading that the lists do not know and that stands beside the one before."""
_STAY_BLOCK, _STAY_SHORT, _STAY_SURE, _STAY_WITHIN = 0.8, 0.97, 0.99, 0.9999
"""Probability that it stays at a paragraph and at a short one (counted in the training articles), at one in a section
with a heading, within a list."""
_SHORT = 60
"""Characters below which a paragraph is short."""
_LONG, _MOST_INNER = 3, 2000
"""Paragraphs from which on a section with a heading is looked at for another that was lost, and blocks up to which."""
_SPLIT_HEADED, _SPLIT_LEAD, _SPLIT_SILENT = 0.85, 0.5, 0.8
"""Confidence from which on a run of blocks is a section of its own: under a heading, before the first heading
where it announces itself, and there where it does not."""
_ALTERNATIVE = 0.1
"""Probability from which on another label is named as an alternative."""
_AT_ONCE, _FIRST_WORDS = 4.0, 130
"""Log-odds of an opening among a paragraph's first words; characters in which it is looked for."""
_UNKNOWN_BELOW, _BODY_ALONE = 0.2, 0.9
"""A label less probable than this is not given; where the text alone speaks for it, as the heading's level is known
and it stands beside others, than this."""


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


def label_parts(
    blocks: Sequence[Block], headings: Sequence[Heading], title: str, taxonomy: Taxonomy, *, levels: bool = True
) -> list[Section]:
    """Return the sections of a page; together they cover its blocks.

    Args:
        blocks: the page's blocks.
        headings: its headings, in order.
        title: its title.
        taxonomy: the labels.
        levels: whether the headings' levels are known; those of a dump are not.
    """
    judge = Judge(taxonomy, title, levels=levels)
    parts = _parts(len(blocks), headings)
    paths = [tuple(h.text for n in part.above if (h := parts[n].heading) is not None) for part in parts]
    named = [judge.heading(p.heading.text, path) if p.heading else None for p, path in zip(parts, paths, strict=True)]
    foreign = not any(n and n.match and n.match.how == "exact" for n in named) and judge.is_foreign(blocks)
    sections: list[Section] = []
    for part, path, verdict in zip(parts, paths, _verdicts(blocks, parts, named, judge, levels=levels), strict=True):
        if foreign and verdict.source != "heading":
            pieces = [(part.first, part.last, Verdict(taxonomy.unknown, "none", 0.8))]
        else:
            pieces = [(part.first, part.last, verdict)] if foreign else _split(blocks, part, verdict, judge)
        for number, (first, last, piece) in enumerate(pieces):
            heading = part.heading.text if part.heading and number == 0 else ""
            confidence = round(min(max(piece.confidence, 0.0), 1.0) * _RELIABLE[piece.source], 2)
            sections.append(
                Section(piece.label, piece.source, confidence, heading, path, first, last, piece.alternatives)
            )
    return sections


def _parts(size: int, headings: Sequence[Heading]) -> list[Part]:
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


def _verdicts(
    blocks: Sequence[Block], parts: Sequence[Part], named: Sequence[Named | None], judge: Judge, *, levels: bool
) -> list[Verdict]:
    """Label the outermost parts together, in order, and those below them by what stands above."""
    verdicts: dict[int, Verdict] = {}
    evidence = [
        lead_evidence(judge)
        if name is None
        else heading_evidence(name, _running_text(blocks, part), judge, levels=levels)
        for part, name in zip(parts, named, strict=True)
    ]
    outer = [n for n, part in enumerate(parts) if not part.above]
    stay = np.array([_stay(named[n], levels=levels) for n in outer])
    chain = _chain([evidence[n] for n in outer], [named[n] for n in outer], stay, judge, levels=levels)
    verdicts.update(zip(outer, chain, strict=True))
    for n, part in enumerate(parts):
        if part.above:
            above = judge.index[verdicts[part.above[-1]].label]
            silent = (name := named[n]) is None or name.match is None
            posterior = evidence[n] + (np.log(_inherited(above, judge)) if silent else 0.0)
            verdicts[n] = _verdict(posterior, int(posterior.argmax()), named[n], judge, above)
    return [verdicts[n] for n in range(len(parts))]


def _running_text(blocks: Sequence[Block], part: Part) -> Sequence[Block]:
    return [block for block in blocks[part.first : part.last + 1] if block.kind != "heading"]


def lead_evidence(judge: Judge) -> Vector:
    """Return the log-probabilities of the labels of the text before the first heading."""
    size = len(judge.names)
    lead = np.full(size, 0.02 / size)
    lead[judge.index[judge.taxonomy.lead or judge.taxonomy.unknown]] += 0.98
    return np.asarray(np.log(lead))


def heading_evidence(named: Named, text: Sequence[Block], judge: Judge, *, levels: bool = True) -> Vector:
    """Return the log-probabilities of a section's labels by its heading and, where that is silent, its text."""
    size = len(judge.names)
    modelled = np.full(size, 1.0 / size) if named.modelled is None else named.modelled
    match = named.match
    trust = 0.0 if match is None else _TRUST[match.how] * (_NESTED if named.nested else 1.0)
    mixed = (1 - trust) * modelled
    if match is not None:
        mixed[judge.index[match.label]] += trust
        if not named.nested and match.how != "part":
            mixed *= _FAINT
            mixed[judge.index[match.label]] = 1.0
    if match is None or match.label != judge.taxonomy.unknown:
        mixed[judge.index[judge.taxonomy.unknown]] *= _UNSAID if levels else _UNSAID_FLAT
    scores = np.log(np.maximum(mixed, 1e-9))
    doubt = 1.0 - float(mixed.max() / mixed.sum())
    silent = match is None or match.how == "part"
    if text and silent and doubt > _DOUBT and not named.nested:  # below another heading that one decides
        scores = scores + _BODY * doubt * judge.text(text)
    return np.asarray(scores)


def _inherited(above: int, judge: Judge) -> Vector:
    """Return the probabilities of the labels below a section with the given one."""
    size = len(judge.names)
    prior = np.full(size, (1 - _INHERITED) / size)
    if judge.names[above] not in (judge.taxonomy.lead, judge.taxonomy.unknown):
        prior[above] += _INHERITED
    return prior


def _stay(named: Named | None, *, levels: bool) -> float:
    """Return the probability that a heading does not begin another topic, before it is read."""
    how = "none" if named is None or named.match is None else named.match.how
    return min(_STAY_HEADING[how], _STAY_TAGGED) if levels else _STAY_HEADING[how]


def _chain(
    evidence: Sequence[Vector], named: Sequence[Named | None], stay: Vector, judge: Judge, *, levels: bool
) -> list[Verdict]:
    """Label sections that stand side by side, as topics follow one another."""
    if not evidence:
        return []
    scores = np.array(evidence)
    change = order_of_topics(judge.taxonomy)
    path = best_path(scores, stay, change)
    verdicts = [_verdict(scores[0] + change[-1], path[0], named[0], judge, None)]
    for number in range(1, len(path)):
        previous = path[number - 1]
        prior = (1 - stay[number]) * np.exp(change[previous])
        prior[previous] += stay[number]
        verdicts.append(
            _verdict(scores[number] + np.log(prior), path[number], named[number], judge, previous, alone=levels)
        )
    return verdicts


def _verdict(
    posterior: Vector, label: int, named: Named | None, judge: Judge, previous: int | None, *, alone: bool = False
) -> Verdict:
    """Return the label with what decided on it."""
    probabilities = softmax(posterior)
    confidence = float(probabilities[label])
    name, unknown = judge.names[label], judge.taxonomy.unknown
    if named is None:
        return Verdict(name, "position", confidence)
    match = named.match
    next_best = _next_best(probabilities, judge, match.others if match is not None else ())
    if match is not None and match.label == name and match.how != "part":
        source = "inherited" if match.how == "below" else "heading"
    elif confidence < _UNKNOWN_BELOW or name == unknown:
        source = "none"
    elif (match is not None and match.label == name) or (named.modelled is not None and named.modelled[label] > 0.5):
        source = "model"
    elif label == previous and not (alone and named.modelled is None):
        source = "inherited"
    else:
        source = "none" if alone and confidence < _BODY_ALONE else "body"
    if source == "none" and name != unknown:
        name, confidence = unknown, 1 - confidence
    return Verdict(name, source, confidence, tuple(other for other in next_best if other != name))


def _next_best(probabilities: Vector, judge: Judge, also_named: Sequence[str]) -> tuple[str, ...]:
    """Return the labels that a heading names too, and then those that are likely enough."""
    order = np.argsort(-probabilities, kind="stable")[:4]
    likely = (judge.names[i] for i in order if probabilities[i] >= _ALTERNATIVE)
    return tuple(dict.fromkeys((*also_named, *likely)))[:4]


def _split(blocks: Sequence[Block], part: Part, verdict: Verdict, judge: Judge) -> list[tuple[int, int, Verdict]]:
    """Cut a part where its text changes topic: there a heading was lost."""
    first = part.first + (1 if part.heading is not None and not part.heading.run_in else 0)
    inner = blocks[first : part.last + 1]
    paragraphs = sum(not _continues(block) for block in inner)
    if paragraphs < (_LONG if part.heading else 2) or len(inner) > _MOST_INNER:
        return [(part.first, part.last, verdict)]
    if part.heading and not any(_announces_another(block, verdict.label, judge) for block in inner[1:]):
        return [(part.first, part.last, verdict)]
    scores = block_scores(inner, judge)
    scores[0, judge.index[verdict.label]] += 12.0
    path = best_path(
        scores, _stays(inner, _STAY_SURE if part.heading else _STAY_BLOCK), order_of_topics(judge.taxonomy)
    )
    pieces = [(part.first, first, verdict)]
    for begin, end in runs(path):
        label = judge.names[path[begin]]
        # Neighbouring paragraphs repeat one another: n of them are worth the square root of n.
        summed = scores[begin : end + 1].sum(axis=0) / np.sqrt(end - begin + 1)
        probabilities = softmax(summed)
        confidence = float(probabilities[path[begin]])
        announced = judge.opening(inner[begin])[path[begin]] > (_AT_ONCE if part.heading else 0)
        current = pieces[-1][2].label
        if begin > 0 and _is_other_topic(
            label, current, confidence, judge, announced=announced, headed=bool(part.heading)
        ):
            others = tuple(name for name in _next_best(probabilities, judge, ()) if name != label)
            pieces.append((first + begin, first + end, Verdict(label, "body", confidence, others)))
        else:
            pieces[-1] = (pieces[-1][0], first + end, pieces[-1][2])
    return pieces


def _announces_another(block: Block, label: str, judge: Judge) -> bool:
    """Tell whether a paragraph begins as a section of another label does; cheap, and seldom so."""
    if _continues(block):
        return False
    opening = judge.opening(block, _FIRST_WORDS)
    opening[judge.index[label]] = 0.0
    return bool(opening.max() > _AT_ONCE)


def _is_other_topic(
    label: str, current: str, confidence: float, judge: Judge, *, announced: bool, headed: bool
) -> bool:
    """Tell whether a run of blocks is a section of its own; under a heading only what announces itself is."""
    taxonomy = judge.taxonomy
    blank = label in (taxonomy.lead, taxonomy.unknown) or taxonomy.labels[label].aside
    if blank or taxonomy.coarse(label) == taxonomy.coarse(current):
        return False
    return confidence >= (_SPLIT_HEADED if headed else _SPLIT_LEAD if announced else _SPLIT_SILENT) and (
        announced or not headed
    )


def topics_of_text(blocks: Sequence[Block], judge: Judge) -> list[str]:
    """Return the label of each block of a text that has no headings at all."""
    scores = block_scores(blocks, judge)
    path = best_path(scores, _stays(blocks, _STAY_BLOCK), order_of_topics(judge.taxonomy))
    return [judge.names[label] for label in path]


def block_scores(blocks: Sequence[Block], judge: Judge) -> Vector:
    """Return blocks × labels: log-probabilities by the text of each block alone."""
    silent = np.zeros(len(judge.names))  # an item goes on with what stands before it, whatever it says
    scores = np.array([silent if _continues(b) else judge.text([b]) + judge.opening(b) for b in blocks])
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


def _stays(blocks: Sequence[Block], paragraph: float) -> Vector:
    short = max(paragraph, _STAY_SHORT)
    stays = ((short if len(block.text) < _SHORT else paragraph, _continues(block)) for block in blocks)
    return np.array([_STAY_WITHIN if within else stay for stay, within in stays])


def _continues(block: Block) -> bool:
    """Tell whether a block goes on with what stands before it."""
    return block.kind in ("list_item", "caption", "table", "code")
