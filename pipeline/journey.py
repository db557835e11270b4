"""One page's journey: bytes in, record out, the stages in order. Pure: no files, no printing."""

from dataclasses import dataclass, field

from pipeline.document import Document
from pipeline.read.stage import ReadOptions, read_page
from pipeline.record import Record
from pipeline.repair.stage import RepairOptions, repair_translation
from pipeline.sections.stage import SectionOptions, label_sections
from pipeline.strip.stage import StripOptions, strip_boilerplate
from pipeline.write.vocabulary import Terms, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of every stage."""

    read: ReadOptions = field(default_factory=ReadOptions)
    strip: StripOptions = field(default_factory=StripOptions)
    repair: RepairOptions = field(default_factory=RepairOptions)
    sections: SectionOptions = field(default_factory=SectionOptions)


def clean(
    data: bytes | str, *, name: str | None = None, url: str | None = None, options: Options | None = None
) -> Record:
    """Turn one page into its record.

    Args:
        data: the page, HTML or plain text, as bytes or as text decoded already.
        name: its file name; its ending is a hint of what it is.
        url: its address.
        options: options of the stages.

    Returns:
        The record. A page that cannot be used gives a record without blocks and a finding that says why.
    """
    options = options or Options()
    return clean_document(read_page(data, name=name, url=url, options=options.read), options=options)


def clean_document(document: Document, *, options: Options) -> Record:
    """Turn a page that was read into its record."""
    document = strip_boilerplate(document, options=options.strip)
    document = repair_translation(document, options=options.repair)
    return label_sections(document, options=options.sections)


def vocabulary(options: Options) -> Vocabulary:
    """Return what the labels of the taxonomy mean in the vocabulary of schema.org, for the formats that say it.

    Raises:
        DataFileError: a taxonomy file cannot be used.
    """
    from pipeline.sections.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(options.sections.taxonomy, options.sections.extend)
    return {label.id: Terms(label.schema_org, label.health_aspect) for label in taxonomy.file.label}
