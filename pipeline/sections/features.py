"""What the models see of a heading and of a text: names of features, the same in training and at run time."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.sections.heading_rules import Match

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+%?")
_TEXT = 2500
"""Characters of a text that are looked at: what a section is about shows in its first 400 words."""
OPENING = 25
"""Words of a text that count as its opening."""
LEFT_OUT = frozenset(["the", "a", "an"])
"""Words that no feature holds."""


def heading_features(words: Sequence[str], path: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the features of a heading: its words, pairs and letters, and the words of the headings above it.

    Args:
        words: the heading's words, `#` for the topic.
        path: the words of the headings above it, outermost first.
    """
    yield from _of_words(words, "")
    text = f"^{' '.join(words)}$"
    for size in (3, 4, 5):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]
    yield f"depth {min(len(path), 3)}"
    if path:
        yield from _of_words(path[0], "T")
    if len(path) > 1:
        yield from _of_words(path[-1], "P")


def _of_words(words: Sequence[str], prefix: str) -> Iterator[str]:
    for word in words:
        yield f"{prefix}w {word}"
    for first, second in pairwise(["^", *words, "$"]):
        yield f"{prefix}b {first} {second}"


def tokens_of(text: str) -> list[str]:
    """Return the words and numbers of a text's beginning, in lower case."""
    return _TOKEN.findall(text[:_TEXT].lower())


def text_features(text: str) -> Iterator[str]:
    """Yield the features of running text: its words (numbers as their length), pairs of words, and how it opens.

    `TextModel.rows` finds the same, faster.

    >>> list(text_features("The pain of 2 weeks."))
    ['pain', 'of', '0', 'weeks', 'pain of', 'of 0', '0 weeks', '^pain', '^of', '^0', '^weeks']
    """
    words = [_token(t) for t in tokens_of(text) if t not in LEFT_OUT]
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"
    for word in words[:OPENING]:
        yield f"^{word}"


def _token(token: str) -> str:
    if not token[0].isdigit():
        return token
    return "%" if token[-1] == "%" else "0" * min(len(token), 5)


def rule_features(match: Match | None, above: Sequence[Match | None]) -> Iterator[str]:
    """Yield what the taxonomy's lists say of a heading and of the nearest known heading above it."""
    parent = next((m for m in reversed(above) if m is not None), None)
    own = "none" if match is None else f"{match.how} {match.label}"
    yield f"R {own}"
    yield f"A {parent.label if parent else 'none'}"
    yield f"RA {own} {parent.label if parent else 'none'}"
