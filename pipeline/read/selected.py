"""What a site's profile says of a page: its selectors, matched by soupsieve, put on the blocks."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from turbohtml import DocumentFragment, Text
from turbohtml import Element as Node

from pipeline.document import Block, Element
from pipeline.read.dates import iso_date
from pipeline.read.html_blocks import DEPTH
from pipeline.read.profiles import ACTS, Site
from pipeline.read.whitespace import collapse
from pipeline.record import Finding

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_MANY_VALUED: Final = frozenset(["class", "rel", "rev", "headers", "accesskey", "dropzone"])
_LONGEST_TITLE: Final = 300

Position = tuple[int, int]
"""Line and column of an element's start tag: what the tree and a block's elements have in common."""


class Selected(NamedTuple):
    """What a profile makes of a page.

    Attributes:
        blocks: the page's blocks, each with the act that holds for it (`Markup.profile`).
        title: the title, None where the profile names none or finds none.
        date: the date of publication as YYYY-MM-DD, likewise.
        findings: the selectors that matched nothing.
    """

    blocks: list[Block]
    title: str | None
    date: str | None
    findings: list[Finding]


def select(tree: Any, blocks: Sequence[Block], site: Site) -> Selected:
    """Put a profile's word on a page's blocks.

    An element speaks for the blocks that lie whole inside it; the innermost one counts. Where `keep` matches,
    what no element speaks for is dropped.

    Args:
        tree: the page's tree.
        blocks: its blocks.
        site: the profile.
    """
    soup, places = _soup(tree)
    findings: list[Finding] = []
    acts: dict[Position, str] = {}
    for name, selector in site.selectors():
        if name in ACTS:
            found = soup.select(selector)
            acts |= dict.fromkeys(_positions(found, places), name)  # on one element the later act counts
            if not found:
                findings.append(_matches_nothing(site, name, selector))
    titled = soup.select_one(site.title) if site.title else None
    dated = soup.select_one(site.date) if site.date else None
    findings += [
        _matches_nothing(site, name, selector)
        for name, selector, tag in (("title", site.title, titled), ("date", site.date, dated))
        if selector and tag is None
    ]
    title = None if titled is None else _said(titled, ("content",))[:_LONGEST_TITLE]
    if titled is not None and title:
        acts |= dict.fromkeys(_positions([titled], places), "title")
    if dated is not None:
        acts |= dict.fromkeys(_positions([dated], places), "date")
    date = None if dated is None else iso_date(_said(dated, ("datetime", "content", "title")))
    return Selected(_marked(blocks, acts, "drop" if "keep" in acts.values() else ""), title or None, date, findings)


def _matches_nothing(site: Site, name: str, selector: str) -> Finding:
    message = f"“{selector}” matches nothing on the page ({name} in the profile of {site.domain})."
    return Finding("profile-matches-nothing", "warning" if name in ("keep", "title") else "info", message)


def _said(tag: "Tag", attributes: Sequence[str]) -> str:
    for name in attributes:
        if isinstance(value := tag.get(name), str) and value.strip():
            return collapse(value)
    return collapse(tag.get_text())


def _marked(blocks: Sequence[Block], acts: dict[Position, str], outside: str) -> list[Block]:
    known: dict[Element, str] = {}
    out = []
    for block in blocks:
        if block.markup is None:
            out.append(block)
            continue
        act = _act_on(block.markup.element, acts, outside, known)
        out.append(msgspec.structs.replace(block, markup=msgspec.structs.replace(block.markup, profile=act)))
    return out


def _act_on(element: Element, acts: dict[Position, str], outside: str, known: dict[Element, str]) -> str:
    """Return what holds for an element: the act of the nearest one at or above it that has one."""
    below: list[Element] = []
    above: Element | None = element
    act = outside
    while above is not None:
        if above in known:
            act = known[above]
            break
        below.append(above)
        if above.line is not None and above.column is not None and (above.line, above.column) in acts:
            act = acts[above.line, above.column]
            break
        above = above.parent
    known |= dict.fromkeys(below, act)
    return act


def _positions(tags: Sequence["Tag"], places: dict[int, Position]) -> Iterator[Position]:
    """Yield where elements begin; for one that the parser implied, where those in it begin."""
    from bs4 import Tag

    todo = list(tags)
    while todo:
        tag = todo.pop()
        if (place := places.get(id(tag))) is not None:
            yield place
        else:
            todo += [child for child in tag.children if isinstance(child, Tag)]


def _soup(tree: Any) -> tuple["BeautifulSoup", dict[int, Position]]:
    """Return the tree as BeautifulSoup's, so that selectors see what a browser would, and where its tags begin."""
    from bs4 import BeautifulSoup, Tag
    from bs4.element import NavigableString

    soup = BeautifulSoup("", "html.parser")
    places: dict[int, Position] = {}
    stack: list[tuple[Any, Tag]] = [(iter(tree), soup)]
    while stack:
        children, parent = stack[-1]
        for node in children:
            kind = type(node)
            if kind is Text:
                parent.append(NavigableString(node.data))
            elif kind is Node:
                tag = Tag(builder=soup.builder, name=node.tag, attrs=_attributes(node))
                parent.append(tag)
                if (position := node.position) is not None:
                    places[id(tag)] = position
                if len(stack) < DEPTH:  # what lies deeper, blocks do not tell apart either
                    stack.append((iter(node), tag))
                    break
            elif kind is DocumentFragment:
                stack.append((iter(node), parent))
                break
        else:
            stack.pop()
    return soup, places


def _attributes(node: Any) -> dict[str, Any]:
    values = {name: node.attr(name) or "" for name in node.attrs}
    return {name: value.split() if name in _MANY_VALUED else value for name, value in values.items()}
