"""The files of a glossary: locked while one is changed, read as they stand, written whole or not at all."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import DataFileError
from pipeline.repair.glossary_files import REFUSED


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a glossary's folder; it ends with the process, however that ends."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise DataFileError(f"is no folder that can be read ({error.strerror})", path=folder) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def folder_of(path: Path) -> Path:
    """Return the glossary's folder, given one of its files."""
    return path.parent if path.name == REFUSED else path.parent.parent


def read_file(path: Path) -> str | None:
    """Return a file's text with its own ends of lines, None where there is no file.

    Raises:
        DataFileError: it cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataFileError(f"cannot be read ({error.strerror})", path=path) from error
    except UnicodeDecodeError as error:
        raise DataFileError("is not UTF-8", path=path, mend="Save the file as UTF-8") from error


def write_file(path: Path, text: str) -> None:
    """Bring a file to the disk, whole or not at all; an empty text removes it."""
    path = path.resolve()
    if not text:
        path.unlink(missing_ok=True)
        _sync(path.parent)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode & 0o7777)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_of(text: str) -> str:
    """Return the SHA-256 of a file's text, empty where there is no file."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
