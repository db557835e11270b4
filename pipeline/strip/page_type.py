"""What kind of page it is: a linear model over the words of its address and elements and over the whole page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.strip.names import split_name
from pipeline.strip.view import Floats, View

TYPES = ("article", "collection", "documentation", "forum", "listing", "product", "service")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_MOST = 24


def page_keys(view: View) -> list[str]:
    """Return what the page's address and elements say, each once: keys of the linear model's weights."""
    address = view.url.lower().partition("://")[2]
    host, _, path = address.partition("/")
    keys = {f"host:{word}" for word in _WORD.findall(host)}
    parts = _WORD.findall(path[:300])
    keys |= {f"url:{'0' * min(len(w), 5) if w.isdigit() else w}" for w in parts}
    keys.add(f"depth:{min(path.strip('/').count('/') + bool(path.strip('/')), 6)}")
    keys.add(f"slug:{min(len(path.rstrip('/').rpartition('/')[2]) // 10, 6)}")
    seen: set[str] = set()
    for element in view.elements:
        seen.add(element.names)
        if element.role:
            keys.add(f"={element.role.lower()}")
    for name in {name for names in seen for name in names.split()[:_MOST]}:
        keys.update(f".{word}" for word in split_name(name))
    short = [w for b, t in zip(view.blocks, view.tokens, strict=True) if len(t) <= 4 for w in t]
    keys.update(f"w:{word}" for word in short)
    return sorted(keys)


@dataclass(frozen=True, slots=True)
class TypeModel:
    """A multinomial logistic regression.

    Attributes:
        weights: for each key, one weight for each of TYPES.
        numbers: weights of the page's numbers, numbers × types.
        bias: one for each type.
    """

    weights: Mapping[str, Floats]
    numbers: Floats
    bias: Floats

    def probabilities(self, keys: Sequence[str], whole: Floats) -> Floats:
        """Return the probability of each of TYPES.

        Args:
            keys: the page's `page_keys`.
            whole: its `page_numbers`.
        """
        found = [self.weights[key] for key in keys if key in self.weights]
        logits = self.bias + whole @ self.numbers
        if found:
            logits = logits + np.sum(found, axis=0) / np.sqrt(len(found))
        exp = np.exp(logits - logits.max())
        return np.asarray(exp / exp.sum(), dtype=np.float32)
