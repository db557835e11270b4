"""Faults of letters, spacing, figures and case on a short health page: what is mended, and what must stay."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import Document
from pipeline.repair.reasons import REASONS
from pipeline.repair.stage import repair_translation
from pipeline.repair.text_faults import CERTAIN, LIKELY

CASES = sorted((Path(__file__).parent / "cases" / "repair" / "faults").glob("*.toml"))


def pairs(kind: str) -> list[Any]:
    """Return (before, after) of all case files."""
    found = []
    for path in CASES:
        for item in tomllib.loads(path.read_text(encoding="utf-8"))[kind]:
            before, after = (item, item) if kind == "keep" else item
            found.append(pytest.param(before, after, id=f"{path.stem}: {before[:50]}"))
    return found


@pytest.mark.parametrize(("before", "after"), [*pairs("change"), *pairs("keep")])
def test_fault(before: str, after: str) -> None:
    """Faults are mended, each with a reason that is told in words; what only looks like one stays."""
    repaired = repair_translation(Document.from_paragraphs("", [before]))
    assert repaired.blocks[0].text == after
    for change in repaired.changes:
        for reason in change.reason.split("+"):
            assert reason in REASONS or reason.count(".") >= 2


def test_a_long_clean_page_keeps_its_slips() -> None:
    """An author's own rare slip is not ours to edit: only damaged or translated pages have likely faults mended."""
    sentence = "The doctor treats the infection with a drug, and the pain goes away after some days of rest. "
    text = sentence * 12 + "The pain is worst in the the morning."
    assert not repair_translation(Document.from_paragraphs("", [text])).changes


def test_code_and_addresses_are_safe() -> None:
    """Faults inside addresses, code and quoted titles are not touched."""
    text = "Pain: see http://x.org/ofthe/he alth, `he alth` and “Good He alth of Patients” for treatment."
    assert "`he alth`" in repair_translation(Document.from_paragraphs("", [text])).blocks[0].text


def test_every_finder_says_what_it_finds() -> None:
    """The docstring of a finder shows a bad and a good example."""
    for finder in (*CERTAIN, *LIKELY):
        assert finder.__doc__
        assert "Bad:" in finder.__doc__
        assert "Good:" in finder.__doc__
