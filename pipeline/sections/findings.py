"""What is worth a person's attention in the sections of a page."""

from collections.abc import Sequence

from pipeline.document import Block
from pipeline.record import Finding, Section
from pipeline.sections.taxonomy import Taxonomy

OWN_CODES = frozenset(["empty-section", "no-sections", "unlabelled-heading"])
"""Codes of this stage's findings."""


def find_faults(blocks: Sequence[Block], sections: Sequence[Section], taxonomy: Taxonomy) -> list[Finding]:
    """Return the findings on a page's sections."""
    findings = []
    if blocks and all(section.label in (taxonomy.lead, taxonomy.unknown) for section in sections):
        message = "No section of this page could be labelled; it may be no article of the taxonomy's field."
        findings.append(Finding("no-sections", "info", message))
    for index, section in enumerate(sections):
        if not section.heading:
            continue
        line = blocks[section.first_block].place.line
        if _is_empty(blocks, sections, index):
            message = f"Nothing stands under the heading “{_short(section.heading)}”; text may be lost after it."
            findings.append(Finding("empty-section", "warning", message, section.first_block, line))
        if section.label_source == "none":
            message = f"The heading “{_short(section.heading)}” fits no label; list it in a taxonomy if it is frequent."
            findings.append(Finding("unlabelled-heading", "info", message, section.first_block, line))
    return findings


def _is_empty(blocks: Sequence[Block], sections: Sequence[Section], index: int) -> bool:
    """Tell whether a section is its heading alone; a heading over deeper headings is not empty."""
    section = sections[index]
    if section.last_block > section.first_block or blocks[section.first_block].kind != "heading":
        return False
    if index + 1 == len(sections):
        return True
    following = sections[index + 1]
    return not (following.heading and following.path[: len(section.path) + 1] == (*section.path, section.heading)) and (
        bool(following.heading)
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
