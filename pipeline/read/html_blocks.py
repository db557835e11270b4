"""HTML → blocks: one walk over the tree with an explicit stack.

A block is the text between block-level tags. It is joined as a browser would show it: inline tags
make no space, block tags do. What the walk does not know (is this table laid out or data, is this
line break one that matters) is left to `tables` and `line_breaks`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from turbohtml import Comment, DocumentFragment, Text, parse
from turbohtml import Element as Node

from pipeline.document import Block, Element, Markup
from pipeline.read import lists, tables, tags
from pipeline.read.line_breaks import BULLETS, Line, paragraphs
from pipeline.read.paths import Paths
from pipeline.read.whitespace import collapse
from pipeline.read.whitespace import lines as code_lines
from pipeline.record import Kind, Place

DEPTH: Final = 400
"""Elements deeper than this share the ancestor at this depth; no real page comes near (the deepest of 2,140: 49)."""
DATED: Final = 12
"""Elements named after a date that are looked at."""
NAMES: Final = 300
"""Characters of ids and classes kept of one element."""

_Frame = tuple[str, bool, Element, Kind, int, str, int, int, bool]
"""What to restore behind an element: tag, whether it is a block, and the walk's state around it."""

_KIND_OF: Final[dict[str, tuple[Kind, int]]] = {
    **{tag: ("heading", level) for tag, level in tags.HEADINGS.items()},
    "blockquote": ("quote", 0),
    "figcaption": ("caption", 0),
    "caption": ("caption", 0),
    **dict.fromkeys(tags.PREFORMATTED, ("code", 0)),
}
_READ: Final = frozenset("id class style hidden aria-hidden role itemprop property open shadowrootmode".split())
_RAISED: Final = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_SHOWS: Final = frozenset(["open", "shadowrootmode"])
_RESET: Final = frozenset("table td th form aside nav header footer main article section".split())
"""Elements whose text is not that of the list item or quote around them."""


class Walked(NamedTuple):
    """What one walk over a page finds.

    Attributes:
        blocks: its blocks, one more than asked for where it has too many.
        tree: its tree, for the metadata.
        dated: the first elements whose class or id speaks of a date.
    """

    blocks: list[Block]
    tree: Any
    dated: list[Any]


def walk_html(html: str, most: int = 100_000) -> Walked:
    """Parse a page and walk it once."""
    tree = parse(html, allow_declarative_shadow_roots=False)
    walk = _Walk(most)
    walk.run(tree)
    return Walked(walk.blocks, tree, walk.dated)


def html_blocks(html: str, most: int = 100_000) -> tuple[list[Block], Any]:
    """Return the blocks of a page, one more than `most` where it has too many, and its tree for the metadata."""
    walked = walk_html(html, most)
    return walked.blocks, walked.tree


