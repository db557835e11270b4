"""The notation in which an entry writes its phrases, and the regular expression that a phrase becomes.

    mountain range:n        `range` in singular and plural; the same mark in the replacement follows it
    insist:v on             every form of the verb; `:a` an adjective in its three degrees
    locks:p                 this form only, and it is a plural (`:s` a singular, `:u` a mass noun)
    ridge|range:n           either word;  (the) ridge: a word that may be missing
    before to <verb>        a slot: verb, ing, ed, noun, nouns, adj, adv, word, name, number, or a list of the entry's
                            own; <verb1> … <verb2> where there are two; <phrase> up to 100 characters without a comma
                            or a finite verb, <...> up to 100 characters of one sentence
    ^first                  only at the start of a sentence; loss$ only at the end of one

Words stand one space (or a hyphen) apart; punctuation is written where it stands (`First, <...>, and the latter`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from pipeline.repair.inflection import forms

Mark = Literal["", "n", "v", "a", "p", "s", "u"]

OPEN_SLOTS: Mapping[str, str] = {
    "verb": r"[a-z]{2,24}",
    "ing": r"[a-z]{2,22}ing",
    "ed": r"[a-z]{2,24}",
    "noun": r"[a-z][a-z\-]{1,28}",
    "nouns": r"[a-z][a-z\-]{1,28}",
    "adj": r"[a-z][a-z\-]{1,28}",
    "adv": r"[a-z]{2,26}",
    "word": r"[\w'’\-]{1,40}",
    "name": r"[\w'’\-]{1,40}",
    "number": r"(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|several|many)",
    "phrase": r"[^.!?;:,()\n\t]{1,100}?",
    "...": r"[^.!?;\n\t]{1,100}?",
}
"""What may stand in a slot, before its part of speech is looked at."""
_LONGEST = {"verb": 24, "ing": 25, "ed": 24, "noun": 29, "nouns": 29, "adj": 29, "adv": 26, "phrase": 100, "...": 100}
"""Characters that a slot takes at most; 40 for the others (a number of more digits is none)."""

_TOKEN = re.compile(
    r"(?P<optional>\((?P<inner>[^()<>]+)\))|<(?P<slot>[^<>]+)>|(?P<punct>[^\w\s<>()'’\-]+)|(?P<word>[^\s<>(),;.!?]+)"
)
GAP = r"[ \u00a0\-]"
"""What may stand between two words of a phrase."""
_MARKED = re.compile(r"^(.+):([nvapsu])$")
_STRAIGHT = str.maketrans("’‑‐\u00a0", "'-- ")


class Part(msgspec.Struct, frozen=True):
    """A word, slot or punctuation mark of a phrase.

    Attributes:
        words: the alternatives as written (lemmas where they are inflected).
        mark: how the word is inflected or what number it has.
        slot: name of the slot, empty for words.
        optional: whether it may be missing.
        glued: whether no space stands before it.
    """

    words: tuple[str, ...] = ()
    mark: Mark = ""
    slot: str = ""
    optional: bool = False
    glued: bool = False

    @property
    def kind(self) -> str:
        """Name of the slot without its number and form: `verb` for `<verb2:ing>`."""
        return self.slot.partition(":")[0].rstrip("0123456789")

    @property
    def name(self) -> str:
        """Name of the slot without its form: `verb2` for `<verb2:ing>`."""
        return self.slot.partition(":")[0]

    @property
    def form(self) -> str:
        """The form asked for: `ing` for `<verb2:ing>`, otherwise empty."""
        return self.slot.partition(":")[2]


class Phrase(msgspec.Struct, frozen=True):
    """A phrase, taken apart."""

    text: str
    parts: tuple[Part, ...]
    at_start: bool = False
    at_end: bool = False


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Phrase:
    """Take a phrase apart.

    >>> [part.words or part.slot for part in parse("(the) ridge|range:n of <noun>").parts]
    [('the',), ('ridge', 'range'), ('of',), 'noun']

    Raises:
        PhraseError: the notation is broken.
    """
    body = text.strip()
    at_start, at_end = body.startswith("^"), body.endswith("$")
    body = body.removeprefix("^").removesuffix("$").strip()
    parts: list[Part] = []
    position = 0
    for found in _TOKEN.finditer(body):
        between = body[position : found.start()]
        if between.strip():
            raise PhraseError(f"cannot read {between.strip()!r} in {text!r}")
        parts.append(_part(found, glued=bool(parts) and not between))
        position = found.end()
    if body[position:].strip() or not parts:
        raise PhraseError(f"cannot read {body[position:] or 'an empty phrase'!r} in {text!r}")
    return Phrase(text, tuple(parts), at_start, at_end)


def _part(found: "re.Match[str]", *, glued: bool) -> Part:
    if found["slot"] is not None:
        return Part(slot=found["slot"].strip(), glued=glued)
    if found["punct"] is not None:
        return Part(words=tuple(filter(None, found["punct"].split("|"))), glued=glued)
    word = found["inner"] if found["optional"] else found["word"]
    marked = _MARKED.match(word)
    mark: Mark = marked[2] if marked else ""  # type: ignore[assignment]
    words = tuple((marked[1] if marked else word).split("|"))
    if not all(words):
        raise PhraseError(f"{found[0]!r} has an empty alternative")
    if any(":" in w and not w.endswith(":") for w in words):
        raise PhraseError(f"{found[0]!r} has a mark that is none of :n :v :a :p :s :u")
    return Part(words=words, mark=mark, optional=found["optional"] is not None, glued=glued)


@lru_cache(maxsize=8192)
def inflected(part: Part) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the surface forms of a word part, lower case, each with the (lemma, form name) pairs it may be.

    >>> inflected(Part(words=("put",), mark="v"))["put"]
    (('put', 'base'), ('put', 'ed'), ('put', 'en'))
    """
    surfaces: dict[str, list[tuple[str, str]]] = {}
    for word in part.words:
        low = word.lower()
        if part.mark and part.mark in "nva":
            head, _, last = low.rpartition(" ")
            pairs = {name: f"{head} {form}".strip() for name, form in forms(last, part.mark).items()}
            if low == "be" and part.mark == "v":
                surfaces.setdefault("are", []).append(("be", "base"))
                surfaces.setdefault("am", []).append(("be", "base"))
                surfaces.setdefault("were", []).append(("be", "ed"))
        else:
            pairs = {{"p": "plural", "s": "singular", "u": "mass"}.get(part.mark, ""): low}
        for name, form in pairs.items():
            surfaces.setdefault(form, []).append((low, name))
    return {form: tuple(pairs) for form, pairs in surfaces.items()}


