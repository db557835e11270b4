"""From records to ranked candidates. Pure: no files but package data; the same records give the same candidates."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
import numpy as np

from pipeline.record import Record
from pipeline.review.candidate import Candidate, Context, Kind, Sense, SourceTerm, Suggestion, candidate_id, folded
from pipeline.review.mining.background import Background, Floats, load_background
from pipeline.review.mining.dictionary import Dictionary
from pipeline.review.mining.draft import draft
from pipeline.review.mining.faults import Seen, all_seen
from pipeline.review.mining.features import (
    Page,
    Surroundings,
    features,
    page_centre,
    page_of,
    surroundings,
)
from pipeline.review.mining.pages import FIRED, SuspectPage, context, repaired_spans, spread, suspect
from pipeline.review.mining.ranking import load_weights, scores
from pipeline.review.mining.senses import Senses, head
from pipeline.review.mining.words import counted, tokens
from pipeline.review.refusals import Refusals

MOST_CONTEXTS = 8
MOST_SUGGESTIONS = 8
_MOST_SOURCES = 6
_EACH_PAGE = 25
"""Words of a page that go on to be compared with those of other pages."""
_OF_PAGES = 0.6
"""What each doubling (by e) of the number of pages adds to a score."""
_TOGETHER = 0.6
"""Share of its places at which a word must have the same neighbour for both to be proposed as one phrase."""
_FIRST: dict[Kind, float] = {"undone": 40.0, "residue": 20.0, "transliterated": 15.0, "heading": 0.0, "sense": 0.0}
"""What is no guess comes first; headings stand among the guesses by how many pages have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MineOptions:
    """Options of mining.

    Attributes:
        dictionaries: source language → bilingual dictionary; the empty language stands for any.
        refusals: what is not to be proposed.
        least_fired: how many different entries must have fired on a page for it to be suspect.
        limit: candidates at most.
    """

    dictionaries: dict[str, Dictionary] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=lambda: Refusals(()))
    least_fired: int = FIRED
    limit: int = 1000


class Mined(msgspec.Struct, frozen=True):
    """What came of mining: candidates, the likeliest first; pages looked at, and suspect ones among them."""

    candidates: tuple[Candidate, ...]
    pages: int
    suspect: int


@dataclass(slots=True)
class _Gathered:
    """What the pages show of one phrase."""

    kind: Kind
    phrase: Counter[str] = field(default_factory=Counter)
    contexts: list[Context] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    score: float = -math.inf
    sources: Counter[str] = field(default_factory=Counter)
    local: list[Floats] = field(default_factory=list)
    centres: list[Floats] = field(default_factory=list)
    neighbours: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def around(self) -> Surroundings:
        local = np.mean(self.local, axis=0) if self.local else None
        centre = np.mean(self.centres, axis=0) if self.centres else None
        return Surroundings(local, centre, self.neighbours)


def mine(records: Iterable[Record], options: MineOptions | None = None) -> Mined:
    """Return the candidates of records that went through the journey (sections for headings).

    Raises:
        DataFileError: a table of the package is damaged.
    """
    options = options or MineOptions()
    background = load_background()
    gathered: dict[tuple[Kind, str], _Gathered] = {}
    senses = {code: Senses(background, one) for code, one in options.dictionaries.items()}
    pages = suspects = 0
    for record in records:
        pages += 1
        if (page := suspect(record, least=options.least_fired)) is None:
            continue
        suspects += 1
        _gather_senses(page, background, _for(senses, page.language), gathered)
        for seen in all_seen(page):
            _gather_fault(page, seen, gathered)
    return Mined(tuple(_first(gathered, background, senses, options)), pages, suspects)


def _first(
    gathered: dict[tuple[Kind, str], _Gathered],
    background: Background,
    senses: dict[str, Senses],
    options: MineOptions,
) -> list[Candidate]:
    """Return the likeliest candidates; only for them source words, replacements and drafts are looked for."""
    found: dict[str, Candidate] = {}
    for key, held in sorted(gathered.items(), key=lambda item: (-_score(item[1]), item[0])):
        if len(found) == options.limit:
            break
        one = _candidate(key[1], held, background, senses, options)
        if one is not None and one.id not in found:
            found[one.id] = msgspec.structs.replace(one, draft=draft(one, background))
    return sorted(found.values(), key=lambda one: (-one.score, one.id))


def _for(senses: dict[str, Senses], language: str) -> Senses | None:
    """Return the senses by the dictionary for a language, or by that for all."""
    return senses.get(language) or senses.get("")


