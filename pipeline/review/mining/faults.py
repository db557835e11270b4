"""Candidates that need no ranking: source script, transliteration, headings without a label, repairs undone."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.repair.word_list import zipf
from pipeline.review.candidate import Context, Kind
from pipeline.review.mining.pages import SuspectPage, context

_SCRIPT = re.compile(r"[Ѐ-ӿ]+(?:[ -][Ѐ-ӿ]+){0,3}|[\u3040-\u30ff\u4e00-\u9fff]+|[\u0370-\u03ff]{2,}")
_LATIN = re.compile(r"\b[a-z]{5,30}\b")
_SLAVIC = re.compile(
    r"shch|[^aeiou]iy\b|[yi]y\b|iya\b|zh[aeiouy]|kh[aeiou]|[aeiou]vsk|nost\b|[^aeiou]nik(?:i|ov)?\b|stvo\b|ogo\b|chka\b"
    r"|eniye\b|aniye\b|tsiya\b|vki\b|ovka\b|uyu\b|ykh\b|ushch|yushch"
)
_LETTERS = tuple(
    tuple(pair.split("="))
    for pair in """shch=щ yo=ё zh=ж kh=х ts=ц ch=ч sh=ш yu=ю ya=я ye=е iy=ий yy=ый a=а b=б v=в g=г d=д e=е z=з i=и y=й
    k=к l=л m=м n=н o=о p=п r=р s=с t=т u=у f=ф h=х c=ц j=й w=в '=ь""".split()
)
"""Latin spellings of Russian letters, the longer ones first."""


class Seen(NamedTuple):
    """A candidate at one of its places."""

    kind: Kind
    phrase: str
    context: Context
    source: str = ""


def residue(page: SuspectPage) -> Iterator[Seen]:
    """Yield words in another script inside an English page."""
    for number, text in enumerate(page.texts):
        if text.isascii() or _mostly_foreign(text):
            continue
        for found in _SCRIPT.finditer(text):
            yield Seen("residue", found[0], context(page, number, *found.span()), found[0].lower())


def _mostly_foreign(text: str) -> bool:
    """Say whether a text is in another script throughout: a quotation or an address, not a word left over."""
    letters = [character for character in text if character.isalpha()]
    return sum(not character.isascii() for character in letters) > len(letters) / 2


def transliterated(page: SuspectPage) -> Iterator[Seen]:
    """Yield words that English does not know and that are spelled as Slavic words are in Latin letters."""
    for number, text in enumerate(page.texts):
        for found in _LATIN.finditer(text):
            if zipf(found[0]) == 0 and _SLAVIC.search(found[0]):
                yield Seen("transliterated", found[0], context(page, number, *found.span()), cyrillic(found[0]))


def cyrillic(word: str) -> str:
    """Return a transliterated word in Cyrillic letters, as far as that can be told.

    >>> cyrillic("nadpochechniki"), cyrillic("noyushchiy")
    ('надпочечники', 'ноющий')
    """
    result, place = "", 0
    while place < len(word):
        for latin, letter in _LETTERS:
            if word.startswith(latin, place):
                result += letter
                place += len(latin)
                break
        else:
            result += word[place]
            place += 1
    return result


def unlabelled(page: SuspectPage) -> Iterator[Seen]:
    """Yield headings that no label knows."""
    for section in page.record.sections:
        heading = section.heading.strip()
        if section.label == "other" and heading and section.label_source == "none" and len(heading) <= 80:
            number = section.first_block + 1
            start = page.texts[number].find(heading)
            if start >= 0:
                yield Seen("heading", heading, context(page, number, start, start + len(heading)))


def undone(page: SuspectPage) -> Iterator[Seen]:
    """Yield repairs that a person took back in the record: what the change wrote is not there, what it found is."""
    for change in page.record.changes:
        number = 0 if change.block is None else change.block + 1
        text = page.texts[number]
        if not change.before.strip() or text[change.start : change.end] == change.after:
            continue
        start = text.find(change.before, max(0, change.start - 200), change.end + 200 + len(change.before))
        if start >= 0:
            yield Seen("undone", change.before, context(page, number, start, start + len(change.before)), change.reason)


def all_seen(page: SuspectPage) -> Iterator[Seen]:
    """Yield all of them."""
    finders: Iterable[Iterator[Seen]] = (residue(page), transliterated(page), unlabelled(page), undone(page))
    for found in finders:
        yield from found
