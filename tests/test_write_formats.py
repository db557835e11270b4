"""The formats that others load, each read back by a reader that is not ours."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import datasets
import html5lib
import msgspec
import msgspec_schemaorg.models
import pyarrow.parquet as pq
import pytest
import rdflib
import spacy
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from spacy.tokens import DocBin
from trafilatura.xml import validate_tei

from pipeline.record import Record
from pipeline.write.formats import FORMATS
from pipeline.write.html_page import to_html
from pipeline.write.json_ld import to_json_ld
from pipeline.write.tei import to_tei
from pipeline.write.vocabulary import Terms
from tests.strategies import records

PAGES = st.lists(records(), max_size=3)
ROOT = Path(__file__).parent.parent
TAXONOMY = ROOT / "pipeline" / "sections" / "taxonomy.toml"
VOCABULARY = {
    "overview": Terms("description", "OverviewHealthAspect"),
    "causes": Terms("cause", "CausesHealthAspect"),
    "symptoms": Terms("signOrSymptom", "SymptomsHealthAspect"),
    "epidemiology": Terms("epidemiology", ""),
}


def written(name: str, pages: Sequence[Record]) -> bytes:
    stream = io.BytesIO()
    FORMATS[name].check()
    FORMATS[name].write(pages, stream, VOCABULARY)
    assert not stream.closed
    return stream.getvalue()


def one_line(text: str) -> str:
    return " ".join(text.split())


def depth_of(levels: list[int], level: int) -> int:
    """Return the depth of a list item among those before it, and note it."""
    while levels and levels[-1] >= level:
        levels.pop()
    levels.append(level)
    return len(levels)


def shown_in(html: str) -> Iterator[tuple[str, str]]:
    """Yield (tag, text) of each piece of the article as a strict reader of HTML5 sees it."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    article = parser.parse(html).find("body/article")
    assert article is not None
    for element in article.iter():
        if re.fullmatch(r"h[1-6]|p|figcaption|code|td|th|li", element.tag):
            own = [element.text or "", *(child.tail or "" for child in element if child.tag == "br")]
            yield element.tag, " ".join(own) if element.tag != "code" else "".join(element.itertext())


@given(records())
def test_html_is_valid_and_reads_back(record: Record) -> None:
    """A strict HTML5 parser finds no error and sees each block's text, in order, and no markup that was none."""
    found = [(tag, one_line(text) if tag != "code" else text) for tag, text in shown_in(to_html(record))]
    expected = [("h1", record.title)] if record.title else []
    shift = 1 if any(b.kind == "heading" and b.level < 2 for b in record.blocks) else 0
    for block in record.blocks:
        match block.kind:
            case "heading":
                expected.append((f"h{min(block.level + shift, 6)}", one_line(block.text)))
            case "table":
                rows = [row.split("\t") for row in block.text.split("\n")]
                width = max(map(len, rows))
                cells = [row + [""] * (width - len(row)) for row in rows]
                expected += [("th" if n < block.level else "td", one_line(c)) for n, r in enumerate(cells) for c in r]
            case "list_item":
                plain = not any(map(str.isalnum, block.marker)) or re.fullmatch(r"[0-9]{1,9}[.)]?", block.marker)
                expected.append(("li", one_line(block.text if plain else f"{block.marker} {block.text}")))
            case "code":
                expected.append(("code", block.text))
            case kind:
                expected.append(("figcaption" if kind == "caption" else "p", one_line(block.text)))
    assert found == expected


