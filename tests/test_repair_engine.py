"""The engine: guards in their order, overlaps, evidence, passes, opt-outs, findings, explanations."""

from pathlib import Path

import msgspec
import pytest

from pipeline.document import Block, Document
from pipeline.record import Place
from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry
from pipeline.repair.guards import ORDER, Setting
from pipeline.repair.passes import repair
from pipeline.repair.reasons import REASONS
from pipeline.repair.stage import RepairOptions, decisions, fingerprint, propose, repair_translation
from pipeline.repair.triggers import build

RAW = Path(__file__).parent.parent / "raw"


def engine(*entries: Entry) -> Engine:
    """Return an engine over the given entries, all approved."""
    approved = [msgspec.structs.replace(e, status="approved") if e.status == "candidate" else e for e in entries]
    return Engine(approved, build(approved))


def run(text: str, *entries: Entry, topic: str = "medicine", title: str = "") -> str:
    """Return the text with all edits of the entries."""
    document = Document.from_paragraphs(title, [text])
    edits = repair(document, engine(*entries), text_faults=False, topic=(topic,)).edits
    for edit in sorted((e for e in edits if e.block == 0), key=lambda e: -e.start):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text


RIDGE = Entry(
    id="ru.spine.ridge",
    match="ridge:n",
    replace="spine:n",
    topic=("medicine",),
    cues=("vertebra",),
    unless=("hike",),
    not_=("alveolar ridge",),
    mt=1,
)
BEFORE_TO = Entry(id="ru.order.before-to", match="before to <verb>", replace="before <verb:ing>")


@pytest.mark.parametrize(
    ("text", "topic", "outcome"),
    [
        ("Before to treat the alveolar ridge, see the vertebra.", "geography", "antipattern"),
        ("Before to treat: “The ridge of a vertebra” is a title.", "geography", "protected"),
        ("Before to treat the ridge, see the vertebra.", "geography", "topic"),
        ("Before to treat the ridge, hike a little.", "medicine", "cues"),
        ("Before to treat the ridge and the vertebra, hike a little.", "medicine", "unless"),
        ("To treat the ridge, see the vertebra.", "medicine", "evidence"),
        ("Before to treat the ridge, see the vertebra.", "medicine", "applied"),
    ],
)
def test_the_first_guard_that_refuses_decides(text: str, topic: str, outcome: str) -> None:
    """Guards are asked in a fixed order, and the decision names the one that refused."""
    found = engine(RIDGE, BEFORE_TO).run(text, Setting((topic,)))
    decision = next(d for d in found.decisions if d.entry == RIDGE.id)
    assert decision.outcome == outcome
    assert decision.detail or outcome == "applied"


def test_satisfied_guards_are_told() -> None:
    """An applied change carries the guards that held."""
    found = engine(RIDGE, BEFORE_TO).run("Before to treat the ridge, see the vertebra.", Setting(("medicine",)))
    decision = next(d for d in found.decisions if d.entry == RIDGE.id)
    assert decision.satisfied == ("antipattern", "topic", "cue vertebra", "evidence 1")


@pytest.mark.parametrize(
    ("text", "least", "changes"),
    [
        ("Before to treat the knee, rest.", 0, 1),
        ("Before to treat the knee, rest.", 1, 0),
        ("Before to treat the bark of the brain, rest.", 1, 2),
    ],
)
def test_on_a_long_page_one_entry_alone_changes_nothing(text: str, least: int, changes: int) -> None:
    """A translated page of some length holds several errors; a single hit on it is probably right English."""
    bark = Entry(id="ru.a.bark", match="bark of the brain", replace="cerebral cortex", status="approved")
    found = engine(BEFORE_TO, bark).run(text, Setting(("medicine",), least=least))
    assert len(found.edits) == changes
    assert changes or [d.outcome for d in found.decisions] == ["evidence"]


