"""The scorer: forests, the choice, the alignment with the gold, odd pages."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.strip_dumps import labels_of, render
from benchmarks.strip_labels import align
from benchmarks.strip_pages import Page, shrunk
from pipeline.document import Block, Document, Element, Markup
from pipeline.errors import DataFileError
from pipeline.read.stage import read_page
from pipeline.strip import lines
from pipeline.strip.choose import choose, expected_scores, shifted
from pipeline.strip.forest import Forest
from pipeline.strip.lines import furniture_reason
from pipeline.strip.stage import StripOptions, block_keys, fingerprint, strip_boilerplate
from pipeline.strip.view import look

CASES = Path(__file__).parent / "cases" / "strip"


def test_a_forest_asks_its_questions() -> None:
    """Two trees of depth two: the first level is the lowest bit of the leaf."""
    forest = Forest(
        features=np.array([0, 1], dtype=np.int16),
        borders=np.array([0.5, 10.0], dtype=np.float32),
        questions=np.array([[0, 1], [1, 0]], dtype=np.int16),
        leaves=np.array([[0, 1, 2, 3], [0, 10, 20, 30]], dtype=np.int16),
        scale=1.0,
        bias=-1.0,
    )
    matrix = np.array([[0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 11.0, 11.0]], dtype=np.float32)
    odds = np.array([0 + 0, 1 + 20, 2 + 10, 3 + 30]) - 1.0
    np.testing.assert_allclose(forest.probabilities(matrix), 1 / (1 + np.exp(-odds)), rtol=1e-6)


def test_a_forest_takes_more_blocks_than_one_batch() -> None:
    """Pages are scored in batches; the result is the same as block by block."""
    forest = Forest(
        np.zeros(1, dtype=np.int16),
        np.array([0.5], dtype=np.float32),
        np.zeros((1, 1), dtype=np.int16),
        np.array([[-1, 1]], dtype=np.int16),
        1.0,
        0.0,
    )
    values = (np.arange(10_000) % 2).astype(np.float32)[None, :]
    assert ((forest.probabilities(values) > 0.5) == (values[0] > 0.5)).all()


def test_the_choice_maximises_the_expected_f1() -> None:
    """The chosen set is at least as good as any other prefix, and hopeless blocks are never kept."""
    probabilities = np.array([0.9, 0.7, 0.45, 0.1], dtype=np.float32)
    words = np.array([50, 30, 40, 200], dtype=np.float32)
    best, threshold = expected_scores(probabilities, words)
    for size in range(1, 5):
        gain = (probabilities * words)[:size].sum()
        assert best >= 2 * gain / (words[:size].sum() + (probabilities * words).sum()) - 1e-6
    assert threshold == pytest.approx(0.45)
    assert choose(probabilities, words).tolist() == [True, True, True, False]
    assert not choose(np.array([0.05, 0.1], dtype=np.float32), np.array([5, 5], dtype=np.float32)).any()


def test_probabilities_are_moved_by_their_log_odds() -> None:
    """No move changes nothing, a move up and down again neither, and certainty stays."""
    some = np.array([0.001, 0.3, 0.9999], dtype=np.float32)
    np.testing.assert_allclose(shifted(some, 0.0), some, rtol=1e-4)
    np.testing.assert_allclose(shifted(shifted(some, 0.7), -0.7), some, rtol=1e-3)
    assert (shifted(some, 0.7) > some).all()
    assert shifted(np.array([0.0, 1.0], dtype=np.float32), 3.0).tolist() == pytest.approx([0.0, 1.0], abs=1e-5)


def test_alignment_finds_the_gold_among_furniture() -> None:
    """A block is labelled by the share of its words in the gold; stray small words do not count."""
    blocks = [
        "Home and about the site",
        "The heart beats seventy times a minute.",
        "",
        "It rests between beats.",
        "Share it",
    ]
    labels = align(blocks, "The heart beats seventy times a minute.\nIt rests between beats.")
    assert np.isnan(labels[2])
    assert (labels[[1, 3]] > 0.8).all()
    assert (labels[[0, 4]] < 0.5).all()


def test_dumps_keep_the_labels() -> None:
    """Blocks read back from a rendered dump have the labels of the blocks they show."""
    blocks = [
        Block("heading", "A heading of the page", 1),
        Block("paragraph", "First words. " * 12),
        Block("list_item", "an item"),
    ]
    dump = render("page", blocks, np.array([1.0, 1.0, 0.0], dtype=np.float32))
    read = read_page(dump.text, name="dump.txt").blocks
    labels = labels_of(dump, read)
    assert [round(float(label)) for block, label in zip(read, labels, strict=True) if "item" in block.text] == [0]
    assert all(label == 1 for block, label in zip(read, labels, strict=True) if "words" in block.text)


def test_dumps_have_lines_that_are_known_of_dumps() -> None:
    """Menus stand in a row, lines such as "Read also" are furniture, and every line keeps its label."""
    link = Markup(Element("a", None, 0), link_chars=5, links=1)
    menu = [Block("list_item", f"Entry {n}", 1, markup=link) for n in range(5)]
    body = [Block("paragraph", f"Paragraph {n} tells of the river and of its banks. " * 3) for n in range(6)]
    labels = np.array([0.0] * 5 + [1.0] * 6, dtype=np.float32)
    dumps = [render(f"page {n}", [*menu, *body], labels, "The river", "Other rivers") for n in range(40)]
    for dump in dumps:
        content = " ".join(dump.text[start:end] for start, end, label in dump.spans if label == 1)
        assert content.split() == " ".join(block.text for block in body).split()
    assert any("Read also: Other rivers" in dump.text for dump in dumps)
    assert any("Entry 0 | Entry 1" in dump.text for dump in dumps)
    assert len({dump.text for dump in dumps}) > 20


def test_small_pages_are_made_of_large_ones() -> None:
    """A few blocks of content in their order, a little furniture, no other label."""
    article = "".join(f"<p>Paragraph {n} tells of the river and of its banks.</p>" for n in range(20))
    links = "".join(f"<li><a href=/{n}>Entry {n}</a></li>" for n in range(40))
    view = look(read_page(f"<ul>{links}</ul>{article}", name="x.html").blocks, "", None, "https://example.org/")
    labels = np.array([0.0] * 40 + [1.0] * 20, dtype=np.float32)
    words = [Counter(block.text.lower().split()) for block in view.blocks]
    page = Page("p", "wcxb", "article", 0, view, "", labels, 1.0, ["the", "river"], words)
    (small,) = shrunk([page])
    texts = [block.text for block in small.view.blocks]
    assert 2 <= sum(small.labels == 1) <= 9
    assert len(texts) <= 9 + 7 + 7
    assert all(text.startswith("Paragraph") == (label == 1) for text, label in zip(texts, small.labels, strict=True))
    assert shrunk([page])[0].view.blocks == small.view.blocks


@pytest.mark.parametrize(
    "page",
    [
        "<p>one</p>",
        "<p>\ud800 lone</p>",
        "<div>" * 3000 + "deep" + "</div>" * 3000,
        "<p>" + "a" * 200_000 + "</p><p>b</p>",
        "<ul>" + "<li>x</li>" * 20_000 + "</ul>",
        "<p>\U0001f600\U0001f600</p><p>١٢٣</p><p>…</p>",
    ],
    ids=["one", "surrogate", "deep", "long", "many", "symbols"],
)
def test_odd_pages(page: str) -> None:
    """Nothing breaks on pages of one block, of thousands, of none with words."""
    document = read_page(page, name="x.html")
    stripped = strip_boilerplate(document)
    assert len(stripped.blocks) + len(stripped.drops) == len(document.blocks)


def test_only_navigation_gives_a_finding() -> None:
    """A page without content says so."""
    page = CASES / "empty-of-content.html"
    stripped = strip_boilerplate(read_page(page.read_bytes(), name=page.name))
    assert not stripped.blocks
    assert [finding.code for finding in stripped.findings] == ["no-content"]


def test_blocks_that_repeat_across_pages_go() -> None:
    """The run says which blocks stand on many pages of a site; they are dropped whatever else speaks for them."""
    text = "Stones are old.\n\nThis site is run by three friends who love stones and minerals.\n\nThey last."
    document = read_page(text, name="x.txt")
    key = block_keys(document)[1]
    stripped = strip_boilerplate(document, StripOptions(repeated=frozenset({key})))
    assert [d.reason for d in stripped.drops if d.block and d.block.text.startswith("This site")] == [
        "repeated-across-pages"
    ]


def test_the_fingerprint_tells_options_apart() -> None:
    """What the output depends on changes the fingerprint."""
    assert fingerprint(StripOptions()) == fingerprint(StripOptions())
    assert fingerprint(StripOptions()) != fingerprint(StripOptions(repeated=frozenset({"a"})))


def test_a_broken_wording_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that is no regular expression and an unknown reason are errors for people."""
    for broken, problem in (
        ('[[line]]\nreason = "share"\nwhole = ["("]', "broken pattern"),
        ('[[line]]\nreason = "nonsense"\nwhole = ["a"]', "unknown reason"),
        ("[[line]]\nreason = 3", "does not fit"),
    ):
        monkeypatch.setattr(lines, "_text", lambda broken=broken: broken)
        lines._patterns.cache_clear()
        with pytest.raises(DataFileError, match=problem):
            lines._patterns()
    monkeypatch.undo()
    lines._patterns.cache_clear()
    assert furniture_reason("Share") == "share"


def test_stripped_text_is_not_stripped_again() -> None:
    """An article read from its own stripped text loses at most a line."""
    body = "\n\n".join(f"Paragraph {n} tells of the river, of its banks and of those who live on it." for n in range(8))
    once = strip_boilerplate(read_page(f"The river\n\n{body}", name="x.txt"))
    again = strip_boilerplate(read_page("\n\n".join(b.text for b in once.blocks), name="x.txt"))
    assert len(again.blocks) >= len(once.blocks) - 1
    assert isinstance(again, Document)
