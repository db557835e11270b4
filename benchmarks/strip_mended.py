"""Labels of blocks that a careful person would not stand by: left out of training and, told apart, of the score.

The gold of the sets is a text; what stands in it is a matter of convention for titles and captions, of chance for a
word or two, and of neither for a heading between two paragraphs that are in it, for a second showing of a line that
is in it, and for a line half of which is. References are in the gold of one page of a site and not in that of the next
(dev-4063, dev-4055).
"""

import re
from collections import Counter

import numpy as np

from benchmarks.strip_pages import Page
from pipeline.strip.lines import normal
from pipeline.strip.view import Floats

_CONTENT = 0.5
_PARTLY = (0.2, 0.8)
_LONGEST_HEADING = 25
_LINKED = 0.6
_FEW = 2
_REFERENCE = re.compile(
    r"\bdoi\b|\bpmid\b|\bgoogle scholar\b|\bpubmed\b|\b(?:19|20)\d\d[a-z]?;\s?\d|\bet al\.? \((?:19|20)\d\d|"
    r"\bet al\.?,? .{0,80}\b(?:19|20)\d\d\b|^.{0,120}\((?:19|20)\d\d\)\. .{20}",
    re.IGNORECASE,
)
_LONGEST_REFERENCE = 700


def undecided(page: Page) -> dict[int, str]:
    """Return the blocks whose label is not to be trusted, each with the reason."""
    blocks, labels = page.view.blocks, np.nan_to_num(page.labels)
    keys = [normal(block.text) for block in blocks]
    content = labels >= _CONTENT
    shown = {key for key, wanted in zip(keys, content.tolist(), strict=True) if wanted and key.count(" ") >= _FEW}
    title = normal(page.title)
    out: dict[int, str] = {}
    for i, (block, key, label) in enumerate(zip(blocks, keys, labels.tolist(), strict=True)):
        few = key.count(" ") < _FEW
        linked = block.markup is not None and block.markup.link_chars >= _LINKED * len(block.text)
        if np.isnan(page.labels[i]):
            continue
        if key and block.kind in {"heading", "paragraph"} and (key == title or (not few and key in title)):
            out[i] = "shows the title"
        elif block.kind == "caption":
            out[i] = "caption"
        elif _PARTLY[0] < label < _PARTLY[1]:
            out[i] = "partly in the gold"
        elif not content[i] and block.kind == "heading" and key.count(" ") < _LONGEST_HEADING:
            if content[max(i - 2, 0) : i].any() and content[i + 1 : i + 2].any():
                out[i] = "heading of what is in the gold"
        elif not content[i] and key in shown and not linked:
            out[i] = "shows again what is in the gold"
        elif content[i] and few and not content[max(i - 2, 0) : i].any() and not content[i + 1 : i + 3].any():
            out[i] = "a word or two by chance"
    return out


def mended(page: Page, dump: Page) -> Floats:
    """Return the labels of a dump, nan for references, lines of two kinds, and those that show undecided blocks."""
    doubtful = Counter(normal(page.view.blocks[i].text) for i in undecided(page))
    labels = dump.labels.copy()
    for i, block in enumerate(dump.view.blocks):
        partly = _PARTLY[0] < labels[i] < _PARTLY[1]
        if partly or normal(block.text) in doubtful or _is_reference(block.text):
            labels[i] = np.nan
    return labels


def _is_reference(text: str) -> bool:
    """Return whether a line is a reference to a paper.

    >>> _is_reference("12.Larch A, Birch B. Sap and bark. J Wood. 2012;5:85–91.")
    True
    >>> _is_reference("In 2012 the trees were felled; 85 of 91 were sound.")
    False
    """
    return len(text) <= _LONGEST_REFERENCE and _REFERENCE.search(text) is not None