def test_the_order_of_guards_is_published() -> None:
    """What explain says is in the order in which it is decided."""
    assert ORDER == ("antipattern", "protected", "topic", "cues", "unless", "evidence", "overlap")


def test_the_longest_match_wins() -> None:
    """Of two entries that overlap, the one that covers more is applied, and the other is told so."""
    short = Entry(id="ru.a.short", match="bark", replace="cortex")
    long = Entry(id="ru.a.long", match="bark of the brain", replace="cerebral cortex")
    found = engine(short, long).run("The bark of the brain is thin.", Setting())
    assert [edit.reason for edit in found.edits] == ["ru.a.long"]
    assert [(d.entry, d.outcome) for d in found.decisions] == [("ru.a.short", "overlap"), ("ru.a.long", "applied")]


def test_of_two_as_long_the_more_specific_wins() -> None:
    """More conditions make an entry more specific."""
    plain = Entry(id="ru.a.plain", match="candle:n", replace="taper:n")
    specific = Entry(id="ru.a.specific", match="candle:n", replace="suppository:n", cues=("rectal",))
    assert run("Rectal candles help.", plain, specific) == "Rectal suppositories help."
    assert run("Wax candles help.", plain, specific) == "Wax tapers help."


def test_evidence_comes_from_other_entries_that_need_none() -> None:
    """Two common words that need evidence do not vouch for each other."""
    first = Entry(id="ru.a.first", match="organism:n", replace="body:n", mt=1)
    second = Entry(id="ru.a.second", match="preparation:n", replace="drug:n", mt=1)
    assert run("The organism needs the preparation.", first, second) == "The organism needs the preparation."
    assert (
        run("Before to treat, the organism needs the preparation.", first, second, BEFORE_TO)
        == "Before treating, the body needs the drug."
    )


def test_passes_go_on_until_nothing_is_left() -> None:
    """What one entry brings together, another mends; the reasons of both stand on the change."""
    swap = Entry(id="ru.a.swap", match="column spinal", replace="mountain range")
    range_ = Entry(id="ru.a.range", match="mountain range:n", replace="spinal column:n")
    document = Document.from_paragraphs("", ["The column spinal hurts."])
    proposed = repair(document, engine(swap, range_))
    assert [(e.after, e.reason) for e in proposed.edits] == [("spinal column", "ru.a.swap+ru.a.range")]


def test_entries_that_chase_each_other_come_to_an_end() -> None:
    """A circle that lint would refuse does not hang the engine."""
    there = Entry(id="ru.a.there", match="body", replace="organism")
    back = Entry(id="ru.a.back", match="organism", replace="body")
    assert run("The body is ill.", there, back) in {"The body is ill.", "The organism is ill."}


def test_trial_entries_are_told_and_not_applied() -> None:
    """An entry on trial shows in the decisions alone."""
    trial = Entry(id="ru.a.trial", match="bark of the brain", replace="cerebral cortex", status="trial")
    found = engine(trial).run("The bark of the brain.", Setting())
    assert [d.outcome for d in found.decisions] == ["trial"]
    assert not found.edits


def test_several_candidates_are_suggested_in_order() -> None:
    """Ambiguous means report: a finding with the candidates as they would stand."""
    entry = Entry(id="ru.a.kandidat", match="a plot", replace=("an area", "a site"))
    document = Document.from_paragraphs("", ["There is a plot of skin."])
    assert not repair(document, engine(entry)).findings
    repaired = repair(document, engine(entry), suggest=True)
    assert not repaired.edits
    (finding,) = repaired.findings
    assert (finding.code, finding.severity, finding.block) == ("suggestion", "info", 0)
    assert "“an area” or “a site”" in finding.message


def test_suggestions_of_one_entry_do_not_overlap() -> None:
    """Two phrases of an entry over the same words ask once, for the longer."""
    entry = Entry(id="ru.a.cold", match=("a cold", "catch a cold"), replace=("a chill", "the flu"))
    repaired = repair(Document.from_paragraphs("", ["Do not catch a cold."]), engine(entry), suggest=True)
    assert [finding.message.partition(" should")[0] for finding in repaired.findings] == ["“catch a cold”"]


