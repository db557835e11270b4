"""The body model: what running text is about, by its words, pairs of words and how it opens.

Its scores become probabilities by a second small model, fitted to the scores of texts that were left out of
training. It computes what `features.text_features` names, on numbers of words instead of names, for it reads far
more text than the other models read headings.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.sections.features import LEFT_OUT, OPENING, tokens_of
from pipeline.sections.models import Scores, arrays_of, softmax

_LENGTHS = (60, 200, 600, 1500)
"""Characters that part texts by length: the scores of a short one say less."""
LENGTHS = len(_LENGTHS) + 1
"""Classes of length."""
_UNKNOWN, _LEFT_OUT = -1, -2


_BEHIND_DIGITS = ":"
"""Tokens that begin with a digit sort before it, all others behind it."""


class TextModel:
    """A multinomial linear classifier of texts; its weights are 8-bit integers with one scale a class.

    Rows of the weights: each word, then each pair of words, then each word as one of the first.

    Attributes:
        classes: names of the classes, in the order of the scores.
        log_prior: log-probability of each class among the texts that the scores were calibrated on.
        transitions: log-probability of the class that follows a class where the topic changes; last row: the first.
    """

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.classes: tuple[str, ...] = tuple(str(arrays["classes"]).split("\n"))
        words = bytes(arrays["words"]).decode("utf-8").split("\n")
        self._number = dict(zip(words, range(len(words)), strict=True))
        self._number.update(dict.fromkeys(LEFT_OUT, _LEFT_OUT))
        self._pairs = arrays["pairs"]  # sorted: number of the first word × words + number of the second
        self._opening = np.full(len(words), _UNKNOWN)  # word → its row as one of the first
        rows = len(words) + len(self._pairs)
        self._opening[arrays["openings"]] = np.arange(rows, rows + len(arrays["openings"]))
        self._weights = arrays["weights"]
        self._scale = arrays["scale"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)
        self._idf = arrays["idf"].astype(np.float32)
        self._stack = arrays["stack"].astype(np.float64)
        self.log_prior: Scores = arrays["log_prior"].astype(np.float64)
        self.transitions: Scores = arrays["transitions"].astype(np.float64)

    def rows(self, text: str) -> NDArray[np.int64]:
        """Return the rows of the features that a text has, each as often as it has it."""
        tokens = tokens_of(text)
        found = list(map(self._number.get, tokens, repeat(_UNKNOWN)))
        for place, token in enumerate(tokens):
            if token < _BEHIND_DIGITS:  # numbers with the same count of digits are one word
                name = "%" if token[-1] == "%" else "0" * min(len(token), 5)
                found[place] = self._number.get(name, _UNKNOWN)
        numbers = np.array(found, dtype=np.int64)
        numbers = numbers[numbers != _LEFT_OUT]
        known = numbers >= 0
        pairs = (numbers[:-1] * len(self._opening) + numbers[1:])[known[:-1] & known[1:]]
        at = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        openings = self._opening[numbers[:OPENING][known[:OPENING]]]
        return np.concatenate(
            (numbers[known], at[self._pairs[at] == pairs] + len(self._opening), openings[openings >= 0])
        )

    def logits(self, text: str) -> Scores:
        """Return one score a class, those of the linear model alone."""
        each = np.sort(self.rows(text))
        if not len(each):
            return np.asarray(self._bias, dtype=np.float64)
        starts = np.flatnonzero(np.concatenate(([True], each[1:] != each[:-1])))
        rows, counts = each[starts], np.diff(starts, append=len(each))
        values = (1.0 + np.log(counts, dtype=np.float32)) * self._idf[rows]
        values /= np.sqrt(values @ values) or 1.0
        return np.asarray(values @ self._weights[rows].astype(np.float32) * self._scale + self._bias, dtype=np.float64)

    def probabilities(self, text: str) -> Scores:
        """Return the probability of each class."""
        of_length = bisect_right(_LENGTHS, len(text)) - LENGTHS  # the row of `stacked` for texts of this length
        return softmax(self.logits(text) @ self._stack[:-LENGTHS] + self._stack[of_length])


def stacked(logits: Scores, lengths: Sequence[int]) -> Scores:
    """Return what the calibration sees of texts: their scores, and how long they are (texts × classes + lengths)."""
    of_length = np.searchsorted(_LENGTHS, lengths, side="right")
    return np.hstack([logits, np.eye(LENGTHS)[of_length]])


def numbered(words: Sequence[str], features: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    """Return how features named as in `features.text_features` are stored: words, keys of pairs, words of openings.

    Args:
        words: the model's words, in order.
        features: the names: of words, of pairs (`a b`) and of opening words (`^a`).
    """
    number = {word: n for n, word in enumerate(words)}
    single = [number[name] for name in features if " " not in name and name[0] != "^"]
    parts = (name.split(" ") for name in features if " " in name)
    pairs = [number[first] * len(words) + number[second] for first, second in parts]
    return single, pairs, [number[name[1:]] for name in features if name[0] == "^"]


@lru_cache(maxsize=1)
def load_text_model() -> TextModel:
    """Load the shipped body model."""
    return TextModel(arrays_of("body"))
