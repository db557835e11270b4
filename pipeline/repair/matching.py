"""Where an entry's phrase stands in a text, and what stood in its slots."""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.phrase import Part, Phrase, begins_word, inflected, longest, parse, pattern
from pipeline.repair.token_patterns import holds
from pipeline.repair.word_classes import can_be

_STRAIGHT = (("’", "'"), ("‘", "'"), ("‑", "-"), ("‐", "-"), ("\u00a0", " "))
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;]['\")\]]*[ \n]|[\n\t•–—]\s?)[\"'(\[“„«]*\Z")
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


class Sought:
    """A phrase of an entry, ready to be looked for. Its expression is compiled when it is first needed.

    Attributes:
        entry: the entry.
        phrase: the phrase, taken apart.
    """

    __slots__ = ("_expression", "_length", "entry", "phrase")

    def __init__(self, entry: Entry, text: str) -> None:
        self.entry = entry
        self.phrase = parse(text)
        self._expression: re.Pattern[str] | None = None

    @property
    def expression(self) -> "re.Pattern[str]":
        """The regular expression of the phrase, for folded text (with its own case where the entry tells it)."""
        if self._expression is None:
            self._length = sum(longest(part, self.entry.slots) for part in self.phrase.parts)
            self._expression = re.compile(pattern(self.phrase, self.entry.slots, exact=self.entry.case))
        return self._expression

    def all(self, text: str, low: str) -> Iterator[Match]:
        """Yield the places where the phrase stands; `low` is the folded text."""
        return self._matches(self.expression.finditer(straightened(text) if self.entry.case else low), text, low)

    def at(self, spans: Iterable[tuple[int, int]], text: str, low: str) -> Iterator[Match]:
        """Yield the places where the phrase stands over spans of its fixed words, given in the order of the text."""
        return self._matches(self._over(spans, straightened(text) if self.entry.case else low), text, low)

    def _over(self, spans: Iterable[tuple[int, int]], text: str) -> Iterator["re.Match[str]"]:
        """Yield what the expression finds over each span; finds lie apart."""
        expression = self.expression
        end = 0
        for start, stop in spans:
            lower, upper = max(end, stop - self._length), start + self._length + _MARGIN
            for found in expression.finditer(text, lower, upper):
                if found.start() > start:
                    break
                if found.end() >= stop:
                    yield found
                    end = found.end()
                    break

    def _matches(self, found: Iterable["re.Match[str]"], text: str, low: str) -> Iterator[Match]:
        entry, parts = self.entry, self.phrase.parts
        for own in found:
            start, end = own.span()
            if low[start].isalnum() and not begins_word(low, start):
                continue
            if self.phrase.at_start and not starts_sentence(text, start):
                continue
            spans = {i: span for i, span in enumerate(own.regs[1:]) if span[0] >= 0}
            if not all(_fits(part, spans.get(i), low, entry) for i, part in enumerate(parts) if part.slot):
                continue
            if not entry.tokens or holds(entry.tokens, text, start, end):
                yield Match(entry, self.phrase, start, end, spans)


_MARGIN = 64
"""Characters behind the longest match that are looked at: for what may not follow it, or what ends its sentence."""


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
