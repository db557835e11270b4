"""A heading as the labeller reads it: lower case, without numbers, emoji, articles and the page's own topic."""

import re
from collections.abc import Collection
from functools import lru_cache

TOPIC = "#"
"""Stands for the page's topic ("osteoporosis") and for words that say nothing ("disease")."""
LONGEST = 200
"""Characters of a heading that are looked at."""

_NUMBER = re.compile(
    r"^[\W_]*(?:(?:chapter|part|section|step)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3}){1,4}(?!\d)\s?[.):]?|(?:\d{1,3}|[ivx]{1,5}|[a-z])\s?[.):])\s*(?=\w)"
)
_FOOTNOTE = re.compile(r"(?<=[^\W\d_]{3})\d{1,2}\W*$")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ARTICLES = frozenset(["the", "a", "an"])
_STOP = frozenset(
    "and or of in on at to for with by from about what which how why when where who is are does do can it its this"
    " that your you all as main new best most more other them their after before during".split()
)


@lru_cache(maxsize=4096)
def words_of(heading: str) -> tuple[str, ...]:
    """Return the heading's words in lower case, articles left out.

    >>> words_of("2.1. The Clinical picture:")
    ('clinical', 'picture')
    >>> words_of("4.1 Sprays")
    ('sprays',)
    >>> words_of("Symptomatic manifestations2")
    ('symptomatic', 'manifestations')
    """
    lower = heading[:LONGEST].lower()
    lower = _FOOTNOTE.sub("", _NUMBER.sub("", lower))
    return tuple(w.replace("’", "'") for w in _WORD.findall(lower) if w not in _ARTICLES)


def without_topic(words: Collection[str], topic: Collection[str]) -> tuple[str, ...]:
    """Put `#` for words of the topic, one for a run of them.

    >>> without_topic(("symptoms", "of", "spinal", "osteoporosis"), {"spinal", "osteoporosis"})
    ('symptoms', 'of', '#')
    """
    kept: list[str] = []
    for word in words:
        if word not in topic:
            kept.append(word)
        elif not kept or kept[-1] != TOPIC:
            kept.append(TOPIC)
    return tuple(kept)


@lru_cache(maxsize=256)
def topic_words(title: str, known: frozenset[str]) -> frozenset[str]:
    """Return the words of a title that name its topic: those that no heading of the taxonomy uses.

    >>> sorted(topic_words("Symptoms and treatment of gout", frozenset({"symptoms", "treatment"})))
    ['gout', "gout's"]
    """
    words = words_of(title)
    topic = {w for w in words if len(w) > 2 and w not in _STOP and w not in known}
    return frozenset(topic | {f"{w}'s" for w in topic})
