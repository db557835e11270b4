"""Documents and records: `apply` keeps every step, and every step can be taken back exactly."""

import itertools
import json
from collections.abc import Sequence

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from pipeline.document import Block, Document, Drop, Edit, Proposal, apply, compose, restore, undo
from pipeline.record import Finding, PageSource, Place, Record, schema

SOURCE = PageSource(name="p.txt", url=None, sha256="0" * 64, kind="text", encoding="utf-8")
TEXTS = st.text("ab cЖ🙂", max_size=8)
REASONS = st.sampled_from(["x", "y", "z"])


@st.composite
def edits(draw: DrawFn, text: str, number: int | None = 0) -> list[Edit]:
    """Draw edits that do not overlap, in order: replacements, deletions, insertions, many of them touching."""
    drawn: list[Edit] = []
    position = 0
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(position, min(position + 2, len(text))))
        position = draw(st.integers(start, min(start + 3, len(text))))
        drawn.append(Edit(number, start, position, draw(st.text("ABC", max_size=3)), draw(REASONS)))
    return drawn


@st.composite
def documents(draw: DrawFn) -> Document:
    """Draw a page as `read` leaves it; its blocks' texts are unlike."""
    texts = draw(st.lists(TEXTS, max_size=7))
    blocks = tuple(Block("paragraph", f"{n}{text}", place=Place(line=n + 1)) for n, text in enumerate(texts))
    pointed = draw(st.sets(st.sampled_from(range(len(texts))))) if texts else set()
    findings = tuple(Finding(f"at-{n}", "info", "x", n) for n in sorted(pointed))
    return Document(id="p", source=SOURCE, title=draw(TEXTS), blocks=blocks, findings=findings, stages=("read",))


@st.composite
def drops(draw: DrawFn, document: Document) -> list[Drop]:
    """Draw drops in any order."""
    numbers = range(len(document.blocks))
    chosen = draw(st.lists(st.sampled_from(numbers), unique=True)) if numbers else []
    return [Drop(index, draw(REASONS), 0.5) for index in chosen]


@st.composite
def proposals(draw: DrawFn, document: Document) -> Proposal:
    """Draw what a stage might do at once: drops of some blocks, edits of others, blocks in any order."""
    dropped = draw(drops(document))
    gone = {drop.index for drop in dropped}
    places: list[int | None] = [None, *(n for n in range(len(document.blocks)) if n not in gone)]
    made = [draw(edits(text_of(document, place), place)) for place in draw(st.permutations(places))]
    return Proposal(stage="repair", edits=list(itertools.chain(*made)), drops=dropped)


def text_of(document: Document, place: int | None) -> str:
    return document.title if place is None else document.blocks[place].text


def naive(text: str, made: Sequence[Edit]) -> str:
    """Apply edits from the last to the first, so that no offset ever moves."""
    for edit in reversed(made):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text


@given(st.data())
def test_edits_do_what_they_say(data: st.DataObject) -> None:
    """Each text is what a naive application gives; each change stands where it says, in order, apart."""
    document = data.draw(documents())
    made = data.draw(proposals(document)).edits
    after = apply(document, Proposal(stage="repair", edits=made))
    for place in (None, *range(len(document.blocks))):
        own = [edit for edit in made if edit.block == place]
        assert text_of(after, place) == naive(text_of(document, place), own)
        changes = [change for change in after.changes if change.block == place]
        assert [(c.before, c.after) for c in changes] == [
            (text_of(document, place)[e.start : e.end], e.after) for e in own
        ]
        assert all(text_of(after, place)[c.start : c.end] == c.after for c in changes)
        assert all(c.end <= d.start for c, d in itertools.pairwise(changes))


