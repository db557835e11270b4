"""Bounds on what is parsed: a page beyond them is refused before it can cost time or memory.

The parser is linear in all that we tried (docs/decisions/01-html-parser.md) but for two shapes, whose
trees can be far larger than their source: formatting elements that are never closed are opened again
in each paragraph that follows, and each html or body tag after the first copies all attributes so far.
"""

import re
from typing import Final

NODES: Final = 2_000_000
"""Estimated nodes of a tree at most; each takes some 130 bytes."""
FEW_TAGS: Final = 2_800
"""Below this number of `<` no page can exceed `NODES` (half of them open, each open in all that follow)."""
COPIES: Final = 20_000_000
"""Characters in html and body tags times their number, at most."""

_FORMATTING: Final = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)((?:\s[^>]{0,200})?)/?>", re.IGNORECASE
)
_OPENED: Final = re.compile(r"<(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)[\s>/]", re.IGNORECASE)
_ROOT: Final = re.compile(r"<(?:html|body)\b[^>]*", re.IGNORECASE)


def too_much_markup(html: str, tags: int) -> str:
    """Return why a page's markup would cost too much, an empty string where it would not.

    Args:
        html: the page.
        tags: the number of tags that are allowed.
    """
    count = html.count("<")
    if count <= FEW_TAGS:
        return ""
    if count > tags:
        return f"The page has {count} tags, more than {tags}."
    roots = [len(found[0]) for found in _ROOT.finditer(html)]
    if len(roots) * sum(roots) > COPIES:
        return f"The page has {len(roots)} html and body tags whose attributes would be copied again and again."
    if len(_OPENED.findall(html)) * count <= NODES:
        return ""
    if (nodes := estimated_nodes(html)) > NODES:
        return f"The page leaves so many formatting tags open that its tree would have {nodes} nodes."
    return ""


def estimated_nodes(html: str) -> int:
    """Return an upper estimate of the nodes of a page's tree, from the formatting tags that are left open.

    Of those that are written alike only three count ("Noah's Ark clause"), and a link ends the link before it.

    >>> estimated_nodes("<p><b>tea"), estimated_nodes("<p><i id=1><i id=2>" + "<p>x" * 10)
    (3, 36)
    """
    active: dict[str, list[str]] = {}
    alike: dict[str, int] = {}
    nodes = opened = position = 0
    for tag in _FORMATTING.finditer(html):
        nodes += (opened + 1) * html.count("<", position, tag.start() + 1)
        position = tag.start() + 1
        name = tag[2].lower()
        written = name + tag[3]
        if not tag[1]:
            if alike.get(written, 0) < 3 and not (name in ("a", "nobr") and active.get(name)):
                alike[written] = alike.get(written, 0) + 1
                active.setdefault(name, []).append(written)
                opened += 1
        elif active.get(name):
            alike[active[name].pop()] -= 1
            opened -= 1
    return nodes + (opened + 1) * html.count("<", position) + opened
