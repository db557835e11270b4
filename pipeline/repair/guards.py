"""Whether an entry's conditions hold at a place. The order is fixed, and each refusal says what decided.

antipattern → protected span → topic → cues (near, of the page, or an entry that fired) and words that forbid →
evidence of machine translation (→ overlap, which only the engine can see).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal

import msgspec

from pipeline.record import Severity
from pipeline.repair.entry import Entry
from pipeline.repair.evidence import points
from pipeline.repair.inflection import plural, verb_forms
from pipeline.repair.matching import Match, Sought, fold
from pipeline.repair.paragraph import Page
from pipeline.repair.phrase import surfaces
from pipeline.repair.tokens import words_of

REACH = 300
"""Characters on either side of a match, within its paragraph, in which cues are looked for."""
ORDER = ("antipattern", "protected", "topic", "cues", "unless", "evidence", "overlap")
"""The guards in the order in which they are asked."""

Outcome = Literal[
    "applied", "suggested", "trial", "antipattern", "protected", "topic", "cues", "unless", "evidence", "overlap"
]

_WORD = re.compile(r"\w+")
_PROTECTED = re.compile(
    r"""
      (?:https?://|ftp://|www\.)[^\s<>"']+            # addresses
    | [\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}   # mail
    | \b(?:doi:\s?|DOI:\s?|PMID:\s?|ISBN[: ]\s?)[\w./-]+   # identifiers of works
    | [“«„][A-Z][^“”«»„\n]{1,120}[”»“]                # titles and sayings in quotation marks
    | (?<![\w"])"[A-Z][^"\n]{1,120}"(?!\w)
    | `[^`\n]{1,200}`                                 # code
    """,
    re.VERBOSE,
)


_SIC_REACH = 120
"""Characters before `[sic]` that it keeps, within its sentence: an editor's mark that they are meant so."""
_SENTENCE_END = re.compile(r"[.!?\n]")
_PROTECTING = ("“", '"', "«", "„", "`", "@", "://", "www.", "doi", "DOI", "PMID", "ISBN")
"""What every protected span holds one of: looked for first, for most paragraphs hold none."""


class Decision(msgspec.Struct, frozen=True):
    """What was decided at a place where a phrase of an entry stands.

    Attributes:
        entry: id of the entry.
        block: index of the block, None for the title.
        start: offset of the match in the text before repair.
        end: offset behind it.
        text: what stands there.
        after: what the entry would put there (the first candidate).
        outcome: `applied`, `suggested` (several candidates, or only a suggestion), `trial`, or the guard that refused.
        detail: what decided, in words: the antipattern, the cues that were looked for, the topic found.
        satisfied: the guards that held.
        severity: of the finding, where a person is asked.
    """

    entry: str
    block: int | None
    start: int
    end: int
    text: str
    after: str
    outcome: Outcome
    detail: str = ""
    satisfied: tuple[str, ...] = ()
    severity: Severity = "info"


class Setting(msgspec.Struct, frozen=True):
    """What guards know of the document.

    Attributes:
        topics: what it is on.
        evidence: ids of the entries that fired without needing evidence.
        marks: its markers, with their weights.
        owned: by entry, the markers that stand nowhere but in the phrase that the entry would mend.
        fired: ids of all entries that fired so far, which open the entries that name them under `after`.
        page: its texts, in which cues of the page are looked for.
        assume_evidence: so many others are taken to have fired (examples stand alone).
        assume_page: the page is taken to hold the cues, and an entry to have fired, that `page` and `after` ask for.
        least: other entries that must have fired before any is applied: 1 on long pages.
    """

    topics: tuple[str, ...] = ()
    evidence: frozenset[str] = frozenset()
    marks: Mapping[str, float] = {}
    owned: Mapping[str, AbstractSet[str]] = {}
    fired: frozenset[str] = frozenset()
    page: Page | None = None
    assume_evidence: int = 0
    assume_page: bool = False
    least: int = 0


class Judgement(msgspec.Struct, frozen=True):
    """What the guards said at a place, evidence apart.

    Attributes:
        refusal: the guard that refused, None where none did.
        detail: what decided, in words.
        satisfied: the guards that held.
        waits: whether all hangs on an entry under `after` that must have fired.
    """

    refusal: Outcome | None = None
    detail: str = ""
    satisfied: tuple[str, ...] = ()
    waits: bool = False


def judge(match: Match, text: str, low: str, setting: Setting) -> Judgement:
    """Ask the guards in order, evidence apart, which needs all of them asked everywhere first."""
    entry = match.entry
    satisfied: list[str] = []
    if (found := antipattern(match, text, low)) is not None:
        return Judgement("antipattern", f"“{found}” stands there")
    if entry.not_:
        satisfied.append("antipattern")
    if (span := protected(text, match.start, match.end)) is not None:
        return Judgement("protected", f"inside {span}", tuple(satisfied))
    if entry.topics and not set(entry.topics) & set(setting.topics):
        detail = f"the page is on {_listed(setting.topics) or 'no known topic'}, not {_listed(entry.topics)}"
        return Judgement("topic", detail, tuple(satisfied))
    if entry.topics:
        satisfied.append("topic")
    words = nearby(match, low) if entry.cues or entry.unless else ""
    opened = _opened(entry, words, setting)
    if opened is None and not entry.after:
        return Judgement("cues", _missing(entry), tuple(satisfied))
    if opened:
        satisfied.append(opened)
    if entry.unless and (cue := first_cue(entry.unless, words)) is not None:
        return Judgement("unless", f"“{cue}” stands within {REACH} characters", tuple(satisfied))
    return Judgement(None, "", tuple(satisfied), waits=opened is None)


def _opened(entry: Entry, words: str, setting: Setting) -> str | None:
    """Say what shows the entry's sense: a cue nearby or cues of the page. None where nothing does, empty: not asked."""
    if not (entry.cues or entry.page or entry.after):
        return ""
    if entry.cues and (cue := first_cue(entry.cues, words)) is not None:
        return f"cue {cue}"
    if not setting.assume_page:
        standing = page_cues(entry.page, setting.page) if entry.page and setting.page else ()
        return f"page {_listed(standing)}" if len(standing) >= entry.page_least and standing else None
    return "page" if entry.page or entry.after else None


def _missing(entry: Entry) -> str:
    """Say what would have shown the entry's sense."""
    asked = [f"none of its cues stands within {REACH} characters"] if entry.cues else []
    asked += [f"fewer than {entry.page_least} of its cues of the page stand on it"] if entry.page else []
    asked += [f"{_listed(entry.after)} did not fire on the page"] if entry.after else []
    return ", ".join(asked)


def opener(entry: Entry, fired: Iterable[str]) -> str | None:
    """Return the first of the entries that fired which the entry names under `after`, None where none did.

    An entry may name itself: once its cues showed its sense somewhere, the word means the same all over the page.
    """
    return next((name for name in sorted(fired) if any(fnmatchcase(name, own) for own in entry.after)), None)


def not_opened(entry: Entry) -> str:
    """Say in words why an entry that waits for another was not opened."""
    return _missing(entry)


def page_cues(cues: Sequence[str], page: Page) -> tuple[str, ...]:
    """Return those of the cues that stand anywhere on the page."""
    forms, prefixes, phrases = cue_forms(tuple(cues))
    found = [cue for cue, own in forms if not page.vocabulary.isdisjoint(own)]
    found += [f"{p}*" for p in prefixes if any(word.startswith(p) for word in page.vocabulary)]
    found += [cue for cue, expression in phrases if expression.search(page.low)]
    return tuple(found)


def weigh(entry: Entry, setting: Setting) -> tuple[bool, str]:
    """Ask whether enough else on the page says that it is a translation; return the answer and what it rests on."""
    others = max(len(setting.evidence - {entry.id}), setting.assume_evidence)
    own = setting.owned.get(entry.id, frozenset()) | setting.evidence
    marks = {name: weight for name, weight in setting.marks.items() if name not in own}
    marked = points(marks, setting.page.size if setting.page else 0)
    needed = max(entry.mt, setting.least)
    if others + marked >= needed:
        return True, f"evidence {others}" + (f" and {marked:.1f} of markers" if marked else "")
    why = "are needed" if entry.mt >= setting.least else "is needed on a page of this length"
    return False, f"{others} other entries fired, markers count {marked:.1f}, {needed} {why}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def antipattern(match: Match, text: str, low: str) -> str | None:
    """Return what stands there of the phrases under `not` that overlap the match, None where none does."""
    if not match.entry.not_:
        return None
    start, end = max(0, match.start - 120), min(len(text), match.end + 120)
    window = low[start:end]
    slots = tuple(sorted(match.entry.slots.items()))
    for phrase in match.entry.not_:
        sought, needed = _forbidding(phrase, slots)
        if not any(word in window for word in needed):
            continue
        for found in sought.all(text[start:end], window):
            if found.start + start < match.end and match.start < found.end + start:
                return text[found.start + start : found.end + start]
    return None


@lru_cache(maxsize=16_384)
def _forbidding(text: str, slots: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Sought, tuple[str, ...]]:
    """Return a phrase under `not`, ready to be looked for, and the words one of which must stand where it does."""
    sought = Sought(Entry(id="any.not", match=text, replace="", slots=dict(slots)), text)
    least: tuple[str, ...] = ("",)
    for part in sought.phrase.parts:
        listed = None if part.optional else surfaces(part, dict(slots))
        if listed is not None:
            words = tuple(sorted({max(_WORD.findall(form), key=len, default="") for form in listed}))
            least = min(least, words, key=lambda own: (not all(own), len(own), -sum(map(len, own))))
    return sought, least


def protected(text: str, start: int, end: int) -> str | None:
    """Return what protects the span (an address, a quoted title, code), None where nothing does."""
    mark = text.find("[sic]", end, end + _SIC_REACH)
    if mark >= 0 and not _SENTENCE_END.search(text, end, mark):
        return "[sic]"
    lower = max(0, start - 220)
    window = text[lower : end + 220]
    if not any(mark in window for mark in _PROTECTING):
        return None
    for found in _PROTECTED.finditer(text, lower, min(len(text), end + 220)):
        if found.start() < end and start < found.end():
            return found[0] if len(found[0]) <= 60 else found[0][:57] + "…"
    return None


def nearby(match: Match, low: str) -> str:
    """Return the paragraph's text within reach of the match. A cue may stand in the phrase itself."""
    start, end = max(0, match.start - REACH), min(len(low), match.end + REACH)
    if start and (space := low.find(" ", start, match.start)) >= 0:
        start = space
    if end < len(low) and (space := low.rfind(" ", match.end, end)) >= 0:
        end = space
    return low[start:end]


def first_cue(cues: Sequence[str], words: str) -> str | None:
    """Return the first of the cues (in the order of the entry) that stands among the words.

    >>> first_cue(("vertebra", "osteo*", "lower back"), "pain of the vertebrae")
    'vertebra'
    """
    forms, prefixes, phrases = cue_forms(tuple(cues))
    tokens = set(words_of(words))
    for cue, own in forms:
        if not tokens.isdisjoint(own):
            return cue
    for prefix in prefixes:
        if any(token.startswith(prefix) for token in tokens):
            return f"{prefix}*"
    for cue, expression in phrases:
        if expression.search(words):
            return cue
    return None


@lru_cache(maxsize=4096)
def cue_forms(
    cues: tuple[str, ...],
) -> tuple[tuple[tuple[str, frozenset[str]], ...], tuple[str, ...], tuple[tuple[str, "re.Pattern[str]"], ...]]:
    """Return cues as they are looked for: words with their forms, beginnings of words, and phrases."""
    forms, prefixes, phrases = [], [], []
    for cue in cues:
        word = fold(cue)
        if word.endswith("*"):
            prefixes.append(word[:-1])
        elif _WORD.fullmatch(word):
            forms.append((cue, frozenset({word, plural(word), *verb_forms(word).values()})))
        else:
            body = r"\W{1,2}".join(re.escape(w) for w in _WORD.findall(word))
            phrases.append((cue, re.compile(rf"(?<!\w){body}(?:s|es)?(?!\w)")))
    return tuple(forms), tuple(prefixes), tuple(phrases)