def test_what_an_editor_marked_stays() -> None:
    """The mark [sic] keeps the words of its sentence before it, in plain text too."""
    text = "The leaflet says before to treat [sic] the wound, wash it. Before to treat it, wash it."
    assert run(text, BEFORE_TO) == text.replace("Before to treat", "Before treating")


def test_dangerous_inversions_are_errors_and_never_mended() -> None:
    """A meaning turned round is for a person, whatever the options."""
    entry = Entry(id="ru.a.danger", match="drink heavily", replace="drink plenty of fluids", type="danger")
    repaired = repair(Document.from_paragraphs("", ["With flu, drink heavily."]), engine(entry))
    assert not repaired.edits
    assert [(f.code, f.severity) for f in repaired.findings] == [("dangerous-translation", "error")]


def test_title_and_every_block_are_repaired_code_is_not() -> None:
    """A change in the title has no block; code stays."""
    document = Document.from_paragraphs("Before to treat", ["Before to treat."])
    code = Block("code", "before to treat")
    document = msgspec.structs.replace(document, blocks=(*document.blocks, code))
    proposed = repair(document, engine(BEFORE_TO))
    assert [edit.block for edit in proposed.edits] == [None, 0]


def test_blocks_that_opt_out_stay() -> None:
    """The classes `notranslate` and `no-repair` keep a block, and skipped entries take no part."""
    place = Place(path="html/body/div.box.no-repair/p")
    document = Document.from_paragraphs("", ["Before to treat."])
    kept = msgspec.structs.replace(document, blocks=(Block("paragraph", "Before to treat.", place=place),))
    assert not repair(kept, engine(BEFORE_TO)).edits
    skipping = RepairOptions(skip=frozenset({"ru.constructions.before-to"}))
    assert repair_translation(document).changes
    assert not repair_translation(document, skipping).changes


def test_pages_that_opt_out_stay() -> None:
    """A page is left as it is where a pattern names it."""
    document = Document.from_paragraphs("", ["Before to treat."])
    source = msgspec.structs.replace(document.source, name="forum/page-1.html")
    document = msgspec.structs.replace(document, source=source)
    assert repair_translation(document, RepairOptions(skip_pages=("news/*",))).changes
    assert not repair_translation(document, RepairOptions(skip_pages=("forum/*",))).changes


def test_a_page_in_another_language_is_kept_and_not_repaired() -> None:
    """The page has a finding and no change."""
    document = Document.from_paragraphs("", ["Before to treat."])
    repaired = repair_translation(msgspec.structs.replace(document, language="de"))
    assert [finding.code for finding in repaired.findings] == ["wrong-language"]
    assert not repaired.changes


def test_a_paragraph_in_another_language_is_found_and_kept() -> None:
    """One German or Russian paragraph in an English page is reported with its language."""
    german = "Die Behandlung der Krankheit dauert mehrere Wochen, und der Patient muss viel trinken und schlafen."
    russian = "Лечение болезни продолжается несколько недель, и больной должен много пить."
    document = Document.from_paragraphs("", ["Before to treat the pain, rest.", german, russian])
    repaired = repair_translation(document)
    found = [(f.code, f.block, f.message.split("(")[1][:2]) for f in repaired.findings]
    assert found == [("foreign-text", 1, "de"), ("foreign-text", 2, "ru")]


def test_untranslated_words_are_found() -> None:
    """Words left in the source's script are named."""
    document = Document.from_paragraphs("", ["Pain in the сустав is a symptom of the disease."])
    (finding,) = repair_translation(document).findings
    assert finding.code == "untranslated"
    assert "“сустав”" in finding.message


