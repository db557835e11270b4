"""Sections of a page: where they begin and end, what they are called, and why."""

import re
from collections.abc import Sequence

import numpy as np

from pipeline.document import Block
from pipeline.record import Section
from pipeline.sections.chain import Link, follow
from pipeline.sections.evidence import Judge, Named, Vector
from pipeline.sections.headings import Heading
from pipeline.sections.learned import learned_verdicts
from pipeline.sections.lost_headings import DISCOUNT, split
from pipeline.sections.models import softmax
from pipeline.sections.parts import Part, Verdict, cut_at, next_best
from pipeline.sections.segments import best_path, order_of_topics
from pipeline.sections.taxonomy import Taxonomy

_TRUST = {"exact": 0.97, "head": 0.92, "part": 0.6, "below": 1.0}
"""How far a match of the taxonomy's lists is believed beside the heading model."""
_NESTED = 0.3
"""How far where the heading stands below another, which may be what decides."""
_RELIABLE = {"heading": 0.95, "model": 0.95, "inherited": 0.9, "body": 0.9, "position": 0.97, "none": 0.6}
"""How often each source was right where it was sure of itself, counted on training articles left out of training."""
_UNSAID = 0.3
"""What the chance of the unknown label is worth where no list names it: the models call much "other" that
only stands below another heading."""
_FAINT = 1e-5
"""What is left to other labels where a heading that stands alone says its label outright."""
_UNSAID_SILENT, _HEADING = 0.3, 0.7
"""The same for a heading by itself that no list knows, and the weight of what the model makes of it beside its text."""
_BODY, _DOUBT = 1.5, 0.2
"""Weight of the text beside a heading that says nothing; the doubt from which on it is read."""
_INHERITED = 0.9
"""Probability that a section below a labelled one has its label, where its own heading says nothing."""
_STAY_HEADING = {"exact": 0.15, "head": 0.43, "part": 0.69, "none": 0.82, "below": 0.9}
"""Probability that the topic stays at a heading of a dump, by what the lists know of it (counted in the training
articles without their levels)."""
_STAY_TAGGED = 0.24
"""Probability that it stays at a heading that the lists do not know and that stands beside the one before."""
_MANY, _UNKNOWN_OF_MANY = 6, 2
"""Headings of a dump, and those among them that the lists do not know, from which on some may stand below others."""
_AT_HOME = 3
"""Headings that open with words that the lists know, from which on a page is of the taxonomy's field."""
_ASKS = re.compile(
    r"\W*(?:\d+\W+)?(?:how|what|why|when|where|who|whom|which|whether|than|as|is|are|can|do|does)\b", re.IGNORECASE
)
"""Opens a heading that asks."""
_UNKNOWN_BELOW, _BODY_ALONE = 0.2, 0.6
"""A label less probable than this is not given; where the text alone speaks for it, as the heading's level is known
and it stands beside others, than this."""


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
    judge = Judge(taxonomy, title)
    parts = cut_at(len(blocks), headings)
    paths = [tuple(h.text for n in part.above if (h := parts[n].heading) is not None) for part in parts]
    chained = not levels and bool(taxonomy.of_class) and _has_hidden_levels(parts, judge)
    named = [
        None
        if part.heading is None
        else Named(judge.match(part.heading.text, ()), None, nested=False)
        if chained and not path
        else judge.heading(part.heading.text, path)
        for part, path in zip(parts, paths, strict=True)
    ]
    known = [n.match.how for n in named if n is not None and n.match is not None and n.match.how in ("exact", "head")]
    headless = not (taxonomy.learned and headings)
    foreign = headless and "exact" not in known and len(known) < _AT_HOME and judge.is_foreign(blocks)
    sections: list[Section] = []
    for part, path, verdict in zip(
        parts, paths, _verdicts(blocks, parts, named, judge, levels=levels, chained=chained), strict=True
    ):
        if foreign and verdict.source != "heading":
            pieces = [(part.first, part.last, Verdict(taxonomy.unknown, "none", 0.8))]
        else:
            pieces = [(part.first, part.last, verdict)] if foreign else split(blocks, part, verdict, judge)
        for number, (first, last, piece) in enumerate(pieces):
            heading = part.heading.text if part.heading and number == 0 else ""
            confidence = round(min(max(piece.confidence, 0.0), 1.0) * _RELIABLE[piece.source], 2)
            sections.append(
                Section(piece.label, piece.source, confidence, heading, path, first, last, piece.alternatives)
            )
    return sections


