"""The network that judges the lines of dumps, what it sees, and the dumps that it is trained and measured on."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.strip_lines import Table, judged
from benchmarks.strip_marked import MARKED, read_marked
from benchmarks.strip_mended import mended, undecided
from benchmarks.strip_pages import Page
from benchmarks.strip_portal import Pool, compose, pool_of
from pipeline.document import Block, Element, Markup
from pipeline.read.stage import read_page
from pipeline.strip.line_features import BAG, EDGES, PAIRS, ROWS, see
from pipeline.strip.line_scorer import chances_of_lines, digest
from pipeline.strip.network import PIECE, Network, dump, load
from pipeline.strip.scripts import captions_in_another_script
from pipeline.strip.stage import strip_boilerplate
from pipeline.strip.title import find_heading
from pipeline.strip.view import look

TEXT = """Orchard days
Home | Trees | Tools

How to prune an apple tree

Prune in late winter, before the buds swell and after the hard frosts are over.

Home | Trees | Tools
"""


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a dump."""
    return tuple(read_page(text.encode(), name="dump.txt").blocks)


def network(chance: np.random.Generator, size: int, numbers: int) -> Network:
    """Return a network of two layers with weights drawn by lot."""

    def drawn(*shape: int) -> np.ndarray:
        return chance.standard_normal(shape).astype(np.float32) / 4

    given = numbers + 2 * 3 + EDGES * 2
    words, edges = drawn(ROWS, 3), drawn(ROWS, 2)
    words[0] = edges[0] = 0
    layers = tuple((drawn(3 * size, size), drawn(size), drawn(size, size), drawn(size)) for _ in range(2))
    return Network(
        mean=np.zeros(numbers, dtype=np.float32),
        spread=np.ones(numbers, dtype=np.float32),
        words=words,
        edges=edges,
        first=(drawn(given, size), drawn(size)),
        steps=(1, 2),
        layers=layers,
        pooled=drawn(2 * size, size),
        last=(drawn(size, 1), drawn(1)),
    )


def test_what_is_seen_of_a_dump_is_finite_and_within_the_table() -> None:
    """Each line gives its numbers and rows of words; row 0 stands for none."""
    blocks = blocks_of(TEXT)
    lines = see(blocks, find_heading(blocks, "", ()))
    assert lines.numbers.shape == (len(blocks), len(lines.names))
    assert np.isfinite(lines.numbers).all()
    for rows, width in ((lines.bag, BAG), (lines.edges, EDGES), (lines.pairs, PAIRS)):
        assert rows.shape == (len(blocks), width)
        assert rows.min() >= 0
        assert rows.max() < ROWS


@pytest.mark.parametrize("text", ["x", "1", "…", "word", "中", "- \n\n- a", "😀", "a" * 100_000, "\ud800"])
def test_odd_dumps_are_judged(text: str) -> None:
    """One letter, one line, a line of one word: there is a probability for every block."""
    blocks = tuple(read_page(text.encode("utf-8", "surrogatepass"), name="dump.txt").blocks)
    if blocks:
        chances = chances_of_lines(blocks, find_heading(blocks, "", ()))
        assert chances.shape == (len(blocks),)
        assert ((chances >= 0) & (chances <= 1)).all()


def test_a_network_survives_being_written() -> None:
    """Vectors are rounded to 8 bits, weights to 16: the log-odds hardly move."""
    blocks = blocks_of(TEXT)
    lines = see(blocks, find_heading(blocks, "", ()))
    made = network(np.random.default_rng(1), 8, len(lines.names))
    (again,) = load(dump([made]))
    np.testing.assert_allclose(again.log_odds(lines), made.log_odds(lines), atol=0.1)
    assert again.steps == made.steps


def test_a_line_is_judged_by_its_neighbours() -> None:
    """The same line has other odds among other lines."""
    blocks = blocks_of(TEXT)
    odd = blocks_of(TEXT.replace("Prune in late winter", "Log in"))
    made = network(np.random.default_rng(2), 8, len(see(blocks, find_heading(blocks, "", ())).names))
    one = made.log_odds(see(blocks, find_heading(blocks, "", ())))
    two = made.log_odds(see(odd, find_heading(odd, "", ())))
    assert one[-1] != two[-1]


def test_a_long_dump_is_judged_in_pieces() -> None:
    """What stands behind the first piece does not change what is said of it, and no line is lost."""
    blocks = blocks_of("\n\n".join(f"Line {n} of a long dump that has many lines." for n in range(PIECE + 40)))
    lines = see(blocks, find_heading(blocks, "", ()))
    made = network(np.random.default_rng(3), 8, len(lines.names))
    odds = made.log_odds(lines)
    assert odds.shape == (len(blocks),)
    first = type(lines)(lines.numbers[:PIECE], lines.names, lines.bag[:PIECE], lines.edges[:PIECE], lines.pairs[:PIECE])
    np.testing.assert_allclose(made.log_odds(first), odds[:PIECE], rtol=1e-5)


def test_the_shipped_weights_have_a_digest() -> None:
    """A change of the weights changes the fingerprint of the stage."""
    assert len(digest()) == 64


def page(blocks: list[Block], labels: list[float], title: str = "", kind: str = "article") -> Page:
    """Return a page of training data."""
    return Page(
        id="p",
        dataset="own",
        type=kind,
        fold=0,
        view=look(blocks, title, None, None),
        title=title,
        labels=np.array(labels, dtype=np.float32),
        weight=1.0,
        gold=["some"],
        block_words=[Counter(b.text.split()) for b in blocks],
    )


PROSE = "A tree that is pruned in summer grows less in the year that follows."


