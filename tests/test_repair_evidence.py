"""What entries ask of a whole page: markers, another entry that fired, cues of the page; and classes of nouns.

A case is a pair, name.glossary.toml (entries) and name.pages.toml (pages before and after, with what they show).
"""

from pathlib import Path

import msgspec
import pytest

from pipeline.data_file import load_toml
from pipeline.document import Document
from pipeline.errors import DataFileError
from pipeline.repair.entry import Entry
from pipeline.repair.markers import markers
from pipeline.repair.stage import RepairOptions, decisions, repair_translation

CASES = Path(__file__).parent / "cases" / "repair" / "evidence"
NAMES = sorted({path.name.partition(".")[0] for path in CASES.iterdir()})


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """A page before and after, and why it is so."""

    why: str
    text: tuple[str, ...]
    mended: tuple[str, ...]
    title: str = ""
    mended_title: str = ""


def pages() -> list[object]:
    """Return (name of the glossary, page) of every case."""
    return [
        pytest.param(name, page, id=f"{name}: {page.why[:60]}")
        for name in NAMES
        for page in load_toml(CASES / f"{name}.pages.toml", dict[str, tuple[Page, ...]])["page"]
    ]


def options(name: str, folder: Path) -> RepairOptions:
    """Return options with the case's entries alone, all approved."""
    text = (CASES / f"{name}.glossary.toml").read_text(encoding="utf-8")
    (folder / "ru").mkdir()
    approved = text.replace("\nid = ", '\nstatus = "approved"\nid = ')
    (folder / "ru" / f"{name}.toml").write_text(approved, encoding="utf-8")
    return RepairOptions(glossary=(folder,), builtin=False, text_faults=False, topic=("medicine",))


@pytest.mark.parametrize(("name", "page"), pages())
def test_a_page_becomes_what_it_should(name: str, page: Page, tmp_path: Path) -> None:
    """The whole page decides, whatever the paragraph."""
    repaired = repair_translation(Document.from_paragraphs(page.title, list(page.text)), options(name, tmp_path))
    assert tuple(block.text for block in repaired.blocks) == page.mended
    assert repaired.title == (page.mended_title or page.title)


def test_the_decision_names_what_opened_it(tmp_path: Path) -> None:
    """Who asks why is told which entry fired, or which cues stand on the page, and what the evidence is."""
    document = Document.from_paragraphs("", ["Barley on the eye hurts.", "The doctor treats barley."])
    opened = [d for d in decisions(document, options("one-sense", tmp_path)) if d.block == 1]
    assert [(d.outcome, d.satisfied[-1]) for d in opened] == [("applied", "after ru.one-sense.barley-eye")]


def test_the_decision_names_what_was_missing(tmp_path: Path) -> None:
    """Where nothing showed the sense, the guard is that of cues."""
    document = Document.from_paragraphs("", ["The doctor treats barley and lichen of the patient."])
    refused = {d.entry: (d.outcome, d.detail) for d in decisions(document, options("one-sense", tmp_path))}
    assert refused == {
        "ru.one-sense.barley": ("cues", "ru.one-sense.*-eye did not fire on the page"),
        "ru.one-sense.lichen": (
            "cues",
            "none of its cues stands within 300 characters, ru.one-sense.lichen did not fire on the page",
        ),
    }


def test_markers_count_less_on_a_long_page(tmp_path: Path) -> None:
    """Two markers prove a short page and not one of a thousand words."""
    page = ["The disease is seen at patients.", "It harms the organism of the person due to the fact that it spreads."]
    long = [*page, *["The doctor asks the patient how long the pain has lasted and what eases it."] * 60]
    own = options("markers", tmp_path)
    assert repair_translation(Document.from_paragraphs("", page), own).changes
    assert not repair_translation(Document.from_paragraphs("", long), own).changes


def test_an_opened_entry_does_not_vouch_for_its_opener(tmp_path: Path) -> None:
    """On a long page one entry alone changes nothing, nor does the bare word that it would open."""
    page = ["Barley on the eye hurts.", "Barley goes.", *["The doctor asks how long the pain has lasted."] * 30]
    assert not repair_translation(Document.from_paragraphs("", page), options("one-sense", tmp_path)).changes


def test_markers_are_entries_that_change_nothing() -> None:
    """Each marker has phrases, a weight, and a place in the index; none of them can be applied."""
    found = markers()
    assert len(found) > 150
    assert all(entry.marker and entry.replace == "" and 0 < entry.weight <= 1 for entry in found)
    for entry in found:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(entry), type=Entry) == entry


@pytest.mark.parametrize(
    ("marker", "problem"),
    [
        ('match = ["at <"]\nwhy = "x"', "marker 'at <': cannot read ' <' in 'at <'"),
        (
            'match = ["at patients"]\nwhy = "x"\n[[marker]]\nmatch = ["at patients"]\nwhy = "x"',
            "two markers begin with",
        ),
        ('match = []\nwhy = "x"', "does not fit"),
    ],
)
def test_a_broken_marker_is_told(marker: str, problem: str, tmp_path: Path) -> None:
    """The file of markers is read as strictly as the glossary."""
    path = tmp_path / "markers.toml"
    path.write_text(f'[review]\nby = "x"\non = "2026-01-31"\n[[marker]]\n{marker}\n', encoding="utf-8")
    with pytest.raises(DataFileError) as told:
        markers(path)
    assert problem in str(told.value)
