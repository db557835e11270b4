"""Furniture of HTML pages: the scorer decides, simple evidence names the reason."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block, Document, Drop
from pipeline.strip import thread
from pipeline.strip.choose import choose, shifted
from pipeline.strip.dump_rules import is_caption
from pipeline.strip.evidence import reason_for
from pipeline.strip.features import LONG
from pipeline.strip.lines import furniture_reason
from pipeline.strip.model import Known, Scores, score, shipped_for_html
from pipeline.strip.names import HIDDEN, TAG_BIT
from pipeline.strip.page_type import TYPES
from pipeline.strip.teasers import teasers
from pipeline.strip.title import Heading
from pipeline.strip.view import Floats, View

_SURE_OF_TYPE = 0.5
_LONGEST_NOTICE = 120
"""Characters of a line that is judged by its wording."""
_LEVELS = 7
_OF_TEXT = ("article", "documentation", "forum")
"""Types of pages on which a heading has something to head."""
_MOST_CRUMBS = 8
_SURE = 0.9
_LIKELY = 0.5
_MUCH = 0.2
"""Share of the words of the content from which on what is hidden is no notice beside it."""
_BY_WORDING = frozenset(
    ["advert", "share", "counter", "related", "byline", "cookie-banner", "comments", "footer", "video"]
)
_BY_WORDING_ON_FORUMS = frozenset(["advert", "share", "related", "cookie-banner", "video"])
"""There dates and counts stand in each post, and the posts are the content."""
_SURE_OF_WORDING = 0.95
"""Probability of content from which on a short line stays, whatever its wording."""
_LONGEST_CONSENT = 600
_CONSENT = re.compile(
    r"\bcookies?\b.{0,200}\b(?:partners|similar technologies|personal data|consent)\b"
    r"|\bpartners\b.{0,120}\b(?:consent|cookies|legitimate interest)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What asks for consent in whole paragraphs."""
_ABOUT_CONSENT = frozenset(["cookie", "cookies", "privacy", "consent", "gdpr", "terms", "policy"])
"""Words of the title of a page that is about it."""
_UNNAMED = frozenset(["low-score", "byline", "form", "link-list", "related"])


def furniture_of_html(document: Document, title: str, known: Known | None = None) -> dict[int, Drop]:
    """Return what to drop of a page with at least one block.

    Args:
        document: the page.
        title: its title.
        known: what to use in place of the scorer's word (for measuring).
    """
    scores = score(document, shipped_for_html())
    if known is not None:
        scores = replace(scores, probability=known.probability, shift=known.shift, types=known.types)
    chances = shifted(scores.probability, scores.shift)
    kept = choose(chances, scores.view.words)
    if not kept.any():
        kept = _longest_text(document.blocks, scores.view)
    _complete(document.blocks, kept, chances, scores.view.words)
    kept &= ~_menus(document.blocks, chances, scores)
    comments_from = thread.comments_from(scores.view, scores.paths, kept, scores.types)
    kept[comments_from:] = False
    others = _other_articles(scores, kept)
    kept &= ~others
    chosen = kept.copy()
    _overrule(document.blocks, kept, scores)
    if not kept.any():
        kept = chosen  # doubtful content is better than none
    drops: dict[int, Drop] = {}
    for index in np.flatnonzero(~kept).tolist():
        reason = reason_for(document.blocks[index], int(scores.path_bits[index]))
        if index >= comments_from and reason in _UNNAMED:
            reason = "comments"
        elif others[index] and reason in _UNNAMED:
            reason = "related"
        drops[index] = Drop(index, reason, round(float(scores.probability[index]), 3))
    if sum(float(scores.types[TYPES.index(name)]) for name in _OF_TEXT) >= _SURE_OF_TYPE:
        for index, below in _bare_headings(document.blocks, kept):
            kept[index] = False
            drops[index] = Drop(index, drops[below].reason, round(float(scores.probability[index]), 3))
    for index in np.flatnonzero(kept).tolist():  # what the scorer keeps as content, though it is an image's text
        if document.blocks[index].kind == "paragraph" and is_caption(document.blocks, index, title):
            drops[index] = Drop(index, "caption")
    return drops


def _longest_text(blocks: Sequence[Block], view: View) -> NDArray[np.bool_]:
    """Return the paragraphs of the element that has most prose, none where no element has much of it.

    For the page of which the scorer likes nothing: much text in one place is better than none.
    """
    prose = np.array([b.markup is not None and b.markup.link_chars < _LINKED * len(b.text) for b in blocks])
    prose &= view.words >= LONG
    above = np.maximum(view.parents[view.own], 0)
    words = np.bincount(above, np.where(prose, view.words, 0))
    best = int(np.argmax(words))
    found: NDArray[np.bool_] = prose & (above == best)
    return found if words[best] >= _MUCH_PROSE and found.sum() >= _PARAGRAPHS else np.zeros_like(found)


_LINKED = 0.2
_MUCH_PROSE = 150
_PARAGRAPHS = 4
"""Words and paragraphs of a text that is kept though the scorer does not like it."""


