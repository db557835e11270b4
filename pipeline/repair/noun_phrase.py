"""Where a noun phrase ends: words judged by the word list alone, so that a subject can be moved as a whole."""

import re

from pipeline.repair.matching import FINITE
from pipeline.repair.word_classes import can_be, lexicon

_WORD = re.compile(r"[a-z][a-z'’]*(?:-[a-z]+)*")
_LONGEST = 9
DETERMINERS = frozenset(
    "the a an this that these those some any no his her its their your our my each every such another both all".split()
)
_NEVER = (
    FINITE
    | frozenset(
        """and or of in on at for with by to from as than but if when while where because so not also there be been
        being after before during without through into about between under over against until since me him them us
        who whom whose why how what often usually sometimes always never then thus therefore however only even just
        is""".split()
    )
) - DETERMINERS


def noun_phrase_end(low: str, start: int) -> int:
    """Return the offset behind the longest noun phrase that begins at `start`, 0 where none does.

    A noun phrase is a determiner, words that can be adjectives or nouns, the last of them a noun, joined to others
    by `of` and `and`; nine words at most. `low` is folded text.

    >>> noun_phrase_end("swelling and severe pain in the leg", 0), noun_phrase_end("is it", 0)
    (24, 0)
    """
    end = position = _simple(low, start)
    while position and low.startswith((" of ", " and ", " or "), position):
        step = low.index(" ", position + 1) + 1
        position = _simple(low, step)
        if position and low.count(" ", start, position) < _LONGEST:
            end = position
        else:
            break
    return end


def _simple(low: str, position: int) -> int:
    """Return the end of a noun phrase without `of` and `and`, 0 where none begins here."""
    end = 0
    first = True
    while (found := _WORD.match(low, position)) is not None:
        word = found[0]
        if word in DETERMINERS:
            if not first:
                return end
        elif word in _NEVER or word.partition("'")[0] in _NEVER or not _member(word):
            break
        else:
            end = found.end() if _head(word) else end
        first = False
        position = found.end() + 1
        if low[found.end() : position] != " ":
            return found.end() if _head(word) and word not in DETERMINERS else 0
    return end if end + 1 == position else 0


def _member(word: str) -> bool:
    flags = lexicon().get(word)
    return flags is None or not {"n", "N", "a", "g", "d", "r", "v"}.isdisjoint(flags)


def _head(word: str) -> bool:
    flags = lexicon().get(word)
    if flags is None:
        return word.endswith("ing") or can_be(word, "noun") or can_be(word, "nouns")
    return not {"n", "N", "v"}.isdisjoint(flags)  # the list has verbs for `cough`, `tone`
