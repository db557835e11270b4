"""Formats: each case is a record in TOML (NAME.toml) with the files that it gives (NAME.md, NAME.txt …)."""

import io
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pipeline.errors import UsageError
from pipeline.record import Record, RecordBlock, schema
from pipeline.write.formats import FORMATS, Format
from pipeline.write.markdown import to_markdown
from tests.strategies import records

CASES = Path(__file__).parent / "cases" / "write"
CHECKED = ("markdown", "text", "html")
"""Formats whose whole output is laid down in the cases."""
NAMES = sorted(path.stem for path in CASES.glob("*.toml"))


def record_of(case: dict[str, Any]) -> Record:
    """Return the record that a case describes; what it leaves out is empty."""
    blank: dict[str, Any] = {
        "schema_version": 1,
        "id": "page",
        "source": {"name": "page.html", "url": None, "sha256": "0" * 64, "kind": "html", "encoding": "utf-8"},
        "language": "en",
        "title": "",
        "source_language": None,
        "metadata": {},
        **{key: [] for key in ("stages", "breadcrumb", "blocks", "dropped", "changes", "sections", "findings")},
    }
    blocks = [{"level": 0, "marker": "", "place": {}, **block} for block in case.get("blocks", [])]
    return msgspec.convert({**blank, **case, "blocks": blocks}, Record)


def test_every_case_has_both_halves() -> None:
    """A file without its other half tests nothing, so it fails."""
    endings = {FORMATS[name].ending for name in CHECKED if name in FORMATS}
    there = {path.name for path in CASES.iterdir()}
    assert there == {f"{name}{ending}" for name in NAMES for ending in {".toml", *endings}}


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize("name", [name for name in CHECKED if name in FORMATS])
def test_golden_output(case: str, name: str) -> None:
    """A record gives exactly the file that lies beside it."""
    render = FORMATS[name].render
    assert render is not None
    shown = render(record_of(tomllib.loads((CASES / f"{case}.toml").read_text(encoding="utf-8"))))
    path = CASES / f"{case}{FORMATS[name].ending}"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == path.read_text(encoding="utf-8")


def front_matter_of(markdown: str) -> dict[str, Any]:
    head = markdown.removeprefix("---\n").partition("\n---\n")[0]
    value: dict[str, Any] = yaml.safe_load(head)
    return value


@given(records())
def test_front_matter_is_read_back_by_yaml(record: Record) -> None:
    """Whatever a title holds, a YAML reader gets it back as the same string."""
    head = front_matter_of(to_markdown(record))
    assert head["title"] == record.title
    assert head["breadcrumb"] == list(record.breadcrumb)
    assert head["sections"] == [section.label for section in record.sections]
    assert head["language"] == record.language
    assert head["source"] == (record.source.url or record.source.name)
    assert head["findings"] == len(record.findings)


READER = MarkdownIt("commonmark").enable("table")


def read_markdown(markdown: str) -> list[tuple[str, int, str]]:
    """Return (kind, level, text) of each block as an independent reader of Markdown sees it."""
    body = markdown.removeprefix("---\n").partition("\n---\n")[2]
    found: list[tuple[str, int, str]] = []

    def walk(node: SyntaxTreeNode, depth: int) -> None:
        for child in node.children:
            match child.type:
                case "heading":
                    found.append(("heading", int(child.tag[1]), words(child)))
                case "paragraph":
                    found.append((kind_of(child), depth, words(child)))
                case "bullet_list" | "ordered_list":
                    walk(child, depth + 1)
                case "list_item":
                    if not child.children or child.children[0].type != "paragraph":
                        found.append(("list_item", depth, ""))
                    walk(child, depth)
                case "blockquote":
                    found.append(("quote", 0, " ".join(words(part) for part in child.children)))
                case "fence":
                    found.append(("code", 0, child.content))
                case "table":
                    rows = [row for part in child.children for row in part.children]
                    cells = ["\t".join(words(cell) for cell in row.children) for row in rows]
                    found.append(("table", 0, "\n".join(cells)))
                case other:
                    found.append((other, depth, child.content))

    walk(SyntaxTreeNode(READER.parse(body)), 0)
    return found


