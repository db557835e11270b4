"""What the elements above a block say by their tags, ids, classes and roles."""

import re
from functools import lru_cache

from pipeline.document import Element

_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MOST = 24
"""Words taken from one element's names: hostile pages have thousands."""

TAGS = (
    "nav",
    "aside",
    "footer",
    "header",
    "main",
    "article",
    "section",
    "form",
    "table",
    "ul",
    "ol",
    "li",
    "dl",
    "blockquote",
    "figure",
    "td",
    "a",
    "button",
    "h1",
    "p",
    "select",
    "label",
    "details",
    "pre",
    "figcaption",
    "dialog",
)
"""Tags whose presence above a block is a feature each."""
FAMILIES: dict[str, frozenset[str]] = {
    "comments": frozenset(
        "comment comments commentlist disqus reply replies respond discussion reviews review".split()
    ),
    "navigation": frozenset(
        "nav navbar navigation menu menus submenu dropdown megamenu pagination pager tabs topbar toolbar".split()
    ),
    "breadcrumb": frozenset("breadcrumb breadcrumbs crumb crumbs breadcrumblist".split()),
    "sidebar": frozenset("sidebar side aside widget widgets rail sidenav rightcol leftcol complementary".split()),
    "related": frozenset(
        "related recommended recommendations recommend similar more teaser teasers promo trending popular recirc "
        "readmore upsell crosssell suggested".split()
    ),
    "share": frozenset("share sharing social socials addthis sharedaddy follow addtoany sharebar".split()),
    "footer": frozenset("footer foot bottom colophon copyright legal contentinfo disclaimer".split()),
    "header": frozenset("header masthead banner topnav head".split()),
    "advert": frozenset("ad ads advert advertisement sponsor sponsored adsense dfp adslot outbrain taboola".split()),
    "cookie-banner": frozenset("cookie cookies consent gdpr ccpa onetrust cookiebot cmp".split()),
    "form": frozenset("form search login signup subscribe subscription newsletter register captcha input".split()),
    "byline": frozenset("author byline bio meta date time posted published postmeta".split()),
    "tags": frozenset("tags tag tagcloud categories keywords".split()),
    "contents": frozenset("toc contents tableofcontents".split()),
    "modal": frozenset("modal popup overlay lightbox dialog tooltip offcanvas hidden hide sr screen".split()),
    "content": frozenset(
        "content article post entry body text story main articlebody entrycontent postcontent markdown prose".split()
    ),
    "caption": frozenset("caption figcaption credit wpcaption".split()),
}
"""Families of class words: evidence that names a reason, and a feature each."""
HIDDEN = 1 << (len(TAGS) + len(FAMILIES))
BITS = len(TAGS) + len(FAMILIES) + 1
TAG_BIT = {tag: 1 << i for i, tag in enumerate(TAGS)}
FAMILY_BIT = {family: 1 << i for i, family in enumerate(FAMILIES, len(TAGS))}
_WORD_BIT: dict[str, int] = {}
for _family, _words in FAMILIES.items():
    for _word in _words:
        _WORD_BIT[_word] = _WORD_BIT.get(_word, 0) | FAMILY_BIT[_family]


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, ...]:
    """Return the words of one id, class or role, in lower case.

    >>> split_name("entryContent-12_main")
    ('entry', 'content', 'main')
    """
    return tuple(word.lower() for word in _SPLIT.findall(name[:100]))


@lru_cache(maxsize=4096)
def name_bits(name: str) -> int:
    """Return the families that one id, class or role belongs to, one bit each."""
    bits = _WORD_BIT.get(name.lower(), 0)
    for word in split_name(name):
        bits |= _WORD_BIT.get(word, 0)
    return bits


def names_of(element: Element) -> list[str]:
    """Return an element's id, classes and role, the first `_MOST` of them."""
    return f"{element.names} {element.role}".split()[:_MOST]


def bits_of(element: Element) -> int:
    """Return what an element's own tag and names say, one bit for each of TAGS and FAMILIES, and HIDDEN."""
    bits = TAG_BIT.get(element.tag, 0) | (HIDDEN if element.hidden else 0)
    for name in names_of(element):
        bits |= name_bits(name)
    return bits