def _score(held: _Gathered) -> float:
    return round(held.score + _OF_PAGES * math.log(len(held.pages)) + _FIRST[held.kind], 4)


def _gather_senses(
    page: SuspectPage,
    background: Background,
    senses: Senses | None,
    gathered: dict[tuple[Kind, str], _Gathered],
) -> None:
    seen = page_of(page.texts, page.headings)
    names, rows = features(seen, background, senses)
    if not names:
        return
    rankings = load_weights()
    found = scores(rows, rankings.with_dictionary if senses is not None else rankings.without)
    centre = page_centre(seen, background)
    for number in np.argsort(-found, kind="stable")[:_EACH_PAGE].tolist():
        if seen.capitals[names[number]] > len(seen.places[names[number]]) / 2:  # a name
            continue
        places = _unrepaired(page, seen, names[number])
        if places:
            held = gathered.setdefault(("sense", names[number]), _Gathered("sense"))
            _add_places(page, places, held)
            around = surroundings(seen, names[number], background, centre)
            held.neighbours.update(around.neighbours)
            held.local += [] if around.local is None else [around.local]
            held.centres += [] if centre is None else [centre]
            held.score = max(held.score, float(found[number]))


def _unrepaired(page: SuspectPage, seen: Page, word: str) -> list[tuple[int, int, int]]:
    """Return text, start and end of the places of a word that no repair wrote."""
    spans = repaired_spans(page)
    places = []
    for block, position in seen.places[word]:
        _, start, end = tokens(page.texts[block])[position]
        if not any(low < end and start < high for low, high in spans.get(block, ())):
            places.append((block, start, end))
    return places


def _add_places(page: SuspectPage, places: list[tuple[int, int, int]], held: _Gathered) -> None:
    _add_page(page, held)
    for block, start, end in places:
        held.phrase[page.texts[block][start:end].lower()] += 1
        held.contexts.append(context(page, block, start, end))


def _add_page(page: SuspectPage, held: _Gathered) -> None:
    held.pages.add(page.name)
    held.languages[page.language] += 1
    held.fields[page.field] += 1


def _gather_fault(page: SuspectPage, seen: Seen, gathered: dict[tuple[Kind, str], _Gathered]) -> None:
    held = gathered.setdefault((seen.kind, folded(seen.phrase)), _Gathered(seen.kind))
    _add_page(page, held)
    held.phrase[seen.phrase] += 1
    held.contexts.append(seen.context)
    held.score = 0.0
    if seen.source:
        held.sources[seen.source] += 1


def _candidate(
    key: str, held: _Gathered, background: Background, senses: dict[str, Senses], options: MineOptions
) -> Candidate | None:
    language = _commonest(held.languages)
    phrase, contexts = _grown(_commonest(held.phrase), held)
    if options.refusals.of(phrase, language) is not None or options.refusals.of(key, language) is not None:
        return None
    sources, suggestions = _suggested(key, held, background, _for(senses, language))
    pages, seen = len(held.pages), sum(held.phrase.values())
    return Candidate(
        id=candidate_id(held.kind, language, phrase),
        phrase=phrase,
        kind=held.kind,
        language=language,
        field=_commonest(held.fields),
        score=_score(held),
        contexts=spread(contexts, MOST_CONTEXTS),
        sources=sources,
        replacements=suggestions,
        hits={"mined": seen, "clean medical": round(background.count(key)) if held.kind == "sense" else 0},
        pages=pages,
        seen=seen,
        why=_why(key, held, background, suggestions),
    )


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda name: (-counts[name], name)) if counts else ""


def _grown(phrase: str, held: _Gathered) -> tuple[str, list[Context]]:
    """Return the phrase with a neighbour that it nearly always has, and the contexts with it."""
    if held.kind != "sense" or len(held.contexts) < 3:
        return phrase, held.contexts
    for side in (r"([A-Za-z]+)[ -]$", r"^[ -]([A-Za-z]+)"):
        beside: Counter[str] = Counter()
        for one in held.contexts:
            text = one.sentence[: one.start] if side.endswith("$") else one.sentence[one.end :]
            if (found := re.search(side, text)) is not None:
                beside[found[1].lower()] += 1
        word = _commonest(beside)
        if counted(word) and beside[word] >= max(3, _TOGETHER * len(held.contexts)):
            whole = f"{word} {phrase}" if side.endswith("$") else f"{phrase} {word}"
            contexts = [wide for one in held.contexts if (wide := _widened(one, whole)) is not None]
            return whole, contexts or held.contexts
    return phrase, held.contexts


