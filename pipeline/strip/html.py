"""Furniture of HTML pages: the scorer decides, simple evidence names the reason."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block, Document, Drop
from pipeline.strip.choose import choose
from pipeline.strip.dump_rules import is_caption
from pipeline.strip.evidence import reason_for
from pipeline.strip.lines import furniture_reason
from pipeline.strip.model import Scores, score, shipped_for_html
from pipeline.strip.names import FAMILY_BIT, HIDDEN
from pipeline.strip.page_type import TYPES
from pipeline.strip.title import Heading
from pipeline.strip.view import Floats

_LONGEST_LABEL = 80
"""Characters of the line that announces readers' comments."""
_LABEL_WORDS = (
    "comment",
    "repl",
    "respon",
    "review",
    "thought",
    "opinion",
    "conversation",
    "feedback",
    "discussion",
    "readers",
)
_SURE_OF_TYPE = 0.5
_BEFORE = 25
"""Kept words that stand before the comments of an article at least."""
_SHARE = 0.05
"""Share of all kept words that stand before them at least."""
_NEAR = 3
"""Blocks between the line that announces comments and the first that is one."""
_PROSE = 80
"""Characters of a paragraph of an article."""
_MOST_CRUMBS = 8
_SURE = 0.9
_BY_WORDING = frozenset(
    ["advert", "share", "counter", "related", "byline", "cookie-banner", "comments", "footer", "video"]
)
_BY_WORDING_ON_FORUMS = frozenset(["advert", "share", "related", "cookie-banner", "video"])
"""There dates and counts stand in each post, and the posts are the content."""
_UNNAMED = frozenset(["low-score", "byline", "form", "link-list", "related"])


def furniture_of_html(document: Document, title: str, probability: Floats | None = None) -> dict[int, Drop]:
    """Return what to drop of a page with at least one block.

    Args:
        document: the page.
        title: its title.
        probability: what to use in place of the scorer's probabilities (for measuring).
    """
    scores = score(document, shipped_for_html())
    if probability is not None:
        scores = replace(scores, probability=probability)
    kept = choose(scores.probability, scores.view.words)
    comments_from = _comments_from(document.blocks, kept, scores)
    kept[comments_from:] = False
    _overrule(document.blocks, kept, scores)
    drops: dict[int, Drop] = {}
    for index in np.flatnonzero(~kept).tolist():
        reason = reason_for(document.blocks[index], int(scores.path_bits[index]))
        if index >= comments_from and reason in _UNNAMED:
            reason = "comments"
        drops[index] = Drop(index, reason, round(float(scores.probability[index]), 3))
    for index in np.flatnonzero(kept).tolist():  # what the scorer keeps as content, though it is an image's text
        if document.blocks[index].kind == "paragraph" and is_caption(document.blocks, index, title):
            drops[index] = Drop(index, "caption")
    return drops


def _overrule(blocks: Sequence[Block], kept: NDArray[np.bool_], scores: Scores) -> None:
    """Let go of short lines whose wording is furniture's, and of hidden blocks, unless the scorer is sure of them."""
    codes = _BY_WORDING if scores.types[TYPES.index("forum")] < _SURE_OF_TYPE else _BY_WORDING_ON_FORUMS
    for index in np.flatnonzero(kept & (scores.probability < _SURE)).tolist():
        block = blocks[index]
        if int(scores.path_bits[index]) & HIDDEN or (
            len(block.text) <= _LONGEST_LABEL and furniture_reason(block.text) in codes
        ):
            kept[index] = False


def _comments_from(blocks: Sequence[Block], kept: NDArray[np.bool_], scores: Scores) -> int:
    """Return the block that begins readers' comments under an article, the number of blocks where none does.

    On a forum comments are the content. So a page that looks like an article is cut where a line announces comments;
    another one only where a text comes first and its own elements call themselves comments, as on a blog.
    """
    words = np.cumsum(np.where(kept, scores.view.words, 0))
    enough = words >= max(_BEFORE, _SHARE * float(words[-1]))
    article = scores.types[TYPES.index("article")] >= _SURE_OF_TYPE
    named = (scores.path_bits & FAMILY_BIT["comments"]) != 0
    first = int(np.argmax(named)) if named.any() else len(blocks)
    if not article and not (first < len(blocks) and enough[first] and _is_text(blocks, kept, first)):
        return len(blocks)
    start = 0 if article else max(first - _NEAR, 0)
    for index in range(start, len(blocks)):
        block = blocks[index]
        if len(block.text) > _LONGEST_LABEL or not enough[index]:
            continue
        lowered = block.text.lower()
        if any(word in lowered for word in _LABEL_WORDS) and furniture_reason(block.text) == "comments":
            return index
    return len(blocks)


def _is_text(blocks: Sequence[Block], kept: NDArray[np.bool_], end: int) -> bool:
    """Return whether paragraphs of an article, two at least, are kept before the given block."""
    return (
        sum(bool(kept[i]) and blocks[i].kind == "paragraph" and len(blocks[i].text) > _PROSE for i in range(end)) >= 2
    )


def crumbs_by_path(document: Document, heading: Heading, drops: dict[int, Drop]) -> tuple[str, ...]:
    """Return the breadcrumb that the page's class names give, where neither its data nor a line did."""
    if heading.breadcrumb:
        return heading.breadcrumb
    found = [i for i, drop in drops.items() if drop.reason == "breadcrumb"]
    texts = [document.blocks[i].text.strip(" /»›>→|") for i in found[:_MOST_CRUMBS]]
    return tuple(text for text in texts if text and "\n" not in text) if len(found) <= _MOST_CRUMBS else ()
