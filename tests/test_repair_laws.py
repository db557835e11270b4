"""The laws of repairing: changes can be undone exactly, a second run finds nothing, no input crashes it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, undo
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.stage import RepairOptions, decisions, repair_translation
from pipeline.repair.text_faults import faults

PIECES = (
    "Before to treat the spine, rest. ",
    "Cells bone have the property updated. ",
    "because of the mountain range lies the maximum load when driving ",
    "As a result, may develop secondary anemia, does not have overt signs. ",
    "First, build bone, and the latter dilute it. ",
    "bone Loss may be slow. ",
    "he alth ",
    "a visit togynecologist ",
    "at all times.It helps ",
    "The fever reached 38,2С ",
    "in the the morning ",
    "vitamin С ",
    "donâ€™t ",
    "oste- oporosis ",
    "сустав ",
    "the vertebrae and the lumbar spine ",
    "– is a natural process ",
    "“The Ridge of a Vertebra” ",
    "https://x.org/before/to ",
    "(deformation) ",
    "ß İ ŉ ﬁ 👩‍⚕️ \u0301 ",
    "\n",
    "\t",
)
"""Pieces of pages of which hypothesis makes texts."""
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_undo_gives_back_the_text(texts: list[str], title: str) -> None:
    """Law 2: taking the changes back gives title and blocks as they were, to the letter."""
    document = Document.from_paragraphs(title, texts)
    back = undo(repair_translation(document))
    assert (back.title, [b.text for b in back.blocks]) == (title, texts)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_a_second_run_finds_nothing(texts: list[str]) -> None:
    """Law 4: the stage finds nothing to do on its own output."""
    once = repair_translation(Document.from_paragraphs("", texts))
    again = repair_translation(Document.from_paragraphs("", [block.text for block in once.blocks]))
    assert [block.text for block in again.blocks] == [block.text for block in once.blocks]


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_decisions_stand_where_they_say(texts: list[str]) -> None:
    """Each decision's offsets show its text, and each change's offsets show what it put there."""
    document = Document.from_paragraphs("", texts)
    repaired = repair_translation(document)
    for change in repaired.changes:
        assert change.block is not None
        assert repaired.blocks[change.block].text[change.start : change.end] == change.after
        assert change.reason
    if not repaired.changes:
        for decision in decisions(document):
            assert decision.block is not None
            assert texts[decision.block][decision.start : decision.end] == decision.text


@pytest.mark.parametrize("seed", range(40))
def test_no_input_crashes_it(seed: int) -> None:
    """Law 6: whatever the text holds, the stage comes back with a document that can be undone."""
    chance = random.Random(seed)
    alphabet = "abcdefgh ABCD.,;:!?()–-“”'’\n\t0123,5°СсâÃ©€™ûíaß\u0000\ud800\u200d"
    texts = []
    for _ in range(20):
        parts = [chance.choice(PIECES) if chance.random() < 0.3 else chance.choice(alphabet) for _ in range(60)]
        texts.append("".join(parts))
    repaired = repair_translation(Document.from_paragraphs(texts[0], texts), RepairOptions(suggest=True))
    assert [block.text for block in undo(repaired).blocks] == texts


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "the " * 250_000,
        "mountain range " * 20_000,
        "before to " * 40_000,
        "with " * 100_000 + "often formed deep cracks",
        "– is a " * 50_000,
        "“A" * 200_000,
        "3" * 500_000 + ",5",
        "x@" * 300_000,
        "he alth " * 5_000,
        "â€™" * 20_000,
        "С" * 300_000,
        "- a" * 200_000,
        "a.B" * 200_000,
        "(" * 500_000,
        " ," * 200_000,
        "b" * 300_000 + "- " + "c" * 300_000,
    ],
    ids=lambda text: text[:12],
)
def test_long_lines_come_back(text: str) -> None:
    """One long line is linear work: no expression runs wild on repeated letters, words or brackets."""
    document = Document.from_paragraphs("", [text])
    assert undo(repair_translation(document)).blocks[0].text == text


@pytest.mark.parametrize(
    "text",
    [
        "pain " * 200_000,
        "pain of " * 40_000,
        "pain, " * 100_000,
        "a " * 100_000,
        "A" * 1_000_000,
        "Aa " * 200_000,
        "painPain " * 50_000,
        "-" * 1_000_000,
        "x - is a " * 50_000,
        "1 " * 300_000,
        " ( )" * 100_000,
        "may appear " * 50_000,
    ],
    ids=lambda text: text[:12],
)
def test_finders_of_likely_faults_come_back_from_long_lines(text: str) -> None:
    """Finders asked on translated pages alone are linear work too, and what they find lies apart."""
    found = faults(Paragraph(0, text), likely=True)
    assert all(left.end <= right.start for left, right in pairwise(found))
