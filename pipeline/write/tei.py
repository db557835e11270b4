"""TEI P5 of a record: a header with what the page says of itself, and a `div` for each section.

A section's label is its `type`, the confidence its `cert`; a list item's mark is its `n`. Characters that
XML cannot hold become U+FFFD.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from pipeline.record import Record, RecordBlock, Section

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"\(?[0-9]{1,9}[.)]?")


def to_tei(record: Record) -> str:
    """Return the record as one TEI document."""
    language = f' xml:lang="{_escaped(record.language)}"' if record.language else ""
    sections = record.sections
    body = "".join(_section(number, section, record.blocks) for number, section in enumerate(sections, 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"{language}>\n{_header(record)}'
        f"<text>\n<body>\n{body or _blocks(record.blocks) or '<ab/>'}</body>\n</text>\n</TEI>\n"
    )


def _header(record: Record) -> str:
    said = record.metadata
    title = _element("title", record.title or record.id)
    author = _element("author", said.author) if said.author else ""
    date = f'<date when="{_escaped(said.date)}">{_escaped(said.date)}</date>' if said.date else ""
    address = f'<ref target="{_escaped(record.source.url)}"/>' if record.source.url else ""
    abstract = f"<abstract><p>{_escaped(said.description)}</p></abstract>" if said.description else ""
    return (
        f"<teiHeader>\n<fileDesc>\n<titleStmt>{title}{author}</titleStmt>\n"
        f"<publicationStmt>{_element('publisher', said.site or 'unknown')}{date}</publicationStmt>\n"
        f"<sourceDesc><bibl>{title}{author}{address}</bibl></sourceDesc>\n</fileDesc>\n"
        f"<encodingDesc><appInfo>{_application()}</appInfo></encodingDesc>\n"
        + (f"<profileDesc>{abstract}</profileDesc>\n" if abstract else "")
        + "</teiHeader>\n"
    )


def _application() -> str:
    return '<application ident="article-pipeline" version="1"><label>article-pipeline</label></application>'


def _section(number: int, section: Section, blocks: Sequence[RecordBlock]) -> str:
    inside = blocks[section.first_block : section.last_block + 1]
    head = ""
    if inside and inside[0].kind == "heading":
        head, inside = f"<head>{_lines(inside[0].text)}</head>\n", inside[1:]
    attributes = f'xml:id="section-{number}" type="{_escaped(section.label)}" cert="{section.confidence:.2f}"'
    return f"<div {attributes}>\n{head}{_blocks(inside)}</div>\n"


def _blocks(blocks: Sequence[RecordBlock]) -> str:
    parts = []
    for is_list, group in groupby(blocks, key=lambda block: block.kind == "list_item"):
        run = list(group)
        parts += [_list(run)] if is_list else [_block(block) for block in run]
    return "".join(parts)


def _block(block: RecordBlock) -> str:
    text = _lines(block.text)
    match block.kind:
        case "heading":  # TEI has heads at the start of a division alone
            return f'<ab type="heading">{text}</ab>\n'
        case "quote":
            return f"<quote><p>{text}</p></quote>\n"
        case "code":
            return f'<ab type="code" xml:space="preserve">{_escaped(block.text)}</ab>\n'
        case "caption":
            return f"<figure><head>{text}</head></figure>\n"
        case "table":
            return _table(block)
        case _:
            return f"<p>{text}</p>\n"


def _table(block: RecordBlock) -> str:
    rows = []
    for number, row in enumerate(block.text.split("\n")):
        cells = "".join(_element("cell", cell) for cell in row.split("\t"))
        role = ' role="label"' if number < block.level else ""
        rows.append(f"<row{role}>{cells}</row>\n")
    return f"<table>\n{''.join(rows)}</table>\n"


def _list(items: Sequence[RecordBlock]) -> str:
    """Return nested lists; an item that skips levels hangs below the one before it."""
    parts: list[str] = []
    open_levels: list[int] = []
    for item in items:
        level = max(item.level, 1)
        while len(open_levels) > 1 and open_levels[-2] >= level:
            open_levels.pop()
            parts.append("</item></list>\n")
        if open_levels and open_levels[-1] >= level:
            open_levels.pop()
            parts.append("</item>\n")
        else:
            parts.append(f'<list rend="{"numbered" if _NUMBER.fullmatch(item.marker) else "bulleted"}">\n')
        open_levels.append(level)
        mark = f' n="{_escaped(item.marker)}"' if item.marker else ""
        parts.append(f"<item{mark}>{_lines(item.text)}")
    return "".join(parts) + "</item></list>\n" * len(open_levels)


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{_escaped(text)}</{tag}>"


def _lines(text: str) -> str:
    return "<lb/>".join(map(_escaped, text.split("\n")))


def _escaped(text: str) -> str:
    """Return text for an element or an attribute."""
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(mark, name)
    return _FORBIDDEN.sub("\ufffd", text).replace("\r", "&#13;")
