"""Hypothesis strategies: texts that look like markup, blocks, documents and records."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pipeline.record import (
    SCHEMA_VERSION,
    Change,
    DroppedBlock,
    Finding,
    Kind,
    Metadata,
    PageSource,
    Place,
    Record,
    RecordBlock,
    Section,
)

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Cn"])
"""Characters of a record's text that are no white space: `read` lets no control character through."""
SNIPPETS = [
    *"#*_-+=>|~`<&:!\\[](){}.;'\"1aеЖ中🙂",
    *[
        "1.",
        "2)",
        "--",
        "```",
        "~~~",
        "***",
        "<b>",
        "</p>",
        "<!--",
        "-->",
        "&amp;",
        "&#35;",
        "[a](b)",
        "![",
        "](",
        "]:",
        "\\\\",
    ],
    *["www.x.org", "http://x.org", "<http://x.org>", "no", "null", "1e3", "2020-01-01", "the", "spine", "Bone loss"],
]
WORDS = st.one_of(st.sampled_from(SNIPPETS), st.text(CHARACTERS, min_size=1, max_size=6))
LINES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
GLUED = st.lists(WORDS, min_size=1, max_size=6).map("".join)
PROSE = st.one_of(LINES, GLUED)
"""One line of text as `read` gives it: runs of white space are one space."""
CODE_LINES = st.one_of(st.just(""), PROSE, PROSE.map("    {}".format))
CODE = st.lists(CODE_LINES, min_size=1, max_size=4).map("\n".join).filter(str.strip)
ROWS = st.lists(st.one_of(st.just(""), PROSE), min_size=1, max_size=4).map("\t".join)
TABLES = st.lists(ROWS, min_size=1, max_size=4).map("\n".join).filter(str.strip)
BROKEN = st.lists(PROSE, min_size=1, max_size=3).map("\n".join)
"""Text with line breaks that matter."""
MARKERS = st.sampled_from(["", "•", "-", "–", "1.", "2.", "3)", "7", "a)", "IV.", "✓", "1234567890."])


@st.composite
def blocks(draw: DrawFn) -> RecordBlock:
    """Draw a kept block of any kind."""
    kind: Kind = draw(
        st.sampled_from(["heading", "paragraph", "list_item", "list_item", "table", "quote", "code", "caption"])
    )
    level = (
        draw(st.integers(1, 6))
        if kind in {"heading", "list_item"}
        else draw(st.integers(0, 2))
        if kind == "table"
        else 0
    )
    text = draw({"code": CODE, "table": TABLES, "heading": PROSE}.get(kind, BROKEN))
    return RecordBlock(kind, level, text, draw(MARKERS) if kind == "list_item" else "", Place(line=1))


def optional(strategy: SearchStrategy[str]) -> SearchStrategy[str | None]:
    return st.one_of(st.none(), strategy)


SOURCES = st.builds(
    PageSource,
    name=optional(PROSE),
    url=optional(st.sampled_from(["https://example.org/a?b=1&c='d'#e", 'http://example.org/"x"/ж', "not: an address"])),
    sha256=st.just("0" * 64),
    kind=st.sampled_from(["html", "text"]),
    encoding=st.just("utf-8"),
)


@st.composite
def records(draw: DrawFn) -> Record:
    """Draw a record whose parts fit each other: sections and findings point at blocks that are there."""
    kept = tuple(draw(st.lists(blocks(), max_size=8)))
    places = st.integers(0, max(len(kept) - 1, 0))
    sections: list[Section] = []
    findings: list[Finding] = []
    if kept:
        starts = sorted(draw(st.sets(places, max_size=3)) | {0})
        for start, end in zip(starts, [*starts[1:], len(kept)], strict=True):
            label = draw(st.sampled_from(["overview", "causes", "symptoms", "other"]))
            path = tuple(draw(st.lists(PROSE, max_size=2)))
            sections.append(Section(label, "heading", 0.9, draw(optional(PROSE)) or "", path, start, end - 1))
        findings = [
            Finding("residue", "warning", "A word.", number) for number in sorted(draw(st.sets(places, max_size=2)))
        ]
    dropped = draw(
        st.lists(
            st.builds(
                DroppedBlock,
                PROSE,
                st.just("navigation"),
                st.just("paragraph"),
                st.integers(0, len(kept)),
                st.just(Place()),
            ),
            max_size=2,
        )
    )
    return Record(
        schema_version=SCHEMA_VERSION,
        id="page",
        source=draw(SOURCES),
        stages=("read", "strip", "repair", "sections"),
        language=draw(st.sampled_from([None, "en", "no", "ru"])),
        source_language=draw(st.sampled_from([None, "ru"])),
        title=draw(st.one_of(st.just(""), PROSE)),
        breadcrumb=tuple(draw(st.lists(PROSE, max_size=3))),
        metadata=Metadata(author=draw(optional(PROSE)), date=draw(optional(st.just("2020-01-31")))),
        blocks=kept,
        dropped=tuple(sorted(dropped, key=lambda block: block.before)),
        changes=changes_of(draw, kept),
        sections=tuple(sections),
        findings=tuple(findings),
    )


def changes_of(draw: DrawFn, kept: tuple[RecordBlock, ...]) -> tuple[Change, ...]:
    """Draw at most one change for each block."""
    made = []
    for number, block in enumerate(kept):
        if draw(st.booleans()):
            start, end = sorted(draw(st.tuples(st.integers(0, len(block.text)), st.integers(0, len(block.text)))))
            made.append(Change("repair", number, start, end, draw(PROSE), block.text[start:end], "entry"))
    return tuple(made)
