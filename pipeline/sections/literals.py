"""Strings that an expression cannot match without: looking for them is much cheaper than searching."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_SHORTEST = 3
"""Letters of a string that is worth looking for."""
_START = 4
"""Letters by which a required string is looked up."""
_Choice = frozenset[str]


class Search:
    """Labelled expressions searched together, each only where a string that it requires stands.

    They are compiled when they are first needed. The strings are found by their first letters: looking all of
    a text's runs of four letters up is faster than looking for each string.
    """

    def __init__(self, labelled: Sequence[tuple[str, Sequence[str]]]) -> None:
        self._expressions = [(label, expression) for label, each in labelled for expression in each]
        self._always: list[int] = []  # numbers of expressions that require nothing that can be looked up
        self._by_start: dict[str, list[tuple[str, int]]] = {}
        for number, (_, expression) in enumerate(self._expressions):
            strings = required(expression)
            if not strings or min(map(len, strings)) < _START:
                self._always.append(number)
                continue
            for string in strings:
                self._by_start.setdefault(string[:_START], []).append((string, number))
        self._size = sum(map(len, self._by_start.values()))
        self._starts = frozenset(self._by_start)

    def _possible(self, text: str) -> set[int]:
        """Return the numbers of the expressions that may match."""
        possible = set(self._always)
        if len(text) > self._size:  # few strings in a long text
            return possible | {n for each in self._by_start.values() for string, n in each if string in text}
        starts = {text[i : i + _START] for i in range(len(text) - _START + 1)}
        for start in self._starts & starts:
            possible.update(number for string, number in self._by_start[start] if string in text)
        return possible

    def first(self, text: str) -> dict[str, int]:
        """Return where the first match of each label begins, without the labels that have none."""
        found: dict[str, int] = {}
        for number in self._possible(text):
            label, expression = self._expressions[number]
            match = _compiled(expression).search(text)
            if match is not None:
                found[label] = min(match.start(), found.get(label, match.start()))
        return found

    def matches(self, text: str) -> list[tuple[str, re.Match[str]]]:
        """Return the first match of each expression that has one, with its label, in the expressions' order."""
        found = []
        for number in sorted(self._possible(text)):
            label, expression = self._expressions[number]
            match = _compiled(expression).search(text)
            if match is not None:
                found.append((label, match))
        return found

    def count(self, text: str, most: int) -> dict[str, int]:
        """Return how many matches each label has, `most` at most, without the labels that have none."""
        found: dict[str, int] = {}
        for number in self._possible(text):
            label, expression = self._expressions[number]
            more = len(list(islice(_compiled(expression).finditer(text), most)))
            if more:
                found[label] = min(most, found.get(label, 0) + more)
        return found


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def required(expression: str) -> frozenset[str]:
    r"""Return strings one of which every match contains; empty where none can be told.

    >>> sorted(required(r"\b(first|main) (signs?|symptoms?)\b"))
    ['first', 'main']
    >>> required(r"^\w+ \d+$")
    frozenset()
    """
    parsed = _parser.parse(expression)
    return frozenset() if parsed.state.flags & re.IGNORECASE else _of_sequence(list(parsed))


def _of_sequence(items: Sequence[tuple[Any, Any]]) -> _Choice:
    """Return the best of what the parts of a sequence require: the choice whose shortest string is longest."""
    found: list[_Choice] = []
    run = ""
    for operation, value in items:
        if operation is _parser.LITERAL:
            run += chr(value)
            continue
        found.append(frozenset([run]))
        run = ""
        found.append(_of_part(operation, value))
    found.append(frozenset([run]))
    best = max(found, key=_worth)
    return best if _worth(best) >= _SHORTEST else frozenset()


def _of_part(operation: Any, value: Any) -> _Choice:
    if operation is _parser.SUBPATTERN:
        return frozenset() if value[1] & re.IGNORECASE else _of_sequence(list(value[3]))
    if operation in (_parser.MAX_REPEAT, _parser.MIN_REPEAT) and value[0] > 0:
        return _of_sequence(list(value[2]))
    if operation is _parser.BRANCH:
        branches = [_of_sequence(list(branch)) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()


def _worth(choice: _Choice) -> int:
    return min(map(len, choice), default=0)
