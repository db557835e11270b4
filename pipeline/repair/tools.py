"""What people do with the glossary: try a sentence, look at an entry, count, see what a change does. Pure values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.document import Document
from pipeline.repair.compiled import load_engine
from pipeline.repair.entry import Entry
from pipeline.repair.glossary_files import BUILT_IN, Glossary, Located, load
from pipeline.repair.guards import Decision
from pipeline.repair.stage import RepairOptions, decisions, propose, repair_translation

CONTEXT = 50
"""Characters shown on either side of a hit."""


class Trial(msgspec.Struct, frozen=True):
    """What the glossary does to a sentence.

    Attributes:
        before: the sentence.
        after: what becomes of it.
        topics: what it was taken to be about.
        decisions: every trigger, applied or not, with the guard that decided.
        findings: what a person is asked, as messages.
    """

    before: str
    after: str
    topics: tuple[str, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[str, ...]


def try_sentence(sentence: str, *, topic: Sequence[str] = (), folders: Sequence[Path] = ()) -> Trial:
    """Run the glossary on a sentence as on a page of its own.

    Args:
        sentence: the text.
        topic: the topics to assume; by default its words decide.
        folders: folders of entries beside the built-in ones.

    Raises:
        DataFileError: the glossary is not as it must be.
    """
    from pipeline.repair.matching import fold
    from pipeline.repair.tokens import words_of
    from pipeline.repair.topic import topics

    options = RepairOptions(glossary=tuple(folders), suggest=True, topic=tuple(topic))
    document = Document.from_paragraphs("", [sentence])
    repaired = repair_translation(document, options)
    return Trial(
        before=sentence,
        after=repaired.blocks[0].text,
        topics=tuple(topic) or topics(words_of(fold(sentence))),
        decisions=decisions(document, options),
        findings=tuple(finding.message for finding in repaired.findings),
    )


def show(entry_id: str, folders: Sequence[Path] = (BUILT_IN,)) -> Located | None:
    """Return an entry with its file and line, None where there is none of that id."""
    return load(folders).find(entry_id)


def source_of(located: Located) -> str:
    """Return an entry's own lines as they stand in its file, comments included."""
    lines = located.path.read_text(encoding="utf-8").split("\n")
    end = next((i for i in range(located.line, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    return "\n".join(lines[located.line - 1 : end]).rstrip() + "\n"


class Statistics(msgspec.Struct, frozen=True):
    """Counts of a glossary.

    Attributes:
        entries: all entries.
        approved: those that are applied.
        automatic: those of them that need no person.
        evidenced: approved entries whose error was seen on real pages.
        reviewed: entries with a review.
        phrases: phrases of approved entries, as written.
        refused: proposals that were refused.
        by_status: entries by status.
        by_language: approved entries by source language.
        by_field: approved entries by language and field.
        by_type: approved entries by type of error.
    """

    entries: int
    approved: int
    automatic: int
    evidenced: int
    reviewed: int
    phrases: int
    refused: int
    by_status: Mapping[str, int]
    by_language: Mapping[str, int]
    by_field: Mapping[str, int]
    by_type: Mapping[str, int]


def stats(glossary: Glossary) -> Statistics:
    """Count a glossary."""
    approved = [located for located in glossary.entries if located.entry.status == "approved"]
    return Statistics(
        entries=len(glossary.entries),
        approved=len(approved),
        automatic=sum(located.entry.automatic for located in approved),
        evidenced=sum(located.entry.evidence is not None for located in approved),
        reviewed=sum(located.entry.review is not None for located in glossary.entries),
        phrases=sum(len(located.entry.matches) for located in approved),
        refused=len(glossary.refused),
        by_status=_counted(located.entry.status for located in glossary.entries),
        by_language=_counted(located.language for located in approved),
        by_field=_counted(f"{located.language}/{located.field}" for located in approved),
        by_type=_counted(located.entry.type or "none" for located in approved),
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


class Hit(msgspec.Struct, frozen=True, order=True):
    """A change that a glossary makes in a document, in its context."""

    document: str
    block: int
    start: int
    before: str
    after: str
    reason: str
    left: str
    right: str


class Difference(msgspec.Struct, frozen=True):
    """What a change to the glossary does: hits that only the new one makes, and hits that only the old one made."""

    gained: tuple[Hit, ...]
    lost: tuple[Hit, ...]


def diff(documents: Iterable[Document], old: Sequence[Path], new: Sequence[Path]) -> Difference:
    """Compare what two glossaries (each given by its folders) do to documents that were not repaired yet.

    Raises:
        DataFileError: one of the glossaries is not as it must be.
    """
    gained: list[Hit] = []
    lost: list[Hit] = []
    for document in documents:
        before, after = set(hits(document, old)), set(hits(document, new))
        gained += sorted(after - before)
        lost += sorted(before - after)
    return Difference(tuple(gained), tuple(lost))


def hits(document: Document, folders: Sequence[Path]) -> list[Hit]:
    """Return every change that the glossary in the given folders makes in a document."""
    load_engine(tuple(folders))
    proposal = propose(document, RepairOptions(glossary=tuple(folders), builtin=False))
    found = []
    for edit in proposal.edits:
        text = document.title if edit.block is None else document.blocks[edit.block].text
        left, right = text[max(0, edit.start - CONTEXT) : edit.start], text[edit.end : edit.end + CONTEXT]
        block = -1 if edit.block is None else edit.block
        found.append(
            Hit(document.id, block, edit.start, text[edit.start : edit.end], edit.after, edit.reason, left, right)
        )
    return found


def entry_of(reason: str, glossary: Glossary) -> Entry | None:
    """Return the entry that a change's reason names first, None where it is a fault of letters or unknown."""
    located = glossary.find(reason.partition("+")[0])
    return None if located is None else located.entry
