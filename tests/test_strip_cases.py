"""Pages of our own, one trap each: `name.html` beside `name.expected`, which has a line for each block.

A line begins with `+` where the block is content and with `-` where it is furniture; line breaks in a
block are written ⏎, tabs ⇥.
"""

from pathlib import Path

import pytest

from pipeline.document import restore
from pipeline.read.stage import read_page
from pipeline.strip.stage import strip_boilerplate

CASES = Path(__file__).parent / "cases" / "strip"
PAGES = sorted(path for path in CASES.iterdir() if path.suffix in {".html", ".txt"})


def decisions(page: Path) -> list[str]:
    """Return a line for each block of a page, as in an expected file."""
    document = strip_boilerplate(read_page(page.read_bytes(), name=page.name))
    kept = {id(block) for block in document.blocks}
    return [
        f"{'+' if id(b) in kept else '-'} {b.text}".replace("\n", "⏎").replace("\t", "⇥") for b in restore(document)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_case(page: Path) -> None:
    """Content stays and furniture goes, block by block."""
    assert decisions(page) == page.with_suffix(".expected").read_text(encoding="utf-8").splitlines()


def test_no_lone_half() -> None:
    """Every page has its expected blocks, and the other way round."""
    assert {p.stem for p in PAGES} == {p.stem for p in CASES.glob("*.expected")}
