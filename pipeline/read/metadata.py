"""What a page says of itself: title, breadcrumb, author, date, site, description, address, language."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pipeline.document import Block
from pipeline.read.dates import date_in_url, iso_date
from pipeline.read.structured import Thing, names_of, parse_json, text_of, things, types
from pipeline.read.titles import choose_title
from pipeline.read.whitespace import collapse
from pipeline.record import Metadata

ARTICLES: Final = frozenset(
    "Article NewsArticle BlogPosting MedicalWebPage ScholarlyArticle Report TechArticle HealthTopicContent WebPage "
    "Recipe Review LiveBlogPosting SocialMediaPosting DiscussionForumPosting AnalysisNewsArticle OpinionNewsArticle "
    "ReportageNewsArticle MedicalScholarlyArticle FAQPage QAPage HowTo Product ItemPage AboutPage Event "
    "VideoObject".split()
)
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
    r"https?:|www\.|^@|\.(?:com|org|net|ru|io|de|cn)\b|[<>{}|]|"
    r"^(?:admin(?:istrator)?|root|user|none|null|unknown|undefined|author|posted by)$",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"^(?:(?:written|posted|reviewed|published|medically reviewed|article)\s+)?by\b[:\s]*|"
    r"^(?:author|автор|autor|auteur|von|作者)\s*[:：]\s*",
    re.IGNORECASE,
)
_AUTHOR_NAMES: Final = re.compile(r"(?:^|[\s_-])(?:author(?:s|[_-]?name)?|byline(?:[_-]?name)?)(?:$|\s)", re.IGNORECASE)
_DATE_NAMES: Final = re.compile(
    r"publish|posted|pubdate|(?:^|[\s_-])date|(?:^|[\s_-])time(?:$|\s)|timestamp|created", re.IGNORECASE
)
_LANGUAGE: Final = re.compile(r"\s*([a-zA-Z]{2})(?:[-_]|$)")


class Said(NamedTuple):
    """The metadata of a page."""

    title: str
    breadcrumb: tuple[str, ...]
    metadata: Metadata
    url: str | None
    language: str | None


class _Page(NamedTuple):
    """What the rules look at."""

    tree: Any
    blocks: Sequence[Block]
    metas: dict[str, str]
    things: list[Thing]
    articles: list[Thing]


def read_metadata(tree: Any, html: str, blocks: Sequence[Block], url: str | None) -> Said:
    """Return what a page says of itself.

    Args:
        tree: the parsed page.
        html: its source.
        blocks: its blocks.
        url: its address, if the caller knows it.
    """
    found = things(json_ld(tree)) if "ld+json" in html else []
    articles = [thing for thing in found if not ARTICLES.isdisjoint(types(thing))]
    articles.sort(key=lambda thing: "headline" not in thing)
    page = _Page(tree, blocks, _metas(tree), found, articles)
    address = url or _address(page)
    site = _site(page)
    node = tree.select_one("title")
    named = collapse(node.text[:1000]) if node is not None else ""
    headlines = [text_of(thing.get("headline")) for thing in articles if thing.get("headline")]
    title = choose_title(blocks, headlines, page.metas.get("og:title", ""), named, site)
    metadata = Metadata(
        author=_author(page, site, html),
        date=_date(page, html, address),
        site=site or None,
        description=_description(page) or None,
    )
    return Said(title, _breadcrumb(page, html), metadata, address, _language(tree))


def json_ld(tree: Any) -> list[Any]:
    """Return the values of the page's JSON-LD scripts."""
    values = [parse_json(node.text) for node in tree.find_all("script") if "ld+json" in (node.attr("type") or "")]
    return [value for value in values if value is not None]


def _metas(tree: Any) -> dict[str, str]:
    """Return the first content of each meta element by its name, lower case."""
    metas: dict[str, str] = {}
    for node in tree.find_all("meta"):
        name = node.attr("property") or node.attr("name") or node.attr("itemprop")
        if name and (content := node.attr("content")):
            metas.setdefault(name.lower().strip(), text_of(content))
    return metas