@given(records())
def test_html_nests_lists_by_level(record: Record) -> None:
    """An item lies as deep as its level says, no deeper than one below the item before it."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: list[int] = []

    def walk(element: Any, depth: int) -> None:
        for child in element:
            if child.tag == "li":
                found.append(depth)
            walk(child, depth + (child.tag in {"ul", "ol"}))

    walk(parser.parse(to_html(record)).find("body/article"), 0)
    expected: list[int] = []
    levels: list[int] = []
    starts = {section.first_block for section in record.sections}
    for number, block in enumerate(record.blocks):
        if block.kind != "list_item" or number in starts:
            levels = []
        if block.kind == "list_item":
            expected.append(depth_of(levels, block.level))
    assert found == expected


@given(records())
def test_html_marks_sections(record: Record) -> None:
    """Each section is an element with its label."""
    article = html5lib.parse(to_html(record), namespaceHTMLElements=False).find("body/article")
    assert article is not None
    found = [(part.get("id"), part.get("data-label")) for part in article.findall("section")]
    assert found == [(f"section-{n}", section.label) for n, section in enumerate(record.sections, 1)]


TEI = "{http://www.tei-c.org/ns/1.0}"


def tei_of(text: str) -> str:
    """Return text as XML can hold it, white space aside."""
    return one_line(re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


@given(records())
def test_tei_reads_back(record: Record) -> None:
    """The document holds each block's text in order and each section's label and confidence."""
    body = etree.fromstring(to_tei(record).encode()).find(f"{TEI}text/{TEI}body")
    found = []
    for element in body.iter(*(TEI + tag for tag in ("p", "head", "ab", "cell", "item"))):
        own = [element.text or "", *(child.tail or "" for child in element if child.tag == f"{TEI}lb")]
        found.append(one_line(" ".join(own)))
    expected = []
    for block in record.blocks:
        cells = re.split("[\t\n]", block.text) if block.kind == "table" else [block.text]
        expected += [tei_of(cell) for cell in cells]
    assert found == (expected or [""] * len(found))
    divisions = [(part.get("type"), part.get("cert")) for part in body.iter(f"{TEI}div")]
    assert divisions == [(tei_of(s.label), f"{s.confidence:.2f}") for s in record.sections]


@given(records())
def test_tei_is_valid(record: Record) -> None:
    """The document is valid against the schema of TEI P5 for corpora, which leaves out tables and figures."""
    plain = tuple(b for b in record.blocks if b.kind not in {"table", "caption"})
    last = max(len(plain) - 1, 0)
    sections = tuple(
        msgspec.structs.replace(s, first_block=min(s.first_block, last), last_block=min(s.last_block, last))
        for s in record.sections
    )
    assert validate_tei(
        etree.fromstring(to_tei(msgspec.structs.replace(record, blocks=plain, sections=sections)).encode())
    )


def types_of(node: dict[str, Any]) -> type:
    kind: type = getattr(msgspec_schemaorg.models, node["@type"])
    return kind


def check_node(node: dict[str, Any]) -> None:
    """Check a node by the vocabulary: its type exists, its properties belong to it, their values are in range."""
    kind = types_of(node)
    ranges = {
        name: hint
        for parent in reversed(kind.__mro__)
        for name, hint in vars(parent).get("__annotations__", {}).items()
    }
    for name, value in node.items():
        if name.startswith("@"):
            continue
        assert name in ranges, f"{node['@type']} has no property {name}"
        hint = str(ranges[name])
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict):
                assert re.search("str|int|URL|date|Enumeration", hint), f"{name} is no text: {hint}"
            elif "@type" in item:
                allowed = {parent.__name__ for parent in types_of(item).__mro__} & set(re.findall(r"\w+", hint))
                assert allowed, f"{name} cannot be a {item['@type']}"
                check_node(item)
            else:
                assert set(item) == {"@id"}


@given(records())
def test_json_ld_keeps_to_the_vocabulary(record: Record) -> None:
    """Every type, property and range is schema.org's, with our vocabulary and with none."""
    for vocabulary in (VOCABULARY, {}):
        page = json.loads(to_json_ld(record, vocabulary))
        assert page.pop("@context") == "https://schema.org"
        check_node(page)
        medical = any(section.label in VOCABULARY for section in record.sections) and bool(vocabulary)
        assert page["@type"] == ("MedicalWebPage" if medical else "WebPage")


@settings(max_examples=30)
@given(records())
def test_json_ld_is_read_as_a_graph(record: Record) -> None:
    """An RDF reader gets the sections with their aspects, and knows every term."""
    source = to_json_ld(record, VOCABULARY).replace('"https://schema.org"', '{"@vocab": "https://schema.org/"}', 1)
    graph = rdflib.Graph().parse(data=source, format="json-ld", publicID="https://example.org/page")
    terms = {str(term) for triple in graph for term in triple[1:] if str(term).startswith("https://schema.org/")}
    assert {term for term in terms if rdflib.URIRef(term) not in rdflib.SDO} == set()
    parts = [str(value) for value in graph.objects(None, rdflib.SDO.hasPart)]
    assert len(parts) == len(record.sections)
    aspects = sorted(str(value).rpartition("/")[2] for value in graph.objects(None, rdflib.SDO.hasHealthAspect))
    assert aspects == sorted(VOCABULARY[s.label].aspect for s in record.sections if s.label in VOCABULARY)
    assert (None, rdflib.RDF.type, rdflib.SDO.MedicalCondition) in graph or not aspects


def test_the_taxonomy_keeps_to_the_vocabulary() -> None:
    """What our own taxonomy says of schema.org exists there, and JSON-LD made with it is valid."""
    labels = tomllib.loads(TAXONOMY.read_text(encoding="utf-8"))["label"]
    for label in labels:
        for term in (label.get("schema_org"), label.get("health_aspect")):
            # A condition has no property for its causes; `causeOf` points at it.
            assert not term or term == "cause" or term in rdflib.SDO, f"{label['id']}: {term} is not in schema.org"


