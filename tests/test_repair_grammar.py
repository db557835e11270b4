"""The replacement in the form of its place: number, case, article, agreement, possessive, hyphens, slots."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.data_file import load_toml
from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry
from pipeline.repair.guards import Setting
from pipeline.repair.triggers import build

CASES = Path(__file__).parent / "cases" / "repair" / "grammar"


def cases() -> list[Any]:
    """Return (entry, text, expected) of every case file."""
    found = []
    for path in sorted(CASES.glob("*.toml")):
        for raw in load_toml(path, dict[str, list[dict[str, Any]]])["entry"]:
            options = {key: raw[key] for key in ("article", "case") if key in raw}
            entry = Entry(id="en.test.case", match=raw["match"], replace=raw["replace"], status="approved", **options)
            found += [pytest.param(entry, *pair, id=f"{path.stem}: {pair[0]}") for pair in raw["texts"]]
    return found


CASE_LIST = cases()


@pytest.mark.parametrize(("entry", "text", "expected"), CASE_LIST)
def test_replacement_fits_its_place(entry: Entry, text: str, expected: str) -> None:
    """Every place asks for its own form."""
    outcome = Engine([entry], build([entry])).run(text, Setting())
    for edit in reversed(outcome.edits):
        text = text[: edit.start] + edit.after + text[edit.end :]
    assert text == expected


def test_there_are_enough_cases() -> None:
    """The target is judged on at least 400 places."""
    assert len(CASE_LIST) >= 400
