"""Blocks of one shape: under elements of equal tags and classes, as a template repeats them."""

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.view import View

_DIGITS = re.compile("[0-9]+")

Shapes = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Two shape numbers of each block, from 0: by its own element and kind, and by the three innermost."""


def shape_of(tag: str, names: str) -> int:
    """Return a number that elements of one template share: equal tag and names, digits aside.

    >>> shape_of("li", "post-1 even") == shape_of("li", "post-22 even")
    True
    """
    return crc32(f"{tag} {_DIGITS.sub('', names[:200])}".encode("utf-8", "replace"))


def block_shapes(view: View, elements: NDArray[np.int64]) -> Shapes:
    """Return the shapes of a page's blocks, given those of its elements."""
    kinds = np.array([ord(b.kind[0]) for b in view.blocks], dtype=np.int64)
    up = np.maximum(view.parents[view.own], 0)
    above = np.maximum(view.parents[up], 0)
    near = elements[view.own] * 31 + kinds
    far = near * 31 + elements[up] * 17 + elements[above]
    return np.unique(near, return_inverse=True)[1], np.unique(far, return_inverse=True)[1]
