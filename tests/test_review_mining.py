"""Mining: from pages with known errors to candidates with source words, replacements and a draft."""

import gzip
import struct
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.errors import DataFileError
from pipeline.journey import clean
from pipeline.record import Change, Record, RecordBlock, Section
from pipeline.repair.entry import Refusal
from pipeline.repair.glossary_files import parse_file
from pipeline.review.candidate import Candidate, Suggestion
from pipeline.review.mining.background import load_background
from pipeline.review.mining.dictionary import Dictionary, load_dictionary
from pipeline.review.mining.draft import identifier
from pipeline.review.mining.faults import cyrillic
from pipeline.review.mining.features import page_centre, page_of, surroundings
from pipeline.review.mining.miner import Mined, MineOptions, mine, suggest
from pipeline.review.mining.pages import entries_of, suspect
from pipeline.review.mining.senses import Senses
from pipeline.review.refusals import Refusals

CASES = Path(__file__).parent / "cases" / "review" / "mining"
PAGES = sorted(CASES.glob("*.txt"))
DICTIONARY = CASES / "ru.tsv"


def record(path: Path) -> Record:
    return clean(path.read_bytes(), name=path.name)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [record(path) for path in PAGES]


@pytest.fixture(scope="module")
def mined(records: list[Record]) -> Mined:
    return mine(records, MineOptions(dictionaries={"ru": load_dictionary(DICTIONARY)}))


def found(mined: Mined, phrase: str) -> Candidate:
    return next(one for one in mined.candidates if phrase in one.phrase.lower())


def test_every_case_has_both_halves() -> None:
    assert {path.stem for path in PAGES} == {path.stem for path in CASES.glob("*.toml")}
    assert PAGES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_is_wrong_is_among_the_first(path: Path) -> None:
    """A case says of a page which phrases must be among the first so many candidates, and what must be suggested."""
    expected = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    own = mine([record(path)], MineOptions(dictionaries={"": load_dictionary(DICTIONARY)}))
    for wanted in expected["candidate"]:
        candidate = found(own, wanted["phrase"])
        assert own.candidates.index(candidate) < wanted["within"], [one.phrase for one in own.candidates[:12]]
        assert candidate.kind == wanted.get("kind", "sense")
        if "suggests" in wanted:
            assert wanted["suggests"] in [one.text for one in candidate.replacements[:5]]
        if "source" in wanted:
            assert wanted["source"] in [one.term for one in candidate.sources]


def test_contexts_hold_the_phrase_and_nothing_repaired(mined: Mined, records: list[Record]) -> None:
    by_name = {one.source.name: one for one in records}
    for candidate in mined.candidates:
        assert candidate.contexts
        for one in candidate.contexts:
            page = by_name[one.page]
            text = page.title if one.block is None else page.blocks[one.block].text
            assert one.sentence in text
            assert 0 <= one.start < one.end <= len(one.sentence)
            if candidate.kind == "sense":
                repaired = {change.after.lower() for change in page.changes}
                assert one.sentence[one.start : one.end].lower() not in repaired - {candidate.phrase.lower()}


def test_same_records_same_candidates_in_any_order(records: list[Record]) -> None:
    options = MineOptions(dictionaries={"ru": load_dictionary(DICTIONARY)})
    assert [one.id for one in mine(records, options).candidates] == [
        one.id for one in mine(records[::-1], options).candidates
    ]


def test_drafts_are_entries(mined: Mined) -> None:
    for candidate in mined.candidates:
        (located,) = parse_file(candidate.draft, Path("ru/eyes.toml"))
        assert located.entry.status == "candidate", "nothing mined is applied"
        assert located.entry.review is None


def test_clean_pages_and_single_hits_are_no_source(records: list[Record]) -> None:
    page = records[0]
    assert suspect(page) is not None
    assert suspect(msgspec.structs.replace(page, changes=())) is None
    one = next(change for change in page.changes if "." in change.reason)
    assert suspect(msgspec.structs.replace(page, changes=(one,))) is None
    assert mine([msgspec.structs.replace(page, changes=(one,))]).candidates == ()
    assert entries_of([Change("repair", 0, 0, 1, "a", "b", "split-word+ru.eyes.x")]) == ("ru.eyes.x",)


