"""The document on its way through the stages, and the one place where edits are applied.

A stage looks at a `Document` and returns a `Proposal`; it changes nothing itself. `apply` carries a
proposal out and keeps every step as a `Change` or a `Drop`, so that `undo` and `restore` can take
it back exactly. Text is edited once, by one stage (`repair`): a change never lies on top of another,
its offsets are those of the final text, and taking it back needs no history. A stage that edits in
several passes composes them first (`compose`).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from pipeline.record import (
    SCHEMA_VERSION,
    Change,
    DroppedBlock,
    Finding,
    Kind,
    Metadata,
    PageSource,
    Place,
    Record,
    RecordBlock,
    Section,
)


class Element(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An HTML element above a block, shared by all blocks below it.

    Attributes:
        tag: lower-case tag name.
        parent: the element above, None for the root.
        depth: 0 for the root.
        names: its id and classes as written, separated by spaces.
        role: its ARIA role (or itemprop/property where it has no role), otherwise empty.
        hidden: whether the element itself is hidden (attribute, aria-hidden, inline style, template).
        line: 1-based line of its start tag, None where the parser implied it.
        column: 0-based column of its start tag.
    """

    tag: str
    parent: "Element | None"
    depth: int
    names: str = ""
    role: str = ""
    hidden: bool = False
    line: int | None = None
    column: int | None = None

    def __repr__(self) -> str:  # the generated one would follow `parent` to the root
        return f"Element({self.tag!r}, depth={self.depth}, names={self.names!r})"


