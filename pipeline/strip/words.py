"""Words with weights: class words along the path and words of the text, each a learned log-odds of content."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipeline.document import Element
from pipeline.strip.names import split_names
from pipeline.strip.view import Floats, View

TOKENS = 12
"""Words from a block's beginning that count."""
TAIL = 3
"""Words from the end of its first `HEAD` characters that count."""


@dataclass(frozen=True, slots=True)
class WordSums:
    """Sums of word weights: along the path to each element, the least and most on the way, and for each text."""

    element: Floats
    path: Floats
    least: Floats
    most: Floats
    text: Floats


@lru_cache(maxsize=8192)
def _keys(tag: str, names: str, role: str) -> tuple[str, ...]:
    keys = [f"<{tag}", *(f".{word}" for word in split_names(names))]
    if role:
        keys += [f"={word}" for word in split_names(role)]
    return tuple(keys)


def element_keys(element: Element) -> tuple[str, ...]:
    """Return the keys under which the weights of an element's words stand."""
    keys = _keys(element.tag, element.names, element.role)
    return (*keys, "!hidden") if element.hidden else keys


def text_keys(tokens: list[str]) -> list[str]:
    """Return the keys under which the weights of a block's text words stand."""
    return tokens if len(tokens) <= TOKENS + TAIL else tokens[:TOKENS] + tokens[-TAIL:]


def sum_words(view: View, weights: Mapping[str, float]) -> WordSums:
    """Return the sums of weights along each element's path and over each block's text."""
    get = weights.get
    own: list[float] = []
    path: list[float] = []
    least: list[float] = []
    most: list[float] = []
    for element, parent in zip(view.elements, view.parents, strict=True):
        value = 0.0
        for key in element_keys(element):
            value += get(key, 0.0)
        own.append(value)
        if parent < 0:
            path.append(value)
            least.append(min(value, 0.0))
            most.append(max(value, 0.0))
        else:
            path.append(value + path[parent])
            least.append(min(value, least[parent]))
            most.append(max(value, most[parent]))
    text = [sum([get(key, 0.0) for key in text_keys(tokens)]) / (1.0 + 0.1 * len(tokens)) for tokens in view.tokens]
    return WordSums(*(np.array(values, dtype=np.float32) for values in (own, path, least, most, text)))