def test_refused_is_not_proposed(records: list[Record], mined: Mined) -> None:
    first = next(one for one in mined.candidates if one.kind == "sense")
    refusal = Refusal(first.phrase.lower(), "x", "right English", "ann", "2026-01-31")
    again = mine(records, MineOptions(refusals=Refusals([refusal])))
    assert first.phrase not in [one.phrase for one in again.candidates]


def made(texts: Sequence[str], **changes: Any) -> Record:
    """A record of paragraphs on which two entries fired in the first."""
    base = clean("\n\n".join(("A title", *texts)), name="made.txt")
    blocks = tuple(RecordBlock("paragraph", 0, text, "", base.blocks[0].place) for text in texts)
    fired = (
        Change("repair", 0, 0, 4, "None", texts[0][:4], "ru.eyes.one"),
        Change("repair", 0, 5, 7, "None", texts[0][5:7], "ru.eyes.two"),
    )
    return msgspec.structs.replace(base, blocks=blocks, changes=fired, sections=(), **changes)


def kinds(page: Record, dictionary: Dictionary | None = None) -> dict[str, Candidate]:
    options = MineOptions(dictionaries={"": dictionary} if dictionary else {})
    return {one.phrase: one for one in mine([page], options).candidates if one.kind != "sense"}


def test_source_script_and_transliteration() -> None:
    dictionary = Dictionary([("adrenal gland", "надпочечники", 0), ("eyelid", "веко", 0)])
    page = made(["This is the edge of the веко at night.", "The nadpochechniki give hormones.", "Это не по-английски."])
    seen = kinds(page, dictionary)
    assert (seen["веко"].kind, seen["веко"].replacements[0].text) == ("residue", "eyelid")
    assert seen["nadpochechniki"].sources[0].term == "надпочечники"
    assert seen["nadpochechniki"].kind == "transliterated"
    assert set(seen) == {"веко", "nadpochechniki"}, "a sentence in another language is no word left over"
    assert cyrillic("zhelchnyy") == "желчный"


def test_headings_without_label_and_repairs_undone() -> None:
    page = made(["This is the text.", "Features at children", "The mountain range hurts."])
    section = Section("other", "none", 0.4, "Features at children", (), 1, 2)
    undone = Change("repair", 2, 4, 9, "mountain range", "spine", "ru.spine.ridge")
    page = msgspec.structs.replace(page, sections=(section,), changes=(*page.changes, undone))
    seen = kinds(page)
    assert {phrase: one.kind for phrase, one in seen.items()} == {
        "Features at children": "heading",
        "mountain range": "undone",
    }


def test_nothing_in_nothing_out() -> None:
    assert mine([]) == Mined((), 0, 0)
    empty = made(["abcd ef", ""])
    assert mine([msgspec.structs.replace(empty, title="")]).suspect == 1


DICTD = {"bubble": "   _n.\n   1) пузырь; пузырёк\n   2) дутое предприятие", "bladder": "  пузырь, _мед. пузырь"}
PAIRS = [(0, "пузырь")]


def base64(number: int) -> str:
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = ""
    while True:
        number, digit = divmod(number, 64)
        text = digits[digit] + text
        if not number:
            return text


def write_dictd(folder: Path, *, packed: bool) -> Path:
    content, index = b"", ""
    for headword, body in DICTD.items():
        data = f"{headword}\n{body}\n".encode()
        index += f"{headword}\t{base64(len(content))}\t{base64(len(data))}\n"
        content += data
    (folder / "x.index").write_text(index)
    path = folder / ("x.dict.dz" if packed else "x.dict")
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


def write_stardict(folder: Path) -> Path:
    content, index = b"", b""
    for headword, body in DICTD.items():
        index += headword.encode() + b"\0" + struct.pack(">II", len(content), len(body.encode()))
        content += body.encode()
    (folder / "x.idx").write_bytes(index)
    (folder / "x.dict").write_bytes(content)
    (folder / "x.ifo").write_text("StarDict's dict ifo file\n")
    return folder / "x.ifo"