def _menus(blocks: Sequence[Block], chances: Floats, scores: Scores) -> NDArray[np.bool_]:
    """Return the blocks that are nothing but links in a `nav`, unless the scorer likes them.

    The best F1 to be expected of a page with hardly any text takes in some of its menu.
    """
    linked = [b.markup is not None and b.markup.link_chars >= _WHOLLY * len(b.text.replace(" ", "")) for b in blocks]
    found: NDArray[np.bool_] = np.array(linked) & ((scores.path_bits & TAG_BIT["nav"]) != 0) & (chances < _LIKELY)
    return found


def _other_articles(scores: Scores, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the kept blocks that are lists of other articles; on pages of other types a list is content."""
    if scores.types[TYPES.index("article")] < _SURE_OF_TYPE or not kept.any():
        return np.zeros_like(kept)
    return teasers(scores.view, scores.paths, kept)


def _complete(blocks: Sequence[Block], kept: NDArray[np.bool_], chances: Floats, words: Floats) -> None:
    """Mend a choice where it is plainly uneven: headings of what is kept, links behind it, nothing but words.

    A heading, or the hour of an entry, stays with the text below it. Single links at the end go. What has no block of
    three words is no content, unless a block of it is likely to be some.
    """
    heads = np.array([b.kind == "heading" or _HOUR.fullmatch(b.text) is not None for b in blocks])
    follows = np.append(kept[1:] & ~heads[1:], False)
    behind = np.append(False, np.logical_or.accumulate(kept)[:-1])
    kept |= heads & follows & behind & (chances > _HEAD)
    if not (kept & ((words >= _SOME) | (chances >= _LIKELY))).any():
        kept[:] = False
    for index in np.flatnonzero(kept)[::-1].tolist():
        markup, text = blocks[index].markup, blocks[index].text
        linked = markup is not None and markup.link_chars >= _WHOLLY * len(text)
        if not linked or words[index] > _SOME or chances[index] >= _LIKELY_LINK:
            break
        kept[index] = False


_HEAD = 0.2
"""Probability of a heading above which it stays with what it heads."""
_HOUR = re.compile(r"\d{1,2}[:.]\d\d( ?[ap]m)?")
_SOME = 3
"""Words of a block that says something; words of a link at most that is a single one."""
_WHOLLY = 0.9
_LIKELY_LINK = 0.8


def _overrule(blocks: Sequence[Block], kept: NDArray[np.bool_], scores: Scores) -> None:
    """Let go of short lines whose wording is furniture's, unless the scorer is sure, and of doubtful hidden blocks.

    Where much of the content is hidden, a script shows it: to drop that against a scorer that likes it costs .004 of
    F1. A hidden copy of what is shown is none.
    """
    codes = _BY_WORDING if scores.types[TYPES.index("forum")] < _SURE_OF_TYPE else _BY_WORDING_ON_FORUMS
    hidden = (scores.path_bits & HIDDEN) != 0
    words = scores.view.words
    much = float(words[kept & hidden].sum()) >= _MUCH * float(words[kept].sum())
    least = _LIKELY if much else _SURE
    shown = {blocks[i].text for i in np.flatnonzero(kept & ~hidden).tolist()} if (kept & hidden).any() else set()
    for index in np.flatnonzero(kept & (hidden | (scores.probability < _SURE_OF_WORDING))).tolist():
        text, chance = blocks[index].text, scores.probability[index]
        needless = hidden[index] and (chance < least or text in shown)
        worded = len(text) <= _LONGEST_NOTICE and furniture_reason(text) in codes
        if needless or (chance < _SURE_OF_WORDING and worded):
            kept[index] = False
    if not scores.view.title_words & _ABOUT_CONSENT:
        for index in np.flatnonzero(kept & (scores.probability < _SURE)).tolist():
            text = blocks[index].text
            kept[index] = len(text) > _LONGEST_CONSENT or _CONSENT.search(text) is None


def _bare_headings(blocks: Sequence[Block], kept: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the kept headings of whose part nothing is kept, each with the first block of that part, from the last on.

    A part ends at the next heading of the same or a higher level. A heading at the end of the page is no such:
    nothing was dropped below it.
    """
    found = []
    still = kept.copy()
    next_kept = len(blocks)  # the first block from here on that stays
    behind = [len(blocks)] * _LEVELS  # for each level, the next heading of this or a higher one
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.kind == "heading":
            level = min(max(block.level, 1), _LEVELS - 1)
            end = behind[level]
            if still[index] and index + 1 < end and next_kept >= end:
                found.append((index, index + 1))
                still[index] = False
            behind[level:] = [index] * (_LEVELS - level)
        if still[index]:
            next_kept = index
    return found


def crumbs_by_path(document: Document, heading: Heading, drops: dict[int, Drop]) -> tuple[str, ...]:
    """Return the breadcrumb that the page's class names give, where neither its data nor a line did."""
    if heading.breadcrumb:
        return heading.breadcrumb
    found = [i for i, drop in drops.items() if drop.reason == "breadcrumb"]
    texts = [document.blocks[i].text.strip(" /»›>→|") for i in found[:_MOST_CRUMBS]]
    return tuple(text for text in texts if text and "\n" not in text) if len(found) <= _MOST_CRUMBS else ()
