"""What kind of page it is: a linear model over the words of its address and elements and over the whole page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from pipeline.strip.view import Floats, View
from pipeline.strip.words import name_keys

TYPES = ("article", "collection", "documentation", "forum", "listing", "product", "service")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_MOST = 24
"""Names of one element that count."""
_SHORT = 4
"""Words of a block all of which count."""


def page_keys(view: View) -> list[str]:
    """Return what the page's address and elements say, each once: keys of the linear model's weights."""
    keys = _address_keys(view.url.lower().partition("://")[2]) if view.url else []
    for role in dict.fromkeys([element.role for element in view.elements]):
        if role:
            keys.append(f"={role.lower()}")
    named = [names.split()[:_MOST] for names in dict.fromkeys([element.names for element in view.elements])]
    for name in dict.fromkeys(chain.from_iterable(named)):
        keys += name_keys(name)
    for tokens in view.tokens:
        if len(tokens) <= _SHORT:
            keys += tokens
    return list(dict.fromkeys(keys))


def _address_keys(address: str) -> list[str]:
    host, _, path = address.partition("/")
    parts = _WORD.findall(path[:300])
    keys = [f"host:{word}" for word in _WORD.findall(host)]
    keys += [f"url:{'0' * min(len(w), 5) if w.isdigit() else w}" for w in parts]
    keys.append(f"depth:{min(path.strip('/').count('/') + bool(path.strip('/')), 6)}")
    keys.append(f"slug:{min(len(path.rstrip('/').rpartition('/')[2]) // 10, 6)}")
    return keys


@dataclass(frozen=True, slots=True)
class TypeModel:
    """A multinomial logistic regression.

    Attributes:
        rows: for each key, its row of `weights`.
        weights: one weight for each of TYPES, keys × types.
        numbers: weights of the page's numbers, numbers × types.
        bias: one for each type.
    """

    rows: Mapping[str, int]
    weights: Floats
    numbers: Floats
    bias: Floats

    def probabilities(self, keys: Sequence[str], whole: Floats) -> Floats:
        """Return the probability of each of TYPES.

        Args:
            keys: the page's `page_keys`.
            whole: its `page_numbers`.
        """
        rows = self.rows
        found = [rows[key] for key in keys if key in rows]
        logits = self.bias + whole @ self.numbers
        if found:
            logits = logits + self.weights[found].sum(axis=0) / np.sqrt(len(found))
        exp = np.exp(logits - logits.max())
        return np.asarray(exp / exp.sum(), dtype=np.float32)
