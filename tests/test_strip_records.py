"""What the scorer sees of repeated records, dates, headings and of words without spaces; lists of other articles."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.strip_shifts import STEPS, fit_shifts
from pipeline.document import apply
from pipeline.read.stage import read_page
from pipeline.strip.model import Known
from pipeline.strip.page_type import TYPES
from pipeline.strip.records import Measures, dated, from_block, heading_features, record_features
from pipeline.strip.stage import StripOptions, propose
from pipeline.strip.teasers import teasers
from pipeline.strip.view import View, look
from pipeline.strip.words import Paths, Words, read_paths

TEXT = "Bees gather wax from glands between the rings of their bodies and knead it with their jaws until it is soft. "


def view_of(html: str, title: str = "") -> tuple[View, Paths]:
    view = look(read_page(html, name="x.html").blocks, title, None, None)
    return view, read_paths(view, Words({}))


def flat(view: View) -> Measures:
    nothing = np.zeros(len(view.blocks), dtype=np.float32)
    return Measures(nothing, nothing, nothing, nothing)


def posts(number: int) -> str:
    return "".join(f"<div class=post><b>Ann {n}</b><i>3 May 2021</i><p>{TEXT * n}</p></div>" for n in range(1, number))


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("3 May 2021", True),
        ("10:42", True),
        ("2 hours ago", True),
        ("6天前", True),
        ("发布于 2020.03.11", True),
        ("12/3/24", True),
        ("Posts: 17", False),
        ("five days ago", False),
        ("room 1234 is on the left", False),
    ],
)
def test_short_blocks_that_show_a_date(text: str, shows: bool) -> None:
    """Dates, times and ages count, in digits; other numbers do not."""
    view, _ = view_of(f"<p>{text}</p>")
    assert bool(dated(view)[0]) is shows


def test_records_are_counted_and_numbered() -> None:
    """Elements of one shape below one parent are records of two blocks or more; each block knows its own."""
    view, paths = view_of(f"<h1>Wax</h1><div>{posts(5)}</div><p>{TEXT}</p>")
    columns = record_features(view, paths, flat(view))
    texts = [i for i, block in enumerate(view.blocks) if block.text.startswith("Bees")]
    assert np.asarray(columns["record_count"])[texts].tolist() == [4, 4, 4, 4, -1]
    assert np.asarray(columns["record_ordinal"])[texts].tolist() == [0, 1, 2, 3, -1]
    assert np.asarray(columns["record_place"])[texts[:4]].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert np.asarray(columns["record_dated"])[texts[0]] == 1
    assert all(len(np.asarray(row)) == len(view.blocks) for row in columns.values())


def test_a_page_without_records_has_none() -> None:
    """The features are there all the same, with the value for none."""
    view, paths = view_of(f"<p>{TEXT}</p>")
    columns = record_features(view, paths, flat(view))
    assert np.asarray(columns["record_count"]).tolist() == [-1]
    assert np.asarray(columns["outer_words"]).tolist() == [-1]


def test_a_heading_reaches_to_the_next() -> None:
    """Each block knows the heading before it; a heading knows the one before itself, the first none."""
    view, _ = view_of("<section><h2>One</h2><p>first text</p><h2>Two</h2><p>second text</p></section><p>behind</p>")
    heading = np.array([b.kind == "heading" for b in view.blocks])
    score = np.arange(1, 6, dtype=np.float32)
    depth = np.array([e.depth for e in view.elements], dtype=np.float32)
    columns = heading_features(view, heading, score, score, depth)
    assert np.asarray(columns["head_score"]).tolist() == [-9, 1, 1, 3, 3]
    assert np.asarray(columns["head_since"]).tolist() == [-9, 1, 2, 1, 2]
    assert np.asarray(columns["head_words"]).tolist() == [-9, 0, 2, 0, 2]
    assert np.asarray(columns["head_holds"]).tolist() == [-9, 1, 1, 1, 0]


def test_levels_from_a_block() -> None:
    """Up to the innermost element that holds both blocks, and down again."""
    view, _ = view_of("<main><div><p>one</p></div><p>two</p></main><footer><div><p>three</p></div></footer>")
    depth = np.array([e.depth for e in view.elements], dtype=np.float32)
    columns = from_block(view, depth, 0, "first")
    assert np.asarray(columns["first_up"]).tolist() == [0, 2, 3]
    assert np.asarray(columns["first_down"]).tolist() == [0, 1, 3]


def test_words_without_spaces_are_pairs() -> None:
    """A Chinese or Japanese run of characters is read in overlapping pairs, in the title too; other words stay."""
    view, _ = view_of("<p>上海发布 new 2024年</p><p>plain words</p>", "上海发布会 Plain")
    assert view.tokens == [["上海", "海发", "发布", "new", "2024", "年"], ["plain", "words"]]
    assert view.title_words == {"上海", "海发", "发布", "布会", "plain"}


def cards(number: int, text: str) -> str:
    card = "<div class=card><h3><a href=/x>{0} number {1}</a></h3><p>{2}</p></div>"
    return "".join(card.format(text, n, TEXT) for n in range(number))


def left(html: str, title: str) -> NDArray[np.bool_]:
    view, paths = view_of(html, title)
    return teasers(view, paths, np.ones(len(view.blocks), dtype=bool))


def test_lists_of_other_articles_are_found() -> None:
    """Cards headed by links, below a text that has the title's words, which they have not."""
    text = f"<h1>The kettle of Delft</h1><p>The kettle of Delft has two spouts and no lid. {TEXT}</p>"
    found = left(f"<article>{text}</article><div>{cards(6, 'A new bridge')}</div>", "The kettle of Delft")
    assert found.tolist() == [False, False, *[True] * 12]


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>The kettle of Delft</h1><div>{cards(6, 'The kettle of Delft')}</div>",
        f"<h1>Kettles</h1><p>The kettle of Delft. {TEXT}</p><div>{cards(6, 'Another kettle')}</div>",
        f"<h1>Kettles</h1><p>The kettle of Delft. {TEXT}</p><div>{cards(3, 'A new bridge')}</div>",
        f"<article><h1>Kettles</h1><p>The kettle of Delft. {TEXT}</p>{cards(6, 'A new bridge')}</article>",
        f"<h1>Kettles</h1><div>{cards(6, 'A new bridge')}</div><p>The kettle of Delft. {TEXT}</p>",
        f"<h1>Kettles</h1><p>The kettle of Delft. {TEXT * 30}</p><div>{cards(4, 'A new bridge')}</div>",
    ],
)
def test_lists_that_stay(html: str) -> None:
    """Cards about the page's own matter, few ones, those in one element with the text or before it, a small part."""
    assert not left(html, "The kettle of Delft").any()


