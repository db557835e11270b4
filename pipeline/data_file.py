"""TOML files that users write (glossary, taxonomy, site profiles, settings), read strictly.

The types are msgspec structs with `forbid_unknown_fields`; whatever does not fit is a
`DataFileError` that names the file and the line, says what was expected and what to do.
"""

import re
import tomllib
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
        line = int(found[1]) if found else text.count("\n") + 1
        problem = str(error)[: found.start()] if found else str(error).removesuffix(" (at end of document)")
        raise DataFileError(f"is not valid TOML: {problem}", path=path, line=line) from error
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at `")
        keys = where.rstrip("`")
        line = line_of(text, keys)
        at = f" at {keys.removeprefix('$.')}" if keys.removeprefix("$") else ""
        raise DataFileError(f"does not fit{at}: {problem}", path=path, line=line) from error


def line_of(text: str, keys: str) -> int | None:
    """Return the 1-based line on which a path such as `$.entry[2].guards.cues` stands in TOML text.

    The search follows table headers and then `key =` lines; where the last key is missing, the line
    of the innermost table that was found.

    >>> line_of('[[entry]]\\nid = "a"\\n\\n[[entry]]\\nid = 3\\n', "$.entry[1].id")
    5
    """
    lines = text.split("\n")
    found: int | None = None
    start, prefix = 0, ""
    for name, position in re.findall(r"\.([^.\[]+)(?:\[(\d+)\])?", keys):
        full = f"{prefix}.{name}" if prefix else name
        header = re.compile(rf"\s*\[\[?\s*{re.escape(full)}\s*\]\]?")
        key = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
        headers = [i for i in range(start, len(lines)) if header.match(lines[i])]
        wanted = int(position) if position else 0
        if len(headers) > wanted:
            start = found = headers[wanted]
        else:
            end = next((i for i in range(start + 1, len(lines)) if prefix and lines[i].startswith("[[")), len(lines))
            at = next((i for i in range(start, end) if key.match(lines[i])), None)
            if at is None:
                break
            start = found = at
        prefix = full
    return None if found is None else found + 1
