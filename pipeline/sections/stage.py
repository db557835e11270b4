"""The door of `sections`: headings found, sections labelled."""

from dataclasses import dataclass

from pipeline.document import Document, Proposal, apply
from pipeline.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOptions:
    """Options of labelling."""


def label_sections(document: Document, options: SectionOptions | None = None) -> Record:
    """Find the headings, label the sections and return the record."""
    return apply(document, Proposal(stage="sections")).to_record()