def write_tsv(folder: Path) -> Path:
    path = folder / "x.tsv"
    path.write_text("# English, source\nbubble\tпузырь\nbladder\tпузырь; мочевой пузырь\n")
    return path


@pytest.mark.parametrize("form", ["dz", "plain", "stardict", "tsv"])
def test_dictionaries_in_all_formats(tmp_path: Path, form: str) -> None:
    path = (
        write_stardict(tmp_path)
        if form == "stardict"
        else write_tsv(tmp_path)
        if form == "tsv"
        else write_dictd(tmp_path, packed=form == "dz")
    )
    dictionary = load_dictionary(path)
    assert dictionary.sources("bubble")[:1] == PAIRS
    assert [one.english for one in dictionary.renderings("пузырь")][:2] == ["bladder", "bubble"]
    assert [sense.terms for sense in dictionary.senses("пузырь", but="bubble")] == [("bladder",)]


def test_dictionaries_into_english(tmp_path: Path) -> None:
    (tmp_path / "x.dict").write_text("Blase\nbladder, bubble\nStuhl\n1. chair\n2. stool <n>\n")
    (tmp_path / "x.index").write_text(f"blase\tA\t{base64(22)}\nstuhl\t{base64(22)}\t{base64(28)}\n")
    dictionary = load_dictionary(tmp_path / "x.index")
    assert [one.english for one in dictionary.renderings("stuhl")] == ["chair", "stool"]
    assert dictionary.sources("bubble") == [(0, "blase")]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("x.tsv", b"no tab here\n", "line without a tab"),
        ("x.dict.dz", b"not gzip", "cannot be read"),
        ("x.index", b"one\ttwo\n", "no dictionary of a known format"),
        ("x.doc", b"", "no dictionary of a known format"),
        ("gone.tsv", None, "cannot be read"),
    ],
)
def test_broken_dictionaries_are_named(tmp_path: Path, name: str, content: bytes | None, problem: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
        (tmp_path / "x.dict").write_bytes(b"abc")
        if name == "x.dict.dz":
            (tmp_path / "x.index").write_text("a\tA\tB\n")
    with pytest.raises(DataFileError, match=problem):
        load_dictionary(tmp_path / name)


def test_the_file_of_pairs_reads() -> None:
    content = (Path(__file__).parent.parent / "benchmarks" / "mine_pairs.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in content.splitlines() if not line.startswith("#")]
    assert all(len(row) == 3 and row[0] != row[1] for row in rows)


def test_a_source_word_that_is_picked_gives_its_own_renderings(records: list[Record]) -> None:
    """Whoever names the source word is shown what it can be, though the wrong word does not lead there."""
    background = load_background()
    dictionary = Dictionary([("raid", "набег", 0), ("plaque", "налёт", 0), ("tooth", "зуб", 0)])
    senses = Senses(background, dictionary)
    page = page_of([block.text for one in records if one.source.name == "teeth.txt" for block in one.blocks])
    around = surroundings(page, "raid", background, page_centre(page, background))
    assert suggest("raid", around, senses) == ((), ())
    sources, suggestions = suggest("raid", around, senses, source="налёт")
    assert [one.text for one in suggestions] == ["plaque"]
    assert [one.term for one in sources] == ["налёт"]


def test_the_table_that_ships() -> None:
    background = load_background()
    assert background.excess("locomotive") > 1 > 0 > background.excess("lymphoma")
    assert background.pair_excess("bone", "marrow") > 1
    assert background.pair_count("marrow", "locomotive") == 0
    assert "pelvic" in background.nearest("pelvis", 25)
    centre = background.centre(["kidney", "urine", "renal"])
    fits = [background.fit(word, centre) or 0 for word in ("bladder", "locomotive")]
    assert fits[0] > fits[1]
    assert background.centre(["qqqq"]) is None
    assert background.fit("qqqq", centre) is None


def test_the_id_of_a_word_left_in_the_source_script_is_that_of_its_replacement() -> None:
    left = Candidate("0", "банки", "residue", "ru", "herbs", replacements=(Suggestion("cupping glass"),))
    assert identifier(left) == "ru.herbs.cupping-glass"
