"""Reading: laws that hold for any bytes, encodings, kinds, bounds, ids."""

import re
import unicodedata

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.read.encoding import decode
from pipeline.read.html_blocks import DEPTH, html_blocks
from pipeline.read.ids import file_key, page_id, page_name
from pipeline.read.limits import estimated_nodes, too_much_markup
from pipeline.read.stage import ReadOptions, fingerprint, read_page
from pipeline.read.text_blocks import text_blocks

MARKUP = (
    "<p> </p> <b> </b> <br> <br><br> <ul> </ul> <ol start=3> <li> <table> <tr> <td> <th> </table> <a href=x> </a> "
    "<pre> </pre> <h1> </h1> <div hidden> <div> </div> <span> </span> <sup> </sup> <svg> <math> <template> <!-- "
    "--> <select> <option> <textarea> <script> </script> <dl> <dt> <dd> <blockquote> <figcaption> <summary> <details> "
    "<button> <noscript> <caption> <thead> <ruby> <rt> &shy; &nbsp; &#xd800; <x-y> <object> <form> <font size=1>"
).split()
WORDS = "tea • The of 10 -9 1. 2) - — # | > === ``` \t \n \n\n   water, (and boil) ﻿ \u200d \u00ad é 茶 \x1f \x00".split(
    " "
)
pieces = st.lists(st.one_of(st.sampled_from(MARKUP), st.sampled_from(WORDS), st.text(max_size=8)), max_size=60)
pages = pieces.map(" ".join) | pieces.map("".join)
dumps = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=60).map(" ".join)
names = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from(["..", ".", "", "con", "NUL.txt", "a.html", "A", "C:\\", " ", "é", "\n", "%", "%-"])).map(
        "/".join
    ),
)


def check(document: Document) -> None:
    """Assert what holds for any document that was read."""
    msgspec.json.encode(document.to_record())
    assert document.stages == ("read",)
    for block in document.blocks:
        assert block.text.strip()
        assert block.kind != "heading" or 1 <= block.level <= 6
        if block.kind not in ("code", "table"):
            assert all(line == " ".join(line.split()) for line in block.text.split("\n"))
        if (markup := block.markup) is not None:
            assert 0 <= markup.link_chars <= len(block.text)
            assert 0 <= markup.bold_chars <= len(block.text)
            assert markup.element.depth <= DEPTH


@given(st.binary(max_size=400), st.sampled_from([None, "a.html", "a.txt"]))
@example(b"\xff\xfe<\x00p\x00>", None)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read(data: bytes, name: str | None) -> None:
    """No bytes make reading fail."""
    check(read_page(data, name=name))


@given(pages)
@settings(max_examples=300, deadline=None)
def test_any_markup_is_read(page: str) -> None:
    """No markup makes reading fail, and the same page gives the same document."""
    document = read_page(page, name="a.html")
    check(document)
    assert document.to_record() == read_page(page, name="a.html").to_record()


