"""What heading and text say of a section's label: log-probabilities over the labels of a taxonomy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block
from pipeline.sections.features import heading_features, rule_features
from pipeline.sections.heading_rules import Match, match_heading, topic_of
from pipeline.sections.heading_text import TOPIC, topic_words, without_topic, words_of
from pipeline.sections.models import load_model, softmax
from pipeline.sections.taxonomy import Taxonomy, load_taxonomy
from pipeline.sections.text_model import load_text_model

Vector = NDArray[np.float64]
OUTSIDE = "outside"
"""Class of the body model for texts that are not of its field."""
LEAD = "overview"
"""Class of the body model for the texts before the first heading."""
_FLOOR = 0.002
_UNLEARNED = 0.012
"""Probability of a label that the models have not learned, before its cues speak."""
_CUE = 1.2
"""Log-odds that a cue of a taxonomy is worth; three at most count."""
OPENING_REACH, _CUED, _READ = 300, 800, 2000
"""Characters of a block in which openings and cues are looked for, and that are read at all."""
_ANNOUNCED = 4.5
"""Log-odds that an opening is worth as a block's first words; half of it at their end."""
_FOREIGN, _DOUBTFUL = 0.95, 0.15
"""Probability of being outside the field from which a page is, with and without a definition in its lead. Of the
general articles left out of training three in four have more than the first, of those on diseases 99 in 100 less than
0.01; translated pages have more, for the model knows none."""
_IS = re.compile(r"\b(?:is|are) (?:a|an|the|one|called)\b")
_PURPOSE = re.compile(r"^(?:in order to|to|before) [^,.]{0,120}, ")
"""Opens a sentence that is about something else: "To treat it, one must know the cause"."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a heading says.

    Attributes:
        match: what the taxonomy's lists say, None where they know nothing.
        modelled: probabilities of the labels by the heading model, None where the taxonomy has no classes.
        nested: whether it stands below another heading that may be what decides.
    """

    match: Match | None
    modelled: Vector | None
    nested: bool


