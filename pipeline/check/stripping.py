"""Checks of stripping: was the article found, all of it and nothing else?"""

import re
from collections.abc import Iterator

from pipeline.check.reading import own, sentence
from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject, words_in

_LINKS = 8
"""Links from which on a page may be a list of links."""
_MARKS = ("read also", "read more", "see also:", "share this", "click here", "subscribe to", "all rights reserved",
          "add a comment", "leave a reply", "back to top", "advertisement", "loading…", "loading...")  # fmt: skip
_TELLING = frozenset(
    ["share", "related", "comments", "counter", "advert", "cookie-banner", "form", "footer", "navigation"]
)
"""Reasons that a line's wording tells by itself."""
_FURNITURE = 120
"""Characters up to which a line may be furniture by its wording."""
_PROSE = 15
"""Words of a paragraph of prose at least."""
_MISSED = 30
"""Words of doubtful paragraphs, and a tenth of what was kept, below which nothing is said."""
_MANY_LINKS = 30
_HARDLY = 15
"""On a page of many links, a fifteenth of their text outside of them is no article either."""
_SCRAP = 8
"""Words below which what was kept is no article."""
_MENU, _PUNCTUATION = 3, 20
"""Links, and characters outside of them, of a page that is a menu and nothing else."""
_TEASER = 10
"""Words in sentences below which a page of links has not even one."""
_WIDE = 2_000_000
_PLAIN = 150
"""Characters outside links below which there is no article: two short sentences."""


@check("S001", "error")
def no_content(subject: Subject) -> Iterator[Fault]:
    """Nothing on the page looks like an article.

    It may be a list of links, or its text may be loaded by a script; leave it out or save it after loading.
    Bad:
    <title>Health</title><nav><a href="/a">Home</a> <a href="/b">Joints</a> <a href="/c">Skin</a></nav>
    <footer><a href="/d">Contacts</a></footer>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    yield from own(subject, "no-content", "leave it out, or save it after its scripts have run")


@check("S002", "warning")
def little_content(subject: Subject) -> Iterator[Fault]:
    """Almost all of the page's text was dropped.

    See with `pipeline explain` whether the article is among what was dropped. It is an error where what is left is
    less than a sentence.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <nav><ul>
    90 × <li><a href="/a">Diseases of the joints and the skin, from A to Z, with pictures</a></li>
    </ul></nav>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    kept = sum(len(block.text) for block in subject.stripped.blocks)
    dropped = sum(len(drop.block.text) for drop in subject.stripped.drops if drop.block is not None)
    if 0 < words_in(subject.kept) < _SCRAP:
        yield Fault(
            f"“{' '.join(subject.kept.split())[:60]}” is all that was kept; leave the page out.", severity="error"
        )
    elif 0 < kept < 300 and dropped > 20 * kept:
        message = f"Only {kept} of {kept + dropped} characters were kept; see with `pipeline explain` what was dropped."
        yield Fault(message)


@check("S003", "warning")
def looks_like_furniture(subject: Subject) -> Iterator[Fault]:
    """A short line in the kept text reads like a part of the site, not of the article.

    Add it to the site's profile, or report it.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <p>Read also how gout was treated in the days of the kings of France.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    from pipeline.strip.lines import furniture_reason
    from pipeline.strip.reasons import REASONS

    last = len(subject.stripped.blocks) - 1
    for index, block in enumerate(subject.stripped.blocks):
        text = block.text
        if len(text) >= _FURNITURE or block.kind in {"table", "code", "heading", "caption"}:
            continue
        reason = furniture_reason(text) or ("related" if text.lower().startswith(_MARKS) else None)
        if reason in _TELLING and (index < last or reason != "byline"):
            message = f"“{text[:60]}” was kept, but by its wording: {REASONS[reason]}."
            yield Fault(message, *subject.place_of(index, text))


@check("S006", "warning")
def doubtful_drop(subject: Subject) -> Iterator[Fault]:
    """The scorer was not sure about paragraphs that it dropped.

    Read them: if they belong to the article, write a profile for the site (docs/profiles.md). `doubt` in
    [tool.article-pipeline.check] is the probability from which on it is said; for the examples, 0.02.
    Bad:
    <article><h1>Gout</h1>
    12 × <p>Gout is a disease of the joints that begins at night with great pain in the big toe of one foot.</p>
    </article><div id="comments" class="comments">
    2 × <p>My husband had the same in March, and only the third doctor found out what it was, thanks to everybody.</p>
    </div>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    doubtful = [
        (len(drop.block.text.split()), drop)
        for drop in subject.stripped.drops
        if drop.block is not None and drop.score is not None and drop.score >= subject.settings.doubt
    ]
    doubtful = [(words, drop) for words, drop in doubtful if words >= _PROSE]
    words = sum(words for words, _ in doubtful)
    if words >= _MISSED and words * 10 >= subject.words:
        for _, drop in doubtful:
            if drop.block is not None:
                start = " ".join(drop.block.text.split()[:8])
                message = f"Dropped, but perhaps the article's ({drop.score:.0%}): “{start} …”."
                yield Fault(message, drop.block.place.line)


@check("S004", "error")
def links_alone(subject: Subject) -> Iterator[Fault]:
    """Almost all text of the page is links.

    It is a list of pages, or the article was loaded by a script; leave it out or save it after loading.
    Bad:
    <title>Health</title><ul><li><a href="/a">Pains in the back and in the joints</a></li>
    8 × <li><a href="/b">How to treat the skin at home, and when to see a doctor</a></li>
    </ul>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    9 × <p><a href="/b">How to treat the skin at home</a></p>
    """
    marked = [(len(block.text), block.markup) for block in subject.document.blocks if block.markup is not None]
    links = sum(markup.links for _, markup in marked)
    linked = sum(markup.link_chars for _, markup in marked)
    other = sum(length for length, _ in marked) - linked
    if not any(markup.links for _, markup in marked):  # read leniently: nothing is known of links
        links = len(re.findall(r"(?i)<a\s", subject.source[:_WIDE]))
    menu = links >= _MENU and other < min(_PUNCTUATION, linked)
    alone = subject.prose < _TEASER or other < min(_PLAIN, linked)
    if menu or (links >= _LINKS and alone) or (links >= _MANY_LINKS and other * _HARDLY < linked):
        yield Fault(f"The page is {links} links and hardly any other text; leave it out or save it after loading.")


@check("S005", "warning")
def profile_matches_nothing(subject: Subject) -> Iterator[Fault]:
    """A selector of the site's profile that says what is content, or where the title is, matches nothing.

    The site has changed, or the page is of another kind; mend the profile. The examples are read with a profile that
    keeps `div.text`.
    Bad:
    <link rel="canonical" href="https://example.org/gout"><title>Gout</title>
    <div class="story"><p>Gout is a disease of the joints that begins at night with strong pain in the toe.</p></div>
    Good:
    <link rel="canonical" href="https://example.org/gout"><title>Gout</title>
    <div class="text"><p>Gout is a disease of the joints that begins at night with strong pain in the toe.</p></div>
    """
    for finding in subject.found("profile-matches-nothing"):
        if finding.severity == "warning":
            yield Fault(sentence(finding.message), finding.line)
