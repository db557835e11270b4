"""Words as mining counts them: lower case, plurals folded into singulars, breaks where a phrase cannot go on."""

import re
from functools import lru_cache

from pipeline.repair.word_list import zipf

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,%]*|[^\s-]")
"""A hyphen parts words as a blank does."""
NUMBER = "0"
"""What every number is counted as."""
BREAK = ""
"""What punctuation is counted as: no phrase goes over it."""
_SIBILANT = re.compile(r"(?:ss|sh|ch|x|z|s)es$")
_RARER = 1.5
"""A singular may be rarer than its plural by so much (Zipf)."""

STOP = frozenset(
    """the a an of and or in to is are was were be been being for with on at by from as that this these those it its
    they them their he she his her him you your yours we our us i me my not no but if may can could will would
    should might must do does did doing done has have had having than then so such also more most many much some
    any all each other which who whom whose what when where how why there here about into over under between
    through during before after up down out off only very just both either neither per via within without because
    while although though however often usually sometimes called known used using use uses include includes
    including one two three first second s t don doesn isn aren wasn weren didn won cannot let yet even still ever
    never too again further once same own few less least another every none nor upon among against since until
    unless whether where well good make makes made take takes taken get gets got give gives given need needs go
    goes come comes see seen say says said""".split()
)
"""Words that say nothing of a subject."""


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """Return the singular of a word in lower case that is a regular plural, else the word.

    >>> [fold_word(word) for word in "locks biopsies viruses diabetes pelvis boxes glass".split()]
    ['lock', 'biopsy', 'virus', 'diabetes', 'pelvis', 'box', 'glass']
    """
    if len(word) < 4 or word[-1] != "s" or word[-2] in "su" or word.endswith("is"):
        return word
    if word.endswith("yses"):
        return word[:-2] + "is"
    stems = [word[:-1]]
    if word.endswith("ies"):
        stems.insert(0, word[:-3] + "y")
    elif _SIBILANT.search(word):
        stems.insert(0, word[:-2])
    least = max(zipf(word) - _RARER, 0.1)
    return next((stem for stem in stems if zipf(stem) >= least), word)


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return the folded words of a text with their offsets; numbers are `NUMBER`, all else is `BREAK`."""
    return [(_folded(found[0]), *found.span()) for found in TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """Return the folded words of a text, as `tokens`."""
    return [_folded(found) for found in TOKEN.findall(text)]


def _folded(token: str) -> str:
    if token[0].isalpha():
        return fold_word(token.lower().replace("’", "'"))
    return NUMBER if token[0].isdigit() else BREAK


def counted(word: str) -> bool:
    """Say whether a folded word can tell a subject: letters, and no word of grammar.

    >>> [counted(word) for word in ("bone", "the", "0", "", "x")]
    [True, False, False, False, False]
    """
    return len(word) > 2 and word not in STOP and word[0].isalpha()