@given(st.data())
def test_undo_takes_every_edit_back(data: st.DataObject) -> None:
    """Law 2: undoing gives the title and the blocks as they were, exactly, and so does undoing a record read back."""
    document = data.draw(documents())
    stripped = apply(document, Proposal(stage="strip", drops=data.draw(drops(document))))
    repaired = apply(stripped, Proposal(stage="repair", edits=data.draw(proposals(stripped)).edits))
    undone = undo(repaired)
    assert (undone.title, undone.blocks, undone.drops) == (stripped.title, stripped.blocks, stripped.drops)
    assert undone.changes == ()
    assert undone.stages == (stripped.stages if repaired.changes else repaired.stages)
    again = undo(Document.from_record(Record.from_json(repaired.to_record().to_json())))
    assert [block.text for block in again.blocks] == [block.text for block in stripped.blocks]


@given(st.data())
def test_nothing_vanishes(data: st.DataObject) -> None:
    """Law 3: after two stages that drop and edit at once, kept and dropped blocks together are those read, in order."""
    document = data.draw(documents())
    stripped = apply(document, Proposal(stage="strip", drops=data.draw(drops(document))))
    repaired = apply(stripped, data.draw(proposals(stripped)))
    assert restore(undo(repaired)) == document.blocks
    places = [drop.index for drop in repaired.drops]
    assert places == sorted(places)
    assert all(0 <= place <= len(repaired.blocks) for place in places)
    assert len(repaired.blocks) + len(repaired.drops) == len(document.blocks)
    back = Document.from_record(Record.from_json(repaired.to_record().to_json()))
    assert [block.text for block in restore(undo(back))] == [block.text for block in document.blocks]


@given(st.data())
def test_what_points_at_blocks_follows_them(data: st.DataObject) -> None:
    """A finding or change names the same block after blocks before it were dropped; of a dropped one, none."""
    document = data.draw(documents())
    after = apply(document, data.draw(proposals(document)))
    where = {finding.code: finding.block for finding in after.findings}
    for finding in document.findings:
        assert finding.block is not None
        line = document.blocks[finding.block].place.line
        kept = [n for n, block in enumerate(after.blocks) if block.place.line == line]
        assert where[finding.code] == (kept[0] if kept else None)
    for change in after.changes:
        assert text_of(after, change.block)[change.start : change.end] == change.after


@given(st.data())
def test_composed_edits_do_both_at_once(data: st.DataObject) -> None:
    """Two passes composed give the text of both, as edits that are sorted, apart and name every reason once."""
    text = data.draw(TEXTS)
    first = data.draw(edits(text))
    middle = naive(text, first)
    second = data.draw(edits(middle))
    both = compose(first, second, text)
    assert naive(text, both) == naive(middle, second)
    assert all(a.end <= b.start for a, b in itertools.pairwise(both))
    assert all(e.start <= e.end <= len(text) for e in both)
    assert all(len(set(e.reason.split("+"))) == len(e.reason.split("+")) for e in both)
    assert {r for e in both for r in e.reason.split("+")} <= {e.reason for e in (*first, *second)}
    document = Document(id="p", source=SOURCE, blocks=(Block("paragraph", text),))
    after = apply(document, Proposal(stage="repair", edits=both))
    assert after.blocks[0].text == naive(middle, second)
    assert undo(after).blocks == document.blocks


@given(st.data())
def test_composing_with_nothing_changes_nothing(data: st.DataObject) -> None:
    """An empty pass before or after leaves the result of the other, though touching edits may become one."""
    text = data.draw(TEXTS)
    made = data.draw(edits(text))
    for both in (compose(made, [], text), compose([], made, text)):
        assert naive(text, both) == naive(text, made)


@given(st.data())
def test_three_passes_compose_in_either_grouping(data: st.DataObject) -> None:
    """(a then b) then c and a then (b then c) make the same text."""
    text = data.draw(TEXTS)
    first = data.draw(edits(text))
    middle = naive(text, first)
    second = data.draw(edits(middle))
    third = data.draw(edits(naive(middle, second)))
    left = compose(compose(first, second, text), third, text)
    right = compose(first, compose(second, third, middle), text)
    assert naive(text, left) == naive(text, right) == naive(naive(middle, second), third)