def _has_hidden_levels(parts: Sequence[Part], judge: Judge) -> bool:
    """Tell whether headings of a dump stand below others, though all look alike.

    Encyclopedias and manuals have such; a portal's page has a few headings side by side, many of them questions.
    """
    outer = [part.heading.text for part in parts if part.heading is not None and not part.above]
    asking = sum(_ASKS.match(heading) is not None or heading.rstrip().endswith("?") for heading in outer)
    unknown = sum(match is None or match.how == "part" for match in (judge.match(heading, ()) for heading in outer))
    return len(outer) >= _MANY and unknown >= _UNKNOWN_OF_MANY and asking * 4 < len(outer)


def _verdicts(
    blocks: Sequence[Block],
    parts: Sequence[Part],
    named: Sequence[Named | None],
    judge: Judge,
    *,
    levels: bool,
    chained: bool,
) -> list[Verdict]:
    """Label the outermost parts together, in order, and those below them by what stands above."""
    if judge.taxonomy.learned:
        return learned_verdicts(blocks, parts, judge, levels=levels)
    outer = [n for n, part in enumerate(parts) if not part.above]
    if not chained:
        evidence = [_evidence(blocks, parts[n], named[n], judge) for n in outer]
        stay = np.array([_stay(named[n], levels=levels) for n in outer])
        chain = _chain(evidence, [named[n] for n in outer], stay, judge, levels=levels)
    else:
        chain = _followed(blocks, [parts[n] for n in outer], [named[n] for n in outer], judge)
    verdicts = dict(zip(outer, chain, strict=True))
    for n, part in enumerate(parts):
        if part.above:
            above = judge.index[verdicts[part.above[-1]].label]
            silent = (name := named[n]) is None or name.match is None
            posterior = _evidence(blocks, part, name, judge) + (np.log(_inherited(above, judge)) if silent else 0.0)
            verdicts[n] = _verdict(posterior, int(posterior.argmax()), name, judge, above)
    return [verdicts[n] for n in range(len(parts))]


def _evidence(blocks: Sequence[Block], part: Part, named: Named | None, judge: Judge) -> Vector:
    return lead_evidence(judge) if named is None else heading_evidence(named, _running_text(blocks, part), judge)


def _followed(
    blocks: Sequence[Block], parts: Sequence[Part], named: Sequence[Named | None], judge: Judge
) -> list[Verdict]:
    """Label the sections of a dump, whose levels are not known, one after another."""
    verdicts: list[Verdict] = []
    previous = None
    if named and named[0] is None:
        lead = lead_evidence(judge)
        previous = int(lead.argmax())
        verdicts.append(_verdict(lead, previous, None, judge, None))
    links = [
        Link(part.heading.text, name.match, _running_text(blocks, part))
        for part, name in zip(parts, named, strict=True)
        if part.heading is not None and name is not None
    ]
    for link, (label, posterior, alone) in zip(links, follow(links, judge, previous), strict=True):
        verdicts.append(_verdict(posterior, label, Named(link.match, alone, nested=False), judge, previous))
        previous = label
    return verdicts


def _running_text(blocks: Sequence[Block], part: Part) -> Sequence[Block]:
    return [block for block in blocks[part.first : part.last + 1] if block.kind != "heading"]


def lead_evidence(judge: Judge) -> Vector:
    """Return the log-probabilities of the labels of the text before the first heading."""
    size = len(judge.names)
    lead = np.full(size, 0.02 / size)
    lead[judge.index[judge.taxonomy.lead or judge.taxonomy.unknown]] += 0.98
    return np.asarray(np.log(lead))


def heading_evidence(named: Named, text: Sequence[Block], judge: Judge) -> Vector:
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
        mixed[judge.index[judge.taxonomy.unknown]] *= _UNSAID
    silent = match is None or match.how == "part"
    if silent and not named.nested and text and judge.taxonomy.of_class:
        # Where no list knows a heading, the model says the unknown label as the word list did that it learned from.
        mixed[judge.index[judge.taxonomy.unknown]] = _UNSAID_SILENT * (
            mixed.sum() - mixed[judge.index[judge.taxonomy.unknown]]
        )
        mixed = mixed / mixed.sum()
        return np.asarray(_HEADING * np.log(np.maximum(mixed, 1e-4)) + judge.text(text, DISCOUNT))
    scores = np.log(np.maximum(mixed, 1e-9))
    doubt = 1.0 - float(mixed.max() / mixed.sum())
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
    others = next_best(probabilities, judge, match.others if match is not None else ())
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
    return Verdict(name, source, confidence, tuple(other for other in others if other != name))
