"""Gold text → a label for each block: which of its words are in the gold, by the longest common subsequence."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CJK = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
WORD = re.compile(rf"[{CJK}]|[^\W{CJK}]+")
_CELLS = 150_000_000
"""Cells of the table that are held at once; a longer gold is aligned piece by piece."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; each CJK character is one."""
    return WORD.findall(text.lower())


def align(blocks: Sequence[str], gold: str) -> NDArray[np.float32]:
    """Return, for each block, the fraction of its words that lie in the gold; nan for a block without words.

    The blocks' words and the gold's are aligned by a longest common subsequence over runs: a word
    matches only where it or a neighbour continues a run, so that scattered small words do not count.
    """
    words: list[str] = []
    owner: list[int] = []
    for index, block in enumerate(blocks):
        own = words_of(block)
        words += own
        owner += [index] * len(own)
    totals = np.bincount(np.array(owner, dtype=np.int64), minlength=len(blocks)).astype(np.float32)
    matched = np.zeros(len(blocks), dtype=np.float32)
    gold_words = words_of(gold)
    if words and gold_words:
        for position in _matches(words, gold_words):
            matched[owner[position]] += 1
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(totals > 0, matched / totals, np.nan).astype(np.float32)


def _matches(words: Sequence[str], gold: Sequence[str]) -> list[int]:
    number: dict[str, int] = {}
    page = np.array([number.setdefault(w, len(number)) for w in words])
    wanted = np.array([number.get(w, -1) for w in gold])
    rows = max(1, _CELLS // (len(page) + 1))
    out: list[int] = []
    start = 0
    for begin in range(0, len(wanted), rows):
        part = wanted[begin : begin + rows]
        found = _lcs(page[start:], part)
        out += [start + i for i in found]
        if found and begin + rows < len(wanted):
            start += found[-1] + 1
    return out


def _lcs(page: NDArray[np.int64], gold: NDArray[np.int64]) -> list[int]:
    """Return the positions in `page` of a best alignment; a match that continues a run counts three times as much."""
    width = len(page)
    table = np.zeros((len(gold) + 1, width + 1), dtype=np.uint16 if len(gold) * 3 < 65000 else np.int32)
    run = np.zeros(width + 1, dtype=bool)
    for row, word in enumerate(gold, 1):
        equal = page == word
        gain = np.where(run[:-1], 3, 1)
        best = table[row - 1].astype(np.int32)
        diagonal = np.where(equal, best[:-1] + gain, 0)
        new = best.copy()
        new[1:] = np.maximum(new[1:], diagonal)
        new = np.maximum.accumulate(new)
        run = np.zeros(width + 1, dtype=bool)
        run[1:] = equal & (new[1:] == diagonal)
        table[row] = new
    out: list[int] = []
    row, column = len(gold), width
    while row > 0 and column > 0:
        value = table[row, column]
        if value == table[row, column - 1]:
            column -= 1
        elif value == table[row - 1, column]:
            row -= 1
        else:
            out.append(column - 1)
            row, column = row - 1, column - 1
    return out[::-1]
