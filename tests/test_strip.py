"""Strip: furniture goes, each piece with its reason, and the article stays whole."""

from pathlib import Path

from pipeline.document import Document, restore
from pipeline.read.stage import read_page
from pipeline.strip.reasons import REASONS
from pipeline.strip.stage import strip_boilerplate

RAW = Path(__file__).parent.parent / "raw"


def founding() -> Document:
    page = RAW / "osteoporosis-spine.txt"
    return strip_boilerplate(read_page(page.read_bytes(), name=page.name))


def test_founding_dump_has_its_title_once() -> None:
    """Title and breadcrumb are set, and what showed them is dropped."""
    document = founding()
    assert document.title.startswith("The symptoms and treatment of osteoporosis")
    assert document.breadcrumb[0] == "Home"
    assert len(document.breadcrumb) == 3
    assert all(block.text != document.title for block in document.blocks)
    assert document.language == "en"


def test_founding_dump_loses_only_its_furniture() -> None:
    """The caption line goes, the heading at the very end stays."""
    document = founding()
    assert [(drop.reason, drop.block.text[:25]) for drop in document.drops if drop.block is not None] == [
        ("breadcrumb", "Home / Osteoporosis, oste"),
        ("title", "The symptoms and treatmen"),
        ("caption", "osteoporosis of the spine"),
    ]
    assert document.blocks[-1].text == "Symptomatic manifestations"


def test_nothing_vanishes() -> None:
    """Kept and dropped blocks together are all blocks read, and every reason has its words."""
    for page in sorted(p for p in RAW.iterdir() if p.is_file()):
        read = read_page(page.read_bytes(), name=page.name)
        stripped = strip_boilerplate(read)
        assert restore(stripped) == read.blocks
        assert {drop.reason for drop in stripped.drops} <= REASONS.keys()


def test_a_stripped_document_stays_as_it_is() -> None:
    """The stage finds nothing to do on its own output."""
    document = founding()
    assert strip_boilerplate(document) is document
    assert strip_boilerplate(Document.from_record(document.to_record())).blocks == tuple(
        Document.from_record(document.to_record()).blocks
    )
