"""From a document to edits: triggers found, guards asked, overlaps settled, everything decided explained."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Protocol

import msgspec

from pipeline.document import Edit
from pipeline.record import Severity
from pipeline.repair.entry import Entry
from pipeline.repair.evidence import Span, owned, points
from pipeline.repair.grammar import Replacement, replacement
from pipeline.repair.guards import Decision, Setting, judge, not_opened, opener, weigh
from pipeline.repair.guards import Outcome as GuardOutcome
from pipeline.repair.matching import Match, Sought
from pipeline.repair.paragraph import Page, Paragraph
from pipeline.repair.triggers import PLACES, Triggers


@dataclass(frozen=True, slots=True)
class _Place:
    """A match whose guards were asked, evidence apart."""

    match: Match
    block: int | None
    text: str
    decision: Decision
    refused: bool
    waits: bool = False
    new: Replacement | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one pass over a document decided."""

    edits: tuple[Edit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    candidates: tuple[tuple[Decision, tuple[Replacement, ...]], ...] = ()
    """Decisions that ask a person (`suggested`), with every candidate as it would stand."""
    evidence: float = 0
    """How many entries fired that need no evidence themselves, with what markers count; 0 where none fired."""
    marks: Mapping[str, float] = field(default_factory=dict)
    """The markers that stand in the texts, with their weights."""
    leans: Mapping[str, float] = field(default_factory=dict)
    """The entries that ask for evidence themselves and count a part for others."""
    owned: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    """By entry, the markers that stand nowhere but in what it would mend."""


class Entries(Protocol):
    """Entries by number."""

    def __getitem__(self, number: int, /) -> Entry:
        """Return the entry of that number."""
        ...


Found = tuple[Match, int | None, str, str]
"""A match with its block, its text and the folded text."""


class Engine:
    """The entries that take part, and their index."""

    def __init__(
        self, entries: Entries, triggers: Triggers, skip: frozenset[str] = frozenset(), markers: int | None = None
    ) -> None:
        """Take entries and their index; those from number `markers` on are markers."""
        self._entries = entries
        self._triggers = triggers
        self._skip = skip
        self._markers = float("inf") if markers is None else markers * PLACES
        self._sought: dict[int, Sought] = {}

    def matches(self, page: Page) -> list[Found]:
        """Return every place of a page where a phrase of an entry stands; markers, where there is any, come last."""
        found: list[Found] = []
        for code, hits in groupby(self._triggers.places(page.whole), itemgetter(0)):
            if code >= self._markers and not found:
                break  # nothing asks for evidence
            for paragraph, runs in page.apart((start, stop) for _, start, stop in hits):
                found += self._at(code, runs, paragraph)
        return found

    def matches_in(self, paragraph: Paragraph) -> list[Found]:
        """Return every place of a text where a phrase of an entry stands."""
        found: list[Found] = []
        for code, own in groupby(self._triggers.places(paragraph), itemgetter(0)):
            if code >= self._markers:
                break  # they were counted when the page was looked at as a whole
            found += self._at(code, [(start, stop) for _, start, stop in own], paragraph)
        return found

    def _at(self, code: int, runs: Sequence[tuple[int, int]], paragraph: Paragraph) -> Iterator[Found]:
        sought = self._phrase(code)
        if sought.entry.id not in self._skip:
            for match in sought.at(runs, paragraph.text, paragraph.low):
                yield match, paragraph.block, paragraph.text, paragraph.low

    def _phrase(self, code: int) -> Sought:
        sought = self._sought.get(code)
        if sought is None:
            entry = self._entries[code // PLACES]
            sought = self._sought[code] = Sought(entry, entry.matches[code % PLACES])
        return sought

    def run(self, text: str, setting: Setting) -> Outcome:
        """Decide on every trigger of a text that stands alone, as block 0."""
        page = Page({0: text})
        return self.decide(self.matches(page), msgspec.structs.replace(setting, page=page))

    def decide(self, found: Sequence[Found], setting: Setting) -> Outcome:
        """Decide on matches that were found in the texts of one document."""
        asked = [self._asked(*match, setting) for match in found]
        marking = [p for p in asked if p.match.entry.marker and not p.refused]
        asked = [p for p in asked if not p.match.entry.marker]
        fired = frozenset(p.match.entry.id for p in asked if not (p.refused or p.waits) and p.match.entry.vouches)
        leaning = [p for p in asked if not (p.refused or p.waits) and _leans(p.match.entry)]
        marks = {p.match.entry.id: p.match.entry.weight for p in marking}
        leans = {p.match.entry.id: LEANING for p in leaning}
        owned_by = {**_owned(asked, [*marking, *leaning]), **setting.owned}
        setting = msgspec.structs.replace(
            setting, evidence=setting.evidence | fired, marks={**leans, **marks, **setting.marks}, owned=owned_by
        )
        places = [place if place.waits else self._weighed(place, setting) for place in asked]
        standing = [p.match.entry for p in places if not (p.refused or p.waits)]
        openers = setting.fired.union(entry.id for entry in standing if entry.status == "approved")
        places = [self._weighed(_opened(p, openers), setting) if p.waits else p for p in places]
        evidence = len(setting.evidence) + points(marks, setting.page.size if setting.page else 0) if fired else 0
        return replace(_settled(places), evidence=evidence, marks=marks, leans=leans, owned=owned_by)

    @staticmethod
    def _asked(match: Match, block: int | None, text: str, low: str, setting: Setting) -> _Place:
        judged = judge(match, text, low, setting)
        outcome = judged.refusal or _outcome(match.entry)
        shown = text[match.start : match.end]
        decision = Decision(
            match.entry.id,
            block,
            match.start,
            match.end,
            shown,
            "",
            outcome,
            judged.detail,
            judged.satisfied,
            _severity(match.entry),
        )
        return _Place(match, block, text, decision, judged.refusal is not None, judged.waits)

    @staticmethod
    def _weighed(place: _Place, setting: Setting) -> _Place:
        """Ask for evidence where the entry needs it, and form the replacement."""
        entry = place.match.entry
        if place.refused:
            return place
        decision = place.decision
        if entry.mt or (setting.least and decision.outcome == "applied"):
            enough, detail = weigh(entry, setting)
            if not enough:
                decision = msgspec.structs.replace(decision, outcome="evidence", detail=detail)
                return replace(place, decision=decision, refused=True)
            decision = msgspec.structs.replace(decision, satisfied=(*decision.satisfied, detail))
        new = replacement(place.match, entry.candidates[0], place.text)
        return replace(place, decision=msgspec.structs.replace(decision, after=new.after), new=new)


LEANING = 0.5
"""What an entry counts for others that asks for evidence itself and whose other conditions hold."""


def _leans(entry: Entry) -> bool:
    return entry.mt > 0 and entry.weight > 0 and entry.status == "approved"


def _owned(asked: Iterable[_Place], marking: Iterable[_Place]) -> dict[str, AbstractSet[str]]:
    """Return, by entry that asks for evidence, the markers that are nothing but its own phrase."""
    marks: dict[str, list[Span]] = {}
    for place in marking:
        marks.setdefault(place.match.entry.id, []).append((place.block, place.match.start, place.match.end))
    spans: dict[str, list[Span]] = {}
    for place in asked:
        if marks and not place.refused:
            spans.setdefault(place.match.entry.id, []).append((place.block, place.match.start, place.match.end))
    found = {name: owned(marks, own) for name, own in spans.items()}
    return {name: own for name, own in found.items() if own}


def _opened(place: _Place, fired: AbstractSet[str]) -> _Place:
    """Open a place that waits for another entry, or refuse it."""
    entry, decision = place.match.entry, place.decision
    if (name := opener(entry, fired)) is None:
        decision = msgspec.structs.replace(decision, outcome="cues", detail=not_opened(entry))
        return replace(place, decision=decision, refused=True)
    return replace(place, decision=msgspec.structs.replace(decision, satisfied=(*decision.satisfied, f"after {name}")))


def _severity(entry: Entry) -> Severity:
    return entry.severity or ("error" if entry.type == "danger" else "info")


def _outcome(entry: Entry) -> GuardOutcome:
    if entry.status != "approved":
        return "trial"
    return "applied" if entry.automatic else "suggested"


class _Taken:
    """The spans of a text that edits have taken; they lie apart, so that the nearest neighbour is enough to ask."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._spans: list[tuple[int, int, str]] = []

    def winner(self, start: int, end: int) -> str | None:
        """Return the id of an entry whose edit overlaps the span, None where it is free."""
        place = bisect_left(self._starts, end)
        if place and self._spans[place - 1][1] > start:
            return self._spans[place - 1][2]
        return None

    def take(self, start: int, end: int, entry: str) -> None:
        """Take a span that is free."""
        place = bisect_left(self._starts, start)
        self._starts.insert(place, start)
        self._spans.insert(place, (start, end, entry))


def _settled(places: Sequence[_Place]) -> Outcome:
    """Let the longest match win where several overlap, then the one with more conditions, then the first id."""
    edits: list[Edit] = []
    decisions = [place.decision for place in places if place.refused]
    asked: list[tuple[Decision, tuple[Replacement, ...]]] = []
    standing = [(place, _new(place)) for place in places if not place.refused]
    taken: dict[int | None, _Taken] = {}
    suggested: dict[tuple[int | None, str], _Taken] = {}
    for place, new in sorted(standing, key=_precedence):
        match = place.match
        start, end = (match.start, match.end) if new is None else (new.start, new.end)
        spans = taken.setdefault(place.block, _Taken())
        if (winner := spans.winner(start, end)) is not None:
            decisions += [_overlapped(place.decision, winner)] if winner != match.entry.id else []
            continue
        if new is not None:
            if place.text[start:end] == new.after:
                continue
            spans.take(start, end, match.entry.id)
            edits.append(Edit(place.block, start, end, new.after, match.entry.id))
        elif place.decision.outcome == "suggested":
            own = suggested.setdefault((place.block, match.entry.id), _Taken())
            if own.winner(start, end) is not None:
                continue
            own.take(start, end, match.entry.id)
            asked.append((place.decision, tuple(replacement(match, c, place.text) for c in match.entry.candidates)))
        decisions.append(place.decision)
    decisions.sort(key=lambda d: (*_order(d), d.entry))
    edits.sort(key=_order)
    asked.sort(key=lambda pair: (*_order(pair[0]), pair[0].entry))
    return Outcome(tuple(edits), tuple(decisions), tuple(asked))


def _new(place: _Place) -> Replacement | None:
    """Return what an entry that is applied puts at the place."""
    return place.new if place.decision.outcome == "applied" else None


def _overlapped(decision: Decision, winner: str) -> Decision:
    return msgspec.structs.replace(decision, outcome="overlap", detail=f"{winner} covers more of the text")


def _precedence(pair: tuple[_Place, Replacement | None]) -> tuple[object, ...]:
    place, new = pair
    entry = place.match.entry
    conditions = len(entry.cues or ()) + len(entry.page) + len(entry.after) + len(entry.not_) + len(entry.topics)
    conditions += entry.mt
    applied = 0 if new is not None else 1
    return (applied, place.match.start - place.match.end, -conditions, entry.id, place.match.start)


def _order(item: Edit | Decision) -> tuple[int, int, int]:
    return (-1 if item.block is None else item.block, item.start, item.end)
