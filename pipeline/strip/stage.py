"""The door of `strip`: which blocks are the article."""

from dataclasses import dataclass

from pipeline.document import Document, Proposal, apply
from pipeline.language import detect_language


@dataclass(frozen=True, slots=True, kw_only=True)
class StripOptions:
    """Options of stripping."""


def propose(document: Document, options: StripOptions) -> Proposal:
    """Propose what to drop, with reasons."""
    text = "\n".join(block.text for block in document.blocks)
    return Proposal(stage="strip", language=detect_language(text))


def strip_boilerplate(document: Document, options: StripOptions | None = None) -> Document:
    """Drop page furniture and keep the article; every block dropped keeps its reason."""
    return document if "strip" in document.stages else apply(document, propose(document, options or StripOptions()))
