"""HTML of a record: one clean page, each section an element with its label, all text escaped."""

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from pipeline.record import Record, RecordBlock, Section


def to_html(record: Record) -> str:
    """Return the record as an HTML page without scripts and styles.

    Sections carry label and confidence as data attributes. The title is the only h1: headings to which
    the page gave level 1 move down with all others.
    """
    shift = 1 if min((b.level for b in record.blocks if b.kind == "heading"), default=2) < 2 else 0
    body = "".join(_section(number, section, record.blocks, shift) for number, section in enumerate(record.sections, 1))
    if not record.sections:
        body = "".join(_blocks(record.blocks, shift))
    language = f' lang="{escape(record.language)}"' if record.language else ""
    return (
        f"<!DOCTYPE html>\n<html{language}>\n<head>\n{_head(record)}</head>\n<body>\n{_trail(record)}"
        f"<article>\n{_title(record)}{body}</article>\n</body>\n</html>\n"
    )


def _head(record: Record) -> str:
    said = record.metadata
    lines = ['<meta charset="utf-8">', f"<title>{escape(record.title) or escape(record.id)}</title>"]
    named = {"author": said.author, "description": said.description, "date": said.date, "generator": "article-pipeline"}
    lines += [f'<meta name="{name}" content="{escape(value)}">' for name, value in named.items() if value]
    if record.source.url:
        lines.append(f'<link rel="canonical" href="{escape(record.source.url)}">')
    return "".join(line + "\n" for line in lines)


def _trail(record: Record) -> str:
    if not record.breadcrumb:
        return ""
    steps = "".join(f"<li>{escape(step)}</li>" for step in record.breadcrumb)
    return f'<nav aria-label="Breadcrumb"><ol>{steps}</ol></nav>\n'


def _title(record: Record) -> str:
    return f"<h1>{escape(record.title)}</h1>\n" if record.title else ""


def _section(number: int, section: Section, blocks: Sequence[RecordBlock], shift: int) -> str:
    inside = "".join(_blocks(blocks[section.first_block : section.last_block + 1], shift))
    label = f'data-label="{escape(section.label)}" data-confidence="{section.confidence:.2f}"'
    return f'<section id="section-{number}" {label}>\n{inside}</section>\n'


def _blocks(blocks: Sequence[RecordBlock], shift: int) -> list[str]:
    parts: list[str] = []
    for is_list, group in groupby(blocks, key=lambda block: block.kind == "list_item"):
        run = list(group)
        parts += [_list(run)] if is_list else [_block(block, shift) for block in run]
    return parts


def _block(block: RecordBlock, shift: int) -> str:
    match block.kind:
        case "heading":
            level = min(max(block.level, 1) + shift, 6)
            return f"<h{level}>{_lines(block.text)}</h{level}>\n"
        case "quote":
            return f"<blockquote><p>{_lines(block.text)}</p></blockquote>\n"
        case "code":
            return f"<pre><code>{escape(block.text)}</code></pre>\n"
        case "caption":
            return f"<figure><figcaption>{_lines(block.text)}</figcaption></figure>\n"
        case "table":
            return _table(block)
        case _:
            return f"<p>{_lines(block.text)}</p>\n"


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.split("\n")))


def _table(block: RecordBlock) -> str:
    rows = [row.split("\t") for row in block.text.split("\n")]
    width = max(map(len, rows))
    parts = []
    for number, row in enumerate(rows):
        cell = "th" if number < block.level else "td"
        cells = "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row + [""] * (width - len(row)))
        parts.append(f"<tr>{cells}</tr>\n")
    head, body = "".join(parts[: block.level]), "".join(parts[block.level :])
    return (
        "<table>\n"
        + (f"<thead>\n{head}</thead>\n" if head else "")
        + (f"<tbody>\n{body}</tbody>\n" if body else "")
        + "</table>\n"
    )


def _list(items: Sequence[RecordBlock]) -> str:
    """Return nested lists; an item that skips levels hangs below the one before it."""
    parts: list[str] = []
    stack: list[tuple[int, str]] = []  # level and tag of the open lists; the last item of each is open
    for item in items:
        level, (tag, attribute) = max(item.level, 1), _list_tag(item.marker)
        while len(stack) > 1 and stack[-2][0] >= level:
            parts.append(f"</li></{stack.pop()[1]}>\n")
        if stack and stack[-1][0] >= level:  # beside the last item, in its list or in one of another kind
            before = stack.pop()[1]
            parts.append("</li>\n" if before == tag else f"</li></{before}>\n<{tag}>\n")
        else:
            parts.append(f"<{tag}>\n")
        stack.append((level, tag))
        keep = tag == "ul" and any(map(str.isalnum, item.marker))
        parts.append(f"<li{attribute}>{_lines(f'{item.marker} {item.text}' if keep else item.text)}")
    parts += [f"</li></{tag}>\n" for _, tag in reversed(stack)]
    return "".join(parts)


def _list_tag(marker: str) -> tuple[str, str]:
    """Return the tag of a list and the attribute that shows a number as the page does."""
    number = re.fullmatch(r"\(?([0-9]{1,9})[.)]?", marker)
    return ("ol", f' value="{int(number[1])}"') if number else ("ul", "")
