"""Where the records of a folder lie, and a name for each that is safe in an address and in a file's name."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.errors import InputError
from pipeline.record import Record

_HEAD = 4096
_PLAIN = re.compile(r"[^a-z0-9]+")
SLUG = 60
"""Characters of a name that its key keeps."""


class Stored(msgspec.Struct, frozen=True):
    """A record on disk.

    Attributes:
        key: its name in addresses and file names: lower-case letters, digits and hyphens.
        name: its path below the folder without the ending; with the line for a file of many.
        path: the file.
        start: offset of its first byte there.
        size: its bytes; None: the whole file.
    """

    key: str
    name: str
    path: Path
    start: int = 0
    size: int | None = None


def key_of(name: str) -> str:
    """Return the key of a name: readable, and different for different names.

    >>> key_of("knee/Page 1"), key_of("../../etc/passwd")
    ('knee-page-1-617543043224', 'etc-passwd-3754d6cb3a38')
    """
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    slug = _PLAIN.sub("-", name.casefold()).strip("-")[:SLUG].rstrip("-")
    return f"{slug}-{digest}" if slug else digest


def find_records(folder: Path) -> list[Stored]:
    """Find the records below a folder: one a file (.json), or one a line (.jsonl); others' files are passed over.

    Raises:
        InputError: it is no folder, or cannot be read.
    """
    if not folder.is_dir():
        raise InputError("is not a folder", path=folder, mend="Name the folder that pipeline run wrote")
    found: list[Stored] = []
    try:
        for path in sorted([*folder.rglob("*.json"), *folder.rglob("*.jsonl")]):
            relative = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                found += _in_file(path, relative.with_suffix("").as_posix())
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=error.filename or folder) from error
    return found


def _in_file(path: Path, name: str) -> Iterator[Stored]:
    with path.open("rb") as stream:
        if path.suffix == ".json":
            if _is_record(stream.read(_HEAD)):
                yield Stored(key_of(name), name, path)
            return
        start = 0
        for number, line in enumerate(stream, 1):
            if _is_record(line[:_HEAD]):
                own = f"{name}:{number}"
                yield Stored(key_of(own), own, path, start, len(line))
            start += len(line)


def _is_record(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"schema_version"' in head


def load(stored: Stored) -> Record:
    """Read a record.

    Raises:
        InputError: it is gone, or is no record.
    """
    try:
        with stored.path.open("rb") as stream:
            stream.seek(stored.start)
            data = stream.read() if stored.size is None else stream.read(stored.size)
        record = Record.from_json(data)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=stored.path) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is no record: {error}", path=stored.path) from error
    if fault := _inconsistent(record):
        raise InputError(f"is no record: {fault}", path=stored.path)
    return record


def _inconsistent(record: Record) -> str:
    """Return what in a record points beside its text, so that it was not written by us as it stands."""
    count = len(record.blocks)
    for change in record.changes:
        if change.block is not None and not 0 <= change.block < count:
            return f"a change names block {change.block} of {count}"
        text = record.title if change.block is None else record.blocks[change.block].text
        if change.start < 0 or text[change.start : change.end] != change.after:
            return f"a change does not stand where it says: {change.after!r}"
    if any(not 0 <= section.first_block <= section.last_block < count for section in record.sections):
        return "a section names blocks that are not there"
    return ""
