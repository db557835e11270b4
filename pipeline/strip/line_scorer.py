"""What the networks over lines that the package ships say of a dump, and what they and the forests say together."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np

from pipeline.document import Block
from pipeline.strip.line_features import see
from pipeline.strip.network import Network, load
from pipeline.strip.title import Heading
from pipeline.strip.view import Floats

FILE = "lines.npz"
_LEAST = 1e-4
"""Probability below which a judgement counts as no surer."""


def chances_of_lines(blocks: Sequence[Block], heading: Heading) -> Floats:
    """Return the probability that each block of a dump is content.

    Args:
        blocks: its blocks, at least one.
        heading: its title and breadcrumb.
    """
    lines = see(blocks, heading)
    odds = np.mean([network.log_odds(lines) for network in shipped()], axis=0)
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


def both(one: Floats, other: Floats) -> Floats:
    """Return the probabilities half-way between two judgements, by log-odds.

    >>> both(np.array([0.5, 0.9], dtype=np.float32), np.array([0.5, 0.1], dtype=np.float32)).round(3).tolist()
    [0.5, 0.5]
    """
    ratio = np.sqrt(_odds(one) * _odds(other))
    return np.asarray(ratio / (1 + ratio), dtype=np.float32)


def _odds(probabilities: Floats) -> Floats:
    sure = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.asarray(sure / (1 - sure), dtype=np.float32)


@lru_cache(maxsize=1)
def shipped() -> list[Network]:
    """Return the networks that the package ships."""
    return load(_file())


@lru_cache(maxsize=1)
def digest() -> str:
    """Return a hash of the shipped weights."""
    return hashlib.sha256(_file()).hexdigest()


def _file() -> bytes:
    return resources.files("pipeline.strip").joinpath(FILE).read_bytes()
