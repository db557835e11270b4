"""Furniture of plain-text dumps: what the rules name, until the scorer's weights are there."""

from collections.abc import Sequence

from pipeline.document import Document, Drop
from pipeline.strip.dump_rules import furniture_by_rules
from pipeline.strip.title import Heading


def furniture_of_dump(document: Document, heading: Heading, taken: Sequence[int]) -> dict[int, Drop]:
    """Return what to drop of a dump with at least one block."""
    found = furniture_by_rules(document.blocks, heading.title, taken)
    return {i: Drop(i, reason) for i, reason in found.items()}
