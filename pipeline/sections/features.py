"""What the models see of a heading and of a text: names of features, the same in training and at run time."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.sections.heading_rules import Match

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+%?")
_TEXT = 4000
"""Characters of a text that are looked at: what a section is about shows in its first 600 words."""
_OPENING = 40
"""Words of a text that count as its opening."""
_LONG = 6
"""Letters of a word that is longer than most."""
_FUNCTION = frozenset("the a an".split())


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


def text_features(text: str) -> Iterator[str]:
    """Yield the features of running text: its words (numbers as their length), pairs of words, and how it opens.

    Of long words also their first and last letters, which words of one family share.

    >>> list(text_features("The pain of radiotherapy."))
    ['pain', 'of', 'radiotherapy', '<radio', '~rapy', 'pain of', 'of radiotherapy', '^pain', '^of', '^radiotherapy']
    """
    words = [_token(t) for t in _TOKEN.findall(text[:_TEXT].lower()) if t not in _FUNCTION]
    for word in words:
        yield word
        if len(word) > _LONG:
            yield f"<{word[:5]}"
            yield f"~{word[-4:]}"
    for first, second in pairwise(words):
        yield f"{first} {second}"
    for word in words[:_OPENING]:
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
