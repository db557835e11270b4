"""processed/ is what raw/ gives: every page's record, byte for byte, and nothing else.

`make golden` (or GOLDEN=write) writes it anew; the diff is then read by a person.
"""

import os
from pathlib import Path

import pytest

from pipeline.journey import clean
from pipeline.record import Record

ROOT = Path(__file__).parent.parent
RAW = ROOT / "raw"
PROCESSED = ROOT / "processed"
PAGES = sorted(path for path in RAW.iterdir() if path.is_file())


def record_of(name: str) -> Record:
    return clean((RAW / name).read_bytes(), name=name)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_golden_record(page: Path) -> None:
    """The record that is committed is the one that the page gives."""
    record = record_of(page.name)
    path = PROCESSED / f"{record.id}.json"
    if os.environ.get("GOLDEN") == "write":
        PROCESSED.mkdir(exist_ok=True)
        path.write_text(record.to_json(), encoding="utf-8", newline="\n")
    assert path.is_file(), f"{path.name} is missing; make golden writes it"
    assert record.to_json() == path.read_text(encoding="utf-8")


def test_golden_folder_holds_nothing_else() -> None:
    """No record is left of a page that is gone."""
    there = {path.name for path in PROCESSED.iterdir() if path.suffix == ".json"}
    assert there == {f"{record_of(page.name).id}.json" for page in PAGES}


def test_clean_page_golden_text_is_unchanged() -> None:
    """Nothing changes on the page about mountains and driving, though it is full of words that trigger."""
    record = record_of("driving-in-the-mountains.html")
    assert record.changes == ()
    assert record.title == "Driving across the mountains: a ridge road in five days"
    words = "mountain range|ridge|when driving|basin|bark|barley|locks|Qatar|century|The latter|Grasses"
    assert [word for word in words.split("|") if word not in record.text] == []
    assert "The mountain range that divides the two valleys is not high" in record.text
    assert record.text.rstrip().endswith("you will need more than five days.")