class Judge:
    """Reads headings and texts of one page for one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, title: str) -> None:
        self.taxonomy = taxonomy
        self.names = tuple(taxonomy.labels)
        self.index = {name: i for i, name in enumerate(self.names)}
        self.title = title
        unlearned = [not label.classes and name != taxonomy.unknown for name, label in taxonomy.labels.items()]
        self._floor = np.where(unlearned, _UNLEARNED, _FLOOR)

    def heading(self, heading: str, above: Sequence[str]) -> Named:
        """Return what a heading says, given the headings above it."""
        match = self.match(heading, above)
        if not self.taxonomy.of_class:
            return Named(match, None, bool(above))
        model = load_model("heading")
        health = load_taxonomy("health")  # the lists that the model was trained with
        words = [without_topic(words_of(h), topic_of(self.title, health)) for h in (*above, heading)]
        matches = [match_heading(h, health, self.title) for h in (*above, heading)]
        features = [*heading_features(words[-1], words[:-1]), *rule_features(matches[-1], matches[:-1])]
        parent = self._parent(above)
        refines = match is not None and (
            match.label == self.taxonomy.unknown or self.taxonomy.coarse(match.label) == self.taxonomy.coarse(parent)
        )
        group = 0 if matches[-1] is not None else 1 if above else 2
        return Named(
            match,
            self._folded(model.classes, model.probabilities(features, float(model.extra["temperatures"][group]))),
            bool(above) and not refines,
        )

    def match(self, heading: str, above: Sequence[str]) -> Match | None:
        """Return what the lists say of a heading, None where it only speaks of the heading above it."""
        if self.taxonomy.learned:
            return None
        match = match_heading(heading, self.taxonomy, self.title)
        if match is None and self.taxonomy.lead and self._is_topic(heading):
            return Match(self.taxonomy.lead, "exact")
        if not above:
            return match
        parent = self._parent(above)
        if self.taxonomy.labels[parent].gathers and heading.rstrip().endswith("?"):
            return Match(parent, "below")
        if match is None or match.how == "part" or _speaks_of(match.label, parent, self.taxonomy):
            return None
        return match

    def _parent(self, above: Sequence[str]) -> str:
        """Return the label of the nearest heading above that the lists know."""
        parents = (match_heading(h, self.taxonomy, self.title) for h in reversed(above))
        return next((m.label for m in parents if m is not None and m.how != "part"), self.taxonomy.unknown)

    def _is_topic(self, heading: str) -> bool:
        """Tell whether a heading is the page's topic and nothing else: "Gout" on the page on gout."""
        return without_topic(words_of(heading), topic_of(self.title, self.taxonomy)) == (TOPIC,)

    def read(self, blocks: Sequence[Block]) -> Vector:
        """Return the probabilities of the body model's classes given running text."""
        return load_text_model().probabilities(_running(blocks))

    def text(self, blocks: Sequence[Block], discount: float = 0.0) -> Vector:
        """Return the log-probabilities of the labels given running text.

        Args:
            blocks: the text.
            discount: power of the classes' frequency that their probabilities are divided by.
        """
        text = _running(blocks)
        scores, learned = np.zeros(len(self.names)), bool(self.taxonomy.of_class)
        if learned:
            model = load_text_model()
            told = model.probabilities(text) * np.exp(-discount * model.log_prior)
            scores = np.log(np.maximum(self._folded(model.classes, told / told.sum()), self._floor))
        lower = _PURPOSE.sub("", text[:_CUED].lower())
        for label, found in self.taxonomy.cues.count(lower, 3).items():
            scores[self.index[label]] += _CUE * found
        return np.asarray(np.log(softmax(scores)))

    def _folded(self, classes: tuple[str, ...], probabilities: Vector) -> Vector:
        """Return the probabilities of the labels, given that the page is of the models' field."""
        folded = fold(self.taxonomy, classes) @ probabilities
        return np.asarray((folded + 1e-6) / (folded + 1e-6).sum())

    def opening(self, block: Block, reach: int = OPENING_REACH) -> Vector:
        """Return the log-odds by which the first `reach` characters of a paragraph announce labels."""
        scores = np.zeros(len(self.names))
        for label, at in self.announced(block, reach).items():
            scores[self.index[label]] = _ANNOUNCED * (1 - at / (2 * OPENING_REACH))
        return scores

    def announced(self, block: Block, reach: int) -> dict[str, int]:
        """Return the labels that the first `reach` characters of a paragraph announce, each with where it does."""
        return self.taxonomy.openings.first(_PURPOSE.sub("", block.text[:reach].lower()))

    def is_foreign(self, blocks: Sequence[Block]) -> bool:
        """Tell whether a page without a known heading is none of the body model's field; never without a model."""
        if not self.taxonomy.of_class or not blocks:
            return False
        model = load_text_model()
        text = " ".join(block.text for block in blocks[:40])
        outside = float(model.probabilities(text)[model.classes.index(OUTSIDE)])
        lead = self.index.get(self.taxonomy.lead)
        defined = lead is not None and any(
            self.opening(block)[lead] > 0 or self._says_what_it_is(block.text) for block in blocks[:3]
        )
        return outside > (_FOREIGN if defined else _DOUBTFUL)

    def _says_what_it_is(self, text: str) -> bool:
        """Tell whether a text begins by saying what the page's topic is."""
        found = _IS.search(text[:120])
        topic = topic_words(self.title, self.taxonomy.words)
        return found is not None and not topic.isdisjoint(words_of(text[: found.start()]))


def _running(blocks: Sequence[Block]) -> str:
    return " ".join(block.text[:_READ] for block in blocks[:12])


def _speaks_of(label: str, parent: str, taxonomy: Taxonomy) -> bool:
    """Tell whether a heading below another speaks of that: "Diet" below "Prevention" is prevention."""
    blank = (taxonomy.unknown, taxonomy.lead)
    if parent in blank or label == taxonomy.unknown:  # "Video" is no prevention wherever it stands
        return False
    if label == taxonomy.lead:
        return True
    return bool(taxonomy.labels[label].parent) and taxonomy.coarse(parent) != taxonomy.coarse(label)


@lru_cache(maxsize=32)
def fold(taxonomy: Taxonomy, classes: tuple[str, ...]) -> Vector:
    """Return labels × classes: 1 where a class counts as the label; what no label takes is unknown.

    A taxonomy without a lead is for texts that have none: the class of leads is no label there.
    """
    names = tuple(taxonomy.labels)
    table = np.zeros((len(names), len(classes)))
    for column, name in enumerate(classes):
        if name == OUTSIDE or (name == LEAD and not taxonomy.lead):
            continue
        label = taxonomy.of_class.get(name, name if name in taxonomy.labels else taxonomy.unknown)
        table[names.index(label), column] = 1.0
    return table
