"""Readers' comments are found under an article, and left alone where they are the page."""

import numpy as np
import pytest

from pipeline.read.stage import read_page
from pipeline.strip.page_type import TYPES
from pipeline.strip.thread import comments_from, is_forum
from pipeline.strip.view import Floats, View, look
from pipeline.strip.words import Words, read_paths

TEXT = "The lock is filled by opening a sluice in the upper gate, slowly, so that no boat is thrown against the wall. "
ARTICLE = f"<div class=text><h1>The lock</h1><p>{TEXT}</p><p>{TEXT}</p></div>"
SAID = "I have seen it done in half the time when the keeper was hungry."
AS_ARTICLE = {"article": 0.9}


def at(html: str, types: dict[str, float], url: str | None = None) -> str | None:
    """Return the text of the block with which comments begin, None where none do; all blocks look like content."""
    view = look(read_page(html, name="x.html").blocks, "The lock", None, url)
    found = comments_from(view, read_paths(view, Words({})), np.ones(len(view.blocks), dtype=bool), likely(types))
    return view.blocks[found].text if found < len(view.blocks) else None


def likely(types: dict[str, float]) -> Floats:
    return np.array([types.get(name, 0.0) for name in TYPES], dtype=np.float32)


def posts(name: str, *, dated: bool = True, answered: bool = False, number: int = 4) -> str:
    when = "<i>12.03.2014 10:22</i>" if dated else ""
    act = "<a>Reply</a>" if answered else ""
    return "".join(f"<div class={name}><b>Reader {n}</b> {when}<p>{SAID}</p>{act}</div>" for n in range(number))


@pytest.mark.parametrize(
    ("below", "begins"),
    [
        (f"<h3>4 comments</h3>{posts('x')}", "4 comments"),
        (f"<div class=list>{posts('comment-body')}</div>", "Reader 0 12.03.2014 10:22"),
        (f"<div id=disqus_thread>{posts('x')}</div>", "Reader 0 12.03.2014 10:22"),
        (posts("b-leaf", answered=True), "Reader 0 12.03.2014 10:22"),
        (posts("teaser"), None),
        (posts("recommended"), None),
        (posts("comment", dated=False), None),
        (posts("comment", number=2), None),
        ("<h3>Comments are closed</h3><p>Another paragraph of the article.</p>", None),
        ("<h3>Leave a comment</h3><p>Another paragraph of the article.</p>", None),
        ("<h3>What readers say</h3><p>They like it, all of them.</p>", "What readers say"),
    ],
)
def test_comments_begin_where_they_are_announced_or_built(below: str, begins: str | None) -> None:
    """A line announces them, or elements of one shape are named so and dated; teasers are no comments."""
    assert at(ARTICLE + below, AS_ARTICLE) == begins


def test_posts_of_a_forum_are_its_content() -> None:
    """What is a thread under an article is the page on a forum; a shop's reviews stay with the shop."""
    below = posts("comment")
    assert at(ARTICLE + below, {"forum": 0.9}, "https://example.org/t/1") is None
    assert at(f"<body class=viewtopic>{ARTICLE}{below}", {"forum": 0.9}) is None
    assert at(ARTICLE + below, {"forum": 0.9}) is not None
    assert at(ARTICLE + below, {"product": 0.6, "article": 0.3}) is None


def test_a_thread_needs_a_text_before_it() -> None:
    """Where nothing stands above it, the thread is what there is."""
    assert at(f"<h1>The lock</h1>{posts('comment')}", AS_ARTICLE) is None


def test_a_forum_without_an_address_says_so_itself() -> None:
    """The type of a page without an address is a guess that class words must back."""

    def view(html: str, url: str | None) -> View:
        return look(read_page(html, name="x.html").blocks, "", None, url)

    forum = likely({"forum": 0.9})
    assert is_forum(view(ARTICLE, "https://example.org/"), forum)
    assert not is_forum(view(ARTICLE, None), forum)
    assert is_forum(view(f"<div class=phpbb>{ARTICLE}</div>", None), forum)
    assert not is_forum(view(ARTICLE, "https://example.org/"), likely(AS_ARTICLE))
