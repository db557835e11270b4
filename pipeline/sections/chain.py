"""The sections of a dump one after another: what a heading means where its level is not known.

A sub-heading of a dump looks like any other heading, so what it means depends on the section before it. The
model `heading_flat` gives the label of a section by its heading, its text where the heading is silent, and the
label of the section before (a maximum-entropy Markov model, McCallum et al. 2000).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipeline.document import Block
from pipeline.sections.evidence import LEAD, Judge, Vector, fold
from pipeline.sections.features import heading_features, rule_features
from pipeline.sections.heading_rules import Match, match_heading, topic_of
from pipeline.sections.heading_text import without_topic, words_of
from pipeline.sections.models import load_model, softmax
from pipeline.sections.taxonomy import Taxonomy, load_taxonomy

START = "START"
"""Stands for the section before the first."""
_FLOOR = 1e-4
"""Probability of a class by the text below which it does not matter how much."""
_TRUST = (0.9, 0.8, 0.6, 0.4, 0.1)
"""How far a match of the lists is believed beside the model, for labels that it has learned, by how many headings of
the page they do not know. Where they know all, no sub-heading is among them, and each means what it says; the more
they do not know, the more of the page stands below other headings (counted in the training articles: .95 of the
matches are right where all headings are known, .85 where six are not)."""
_PARTLY = {"exact": 1.0, "head": 0.7, "part": 0.0, "below": 1.0}
"""Share of that for each kind of match."""
_UNSAID = 0.3
"""What the chance of the unknown label is worth where no list names it: in training it is mostly what the word list
that labelled the articles did not know."""
_TRUST_UNLEARNED = {"exact": 0.97, "head": 0.92, "part": 0.6, "below": 1.0}
"""The same for labels that it has not."""


@dataclass(frozen=True, slots=True)
class Link:
    """A section in the chain.

    Attributes:
        heading: its heading.
        match: what the lists of the taxonomy say of it.
        text: its blocks without the heading.
    """

    heading: str
    match: Match | None
    text: Sequence[Block]


def chain_features(heading: str, title: str) -> tuple[list[str], str]:
    """Return the features of a heading by itself, and what the lists of `health` say of it (`exact causes`, `none`)."""
    health = load_taxonomy("health")  # the lists that the model was trained with
    match = match_heading(heading, health, title)
    words = without_topic(words_of(heading), topic_of(title, health))
    known = "none" if match is None else f"{match.how} {match.label}"
    return [*heading_features(words, ()), *rule_features(match, ())], known


def features_after(before: str, known: str) -> tuple[str, str, str]:
    """Return the features that join a section to the class of the one before it."""
    return f"PL {before}", f"PLM {before} {known}", f"PLH {before} {known.split(' ', 1)[0]}"


def is_silent(known: str) -> bool:
    """Tell whether the text is read: the lists do not know what the heading is about."""
    return known.split(" ", 1)[0] in ("none", "part")


def text_scores(probabilities: Vector) -> Vector:
    """Return what the model sees of a text: log-probabilities of the body model's classes."""
    return np.asarray(np.log(np.maximum(probabilities, _FLOOR)))


def transition(link: Link, judge: Judge, trust: float) -> tuple[Vector, Vector]:
    """Return what a section's label may be; `trust` is how far an exact match of the lists is believed.

    Returns:
        labels + 2 × labels, the log-probability of its label after each label (then: at the start, after a lead), and
        the probabilities of the labels by the heading alone.
    """
    model = load_model("heading_flat")
    features, known = chain_features(link.heading, judge.title)
    logits = model.logits(features)
    folding = fold(judge.taxonomy, model.classes).T
    alone = softmax(logits) @ folding
    if link.text and is_silent(known):
        logits = logits + text_scores(judge.read(link.text)) @ model.extra["body"]
    after = softmax(logits + _after(known)) @ folding
    after = np.maximum(after, 1e-6)[_rows(judge.taxonomy)]
    if not judge.taxonomy.learned and (link.match is None or link.match.how == "part"):
        after[:, judge.index[judge.taxonomy.unknown]] *= _UNSAID
    if link.match is not None:
        after = _refined(after, link.match, judge, trust)
    return np.asarray(np.log(np.maximum(after / after.sum(axis=1, keepdims=True), 1e-9))), alone


def _refined(after: Vector, match: Match, judge: Judge, trust: float) -> Vector:
    """Return the probabilities with what the lists say: which label of a family it is, and in part which family."""
    taxonomy, column = judge.taxonomy, judge.index[match.label]
    coarse = taxonomy.coarse(match.label)
    trust = trust * _PARTLY[match.how] if taxonomy.labels[coarse].classes else _TRUST_UNLEARNED[match.how]
    after = (1 - trust) * after
    if match.how in ("exact", "head"):
        family = [judge.index[name] for name in taxonomy.labels if taxonomy.coarse(name) == coarse]
        mass = after[:, family].sum(axis=1)
        after[:, family] = 0.0
        after[:, column] = mass
    after[:, column] += trust
    return after


@lru_cache(maxsize=1024)
def _after(known: str) -> Vector:
    """Return classes + 2 × classes: what each class of the section before adds to the scores; then none, and a lead."""
    model = load_model("heading_flat")
    return np.array([model.added(features_after(before, known)) for before in (*model.classes, START, LEAD)])


@lru_cache(maxsize=16)
def _rows(taxonomy: Taxonomy) -> list[int]:
    """Return for each label, the start and a lead the class that stands for it as the section before."""
    classes = (*load_model("heading_flat").classes, START)
    found = []
    for label in taxonomy.file.label:
        known = [c for name in (label.id, taxonomy.coarse(label.id)) for c in taxonomy.labels[name].classes]
        found.append(classes.index(next((c for c in known if c in classes), "other")))
    return [*found, len(classes) - 1, len(classes)]


def follow(links: Sequence[Link], judge: Judge, first: int | None) -> Iterator[tuple[int, Vector, Vector]]:
    """Yield the label of each section on the best path (Viterbi 1967).

    With it come the log-probabilities of all labels, whatever came before, and the probabilities by the heading alone.

    Args:
        links: the sections, in order.
        judge: the page's judge.
        first: label of the text before the first heading, None where there is none; a taxonomy without a lead has
            the number behind its last label and the start for it.
    """
    if not links:
        return
    unknown = sum(link.match is None or link.match.how == "part" for link in links)
    trust = _TRUST[min(unknown, len(_TRUST) - 1)]
    tables, alone = zip(*(transition(link, judge, trust) for link in links), strict=True)
    total = forward = tables[0][len(judge.names) if first is None else first]
    marginals, back = [forward], []
    for table in tables[1:]:
        moves = total[:, None] + table[: len(total)]
        back.append(moves.argmax(axis=0))
        total = moves.max(axis=0)
        forward = np.logaddexp.reduce(forward[:, None] + table[: len(total)], axis=0)
        marginals.append(forward)
    path = [int(total.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    yield from zip(reversed(path), marginals, alone, strict=True)
