"""Taxonomies: the shipped ones are sound, a user's own replaces or extends them, mistakes are named with their line."""

import json
from pathlib import Path

import pytest

from pipeline.document import Document
from pipeline.errors import DataFileError
from pipeline.sections.heading_rules import match_heading
from pipeline.sections.models import load_model
from pipeline.sections.stage import SectionOptions, fingerprint, label_sections
from pipeline.sections.taxonomy import SHIPPED, load_taxonomy
from pipeline.sections.text_model import load_text_model

CASES = Path(__file__).parent / "cases" / "sections"
HEADINGS = [line.split(" | ") for line in (CASES / "headings.txt").read_text("utf-8").splitlines() if " | " in line]
WRONG = json.loads((CASES / "wrong-taxonomies.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("label", "heading"), [(a.strip(), b.strip()) for a, b in HEADINGS], ids=str)
def test_headings_of_the_register(label: str, heading: str) -> None:
    """Headings as portals write them, in their machine-translated forms too, are known to the lists."""
    match = match_heading(heading, load_taxonomy("health"), "Osteoporosis of the spine")
    assert (match.label if match else "-") == label


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_taxonomies_are_sound(name: str) -> None:
    """They load, every class they name exists, every parent is coarse, and every label says what it is for."""
    taxonomy = load_taxonomy(name)
    classes = {*load_model("heading").classes, *load_text_model().classes}
    for label in taxonomy.file.label:
        assert label.description
        assert set(label.classes) <= classes
        assert not label.parent or not taxonomy.labels[label.parent].parent


@pytest.mark.parametrize("case", WRONG, ids=lambda c: c["problem"])
def test_mistakes_are_named(case: dict[str, str], tmp_path: Path) -> None:
    """A file that cannot be used is refused before any page, with its line."""
    path = tmp_path / "own.toml"
    path.write_text(case["file"], encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        fingerprint(SectionOptions(taxonomy=str(path)))
    assert case["problem"] in str(caught.value)
    assert caught.value.line == int(case["line"])


def test_an_extension_adds_and_moves(tmp_path: Path) -> None:
    """A heading listed in an extension moves to its label; the other lists stay."""
    path = tmp_path / "more.toml"
    path.write_text(
        'name = "spa"\ndescription = "Spas"\n[[label]]\nid = "spa"\ndescription = "Cures"\nparent = "treatment"\n'
        'headings = ["spa treatment", "mud baths"]\n',
        encoding="utf-8",
    )
    options = SectionOptions(extend=(path,))
    page = Document.from_paragraphs(
        "Gout",
        [
            "Gout is a disease of the joints that comes in attacks.",
            "Spa treatment",
            "Mud is warm and heavy.",
            "Causes",
            "Acid in the blood.",
        ],
    )
    labels = [section.label for section in label_sections(page, options).sections]
    assert labels == ["overview", "spa", "causes"]
    assert fingerprint(options) != fingerprint()


def test_a_taxonomy_of_ones_own_replaces(tmp_path: Path) -> None:
    """Nothing of the shipped labels is left, and its cues find topics without headings."""
    path = tmp_path / "law.toml"
    path.write_text(
        'name = "law"\ndescription = "Judgments"\nlead = "facts"\nunknown = "rest"\n'
        '[[label]]\nid = "facts"\ndescription = "What happened"\n'
        '[[label]]\nid = "reasons"\ndescription = "Why"\nheadings = ["grounds"]\nopenings = ["^the court finds"]\n'
        '[[label]]\nid = "rest"\ndescription = "All else"\n',
        encoding="utf-8",
    )
    options = SectionOptions(taxonomy=str(path))
    page = Document.from_paragraphs(
        "Case 7",
        [
            "The plaintiff bought a horse in May and paid for it at once.",
            "The court finds that the horse was ill when it was sold, and that the seller knew of it.",
        ],
    )
    assert [section.label for section in label_sections(page, options).sections] == ["facts", "reasons"]