def pattern(phrase: Phrase, slots: Mapping[str, Sequence[str]], *, exact: bool = False) -> str:
    """Return the source of the regular expression of a phrase, for text in lower case with straight quotes.

    Words are groups `p0`, `p1` … by their place among the parts. `exact` keeps the letters' case.
    The expression has no nested repetition, so that it is linear in the text, and begins with a word, so that
    it is searched for fast; `begins_word` says whether a place that it found is the beginning of one.
    """
    out = []
    leading = True  # no part that must be there came before
    for number, part in enumerate(phrase.parts):
        gap = "" if part.glued or leading else GAP
        body = f"(?P<p{number}>{_alternatives(part, slots, exact=exact)})"
        if not part.optional:
            out.append(gap + body)
            leading = False
        else:  # carries its own gap: behind it at the start of the phrase, else before it
            out.append(f"(?:{body}{GAP})?" if leading else f"(?:{gap}{body})?")
    last = phrase.parts[-1]
    if last.slot == "..." or last.mark or last.slot or re.search(r"\w$", last.words[0]):
        out.append(
            r"(?![\w@])(?!['\-]\w)" if last.mark not in {"n", "p", "s", "u"} else r"(?![\w@])(?!-\w)(?!'(?!s\b)\w)"
        )
    if phrase.at_end:
        out.append(r"(?=[\"')\]”»]*(?:\Z|[.!?…;:\n\t]))")
    return "".join(out)


_INSIDE = re.compile(r"[\w@#/\\]|\w[\-']")


def begins_word(text: str, position: int) -> bool:
    """Say whether a word begins at the position: not inside one, a hyphened one, an address or a tag.

    >>> begins_word("mid-range", 4), begins_word("(range", 1)
    (False, True)
    """
    before = text[max(0, position - 2) : position]
    return not before or not (_INSIDE.fullmatch(before[-1]) or _INSIDE.fullmatch(before))


def _alternatives(part: Part, slots: Mapping[str, Sequence[str]], *, exact: bool) -> str:
    listed = part.words if exact and not part.slot and not part.mark else surfaces(part, slots)
    if listed is None:
        return OPEN_SLOTS[part.kind]
    longest_first = sorted({s.translate(_STRAIGHT) for s in listed}, key=lambda s: (-len(s), s))
    if len(longest_first) <= _FEW:
        return "|".join(map(_escaped, longest_first))
    heads: dict[str, list[str]] = {}  # a choice by the first letters first: a class holds hundreds of words
    for form in longest_first:
        heads.setdefault(form[:2], []).append(_escaped(form[2:]))
    return "|".join(f"{_escaped(head)}(?:{'|'.join(own)})" for head, own in heads.items())


_FEW = 16
"""Alternatives up to which the expression asks for one after the other."""


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\ ", GAP)


def surfaces(part: Part, slots: Mapping[str, Sequence[str]]) -> Collection[str] | None:
    """Return the forms in which a part stands in folded text, None for a slot that is open.

    >>> surfaces(Part(slot="limb"), {"limb": ["arm:n"]}), surfaces(Part(slot="verb"), {})
    (['arm', 'arms'], None)
    """
    if not part.slot:
        return [form.translate(_STRAIGHT) for form in inflected(part)]
    if part.name not in slots and part.kind in OPEN_SLOTS:
        return None
    listed = slots[part.name if part.name in slots else part.kind]
    return [form.translate(_STRAIGHT) for text in listed for form in _surfaces(parse(text))]


def longest(part: Part, slots: Mapping[str, Sequence[str]]) -> int:
    """Return the most characters that a part takes in a text, the gap before it included.

    >>> longest(Part(words=("ridge",), mark="n"), {}), longest(Part(slot="verb"), {})
    (7, 25)
    """
    listed = surfaces(part, slots)
    return 1 + (_LONGEST.get(part.kind, 40) if listed is None else max(map(len, listed)))


def _surfaces(phrase: Phrase) -> list[str]:
    """Return every surface form of a phrase without slots (an item of a closed list)."""
    surfaces = [""]
    for part in phrase.parts:
        gap = "" if part.glued else " "
        surfaces = [f"{s}{gap if s else ''}{form}" for s in surfaces for form in inflected(part)]
    return surfaces