@given(pages)
@settings(max_examples=200, deadline=None)
def test_words_come_from_the_page(page: str) -> None:
    """Every letter of a block stands in the tree that the parser made of the page."""
    blocks, tree = html_blocks(page)
    there = set(tree.text) | {letter for node in tree.select("template") for letter in node.html}
    raised = set("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
    assert {c for block in blocks for c in block.text} - there - raised <= set(" \t\n")


@given(dumps)
@example("a\r\nb\rc\n• d\n  e")
@settings(max_examples=300, deadline=None)
def test_spans_of_a_dump_are_exact(source: str) -> None:
    """The text of a block is that of its span, up to white space, marks and what is invisible."""
    end = 0
    for block in text_blocks(source):
        place = block.place
        assert place.start is not None
        assert place.end is not None
        assert end <= place.start < place.end <= len(source)
        end = place.end
        assert not (source[place.start].isspace() or source[place.end - 1].isspace()) or block.kind == "code"
        assert plain(block.text) in plain(source[place.start : place.end])
        assert place.line == 1 + len(re.findall(r"\r\n?|\n", source[: place.start]))


def plain(text: str) -> str:
    """Return the letters and numbers of a text."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN")


@given(dumps)
@settings(max_examples=200, deadline=None)
def test_no_word_of_a_dump_is_lost(source: str) -> None:
    """Every letter and number of a dump is in a block or is its marker, in order."""
    found = "".join(plain(block.marker) + plain(block.text) for block in text_blocks(source))
    assert found == plain(source)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r", "cp866", "iso8859-5"],
)
@pytest.mark.parametrize("markup", ["", "<html><body><p>"])
def test_cyrillic_is_decoded_without_a_declaration(encoding: str, markup: str) -> None:
    """Eight encodings of Russian, and UTF-16 and -32 with and without a mark."""
    text = "Остеопороз развивается годами и долго не имеет признаков. Больной узнает о нем после перелома.\n"
    decoded = decode((markup + text * 3).encode(encoding))
    assert decoded.text == markup + text * 3
    assert not decoded.doubt


@pytest.mark.parametrize(
    "encoding", ["windows-1251", "koi8-r", "shift_jis", "gb2312", "big5", "euc-kr", "windows-1252"]
)
def test_declared_charset_is_used(encoding: str) -> None:
    """A declared charset decodes even a short text."""
    text = {
        "shift_jis": "お茶を飲む",
        "gb2312": "喝茶",
        "big5": "喝茶的人",
        "euc-kr": "차를 마시다",
        "windows-1252": "thé à la crème",
    }
    page = f'<meta charset="{encoding}"><p>{text.get(encoding, "Чай полезен")}</p>'
    decoded = decode(page.encode(encoding))
    assert decoded.text == page
    assert not decoded.doubt


def test_lying_charset_is_found_out() -> None:
    """A page whose bytes contradict its declaration is read by its bytes, and that is said."""
    page = '<meta charset="iso-8859-1"><p>Чай полезен для здоровья, если пить его в меру.</p>'
    document = read_page(page.encode("cp1251"))
    assert document.blocks[0].text.startswith("Чай полезен")
    assert [finding.code for finding in document.findings] == ["encoding-doubtful"]
    assert read_page(page.encode()).source.encoding == "utf-8"
    assert not read_page(page.encode()).findings


def test_surrogates_do_not_reach_the_record() -> None:
    """Halves of surrogate pairs are replaced, pairs put together, in text, JSON-LD, name and address."""
    script = '<script type="application/ld+json">{"@type":"Article","author":"\\ud800x y"}</script>'
    page = f"<p>a\ud800b \ud83d\ude00</p>{script}"
    document = read_page(page, name="caf\udce9.html", url="http://a/\udce9")
    check(document)
    assert document.blocks[0].text == "a\ufffdb 😀"
    assert [finding.code for finding in document.findings] == ["encoding-doubtful"]
    assert document.source.name == r"caf\xe9.html"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"", "empty-page"),
        (b" \n\t", "empty-page"),
        (b"\xef\xbb\xbf", "empty-page"),
        (b"<html><body></body></html>", "empty-page"),
        (b"%PDF-1.4", "not-a-page"),
        (bytes(range(256)) * 8, "not-a-page"),
        (b"\0" * 1000, "not-a-page"),
        (b"\x1f\x8b\x08" + b"x" * 50, "not-a-page"),
    ],
)
def test_what_is_no_page_has_no_blocks(page: bytes, code: str) -> None:
    """Empty pages and binary files have a finding and nothing else."""
    document = read_page(page, name="a.html")
    assert [finding.code for finding in document.findings] == [code]
    assert not document.blocks


HOSTILE = {
    "nested divs": "<div>" * 100_000 + "x",
    "nested lists": "<ul><li>" * 50_000 + "x",
    "nested tables": "<table><tr><td>" * 20_000 + "x",
    "entities": "<p>" + "&amp;" * 200_000,
    "one entity": "<p>&" + "a" * 1_000_000,
    "attributes": "<p " + " ".join(f"a{i}" for i in range(50_000)) + ">x",
    "long line": "word " * 1_000_000,
    "breaks": "<p>" + "x<br>" * 50_000,
    "broken items": "<p>" + "- x<br>" * 20_000,
    "open comments": "<p>x" + "<!--" * 100_000,
    "brackets": "<p>x" + "<" * 1_000_000,
    "blank lines": "\n" * 400_000 + "x",
    "dashes": "- " * 500_000 + "x",
    "bullets": "- x\n" * 20_000,
    "numbers": "1. x\n" * 20_000,
    "pipes": "|" * 500_000 + "\n" + "a|b\n" * 20_000,
    "fences": "```\n" * 20_001,
    "spans": "<table><tr>" + "<td colspan=99999999>x" * 3_000,
    "control": "<p>" + "\u200b\u00ad" * 300_000 + "x",
    "JSON-LD": '<p>x<script type="application/ld+json">' + "[" * 200_000 + "</script>",
}


SWALLOWED = {
    "nested inline": "<b>x" * 20_000,
    "nested paragraphs": "<p>x" * 20_000,
    "open quotes": "<a href='x " * 20_000 + "x" * 50,
    "open quotes, closed tags": "<a href='x>" * 20_000 + "x" * 50,
    "open tags": "<a " * 20_000 + "x" * 50,
    "ends": "<p>x" * 100 + "</b>" * 20_000,
}


@pytest.mark.parametrize("page", SWALLOWED.values(), ids=SWALLOWED.keys())
def test_second_parser_is_linear(page: str) -> None:
    """What makes html.parser quadratic is taken out before it reads a page that a comment swallowed."""
    document = read_page("<html><!-- " + page, name="a.html")
    check(document)


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_are_read(page: str) -> None:
    """Pages made to cost time or the stack are read like others."""
    document = read_page(page)
    check(document)
    assert document.blocks


@pytest.mark.parametrize(
    "page",
    [
        "<p>x" * 5_001,
        "<p>" + "".join(f"<b id={i}>" for i in range(3_000)) + "<p>x" * 3_000,
        "".join(f"<body a{i}>" for i in range(5_000)),
        "x<br>" * 50_001,
        "x\n" * 5_001,
        "\n" * 500_001 + "x",
    ],
    ids=["blocks", "formatting", "bodies", "tags", "blocks of text", "lines"],
)
def test_too_large_pages_are_refused(page: str) -> None:
    """Pages beyond the bounds are refused, with the reason."""
    document = read_page(page, options=ReadOptions(max_tags=50_000, max_blocks=5_000))
    assert [finding.code for finding in document.findings] == ["too-large"]
    assert not document.blocks


def test_bytes_are_bounded() -> None:
    """A page with more bytes than the options allow is not even decoded."""
    document = read_page(b"x" * 1000, options=ReadOptions(max_bytes=999))
    assert [finding.code for finding in document.findings] == ["too-large"]


def test_estimate_is_not_below_the_tree() -> None:
    """Formatting elements that are opened again are counted, and common markup is let through."""
    page = "<p>" + "".join(f"<b id={i}>" for i in range(50)) + "<p>x" * 50
    _, tree = html_blocks(page)
    assert estimated_nodes(page) * 2 >= sum(1 for _ in tree.descendants)
    assert not too_much_markup("<p><a href=x><b>tea</b></a></p>" * 100_000, 1_000_000)


def test_depth_of_elements_is_capped() -> None:
    """Deeper elements share the ancestor at the greatest depth; the text is there all the same."""
    blocks, _ = html_blocks("<div>" * 1000 + "<p>deep</p>")
    assert blocks[0].text == "deep"
    assert blocks[0].markup is not None
    assert blocks[0].markup.element.depth == DEPTH


def test_depth_is_capped_in_the_second_parser() -> None:
    """A page that only the second parser can read has the same bound."""
    document = read_page("<html><!-- " + "<details><div>a word " * 500, name="a.html")
    assert len(document.blocks) == 500
    check(document)


def test_markup_counts() -> None:
    """Links, bold text, images and controls are counted where they belong."""
    page = (
        '<img><p>See <a href="/x">this <b>page</b></a> or <a>that</a>.</p><button>Go</button><input><p><b>All</b></p>'
    )
    blocks, _ = html_blocks(page)
    counts = [
        (m.link_chars, m.links, m.bold_chars, m.images, m.controls) for b in blocks if (m := b.markup) is not None
    ]
    assert counts == [(8, 1, 4, 1, 0), (0, 0, 0, 0, 1), (0, 0, 3, 0, 1)]


def test_lines_and_columns_of_elements() -> None:
    """An element knows where its start tag stands, a block on which line its text begins."""
    blocks, _ = html_blocks("<body>\n  <!-- a\n b -->\n  <p class=x>\n\n text</p>\nmore")
    assert [block.place.line for block in blocks] == [6, 7]
    assert blocks[0].markup is not None
    assert (blocks[0].markup.element.line, blocks[0].markup.element.column) == (4, 2)


@given(names)
@settings(max_examples=500, deadline=None)
def test_ids_are_safe_and_reversible(name: str) -> None:
    """An id is a relative path that any file system takes, and the name can be read from it."""
    ident = page_id(name, keep_ending=True)
    for part in ident.split("/"):
        assert 0 < len(part.encode()) <= 250
        assert part[0] not in ". "
        assert part[-1] not in ". "
        assert not set(part) & set('<>:"\\|?*\0\n\r')
        assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d) *(\.|$)", part, re.IGNORECASE)
    if "%~" not in ident:
        assert page_name(ident) == name
        short = page_name(page_id(name)) if "%~" not in page_id(name) else name
        assert name.startswith(short)


@given(st.lists(names, unique=True, min_size=2, max_size=6))
@settings(max_examples=200, deadline=None)
def test_names_share_no_id(several: list[str]) -> None:
    """Different names have different ids."""
    assert len({page_id(name, keep_ending=True) for name in several}) == len(several)


def test_long_names_keep_their_beginning() -> None:
    """A name too long for a file system is cut, carries a hash and says that it cannot be read back."""
    first, second = page_id("a/" + "x" * 300 + "1.html"), page_id("a/" + "x" * 300 + "2.html")
    assert first != second
    assert first.startswith("a/xxx")
    with pytest.raises(ValueError, match="too long"):
        page_name(first)
    assert file_key("Tea/É") == file_key("tea/e\u0301")


def test_id_without_a_name_is_a_hash() -> None:
    """Without a name the id is the beginning of the page's hash."""
    document = read_page("tea")
    assert document.id == document.source.sha256[:16]


def test_fingerprint_depends_on_the_options() -> None:
    """Another bound is another fingerprint; the same options have the same one in any process."""
    assert fingerprint(ReadOptions()) == fingerprint(ReadOptions())
    assert fingerprint(ReadOptions()) != fingerprint(ReadOptions(max_blocks=5))