def test_token_patterns_tell_what_phrases_cannot() -> None:
    """A pattern of spaCy's Matcher must overlap the phrase."""
    tokens = (({"LOWER": "till"}, {"LIKE_NUM": True}, {"LOWER": {"IN": ["years", "year"]}}),)
    entry = Entry(id="ru.a.till", match="till", replace="under", tokens=tokens)
    assert run("Children till 3 years may not.", entry) == "Children under 3 years may not."
    assert run("Wait till the years pass. Wait till 3.", entry) == "Wait till the years pass. Wait till 3."


def test_the_source_language_is_guessed_from_two_entries() -> None:
    """One entry is not enough to say where a page came from."""
    one = Document.from_paragraphs("", ["Before to treat the pain, rest."])
    two = Document.from_paragraphs("", ["Before to treat the spine, rest. Cells bone have the property updated."])
    assert repair_translation(one).source_language is None
    assert repair_translation(two).source_language == "ru"


def test_decisions_explain_without_changing() -> None:
    """Explain sees every trigger with offsets in the text as it stands."""
    text = "Before to treat the spine, rest."
    document = Document.from_paragraphs("", [text])
    (decision,) = decisions(document)
    assert (decision.outcome, text[decision.start : decision.end]) == ("applied", "Before to treat")
    assert document.blocks[0].text == text


def test_the_fingerprint_follows_options_and_glossary(tmp_path: Path) -> None:
    """Two runs with the same data have the same fingerprint; another glossary or option has another."""
    folder = tmp_path / "de"
    folder.mkdir()
    file = folder / "own.toml"
    file.write_text('[[entry]]\nid = "de.own.word"\nmatch = "handy"\nreplace = "phone"\n', encoding="utf-8")
    own = RepairOptions(glossary=(tmp_path,))
    first = fingerprint(own)
    assert first == fingerprint(RepairOptions(glossary=(tmp_path,)))
    file.write_text('[[entry]]\nid = "de.own.word"\nmatch = "handy"\nreplace = "telephone"\n', encoding="utf-8")
    marks = {first, fingerprint(own), fingerprint(RepairOptions()), fingerprint(RepairOptions(text_faults=False))}
    assert len(marks) == 4


def test_reasons_are_told_in_words() -> None:
    """Every reason that is no entry has a sentence."""
    assert all(text.endswith(".") for text in REASONS.values())


def test_a_page_without_triggers_loads_nothing_heavy() -> None:
    """Neither spaCy nor ftfy nor langdetect is imported for a clean English page."""
    import subprocess
    import sys

    program = (
        "import sys; from pipeline.document import Document; from pipeline.repair.stage import repair_translation\n"
        "repair_translation(Document.from_paragraphs('Tea', ['The tea is hot, and the cup is full of it.']))\n"
        "print(sorted({'spacy', 'ftfy', 'langdetect', 'numpy'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


FOUNDING = {
    "mountain range": "the spinal column bears the maximum load",
    "of the ridge": "other parts of the spine",
    "when driving": "during movement",
    "The Last": "The latter needs to be explained.",
    "Cells bone": "Bone cells, like many other cells",
    "property updated": "have the ability to renew themselves.",
    "First, develop": "The former develop bone mass, and the latter",
    "Before to treat": "Before treating osteoporosis",
    "bone Loss": "Bone loss may be due",
    "does not have overt": "may develop, without overt signs.",
    "spinal column characterized": "parts of the spinal column is characterized by",
}


def test_the_founding_page_reads_as_english() -> None:
    """The page that the project was founded on: each error mended, each by an entry or a fault with its reason."""
    lines = (RAW / "osteoporosis-spine.txt").read_text(encoding="utf-8").split("\n")
    document = Document.from_paragraphs("", [line.strip(" •") for line in lines if line.strip()])
    repaired = repair_translation(document)
    text = "\n".join(block.text for block in repaired.blocks)
    for error, mended in FOUNDING.items():
        assert error not in text
        assert mended in text
    assert repaired.source_language == "ru"
    again = Document.from_paragraphs("", [block.text for block in repaired.blocks])
    assert not propose(again, RepairOptions()).edits
