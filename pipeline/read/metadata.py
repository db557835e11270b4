"""What a page says of itself: title, breadcrumb, author, date, site, description, address, language."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pipeline.document import Block
from pipeline.read.bylines import author_of, date_of
from pipeline.read.head import Head, read_head
from pipeline.read.structured import names_of, text_of, types
from pipeline.read.titles import choose_title
from pipeline.read.whitespace import collapse
from pipeline.record import Metadata

_LANGUAGE: Final = re.compile(r"\s*([a-zA-Z]{2})(?:[-_]|$)")


class Said(NamedTuple):
    """The metadata of a head."""

    title: str
    breadcrumb: tuple[str, ...]
    metadata: Metadata
    url: str | None
    language: str | None


def read_metadata(tree: Any, html: str, blocks: Sequence[Block], dated: Sequence[Any], url: str | None) -> Said:
    """Return what a page says of itself.

    Args:
        tree: the parsed head.
        html: its source.
        blocks: its blocks.
        dated: elements whose class or id speaks of a date.
        url: its address, if the caller knows it.
    """
    head = read_head(tree, html, blocks, dated)
    address = url or _address(head)
    site = _site(head)
    named = next((node.text for node in tree.find_all("title") if node.namespace.value == "html"), "")
    named = collapse(named[:1000])
    headlines = [text_of(thing.get("headline")) for thing in head.articles if thing.get("headline")]
    title = choose_title(blocks, headlines, head.metas.get("og:title", ""), named, site)
    metadata = Metadata(
        author=author_of(head, site),
        date=date_of(head, address, title),
        site=site or None,
        description=_description(head) or None,
    )
    return Said(title, _breadcrumb(head), metadata, address, _language(tree))


def _address(head: Head) -> str | None:
    node = head.tree.select_one('link[rel~="canonical"]')
    for address in (node.attr("href") if node is not None else None, head.metas.get("og:url")):
        if address and (address := address.strip()).startswith(("http://", "https://")) and len(address) < 2000:
            return collapse(address)
    return None


def _site(head: Head) -> str:
    if name := head.metas.get("og:site_name", ""):
        return name
    for kind in ("WebSite", "Organization", "NewsMediaOrganization"):
        for thing in head.things:
            if kind in types(thing) and (name := text_of(thing.get("name"))) and len(name) < 80:
                return name
    for thing in head.articles:
        if names := names_of(thing.get("publisher")):
            return names[0]
    return head.metas.get("application-name", "") or head.metas.get("al:android:app_name", "")


def _description(head: Head) -> str:
    for name in ("description", "og:description", "twitter:description", "dc.description", "dcterms.description"):
        if text := head.metas.get(name, ""):
            return text
    return next((text for thing in head.articles if (text := text_of(thing.get("description")))), "")


def _language(tree: Any) -> str | None:
    root = tree.select_one("html")
    said = (root.attr("lang") or root.attr("xml:lang") or "") if root is not None else ""
    found = _LANGUAGE.match(said)
    return found[1].lower() if found is not None else None


def _breadcrumb(head: Head) -> tuple[str, ...]:
    for thing in head.things:
        if "BreadcrumbList" in types(thing) and (names := _crumbs(thing.get("itemListElement"))):
            return names
    if "BreadcrumbList" in head.html:
        trail = head.tree.select_one('[itemtype*="BreadcrumbList"]')
        if trail is not None:
            names = tuple(
                collapse(node.attr("content") or node.text[:500]) for node in trail.select('[itemprop~="name"]')[:20]
            )
            return tuple(name for name in names if name)
    return ()


def _crumbs(items: Any) -> tuple[str, ...]:
    if not isinstance(items, list):
        return ()
    crumbs: list[tuple[float, str]] = []
    for place, item in enumerate(items[:20]):
        if isinstance(item, dict):
            name = text_of(item.get("name")) or text_of(item.get("item"))
            position = item.get("position")
            order = float(position) if isinstance(position, int | float) else float(place)
            if name and not name.startswith("http"):
                crumbs.append((order, name))
    return tuple(name for _, name in sorted(crumbs, key=lambda crumb: crumb[0]))
