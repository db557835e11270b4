"""Forms of English words: plurals, verb forms, degrees, and whether `a` or `an` stands before a word.

Rules with a table of exceptions (`irregular`). docs/decisions says what was measured beside LemmInflect and inflect.
All functions take and return lower case unless they say otherwise; what has no letters is returned as it is.
"""

import re
from functools import lru_cache

from pipeline.repair.irregular import DOUBLING, NOUNS, VERBS

VERB_FORMS = ("base", "s", "ed", "en", "ing")
"""Names of a verb's forms: take, takes, took, taken, taking."""
NOUN_FORMS = ("singular", "plural")
DEGREES = ("plain", "er", "est")

_PARTS = {row.split()[0]: tuple(row.split()[1:]) for line in VERBS.strip().split("\n") for row in line.split("|")}
_PLURALS = {row.split()[0]: row.split()[1] for line in NOUNS.strip().split("\n") for row in line.split("|")}
_SINGULARS = {plural: singular for singular, plural in _PLURALS.items()}
_DEGREES = {"good": ("better", "best"), "bad": ("worse", "worst"), "far": ("farther", "farthest")}
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_MONO = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdgklmnprtz]$")
"""One syllable of one short vowel and one consonant: the consonant is doubled (stop, stopped)."""
_AN_LETTERS = frozenset("AEFHILMNORSX")
_SOUNDS_CONSONANT = re.compile(
    r"(?:eu|ew|one(?:\b|-)|once|ouija|u(?:ni(?!n|m)|s(?:[aeu]|ing)|t[aeiou]|r[aeio](?!c)|ko|biq|fo\b|kr))"
)
_SOUNDS_VOWEL = re.compile(r"(?:hour|hono|heir|honest)")
_UN = re.compile(r"uni[nm]|unid|unint|uninj|unus|urti")


def plural(noun: str) -> str:
    """Return the plural of a noun.

    >>> plural("vertebra"), plural("biopsy"), plural("stomach"), plural("eyetooth")
    ('vertebrae', 'biopsies', 'stomachs', 'eyeteeth')
    """
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("stomach"):
        return noun + "s"
    for ending in ("tooth", "foot", "child", "mouse", "man"):
        if noun.endswith(ending) and noun not in {"human", "talisman", "german", "shaman"}:
            return noun.removesuffix(ending) + _PLURALS[ending]
    if noun.endswith("sis"):
        return noun[:-2] + "es"
    if _SIBILANT.search(noun):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in set("aeou") | {""}:
        return noun[:-1] + "ies"
    return noun + "s"


def singular(noun: str) -> str | None:
    """Return the singular of a plural noun, None where the word is no plural that the rules know.

    >>> singular("vertebrae"), singular("diseases"), singular("biopsies"), singular("diagnosis")
    ('vertebra', 'disease', 'biopsy', None)
    """
    if noun in _SINGULARS:
        return _SINGULARS[noun]
    if not noun.endswith("s") or noun.endswith(("ss", "us", "is")) or len(noun) < 4:
        return None
    candidates = [noun[:-3] + "y" if noun.endswith("ies") else noun[:-1], noun[:-1], noun[:-2]]
    return next((c for c in candidates if len(c) > 1 and plural(c) == noun), None)


@lru_cache(maxsize=8192)
def verb_forms(base: str) -> dict[str, str]:
    """Return the forms of a verb under the names of `VERB_FORMS`.

    >>> verb_forms("occur")
    {'base': 'occur', 's': 'occurs', 'ed': 'occurred', 'en': 'occurred', 'ing': 'occurring'}
    >>> verb_forms("undertake")["en"], verb_forms("be")["s"], verb_forms("dye")["ing"]
    ('undertaken', 'is', 'dyeing')
    """
    past, participle = _past(base)
    return {"base": base, "s": _third_person(base), "ed": past, "en": participle, "ing": _gerund(base)}


def _third_person(base: str) -> str:
    special = {"be": "is", "have": "has", "do": "does", "go": "goes", "undergo": "undergoes", "undo": "undoes"}
    if base in special:
        return special[base]
    if _SIBILANT.search(base):
        return base + ("ses" if base in {"gas", "quiz"} else "es")
    if base.endswith("o") and base[-2:-1] not in set("aeiou"):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2:-1] not in set("aeou") else base + "s"


def _past(base: str) -> tuple[str, str]:
    if base in _PARTS:
        past, participle = _PARTS[base]
        return past, participle
    for prefix in ("re", "un", "over", "out", "mis", "under"):
        rest = base.removeprefix(prefix)
        if rest != base and rest in _PARTS:
            past, participle = _PARTS[rest]
            return prefix + past, prefix + participle
    if base.endswith("e"):
        regular = base + "d"
    elif base.endswith("y") and base[-2:-1] not in set("aeiou"):
        regular = base[:-1] + "ied"
    else:
        regular = _doubled(base) + "ed"
    return regular, regular


def _gerund(base: str) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base not in {"be", "singe", "tinge", "age"}:
        return base[:-1] + "ing"
    return "aging" if base == "age" else _doubled(base) + "ing"


def _doubled(base: str) -> str:
    if base in DOUBLING or (_MONO.match(base) and len(base) > 2) or base.removeprefix("re") in DOUBLING:
        return base + base[-1]
    return base + "k" if base.endswith("ic") else base


def degrees(adjective: str) -> dict[str, str]:
    """Return the forms of a short adjective under the names of `DEGREES`.

    >>> degrees("heavy")["est"], degrees("big")["er"], degrees("bad")["er"]
    ('heaviest', 'bigger', 'worse')
    """
    if adjective in _DEGREES:
        better, best = _DEGREES[adjective]
        return {"plain": adjective, "er": better, "est": best}
    if adjective.endswith("e"):
        stem = adjective[:-1]
    elif adjective.endswith("y"):
        stem = adjective[:-1] + "i"
    else:
        stem = adjective + adjective[-1] if _MONO.match(adjective) else adjective
    return {"plain": adjective, "er": stem + "er", "est": stem + "est"}


def forms(word: str, kind: str) -> dict[str, str]:
    """Return the forms of a word by name: `kind` is n (noun), v (verb) or a (adjective)."""
    if kind == "n":
        return {"singular": word, "plural": plural(word)}
    return verb_forms(word) if kind == "v" else degrees(word)


def article(word: str) -> str:
    """Return `a` or `an` for the word that follows, which is given as it stands (case tells abbreviations).

    >>> [article(w) for w in ("hour", "ultrasound", "MRI", "X-ray", "unit", "uninjured", "UTI", "herb", "8", "80")]
    ['an', 'an', 'an', 'an', 'a', 'an', 'a', 'a', 'an', 'an']
    """
    if word[:1].isdigit():
        return "an" if re.match(r"(?:8|11(?!\d)|18(?!\d))", word) else "a"
    letters = re.match(r"[A-Z]+", word)
    if letters and (len(letters[0]) > 1 or word[1:2] in {"-", ""}) and word != "A" and not _spoken(word):
        return "an" if word[0] in _AN_LETTERS else "a"
    low = word.lower()
    if _SOUNDS_VOWEL.match(low):
        return "an"
    if _SOUNDS_CONSONANT.match(low) and not _UN.match(low):
        return "a"
    return "an" if low[:1] in set("aeiou") else "a"


def _spoken(word: str) -> bool:
    """Whether capitals are read as a word (an ALL CAPS heading), judged by length and vowels."""
    return len(word) > 5 and any(letter in "AEIOU" for letter in word[1:])
