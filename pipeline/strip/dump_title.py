"""The title of a dump, once it is known which lines are content: the line above them that says what they are about."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.document import Block
from pipeline.strip.lines import furniture_reason, is_prose, normal, words_of
from pipeline.strip.title import Heading

_REACH = 40
"""Lines above the first prose among which the title is looked for."""
_SAMPLE = 60
"""Blocks of content that tell what the page is about."""
_STEM, _SHORT = 5, 4
"""Letters by which words are compared, and of a word that counts at least."""
_FEWEST, _MOST = 2, 25
"""Words of a title."""
_LONGEST = 300
_WORD = 0.03
"""What each word of a line counts beside the share of its words that the content repeats."""
_NO_TITLE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d{1,2}:\d\d\b|\b(?:19|20)\d\d ?(?:[|/·]|$)|\bphotos?\b|"
    r"^\s*(?:by|text|author)\b|"
    r"\s[|»→>/·•-]\s.{1,80}\s[|»→>/·•-]\s|//",
    re.IGNORECASE,
)
"""Dates and times, captions, bylines, bars between entries."""


def is_no_title(text: str) -> bool:
    """Return whether a line is plainly no title: a menu, a byline, a date, a caption.

    >>> is_no_title("February 10, 2015 // Garden // Nadezhda"), is_no_title("How to mow a meadow")
    (True, False)
    """
    return _NO_TITLE.search(text) is not None


def title_above(blocks: Sequence[Block], heading: Heading, kept: Sequence[int]) -> Heading:
    """Return the heading with the line above the content as title that says most of what the content says.

    Args:
        blocks: all blocks of the dump.
        heading: what was found by place and form alone.
        kept: indices of the blocks that are content.
    """
    start = next((i for i in kept if is_prose(blocks[i].text)), 0)
    if not start:
        return heading
    about = _about([blocks[i].text for i in kept[:_SAMPLE]])
    above = [i for i in range(max(start - _REACH, 0), start) if i not in heading.breadcrumb_blocks]
    found = [(_likeness(blocks[i].text, about), -i) for i in above if _may_be_title(blocks[i])]
    if not found:
        return heading
    at = -max(found)[1]
    title = blocks[at].text
    copies = [i for i, block in enumerate(blocks) if i != at and normal(block.text) == normal(title)]
    return Heading(title, heading.breadcrumb, (at, *copies), heading.breadcrumb_blocks)


def _may_be_title(block: Block) -> bool:
    text = block.text
    if block.kind not in {"paragraph", "heading"} or len(text) > _LONGEST or furniture_reason(text) is not None:
        return False
    return _FEWEST <= len(words_of(text)) <= _MOST and not is_no_title(text) and not text.endswith((".", ",", ";"))


def _about(texts: Sequence[str]) -> frozenset[str]:
    """Return the stems of words that several of some texts have."""
    found = Counter[str]()
    for text in texts:
        found.update(_stems(text))
    return frozenset(stem for stem, count in found.items() if count > 1)


def _likeness(text: str, about: frozenset[str]) -> float:
    """Return the share of a line's words that the content repeats, and a little for each word."""
    stems = _stems(text)
    return len(stems & about) / max(len(stems), 1) + _WORD * len(words_of(text))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words_of(text) if len(word) >= _SHORT}
