"""Taxonomies without lists of headings: the models decide alone."""

from pipeline.document import Block, Document
from pipeline.record import PageSource, Record
from pipeline.sections.stage import SectionOptions, label_sections
from pipeline.sections.taxonomy import load_taxonomy

OPTIONS = SectionOptions(taxonomy="wikisection")
LEAD, TEXT = "Gout is a disease of the joints.", "More is said of this below."


def tagged(*headings: tuple[int, str]) -> Record:
    """Label a tagged page that has a lead and headings of the given levels."""
    blocks = [Block("paragraph", LEAD)]
    for level, heading in headings:
        blocks += [Block("heading", heading, level), Block("paragraph", TEXT)]
    source = PageSource(name=None, url=None, sha256="0" * 64, kind="html", encoding="str")
    page = Document(id="page", source=source, title="Gout", blocks=tuple(blocks), stages=("read", "strip"))
    return label_sections(page, OPTIONS)


def test_only_a_taxonomy_without_headings_is_learned() -> None:
    """The other shipped ones have lists, or no classes."""
    assert [name for name in ("health", "howto", "wikisection") if load_taxonomy(name).learned] == ["wikisection"]


def test_a_heading_decides_by_itself_and_by_those_above() -> None:
    """WikiSection's labels go by the nearest heading that names one, otherwise by those above."""
    record = tagged((2, "Diagnosis"), (3, "Biopsy"), (3, "Classification"), (2, "Management"), (3, "Surgery"))
    labels = [section.label for section in record.sections]
    assert labels == ["other", "diagnosis", "diagnosis", "classification", "management", "surgery"]
    assert [section.label_source for section in record.sections] == ["position", *["model"] * 5]


def test_a_dump_is_labelled_section_after_section() -> None:
    """A heading that names nothing goes on with the section before."""
    lines = [LEAD, TEXT, "Signs and symptoms", TEXT, "Quxil and brattorin", TEXT, "Epidemiology", TEXT]
    record = label_sections(Document.from_paragraphs("Gout", lines), OPTIONS)
    labels = [section.label for section in record.sections]
    assert (labels[0], labels[1], labels[-1]) == ("other", "symptom", "epidemiology")
    assert set(labels[2:-1]) <= {"symptom"}


def test_a_page_without_headings_is_covered() -> None:
    """Its text decides."""
    record = label_sections(Document.from_paragraphs("Gout", [LEAD, TEXT, TEXT]), OPTIONS)
    assert [i for s in record.sections for i in range(s.first_block, s.last_block + 1)] == [0, 1, 2]
