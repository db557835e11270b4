"""The door of `read`: bytes or text → Document."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.document import Block, Document
from pipeline.read.encoding import Decoded, decode, from_text
from pipeline.read.ids import page_id
from pipeline.read.kind import page_kind
from pipeline.record import Finding, PageSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Options of reading.

    Attributes:
        max_bytes: size of a page at most.
        max_tags: tags of an HTML page at most.
        max_lines: lines of a plain text at most.
        max_blocks: blocks of a page at most; what comes behind costs some 0.1 ms a block.
        profiles: files with the profiles of sites, or folders of them.
    """

    max_bytes: int = 20_000_000
    max_tags: int = 1_000_000
    max_lines: int = 500_000
    max_blocks: int = 100_000
    profiles: tuple[Path, ...] = ()


def fingerprint(options: ReadOptions) -> str:
    """Return a hash of what the reading depends on besides the page.

    Raises:
        DataFileError: a profile is broken.
    """
    from pipeline.read.profiles import profiles_digest

    digest = profiles_digest(options.profiles) if options.profiles else ""
    return hashlib.sha256(f"{replace(options, profiles=())!r}{digest}".encode()).hexdigest()


def read_page(
    data: bytes | str, *, name: str | None = None, url: str | None = None, options: ReadOptions | None = None
) -> Document:
    """Read a page, HTML or plain text, into blocks.

    Args:
        data: the page, as bytes or as text decoded already.
        name: its file name; its ending is a hint of what it is, and its id is made of it.
        url: its address; without it the page's own word for it is taken.
        options: bounds.

    Returns:
        The document. A page that cannot be read has no blocks and a finding that says why.

    Raises:
        DataFileError: a profile is broken.
    """
    options = options or ReadOptions()
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    digest = hashlib.sha256(raw).hexdigest()
    source = PageSource(_encodable(name), _encodable(url), digest, "text", "none")
    empty = Document(id=digest[:16] if name is None else page_id(name), source=source, stages=("read",))
    if len(raw) > options.max_bytes:
        return _refused(empty, "too-large", f"The page has {len(raw)} bytes, more than {options.max_bytes}.")
    decoded = from_text(data) if isinstance(data, str) else decode(data)
    empty = msgspec.structs.replace(empty, source=msgspec.structs.replace(source, encoding=decoded.encoding))
    if decoded.refused:
        return _refused(empty, "not-a-page", decoded.refused)
    return _read(empty, decoded, name, options)


def _read(empty: Document, decoded: Decoded, name: str | None, options: ReadOptions) -> Document:
    replace = msgspec.structs.replace
    text = decoded.text
    doubts = (Finding("encoding-doubtful", "warning", decoded.doubt),) if decoded.doubt else ()
    if not text.strip("\0\ufeff \t\r\n\f"):
        return _refused(empty, "empty-page", "The page is empty.")
    kind = page_kind(text, name)
    empty = replace(empty, source=replace(empty.source, kind=kind), findings=doubts)
    if kind == "html":
        return _read_html(empty, text, options)
    from pipeline.read.text_blocks import text_blocks

    if (lines := text.count("\n") + text.count("\r")) > options.max_lines:
        return _refused(empty, "too-large", f"The text has {lines} lines, more than {options.max_lines}.")
    return _with_blocks(empty, text_blocks(text), options)


def _read_html(empty: Document, html: str, options: ReadOptions) -> Document:
    from pipeline.read.embedded import embedded_blocks, is_thin
    from pipeline.read.html_blocks import walk_html
    from pipeline.read.lenient import lenient_blocks
    from pipeline.read.limits import too_much_markup
    from pipeline.read.metadata import read_metadata

    if problem := too_much_markup(html, options.max_tags):
        return _refused(empty, "too-large", problem)
    blocks, tree, dated = walk_html(html, options.max_blocks)
    if is_thin(blocks):
        blocks += embedded_blocks(tree, options.max_blocks)
    if not blocks:
        blocks = lenient_blocks(html, options.max_blocks)
    said = read_metadata(tree, html, blocks, dated, empty.source.url)
    document = msgspec.structs.replace(
        empty,
        source=msgspec.structs.replace(empty.source, url=said.url),
        title=said.title,
        breadcrumb=said.breadcrumb,
        language=said.language,
        metadata=said.metadata,
    )
    if options.profiles:
        document, blocks = _profiled(document, tree, blocks, options)
    return _with_blocks(document, blocks, options)


def _profiled(document: Document, tree: Any, blocks: list[Block], options: ReadOptions) -> tuple[Document, list[Block]]:
    """Put the word of the site's profile, where there is one, on document and blocks."""
    from pipeline.read.profiles import load_profiles, site_of

    site = site_of(load_profiles(options.profiles), document.source.url, document.source.name)
    if site is None:
        return document, blocks
    from pipeline.read.selected import select

    found = select(tree, blocks, site)
    said = document.metadata
    changed = msgspec.structs.replace(
        document,
        title=found.title or document.title,
        metadata=msgspec.structs.replace(said, date=found.date or said.date),
        findings=(*document.findings, *found.findings),
    )
    return changed, found.blocks


def _with_blocks(document: Document, blocks: list[Block], options: ReadOptions) -> Document:
    if len(blocks) > options.max_blocks:
        return _refused(document, "too-large", f"The page has more than {options.max_blocks} blocks.")
    if not blocks:
        return _refused(document, "empty-page", "The page shows no text.")
    return msgspec.structs.replace(document, blocks=tuple(blocks))


def _refused(empty: Document, code: str, message: str) -> Document:
    """Return a document without blocks and the finding that says why."""
    finding = Finding(code, "warning" if code == "empty-page" else "error", message)
    return msgspec.structs.replace(empty, findings=(*empty.findings, finding))


def _encodable(name: str | None) -> str | None:
    r"""Return a name that JSON can hold: bytes that were no UTF-8 are written `\xff`, other surrogates `\ud800`.

    >>> _encodable("caf\udce9.html")
    'caf\\xe9.html'
    """
    if name is None or name.isascii():
        return name
    parts = [char.encode("utf-8", "surrogateescape") if "\udc80" <= char <= "\udcff" else _shown(char) for char in name]
    return b"".join(parts).decode("utf-8", "backslashreplace")


def _shown(char: str) -> bytes:
    return char.encode("utf-8", "backslashreplace")
