r"""Small pages and the blocks that are read from them: tests/cases/read holds pairs of a page and a `.blocks` file.

Each line of a `.blocks` file is one block: kind, level, marker, text, path (HTML) or span (text), apart by ` | `.
Line feeds, tabs and
backslashes in a text are written `\\n`, `\\t`, `\\\\`.
"""

import os
from pathlib import Path

import pytest

from pipeline.document import Document
from pipeline.read.stage import read_page

CASES = Path(__file__).parent / "cases" / "read"
PAGES = sorted(path for path in CASES.iterdir() if path.suffix != ".blocks")


def described(document: Document) -> str:
    """Return the document in the notation of the `.blocks` files."""
    rows = []
    for block in document.blocks:
        text = block.text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
        place = block.place.path if block.place.path is not None else f"{block.place.start}-{block.place.end}"
        rows.append(" | ".join([block.kind, str(block.level), block.marker, text, f"{block.place.line}: {place}"]))
    rows += [f"finding | {finding.code}" for finding in document.findings]
    return "".join(row + "\n" for row in rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_golden_blocks(page: Path) -> None:
    """The blocks are those in the file beside the page."""
    expected = page.with_suffix(".blocks")
    found = described(read_page(page.read_bytes(), name=page.name))
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_no_case_is_half() -> None:
    """Every page has its blocks and every file of blocks its page."""
    assert {path.stem for path in PAGES} == {path.stem for path in CASES.glob("*.blocks")}
    assert len(PAGES) == len({path.stem for path in PAGES})
