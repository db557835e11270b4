r"""Reader of marked pages (tests/cases/sections/*/*.page): what a page shows, and the label that each block should get.

A file begins with `kind:` (html or text), `title:` and `about:`, then one block a line: label | tag | text.
Tags: h1–h6 a heading; b a paragraph that is bold as a whole and a heading, bp one
that is none; h2p a heading tag that holds prose; p, li, li2,
table, q, cap as they say; bli a bold list item that is a heading; num a numbered list item. In a dump `line`
is a line, `head` a line that should be found to be a heading. `\\n` and `\\t` in a text stand for themselves.
What the fields should hold stands in braces: `{=a sentence}` is the definition, `{words}` an item of the list that
belongs to the block's label.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.document import Block, Document
from pipeline.record import Kind, PageSource, Place

KINDS: dict[str, Kind] = {"li": "list_item", "li2": "list_item", "cap": "caption", "table": "table", "q": "quote"}
MARK = re.compile(r"\{(=?)([^{}]+)\}")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "b", "bli", "head")


@dataclass(frozen=True)
class MarkedPage:
    """A page with the label that each block should get, which blocks are headings, and what the fields should hold.

    `items` are pairs of label and text; `definition` is empty where the page has none.
    """

    name: str
    about: str
    document: Document
    labels: tuple[str, ...]
    headings: tuple[bool, ...]
    items: tuple[tuple[str, str], ...] = ()
    definition: str = ""


def read_page(path: Path) -> MarkedPage:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = dict(line.split(": ", 1) for line in lines[:3])
    rows = [tuple(part.strip() for part in line.split(" | ", 2)) for line in lines[3:] if line.strip()]
    blocks = tuple(
        _block(tag, MARK.sub(r"\2", text).replace("\\n", "\n").replace("\\t", "\t")) for _, tag, text in rows
    )
    marked = [(label, *found.groups()) for label, _, text in rows for found in MARK.finditer(text)]
    kind: Literal["html", "text"] = "html" if head["kind"] == "html" else "text"
    source = PageSource(name=path.name, url=None, sha256="0" * 64, kind=kind, encoding="str")
    document = Document(
        id=path.stem, source=source, title=head["title"], language="en", blocks=blocks, stages=("read", "strip")
    )
    labels = tuple(label for label, _, _ in rows)
    return MarkedPage(
        path.stem,
        head["about"],
        document,
        labels,
        tuple(tag in HEADINGS for _, tag, _ in rows),
        tuple((label, text) for label, is_definition, text in marked if not is_definition),
        next((text for _, is_definition, text in marked if is_definition), ""),
    )


def _block(tag: str, text: str) -> Block:
    if tag[0] == "h" and tag[1:2].isdigit():
        return Block("heading", text, level=int(tag[1]), place=Place(path=f"html/body/div/{tag[:2]}"))
    if tag in ("b", "bp"):
        return Block("paragraph", text, place=Place(path="html/body/div/p/strong"))
    if tag == "bli":
        return Block("list_item", text, level=1, marker="1.", place=Place(path="html/body/div/ol/li/b"))
    if tag == "num":
        marker, _, rest = text.partition(" ")
        return Block("list_item", rest, level=1, marker=marker)
    level = {"li": 1, "li2": 2, "table": 1}.get(tag, 0)
    return Block(KINDS.get(tag, "paragraph"), text, level=level, marker="•" if tag.startswith("li") else "")
