"""What an entry would hit in the corpora, and what each of its guards takes away or lets through.

A match is looked at once: every guard is asked about it, and the answers are kept. What would be hit without a guard,
or with one more, then follows from the answers alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.grammar import replacement
from pipeline.repair.guards import antipattern, first_cue, nearby, protected
from pipeline.repair.matching import Match, Sought, fold
from pipeline.repair.phrase import PhraseError, parse, surfaces
from pipeline.repair.token_patterns import TokenPatternError
from pipeline.repair.tokens import words_of
from pipeline.review.web.corpora import Corpora, Corpus, Page

GuardKind = Literal["topic", "cues", "unless", "not", "mt"]

MOST_MATCHES = 400
"""Matches in a corpus that are looked at; a phrase that has more is no phrase to decide on by counts."""
MOST_PARAGRAPHS = 20_000
SHOWN = 5
COMMON = 0.01
"""Share of clean paragraphs from which a word is no sign of a field."""
_FEW = 20
AROUND = 90
"""Characters of context on either side of an example."""
PROPOSED = 8
_SHARE_TO_KEEP = 0.5
"""A proposed guard must leave at least this part of the raw hits."""


class Guard(msgspec.Struct, frozen=True):
    """A condition of an entry. For `mt` the value is the number of other entries, as text."""

    kind: GuardKind
    value: str


_ONE_OTHER = Guard("mt", "1")


class Hits(msgspec.Struct, frozen=True):
    """Matches in a corpus.

    Attributes:
        corpus: its name.
        clean: whether nothing should change in it.
        stands: how often the phrase stands there.
        passes: how often the entry's guards let it through, evidence aside: as if the page were translated.
        hit: how often it would be mended.
        more: whether there are more matches than were looked at.
    """

    corpus: str
    clean: bool
    stands: int
    passes: int
    hit: int
    more: bool


class Effect(msgspec.Struct, frozen=True):
    """What changes where a guard is taken away, or added: places gained or lost.

    In raw text these are hits; in clean text they are places that the guards let through (for evidence: hits),
    because hardly anything is hit there without evidence, whatever the other guards say.
    """

    guard: Guard
    raw: int
    clean: int
    fixed: bool = False


class Example(msgspec.Struct, frozen=True):
    """A match in its context, and what would become of it; `refused` says which guard holds it off."""

    corpus: str
    page: str
    left: str
    before: str
    after: str
    right: str
    refused: str = ""


class Counts(msgspec.Struct, frozen=True):
    """All that is told of an entry before it is approved.

    Attributes:
        hits: matches by corpus.
        guards: what taking each of its guards away would do.
        proposed: what adding other guards would do, the most useful first.
        mended: raw text that it would change.
        missed: raw text that its guards hold it off from.
        harmed: clean text that its guards let it change.
        spared: clean text that its guards hold it off from.
        faults: what is wrong with its phrases.
        evidence: whether it is known which entries fire in the documents.
    """

    hits: tuple[Hits, ...] = ()
    guards: tuple[Effect, ...] = ()
    proposed: tuple[Effect, ...] = ()
    mended: tuple[Example, ...] = ()
    harmed: tuple[Example, ...] = ()
    spared: tuple[Example, ...] = ()
    missed: tuple[Example, ...] = ()
    faults: tuple[str, ...] = ()
    evidence: bool = True


class _Seen(msgspec.Struct):
    """A match and what each guard says of it; `clean`: whether it stands in clean text."""

    clean: bool
    match: Match
    text: str
    low: str
    page: Page
    protected: bool
    held: dict[Guard, bool]
    around: str


def count(
    entry: Entry, corpora: Corpora, cue_sets: Mapping[str, Sequence[str]], fixed: frozenset[Guard] = frozenset()
) -> Counts:
    """Count what an entry would hit.

    Args:
        entry: the entry, its file's defaults filled in, its cue sets not spelled out.
        corpora: where to count.
        cue_sets: the words that `@name` stands for.
        fixed: guards that the file gives to all its entries.
    """
    try:
        for phrase in (*entry.matches, *entry.not_, *filter(None, entry.candidates)):
            parse(phrase)
        found = [(corpus, *_matches(entry, corpus)) for corpus in corpora.all]
        asked = _Asked(entry, cue_sets, corpora.all)
        seen = [(corpus, [asked.look(corpus.clean, *one) for one in matches], more) for corpus, matches, more in found]
        return _told(asked, seen, fixed)
    except (PhraseError, TokenPatternError) as error:
        return Counts(faults=(str(error.args[0]),))


def _matches(entry: Entry, corpus: Corpus) -> tuple[list[tuple[Match, str, str, Page]], bool]:
    """Return where the entry's phrases stand, and whether there are more than are looked at."""
    matches: list[tuple[Match, str, str, Page]] = []
    numbers = _paragraphs(entry, corpus)
    sought = [Sought(entry, phrase) for phrase in entry.matches]
    for number in numbers[:MOST_PARAGRAPHS]:
        text = corpus.texts[number]
        low = fold(text)
        taken: list[tuple[int, int]] = []
        for one in sought:
            for match in one.all(text, low):
                if not any(start < match.end and match.start < end for start, end in taken):
                    taken.append((match.start, match.end))
                    matches.append((match, text, low, corpus.pages[corpus.owner[number]]))
        if len(matches) >= MOST_MATCHES:
            return matches[:MOST_MATCHES], True
    return matches, len(numbers) > MOST_PARAGRAPHS


