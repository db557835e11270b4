"""The glossary compiled for use: approved and trial entries, indexed, cached by the hash of their files."""

import contextlib
import gc
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from pipeline.errors import DataFileError
from pipeline.repair import index_cache
from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry
from pipeline.repair.glossary_files import BUILT_IN, files, load
from pipeline.repair.markers import markers
from pipeline.repair.triggers import Triggers, table

_CODE = (
    "anchors.py", "beside.py", "classes.py", "classes.toml", "entry.py", "glossary_files.py", "index_cache.py",
    "inflection.py", "irregular.py", "markers.py", "markers.toml", "phrase.py", "tokens.py", "triggers.py",
)  # fmt: skip
"""The modules and data on which the compiled form depends, beside the entries."""


def glossary_hash(folders: tuple[Path, ...]) -> str:
    """Return a hash of the glossary files (names and contents) and of the code that compiles them.

    Raises:
        DataFileError: a folder or file cannot be read.
    """
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((Path(__file__).parent / name).read_bytes())
    for folder in folders:
        for path in files([folder]):
            try:
                content = path.read_bytes()
            except OSError as error:
                raise DataFileError(f"cannot be read ({error.strerror})", path=path) from error
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()


@lru_cache(maxsize=4)
def load_engine(folders: tuple[Path, ...] = (BUILT_IN,), skip: frozenset[str] = frozenset()) -> Engine:
    """Return the engine over the entries below the folders, without those skipped by id.

    Raises:
        DataFileError: a file, entry or phrase is not as it must be.
    """
    name = glossary_hash(folders)[:32]
    with _uncollected():
        compiled = index_cache.read(name)
        if compiled is None:
            data = _encoded(folders)
            index_cache.write(name, data)
            compiled = index_cache.decode(data)
        return Engine(_Entries(compiled.entries), Triggers(compiled.table), skip, compiled.markers)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles from going through a table that grows and holds none: half of the time to load."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _encoded(folders: tuple[Path, ...]) -> bytes:
    entries = [
        _without_examples(located.entry)
        for located in load(folders).entries
        if located.entry.status in {"approved", "trial"}
    ]
    everything = [*entries, *markers()]
    return index_cache.encode(everything, table(everything), len(entries))


def _without_examples(entry: Entry) -> Entry:
    """Return the entry without what only people and tests read."""
    return msgspec.structs.replace(entry, change=(), keep=(), evidence=None, review=None, notes="")


class _Entries:
    """Entries by number, decoded when they are first asked for."""

    def __init__(self, encoded: list[msgspec.Raw]) -> None:
        self._encoded = encoded
        self._decoded: dict[int, Entry] = {}

    def __getitem__(self, number: int) -> Entry:
        entry = self._decoded.get(number)
        if entry is None:
            entry = msgspec.msgpack.decode(self._encoded[number], type=Entry)
            self._decoded[number] = entry
        return entry
