"""Capitals where none belong, and none where one does. Only on pages that show that they are machine-translated."""

import re
from collections.abc import Iterator

from pipeline.repair.fault import DAMAGED_PAGE, Fault
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.word_classes import lexicon
from pipeline.repair.word_list import zipf

_SECOND = re.compile(r"([a-z]{2,24}) ([A-Z])([a-z]{2,24}) [a-z]")
_FIRST = re.compile(r"[a-z]{2,24}[ ,]")
_NEXT_SENTENCE = re.compile(r"[a-z)][.!?] [A-Z]")
"""A second sentence: the last item of a list that runs on in small letters has none."""
_SENTENCE_END = re.compile(r"[.!?][\"')\]”»]?\s*\Z")
_AFTER_STOP = re.compile(r"[.!?] ([a-z])([a-z]{1,24}) [a-z]")
_NAME_LIKE = frozenset("e-mail iphone ebay ph mrna".split())


def sentence_capitals(paragraph: Paragraph) -> Iterator[Fault]:
    """A sentence that begins with a small letter.

    Bad: bone loss is slow. Good: Bone loss is slow.
    """
    text = paragraph.text
    first = _FIRST.match(text)
    if (
        first
        and len(text) > 40
        and _SENTENCE_END.search(text[-4:])
        and (_SECOND.match(text) or _NEXT_SENTENCE.search(text))
        and zipf(first[0][:-1]) >= 3.0
    ):
        yield Fault(0, 1, text[0].upper(), "sentence-capital", DAMAGED_PAGE)
    for found in _AFTER_STOP.finditer(text):
        if zipf(found[1] + found[2]) >= 4.0 and not _abbreviation(text[max(0, found.start() - 30) : found.start()]):
            yield Fault(found.start(1), found.end(1), found[1].upper(), "sentence-capital", DAMAGED_PAGE)


def _abbreviation(before: str) -> bool:
    """Whether the word before a full stop is hardly a word, so that the stop may be its own."""
    word = _LAST_WORD.search(before)
    return word is None or zipf(word[0].lower()) < 3.0 or word[0].lower() in _ABBREVIATIONS


_LAST_WORD = re.compile(r"[A-Za-z]*[a-z]{3}\Z")
_ABBREVIATIONS = frozenset(
    "etc approx max min fig figs vol incl tab tabs caps est ref refs art sect ave dept spp var".split()
)


def stray_capitals(paragraph: Paragraph) -> Iterator[Fault]:
    """A capital in mid-sentence, on a word that is no name.

    It stands on the second word of a block that itself begins small, on a noun behind its article that the block
    also writes small, or on a little word behind a comma or semicolon.

    Bad: bone Loss may follow. Good: bone loss may follow (and the sentence gets its capital).
    """
    text = paragraph.text
    found = _SECOND.match(text)
    if found and zipf(found[1]) >= 3.0 and _no_name(found[2].lower() + found[3]):
        yield Fault(found.start(2), found.end(2), found[2].lower(), "stray-capital", DAMAGED_PAGE)
    small: set[str] | None = None
    for found in _AFTER_ARTICLE.finditer(text):
        word = found[1].lower() + found[2]
        if _no_name(word):
            small = set(_SMALL.findall(text)) if small is None else small
            if word in small:
                yield Fault(found.start(1), found.end(1), found[1].lower(), "stray-capital", DAMAGED_PAGE)
    for found in _AFTER_COMMA.finditer(text):
        if found[1] + found[2] in _LITTLE:
            yield Fault(found.start(1), found.end(1), found[1].lower(), "stray-capital", DAMAGED_PAGE)


def _no_name(word: str) -> bool:
    return "p" not in lexicon().get(word, "p") and zipf(word) >= 3.0


_AFTER_ARTICLE = re.compile(r" (?:the|a|an) ([A-Z])([a-z]{3,24})(?= [a-z]{2}|[,.;] |[.;]\Z)")
_SMALL = re.compile(r"(?<![\w-])[a-z]{4,25}(?![\w-])")
_AFTER_COMMA = re.compile(r"[,;] ([A-Z])([a-z]{1,6}) (?=[a-z])")
_LITTLE = frozenset(
    "Their The It This These They In If For And But Or With When At As Also Which That Where Who Then Of To".split()
)