class _Walk:
    """The state of one walk: where it is, the lines of the block that is open, the blocks so far."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.blocks: list[Block] = []
        self.lines: list[Line] = []  # of the open block; a new one begins at each <br>
        self.current: Line | None = None  # the last of them, None between a break and the next text
        self.broken = False  # a <br> and no text since
        self.element = Element("#document", None, -1)
        self.low = 0  # smallest depth since the open block's first text
        self.kind: Kind = "paragraph"
        self.level = 0
        self.marker = ""
        self.bold = self.link = self.images = self.controls = 0
        self.raised = False  # in a <sup>
        self.line = 1
        self.lists: list[lists.List] = []
        self.tables: list[tables.Table] = []
        self.heading = 2  # level of the last h1–h6
        self.paths = Paths()
        self.dated: list[Any] = []

    def run(self, tree: Any) -> None:
        """Walk the tree. A frame is the children left to visit and what to restore behind them."""
        stack: list[tuple[Iterator[Any], _Frame | Element | None]] = [(iter(tree), None)]
        while stack and len(self.blocks) <= self.most:
            children, frame = stack[-1]
            for node in children:
                kind = type(node)
                if kind is Text:
                    self.text(node.data)
                elif kind is Node:
                    if (entered := self.enter(node)) is not None:
                        stack.append((iter(node), entered))
                        break
                elif kind is Comment:
                    self.line += node.data.count("\n")
                elif kind is DocumentFragment:  # what a template holds
                    stack.append((iter(node), None))
                    break
            else:
                stack.pop()
                if frame is not None:
                    self.leave(frame)
        self.flush()

    def enter(self, node: Any) -> _Frame | Element | None:
        """Begin an element; return what `leave` needs, None where nothing below it is read.

        That is the element above for one that changes nothing but the place: most do not.
        """
        tag = node.tag
        if (position := node.position) is not None:
            self.line = position[0]
        flags = tags.FLAGS.get(tag, 0)
        if not flags and ("-" not in tag or self.current is not None):
            above = self.element
            self.element = self._element(node, tag, position)
            return above
        if flags & tags.MEDIUM:
            self.images += 1
        elif flags & tags.CONTROL:
            self.controls += 1
        if flags & tags.SKIP:
            return None
        if tag == "br":
            self.break_line()
            return None
        block = flags & tags.BLOCK != 0 or (not flags & tags.INLINE and self.current is None)
        if block and self.lines:
            self.flush()
        frame = (
            tag,
            block,
            self.element,
            self.kind,
            self.level,
            self.marker,
            self.bold,
            self.link,
            self.raised,
        )  # fmt: skip
        self.element = self._element(node, tag, position)
        if block:
            self._enter_block(node, tag)
        else:
            self._enter_inline(node, tag)
        return frame

    def leave(self, frame: _Frame | Element) -> None:
        """End an element and go back to the state around it."""
        if isinstance(frame, tuple):
            tag, block, above, kind, level, marker, self.bold, self.link, self.raised = frame
            if block:
                self._leave_block(tag, kind, level, marker)
        else:
            above = frame
        self.element = above
        if self.lines:
            depth = above.depth
            if depth < self.low:
                self.low = depth
            if self.current is not None and depth < self.current.low:
                self.current.low = depth

    def _leave_block(self, tag: str, kind: Kind, level: int, marker: str) -> None:
        if self.lines:
            self.flush()
        if tag in tags.LISTS:
            self.lists.pop()
        elif tag == "table":
            tables.close(self.tables.pop(), self.blocks)
        elif tag in ("td", "th") and self.tables:
            self.tables[-1].end_cell(len(self.blocks))
        spent = tag != "li" and kind == "list_item" and not self.marker
        self.kind, self.level, self.marker = kind, level, "" if spent else marker

    def _element(self, node: Any, tag: str, position: tuple[int, int] | None) -> Element:
        parent = self.element
        depth = parent.depth + 1
        if depth > DEPTH:
            return parent
        names = ident = classes = role = ""
        hidden = tag in tags.UNSEEN
        attr = node.attr
        for name in node.attrs:
            if name not in _READ:
                continue
            value = attr(name) or ""
            if name == "class":
                classes = value
            elif name == "id":
                ident = value
            elif name == "style":
                hidden = hidden or _hides(value)
            elif name == "hidden" or (name == "aria-hidden" and value == "true"):
                hidden = True
            elif name in _SHOWS:
                hidden = False  # an open dialog, a template that the browser shows
            elif name != "aria-hidden" and (not role or name == "role"):
                role = value
        if ident or classes:
            names = f"{ident} {classes}".strip()[:NAMES]
            self._note_date(node, ident, classes)
        line, column = position or (None, None)
        element = Element(tag, parent if depth else None, depth, names, role, hidden, line, column)
        if ident:
            self.paths.ids[element] = len(ident)
        return element

    def _note_date(self, node: Any, ident: str, classes: str) -> None:
        if _speaks_of_date(ident, classes) and len(self.dated) < DATED:
            self.dated.append(node)

    def _enter_block(self, node: Any, tag: str) -> None:
        if (known := _KIND_OF.get(tag)) is not None:
            self.kind, self.level = known
            self.marker = ""
            if tag in tags.HEADINGS:
                self.heading = self.level
        elif tag == "li":
            self.kind, self.level = "list_item", max(1, len(self.lists))
            self.marker = self.lists[-1].next_marker(node) if self.lists else lists.BULLET
        elif tag in tags.LISTS:
            self.lists.append(lists.List.of(node, tag))
        elif tag in ("dt", "dd"):
            self.kind, self.level, self.marker = "list_item", len(self.lists) + (1 if tag == "dt" else 2), ""
        elif tag == "summary":
            self.kind, self.level, self.marker = "heading", min(self.heading + 1, 6), ""
        elif tag == "table":
            self.tables.append(tables.Table(self.element, len(self.blocks), node.attr("role") or ""))
        elif tag == "tr" and self.tables:
            self.tables[-1].begin_row(self.element)
        elif tag in ("td", "th") and self.tables:
            self.tables[-1].begin_cell(tag, node, len(self.blocks))
        if tag in _RESET:
            self.kind, self.level, self.marker = "paragraph", 0, ""
        elif self.element.role == "heading":
            level = node.attr("aria-level") or ""
            self.kind, self.level = "heading", min(max(int(level), 1), 6) if level.isdecimal() else 2

    def _enter_inline(self, node: Any, tag: str) -> None:
        if tag in tags.BOLD:
            self.bold += 1
        elif tag == "sup":
            self.raised = True
        elif tag == "a" and node.attr("href") is not None:
            self.link += 1
            if self.current is not None:
                self.current.links += 1

    def text(self, data: str) -> None:
        """Take in the text of one node."""
        current = self.current
        if data.isspace():
            if current is not None:
                current.chunks.append(data)
            self.line += data.count("\n")
            return
        if current is None:
            current = self._begin_line(data)
        elif current.low < current.holder.depth:
            current.holder = _ancestor(current.holder, current.low)
        if self.raised and current.chunks:
            data = _as_power(current.chunks[-1], data)
        current.chunks.append(data)
        if self.bold:
            current.bold += len(" ".join(data.split()))
        if self.link:
            current.linked += len(" ".join(data.split()))
        self.line += data.count("\n")

    def _begin_line(self, data: str) -> Line:
        if not self.lines:
            self.low = self.element.depth
        lead = data[: len(data) - len(data.lstrip())]
        line = Line(self.element, self.line + lead.count("\n"), self.low)
        line.links = 1 if self.link else 0
        self.lines.append(line)
        self.current = line
        self.broken = False
        return line

    def break_line(self) -> None:
        """Take in a <br>: it ends a line, a second one ends the block."""
        if self.kind == "code":
            if self.current is not None:
                self.current.chunks.append("\n")
        elif self.broken:
            self.flush()
        elif self.current is not None:
            self.current = None
            self.broken = True

    def flush(self) -> None:
        """End the open block."""
        self.broken = False
        self.current = None
        if not self.lines:
            return
        lines, self.lines = self.lines, []
        if self.kind == "code":
            self._add(code_lines("\n".join("".join(line.chunks) for line in lines)), lines[0], lines[1:])
        elif len(lines) == 1:
            self._add(collapse("".join(lines[0].chunks)), lines[0], ())
        else:
            for mark, text, part in paragraphs(lines, self.kind, self.element):
                self._add(text, part[0], part[1:], mark)

    def _add(self, text: str, first: Line, others: Sequence[Line], mark: str = "") -> None:
        if not text:
            return
        holder, linked, links, bold = first.holder, first.linked, first.links, first.bold
        for line in others:
            holder = _ancestor(holder, min(line.start_low, line.holder.depth))
            linked, links, bold = linked + line.linked, links + line.links, bold + line.bold
        kind, level, marker = self.kind, self.level, self.marker
        if mark and kind in ("paragraph", "list_item"):
            kind, level, marker = "list_item", max(level, 1), mark
        elif mark:
            text = f"{mark} {text}"
        elif text[0] in BULLETS and kind in ("paragraph", "list_item") and len(text) > 2:
            kind, level, marker = "list_item", max(level, 1), text[0]
            text = text[1:].lstrip()
        size = len(text)
        markup = Markup(holder, min(size, linked), links, min(size, bold), self.images, self.controls)
        self.images = self.controls = 0
        place = Place(line=first.line, path=self.paths.of(holder))
        self.blocks.append(Block(kind, text, level, marker, place, markup))
        self.marker = ""


@lru_cache(maxsize=2048)
def _speaks_of_date(ident: str, classes: str) -> bool:
    return any(word in classes for word in _DATE_CLASSES) or any(word in ident for word in _DATE_IDS)


_DATE_IDS: Final = ("date", "datum")
_DATE_CLASSES: Final = (*_DATE_IDS, "publish", "posted", "created", "timestamp")


def _hides(style: str) -> bool:
    style = style.lower().replace(" ", "")
    return "display:none" in style or "visibility:hidden" in style


def _as_power(before: str, raised: str) -> str:
    """Return a raised number behind a digit in raised digits: 10⁹ must not become 109.

    >>> _as_power("10", "-9"), _as_power("m", "2")
    ('⁻⁹', '2')
    """
    number = raised.strip()
    if before[-1:].isdecimal() and len(number) < 4 and number.lstrip("-+−–").isdecimal() and number.isprintable():
        return number.translate(_RAISED)
    return raised


def _ancestor(element: Element, depth: int) -> Element:
    while element.depth > depth and element.parent is not None:
        element = element.parent
    return element
