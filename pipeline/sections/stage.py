"""The door of `sections`: headings found, sections labelled."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.document import Block, Document, Proposal, apply
from pipeline.record import Record
from pipeline.sections.fields import extract_fields
from pipeline.sections.findings import OWN_CODES, find_faults
from pipeline.sections.headings import Heading, find_headings
from pipeline.sections.labels import label_parts
from pipeline.sections.models import weights_digest
from pipeline.sections.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOptions:
    """Options of labelling.

    Attributes:
        taxonomy: name of a shipped taxonomy (`health`, `howto`, `wikisection`) or path of one's own, which replaces it.
        extend: files that extend the taxonomy.
    """

    taxonomy: str = "health"
    extend: tuple[Path, ...] = ()


def fingerprint(options: SectionOptions | None = None) -> str:
    """Return a hash of all that the stage's output depends on besides the page.

    Raises:
        DataFileError: a taxonomy file cannot be used.
    """
    options = options or SectionOptions()
    taxonomy = load_taxonomy(options.taxonomy, options.extend)
    return hashlib.sha256(msgspec.json.encode(taxonomy.file) + weights_digest().encode()).hexdigest()


def label_sections(document: Document, options: SectionOptions | None = None) -> Record:
    """Find the headings, label the sections and return the record.

    The text of the blocks stays as it is; a block may change its kind (a bold line becomes a heading)
    and its level. The sections cover all blocks without gap or overlap.
    """
    options = options or SectionOptions()
    taxonomy = load_taxonomy(options.taxonomy, options.extend)
    document = _unlabelled(document)
    html = document.source.kind == "html"
    headings = find_headings(document.blocks, html=html, title=document.title, taxonomy=taxonomy)
    blocks = _with_kinds(document.blocks, headings)
    sections = label_parts(blocks, headings, document.title, taxonomy, levels=html)
    findings = find_faults(blocks, sections, taxonomy)
    labelled = apply(msgspec.structs.replace(document, blocks=blocks), Proposal(stage="sections", findings=findings))
    fields = extract_fields(blocks, sections, document.title, taxonomy)
    return msgspec.structs.replace(labelled.to_record(sections), fields=fields)


def _unlabelled(document: Document) -> Document:
    """Return the document as it was before this stage, where it has been through it."""
    if "sections" not in document.stages:
        return document
    return msgspec.structs.replace(
        document,
        stages=tuple(stage for stage in document.stages if stage != "sections"),
        findings=tuple(finding for finding in document.findings if finding.code not in OWN_CODES),
    )


def _with_kinds(blocks: tuple[Block, ...], headings: list[Heading]) -> tuple[Block, ...]:
    """Give headings their kind and level; a heading tag that is none becomes a paragraph."""
    levels = {heading.block: heading.level for heading in headings if not heading.run_in}
    changed = list(blocks)
    for index, block in enumerate(blocks):
        if index in levels:
            changed[index] = msgspec.structs.replace(block, kind="heading", level=levels[index])
        elif block.kind == "heading":
            changed[index] = msgspec.structs.replace(block, kind="paragraph", level=0)
    return tuple(changed)