def kind_of(paragraph: SyntaxTreeNode) -> str:
    inline = paragraph.children[0].children
    if len(inline) == 1 and inline[0].type == "em":
        return "caption"
    return "list_item" if paragraph.parent is not None and paragraph.parent.type == "list_item" else "paragraph"


def words(node: SyntaxTreeNode) -> str:
    """Return the text that a reader shows; any markup in it but a break or a caption's emphasis shows by name."""
    if node.type == "text":
        return node.content
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    inner = "".join(words(child) for child in node.children)
    return inner if node.type in {"inline", "paragraph", "heading", "em", "td", "th"} else f"<{node.type}>{inner}"


def expected(record: Record) -> list[tuple[str, int, str]]:
    """Return the blocks that a reader of the Markdown should see."""
    shift = 1 if any(b.kind == "heading" and b.level < 2 for b in record.blocks) else 0
    seen = [("heading", 1, one_line(record.title))] if record.title.strip() else []
    stack: list[int] = []
    for block in record.blocks:
        stack = stack if block.kind == "list_item" else []
        if block.kind == "code":
            seen.append(("code", 0, block.text + "\n"))
        elif block.kind == "list_item":
            while stack and stack[-1] >= max(block.level, 1):
                stack.pop()
            stack.append(max(block.level, 1))
            plain = not any(map(str.isalnum, block.marker)) or re.fullmatch(r"[0-9]{1,9}[.)]?", block.marker)
            seen.append(("list_item", len(stack), one_line(block.text if plain else f"{block.marker} {block.text}")))
        elif block.kind == "heading" and block.text.strip():
            seen.append(("heading", min(max(block.level, 1) + shift, 6), one_line(block.text)))
        elif block.kind == "table" and block.text.strip():
            seen.append(("table", 0, grid(block)))
        elif block.text.strip():
            seen.append((block.kind, 0, one_line(block.text)))
    return seen


def grid(block: RecordBlock) -> str:
    rows = [[cell.strip() for cell in row.split("\t")] for row in block.text.split("\n")]
    width = max(map(len, rows))
    rows = [[""] * width] * (block.level == 0) + rows
    return "\n".join("\t".join(row + [""] * (width - len(row))) for row in rows)


def one_line(text: str) -> str:
    return " ".join(text.split())


@given(records())
def test_markdown_reads_back(record: Record) -> None:
    """A reader of CommonMark sees the record's blocks, levels and texts, and no markup that was none."""
    seen = [
        (kind, level, text if kind in {"code", "table"} else one_line(text))
        for kind, level, text in read_markdown(to_markdown(record))
    ]
    assert seen == expected(record)


@given(st.lists(records(), max_size=3))
def test_jsonl_is_a_line_a_record(pages: list[Record]) -> None:
    """Each line is one record, whatever line breaks its texts hold."""
    stream = io.BytesIO()
    FORMATS["jsonl"].write(pages, stream)
    lines = stream.getvalue().split(b"\n")
    assert lines.pop() == b""
    assert [Record.from_json(line) for line in lines] == pages


@given(records())
def test_json_follows_the_schema_and_reads_back(record: Record) -> None:
    """The default format is valid by the published schema and loses nothing."""
    written = FORMATS["json"].render
    assert written is not None
    jsonschema.validate(json.loads(written(record)), schema())
    assert Record.from_json(written(record)) == record


def test_the_default_comes_first() -> None:
    """`--format` without a choice writes JSON."""
    assert next(iter(FORMATS)) == "json"


def test_a_missing_module_is_named_with_its_extra() -> None:
    """A format whose module is not installed says which extra brings it, before any page is read."""
    absent = Format(name="absent", ending=".x", scope="run", help="", requires=("no_such_module",))
    with pytest.raises(UsageError, match=r"no_such_module.*\[formats\]"):
        absent.check()
    FORMATS["json"].check()
