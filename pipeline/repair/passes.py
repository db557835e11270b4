"""A whole document repaired: passes over its texts until nothing is left to do, composed into one list of edits.

Within a pass, faults of letters and spacing come first, so that entries see mended words. A pass may make
room for another entry (words that an order rule brought together), so passes follow until one finds nothing;
what a reader gets is therefore what a second run would leave alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pipeline.document import Document, Edit, compose
from pipeline.record import Finding
from pipeline.repair.engine import Engine, Found, Outcome
from pipeline.repair.evidence import points
from pipeline.repair.fault import HEALTH_PAGE, TRANSLATED_PAGE
from pipeline.repair.grammar import Replacement
from pipeline.repair.guards import Decision, Setting
from pipeline.repair.paragraph import Page, Paragraph
from pipeline.repair.residue import foreign, foreign_text, other_script, residue
from pipeline.repair.text_faults import faults

MOST_PASSES = 6
_CODE = "code"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repairing a document proposes."""

    edits: tuple[Edit, ...] = ()
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    source_language: str | None = None


Asked = tuple[Decision, tuple[Replacement, ...]]
"""A decision that asks a person, with every candidate as it would stand."""


@dataclass(slots=True)
class _Work:
    """The texts of a document on their way, and the edits of each so far. Local to `repair`.

    Attributes:
        before: the texts as they came.
        page: the texts as they are.
        engine: the glossary.
        given: the topics that the caller gave.
        fired: ids of the entries that fired, in order.
        marks: the markers that the page holds, with their weights.
        leans: the entries that ask for evidence themselves, with what they count for others.
        owned: by entry, the markers that are nothing but its own phrase.
        suspects: blocks that hold certain faults; None before they were looked for.
        proven: whether the page showed that it is a translation, so that likely faults are its own.
        stale: blocks in which meanings are to be looked for; None: all.
        edits: the edits of each block so far.
    """

    before: Mapping[int | None, str]
    page: Page
    engine: Engine
    given: tuple[str, ...]
    fired: dict[str, None] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)
    leans: dict[str, float] = field(default_factory=dict)
    owned: dict[str, AbstractSet[str]] = field(default_factory=dict)
    suspects: set[int | None] | None = None
    proven: bool = False
    stale: set[int | None] | None = None
    edits: dict[int | None, list[Edit]] = field(default_factory=dict)
    _topics: tuple[str, ...] | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """What the page is on; asked once, and only where something was found."""
        if self._topics is None:
            from pipeline.repair.topic import topics

            self._topics = self.given or topics(self.page.words)
        return self._topics

    def letters(self) -> list[Edit]:
        """Return the edits of faults of letters and spacing, as far as the page shows that they are its own.

        Health pages have certain faults mended. Pages that are damaged throughout have likely ones mended
        too; a page is looked through for those where it has certain ones or is short.
        """
        if self.proven:
            return [edit for edit, _ in _faults(self.page.paragraphs(self.stale), likely=True)]
        if self.suspects is None:
            self.suspects = {own.block for own in self.page.at(fault.start for fault in faults(self.page.whole))}
        size = self.page.size
        if not self.suspects and size > SHORT:
            return []
        found = [own for own in _faults(self.page.paragraphs(), likely=True) if own[1] != TRANSLATED_PAGE]
        if not found:
            return []
        health = "medicine" in self.topics or (not self.topics and size <= SHORT)
        if health and len(found) * 1000 >= DAMAGED * size:
            return [edit for edit, _ in found]
        if not health or not self.suspects:
            return []
        own = _faults(self.page.paragraphs(self.suspects))
        return [edit for edit, needs in own if needs == HEALTH_PAGE]

    def meanings(self, *, text_faults: bool) -> Outcome:
        """Decide on the glossary's triggers; where entries fire, likely faults of spacing and case are mended too."""
        matched = self._matched()
        if not matched:
            return Outcome()
        least = 1 if self.page.size > LONG else 0
        fired = frozenset(self.fired)
        setting = Setting(
            self.topics,
            evidence=fired,
            marks={**self.leans, **self.marks},
            owned=self.owned,
            fired=fired,
            page=self.page,
            least=least,
        )
        outcome = self.engine.decide(matched, setting)
        self.marks.update(outcome.marks)
        self.leans.update(outcome.leans)
        self.owned.update({name: own for name, own in outcome.owned.items() if name not in self.owned})
        proof = max(outcome.evidence, points(self.marks, self.page.size))
        if not text_faults or self.proven or proof < 1:
            return outcome
        likely = _faults(self.page.paragraphs(), likely=True)
        telling = dict.fromkeys({edit.reason for edit, _ in likely} & TELLING, 1.0)
        if proof + points(telling, self.page.size) <= least:
            return outcome
        self.proven = True
        return replace(outcome, edits=_together(outcome.edits, [edit for edit, _ in likely]))

    def _matched(self) -> list[Found]:
        if self.stale is None:
            return self.engine.matches(self.page)
        return [found for own in self.page.paragraphs(self.stale) for found in self.engine.matches_in(own)]

    def apply(self, edits: Sequence[Edit]) -> None:
        """Carry out edits, and note which texts they change."""
        by_block: dict[int | None, list[Edit]] = {}
        for edit in edits:
            by_block.setdefault(edit.block, []).append(edit)
        texts = {}
        for block, own in by_block.items():
            self.edits[block] = compose(self.edits.get(block, []), own, self.before[block])
            texts[block] = _edited(self.page.paragraph(block).text, own)
        self.page = self.page.edited(texts)
        self._topics = None
        if self.stale is not None:
            self.stale.update(texts)
        if self.suspects is not None:
            self.suspects.difference_update(texts)
            self.suspects.update(own.block for own in self.page.paragraphs(texts) if faults(own))