class Markup(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What HTML tells of a block beyond its text. Not part of a record.

    Attributes:
        element: the innermost element that holds the whole block.
        link_chars: characters of the block's text that lie inside links.
        links: number of links.
        bold_chars: characters inside b, strong or the like.
        images: images, videos and frames since the block before.
        controls: buttons, inputs and selects in or just before the block.
        profile: what the site's profile says of it: keep, drop, comments, title or date; empty where it
            says nothing.
    """

    element: Element
    link_chars: int = 0
    links: int = 0
    bold_chars: int = 0
    images: int = 0
    controls: int = 0
    profile: str = ""


class Block(msgspec.Struct, frozen=True, gc=False):
    """A piece of the page that a reader sees as one: see `pipeline.record.RecordBlock` for the fields."""

    kind: Kind
    text: str
    level: int = 0
    marker: str = ""
    place: Place = Place()
    markup: Markup | None = None


class Edit(msgspec.Struct, frozen=True):
    """A proposed replacement of `text[start:end]` in a block (None: the title) by `after`."""

    block: int | None
    start: int
    end: int
    after: str
    reason: str


class Drop(msgspec.Struct, frozen=True):
    """A block left out: proposed with `index` into the blocks, kept with the index it stands before.

    `score` is the scorer's probability that the block is content, None where a rule decided.
    """

    index: int
    reason: str
    score: float | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a stage would do to a document. None leaves a field as it is."""

    stage: str
    edits: Sequence[Edit] = ()
    drops: Sequence[Drop] = ()
    findings: Sequence[Finding] = ()
    title: str | None = None
    breadcrumb: tuple[str, ...] | None = None
    language: str | None = None
    source_language: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A page as the stages see it.

    Attributes:
        id: name of the output file without its ending, safe on every file system.
        source: the page it was read from.
        title: the title, once; it is no block.
        breadcrumb: the page's place in its site, outermost first.
        language: ISO 639-1 code of the content, None while unknown.
        source_language: the language it was probably translated from, None while unknown.
        metadata: what the page says of itself.
        blocks: the blocks kept so far, in order.
        drops: the blocks dropped so far; `index` is the kept block that each stood before.
        changes: the changes applied so far, stage by stage, in the order of blocks and offsets.
        findings: what the stages found.
        stages: the stages that it has been through.
    """

    id: str
    source: PageSource
    title: str = ""
    breadcrumb: tuple[str, ...] = ()
    language: str | None = None
    source_language: str | None = None
    metadata: Metadata = Metadata()
    blocks: tuple[Block, ...] = ()
    drops: tuple[Drop, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    stages: tuple[str, ...] = ()

    @staticmethod
    def from_paragraphs(title: str, paragraphs: Iterable[str]) -> "Document":
        """Make a document of text that the caller has already: one paragraph block each, nothing to strip.

        >>> Document.from_paragraphs("Tea", ["It is hot."]).blocks[0].text
        'It is hot.'
        """
        import hashlib

        texts = tuple(paragraphs)
        digest = hashlib.sha256("\n\n".join((title, *texts)).encode("utf-8", "surrogatepass")).hexdigest()
        source = PageSource(name=None, url=None, sha256=digest, kind="text", encoding="str")
        blocks = tuple(Block(kind="paragraph", text=text) for text in texts)
        return Document(id=digest[:16], source=source, title=title, blocks=blocks, stages=("read", "strip"))

    def to_record(self, sections: Sequence[Section] = ()) -> Record:
        """Return the record of the document as it stands, with the given sections."""
        return Record(
            schema_version=SCHEMA_VERSION,
            id=self.id,
            source=self.source,
            stages=self.stages,
            language=self.language,
            source_language=self.source_language,
            title=self.title,
            breadcrumb=self.breadcrumb,
            metadata=self.metadata,
            blocks=tuple(RecordBlock(b.kind, b.level, b.text, b.marker, b.place) for b in self.blocks),
            dropped=tuple(
                DroppedBlock(d.block.text, d.reason, d.block.kind, d.index, d.block.place)
                for d in self.drops
                if d.block is not None
            ),
            changes=self.changes,
            sections=tuple(sections),
            findings=self.findings,
        )

    @staticmethod
    def from_record(record: Record) -> "Document":
        """Return the document that a record was written from; the sections and the markup are not part of it."""
        return Document(
            id=record.id,
            source=record.source,
            title=record.title,
            breadcrumb=record.breadcrumb,
            language=record.language,
            source_language=record.source_language,
            metadata=record.metadata,
            blocks=tuple(Block(b.kind, b.text, b.level, b.marker, b.place) for b in record.blocks),
            drops=tuple(Drop(d.before, d.reason, None, Block(d.kind, d.text, 0, "", d.place)) for d in record.dropped),
            changes=record.changes,
            findings=record.findings,
            stages=record.stages,
        )


def apply(document: Document, proposal: Proposal) -> Document:
    """Carry out a proposal and return the new document, with every step kept.

    Raises:
        ValueError: a fault of the stage, not of the page: edits that overlap, reach outside their
            text, lie in a dropped block or in text that was edited before; a block dropped twice.
    """
    if proposal.stage in document.stages:
        raise ValueError(f"stage {proposal.stage} was applied already")
    replace = msgspec.structs.replace
    document = replace(
        document,
        title=document.title if proposal.title is None else proposal.title,
        breadcrumb=document.breadcrumb if proposal.breadcrumb is None else proposal.breadcrumb,
        language=proposal.language or document.language,
        source_language=proposal.source_language or document.source_language,
        findings=(*document.findings, *proposal.findings),
        stages=(*document.stages, proposal.stage),
    )
    return _without(_edited(document, proposal.stage, proposal.edits), proposal.drops)


def undo(document: Document) -> Document:
    """Take back every change of text: title and blocks are exactly as before `repair`.

    Dropped blocks stay dropped; `restore` puts them back.
    """
    title, blocks = document.title, list(document.blocks)
    for number, changes in _grouped(document.changes).items():
        before = _splice(_text_of(document, number), [(c.start, c.end, c.before) for c in changes])
        if number is None:
            title = before
        else:
            blocks[number] = msgspec.structs.replace(blocks[number], text=before)
    edited = {change.stage for change in document.changes}
    first = min((i for i, stage in enumerate(document.stages) if stage in edited), default=len(document.stages))
    return msgspec.structs.replace(
        document, title=title, blocks=tuple(blocks), changes=(), stages=document.stages[:first]
    )


def restore(document: Document) -> tuple[Block, ...]:
    """Return kept and dropped blocks together in the order of the page: all blocks that were read."""
    blocks: list[Block] = []
    drops = deque(document.drops)
    for index in range(len(document.blocks) + 1):
        while drops and drops[0].index <= index:
            if (block := drops.popleft().block) is not None:
                blocks.append(block)
        blocks += document.blocks[index : index + 1]
    return tuple(blocks)


def compose(first: Sequence[Edit], second: Sequence[Edit], text: str) -> list[Edit]:
    """Return the edits of `text` that do at once what `first` and then `second` do.

    Args:
        first: edits of `text`, one block, sorted and apart.
        second: edits of the text that `first` makes of it, sorted and apart.
        text: the text before both.

    Returns:
        Edits of `text`, sorted and apart. Where an edit of `second` meets one of `first`, both
        become one whose reason names both, joined by `+`.

    >>> [(e.start, e.end, e.after, e.reason) for e in compose(
    ...     [Edit(0, 0, 1, "bc", "x")], [Edit(0, 1, 3, "CD", "y")], "a d e")]
    [(0, 2, 'bCD', 'x+y')]
    """
    middle = _splice(text, [(e.start, e.end, e.after) for e in first])
    # Each span: (start, end) in `middle`, what stands there before `first` and after `second`.
    lower = deque((c.start, c.end, c.before, c.reason) for c in _as_changes("", None, first, text))
    composed: list[Edit] = []
    shift = 0  # offset in `middle` minus offset in `text`, at the position reached
    upper = deque(second)
    while lower or upper:
        group_lower: list[tuple[int, int, str, str]] = []
        group_upper: list[Edit] = []
        start = min(([lower[0][0]] if lower else []) + ([upper[0].start] if upper else []))
        end = start
        while True:  # take what meets the span so far; touching counts, so that no order is lost
            if lower and lower[0][0] <= end:
                group_lower.append(lower.popleft())
                end = max(end, group_lower[-1][1])
            elif upper and upper[0].start <= end:
                group_upper.append(upper.popleft())
                end = max(end, group_upper[-1].end)
            else:
                break
        before = _splice(middle[start:end], [(s - start, e - start, b) for s, e, b, _ in group_lower])
        after = _splice(middle[start:end], [(e.start - start, e.end - start, e.after) for e in group_upper])
        origin = start - shift
        reasons = [low[3] for low in group_lower] + [edit.reason for edit in group_upper]
        block = (group_upper or first)[0].block
        if len(group_lower) + len(group_upper) == 1 or before != after:
            composed.append(Edit(block, origin, origin + len(before), after, "+".join(dict.fromkeys(reasons))))
        shift += (end - start) - len(before)
    return composed


def _edited(document: Document, stage: str, edits: Sequence[Edit]) -> Document:
    title, blocks, changes = document.title, list(document.blocks), list(document.changes)
    touched = {change.block for change in changes}
    by_block: dict[int | None, list[Edit]] = {}
    for edit in edits:
        by_block.setdefault(edit.block, []).append(edit)
    for number, own in by_block.items():
        if number in touched:
            raise ValueError(f"the text of block {number} was edited before")
        if number is not None and not 0 <= number < len(blocks):
            raise ValueError(f"an edit names block {number}, which is not there")
        text = _text_of(document, number)
        own.sort(key=lambda e: (e.start, e.end))
        _check(text, own)
        after = _splice(text, [(e.start, e.end, e.after) for e in own])
        changes += _as_changes(stage, number, own, text)
        if number is None:
            title = after
        else:
            blocks[number] = msgspec.structs.replace(blocks[number], text=after)
    changes.sort(key=lambda c: (-1 if c.block is None else c.block, c.start))
    return msgspec.structs.replace(document, title=title, blocks=tuple(blocks), changes=tuple(changes))


def _without(document: Document, drops: Sequence[Drop]) -> Document:
    """Move dropped blocks out and renumber what points at blocks."""
    if not drops:
        return document
    reasons = {drop.index: drop for drop in drops}
    if len(reasons) != len(drops):
        raise ValueError("a block is dropped twice")
    if reasons.keys() & {change.block for change in document.changes}:
        raise ValueError("a block is both edited and dropped")
    if not all(0 <= index < len(document.blocks) for index in reasons):
        raise ValueError("a drop names a block that is not there")
    kept: list[Block] = []
    number: list[int | None] = []  # old index → new index
    out: list[Drop] = []
    earlier = deque(document.drops)
    for index, block in enumerate(document.blocks):
        while earlier and earlier[0].index <= index:
            out.append(msgspec.structs.replace(earlier.popleft(), index=len(kept)))
        if (drop := reasons.get(index)) is None:
            number.append(len(kept))
            kept.append(block)
        else:
            number.append(None)
            out.append(msgspec.structs.replace(drop, index=len(kept), block=block))
    out += [msgspec.structs.replace(drop, index=len(kept)) for drop in earlier]
    changes = tuple(msgspec.structs.replace(c, block=_moved(number, c.block)) for c in document.changes)
    findings = tuple(msgspec.structs.replace(f, block=_moved(number, f.block)) for f in document.findings)
    return msgspec.structs.replace(document, blocks=tuple(kept), drops=tuple(out), changes=changes, findings=findings)


def _moved(number: Sequence[int | None], index: int | None) -> int | None:
    return None if index is None else number[index]


def _grouped(changes: Sequence[Change]) -> dict[int | None, list[Change]]:
    groups: dict[int | None, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.block, []).append(change)
    return groups


def _text_of(document: Document, number: int | None) -> str:
    return document.title if number is None else document.blocks[number].text


def _check(text: str, edits: Sequence[Edit]) -> None:
    end = 0
    for edit in edits:
        if not 0 <= edit.start <= edit.end <= len(text):
            raise ValueError(f"{edit} reaches outside its text of {len(text)} characters")
        if edit.start < end:
            raise ValueError(f"{edit} overlaps the edit before it")
        end = edit.end


def _splice(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Replace the given spans, which are sorted and apart."""
    parts, position = [], 0
    for start, end, after in spans:
        parts += [text[position:start], after]
        position = end
    parts.append(text[position:])
    return "".join(parts)


def _as_changes(stage: str, number: int | None, edits: Sequence[Edit], text: str) -> list[Change]:
    """Return the changes that the edits of `text` are, with offsets in the text after them."""
    changes, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        before = text[edit.start : edit.end]
        changes.append(Change(stage, number, start, start + len(edit.after), before, edit.after, edit.reason))
        shift += len(edit.after) - len(before)
    return changes
