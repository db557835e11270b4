"""Plain text of a record: the title, then the blocks, apart by blank lines; list items keep their marks."""

from itertools import pairwise

from pipeline.record import Record, RecordBlock

_INDENT = "  "


def to_text(record: Record) -> str:
    """Return title and blocks as plain text; captions are left out, as in `Record.text`.

    List items stand one below the other, each with its bullet or number and indented by its depth.
    A page without title and blocks gives the empty string.
    """
    blocks = [block for block in record.blocks if block.kind != "caption"]
    parts = [f"{record.title}\n"] if record.title else []
    if record.title and blocks:
        parts.append("\n")
    parts += [f"{_shown(block)}\n{_gap(block, following)}" for block, following in pairwise(blocks)]
    parts += [f"{_shown(block)}\n" for block in blocks[-1:]]
    return "".join(parts)


def _gap(block: RecordBlock, following: RecordBlock) -> str:
    return "" if block.kind == following.kind == "list_item" else "\n"


def _shown(block: RecordBlock) -> str:
    if block.kind != "list_item":
        return block.text
    indent = _INDENT * (max(block.level, 1) - 1)
    mark = f"{indent}{block.marker or '-'} "
    return (mark + block.text.replace("\n", "\n" + " " * len(mark))).rstrip(" ")
