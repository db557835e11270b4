"""Dumps of our own with every line marked by hand (tests/cases/strip_dumps).

A line begins with a mark and a space: `+` content, `-` furniture, `=` the title, which `strip` keeps apart, so that it
is neither. What stands behind the space is the dump.
"""

from pathlib import Path

import numpy as np

from pipeline.document import Block
from pipeline.read.stage import read_page
from pipeline.strip.view import Floats

MARKED = Path(__file__).parents[1] / "tests" / "cases" / "strip_dumps"
_LABELS = {"+": 1.0, "-": 0.0, "=": float("nan")}


def read_marked(path: Path) -> tuple[tuple[Block, ...], Floats]:
    """Return the blocks of a marked dump and their labels; nan for the title.

    Raises:
        ValueError: a line has no mark, or lines of two marks are read as one block.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line and (line[0] not in _LABELS or line[1:2] != " "):
            raise ValueError(f"{path.name}, line {number} begins with no mark")
    blocks = read_page("\n".join(line[2:] for line in lines).encode(), name="dump.txt").blocks
    return tuple(blocks), np.array([_label(path, lines, block) for block in blocks], dtype=np.float32)


def _label(path: Path, lines: list[str], block: Block) -> float:
    start = at = 0
    marks = set()
    for line in lines:
        start, at = at, at + len(line[2:]) + 1
        if line and start < (block.place.end or 0) and at - 1 > (block.place.start or 0):
            marks.add(line[0])
    if len(marks) != 1:
        raise ValueError(f"{path.name}: lines with different marks are one block: {block.text[:60]}")
    return _LABELS[marks.pop()]
