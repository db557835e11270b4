"""The outline of a page: one row a section, for people and terminals. Values only; the command line prints them."""

from dataclasses import dataclass

from pipeline.record import Record


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One section of an outline.

    Attributes:
        label: its label.
        source: what decided on it.
        confidence: probability that it is right.
        depth: 0 for an outermost section, 1 below one heading, and so on.
        heading: its heading, empty where there is none.
        path: the headings above it.
        words: words of its blocks, heading and captions left out.
    """

    label: str
    source: str
    confidence: float
    depth: int
    heading: str
    path: tuple[str, ...]
    words: int


def outline(record: Record) -> tuple[OutlineRow, ...]:
    """Return one row for each section of a record, in its order."""
    rows = []
    for section in record.sections:
        blocks = record.blocks[section.first_block : section.last_block + 1]
        words = sum(len(block.text.split()) for block in blocks if block.kind not in ("heading", "caption"))
        found = (section.label, section.label_source, section.confidence, len(section.path))
        rows.append(OutlineRow(*found, section.heading, section.path, words))
    return tuple(rows)


def outline_text(record: Record, width: int = 0) -> str:
    """Return the outline as aligned plain text, one line a section, each ending in a newline.

    The heading is indented by its depth; a section without one shows a dash.

    Args:
        record: the record.
        width: columns of the terminal; longer lines end in `…` there. 0 leaves them as they are, as a pipe wants them.
    """
    rows = outline(record)
    labels = max((len(row.label) for row in rows), default=0)
    sources = max((len(row.source) for row in rows), default=0)
    lines = (
        f"{row.label:<{labels}}  {row.source:<{sources}}  {row.confidence:.2f}  {row.words:>6}  "
        f"{'  ' * row.depth}{' '.join(row.heading.split()) or '–'}"
        for row in rows
    )
    return "".join(f"{line if width <= 0 or len(line) <= width else line[: width - 1] + '…'}\n" for line in lines)
