"""The registry of checks: each is a small function with a code, and shows a bad and a good page.

A check takes a `Subject` (one page and what the stages make of it) and yields faults. Its name
comes from its function, its help from the docstring, whose `Bad:` and `Good:` parts are pages
that the tests run. Order is that of the codes, never that of registration.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.check.subject import Subject
from pipeline.errors import UsageError
from pipeline.record import Severity

FAMILIES = {
    "R": "reading",
    "L": "language",
    "S": "stripping",
    "T": "translation",
    "H": "headings and sections",
    "D": "the record",
    "X": "safety",
    "P": "the pages together",
}
"""The first letter of a code says what the check looks at."""
WITHOUT_EXAMPLE = frozenset(["R010", "T002", "T003", "D002", "D003"])
"""Checks that no page alone brings about: a test of their own does."""
ROOMS = ("reading", "language", "stripping", "translation", "wording", "sections", "provenance", "safety", "together")
"""The modules that hold checks."""


class Fault(NamedTuple):
    """A fault that a check found.

    Attributes:
        message: what is wrong and what to do, one or two sentences.
        line: 1-based line of the raw page; None for the page as a whole.
        start: 1-based column where the fault begins in that line, None where the line is all that is known.
        length: characters concerned from there.
        mend: what the pipeline would put in its place, None where it would change nothing.
        severity: another severity than the check's usual one.
    """

    message: str
    line: int | None = None
    start: int | None = None
    length: int = 0
    mend: str | None = None
    severity: Severity | None = None


CheckFunction = Callable[[Subject], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    Attributes:
        code: a letter of `FAMILIES` and three digits.
        name: what it finds, lower case with hyphens.
        severity: what its faults are worth unless they say otherwise.
        function: yields the faults of a subject.
        summary: the first line of its docstring: the fault in a sentence.
        why: why it matters, in words.
        bad: a page on which it finds something.
        good: a page on which it finds nothing.
    """

    code: str
    name: str
    severity: Severity
    function: CheckFunction
    summary: str
    why: str
    bad: str
    good: str


def example_pages(example: str) -> list[bytes]:
    r"""Return the pages of an example as bytes.

    `\xe9`, `\t` and the like are bytes; a line `====` parts pages; `3 × ` before a line stands for three such lines.

    >>> example_pages(r"caf\xe9")
    [b'caf\xe9']
    """
    named = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b"0": b"\0"}

    def byte(found: re.Match[bytes]) -> bytes:
        return named.get(found[1]) or bytes.fromhex(found[1][1:].decode())

    example = re.sub(r"(?m)^(\d+) × (.*)$", lambda found: "\n".join([found[2]] * int(found[1])), example)
    return [re.sub(rb"\\(x[0-9a-f]{2}|[tnr0])", byte, page.encode()) for page in example.split("\n====\n")]


_CHECKS: dict[str, Check] = {}


def check(code: str, severity: Severity) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check `code`.

    Raises:
        ValueError: the code is taken or malformed, or the docstring lacks `Bad:` or `Good:`.
    """

    def register(function: CheckFunction) -> CheckFunction:
        if code in _CHECKS or not re.fullmatch(rf"[{''.join(FAMILIES)}]\d{{3}}", code):
            raise ValueError(f"{code} is taken or is no code")
        summary, why, bad, good = _parts(inspect.getdoc(function) or "", exempt=code in WITHOUT_EXAMPLE)
        name = function.__name__.replace("_", "-")
        _CHECKS[code] = Check(code, name, severity, function, summary, why, bad, good)
        return function

    return register


def all_checks() -> list[Check]:
    """Return every check, by code."""
    from importlib import import_module

    for room in ROOMS:
        import_module(f"pipeline.check.{room}")  # registers its checks, once
    return [_CHECKS[code] for code in sorted(_CHECKS)]


def find_check(wanted: str) -> Check:
    """Return the check with this code or name.

    Raises:
        UsageError: there is none.
    """
    for found in all_checks():
        if wanted in (found.code, found.name):
            return found
    raise UsageError(f"there is no check {wanted!r}", mend="`pipeline check --list` shows all of them")


def _parts(docstring: str, *, exempt: bool) -> tuple[str, str, str, str]:
    found = re.fullmatch(r"(.+?)\n(.*?)(?:\nBad:\n(.*?)\nGood:\n(.*))?", docstring, re.DOTALL)
    if found is None or (found[3] is None and not exempt):
        raise ValueError(f"a check's docstring needs `Bad:` and `Good:`: {docstring[:60]!r}")
    summary, why, bad, good = (part or "" for part in found.groups())
    return summary.strip(), inspect.cleandoc(why), inspect.cleandoc(bad), inspect.cleandoc(good)