def _paragraphs(entry: Entry, corpus: Corpus) -> list[int]:
    """Return the paragraphs that hold a form of every word that one of the phrases needs."""
    found: set[int] = set()
    for text in entry.matches:
        held: set[int] | None = None
        for part in parse(text).parts:
            forms = None if part.optional else surfaces(part, entry.slots)
            if forms is not None:
                own = {number for form in forms for number in _holding(words_of(fold(form)), corpus)}
                held = own if held is None else held & own
        found |= held or set()
    return sorted(found)


def _holding(words: Sequence[str], corpus: Corpus) -> set[int]:
    """Return the paragraphs that hold all of some words."""
    lists = sorted((corpus.paragraphs(word) for word in words), key=len)
    return set(lists[0]).intersection(*lists[1:]) if lists else set()


class _Asked:
    """The guards of an entry, asked about one match after the other."""

    def __init__(self, entry: Entry, cue_sets: Mapping[str, Sequence[str]], corpora: Sequence[Corpus]) -> None:
        self.entry = entry
        self.cue_sets = cue_sets
        self._corpora = [corpus for corpus in corpora if corpus.clean]
        self.guards = tuple(guards_of(entry))

    def words(self, cue: str) -> tuple[str, ...]:
        """Return what a cue stands for: itself, or the words of its set."""
        return tuple(self.cue_sets.get(cue[1:], ())) if cue.startswith("@") else (cue,)

    def is_common(self, word: str) -> bool:
        """Return whether a word stands in so many paragraphs that it tells nothing."""
        held = sum(len(corpus.paragraphs(word)) for corpus in self._corpora)
        return held > max(_FEW, COMMON * sum(len(corpus.texts) for corpus in self._corpora))

    def look(self, clean: bool, match: Match, text: str, low: str, page: Page) -> _Seen:
        """Ask the entry's guards about a match."""
        around = nearby(match, low)
        seen = _Seen(clean, match, text, low, page, protected(text, match.start, match.end) is not None, {}, around)
        for guard in self.guards:
            self.ask(guard, seen)
        return seen

    def ask(self, guard: Guard, seen: _Seen) -> bool:
        """Return whether what a guard names is there, and keep the answer."""
        known = seen.held.get(guard)
        if known is None:
            known = seen.held[guard] = self._there(guard, seen)
        return known

    def _there(self, guard: Guard, seen: _Seen) -> bool:
        match guard.kind:
            case "topic":
                return guard.value in seen.page.topics
            case "cues" | "unless":
                return first_cue(self.words(guard.value), seen.around) is not None
            case "not":
                own = msgspec.structs.replace(self.entry, not_=(guard.value,))
                return antipattern(msgspec.structs.replace(seen.match, entry=own), seen.text, seen.low) is not None
            case "mt":
                if seen.page.fired is None:  # not known yet: raw pages are suspect, clean ones are not
                    return not seen.clean
                return len(seen.page.fired - {self.entry.id}) >= int(guard.value)

    def refused(
        self, seen: _Seen, guards: Sequence[Guard], *, evidence: bool = True
    ) -> Guard | Literal["protected", "evidence"] | None:
        """Return what holds a match off under the given guards, None where it would be mended."""
        if seen.protected:
            return "protected"
        for guard in guards:
            if guard.kind in {"not", "unless"} and self.ask(guard, seen):
                return guard
        for kind in ("topic", "cues"):
            own = [guard for guard in guards if guard.kind == kind]
            if own and not any(self.ask(guard, seen) for guard in own):
                return own[0]
        if not evidence:
            return None
        for guard in guards:
            if guard.kind == "mt" and not self.ask(guard, seen):
                return guard
        return "evidence" if seen.page.long and not self.ask(_ONE_OTHER, seen) else None

    def hits(self, seen: Iterable[_Seen], guards: Sequence[Guard], *, evidence: bool = True) -> int:
        """Return how many matches would be mended under the given guards."""
        return sum(self.refused(one, guards, evidence=evidence) is None for one in seen)


