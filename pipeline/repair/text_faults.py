"""Faults of letters, spacing, figures and case in a text: the finders in order, and which finds stand."""

from collections.abc import Callable, Iterable, Sequence

from pipeline.repair.casing import capitals_within, sentence_capitals, stray_capitals
from pipeline.repair.constructions import articles_before_plurals, dash_for_is, subject_first
from pipeline.repair.fault import Fault
from pipeline.repair.figures import decimal_commas, degrees
from pipeline.repair.guards import protected
from pipeline.repair.letters import look_alikes, mojibake
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.spacing import (
    cannot,
    doubled_words,
    joined_words,
    line_break_hyphens,
    lost_stops,
    run_together,
    spaces_after_stops,
    spaces_before_brackets,
    spaces_before_marks,
    spaces_in_brackets,
    split_words,
)

Finder = Callable[[Paragraph], Iterable[Fault]]
CERTAIN: tuple[Finder, ...] = (mojibake, look_alikes, degrees, line_break_hyphens, split_words, joined_words)
"""Finders asked on every page; where two finds overlap, the finder that stands first wins."""
LIKELY: tuple[Finder, ...] = (
    decimal_commas,
    run_together,
    cannot,
    doubled_words,
    lost_stops,
    spaces_in_brackets,
    spaces_after_stops,
    spaces_before_brackets,
    spaces_before_marks,
    stray_capitals,
    capitals_within,
    sentence_capitals,
    subject_first,
    dash_for_is,
    articles_before_plurals,
)
"""Finders asked only on pages that show that they are machine-translated: clean pages hold such slips too."""


def faults(paragraph: Paragraph, *, likely: bool = False) -> list[Fault]:
    """Return the faults of a text, sorted and apart, those in addresses, code and quoted titles left out.

    Args:
        paragraph: the text.
        likely: whether those are looked for that clean pages hold too.
    """
    known = paragraph.faults.get(likely)
    if known is None:
        finders = (*CERTAIN, *LIKELY) if likely else CERTAIN
        found = [fault for finder in finders for fault in finder(paragraph)]
        known = paragraph.faults[likely] = _apart(found, paragraph.text) if found else []
    return known


def _apart(found: Sequence[Fault], text: str) -> list[Fault]:
    """Return faults sorted, and of those that meet the one whose finder stands first."""
    rank = {id(fault): place for place, fault in enumerate(found)}
    chosen: list[Fault] = []
    for fault in sorted(found, key=lambda fault: (fault.start, rank[id(fault)])):
        if chosen and fault.start <= chosen[-1].end:
            if rank[id(fault)] > rank[id(chosen[-1])]:
                continue
            chosen.pop()
        if fault.reason == "mojibake" or protected(text, fault.start, fault.end) is None:
            chosen.append(fault)
    return chosen
