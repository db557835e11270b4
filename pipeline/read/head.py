"""What the rules for metadata look at: the meta elements and the JSON-LD of a page."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pipeline.document import Block
from pipeline.read.structured import Thing, parse_json, text_of, things, types

ARTICLES: Final = frozenset(
    "Article NewsArticle BlogPosting MedicalWebPage ScholarlyArticle Report TechArticle HealthTopicContent WebPage "
    "Recipe Review LiveBlogPosting SocialMediaPosting DiscussionForumPosting AnalysisNewsArticle OpinionNewsArticle "
    "ReportageNewsArticle MedicalScholarlyArticle FAQPage QAPage HowTo Product ItemPage AboutPage Event "
    "VideoObject".split()
)


class Head(NamedTuple):
    """A page's own word.

    Attributes:
        tree: the parsed page.
        html: its source.
        blocks: its blocks.
        dated: elements whose class or id speaks of a date.
        metas: the first content of each meta element by its name, lower case.
        things: the objects of its JSON-LD.
        articles: those that are an article or the like, with a headline first.
    """

    tree: Any
    html: str
    blocks: Sequence[Block]
    dated: Sequence[Any]
    metas: dict[str, str]
    things: list[Thing]
    articles: list[Thing]


def read_head(tree: Any, html: str, blocks: Sequence[Block], dated: Sequence[Any]) -> Head:
    """Gather what a page says in its head and scripts."""
    found = things(_json_ld(tree)) if "ld+json" in html else []
    articles = [thing for thing in found if not ARTICLES.isdisjoint(types(thing))]
    articles.sort(key=lambda thing: "headline" not in thing)
    return Head(tree, html, blocks, dated, _metas(tree), found, articles)


def _json_ld(tree: Any) -> list[Any]:
    values = [parse_json(node.text) for node in tree.find_all("script") if "ld+json" in (node.attr("type") or "")]
    return [value for value in values if value is not None]


def _metas(tree: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for node in tree.find_all("meta"):
        name = node.attr("property") or node.attr("name") or node.attr("itemprop")
        if name and (content := node.attr("content")):
            metas.setdefault(name.lower().strip(), text_of(content))
    return metas
