"""Words with weights: class words along the path and words of the text, each a learned log-odds of content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Element
from pipeline.strip.names import HIDDEN, TAG_BIT, name_bits, names_of, split_name
from pipeline.strip.view import Floats, View

TOKENS = 12
"""Words from a block's beginning that count."""


def element_keys(element: Element) -> list[str]:
    """Return the keys under which the weights of an element's words stand."""
    keys = [f"<{element.tag}"]
    for name in names_of(element):
        keys += name_keys(name)
    return [*keys, "!hidden"] if element.hidden else keys


@lru_cache(maxsize=16384)
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
    """Word weights; what the names of an element come to is remembered from page to page.

    Attributes:
        weights: key → weight.
        names: id, class or role → sum of its words' weights.
    """

    weights: Mapping[str, float]
    names: dict[str, float] = field(default_factory=dict)

    def of_name(self, name: str) -> float:
        """Return the sum of the weights of one id, class or role."""
        value = self.names.get(name)
        if value is None:
            if len(self.names) > _REMEMBERED:
                self.names.clear()
            value = self.names[name] = sum([self.weights.get(key, 0.0) for key in name_keys(name)])
        return value


_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Paths:
    """What the paths say: for each element its own weight, the sum, least and most from the root down, its bits."""

    own: Floats
    total: Floats
    least: Floats
    most: Floats
    bits: NDArray[np.int64]


def read_paths(view: View, words: Words) -> Paths:
    """Return what the tags and names along each element's path say."""
    weights, of_name = words.weights, words.of_name
    tag_weight = {tag: weights.get(f"<{tag}", 0.0) for tag in {e.tag for e in view.elements}}
    hidden_weight = weights.get("!hidden", 0.0)
    own: list[float] = []
    total: list[float] = []
    least: list[float] = []
    most: list[float] = []
    path: list[int] = []
    for element, parent in zip(view.elements, view.parents, strict=True):
        tag = element.tag
        value = tag_weight[tag]
        bits = TAG_BIT.get(tag, 0)
        if element.names or element.role:
            for name in names_of(element):
                value += of_name(name)
                bits |= name_bits(name)
        if element.hidden:
            value += hidden_weight
            bits |= HIDDEN
        own.append(value)
        if parent < 0:
            total.append(value)
            least.append(min(value, 0.0))
            most.append(max(value, 0.0))
            path.append(bits)
        else:
            total.append(value + total[parent])
            low, high = least[parent], most[parent]
            least.append(min(low, value))
            most.append(max(high, value))
            path.append(bits | path[parent])
    sums = np.array([own, total, least, most], dtype=np.float32)
    return Paths(sums[0], sums[1], sums[2], sums[3], np.array(path, dtype=np.int64))


def read_texts(view: View, words: Words) -> Floats:
    """Return the sum of the weights of each block's words."""
    get = words.weights.get
    sums = [sum([get(token, 0.0) for token in tokens[:TOKENS]]) / (1.0 + 0.1 * len(tokens)) for tokens in view.tokens]
    return np.array(sums, dtype=np.float32)
