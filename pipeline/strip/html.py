"""Furniture of HTML pages."""

from pipeline.document import Document, Drop
from pipeline.strip.markup import furniture_of_html as by_evidence


def furniture_of_html(document: Document) -> dict[int, Drop]:
    """Return what evidence drops of a page with at least one block."""
    return {i: Drop(i, reason) for i, reason in by_evidence(document.blocks).items()}