def guards_of(entry: Entry) -> Iterator[Guard]:
    """Yield the guards of an entry."""
    yield from (Guard("topic", topic) for topic in entry.topics)
    yield from (Guard("cues", cue) for cue in entry.cues or ())
    yield from (Guard("unless", cue) for cue in entry.unless)
    yield from (Guard("not", phrase) for phrase in entry.not_)
    if entry.mt:
        yield Guard("mt", str(entry.mt))


Seen = tuple[Corpus, list[_Seen], bool]


def _told(asked: _Asked, seen: Sequence[Seen], fixed: frozenset[Guard]) -> Counts:
    raw = [one for corpus, matches, _ in seen if not corpus.clean for one in matches]
    clean = [one for corpus, matches, _ in seen if corpus.clean for one in matches]
    guards = asked.guards
    now = asked.hits(raw, guards)

    def effect(guard: Guard, others: Sequence[Guard]) -> Effect:
        evidence = guard.kind == "mt"
        before, after = (asked.hits(clean, own, evidence=evidence) for own in (guards, others))
        return Effect(guard, asked.hits(raw, others) - now, after - before, guard in fixed)

    proposed = [effect(guard, (*guards, guard)) for guard in _proposals(asked, raw, clean)]
    useful = [
        one
        for one in proposed
        if (one.clean < 0 and now and now + one.raw >= _SHARE_TO_KEEP * now) or (one.raw > 0 and one.clean <= 0)
    ]
    useful.sort(key=lambda one: (one.clean - 8 * one.raw, one.guard.kind, one.guard.value))
    return Counts(
        hits=tuple(
            Hits(
                corpus=corpus.name,
                clean=corpus.clean,
                stands=len(matches),
                passes=asked.hits(matches, guards, evidence=False),
                hit=asked.hits(matches, guards),
                more=more,
            )
            for corpus, matches, more in seen
        ),
        guards=tuple(effect(guard, [other for other in guards if other != guard]) for guard in guards),
        proposed=tuple(useful[:PROPOSED]),
        mended=tuple(_examples(asked, seen, clean=False, hit=True)),
        harmed=tuple(_examples(asked, seen, clean=True, hit=True)),
        spared=tuple(_examples(asked, seen, clean=True, hit=False)),
        missed=tuple(_examples(asked, seen, clean=False, hit=False)),
        evidence=all(one.page.fired is not None for one in (*raw, *clean)),
    )


def _examples(asked: _Asked, seen: Sequence[Seen], *, clean: bool, hit: bool) -> Iterator[Example]:
    """Yield examples from as many documents as there are."""
    shown: set[tuple[str, str]] = set()
    for corpus, matches, _ in seen:
        for one in matches if corpus.clean == clean else ():
            refused = asked.refused(one, asked.guards, evidence=not clean)
            if (refused is None) == hit and (corpus.name, one.page.name) not in shown and len(shown) < SHOWN:
                shown.add((corpus.name, one.page.name))
                yield _example(corpus, one, _said(refused), asked.entry)


