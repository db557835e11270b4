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
"""Share of words in common that makes a first-level heading the title."""
MORE_ALIKE: Final = 0.75
"""The same of a lower heading."""

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
    first = [b for b in shown if b.level == 1 and not _same(b.text, site) and not _same(b.text, _cut_off(named, said))]
    found = (
        _confirmed(first, said, ALIKE)
        or _confirmed(shown, said, MORE_ALIKE)
        or _only(first, 2 if said else 1)
        or _as_paragraph(blocks, said)
        or (said[0] if said else "")
    )
    return found.rstrip(" ¶")


def _confirmed(headings: Sequence[Block], said: Sequence[str], least: float) -> str:
    """Return the heading that is most like one of the titles in the head; a first-level one may be shorter."""
    best, most = "", 0.0
    for block in headings[:60]:
        for text in said:
            score = alike(block.text, text)
            if score < least and block.level == 1 and _is_part(block.text, text):
                score = least
            if score >= least and score > most:
                best, most = block.text, score
    return best


def _only(first: Sequence[Block], words: int) -> str:
    """Return the one first-level heading that is no furniture and has so many words or more."""
    outside = [block for block in first if not _in_furniture(block)]
    return outside[0].text if len(outside) == 1 and len(_WORD.findall(outside[0].text)) >= words else ""


def _as_paragraph(blocks: Sequence[Block], said: Sequence[str]) -> str:
    """Return the headline that is no heading but reads as the head has it."""
    titles = [text for text in said if len(text) > 15]
    for block in blocks[:400] if titles else ():
        plain = block.kind == "paragraph" and len(block.text) <= LONGEST and block.markup is not None
        if plain and not (block.markup and block.markup.links) and any(alike(block.text, t) > 0.9 for t in titles):
            return block.text
    return ""


def _is_part(heading: str, title: str) -> bool:
    """Whether a title begins with a heading, or has half of its words, two or more, in its first part."""
    words = set(_WORD.findall(heading.casefold()))
    begun = _SEPARATOR.split(title.casefold())[0]
    return begun == heading.casefold() or (len(words) > 1 and 2 * len(words & set(_WORD.findall(begun))) >= len(words))


def _cut_off(named: str, said: Sequence[str]) -> str:
    """Return what was cut off the title element: the site's name, most likely."""
    if not said or not named.startswith(said[-1]):
        return ""
    return named[len(said[-1]) :]


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
