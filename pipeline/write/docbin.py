"""spaCy's DocBin: a Doc for each page, with spans for sections, blocks and changes."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from pipeline.record import Record

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span


def write_docbin(records: Iterable[Record], stream: BinaryIO) -> None:
    """Write the records as one DocBin, which is held in memory until the end.

    The text is `Record.text`. `doc.spans` has `sections` (labelled by label), `blocks` (by kind) and
    `changes` (by reason); `doc.user_data` has id, title, url and language. Tokens are those of a blank
    pipeline: English, or spaCy's language-neutral one for other languages.
    """
    from spacy.tokens import DocBin

    pages = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    languages: dict[str, Language] = {}
    for record in records:
        pages.add(_doc(record, languages))
    stream.write(pages.to_bytes())


def _doc(record: Record, languages: "dict[str, Language]") -> "Doc":
    code = "en" if record.language == "en" else "xx"
    if code not in languages:
        import spacy

        languages[code] = spacy.blank(code)
    doc = languages[code].make_doc(record.text)
    offsets = _offsets(record)
    doc.spans["blocks"] = _spans(doc, ((*at, record.blocks[n].kind) for n, at in offsets.items()))
    doc.spans["sections"] = _spans(doc, _sections(record, offsets))
    doc.spans["changes"] = _spans(doc, _changes(record, offsets))
    doc.user_data = {
        "id": record.id,
        "title": record.title,
        "url": record.source.url,
        "language": record.language,
    }
    return doc


def _offsets(record: Record) -> dict[int, tuple[int, int]]:
    """Return where each block stands in `Record.text`; captions are not in it."""
    offsets: dict[int, tuple[int, int]] = {}
    position = 0
    for number, block in enumerate(record.blocks):
        if block.kind != "caption":
            offsets[number] = (position, position + len(block.text))
            position += len(block.text) + 2
    return offsets


def _sections(record: Record, offsets: dict[int, tuple[int, int]]) -> Iterable[tuple[int, int, str]]:
    for section in record.sections:
        inside = [offsets[n] for n in range(section.first_block, section.last_block + 1) if n in offsets]
        if inside:
            yield inside[0][0], inside[-1][1], section.label


def _changes(record: Record, offsets: dict[int, tuple[int, int]]) -> Iterable[tuple[int, int, str]]:
    for change in record.changes:
        if change.block in offsets:
            start = offsets[change.block][0]
            yield start + change.start, start + change.end, change.reason


def _spans(doc: "Doc", places: Iterable[tuple[int, int, str]]) -> Sequence["Span"]:
    """Return spans of whole tokens around the places; white space alone has none."""
    text = doc.text
    seen = (place for place in places if text[place[0] : place[1]].strip())
    found = (doc.char_span(*place, alignment_mode="expand") for place in seen)
    return [span for span in found if span is not None]