@settings(max_examples=30)
@given(PAGES)
def test_csv_has_a_row_for_each_section(pages: list[Record]) -> None:
    """A reader of CSV gets each section with its text, whatever commas, quotes and line breaks are in it."""
    rows = list(csv.DictReader(io.StringIO(written("csv", pages).decode(), newline="")))
    sections = [(page, section) for page in pages for section in page.sections]
    assert [row["label"] for row in rows] == [section.label for _, section in sections]
    for row, (page, section) in zip(rows, sections, strict=True):
        blocks = page.blocks[section.first_block : section.last_block + 1]
        assert row["text"] == "\n\n".join(b.text for b in blocks if b.kind not in {"heading", "caption"})
        assert (row["title"], row["heading"]) == (page.title, section.heading)


@settings(max_examples=30)
@given(PAGES)
def test_compressed_lines_are_the_lines(pages: list[Record]) -> None:
    """Unpacked, the lines are those of JSONL."""
    packed = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(written("jsonl.zst", pages)))
    assert packed.read() == written("jsonl", pages)


@settings(max_examples=30)
@given(PAGES)
def test_parquet_gives_the_records_back(pages: list[Record]) -> None:
    """Arrow reads typed nested columns that hold the whole record, and its text."""
    rows = pq.read_table(io.BytesIO(written("parquet", pages))).to_pylist()
    assert [row.pop("text") for row in rows] == [page.text for page in pages]
    for row in rows:
        row["fields"]["lists"] = {entry["name"]: entry["items"] for entry in row["fields"]["lists"]}
    assert [Record.from_json(json.dumps(row)) for row in rows] == pages


def test_parquet_columns_are_typed() -> None:
    """Numbers are numbers and lists are lists, also where no page has any."""
    schema = pq.read_schema(io.BytesIO(written("parquet", [])))
    assert str(schema.field("blocks").type.value_type.field("level").type) == "int64"
    assert str(schema.field("sections").type.value_type.field("confidence").type) == "double"
    assert str(schema.field("sections").type.value_type.field("path").type) == "list<element: string not null>"
    assert schema.field("language").nullable
    assert not schema.field("title").nullable


def page(title: str) -> Record:
    import pipeline

    return pipeline.clean(
        f"<h1>{title}</h1><p>{title} is a drink made of leaves and hot water.</p>", name=f"{title}.html"
    )


def test_datasets_loads_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hugging Face's datasets loads the folder as it is written, with its nested columns."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    pages = [page("Tea"), page("Coffee")]
    file = tmp_path / ("records" + FORMATS["dataset"].ending)
    file.parent.mkdir(parents=True)
    file.write_bytes(written("dataset", pages))
    loaded = datasets.load_dataset(str(file.parent), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded["title"][:] == ["Tea", "Coffee"]
    assert loaded[0]["text"] == pages[0].text
    assert loaded[1]["sections"][0]["label"] == pages[1].sections[0].label
    assert loaded[0]["blocks"][0]["text"] == pages[0].blocks[0].text


@settings(max_examples=30)
@given(PAGES)
def test_spacy_reads_the_docs_with_their_spans(pages: list[Record]) -> None:
    """spaCy gets each text exactly, and spans that hold the sections, blocks and changes."""
    docs = list(DocBin().from_bytes(written("spacy", pages)).get_docs(spacy.blank("en").vocab))
    assert [doc.text for doc in docs] == [page.text for page in pages]
    for doc, page in zip(docs, pages, strict=True):
        assert doc.user_data["title"] == page.title
        kept = [block for block in page.blocks if block.kind != "caption"]
        assert [span.label_ for span in doc.spans["blocks"]] == [block.kind for block in kept]
        for span, block in zip(doc.spans["blocks"], kept, strict=True):
            assert block.text in span.text
        labels = [
            section.label
            for section in page.sections
            if any(b.kind != "caption" for b in page.blocks[section.first_block : section.last_block + 1])
        ]
        assert [span.label_ for span in doc.spans["sections"]] == labels
        changed = [
            page.blocks[c.block].text[c.start : c.end]
            for c in page.changes
            if c.block is not None
            and page.blocks[c.block].kind != "caption"
            and page.blocks[c.block].text[c.start : c.end].strip()
        ]
        assert [after.strip() in span.text for after, span in zip(changed, doc.spans["changes"], strict=True)] == [
            True
        ] * len(changed)


SCRIPT = """
import hashlib, io, pipeline
from pipeline.write.formats import FORMATS
source = "<h1>{0}</h1><p>{0} is a drink made of leaves and hot water.</p>"
pages = [pipeline.clean(source.format(t), name=f"{t}.html") for t in ("Tea", "Coffee")]
for name in FORMATS:
    stream = io.BytesIO()
    FORMATS[name].write(pages, stream)
    print(name, hashlib.sha256(stream.getvalue()).hexdigest())
"""


def test_bytes_depend_on_the_records_alone() -> None:
    """Law 5 for every format, the binary ones too: not on the hash seed or the process."""
    made = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert made[0].stdout == made[1].stdout
    assert made[0].stdout.count(b"\n") == len(FORMATS)
