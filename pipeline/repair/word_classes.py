"""Parts of speech that a word can have, from a list: no context is looked at. docs/lexicon.md says how it was made."""

from functools import lru_cache
from pathlib import Path

from pipeline.repair.inflection import singular, verb_forms

LEXICON = Path(__file__).parent / "lexicon.txt"
_KIND_FLAGS = {"noun": "n", "nouns": "N", "verb": "v", "adj": "a", "adv": "r", "ing": "g", "ed": "d"}

_NOT_NOUN_ENDINGS = ("ly", "ing", "ed", "ous", "ive", "able", "ible")


@lru_cache(maxsize=1)
def lexicon() -> dict[str, str]:
    """Return the flags of each word.

    n noun, N plural noun, v verb in its base form, g its -ing form, d its past or participle, s its
    third person, a adjective, r adverb, p name.
    """
    flags: dict[str, str] = {}
    for line in LEXICON.read_text(encoding="utf-8").split("\n"):
        letters, _, words = line.partition(" ")
        for word in words.split():
            flags[word] = letters
    return flags


def can_be(word: str, kind: str) -> bool:
    """Say whether a word, in lower case, can stand in a slot of the given kind.

    >>> can_be("treat", "verb"), can_be("bone", "adj"), can_be("osteoporosis", "noun"), can_be("quickly", "adv")
    (True, False, True, True)
    """
    flag = _KIND_FLAGS.get(kind)
    if flag is None:
        return True
    known = lexicon().get(word)
    if known is not None:
        return flag in known
    return _guess(word, kind)


def _guess(word: str, kind: str) -> bool:
    """Judge a word that the list does not hold by its ending: rare words are mostly nouns and adjectives."""
    if kind == "adv":
        return word.endswith("ly")
    if kind == "adj":
        return word.endswith(("al", "ic", "ous", "ive", "able", "ible", "ary", "oid", "ular", "less", "ful"))
    if kind == "noun":
        return len(word) > 3 and not word.endswith(_NOT_NOUN_ENDINGS) and singular(word) is None
    return kind == "nouns" and len(word) > 4 and singular(word) is not None


@lru_cache(maxsize=4096)
def base_of(word: str) -> str | None:
    """Return the base form of a verb form, None where the word is no verb form that is known.

    >>> base_of("taken"), base_of("dilutes"), base_of("moving"), base_of("spine")
    ('take', 'dilute', 'move', None)
    """
    flags = lexicon()
    candidates = [word]
    for ending, mends in (
        ("ing", ("", "e")),
        ("ied", ("y",)),
        ("ed", ("", "e")),
        ("ies", ("y",)),
        ("es", ("", "e")),
        ("s", ("",)),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending)
            candidates += [stem + mend for mend in mends]
            if len(stem) > 2 and stem[-1] == stem[-2]:
                candidates.append(stem[:-1])
    for candidate in candidates:
        if "v" in flags.get(candidate, "") and word in verb_forms(candidate).values():
            return candidate
    return _irregular_bases().get(word)


@lru_cache(maxsize=1)
def _irregular_bases() -> dict[str, str]:
    from pipeline.repair.irregular import VERBS

    rows = (row.split() for line in VERBS.strip().split("\n") for row in line.split("|"))
    return {form: row[0] for row in rows for form in row[1:]}
