"""Which article a noun phrase takes by its noun: none for what is not counted, a or an for what is."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pipeline.data_file import load_toml

COUNTABLE = Path(__file__).parent / "countable.toml"
_LONGEST = 3
"""Words that a noun of the lists has at most."""
_ENDS = frozenset(
    """of in on at to for with by as and or from that which who about against under during after before around between
    due without than caused because if when while through""".split()
)
"""Words with which what follows the head noun begins."""


@lru_cache(maxsize=1)
def _lists() -> dict[str, str]:
    written = load_toml(COUNTABLE, dict[str, tuple[str, ...]])
    return {noun: kind for kind, nouns in written.items() for noun in nouns}


def ends_noun(word: str) -> bool:
    """Say whether what follows a head noun begins with the word, so that a phrase that begins with it has none."""
    return word in _ENDS


def kind_of(phrase: str) -> Literal["mass", "count"] | None:
    """Say whether the head noun of a phrase is never or always counted; None where that is not known.

    A noun that has a meaning of its own with the word before it, `blood flow`, is looked for first.

    >>> kind_of("acute gastritis"), kind_of("stye on the eyelid"), kind_of("increased blood flow"), kind_of("flow")
    ('mass', 'count', 'mass', None)
    """
    words = phrase.lower().replace("’", "'").split()
    end = next((place for place, word in enumerate(words) if place and word in _ENDS), len(words))
    whole = " ".join(words)
    lists = _lists()
    if whole in lists:
        return lists[whole]  # type: ignore[return-value]
    for size in range(min(_LONGEST, end), 0, -1):
        if (kind := lists.get(" ".join(words[end - size : end]).rstrip(",;:"))) is not None:
            return kind  # type: ignore[return-value]
    return None