def test_shifts_are_drawn_towards_what_serves_the_pages() -> None:
    """Where content has low probabilities the log-odds are moved up; a type with few pages is not moved."""
    view, _ = view_of(f"<p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p>")
    words = TEXT.lower().replace(".", "").split()
    page = {"dataset": "wcxb", "gold": words * 3, "view": view, "block_words": [dict.fromkeys(words, 1)] * 3}
    pages = [SimpleNamespace(**page, fold=n % 5) for n in range(40)]
    chances = [np.array([0.9, 0.16, 0.16], dtype=np.float32)] * 40
    article = np.array([1.0 if name == "article" else 0.0 for name in TYPES], dtype=np.float32)
    shifts, own = fit_shifts(pages, chances, [article] * 40)  # type: ignore[arg-type]
    assert 0 < shifts[TYPES.index("article")] < max(STEPS)
    assert shifts[TYPES.index("forum")] == 0
    assert min(own) > 0


@pytest.mark.parametrize(("paragraphs", "kept"), [(6, 6), (2, 0)])
def test_much_text_is_better_than_none(paragraphs: int, kept: int) -> None:
    """Of a page of which the scorer likes nothing the paragraphs of the longest text stay, if it is long."""
    text = f"{TEXT} Nobody has told them how, and yet each of them does it as if it had been taught with great care. "
    html = f"<ul><li><a href=/>{TEXT * 4}</a></li></ul><div>{f'<p>{text}</p>' * paragraphs}<p>Bees.</p></div>"
    page = read_page(html, name="x.html")
    types = np.full(len(TYPES), 1 / len(TYPES), dtype=np.float32)
    known = Known(np.full(len(page.blocks), 0.01, dtype=np.float32), 0.0, types)
    assert len(apply(page, propose(page, StripOptions(), known)).blocks) == kept
