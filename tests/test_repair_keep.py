"""Correct English in which triggers stand: nothing of it may change, alone, on a translated page, as title or quote."""

from pathlib import Path

import pytest

from pipeline.document import Document
from pipeline.repair.stage import repair_translation

ROOT = Path(__file__).parent
CASES = ROOT / "cases" / "repair" / "keep"
SENTENCES = [
    pytest.param(line, id=f"{path.stem}: {line[:50]}")
    for path in sorted(CASES.glob("*.txt"))
    for line in path.read_text(encoding="utf-8").split("\n")
    if line.strip()
]
TRANSLATED = [
    "Before to treat the spine, it is necessary to find the causes. Cells bone have the property updated.",
    "Pain in the vertebrae grows, because of the mountain range lies the maximum load when driving.",
    "As a result, may develop secondary anemia, does not have overt signs.",
]
"""A page on which every kind of evidence of machine translation stands."""


@pytest.mark.parametrize("sentence", SENTENCES)
def test_stays_alone(sentence: str) -> None:
    """A sentence that is right stays as it is, as a paragraph and as a title."""
    repaired = repair_translation(Document.from_paragraphs(sentence, [sentence]))
    assert (repaired.title, repaired.blocks[0].text, repaired.changes) == (sentence, sentence, ())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_stays_on_a_translated_page(sentence: str) -> None:
    """It stays where the page around it is mended, and inside quotation marks."""
    quoted = f"He said: “{sentence}” Then he left."
    repaired = repair_translation(Document.from_paragraphs("", [*TRANSLATED, sentence, quoted]))
    assert [block.text for block in repaired.blocks[len(TRANSLATED) :]] == [sentence, quoted]
    assert repaired.changes


def test_there_are_enough_sentences() -> None:
    """The target is judged on at least 300 sentences."""
    assert len(set(map(str, SENTENCES))) >= 300
