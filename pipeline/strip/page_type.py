"""What kind of page it is: a linear model over the words of its address and elements and over the whole page."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.strip.features import LONG, markup_features, page_numbers, path_bits
from pipeline.strip.names import BITS, split_names
from pipeline.strip.view import Floats, View

TYPES = ("article", "collection", "documentation", "forum", "listing", "product", "service")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_HEAD_WORDS = 200


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
    for names in seen:
        keys.update(f".{word}" for word in split_names(names))
    short = [w for b, t in zip(view.blocks, view.tokens, strict=True) if len(t) <= 4 for w in t]
    keys.update(f"w:{word}" for word in short)
    return sorted(keys)


def whole_page(view: View) -> Floats:
    """Return the numbers of the page as a whole that the type model sees."""
    link_ratio = markup_features(view)["link_ratio"]
    long_words = np.where((view.words >= LONG) & (link_ratio < 0.4), view.words, 0).astype(np.float32)
    path = path_bits(view)[1][view.own]
    flags = ((path[:, None] >> np.arange(BITS, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)
    return page_numbers(view, link_ratio, long_words, flags)


def type_probabilities(view: View, weights: Mapping[str, Sequence[float]], numbers: Floats, bias: Floats) -> Floats:
    """Return the probability of each of TYPES.

    Args:
        view: the page.
        weights: for each key, one weight for each type.
        numbers: weights of `whole_page`, numbers × types.
        bias: one for each type.
    """
    found = [weights[key] for key in page_keys(view) if key in weights]
    logits = bias + whole_page(view) @ numbers
    if found:
        logits = logits + np.sum(found, axis=0) / np.sqrt(len(found))
    exp = np.exp(logits - logits.max())
    return np.asarray(exp / exp.sum(), dtype=np.float32)
