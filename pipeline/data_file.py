"""TOML files that users write (glossary, taxonomy, site profiles, settings), read strictly.

The types are msgspec structs with `forbid_unknown_fields`; whatever does not fit is a
`DataFileError` that names the file and the line, says what was expected and what to do.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.errors import DataFileError

T = TypeVar("T")


def load_toml(path: Path, kind: type[T]) -> T:
    """Read a TOML file as a value of the given type.

    Raises:
        DataFileError: the file cannot be read, is not TOML, or does not fit the type.
    """
    return parse_toml(read_text(path), kind, path)


def read_text(path: Path) -> str:
    """Read a UTF-8 file that a user wrote, with an error for people where that fails."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(f"cannot be read ({error.strerror})", path=path) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataFileError("is not UTF-8", path=path, line=line, mend="Save the file as UTF-8") from error


def parse_toml(text: str, kind: type[T], path: Path) -> T:
    """Read TOML text that came from `path` as a value of the given type; errors as `load_toml`."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        last = text.rstrip("\n").count("\n") + 1
        problem = str(error)[: found.start()] if found else str(error).removesuffix(" (at end of document)")
        line = int(found[1]) if found else last
        raise DataFileError(f"is not valid TOML: {problem}", path=path, line=min(line, last)) from error
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at `")
        keys = where.rstrip("`")
        unknown = re.search(r"unknown field `([^`.]+)`", problem)
        named = f"{keys or '$'}.{unknown[1]}" if unknown else keys
        at = f" at {keys.removeprefix('$.')}" if keys.removeprefix("$") else ""
        raise DataFileError(f"does not fit{at}: {problem}", path=path, line=line_of(text, named)) from error


def line_of(text: str, keys: str) -> int | None:
    r"""Return the 1-based line on which a path such as `$.entry[2].guards.cues` stands in TOML text.

    The search follows table headers and then `key =` lines; where the last key is missing, the line
    of the innermost table that was found. Multi-line strings are no lines of their own. `[...]` stands
    for some key of a table of which no more is known: the search ends above it.

    >>> line_of('[[entry]]\nid = "a"\n\n[[entry]]\nid = 3\n', "$.entry[1].id")
    5
    """
    lines = _MULTILINE.sub(lambda found: '""' + "\n" * found[0].count("\n"), text).split("\n")
    headers = [(i, _header_name(found[1])) for i, line in enumerate(lines) if (found := _HEADER.match(line))]
    found_at: int | None = None
    start, end, prefix = 0, len(lines), ""
    for name, position in re.findall(r"\.([^.\[]+)(?:\[(\d+)\])?", keys.partition("[...]")[0]):
        full = f"{prefix}.{name}" if prefix else name
        inside = [i for i, header in headers if start <= i < end and header == full]
        wanted = int(position) if position else 0
        if len(inside) > wanted:
            start = inside[wanted]
            end = next((i for i, header in headers if i > start and not header.startswith(full + ".")), end)
        elif (at := _key_line(lines[start:end], name)) is not None:
            start += at
        else:
            break
        found_at, prefix = start, full
    return None if found_at is None else found_at + 1


_MULTILINE = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'', re.DOTALL)
_HEADER = re.compile(r"\s*\[\[?([^\[\]=]+)\]\]?\s*(?:#.*)?$")


def _header_name(text: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in text.split("."))


def _key_line(lines: Sequence[str], name: str) -> int | None:
    """Return the first line that gives the key a value, be it dotted or inside an inline table."""
    key = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]")
    inline = re.compile(rf"[{{,]\s*[\"']?{re.escape(name)}[\"']?\s*=")
    return next((i for i, line in enumerate(lines) if key.match(line) or inline.search(line)), None)
