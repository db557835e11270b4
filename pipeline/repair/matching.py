"""Where an entry's phrase stands in a text, and what stood in its slots."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.phrase import Part, Phrase, begins_word, compiled, inflected, parse
from pipeline.repair.token_patterns import holds
from pipeline.repair.word_classes import can_be

_STRAIGHT = (("’", "'"), ("‘", "'"), ("‑", "-"), ("‐", "-"), ("\u00a0", " "))
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;]['\")\]]*[ \n]|[\n\t•–—]\s?)[\"'(\[“„«]*\Z")
_MARK = re.compile(r"[^\w\s<>()|^$'’\-]")
NOT_A_NOUN = frozenset(
    "the a an is are was were be been has have had of in on at to for with by and or but as than that".split()
)

FINITE = frozenset(
    """is are was were has have had can could may might must should will would do does did isn't aren't wasn't don't
    doesn't didn't it they he she we you i who which that""".split()
)
"""Words that no bare noun phrase holds: finite auxiliaries, and pronouns that begin a clause."""


class Match(msgspec.Struct, frozen=True):
    """A phrase found in a text.

    Attributes:
        entry: the entry it belongs to.
        phrase: the phrase that was found.
        start: offset of its first character.
        end: offset behind its last.
        spans: offsets of the parts that were found, by number of the part.
    """

    entry: Entry
    phrase: Phrase
    start: int
    end: int
    spans: Mapping[int, tuple[int, int]]

    def words(self, number: int, text: str) -> str:
        """Return the text of a part, empty where it is missing."""
        start, end = self.spans.get(number, (0, 0))
        return text[start:end]


def fold(text: str) -> str:
    """Return the text in lower case with straight quotes and hyphens, of the same length.

    >>> fold("İt’s")
    "it's"
    """
    low = text.lower()
    if len(low) != len(text):  # a few letters grow: İ
        low = "".join(c.lower()[:1] for c in text)
    return straightened(low)


def straightened(text: str) -> str:
    """Return the text with straight quotes and hyphens, in its own case."""
    if text.isascii():
        return text
    for curly, straight in _STRAIGHT:  # a chain of replace is ten times as fast as translate
        text = text.replace(curly, straight)
    return text


def places(entry: Entry, phrase: Phrase, runs: Iterable[str], low: str) -> Iterator[int]:
    """Yield the offsets in a folded text near which a phrase may stand, given the runs of its words that were met.

    Words of a phrase stand a blank, a hyphen or an apostrophe apart; where punctuation stands between
    them in the phrase, the longest word alone is looked for.
    """
    loose = _has_marks(phrase.text, tuple(sorted(entry.slots.items())))
    for run in runs:
        for sought in {max(run.split(" "), key=len)} if loose else {run, run.replace(" ", "-"), run.replace(" ", "'")}:
            offset = low.find(sought)
            while offset >= 0:
                yield offset
                offset = low.find(sought, offset + len(sought))


@lru_cache(maxsize=8192)
def _has_marks(text: str, slots: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    """Say whether a phrase holds punctuation of the text that it matches, besides that of the notation."""
    own = text.replace("<...>", " ").replace(":", " ")
    return _MARK.search(" ".join((own, *(word for _, words in slots for word in words)))) is not None


def find(entry: Entry, phrase: Phrase, text: str, low: str) -> Iterator[Match]:
    """Yield the places where a phrase stands; `low` is the folded text."""
    slots = tuple(sorted(entry.slots.items()))
    expression = compiled(phrase.text, slots, entry.case)
    for found in expression.finditer(straightened(text) if entry.case else low):
        start, end = found.span()
        if low[start].isalnum() and not begins_word(low, start):
            continue
        if phrase.at_start and not starts_sentence(text, start):
            continue
        spans = {i: found.span(f"p{i}") for i in range(len(phrase.parts)) if found.start(f"p{i}") >= 0}
        if not all(_fits(part, spans.get(i), low, entry) for i, part in enumerate(phrase.parts)):
            continue
        if not entry.tokens or holds(entry.tokens, text, start, end):
            yield Match(entry, phrase, start, end, spans)


def starts_sentence(text: str, position: int) -> bool:
    """Say whether a sentence, line or cell begins at the position."""
    before = text[max(0, position - 12) : position]
    return _SENTENCE_START.search(before if position <= 12 else "x" + before) is not None


def _fits(part: Part, span: tuple[int, int] | None, low: str, entry: Entry) -> bool:
    """Say whether the word in an open slot can be of the slot's part of speech."""
    if not part.slot or span is None or part.name in entry.slots or part.kind in entry.slots:
        return True
    word = low[span[0] : span[1]]
    if part.kind == "phrase":
        return FINITE.isdisjoint(word.split())
    if part.kind in {"noun", "nouns", "adj"} and word in NOT_A_NOUN:
        return False
    return can_be(word, part.kind)


def form_of(part: Part, surface: str) -> tuple[tuple[str, str], ...]:
    """Return the (lemma, form) pairs that a surface form of a word part may be."""
    return inflected(part).get(surface, ())


def phrases(entry: Entry) -> list[Phrase]:
    """Return the phrases of an entry."""
    return [parse(text) for text in entry.matches]