def test_labels_that_nobody_would_stand_by_are_undecided() -> None:
    """The title, a caption, half a line, a heading between gold, a copy, a word by chance."""
    link = Markup(element=Element("a", None, 1), link_chars=60)
    blocks = [
        Block("paragraph", "Log in"),
        Block("heading", "Pruning in summer", 1),
        Block("paragraph", PROSE),
        Block("heading", "Tools", 2),
        Block("paragraph", PROSE + " Use a sharp saw."),
        Block("caption", "A saw"),
        Block("paragraph", "Partly of the gold, partly none of it at all"),
        Block("paragraph", PROSE),
        Block("paragraph", PROSE, markup=link),
        Block("paragraph", "Footer of the orchard"),
        Block("paragraph", "Saw"),
        Block("paragraph", "All rights are with the orchard"),
        Block("paragraph", "Contacts of the orchard"),
    ]
    labels = [0, 0, 1, 0, 1, 0, 0.5, 0, 0, 0, 1, 0, 0]
    found = undecided(page(blocks, labels, "Pruning in summer"))
    assert found == {
        1: "shows the title",
        3: "heading of what is in the gold",
        5: "caption",
        6: "partly in the gold",
        7: "shows again what is in the gold",
        10: "a word or two by chance",
    }
    shown = page([Block("paragraph", "Tools"), Block("paragraph", "Log in")], [0, 0])
    assert np.isnan(mended(page(blocks, labels, "Pruning in summer"), shown)).tolist() == [True, False]


def test_a_dump_that_is_put_together_has_all_its_content() -> None:
    """Every paragraph is there once with label 1, furniture around it with label 0, the title without a label."""
    content = [
        Block("paragraph", f"Paragraph {n} says what has to be said about the pruning of trees.") for n in range(8)
    ]
    lender = page(content, [1.0] * 8, "How to whet a saw")
    talk = page([Block("paragraph", "Mine grew back at once, what now?")], [1.0], "Saws", "forum")
    pool = pool_of([lender, talk])
    assert pool.titles
    assert pool.remarks
    made = compose("p1", content, np.ones(8, dtype=np.float32), "Pruning in summer", pool)
    assert made is not None
    assert made == compose("p1", content, np.ones(8, dtype=np.float32), "Pruning in summer", pool)
    wanted = [made.text[start:end] for start, end, label in made.spans if label == 1]
    assert wanted == [b.text for b in content][: len(wanted)]
    assert any(label == 0 for _, _, label in made.spans)
    assert all(np.isnan(label) for s, e, label in made.spans if made.text[s:e] == "Pruning in summer")
    assert compose("p1", content[:2], np.ones(2, dtype=np.float32), "", pool) is None
    assert compose("p1", content, np.ones(8, dtype=np.float32), "", Pool()) is None


def test_the_table_counts_lines() -> None:
    """A line without a label does not count."""
    table = Table()
    labels = np.array([1, 1, 0, np.nan], dtype=np.float32)
    assert table.add(["all"], labels, np.array([True, False, False, True])) == 1
    assert table.counts["all"] == {(True, True): 1, (True, False): 1, (False, False): 1}
    assert table.pages["all"] == [pytest.approx(2 / 3)]


def test_our_own_dumps_come_out_as_marked() -> None:
    """Of the lines that are marked by hand at most a few are judged otherwise (figures: docs/models/strip.md)."""
    table = Table()
    for path in sorted(MARKED.glob("*.txt")):
        blocks, labels = read_marked(path)
        table.add([path.name.partition("-")[0]], labels, judged(blocks, None, None)["together"])
    for tally in table.counts.values():
        assert (tally[True, True] + tally[False, False]) / tally.total() >= 0.93


def test_a_marked_dump_has_marks(tmp_path: Path) -> None:
    """A line without a mark, or a block of two marks, is an error that names the file."""
    bad = tmp_path / "bad.txt"
    bad.write_text("+ One\nTwo\n")
    with pytest.raises(ValueError, match="line 2 begins with no mark"):
        read_marked(bad)
    bad.write_text("+ * an item of a list that goes on\n-     below, behind its bullet;\n+ * another\n")
    with pytest.raises(ValueError, match="different marks"):
        read_marked(bad)


def test_a_caption_in_another_script_goes() -> None:
    """A few words with an image, none in the page's script; a heading or a sentence left untranslated stays."""
    image = Markup(element=Element("p", None, 1), images=1)
    blocks = [
        Block("paragraph", PROSE),
        Block("paragraph", "Яблоня весной", markup=image),
        Block("paragraph", "Яблоня весной"),
        Block("heading", "Обрезка", 2, markup=image),
        Block("paragraph", "Режьте весной.", markup=image),
        Block("paragraph", "Сорт Granny", markup=image),
        Block("paragraph", PROSE),
    ]
    assert captions_in_another_script([*blocks, *[Block("paragraph", PROSE)] * 12]) == [1]
    assert captions_in_another_script(blocks, left_out={2, 3, 4, 5}) == [1]
    assert captions_in_another_script(blocks[1:2]) == []


def test_a_title_that_is_plainly_none_is_looked_for_anew() -> None:
    """A line with bars and a date is no title; the line above the text that says what the text says is one."""
    text = """Orchard days

How to prune an old apple tree

March 3, 2014 // Trees // Anna // No comments

An apple tree that was never pruned bears small apples on long branches.

Prune an old tree over three winters, a third of what is too much in each of them.

Paint no tar on the cuts: the bark of the apple closes over them by itself.
"""
    document = strip_boilerplate(read_page(text.encode(), name="dump.txt"))
    assert document.title == "How to prune an old apple tree"