def _widened(one: Context, whole: str) -> Context | None:
    """Return a context with its span over the whole phrase, in whatever form of the word it stands there."""
    before, _, behind = whole.partition(" ")
    expression = re.compile(rf"\b{re.escape(before)}\w*[ -]{re.escape(behind)}\w*\b", re.IGNORECASE)
    for found in expression.finditer(one.sentence):
        if found.start() <= one.start and one.end <= found.end():
            return msgspec.structs.replace(one, start=found.start(), end=found.end())
    return None


def _suggested(
    word: str, held: _Gathered, background: Background, senses: Senses | None
) -> tuple[tuple[SourceTerm, ...], tuple[Suggestion, ...]]:
    """Return the source terms that a phrase may stand for, and the replacements, best first."""
    if held.kind == "sense":
        return suggest(word, held.around, senses) if senses is not None else ((), ())
    source = _commonest(held.sources)
    if not source or held.kind == "undone":
        return (), ()
    if senses is None:
        return (SourceTerm(source, (), 1.0),), ()
    rated = [
        (one.english, background.medical_zipf(head(one.english)) - one.rank)
        for one in senses.dictionary.renderings(source)
    ]
    terms = [Suggestion(term, round(value, 4), source) for term, value in rated]
    terms.sort(key=lambda one: (-one.score, one.text))
    return (SourceTerm(source, senses.dictionary.senses(source), 1.0),), tuple(terms[:MOST_SUGGESTIONS])


def suggest(
    word: str, around: Surroundings, senses: Senses, source: str = ""
) -> tuple[tuple[SourceTerm, ...], tuple[Suggestion, ...]]:
    """Return source terms and replacements for a word by what stands around it.

    Args:
        word: the word that is probably wrong, folded.
        around: what stands around it.
        senses: by a dictionary of the source language.
        source: the source term that a person picked; empty: all that the word may stand for.
    """
    found = senses.of_source(word, source) if source else senses.of(word)
    values = scores(senses.merits(word, found, around), load_weights().replacements)
    order = [n for n in np.argsort(-values, kind="stable").tolist() if found.usable[n]]
    if not order:
        return (), ()
    suggestions = tuple(
        Suggestion(found.terms[n], round(float(values[n]), 4), found.sources[n][0]) for n in order[:MOST_SUGGESTIONS]
    )
    ranked = [(found.terms[n], float(values[n]), found.sources[n]) for n in order]
    return _sources(word, ranked, senses.dictionary), suggestions


def _sources(
    word: str, ranked: list[tuple[str, float, tuple[str, ...]]], dictionary: Dictionary
) -> tuple[SourceTerm, ...]:
    """Return the source terms, each as likely as its best rendering among all of them."""
    best: dict[str, float] = {}
    for _, value, sources in ranked:
        for term in sources:
            best.setdefault(term, value)
    names = sorted(best, key=lambda term: (-best[term], term))[:_MOST_SOURCES]
    likely = np.exp(np.array([best[name] for name in names]) - max(best.values()))
    likely /= likely.sum()
    order = {term: number for number, (term, _, _) in enumerate(ranked)}
    last = len(order)

    def senses_of(term: str) -> tuple[Sense, ...]:
        groups = [sorted(sense.terms, key=lambda one: order.get(one, last)) for sense in dictionary.senses(term, word)]
        return tuple(Sense(tuple(group)) for group in sorted(groups, key=lambda group: order.get(group[0], last)))

    return tuple(SourceTerm(name, senses_of(name), round(float(likely[n]), 4)) for n, name in enumerate(names))


def _why(word: str, held: _Gathered, background: Background, suggestions: tuple[Suggestion, ...]) -> tuple[str, ...]:
    """Say in words what speaks for a candidate."""
    if held.kind != "sense":
        return {
            "residue": ("left in the source script",),
            "transliterated": ("a source word in Latin letters",),
            "heading": ("a heading that no label knows",),
            "undone": ("a repair that a person took back",),
        }[held.kind]
    reasons = []
    excess = background.excess(word)
    if excess > 0.3:
        reasons.append(f"{10**excess:,.0f} times as common in general English as in medical English")
    strange = sum(background.pair_count(*_ordered(word, key)) == 0 for key in held.neighbours)
    if held.neighbours and strange / len(held.neighbours) > 0.5:
        reasons.append(
            f"{strange} of its {len(held.neighbours)} neighbours never stand beside it in clean medical text"
        )
    if suggestions:
        reasons.append(f"“{suggestions[0].text}” has the same source word ({suggestions[0].source}) and fits better")
    return tuple(reasons)


def _ordered(word: str, key: tuple[str, str]) -> tuple[str, str]:
    other, side = key
    return (other, word) if side == "<" else (word, other)
