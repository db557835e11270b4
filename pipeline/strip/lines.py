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
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of `furniture.toml` with their reasons.

    Raises:
        DataFileError: the file is broken, a pattern is no regular expression, a reason is unknown.
    """
    return tuple((line.reason, _compiled(line, _FILE)) for line in parse_toml(_text(), _Furniture, _FILE).line)


def _compiled(line: _Line, path: Path) -> re.Pattern[str]:
    if line.reason not in REASONS:
        raise DataFileError(f"names an unknown reason, {line.reason}", path=path, mend="Add it to reasons.py")
    parts = [rf"^{_AROUND}(?:{'|'.join(line.whole)}){_AROUND}$"] if line.whole else []
    parts += [rf"^.{{0,60}}?(?:{'|'.join(line.anywhere)})"] if line.anywhere else []
    try:
        return re.compile("|".join(parts))
    except re.error as error:
        raise DataFileError(f"has a broken pattern under {line.reason}: {error}", path=path) from error


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
    lowered = text.lower()
    for reason, pattern in _patterns():
        if pattern.search(lowered):
            return reason
    return "byline" if _BYLINE.fullmatch(text.strip()) else None


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
