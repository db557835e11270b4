"""Pages as candidates are mined from them: which are suspect, their sentences, and what was repaired already."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.record import Change, Record
from pipeline.review.candidate import Context

FIRED = 2
"""So many different entries must have fired on a page for it to be suspect."""
GENERAL_FIELDS = frozenset("articles calques constructions function furniture headings".split())
"""Fields of the glossary that tell nothing of a page's subject."""
_LONGEST = 300
_END = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s)|\n")


@dataclass(frozen=True, slots=True)
class SuspectPage:
    """A record with what mining asks of it.

    Attributes:
        name: name of the page.
        record: the record.
        texts: title and blocks; the title first.
        headings: which of them are headings.
        fired: ids of the entries that fired.
    """

    name: str
    record: Record
    texts: tuple[str, ...]
    headings: tuple[bool, ...]
    fired: tuple[str, ...]

    @property
    def language(self) -> str:
        """The language that the page was probably translated from, empty if unknown."""
        if self.record.source_language:
            return self.record.source_language
        languages = Counter(entry.split(".")[0] for entry in self.fired)
        return min(languages, key=lambda code: (-languages[code], code)) if languages else ""

    @property
    def field(self) -> str:
        """The field of the glossary that most of the entries belong to, empty if unknown."""
        fields = Counter(entry.split(".")[1] for entry in self.fired)
        told = {name: number for name, number in fields.items() if name not in GENERAL_FIELDS}
        return min(told, key=lambda name: (-told[name], name)) if told else ""

    def block(self, number: int) -> int | None:
        """Return the index of a text's block, None for the title."""
        return number - 1 if number else None


def entries_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the ids of the glossary entries that made changes, sorted, each once."""
    reasons = {reason for change in changes if change.stage == "repair" for reason in change.reason.split("+")}
    return tuple(sorted(reason for reason in reasons if "." in reason))


def suspect(record: Record, *, least: int = FIRED) -> SuspectPage | None:
    """Return a record as a suspect page, None where fewer entries fired on it."""
    fired = entries_of(record.changes)
    if len(fired) < least:
        return None
    blocks = list(record.blocks)
    texts = (record.title, *("" if block.kind == "code" else block.text for block in blocks))
    headings = (True, *(block.kind == "heading" for block in blocks))
    return SuspectPage(record.source.name or record.id, record, texts, headings, fired)


def repaired_spans(page: SuspectPage) -> dict[int, list[tuple[int, int]]]:
    """Return the spans that were repaired already, by number of the text."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for change in page.record.changes:
        number = 0 if change.block is None else change.block + 1
        spans.setdefault(number, []).append((change.start, change.end))
    return spans


def context(page: SuspectPage, number: int, start: int, end: int) -> Context:
    """Return the sentence around a span of a text, cut where it is long."""
    text = page.texts[number]
    low = max(0, start - _LONGEST)
    before = [found.end() for found in _END.finditer(text, low, start)]
    left = before[-1] if before else low
    behind = _END.search(text, end, min(len(text), end + _LONGEST))
    right = behind.end() if behind else min(len(text), end + _LONGEST)
    while left < start and text[left].isspace():
        left += 1
    right = max(end, left + len(text[left:right].rstrip()))
    return Context(page.name, page.block(number), text[left:right], start - left, end - left)


def spread(contexts: Sequence[Context], most: int) -> tuple[Context, ...]:
    """Return so many contexts at most, of as many pages as there are, each sentence once."""
    rounds: dict[str, int] = {}
    ordered = []
    for one in dict.fromkeys(contexts):
        rounds[one.page] = rounds.get(one.page, 0) + 1
        ordered.append((rounds[one.page], one))
    seen: set[str] = set()
    kept = []
    for _, one in sorted(ordered, key=lambda pair: pair[0]):
        if one.sentence not in seen:
            seen.add(one.sentence)
            kept.append(one)
    return tuple(kept[:most])