def _faults(paragraphs: Sequence[Paragraph], *, likely: bool = False) -> list[tuple[Edit, int]]:
    return [
        (Edit(p.block, fault.start, fault.end, fault.after, fault.reason), fault.needs)
        for p in paragraphs
        for fault in faults(p, likely=likely)
    ]


def _edited(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with edits, which are sorted and apart, carried out."""
    parts, position = [], 0
    for edit in edits:
        parts += [text[position : edit.start], edit.after]
        position = edit.end
    return "".join((*parts, text[position:]))


def repair(
    document: Document, engine: Engine, *, text_faults: bool = True, suggest: bool = False, topic: Sequence[str] = ()
) -> Repaired:
    """Return the edits and findings of a document."""
    if document.language not in {None, "en"}:
        return Repaired(findings=(_wrong_language(document.language or ""),))
    texts = _texts(document)
    if others := foreign(texts):
        texts = {block: text for block, text in texts.items() if block not in others}
    work = _Work(texts, Page(texts), engine, tuple(topic))
    first: Outcome | None = None
    asked: dict[int | None, list[Asked]] = {}
    for _ in range(MOST_PASSES):
        edits = work.letters() if text_faults else []
        if not edits:
            outcome = work.meanings(text_faults=text_faults)
            first = first or outcome
            for block in asked if work.stale is None else work.stale:
                asked.pop(block, None)
            for pair in outcome.candidates:
                asked.setdefault(pair[0].block, []).append(pair)
            work.stale = set()
            edits = list(outcome.edits)
            work.fired.update(dict.fromkeys(edit.reason for edit in edits if "." in edit.reason))
        if not edits:
            break
        work.apply(edits)
    findings = [
        foreign_text(_text(document, block), code, block, _line(document, block)) for block, code in others.items()
    ]
    findings += _suggestions(document, [pair for block in texts for pair in asked.get(block, ())], suggest=suggest)
    findings += _residue(document, work.page, translated=bool(work.fired))
    findings.sort(key=lambda finding: -1 if finding.block is None else finding.block)
    return Repaired(
        tuple(edit for block in work.edits for edit in work.edits[block]),
        tuple(findings),
        first.decisions if first else (),
        _source_language(list(work.fired)),
    )


def _texts(document: Document) -> dict[int | None, str]:
    """Return the texts that may be repaired, the title under None."""
    texts: dict[int | None, str] = {None: document.title} if document.title else {}
    texts.update(
        (number, block.text)
        for number, block in enumerate(document.blocks)
        if block.kind != _CODE and ((path := block.place.path) is None or _may(path))
    )
    return texts


def _residue(document: Document, page: Page, *, translated: bool) -> Iterator[Finding]:
    if not translated and not other_script(page.beyond):
        return
    for paragraph in page.paragraphs():
        if translated or other_script(paragraph.beyond):
            yield from residue(paragraph, _line(document, paragraph.block), translated=translated)


def _text(document: Document, block: int | None) -> str:
    return document.title if block is None else document.blocks[block].text


def _line(document: Document, block: int | None) -> int | None:
    return None if block is None else document.blocks[block].place.line


def _may(path: str) -> bool:
    """Whether the page lets a block be repaired: `notranslate` and `no-repair` are the classes that forbid it."""
    if "notranslate" not in path and "no-repair" not in path:
        return True
    return not any(name in {"notranslate", "no-repair"} for tag in path.split("/") for name in tag.split("."))


SHORT = 120
"""Words up to which a page is looked through for likely faults whatever else it holds, and may be on any topic."""
LONG = 150
"""Words above which one entry alone changes nothing: a translated page of this length holds several errors.

Of 39 clean pages (8 million words) on which any of 1,500 entries fired, 36 were longer and had one entry
alone; pages of the genre hold 6 errors per 100 words.
"""
TELLING = frozenset(["joined-words", "dash-for-is", "space-before-bracket", "subject-first", "article-before-plural"])
"""Faults each kind of which counts as much as a marker, as soon as an entry fired: clean texts hold hardly any."""
DAMAGED = 15
"""Faults of letters and spacing per 1,000 words from which a page counts as damaged throughout."""


def _together(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """Join edits; those of `second` that touch one of `first` wait for the next pass."""
    joined: list[Edit] = []
    own = {id(edit) for edit in first}
    for edit in sorted((*first, *second), key=lambda e: (-1 if e.block is None else e.block, e.start, e.end)):
        while joined and joined[-1].block == edit.block and edit.start <= joined[-1].end:
            if id(edit) in own and id(joined[-1]) in own:
                joined.append(edit)
            if id(edit) not in own or id(joined[-1]) in own:
                break
            joined.pop()
        else:
            joined.append(edit)
    return tuple(joined)


def _suggestions(document: Document, asked: Iterable[Asked], *, suggest: bool) -> list[Finding]:
    """Return what a person should look at: dangerous inversions always, suggestions if they are asked for."""
    found = []
    for decision, candidates in asked:
        severe = decision.severity == "error"
        if not severe and not suggest:
            continue
        proposals = " or ".join(f"“{new.after}”" for new in candidates if new.after)
        code = "dangerous-translation" if severe else "suggestion"
        message = f"“{decision.text}” should perhaps be {proposals or 'taken out'} ({decision.entry})"
        found.append(Finding(code, decision.severity, message, decision.block, _line(document, decision.block)))
    return found


def _source_language(fired: Sequence[str]) -> str | None:
    """Guess the source language from the entries that fired: the commonest, where at least two did."""
    languages = Counter(name.split(".")[0] for name in fired)
    languages.pop("any", None)
    ranked = sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0] if ranked and ranked[0][1] >= 2 else None


def _wrong_language(code: str) -> Finding:
    return Finding("wrong-language", "warning", f"the page is in another language ({code}); it was kept, not repaired")
