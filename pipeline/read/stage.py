"""The door of `read`: bytes or text → Document."""

import hashlib
from dataclasses import dataclass

from pipeline.document import Block, Document
from pipeline.read.html_blocks import html_blocks
from pipeline.record import PageSource, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Options of reading."""


def fingerprint(options: ReadOptions) -> str:
    """Return a hash of what the reading depends on besides the page."""
    return hashlib.sha256(repr(options).encode()).hexdigest()


def read_page(
    data: bytes | str, *, name: str | None = None, url: str | None = None, options: ReadOptions | None = None
) -> Document:
    """Read a page, HTML or plain text, into blocks."""
    options = options or ReadOptions()
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    text = raw.decode("utf-8", "replace")
    digest = hashlib.sha256(raw).hexdigest()
    ident = name or digest[:16]
    if "<" in text and ("</" in text or "<p>" in text):
        blocks, _tree = html_blocks(text)
        source = PageSource(name, url, digest, "html", "utf-8")
        return Document(id=ident, source=source, blocks=tuple(blocks), stages=("read",))
    source = PageSource(name, url, digest, "text", "utf-8")
    blocks, position = [], 0
    for line, part in enumerate(text.split("\n"), 1):
        if part.strip():
            blocks.append(Block("paragraph", part.strip(), place=Place(line, position, position + len(part))))
        position += len(part) + 1
    return Document(id=ident, source=source, blocks=tuple(blocks), stages=("read",))
