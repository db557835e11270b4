"""Laws of the sections stage, for any document at all."""

import hypothesis.strategies as st
import msgspec
from hypothesis import given, settings

from pipeline.document import Block, Document
from pipeline.record import PageSource, Place, Record
from pipeline.sections.stage import label_sections

WORDS = st.sampled_from(
    "Symptoms Causes of the disease treatment Diet: FAQ How is it treated? Prognosis. The patient was given tea , and"
    " 1. II. • 😀 gout Gout is a painful disease prevention video photo".split(" ")
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=40).map(" ".join), st.text(max_size=60))
PATHS = st.sampled_from([None, "html/body/p", "html/body/div/p/strong", "html/body/ol/li/b", "html/body/h2.x/b"])
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(["heading", "paragraph", "list_item", "table", "quote", "code", "caption"]),
    text=TEXTS,
    level=st.integers(0, 7),
    marker=st.sampled_from(["", "•", "1.", "a)"]),
    place=PATHS.map(lambda path: Place(path=path)),
)
DOCUMENTS = st.builds(
    lambda kind, title, blocks: Document(
        id="x",
        source=PageSource(name=None, url=None, sha256="0" * 64, kind=kind, encoding="str"),
        title=title,
        blocks=tuple(blocks),
        stages=("read", "strip", "repair"),
    ),
    st.sampled_from(["html", "text"]),
    TEXTS,
    st.lists(BLOCKS, max_size=14),
)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_laws(document: Document) -> None:
    """Sections cover all blocks once and in order; no text changes; what is said is there; JSON keeps it all."""
    record = label_sections(document)
    covered = [i for s in record.sections for i in range(s.first_block, s.last_block + 1)]
    assert covered == list(range(len(document.blocks)))
    assert [b.text for b in record.blocks] == [b.text for b in document.blocks]
    assert all(0 <= s.confidence <= 1 for s in record.sections)
    assert all(not s.heading or s.heading in record.blocks[s.first_block].text for s in record.sections)
    assert all(1 <= b.level <= 6 for b in record.blocks if b.kind == "heading")
    spans = [span for items in record.fields.lists.values() for span in items]
    spans += [question.question for question in record.fields.questions]
    spans += [record.fields.definition] if record.fields.definition else []
    assert all(record.blocks[s.block].text[s.start : s.end] == s.text for s in spans)
    assert Record.from_json(msgspec.json.encode(record)) == record


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_labelling_again_changes_nothing(document: Document) -> None:
    """A record that comes back in gives itself."""
    record = label_sections(document)
    assert label_sections(Document.from_record(record)) == record


def test_a_page_made_to_be_slow() -> None:
    """Long blocks and many blocks are read only as far as articles go."""
    long = Document.from_paragraphs("x", ["Symptoms " * 100_000, "a, " * 200_000, "." * 500_000])
    assert len(label_sections(long).blocks) == 3
    many = Document.from_paragraphs("x", ["Causes of it"] * 30_000)
    assert label_sections(many).sections[-1].last_block == 29_999
