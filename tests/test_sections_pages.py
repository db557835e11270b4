"""Marked pages: every trap is labelled as a reader would, block by block, and no text changes."""

from pathlib import Path

import pytest

from pipeline.sections.stage import label_sections
from tests.section_pages import MarkedPage, read_page

CASES = Path(__file__).parent / "cases" / "sections"
TRAPS = sorted((CASES / "traps").glob("*.page"))


def labels_of(page: MarkedPage) -> tuple[list[str], list[bool]]:
    record = label_sections(page.document)
    assert [b.text for b in record.blocks] == [b.text for b in page.document.blocks]
    labels = [s.label for s in record.sections for _ in range(s.first_block, s.last_block + 1)]
    return labels, [b.kind == "heading" for b in record.blocks]


@pytest.mark.parametrize("path", TRAPS, ids=lambda p: p.stem)
def test_trap(path: Path) -> None:
    """The labels and the headings are those of the file."""
    page = read_page(path)
    labels, headings = labels_of(page)
    assert labels == list(page.labels), page.about
    assert headings == list(page.headings), page.about
