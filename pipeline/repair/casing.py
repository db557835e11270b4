"""Capitals where none belong, and none where one does. Only on pages that show that they are machine-translated."""

import re
from collections.abc import Iterator

from pipeline.repair.fault import DAMAGED_PAGE, TRANSLATED_PAGE, Fault
from pipeline.repair.matching import FINITE
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
    elif first and len(text) > 40 and _clause(text, first[0][:-1]):
        yield Fault(0, 1, text[0].upper(), "sentence-capital", TRANSLATED_PAGE)
    for found in _AFTER_STOP.finditer(text):
        if zipf(found[1] + found[2]) >= 4.0 and not _abbreviation(text[max(0, found.start() - 30) : found.start()]):
            yield Fault(found.start(1), found.end(1), found[1].upper(), "sentence-capital", DAMAGED_PAGE)


def _clause(text: str, first: str) -> bool:
    """Whether a text that begins small is a sentence: a noun or its adjective first, a finite verb, and a stop last."""
    if not _SENTENCE_END.search(text[-4:]) or first in _NO_FIRST or (zipf(first) < 3.0 and len(first) < 7):
        return False
    words = text[:120].lower().partition(", which")[0].split(" ")[:9]
    return any(word in FINITE or "s" in lexicon().get(word, "") for word in words[1:] if word not in {"that", "which"})


_NO_FIRST = frozenset(
    """and or but which who whose where when that of in on at to by as than with for from if so because while is are was
    were be been has have had can may must will it he she they we you""".split()
)


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


def capitals_within(paragraph: Paragraph) -> Iterator[Fault]:
    """A capital on a common word in mid-sentence, between small words.

    Bad: You should stop Smoking before the operation. Good: You should stop smoking before the operation.
    """
    text = paragraph.text
    for found in _WITHIN.finditer(text):
        word = found[2].lower() + found[3]
        if found[1] in _NAMING or _CAPITAL_BEFORE.search(text[max(0, found.start() - 30) : found.start(2)]):
            continue
        joins = found[1] in _AHEAD_OF_PLAIN or text[found.end(1)] == ","
        if (joins and word in _PLAIN) or (found[1] in _BEFORE_VERBS and _verb(word)):
            yield Fault(found.start(2), found.end(2), found[2].lower(), "stray-capital", TRANSLATED_PAGE)


_WITHIN = re.compile(r"(?<![\w.'’-])([a-z]{2,24}),? ([A-Z])([a-z]{2,24})(?![\w'’-])(?! [A-Z0-9]|[\"”»’])")
_CAPITAL_BEFORE = re.compile(r"[A-Z][\w'’-]* (?:(?:of|the|and|for|in|on|to|or|not|with|a) ){0,2}\Z|[\"“«(:;/] ?\Z")
"""What a name of several words shows: a capital before the little words that link its parts."""
_NAMING = frozenset("called named titled entitled brand company magazine book film see the term word by".split())
_BEFORE_VERBS = frozenset("to not without stop can should must may will do does did".split())
_AHEAD_OF_PLAIN = frozenset("of the a an to under with from for in and or by your their his her at on this".split())
_PLAIN = frozenset(
    """of a an to not in with without for under from stop and or is are be can should must may very more his her your
    their this no do does will during after before at""".split()
)
_PLAIN = frozenset(
    """general local acute chronic smoking drinking eating sleeping breathing medicine treatment treatments disease
    diseases symptom symptoms skin body pain fever cough swelling bleeding inflammation women woman men man
    child children people patients patient doctor doctors blood liver kidney kidneys stomach bladder heart food
    water teeth tooth pregnancy temperature weakness nausea vomiting headache itching redness operation surgery
    drugs medicines tablets""".split()
)


def _verb(word: str) -> bool:
    flags = lexicon().get(word, "p")
    return "p" not in flags and not {"v", "g"}.isdisjoint(flags) and zipf(word) >= 3.5


def _no_name(word: str) -> bool:
    return "p" not in lexicon().get(word, "p") and zipf(word) >= 3.0


_AFTER_ARTICLE = re.compile(r" (?:the|a|an) ([A-Z])([a-z]{3,24})(?= [a-z]{2}|[,.;] |[.;]\Z)")
_SMALL = re.compile(r"(?<![\w-])[a-z]{4,25}(?![\w-])")
_AFTER_COMMA = re.compile(r"[,;] ([A-Z])([a-z]{1,6}) (?=[a-z])")
_LITTLE = frozenset(
    "Their The It This These They In If For And But Or With When At As Also Which That Where Who Then Of To".split()
)
