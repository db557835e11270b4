"""Author and date of a page."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from pipeline.document import Block
from pipeline.read.dates import date_in_url, iso_date
from pipeline.read.head import Head
from pipeline.read.structured import names_of, text_of
from pipeline.read.whitespace import collapse

_DATES: Final = tuple(
    "article:published_time og:article:published_time og:published_time datepublished publishdate publish_date "
    "publish-date published_time pubdate pub_date parsely-pub-date sailthru.date dc.date.issued dcterms.issued "
    "dc.date.created dcterms.created dc.date dcterms.date citation_publication_date citation_date date "
    "article.published article:published cxenseparse:recs:publishtime og:pubdate originalpublicationdate release_date "
    "bt:pubdate article_date_original rnews:datepublished created article.created".split()
)
_CHANGED: Final = tuple(
    "article:modified_time og:updated_time datemodified last-modified dcterms.modified lastmod".split()
)
_AUTHORS: Final = tuple(
    "author article:author article.author parsely-author sailthru.author dc.creator dcterms.creator citation_author "
    "byl og:article:author".split()
)
_NOBODY: Final = re.compile(
    r"https?:|www\.|^\W|\*|\.(?:com|org|net|ru|io|de|cn)\b|[<>{}|]|"
    r"^(?:admin(?:istrator)?|root|user|none|null|unknown|undefined|author|name|guest|posted by)$",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"^(?:(?:written|posted|reviewed|published|medically reviewed|article)\s+)?by\b[:\s]*|"
    r"^(?:author|автор|autor|auteur|von|作者)\s*[:：]\s*|^(?-i:Von|Par|Por|Text|Текст)\b[:\s]+(?=\w)",
    re.IGNORECASE,
)
_AUTHOR_NAMES: Final = re.compile(r"(?:^|[\s_-])(?:author(?:s|[_-]?name)?|byline(?:[_-]?name)?)(?:$|\s)", re.IGNORECASE)
_DATE_NAMES: Final = re.compile(
    r"publish|posted|pubdate|(?:^|[\s_-])date|(?:^|[\s_-])time(?:$|\s)|timestamp|created", re.IGNORECASE
)
LOOKED_AT: Final = 2000
"""Blocks at the beginning of a page in which a byline or a date is looked for."""


def author_of(head: Head, site: str) -> str | None:
    """Return the authors as the page names them, apart by commas; the site itself is none."""
    for names in _named(head):
        people = [person for name in names[:5] if (person := _person(name, site))]
        if people:
            return ", ".join(people)
    return None


def _named(head: Head) -> Iterator[list[str]]:
    """Yield whom the page names as its authors, the surest first."""
    for thing in head.articles:
        yield names_of(thing.get("author"))
    for name in _AUTHORS:
        yield [head.metas.get(name, "")]
    if "itemprop" in head.html:
        for node in head.tree.select('[itemprop~="author"]')[:3]:
            inner = node.select_one('[itemprop~="name"]') or node
            yield [inner.attr("content") or inner.text[:200]]
    if "author" in head.html:
        for node in head.tree.select('a[rel~="author"]')[:2]:
            yield [node.text[:200]]
    named = (block.text for block in head.blocks[:LOOKED_AT] if _names_match(block, _AUTHOR_NAMES))
    for text in islice(named, 3):
        yield [text]


def _names_match(block: Block, pattern: re.Pattern[str]) -> bool:
    """Whether one of the block's two innermost elements is named so; long blocks are not asked."""
    if block.markup is None or len(block.text) > 80:
        return False
    element = block.markup.element
    above = element.parent
    return pattern.search(element.names) is not None or (above is not None and pattern.search(above.names) is not None)


def _person(name: str, site: str) -> str:
    name = _BY.sub("", collapse(name)).strip(" ,;:-–—|•·")
    if not 2 < len(name) < 80 or _NOBODY.search(name) is not None or name.casefold() == site.casefold():
        return ""
    return name if sum(char.isalpha() for char in name) * 2 > len(name) else ""


def date_of(head: Head, address: str | None, title: str) -> str | None:
    """Return the date of publication; where the page names none, that of its last change."""
    for said in _published(head):
        if date := iso_date(said):
            return date
    if address is not None and (date := date_in_url(address)):
        return date
    near = (block.text for block in _around(title, head.blocks))
    for text in chain(_named_dates(head), near):
        if date := iso_date(text):
            return date
    changed = [head.metas[name] for name in _CHANGED if name in head.metas]
    changed += [text_of(thing.get("dateModified")) for thing in head.articles]
    return next((date for said in changed if (date := iso_date(said))), None)


def _published(head: Head) -> Iterator[str]:
    """Yield what the page says of its publication, the surest first."""
    for key in ("datePublished", "uploadDate", "dateCreated"):
        for thing in head.articles:
            yield text_of(thing.get(key))
    for name in _DATES:
        yield head.metas.get(name, "")
    for node in _dated(head):
        yield node.attr("datetime") or node.attr("content") or node.attr("title") or ""
        yield collapse(node.text[:200])


def _named_dates(head: Head) -> Iterator[str]:
    """Yield the short texts of elements whose class or id speaks of a date."""
    for node in head.dated:
        names = f"{node.attr('class') or ''} {node.attr('id') or ''}".lower()
        if "update" not in names and len(text := collapse(node.text[:400])) <= 120:
            yield text


def _around(title: str, blocks: Sequence[Block]) -> list[Block]:
    """Return the short blocks near the title, behind it first: a date stands there."""
    place = next((i for i, block in enumerate(blocks[:LOOKED_AT]) if block.text == title), None)
    if place is None:
        return []
    near = [*blocks[place + 1 : place + 9], *reversed(blocks[max(0, place - 4) : place])]
    return [block for block in near if len(block.text) <= 120]


def _dated(head: Head) -> list[Any]:
    nodes: list[Any] = []
    if "datePublished" in head.html or "dateCreated" in head.html:
        nodes += head.tree.select('[itemprop~="datePublished"],[property$="datePublished"],[property$="dateCreated"]')[
            :3
        ]
    if "<time" in head.html:
        times = head.tree.find_all("time")[:20]
        marked = [
            node for node in times if node.attr("pubdate") is not None or _DATE_NAMES.search(node.attr("class") or "")
        ]
        nodes += marked[:3] + times[:1]
    return nodes