def paragraph(text: str) -> Document:
    return Document(id="p", source=SOURCE, blocks=(Block("paragraph", text), Block("paragraph", "second")))


@pytest.mark.parametrize(
    ("edits_", "drops_"),
    [
        pytest.param([Edit(0, 0, 3, "x", "a"), Edit(0, 2, 4, "y", "b")], [], id="edits overlap"),
        pytest.param([Edit(0, 2, 2, "x", "a"), Edit(0, 0, 5, "y", "b")], [], id="insertion inside a replacement"),
        pytest.param([Edit(0, 3, 99, "x", "a")], [], id="edit reaches outside"),
        pytest.param([Edit(0, 3, 2, "x", "a")], [], id="edit runs backward"),
        pytest.param([Edit(0, -1, 2, "x", "a")], [], id="edit begins before the text"),
        pytest.param([Edit(2, 0, 0, "x", "a")], [], id="edit of a block that is not there"),
        pytest.param([Edit(-1, 0, 0, "x", "a")], [], id="edit of a block counted from the end"),
        pytest.param([Edit(0, 0, 1, "x", "a")], [Drop(0, "b")], id="edit of a dropped block"),
        pytest.param([], [Drop(0, "a"), Drop(0, "b")], id="block dropped twice"),
        pytest.param([], [Drop(2, "a")], id="drop of a block that is not there"),
        pytest.param([], [Drop(-1, "a")], id="drop of a block counted from the end"),
    ],
)
def test_impossible_proposals_are_refused(edits_: list[Edit], drops_: list[Drop]) -> None:
    """What a faulty stage proposes is an error at once, not a wrong record later."""
    with pytest.raises(ValueError, match=r"\w"):
        apply(paragraph("abcdef"), Proposal(stage="repair", edits=edits_, drops=drops_))


def test_text_is_edited_once() -> None:
    """A second stage cannot edit a text that was edited, for offsets would no longer be those of the final text."""
    once = apply(paragraph("abc"), Proposal(stage="repair", edits=[Edit(0, 0, 1, "x", "a")]))
    with pytest.raises(ValueError, match="edited before"):
        apply(once, Proposal(stage="sections", edits=[Edit(0, 2, 3, "y", "b")]))
    with pytest.raises(ValueError, match="applied already"):
        apply(once, Proposal(stage="repair"))


@given(st.data())
def test_records_read_back(data: st.DataObject) -> None:
    """A record is valid by the published schema, and its document gives the same record again."""
    document = data.draw(documents())
    stripped = apply(document, Proposal(stage="strip", drops=data.draw(drops(document)), language="en"))
    record = apply(stripped, data.draw(proposals(stripped))).to_record()
    jsonschema.validate(record.to_dict(), schema())
    assert json.loads(record.to_json()) == record.to_dict()
    assert Record.from_json(record.to_json()) == record
    assert Document.from_record(record).to_record() == record


def test_the_schema_is_itself_valid() -> None:
    """The published schema is JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_text_of_a_record_leaves_captions_out() -> None:
    """A caption is kept as a block and is no part of the text."""
    blocks = (Block("paragraph", "One."), Block("caption", "a picture"), Block("paragraph", "Two."))
    assert Document(id="p", source=SOURCE, blocks=blocks).to_record().text == "One.\n\nTwo."


def test_paragraphs_become_a_document() -> None:
    """Text that a caller has already is a document that is read and stripped, with the texts as they are."""
    document = Document.from_paragraphs("T", ["a  b", "", "c"])
    assert [block.text for block in document.blocks] == ["a  b", "", "c"]
    assert document.stages == ("read", "strip")
    assert document == Document.from_paragraphs("T", ["a  b", "", "c"])
    assert document.source.sha256 != Document.from_paragraphs("T", ["a  b", "c"]).source.sha256
