"""Every drop says why: wording, path, title, breadcrumb, comments."""

import pytest

from pipeline.read.stage import read_page
from pipeline.strip.dump_rules import furniture_by_rules
from pipeline.strip.lines import furniture_reason
from pipeline.strip.reasons import KEPT, REASONS
from pipeline.strip.stage import StripOptions, strip_boilerplate, why_kept
from pipeline.strip.title import find_heading

WORDING = {
    "Share with friends: Facebook Twitter VKontakte": "share",
    "Print version": "share",
    "Read also: How to rinse the nose": "related",
    "Similar articles:": "related",
    "Comments (2)": "comments",
    "Leave a comment": "comments",
    "Views: 40 117": "counter",
    "Rating: 4.7 (votes: 93)": "counter",
    "Posted by admin 23.01.2014 in Nose": "byline",
    "By Maria Holm": "byline",
    "March 3, 2014": "byline",
    "Tags: cystitis, bladder": "tags",
    "Contents": "contents",
    "This website uses cookies to ensure you get the best experience": "cookie-banner",
    "© 2010 Somebody. All rights reserved": "footer",
    "Your e-mail": "form",
    "Advertisement": "advert",
    "Video: exercises for the neck": "video",
    "Back to top": "navigation",
}
ARTICLE_LINES = (
    "Symptomatic manifestations",
    "Treatment",
    "Causes of pain",
    "By the way, this is important",
    "Views of doctors",
    "Discussion of results",
    "Content of vitamins in food",
    "Top 10 exercises",
    "Reviews of the drug",
    "Popular treatments",
    "Like any other disease",
    "Share of patients who recover",
)


@pytest.mark.parametrize(("line", "reason"), WORDING.items())
def test_wording_names_the_reason(line: str, reason: str) -> None:
    """Lines that only furniture has are told by their words."""
    assert furniture_reason(line) == reason
    assert reason in REASONS


@pytest.mark.parametrize("line", ARTICLE_LINES)
def test_lines_of_articles_are_no_furniture(line: str) -> None:
    """Headings that look a little like furniture are left alone."""
    assert furniture_reason(line) is None


def test_wording_takes_no_time_on_hostile_lines() -> None:
    """Long runs of what may stand around a line do not make the patterns backtrack for long."""
    for line in ("-" * 480, "share " * 80, "1" * 470 + "x", "facebook " * 50, "read also " + "." * 400):
        furniture_reason(line)


def test_title_is_found_with_and_without_the_head() -> None:
    """The head's title without its site, the crumb's last part, or the first short line above the prose."""
    html = read_page("<title>Cold feet | Warm House</title><h1>Cold feet</h1><p>They are cold.</p>", name="a.html")
    assert find_heading(html.blocks, html.title, ()).title == "Cold feet"
    dump = read_page(
        "Home > Feet > Cold feet\n\nCold feet\n\nThey are cold in winter and warm in summer.", name="a.txt"
    )
    heading = find_heading(dump.blocks, "", ())
    assert heading.title == "Cold feet"
    assert heading.breadcrumb == ("Home", "Feet", "Cold feet")
    assert heading.title_blocks == (1,)


def test_a_menu_with_bars_is_no_breadcrumb() -> None:
    """A line of links is a menu unless it ends in the title that follows."""
    text = "Main | Ear | Nose | Forum\n\nYou are here: Main » Nose » Polyps\n\nPolyps\n\nThey grow and never hurt."
    heading = find_heading(read_page(text, name="a.txt").blocks, "", ())
    assert heading.breadcrumb == ("Main", "Nose", "Polyps")


@pytest.mark.parametrize(
    ("line", "dropped"),
    [
        ("stones in the bladder", True),
        ("Photo: a stone in the bladder", True),
        ("What to do with stones", False),
        ("diagnostics", False),
        ("stones in the bladder hurt:", False),
    ],
)
def test_captions_of_dumps(line: str, dropped: bool) -> None:
    """A lower-case line of the title's words between sentences is an image's text; headings stay."""
    before, after = "Stones grow for years without any pain at all.", "They are found by chance in most people."
    text = f"Stones in the bladder\n\n{before}\n\n{line}\n\n{after}"
    blocks = read_page(text, name="a.txt").blocks
    drops = furniture_by_rules(blocks, "Stones in the bladder", [0])
    assert (drops.get(2) == "caption") is dropped


def test_comments_under_an_article_go_with_their_reason() -> None:
    """What follows the line that announces comments is comments, under an article."""
    line = "tells at length how the river was made straight and what became of its fish and its banks."
    article = "".join(f"<p>Paragraph {n} {line}</p>" for n in range(6))
    comments = "".join(
        f"<div class=c><b>Reader {n}</b><p>I remember that river well from my childhood days.</p></div>"
        for n in range(9)
    )
    thread = f"<div class=comments><h3>9 Comments</h3>{comments}</div>"
    page = f"<title>The river</title><article><h1>The river</h1>{article}</article>{thread}"
    stripped = strip_boilerplate(read_page(page, name="a.html", url="https://example.org/2014/the-river"))
    assert len(stripped.blocks) == 6
    assert {drop.reason for drop in stripped.drops[1:]} == {"comments"}


@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_why_a_block_stays(name: str) -> None:
    """Each block that stays has a reason in words and a score."""
    text = "<h1>Ice</h1>\n\n<p>Ice is lighter than water, and so it floats upon it in every lake.</p>\n\n<p>Menu</p>"
    page = read_page(text if name == "a.html" else text.replace("<", "").replace(">", " "), name=name)
    kept = why_kept(page, StripOptions())
    assert len(kept) == len(strip_boilerplate(page).blocks) > 0
    assert {one.reason for one in kept} <= KEPT.keys()
    assert all(0 <= one.score <= 1 for one in kept)
    assert why_kept(read_page("", name=name), StripOptions()) == []
