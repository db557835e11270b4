"""Words with weights: class words along the path and words of the text, each a learned log-odds of content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Element
from pipeline.strip.names import HIDDEN, TAG_BIT, name_bits, names_of, split_name
from pipeline.strip.shapes import shape_of
from pipeline.strip.view import STOP_WORDS, Floats, View

TOKENS = 12
"""Words from a block's beginning that count."""


def element_keys(element: Element) -> list[str]:
    """Return the keys under which the weights of an element's words stand."""
    keys = [f"<{element.tag}"]
    for name in names_of(element):
        keys += name_keys(name)
    return [*keys, "!hidden"] if element.hidden else keys


@lru_cache(maxsize=4096)
def name_keys(name: str) -> tuple[str, ...]:
    """Return the keys of one id, class or role."""
    return tuple(f".{word}" for word in split_name(name))


def text_keys(tokens: list[str]) -> list[str]:
    """Return the keys under which the weights of a block's text words stand."""
    return tokens[:TOKENS]


def text_scale(tokens: list[str]) -> float:
    """Return what each of a block's words counts: less where there are many."""
    return 1.0 / (1.0 + 0.1 * len(tokens))


@dataclass(frozen=True, slots=True)
class Words:
    """Word weights; what the tag and names of an element come to is remembered from page to page.

    Attributes:
        weights: key → weight.
        elements: tag, names and role → sum of weights, bits, shape.
        names: id, class or role → sum of weights, bits.
    """

    weights: Mapping[str, float]
    elements: dict[tuple[str, str, str], tuple[float, int, int]] = field(default_factory=dict)
    names: dict[str, tuple[float, int]] = field(default_factory=dict)

    def of_element(self, element: Element, key: tuple[str, str, str]) -> tuple[float, int, int]:
        """Return what an element's tag and names come to, its being hidden aside, and remember it."""
        if len(self.elements) > _REMEMBERED:
            self.elements.clear()
        value = self.weights.get(f"<{element.tag}", 0.0)
        bits = TAG_BIT.get(element.tag, 0)
        remembered = self.names.get
        for name in names_of(element):
            own, bit = remembered(name) or self._of_name(name)
            value += own
            bits |= bit
        found = self.elements[key] = (value, bits, shape_of(element.tag, element.names))
        return found

    def _of_name(self, name: str) -> tuple[float, int]:
        if len(self.names) > _REMEMBERED:
            self.names.clear()
        get = self.weights.get
        found = self.names[name] = (sum([get(word, 0.0) for word in name_keys(name)]), name_bits(name))
        return found


_REMEMBERED = 8_000


@dataclass(frozen=True, slots=True)
class Paths:
    """What the paths say: each element's own weight, the sum, least and most from the root down, bits and shape."""

    own: Floats
    total: Floats
    least: Floats
    most: Floats
    bits: NDArray[np.int64]
    shape: NDArray[np.int64]


def read_paths(view: View, words: Words) -> Paths:
    """Return what the tags and names along each element's path say."""
    remembered = words.elements.get
    hidden_weight = words.weights.get("!hidden", 0.0)
    values: list[float] = []
    bits: list[int] = []
    shapes: list[int] = []
    for element in view.elements:
        key = (element.tag, element.names, element.role)
        value, bit, shape = remembered(key) or words.of_element(element, key)
        if element.hidden:
            value += hidden_weight
            bit |= HIDDEN
        values.append(value)
        bits.append(bit)
        shapes.append(shape)
    own = np.array(values)
    path = np.array(bits, dtype=np.int64)
    total = own.copy()
    least, most = np.minimum(own, 0), np.maximum(own, 0)
    for rows in _by_steps(view.parents):  # elements of one distance from the root at once, from there down
        above = view.parents[rows]
        total[rows] += total[above]
        least[rows] = np.minimum(least[rows], least[above])
        most[rows] = np.maximum(most[rows], most[above])
        path[rows] |= path[above]
    sums = np.stack([own, total, least, most]).astype(np.float32)
    return Paths(sums[0], sums[1], sums[2], sums[3], path, np.array(shapes, dtype=np.int64))


def _by_steps(parents: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the rows of elements one step below a root, two steps, and so on."""
    steps: list[int] = []
    for parent in parents.tolist():
        steps.append(0 if parent < 0 else steps[parent] + 1)
    distance = np.array(steps)
    order = np.argsort(distance, kind="stable")
    return np.split(order, np.cumsum(np.bincount(distance)))[1:-1]


def read_texts(view: View, words: Words) -> Floats:
    """Return the sum of the weights of each block's words."""
    get = words.weights.get
    sums = [sum([get(token, 0.0) for token in tokens[:TOKENS]]) / (1.0 + 0.1 * len(tokens)) for tokens in view.tokens]
    return np.array(sums, dtype=np.float32)


_TITLE_WORDS = 40


def find_words(view: View) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how many words each block has, and how many of them are function words, on topic, in the title.

    Of the title only the words that stand first in a block count.
    """
    kinds = dict.fromkeys(STOP_WORDS, 1)
    for bit, words in ((2, view.topic_words), (4, view.title_words)):
        for word in words:
            kinds[word] = kinds.get(word, 0) | bit
    lengths = np.fromiter(map(len, view.tokens), dtype=np.int64, count=len(view.tokens))
    get = kinds.get
    kind = np.array([get(token, 0) for tokens in view.tokens for token in tokens], dtype=np.uint8)
    at = np.flatnonzero(kind)
    block = np.repeat(np.arange(len(lengths)), lengths)[at]
    first = at - (np.cumsum(lengths) - lengths)[block] < _TITLE_WORDS
    bits = kind[at]
    flags = [bits & 1, (bits & 2) >> 1, ((bits & 4) >> 2) * first]
    return lengths, np.stack([np.bincount(block, flag, minlength=len(lengths)) for flag in flags])
