"""Figures over many records: pages, errors before and after, entries by hits, sections by label."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pipeline.document import Document, undo
from pipeline.record import Record
from pipeline.repair.stage import RepairOptions, decisions
from pipeline.review.report.article import web_address
from pipeline.review.report.reasons import ERRORS, Reasons, types_of

_LEFT = {"untranslated", "transliterated", "foreign-text"}
"""Findings of what translation left behind."""
_ASKED = {"suggested", "trial"}
"""Outcomes of the glossary that leave a known error standing."""


class PageLine(msgspec.Struct, frozen=True):
    """A page in the list.

    Attributes:
        key: its name in addresses (see `stored`).
        title: its title, or another name.
        name: the record's name below its folder.
        url: where it came from, where that is a web address.
        words: words of the article as it stands.
        kept: blocks kept.
        dropped: blocks dropped.
        changes: changes of text.
        before: known errors before repair.
        after: known errors that stand.
        severities: findings by severity.
    """

    key: str
    title: str
    name: str
    url: str
    words: int
    kept: int
    dropped: int
    changes: int
    before: int
    after: int
    severities: dict[str, int]

    @property
    def rate(self) -> float:
        """Known errors per 100 words before repair."""
        return 100 * self.before / self.words if self.words else 0.0


class ErrorRate(msgspec.Struct, frozen=True):
    """Known errors of one type: counts, and per 100 words."""

    type: str
    words: str
    before: int
    after: int
    before_rate: float
    after_rate: float


class EntryUse(msgspec.Struct, frozen=True):
    """How often an entry fired, and on how many pages; `keys` names some of them."""

    code: str
    hits: int
    pages: int
    keys: tuple[tuple[str, str], ...]


MOST_PAGES_OF_AN_ENTRY = 12


class Overview(msgspec.Struct, frozen=True):
    """Figures over many records."""

    pages: tuple[PageLine, ...]
    words: int
    kept: int
    dropped: int
    changes: int
    errors: tuple[ErrorRate, ...]
    entries: tuple[EntryUse, ...]
    sections: tuple[tuple[str, int], ...]
    drops: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, int], ...]
    faults: tuple[str, ...] = ()

    @property
    def before_rate(self) -> float:
        """Known errors of all types per 100 words before repair."""
        return sum(one.before_rate for one in self.errors)

    @property
    def after_rate(self) -> float:
        """Known errors of all types per 100 words that stand."""
        return sum(one.after_rate for one in self.errors)


class Tally:
    """Adds records up, one at a time, so that none has to stay in memory.

    An error of a type is known where a change mended it (before), or where the glossary finds its phrase on the page
    and only asks (suggestions, entries on trial), or where `repair` found words left untranslated (before and after).
    What no entry knows is not counted: these are errors known, not all errors.
    """

    def __init__(self, reasons: Reasons) -> None:
        self._reasons = reasons
        self._options = _options(reasons.folders)
        self._pages: list[PageLine] = []
        self._before: Counter[str] = Counter()
        self._after: Counter[str] = Counter()
        self._entries: Counter[str] = Counter()
        self._entry_pages: dict[str, list[tuple[str, str]]] = {}
        self._entry_page_counts: Counter[str] = Counter()
        self._sections: Counter[str] = Counter()
        self._drops: Counter[str] = Counter()
        self._findings: Counter[str] = Counter()
        self._faults: list[str] = []

    def fault(self, message: str) -> None:
        """Keep what could not be read, for the page of all pages."""
        self._faults.append(message)

    def add(self, key: str, name: str, record: Record) -> None:
        """Add a record."""
        mended: Counter[str] = Counter()
        for change in record.changes:
            mended.update(types_of(self._reasons.of_change(change.reason)))
        standing = self._standing(record)
        self._before += mended + standing
        self._after += standing
        title = record.title or record.source.name or record.id
        self._count_entries(record, key, title)
        self._sections.update(section.label for section in record.sections)
        self._drops.update(block.reason for block in record.dropped)
        self._findings.update(finding.code for finding in record.findings)
        self._pages.append(
            PageLine(
                key=key,
                title=title,
                name=name,
                url=web_address(record.source.url),
                words=_words(record),
                kept=len(record.blocks),
                dropped=len(record.dropped),
                changes=len(record.changes),
                before=(mended + standing).total(),
                after=standing.total(),
                severities=dict(Counter(finding.severity for finding in record.findings)),
            )
        )

    def _count_entries(self, record: Record, key: str, title: str) -> None:
        codes = Counter(code for change in record.changes for code in dict.fromkeys(change.reason.split("+")))
        self._entries += codes
        for code in codes:
            self._entry_page_counts[code] += 1
            pages = self._entry_pages.setdefault(code, [])
            if len(pages) < MOST_PAGES_OF_AN_ENTRY:
                pages.append((key, title))

    def _standing(self, record: Record) -> Counter[str]:
        """Count the known errors that stand in a record, by type."""
        standing = Counter({"left": sum(finding.code in _LEFT for finding in record.findings)})
        if "repair" in record.stages and record.language == "en":
            document = undo(Document.from_record(record))
            asked = [one for one in decisions(document, self._options) if one.outcome in _ASKED]
            for one in asked:
                standing.update(types_of(self._reasons.of_change(one.entry)))
        return +standing

    def overview(self) -> Overview:
        """Return the figures of what was added."""
        words = sum(page.words for page in self._pages)
        return Overview(
            pages=tuple(self._pages),
            words=words,
            kept=sum(page.kept for page in self._pages),
            dropped=sum(page.dropped for page in self._pages),
            changes=sum(page.changes for page in self._pages),
            errors=tuple(self._rate(kind, words) for kind in ERRORS if self._before[kind]),
            entries=tuple(
                EntryUse(code, hits, self._entry_page_counts[code], tuple(self._entry_pages[code]))
                for code, hits in ranked(self._entries)
            ),
            sections=tuple(ranked(self._sections)),
            drops=tuple(ranked(self._drops)),
            findings=tuple(ranked(self._findings)),
            faults=tuple(self._faults),
        )

    def _rate(self, kind: str, words: int) -> ErrorRate:
        before, after = self._before[kind], self._after[kind]
        scale = 100 / words if words else 0.0
        return ErrorRate(kind, ERRORS[kind], before, after, before * scale, after * scale)


def ranked(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    """Return names with their counts, the most frequent first, names in order where they tie."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _options(folders: tuple[Path, ...]) -> RepairOptions:
    return RepairOptions(glossary=folders, builtin=False, suggest=True)


def _words(record: Record) -> int:
    return sum(len(block.text.split()) for block in record.blocks)
