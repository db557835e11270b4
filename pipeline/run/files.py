"""Files that appear whole or not at all, the stamps that tell whether one was touched, and the lock of a folder."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pipeline.errors import OutputError

LOCK = ".ledger.sqlite.lock"
WORKSHOP = ".tmp"
"""Folder for files that are not finished, inside the folder of records so that a rename moves them."""
_YOUNG = 2_000_000_000
"""Nanoseconds: a file changed this short before it was read could change again without a new time stamp."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file: where none of it differs, the file was not written to.

    The time of the last change of status (`ctime_ns`) is set by the system alone, so that an edit which
    keeps size and time of modification is noticed as well.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @staticmethod
    def of(status: os.stat_result) -> "Stamp":
        """Return the stamp in a result of `stat`."""
        return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    @staticmethod
    def from_text(text: str) -> "Stamp":
        """Read what `to_text` wrote."""
        return Stamp(*map(int, text.split(" ")))

    def to_text(self) -> str:
        """Return the stamp as text."""
        return f"{self.size} {self.mtime_ns} {self.ctime_ns} {self.inode}"

    def is_settled(self) -> bool:
        """Return whether a write from now on is sure to change the stamp, whatever the clock's grain."""
        return max(self.mtime_ns, self.ctime_ns) < time.time_ns() - _YOUNG


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a file, None where it is not there."""
    try:
        return Stamp.of(path.stat())
    except OSError:
        return None


def hash_of(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


@contextmanager
def workshop(folder: Path) -> Iterator[None]:
    """Have a workshop in the folder of records, empty at first and gone afterwards; to be used under the lock.

    What a run that was killed left there is removed.

    Raises:
        OutputError: the folder cannot be written to.
    """
    path = folder / WORKSHOP
    with naming(folder, "cannot be used as the folder of records"):
        path.mkdir(exist_ok=True)
        _empty(path)
    try:
        yield
    finally:
        with suppress(OSError):  # the next run will
            _empty(path)
            path.rmdir()


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        left.unlink()


def write_aside(folder: Path, file: str, write: Callable[[BinaryIO], object]) -> Path:
    """Write a file (named by its path below the folder) in the workshop and bring it to the disk; return its path.

    Raises:
        OutputError: it cannot be written; what is left of it goes with the workshop.
    """
    aside = folder / WORKSHOP / hashlib.sha256(file.encode()).hexdigest()[:32]
    with naming(folder / file, "cannot be written"), aside.open("wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
    return aside


def put_in_place(folder: Path, file: str, aside: Path) -> Stamp:
    """Rename a finished file to where it belongs and return its stamp. Lasting after `settle`."""
    with naming(folder / file, "cannot be written"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        aside.replace(folder / file)
        return Stamp.of((folder / file).stat())


def remove(folder: Path, file: str) -> None:
    """Remove a file, and the folders above it that are empty then, up to the folder of records."""
    path = folder / file
    with naming(path, "cannot be removed"):
        path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder:
            return
        try:
            parent.rmdir()
        except OSError:  # not empty, or gone
            return


def settle(folder: Path, files: Iterable[str]) -> None:
    """Bring the names of files to the disk: those in the folder of records and in the folders below it."""
    parents = {parent for file in files for parent in PurePosixPath(file).parents}
    for parent in sorted(parents):
        with naming(folder / parent, "cannot be written to"), suppress(FileNotFoundError):
            descriptor = os.open(folder / parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextmanager
def naming(path: Path, problem: str) -> Iterator[None]:
    """Turn a fault of the file system into an `OutputError` that names the path and says what to do."""
    try:
        yield
    except OSError as error:
        mend = {"ENOSPC": "Make room on the disk", "EDQUOT": "Make room in your quota"}.get(
            _errno_name(error), "Choose another folder or mend this one"
        )
        said = error.strerror or type(error).__name__
        raise OutputError(f"{problem} ({said})", path=path, mend=f"{mend} and run again; nothing is lost") from error


def _errno_name(error: OSError) -> str:
    import errno

    return errno.errorcode.get(error.errno or 0, "")


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Make the folder of records and keep other runs out of it, until the process ends however it may.

    Raises:
        OutputError: the folder cannot be made or written to, or another run is at work there.
    """
    path = folder / LOCK
    with naming(folder, "cannot be used as the folder of records"):
        folder.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+")
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read(20).strip()
            who = f"another run is at work there (process {holder})" if holder else "another run is at work there"
            raise OutputError(who, path=folder, mend="Wait until it is done, or stop it") from error
        except OSError as error:
            raise OutputError(f"cannot be locked ({error.strerror})", path=path) from error
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield
        stream.truncate(0)
