"""The door of `repair`: machine-translation errors mended by reviewed entries."""

from dataclasses import dataclass

from pipeline.document import Document, Proposal, apply


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOptions:
    """Options of repairing."""


def propose(document: Document, options: RepairOptions) -> Proposal:
    """Propose edits, each with the id of the entry that demands it."""
    return Proposal(stage="repair")


def repair_translation(document: Document, options: RepairOptions | None = None) -> Document:
    """Mend machine-translation errors; every change keeps its reason and can be undone."""
    return document if "repair" in document.stages else apply(document, propose(document, options or RepairOptions()))
