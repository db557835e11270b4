"""Blocks of one shape: under elements of equal tags and classes, as a template repeats them."""

import re
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.view import View

_DIGITS = re.compile("[0-9]+")


@lru_cache(maxsize=16384)
def _shape_of(tag: str, names: str) -> int:
    """Return a number that elements of one template share: equal tag and names, digits aside."""
    return crc32(f"{tag} {_DIGITS.sub('', names[:200])}".encode("utf-8", "replace"))


def shape_ids(view: View) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return two shape numbers of each block: by its own element and kind, and by the three innermost."""
    own = np.array([_shape_of(e.tag, e.names) for e in view.elements], dtype=np.int64)
    kinds = np.array([ord(b.kind[0]) for b in view.blocks], dtype=np.int64)
    up = np.maximum(view.parents[view.own], 0)
    above = np.maximum(view.parents[up], 0)
    near = own[view.own] * 31 + kinds
    far = near * 31 + own[up] * 17 + own[above]
    return np.unique(near, return_inverse=True)[1], np.unique(far, return_inverse=True)[1]