def _address(page: _Page) -> str | None:
    node = page.tree.select_one('link[rel~="canonical"]')
    for address in (node.attr("href") if node is not None else None, page.metas.get("og:url")):
        if address and (address := address.strip()).startswith(("http://", "https://")) and len(address) < 2000:
            return collapse(address)
    return None


def _site(page: _Page) -> str:
    if name := page.metas.get("og:site_name", ""):
        return name
    for kind in ("WebSite", "Organization", "NewsMediaOrganization"):
        for thing in page.things:
            if kind in types(thing) and (name := text_of(thing.get("name"))) and len(name) < 80:
                return name
    for thing in page.articles:
        if names := names_of(thing.get("publisher")):
            return names[0]
    return page.metas.get("application-name", "") or page.metas.get("al:android:app_name", "")


def _description(page: _Page) -> str:
    for name in ("description", "og:description", "twitter:description", "dc.description", "dcterms.description"):
        if text := page.metas.get(name, ""):
            return text
    return next((text for thing in page.articles if (text := text_of(thing.get("description")))), "")


def _language(tree: Any) -> str | None:
    root = tree.select_one("html")
    said = (root.attr("lang") or root.attr("xml:lang") or "") if root is not None else ""
    found = _LANGUAGE.match(said)
    return found[1].lower() if found is not None else None


def _breadcrumb(page: _Page, html: str) -> tuple[str, ...]:
    for thing in page.things:
        if "BreadcrumbList" in types(thing) and (names := _crumbs(thing.get("itemListElement"))):
            return names
    if "BreadcrumbList" in html:
        trail = page.tree.select_one('[itemtype*="BreadcrumbList"]')
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


def _author(page: _Page, site: str, html: str) -> str | None:
    candidates: list[list[str]] = [names_of(thing.get("author")) for thing in page.articles]
    candidates += [[page.metas[name]] for name in _AUTHORS if name in page.metas]
    if "itemprop" in html:
        for node in page.tree.select('[itemprop~="author"]')[:3]:
            inner = node.select_one('[itemprop~="name"]') or node
            candidates.append([inner.attr("content") or inner.text[:200]])
    for node in page.tree.select('a[rel~="author"]')[:2]:
        candidates.append([node.text[:200]])
    candidates += [[block.text] for block in page.blocks if _names_match(block, _AUTHOR_NAMES)][:3]
    for names in candidates:
        people = [person for name in names[:5] if (person := _person(name, site))]
        if people:
            return ", ".join(people)
    return None


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


def _date(page: _Page, html: str, address: str | None) -> str | None:
    for key in ("datePublished", "uploadDate", "dateCreated"):
        for thing in page.articles:
            if date := iso_date(text_of(thing.get(key))):
                return date
    for name in _DATES:
        if name in page.metas and (date := iso_date(page.metas[name])):
            return date
    for node in _dated(page, html):
        said = node.attr("datetime") or node.attr("content") or node.attr("title") or ""
        if date := iso_date(said) or iso_date(collapse(node.text[:200])):
            return date
    if address is not None and (date := date_in_url(address)):
        return date
    for block in page.blocks:
        if _names_match(block, _DATE_NAMES) and (date := iso_date(block.text)):
            return date
    changed = [page.metas[name] for name in _CHANGED if name in page.metas]
    changed += [text_of(thing.get("dateModified")) for thing in page.articles]
    return next((date for said in changed if (date := iso_date(said))), None)


def _dated(page: _Page, html: str) -> list[Any]:
    nodes: list[Any] = []
    if "datePublished" in html:
        nodes += page.tree.select('[itemprop~="datePublished"]')[:3]
    if "<time" in html:
        times = page.tree.find_all("time")[:20]
        marked = [
            node for node in times if node.attr("pubdate") is not None or _DATE_NAMES.search(node.attr("class") or "")
        ]
        nodes += marked[:3] + times[:1]
    return nodes
