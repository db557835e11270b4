"""What the commands are given: files, `-` for standard input, folders; and where their results go."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.report import tell
from pipeline.errors import InputError, OutputError

if TYPE_CHECKING:
    from pipeline.record import Record

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    Attributes:
        shown: its name in messages, one printable line.
        name: its file name for the journey; None for standard input.
        data: its bytes.
        id: the id of its record where pages of one folder must not share one; None: the name gives it.
    """

    shown: str
    name: str | None
    data: bytes
    id: str | None = None


def read_input(argument: str) -> Input:
    """Read a file, or standard input where the argument is `-`.

    Raises:
        InputError: it cannot be read.
    """
    if argument == STDIN:
        return Input("standard input", None, sys.stdin.buffer.read())
    from pipeline.run.pages import shown

    path = Path(argument)
    try:
        return Input(shown(argument), shown(path.name), path.read_bytes())
    except OSError as error:
        raise _unreadable(path, error) from error


def read_inputs(arguments: Iterable[str]) -> Iterator[Input]:
    """Read files, standard input and all pages and records below folders, one after the other.

    Raises:
        InputError: one of them cannot be read.
    """
    for argument in arguments:
        if argument != STDIN and Path(argument).is_dir():
            yield from _read_folder(Path(argument))
        else:
            yield read_input(argument)


def _read_folder(folder: Path) -> Iterator[Input]:
    from pipeline.run.pages import find_pages, shown

    found = find_pages(folder)
    for fault in found.faults:
        tell(shown(str(folder / fault.name)), fault.line, fault.severity, fault.message, fault.code)
    ids: dict[str, str | None] = {page.name: page.id for page in found.pages}
    for path in folder.rglob("*.json"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            ids[name] = None
    for name in sorted(ids):
        path = folder / name
        yield Input(shown(str(path)), shown(name), read_input(str(path)).data, ids[name])


def _unreadable(path: Path, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file", path=path)
    if isinstance(error, IsADirectoryError):
        return InputError("is a folder", path=path, mend="Name a file, or use pipeline run for a folder of pages")
    return InputError(f"cannot be read ({error.strerror})", path=path)


def is_record(given: Input) -> bool:
    """Return whether an input is a record, or lines of records, and no page."""
    head = given.data[:1000].lstrip()
    return head.startswith(b"{") and b'"schema_version"' in head


def records_in(given: Input) -> "list[Record] | None":
    """Return the records in an input: one JSON document, or one a line. None where it is a page.

    Raises:
        InputError: it is JSON of ours and no record.
    """
    import msgspec

    from pipeline.record import Record

    if not is_record(given):
        return None
    try:
        return [Record.from_json(given.data)]
    except msgspec.ValidationError as error:
        raise InputError(f"is no record: {error}", path=given.shown) from error
    except msgspec.DecodeError:
        return _records_by_line(given)


def _records_by_line(given: Input) -> "list[Record]":
    import msgspec

    from pipeline.record import Record

    records = []
    for number, line in enumerate(given.data.split(b"\n"), 1):
        if line.strip():
            try:
                records.append(Record.from_json(line))
            except msgspec.DecodeError as error:
                raise InputError(f"is no record: {error}", path=given.shown, line=number) from error
    return records


def write_out(path: Path, data: bytes) -> None:
    """Write a result to a file, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    import os
    import tempfile

    try:
        if path.exists() and not path.is_file():  # a device or a pipe has no whole
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as stream:
            aside = Path(stream.name)
            try:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
                aside.chmod(0o666 & ~_umask())
                aside.replace(path)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error


def _umask() -> int:
    import os

    mask = os.umask(0)
    os.umask(mask)
    return mask
