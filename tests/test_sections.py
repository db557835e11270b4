"""The sections stage on the founding input and its laws."""

from pathlib import Path

from pipeline.document import Document
from pipeline.journey import clean
from pipeline.record import Record
from pipeline.sections.stage import fingerprint, label_sections

FOUNDING = Path(__file__).parent.parent / "raw" / "osteoporosis-spine.txt"


def covered(record: Record) -> list[int]:
    return [i for section in record.sections for i in range(section.first_block, section.last_block + 1)]


def test_founding_input() -> None:
    """The lost heading of the causes is found by the text; the empty section is a finding."""
    record = clean(FOUNDING.read_bytes(), name=FOUNDING.name)
    labels = [section.label for section in record.sections]
    assert labels[0] == "overview"
    assert "causes" in labels
    assert labels[-1] == "symptoms"
    assert [f.code for f in record.findings if f.severity == "warning"] == ["empty-section"]
    assert covered(record) == list(range(len(record.blocks)))


def test_labelling_twice_changes_nothing() -> None:
    """A record that comes back in is labelled as before."""
    record = clean(FOUNDING.read_bytes(), name=FOUNDING.name)
    assert label_sections(Document.from_record(record)) == record


def test_a_page_without_blocks() -> None:
    """Nothing in, nothing out."""
    record = label_sections(Document.from_paragraphs("", []))
    assert record.sections == ()
    assert record.findings == ()


def test_fingerprint_is_stable() -> None:
    """Equal options, equal fingerprint."""
    assert fingerprint() == fingerprint()
