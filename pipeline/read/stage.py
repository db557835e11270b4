"""The door of `read`: bytes or text → Document."""

import hashlib
from dataclasses import dataclass

from pipeline.document import Block, Document
from pipeline.record import PageSource, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Options of reading."""


def read_page(
    data: bytes | str, *, name: str | None = None, url: str | None = None, options: ReadOptions | None = None
) -> Document:
    """Read a page, HTML or plain text, into blocks."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    source = PageSource(name, url, hashlib.sha256(raw).hexdigest(), "text", "utf-8")
    blocks, position = [], 0
    for line, part in enumerate(text.split("\n"), 1):
        if part.strip():
            blocks.append(Block("paragraph", part.strip(), place=Place(line, position, position + len(part))))
        position += len(part) + 1
    return Document(id=name or source.sha256[:16], source=source, blocks=tuple(blocks), stages=("read",))
