"""What a line says by itself: wording that only page furniture has (`furniture.toml`), and what prose looks like."""

import hashlib
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

import msgspec

from pipeline.data_file import parse_toml
from pipeline.errors import DataFileError
from pipeline.strip.reasons import REASONS

_FILE = Path("furniture.toml")
_LONGEST = 480
"""Characters; a longer line is judged by its place and neighbours alone."""
_SHORTEST_PART = 4
_AROUND = r"[\W\d_]{0,12}"
_BYLINE = re.compile(
    r"(by|By|BY|[Pp]osted by|[Ww]ritten by|[Rr]eviewed by):? (Dr\.? )?"
    r"[A-ZÀ-Þ]\w{1,20}( [A-Z]\.?)?( [A-ZÀ-Þ][\w-]{1,20}){1,3}(,.{0,40})?"
)
_TERMINAL = re.compile(r"[.!?…。！？:;][\"'”’»)\]]*\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAMPLE = 2000


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    whole: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()


class _Furniture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    line: tuple[_Line, ...]


@lru_cache(maxsize=1)
def wording_digest() -> str:
    """Return a hash of `furniture.toml`, which is checked by the way; errors as `_patterns`."""
    _patterns()
    return hashlib.sha256(_text().encode()).hexdigest()


def _text() -> str:
    return resources.files("pipeline.strip").joinpath(_FILE.name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    """Return the patterns of `furniture.toml` for whole lines and for parts, and the reason of each named group.

    All patterns are one, so that what may stand around a line is matched once and not once for each.

    Raises:
        DataFileError: the file is broken, a pattern is no regular expression, a reason is unknown.
    """
    lines = parse_toml(_text(), _Furniture, _FILE).line
    for line in lines:
        _check(line)
    whole = "|".join(f"(?P<r{i}>{'|'.join(line.whole)})" for i, line in enumerate(lines) if line.whole)
    parts = "|".join(f"(?P<r{i}>{'|'.join(line.anywhere)})" for i, line in enumerate(lines) if line.anywhere)
    reasons = tuple(line.reason for line in lines)
    return re.compile(rf"{_AROUND}(?:{whole}){_AROUND}$"), re.compile(rf".{{0,60}}?(?:{parts})"), reasons


def _check(line: _Line) -> None:
    if line.reason not in REASONS:
        raise DataFileError(f"names an unknown reason, {line.reason}", path=_FILE, mend="Add it to reasons.py")
    for pattern in (*line.whole, *line.anywhere):
        try:
            re.compile(pattern)
        except re.error as error:
            raise DataFileError(f"has a broken pattern under {line.reason}, {pattern}: {error}", path=_FILE) from error


@lru_cache(maxsize=4096)
def furniture_reason(text: str) -> str | None:
    """Return the reason code that the wording of a line gives by itself, None for most lines.

    >>> furniture_reason("Read also: Exercises for the neck"), furniture_reason("Views: 2 345")
    ('related', 'counter')
    >>> furniture_reason("Symptomatic manifestations") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    whole, parts, reasons = _patterns()
    lowered = text.lower().strip()
    found = whole.match(lowered) or (parts.match(lowered) if len(text) > _SHORTEST_PART else None)
    if found is not None and found.lastgroup is not None:
        return reasons[int(found.lastgroup[1:])]
    return "byline" if text[:1] in "bBPpWwRr" and _BYLINE.fullmatch(text.strip()) else None


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def ends_sentence(text: str) -> bool:
    """Return whether a text ends as sentences and introductions of lists do."""
    return _TERMINAL.search(text[-8:]) is not None


def is_prose(text: str) -> bool:
    """Return whether a text is a sentence or more: long enough and ended as one, or long anyway.

    >>> is_prose("The spine carries the weight of the body and protects the spinal cord."), is_prose("Back pain")
    (True, False)
    """
    count = len(_WORD.findall(text[:_SAMPLE]))
    return count >= 25 or (count >= 8 and ends_sentence(text)) or (count < 3 and len(text) > 60)


def normal(text: str) -> str:
    """Return a text in the form in which two showings of one title are equal: its letters and digits.

    >>> normal("Pain in the Back!") == normal("pain in the back")
    True
    """
    return " ".join(re.findall(r"\w+", text.casefold()))