def _said(refused: Guard | str | None) -> str:
    if refused is None:
        return ""
    if isinstance(refused, Guard):
        return f"{refused.kind} {refused.value}"
    return {"protected": "a quoted title or address", "evidence": "no other entry fired on this page"}[refused]


def _example(corpus: Corpus, seen: _Seen, refused: str, entry: Entry) -> Example:
    new = replacement(seen.match, entry.candidates[0], seen.text)
    text = seen.text
    left = ("…" if new.start > AROUND else "") + text[max(0, new.start - AROUND) : new.start]
    right = text[new.end : new.end + AROUND] + ("…" if len(text) > new.end + AROUND else "")
    return Example(corpus.name, seen.page.name, left, text[new.start : new.end], new.after, right, refused)


def mended(entry: Entry, sentence: str) -> tuple[tuple[str, str, str], ...]:
    """Return a sentence in pieces (same, before, after) as the entry would mend it, its guards left aside.

    Raises:
        PhraseError: a phrase is not as it must be.
    """
    low = fold(sentence)
    pieces: list[tuple[str, str, str]] = []
    at = 0
    matches = [match for phrase in entry.matches for match in Sought(entry, phrase).all(sentence, low)]
    for match in sorted(matches, key=lambda one: (one.start, one.start - one.end)):
        new = replacement(match, entry.candidates[0], sentence)
        if new.start >= at:
            pieces.append((sentence[at : new.start], sentence[new.start : new.end], new.after))
            at = new.end
    return (*pieces, (sentence[at:], "", ""))


def _proposals(asked: _Asked, raw: Sequence[_Seen], clean: Sequence[_Seen]) -> Iterator[Guard]:
    """Yield guards that may tell raw matches from clean ones."""
    have = set(asked.guards)
    proposals: list[Guard] = []
    if not asked.entry.topics:
        common = Counter(topic for one in raw for topic in one.page.topics)
        proposals += [Guard("topic", topic) for topic, _ in common.most_common(2)]
    proposals += [Guard("cues", f"@{name}") for name in asked.cue_sets]
    proposals += [Guard("mt", str(asked.entry.mt + 1))] if asked.entry.mt < 3 else []
    proposals += [Guard("unless", word) for word in _telling(clean, raw, asked)]
    proposals += [Guard("not", phrase) for phrase in _neighbours(clean, raw)]
    yield from (guard for guard in dict.fromkeys(proposals) if guard not in have)


def _telling(clean: Sequence[_Seen], raw: Sequence[_Seen], asked: _Asked) -> list[str]:
    """Return words near clean matches that stand near no raw one."""
    wrong = [one for one in clean if asked.refused(one, asked.guards, evidence=False) is None]
    beside = Counter(word for one in wrong for word in set(words_of(one.around)) if len(word) > 3)
    near = {word for one in raw for word in words_of(one.around)}
    telling = (word for word, number in beside.most_common(60) if number > 1 and word not in near)
    return [word for word in telling if not asked.is_common(word)][:6]


def _neighbours(clean: Sequence[_Seen], raw: Sequence[_Seen]) -> list[str]:
    """Return the phrase with the word before or behind it, as it stands in clean text and never in raw text."""
    right = {phrase for one in raw for phrase in _widened(one)}
    return [
        phrase
        for phrase, number in Counter(phrase for one in clean for phrase in _widened(one)).most_common(40)
        if number > 1 and phrase not in right
    ][:6]


def _widened(seen: _Seen) -> list[str]:
    start, end = seen.match.start, seen.match.end
    phrase = seen.low[start:end]
    before, behind = seen.low[max(0, start - 40) : start], seen.low[end : end + 40]
    found = []
    if before.endswith(" ") and (words := before[:-1].rsplit(" ", 1)) and words[-1].isalpha():
        found.append(f"{words[-1]} {phrase}")
    if behind.startswith(" ") and (word := behind[1:].split(" ", 1)[0]).isalpha():
        found.append(f"{phrase} {word}")
    return [text for text in found if text.replace(" ", "").isalpha()]
