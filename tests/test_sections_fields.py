"""What is extracted from sections: each page with what it says outright, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.record import Fields, Record
from pipeline.sections.outline import outline, outline_text
from pipeline.sections.stage import label_sections
from tests.section_pages import read_page

FOLDER = Path(__file__).parent / "cases" / "sections" / "fields"
PAGES = sorted(FOLDER.glob("*.page"))


def shown(fields: Fields) -> dict[str, Any]:
    value: dict[str, Any] = {"lists": {name: [span.text for span in spans] for name, spans in fields.lists.items()}}
    if fields.definition is not None:
        value["definition"] = fields.definition.text
    if fields.questions:
        value["questions"] = [[q.question.text, q.first_block, q.last_block] for q in fields.questions]
    if fields.tables:
        value["tables"] = [[t.block, [list(r) for r in t.header], [list(r) for r in t.rows]] for t in fields.tables]
    return value


def labelled(name: str) -> Record:
    return label_sections(read_page(FOLDER / f"{name}.page").document)


def test_no_half_is_missing() -> None:
    """Every page has its expectation and the other way round."""
    assert {p.stem for p in FOLDER.glob("*.page")} == {p.stem for p in FOLDER.glob("*.json")}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_fields(path: Path) -> None:
    """The fields are those of the file beside the page."""
    page = read_page(path)
    assert shown(label_sections(page.document).fields) == json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_outline() -> None:
    """One row a section, with its words and how deep it stands."""
    record = labelled("questions-and-tables")
    rows = outline(record)
    assert [(row.label, row.depth, row.words) for row in rows] == [
        ("overview", 0, 8),
        ("classification", 0, 6),
        ("faq", 0, 18),
        ("faq", 1, 6),
    ]
    assert outline_text(record).splitlines()[3].endswith("     6    Does it pass?")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_outline_fits_a_terminal(width: int) -> None:
    """No line is longer than the terminal is wide; without a width nothing is cut."""
    record = labelled("questions-and-tables")
    whole, cut = outline_text(record).splitlines(), outline_text(record, width).splitlines()
    assert all(len(line) <= width for line in cut)
    assert [line for line in whole if len(line) <= width] == [line for line in cut if not line.endswith("…")]
