"""The title of a page: its headline as a reader sees it.

A heading that is on the page and that the page's head confirms (JSON-LD headline, og:title, title) is
the headline. Where none is confirmed, the head's word is taken, without the site's name.
"""

import re
from collections.abc import Sequence
from typing import Final

from pipeline.document import Block, Element

LONGEST: Final = 300
"""Characters of a title at most."""
ALIKE: Final = 0.6
"""Share of words in common that makes two titles one."""

_WORD: Final = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]|[^\W\u3040-\u9fff\uac00-\ud7af]+")
"""A word, or a letter of a script that writes no spaces."""
_SEPARATOR: Final = re.compile(r"\s+[|–—·•»›:~]+\s+|\s+-+\s+|\s*[|»›]\s*|\s+::\s+|\s*[_｜]\s*(?=\S{2,12}$)")
_FURNITURE: Final = frozenset(["nav", "header", "footer", "aside"])


def choose_title(blocks: Sequence[Block], headlines: Sequence[str], shared: str, named: str, site: str) -> str:
    """Return the title of a page.

    Args:
        blocks: the page's blocks.
        headlines: the headlines of its JSON-LD.
        shared: its og:title.
        named: its title element.
        site: the site's name, empty where it is unknown.
    """
    said = [without_site(text, site) for text in (*headlines[:3], shared, named) if 0 < len(text) <= LONGEST]
    said = [text for text in said if text]
    shown = [block for block in blocks if block.kind == "heading" and 1 < len(block.text) <= LONGEST]
    first = [block for block in shown if block.level == 1 and not _same(block.text, site)]
    for group in (first, shown):
        scored = [(max((alike(block.text, text) for text in said), default=0.0), block) for block in group[:60]]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= ALIKE:
            return best[1].text
    for block in blocks[:400]:  # a headline that is no heading
        if block.kind != "paragraph" or len(block.text) > LONGEST or block.markup is None or block.markup.links:
            continue
        if any(alike(block.text, text) > 0.9 and len(text) > 15 for text in said):
            return block.text
    outside = [block for block in first if not _in_furniture(block)]
    if len(outside) == 1 and not (headlines or shared):
        return outside[0].text
    return said[0] if said else (outside or first or [Block("heading", "")])[0].text


def alike(text: str, other: str) -> float:
    """Return the share of words that two titles have in common, 0 to 1, of the longer one.

    >>> alike("Pain in the knee", "Pain in the Knee!"), alike("Knee", "Pain in the knee")
    (1.0, 0.25)
    """
    first, second = set(_WORD.findall(text.casefold())), set(_WORD.findall(other.casefold()))
    return len(first & second) / max(len(first), len(second), 1)


def without_site(title: str, site: str) -> str:
    """Cut the site's name off a title.

    Without a known name the last part is cut where it is short and the rest is not.

    >>> without_site("Pain in the knee | Joints and more", ""), without_site("Joints: Pain", "Joints")
    ('Pain in the knee', 'Pain')
    """
    parts = _SEPARATOR.split(title)
    if len(parts) == 1:
        if site and title.startswith(f"{site}: "):
            return title[len(site) + 2 :]
        return title
    if site:
        kept = [part for part in parts if not _same(part, site)]
        if 0 < len(kept) < len(parts):
            return _span(title, kept[0], kept[-1])
    if len(_WORD.findall(parts[-1])) <= 4 and len(_WORD.findall(title)) - len(_WORD.findall(parts[-1])) >= 2:
        return _span(title, parts[0], parts[-2])
    return title


def _span(title: str, first: str, last: str) -> str:
    start = title.find(first)
    return title[start : title.rfind(last) + len(last)].strip()


def _same(text: str, site: str) -> bool:
    """Whether a text is the site's name, maybe written as its domain."""
    plain, name = ("".join(_WORD.findall(t.casefold())) for t in (text, site))
    return bool(name) and (plain == name or (len(name) > 4 and plain.startswith(name) and len(plain) <= len(name) + 3))


def _in_furniture(block: Block) -> bool:
    above: Element | None = block.markup.element if block.markup is not None else None
    while above is not None:
        if above.tag in _FURNITURE or above.hidden:
            return True
        above = above.parent
    return False
