"""The second parser, for pages from which the first reads no text though they hold some.

What a standard parser loses is what an element swallows that was never closed: a comment, a script, a
title, a text area. Those openings are taken out and BeautifulSoup reads the rest.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipeline.document import Block, Element, Markup
from pipeline.read import tags
from pipeline.read.html_blocks import DEPTH
from pipeline.read.paths import Paths
from pipeline.read.whitespace import collapse
from pipeline.record import Kind, Place

if TYPE_CHECKING:
    from bs4 import Tag

LARGEST: Final = 1_000_000
"""Characters of a page that is still given to the second parser, which takes 15 ms for 73 kB."""
MOST_TAGS: Final = 50_000
"""Tags of such a page at most; each takes some 40 µs."""
ENOUGH: Final = 40
"""Letters outside tags that make it worth while."""

INLINE: Final = 50
"""Inline elements around a text at most, above which its block is looked for."""

_SWALLOWING: Final = (
    "script style title textarea noscript iframe noframes template svg math xmp select plaintext noembed frameset head "
    "object".split()
)
_TAG: Final = re.compile(r"<[^<>]*>")
_OPENING: Final = re.compile(rf"<(?:{'|'.join(_SWALLOWING)})\b[^<>]*>?|<!--|<!\[CDATA\[|<!|<\?", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<(/?)([a-zA-Z][\w-]{0,40})((?:[\s/\"'][^<>]{0,2000})?)>")
_CLASS: Final = re.compile(r"""\sclass\s{0,5}=\s{0,5}["']?([\w -]{1,200})""")
_STRAY: Final = re.compile(r"<(?!/?[a-zA-Z][\w-]{0,40}(?: class=\"[\w -]{1,200}\")?\n{0,2000}>)")
_HALF: Final = re.compile(r"<(?![^<>]*>)")
"""A tag that never ends: html.parser looks for its end in all the rest, for each anew."""
_LETTER: Final = re.compile(r"[^\W\d_]")


def lenient_blocks(html: str, most: int) -> list[Block]:
    """Return the blocks that BeautifulSoup finds in a page, none where the page holds no text."""
    if len(html) > LARGEST or html.count("<") > MOST_TAGS:
        return []
    html = _HALF.sub(" ", _OPENING.sub("<div>", _without_scripts(html)))
    if len(_LETTER.findall(_TAG.sub(" ", html))) < ENOUGH:
        return []
    html = _STRAY.sub("&lt;", _MARKUP.sub(_plain_tag, html))
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    return list(_blocks(soup, most))


def _plain_tag(tag: re.Match[str]) -> str:
    """Return a tag with nothing but its name and classes: unclosed quotes make html.parser quadratic."""
    named = _CLASS.search(tag[3])
    classes = f' class="{named[1]}"' if named is not None else ""
    lines = "\n" * tag[3].count("\n")  # so that what follows keeps its line
    return f"<{tag[1]}{tag[2]}{classes}{lines}>"


def _without_scripts(html: str) -> str:
    """Take out the scripts, styles and comments that are closed, in one pass."""
    for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        parts: list[str] = []
        lower = html.lower()
        if len(lower) != len(html):  # a letter whose small form is longer
            lower = html
        position = 0
        while (start := lower.find(opening, position)) >= 0 and (end := lower.find(closing, start)) >= 0:
            parts.append(html[position:start])
            position = end + len(closing)
        html = "".join([*parts, html[position:]])
    return html


def _blocks(soup: "Tag", most: int) -> Iterator[Block]:
    """Yield a block for each run of strings below the same block element."""
    from bs4.element import NavigableString

    elements: dict[int, Element] = {}
    paths = Paths()
    holder: Tag | None = None
    parts: list[str] = []
    count = 0
    for node in soup.descendants:
        if type(node) is not NavigableString:
            continue
        above = node.parent
        for _ in range(INLINE):
            if above is None or above.parent is None or above.name in tags.BLOCKS:
                break
            above = above.parent
        if above is not holder and parts:
            yield from _block(holder, parts, elements, paths)
            parts = []
            count += 1
            if count > most:
                return
        holder = above
        parts.append(node)
    yield from _block(holder, parts, elements, paths)


def _block(holder: "Tag | None", parts: list[str], elements: dict[int, Element], paths: Paths) -> Iterator[Block]:
    text = collapse("".join(parts))
    if holder is None or not text:
        return
    element = _element(holder, elements)
    kind: Kind = "heading" if holder.name in tags.HEADINGS else "list_item" if holder.name == "li" else "paragraph"
    level = tags.HEADINGS.get(holder.name, 1 if kind == "list_item" else 0)
    yield Block(kind, text, level, place=Place(line=element.line, path=paths.of(element)), markup=Markup(element))


def _element(tag: "Tag", elements: dict[int, Element]) -> Element:
    """Return the element of a tag, made once, with those above it."""
    chain: list[Tag] = []
    above: Tag | None = tag
    while above is not None and above.name != "[document]" and id(above) not in elements:
        chain.append(above)
        above = above.parent
    parent = elements.get(id(above)) if above is not None else None
    for inner in reversed(chain):
        names = inner.get("class") or ()
        depth = 0 if parent is None else parent.depth + 1
        if parent is None or depth <= DEPTH:
            parent = Element(inner.name, parent, depth, " ".join(names), line=inner.sourceline, column=inner.sourcepos)
        elements[id(inner)] = parent
    return parent if parent is not None else Element("html", None, 0)
