"""Counting what an entry would hit: the same as repair does, and what each guard takes away or lets through."""

import gzip
import json
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.repair.entry import Entry
from pipeline.review.web.corpora import Corpora, documents
from pipeline.review.web.counting import Guard, count, mended

CUES = {"herb": ("decoction", "tea"), "eye": ("eye", "vision")}
CLEAN = (
    "Cattle eat grass. The grass is green and the lawn is wide.",
    "The grass of the lawn is cut on Mondays.",
    "He wrote “Grass and Blood” in that year.",
    "Grass widow is an old word.",
)
RAW = "Pour a decoction of grass in a cup. Tea of dry grasses heals.\n\nThe grasses grow on the hill."


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    root = tmp_path_factory.mktemp("corpora")
    (root / "raw").mkdir()
    (root / "glossary").mkdir()
    (root / "raw/page.txt").write_text(RAW, encoding="utf-8")
    with gzip.open(root / "clean.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": str(number), "text": text}) + "\n" for number, text in enumerate(CLEAN))
    made = Corpora(root / "raw", [root / "clean.jsonl.gz"], (root / "glossary",))
    made.fill()
    return made


def entry(**fields: object) -> Entry:
    given: dict[str, object] = {"id": "ru.herbs.herb", "match": "grass:n", "replace": "herb:n"}
    return Entry(**{**given, **fields})  # type: ignore[arg-type]


def test_all_forms_are_counted(corpora: Corpora) -> None:
    """A quoted title is protected; everything else would change, for nothing guards the entry."""
    raw, clean = count(entry(), corpora, CUES).hits
    assert (raw.stands, raw.passes, raw.hit) == (3, 3, 3)
    assert (clean.stands, clean.passes, clean.hit) == (5, 4, 4)


def test_each_guard_tells_what_it_does(corpora: Corpora) -> None:
    counts = count(entry(cues=("@herb",), not_=("grass widow",)), corpora, CUES)
    assert [(one.guard, one.raw, one.clean) for one in counts.guards] == [
        (Guard("cues", "@herb"), 1, 3),
        (Guard("not", "grass widow"), 0, 0),
    ]
    counts = count(entry(not_=("grass widow",)), corpora, CUES)
    assert [(one.raw, one.clean) for one in counts.guards] == [(0, 1)]


def test_guards_are_proposed(corpora: Corpora) -> None:
    """What takes clean places away and leaves raw ones comes first."""
    proposed = count(entry(), corpora, CUES).proposed
    assert proposed[0].clean < 0
    assert Guard("unless", "lawn") in [one.guard for one in proposed]
    assert Guard("cues", "@eye") not in [one.guard for one in proposed]


def test_examples_show_both_sides(corpora: Corpora) -> None:
    counts = count(entry(cues=("@herb",)), corpora, CUES)
    assert [(one.before, one.after) for one in counts.mended] == [("grass", "herb")]
    assert [one.refused for one in counts.missed] == ["cues @herb"]
    assert {one.refused for one in counts.spared} == {"cues @herb", "a quoted title or address"}
    assert counts.harmed == ()


def test_faults_of_phrases_are_told(corpora: Corpora) -> None:
    assert count(entry(match="grass <"), corpora, CUES).faults != ()


def test_evidence_is_counted(corpora: Corpora) -> None:
    """No other entry fires here, so one that asks for another hits nothing."""
    counts = count(entry(mt=1), corpora, CUES)
    assert [one.hit for one in counts.hits] == [0, 0]
    assert counts.evidence
    assert [(one.guard, one.raw, one.clean) for one in counts.guards] == [(Guard("mt", "1"), 3, 4)]


def test_a_sentence_as_it_would_stand() -> None:
    assert mended(entry(), "Dry grasses heal.") == (("Dry ", "grasses", "herbs"), (" heal.", "", ""))


def test_corpora_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(documents(tmp_path / "none", clean=True))
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no text"):
        list(documents(tmp_path / "bad.jsonl", clean=True))
    corpora = Corpora(None, [tmp_path / "bad.jsonl"], ())
    corpora.fill()
    assert "is no text" in corpora.fault
