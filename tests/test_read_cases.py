r"""Small pages and the blocks that are read from them: tests/cases/read holds pairs of a page and a `.blocks` file.

The first lines of a `.blocks` file say what the page is and what it says of itself. Then each line is one block:
kind, level, marker, text, line and path (HTML) or span (text), apart by ` | `. Line feeds, tabs and backslashes
in a text are written `\n`, `\t`, `\\`.
"""

import os
from pathlib import Path

import pytest

from pipeline.document import Block, Document, Element
from pipeline.read.stage import read_page

CASES = Path(__file__).parent / "cases" / "read"
PAGES = sorted(path for path in CASES.iterdir() if path.suffix != ".blocks")


def described(document: Document) -> str:
    """Return the document in the notation of the `.blocks` files."""
    source, said = document.source, document.metadata
    rows = [f"page | {source.kind} | {source.encoding}"]
    facts = [
        ("title", document.title),
        ("breadcrumb", " > ".join(document.breadcrumb)),
        ("language", document.language),
        ("url", source.url),
        ("author", said.author),
        ("date", said.date),
        ("site", said.site),
        ("description", said.description),
    ]
    rows += [f"{name} | {value}" for name, value in facts if value]
    rows += map(shown, document.blocks)
    rows += [f"finding | {finding.code} | {finding.severity} | {finding.message}" for finding in document.findings]
    return "".join(row + "\n" for row in rows)


def shown(block: Block) -> str:
    text = block.text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    place = block.place.path if block.place.path is not None else f"{block.place.start}-{block.place.end}"
    hidden = " (hidden)" if block.markup is not None and is_hidden(block.markup.element) else ""
    return " | ".join([block.kind, str(block.level), block.marker, text, f"{block.place.line}: {place}{hidden}"])


def is_hidden(element: Element | None) -> bool:
    while element is not None:
        if element.hidden:
            return True
        element = element.parent
    return False


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
