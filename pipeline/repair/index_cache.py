"""The compiled glossary kept in the user's cache folder; the one place in this room that writes files.

Reading 5,000 entries strictly takes seconds, and a run has one worker after another do it. The compiled form
is named by the hash of what it was made from, so it is never stale; what is broken or cannot be
written is made anew without a word, for the result is the same.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.triggers import Table

KEPT = 8
"""Compiled glossaries kept; older ones are removed when a new one is written."""


class Compiled(msgspec.Struct, array_like=True):
    """A glossary ready to use: its index, and its entries still encoded, for most are never looked at.

    Entries from number `markers` on are markers.
    """

    table: Table
    entries: list[msgspec.Raw]
    markers: int


def encode(entries: list[Entry], table: Table, markers: int | None = None) -> bytes:
    """Encode a compiled glossary; entries from number `markers` on are markers."""
    raw = [msgspec.Raw(msgspec.msgpack.encode(entry)) for entry in entries]
    return msgspec.msgpack.encode(Compiled(table, raw, len(raw) if markers is None else markers))


def decode(data: bytes) -> Compiled:
    """Decode a compiled glossary. Raises `msgspec.DecodeError` where it is none."""
    return msgspec.msgpack.decode(data, type=Compiled)


def cache_folder() -> Path | None:
    """Return the folder for caches: $XDG_CACHE_HOME or ~/.cache, None where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "article-pipeline"
    try:
        return Path.home() / ".cache" / "article-pipeline"
    except RuntimeError:
        return None


def read(name: str) -> Compiled | None:
    """Return the compiled glossary of that name, None where there is none that can be used."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        return decode((folder / f"glossary-{name}.bin").read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


def write(name: str, data: bytes) -> None:
    """Keep a compiled glossary: whole or not at all, and without complaint where that cannot be."""
    folder = cache_folder()
    if folder is None:
        return
    temporary = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".glossary-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(folder / f"glossary-{name}.bin")
        for old in sorted(folder.glob("glossary-*.bin"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
