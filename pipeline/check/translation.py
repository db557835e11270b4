"""Checks of translation: what an entry of the glossary mends, and what needs a person."""

import re
from collections.abc import Iterator

from pipeline.check.reading import sentence
from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject
from pipeline.record import Change

_DENSITY = 12.0
"""Mended and suspected errors per 100 words above which a page is not worth its repair.

Real pages have about 6, those of old rule-based engines 10 to 13 (design measurement); a page above
them reads as noise even when every known error is mended.
"""
_FIRST = re.compile(r"“(.+?)” should ")
_FEW = 100
"""Words below which a density means nothing."""


@check("T001", "info")
def mended_error(subject: Subject) -> Iterator[Fault]:
    """A translation error that an entry of the glossary mends.

    Nothing to do: the pipeline mends it; `pipeline glossary show ID` says why.
    Bad:
    <h1>Osteoporosis of the spine</h1><p>Osteoporosis is a disease of the bones. Before to treat osteoporosis of the
    vertebrae, it is necessary to establish its causes, because the bones become thin and break.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    shift: dict[int | None, int] = {}
    for change in subject.record.changes:
        start = change.start - shift.get(change.block, 0)
        shift[change.block] = shift.get(change.block, 0) + len(change.after) - len(change.before)
        place = subject.place(change.block, change.before, start)
        yield Fault(f"{_told(change)} ({change.reason}).", *place, mend=change.after)


@check("T002", "warning")
def several_candidates(subject: Subject) -> Iterator[Fault]:
    """A translation error that has several possible repairs.

    Entries of the glossary that only suggest find it. A person has to choose; nothing is changed.
    """
    yield from _asked(subject, "suggestion")


@check("T003", "error")
def dangerous_translation(subject: Subject) -> Iterator[Fault]:
    """A phrase that probably says the opposite of what was meant, or another dose.

    Entries of the glossary of type `danger` find it. It is never mended silently: compare it with the source, or
    leave the page out.
    """
    yield from _asked(subject, "dangerous-translation")


@check("T004", "error")
def too_many_errors(subject: Subject) -> Iterator[Fault]:
    """Translation errors stand so close that the page should be dropped.

    Look for the same article in a better translation.
    Bad:
    <h1>Osteoporosis of the spine</h1>
    25 × <p>Before to treat osteoporosis, rest.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    if subject.words < _FEW:
        return
    errors = len(subject.record.changes) + len(subject.found("suggestion", "dangerous-translation"))
    density = 100 * errors / subject.words
    if density > _DENSITY:
        message = f"{density:.0f} translation errors per 100 words; look for a better translation of this article."
        yield Fault(message)


def _asked(subject: Subject, code: str) -> Iterator[Fault]:
    """Yield what a person has to decide, at the words that the message begins with."""
    for finding in subject.found(code):
        words = _FIRST.match(finding.message)
        place = subject.place_of(finding.block, words[1]) if words else (finding.line, None, 0)
        yield Fault(sentence(finding.message), *place)


def _told(change: Change) -> str:
    """Say what the change does; white space that is put in has no text before it."""
    if not change.before:
        return f"“{_short(change.after)}” is put in"
    after = f"becomes “{_short(change.after)}”" if change.after else "is taken out"
    return f"“{_short(change.before)}” {after}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
