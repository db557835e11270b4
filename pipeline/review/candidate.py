"""A candidate: something on translated pages that is probably wrong, with all that a person needs to decide on it."""

import hashlib
from typing import Literal

import msgspec

Kind = Literal["sense", "residue", "transliterated", "heading", "undone"]
"""sense: a wrong sense of a source word. residue: a word left in the source script. transliterated: a source word in
Latin letters. heading: a heading that no label knows. undone: a repair that a person took back."""


class Context(msgspec.Struct, frozen=True):
    """A sentence that a candidate stands in: `sentence[start:end]` is the phrase as it stands there.

    Attributes:
        page: name of the page.
        block: index of the block; null for the title.
        sentence: the sentence, or as much of it as is shown.
        start: code-point offset of the phrase in the sentence.
        end: offset behind it.
    """

    page: str
    block: int | None
    sentence: str
    start: int
    end: int


class Sense(msgspec.Struct, frozen=True):
    """One sense of a source term: its English renderings, the likeliest first."""

    terms: tuple[str, ...]


class SourceTerm(msgspec.Struct, frozen=True):
    """A word of the source language that the phrase may stand for.

    Attributes:
        term: the word (хребет).
        senses: its senses other than the one on the page, the likeliest first.
        score: how likely it is, 0 to 1; the guesses of a candidate are sorted by it.
    """

    term: str
    senses: tuple[Sense, ...] = ()
    score: float = 0.0


class Suggestion(msgspec.Struct, frozen=True):
    """A term that may be right instead.

    Attributes:
        text: the term.
        score: how well it fits, higher is better; suggestions are sorted by it.
        source: the source term that it renders, empty where it came from elsewhere.
    """

    text: str
    score: float = 0.0
    source: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """What is proposed.

    Attributes:
        id: stable: a hash of kind, language and folded phrase (`candidate_id`).
        phrase: the phrase, as it is mostly written.
        kind: what it is.
        language: ISO 639-1 code of the language that the pages were probably translated from; empty if unknown.
        field: field of the glossary that it probably belongs to (`eyes`); empty if unknown.
        score: how likely it is an error; candidates are shown by it, highest first.
        contexts: sentences that it stands in, from several pages.
        sources: source terms that it may stand for, the likeliest first.
        replacements: what may be right instead, best first.
        hits: how often it stands in each corpus (`raw` and the clean ones named), as estimated.
        pages: on how many suspect pages it was seen.
        seen: how often in all.
        draft: the entry as TOML text, with guards and examples filled in as far as they can be.
        why: what speaks for it, in words for people.
    """

    id: str
    phrase: str
    kind: Kind
    language: str = ""
    field: str = ""
    score: float = 0.0
    contexts: tuple[Context, ...] = ()
    sources: tuple[SourceTerm, ...] = ()
    replacements: tuple[Suggestion, ...] = ()
    hits: dict[str, int] = {}
    pages: int = 0
    seen: int = 0
    draft: str = ""
    why: tuple[str, ...] = ()


def folded(phrase: str) -> str:
    """Return the form in which phrases are compared: lower case, words one blank apart.

    >>> folded("Mountain\u00a0 Range")
    'mountain range'
    """
    return " ".join(phrase.casefold().split())


def candidate_id(kind: Kind, language: str, phrase: str) -> str:
    """Return the id of a candidate: the same on every machine and at every time.

    >>> candidate_id("sense", "ru", "Locks") == candidate_id("sense", "ru", "locks")
    True
    """
    text = "\0".join((kind, language, folded(phrase)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


MOST_CONTEXTS = 12
"""Contexts that a candidate keeps; more tell a reviewer nothing."""


def merged(old: Candidate, new: Candidate) -> Candidate:
    """Return a candidate that was mined again: figures and proposals of the new one, contexts of both."""
    contexts = tuple(dict.fromkeys((*new.contexts, *old.contexts)))[:MOST_CONTEXTS]
    return msgspec.structs.replace(
        new,
        contexts=contexts,
        sources=new.sources or old.sources,
        replacements=new.replacements or old.replacements,
        hits={**old.hits, **new.hits},
        draft=new.draft or old.draft,
    )
