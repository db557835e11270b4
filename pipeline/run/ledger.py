"""The ledger: what a folder of records was made from, in an SQLite file beside them.

It says which pages need nothing, and is never the only place of anything: without it, or where it is
damaged, every page is made again and the outputs are the same.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.run.files import Stamp
from pipeline.run.repeats import NOTHING, Described

NAME = ".ledger.sqlite"
_VERSION = 3
"""Raised when the tables change; a ledger of another version is begun anew."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""Errors of a file that is no ledger of ours; others (a full disk) say nothing of the file."""
_TABLES = """
CREATE TABLE page (
    name BLOB PRIMARY KEY,   -- path below the folder of pages, as the file system has it
    id TEXT NOT NULL,
    stamp TEXT,              -- of the page when it was read; null where it was too young to be trusted
    sha256 TEXT NOT NULL,    -- of its bytes
    key TEXT NOT NULL,       -- of everything else that its record depends on; empty: to be made again
    counts TEXT NOT NULL     -- what the summary tells of it, as JSON
) WITHOUT ROWID;
CREATE INDEX page_id ON page (id);
CREATE TABLE output (
    page BLOB NOT NULL,
    format TEXT NOT NULL,
    file TEXT NOT NULL,      -- name in the folder of records
    stamp TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (page, format)
) WITHOUT ROWID;
CREATE INDEX output_file ON output (file);
CREATE TABLE record (page BLOB PRIMARY KEY, data BLOB NOT NULL);  -- for formats with one file a run; JSON, deflated
CREATE TABLE whole (          -- the files of those formats
    format TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    stamp TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    state INTEGER NOT NULL   -- `state` of the records that it was made from
) WITHOUT ROWID;
CREATE TABLE described (page BLOB PRIMARY KEY, site TEXT NOT NULL, rows BLOB NOT NULL);  -- see pipeline.run.repeats
CREATE INDEX described_site ON described (site, page);
CREATE TABLE repeats (page BLOB PRIMARY KEY, keys TEXT NOT NULL) WITHOUT ROWID;  -- what came of them, as JSON
CREATE TABLE state (
    records INTEGER NOT NULL,    -- counts the changes of `record`
    described INTEGER NOT NULL,  -- counts the changes of `described`
    repeats TEXT NOT NULL        -- what `repeats` was made from
);
INSERT INTO state VALUES (0, 0, '');
"""


class Counts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the summary tells of a page.

    Attributes:
        kept: blocks kept.
        dropped: blocks dropped.
        changes: changes of text.
        findings: how many findings there are, by severity and code.
        errors: code, message and line of the findings of severity error.
    """

    kept: int = 0
    dropped: int = 0
    changes: int = 0
    findings: dict[str, dict[str, int]] = {}
    errors: tuple[tuple[str, str, int | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the ledger knows of a page; `outputs` by format. See `_TABLES` for the fields."""

    name: str
    id: str
    stamp: Stamp | None
    sha256: str
    key: str
    counts: Counts = field(default_factory=Counts)
    outputs: dict[str, "Output"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written: its name in the folder of records, its stamp and hash."""

    file: str
    stamp: Stamp
    sha256: str


class Ledger:
    """The ledger of one folder of records. One process at a time: see `pipeline.run.files.lock`.

    Nothing is lasting before `commit`.

    Args:
        folder: the folder of records.

    Raises:
        sqlite3.Error: the file cannot be opened or made. One that is damaged is begun anew.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.begun_anew = ""
        try:
            self._db = self._opened()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _DAMAGED:
                raise
            self.begun_anew = str(error)
            self._remove()
            self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level="DEFERRED")
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, _VERSION}:
                raise sqlite3.DatabaseError(f"it is of version {version}, not {_VERSION}")
            if version == 0:
                db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
            db.execute("SELECT count(*) FROM page").fetchone()
        except BaseException:
            db.close()
            raise
        return db

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(NAME + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Give up what was not committed and close the file."""
        self._db.rollback()
        self._db.close()

    def commit(self) -> None:
        """Make what was kept lasting."""
        self._db.commit()

    def entry(self, name: str) -> Entry | None:
        """Return what is known of a page."""
        row = self._db.execute(
            "SELECT id, stamp, sha256, key, counts FROM page WHERE name = ?", (_bytes(name),)
        ).fetchone()
        if row is None:
            return None
        counts = msgspec.json.decode(row[4], type=Counts)
        stamp = None if row[1] is None else Stamp.from_text(row[1])
        return Entry(
            name=name, id=row[0], stamp=stamp, sha256=row[2], key=row[3], counts=counts, outputs=self.outputs(name)
        )

    def outputs(self, name: str) -> dict[str, Output]:
        """Return the outputs of a page by format."""
        rows = self._db.execute("SELECT format, file, stamp, sha256 FROM output WHERE page = ?", (_bytes(name),))
        return {row[0]: Output(row[1], Stamp.from_text(row[2]), row[3]) for row in rows}

    def names(self) -> list[str]:
        """Return the names of all pages known, sorted by their bytes."""
        return [_text(row[0]) for row in self._db.execute("SELECT name FROM page ORDER BY name")]

    def keep(self, entry: Entry, record: bytes | None = None, described: Described = NOTHING) -> None:
        """Keep a page's entry in place of the one before; its files and its id belong to no other page from now on.

        Args:
            entry: the entry.
            record: the page's record as JSON, where a format needs the records of all pages.
            described: its blocks, for repeats across pages.
        """
        name = _bytes(entry.name)
        counts = msgspec.json.encode(entry.counts).decode()
        stamp = None if entry.stamp is None else entry.stamp.to_text()
        self._db.execute(
            "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)",
            (name, entry.id, stamp, entry.sha256, entry.key, counts),
        )
        self._db.execute("DELETE FROM output WHERE page = ?", (name,))
        for format_, output in entry.outputs.items():
            self._db.execute("DELETE FROM output WHERE file = ?", (output.file,))
            row = (name, format_, output.file, output.stamp.to_text(), output.sha256)
            self._db.execute("INSERT INTO output VALUES (?, ?, ?, ?, ?)", row)
        if record is not None:
            self._db.execute("INSERT OR REPLACE INTO record VALUES (?, ?)", (name, zlib.compress(record, 1)))
        else:
            self._db.execute("DELETE FROM record WHERE page = ?", (name,))
        self._db.execute("UPDATE state SET records = records + 1")
        self._describe(name, described)

    def _describe(self, name: bytes, described: Described) -> None:
        row = self._db.execute("SELECT site, rows FROM described WHERE page = ?", (name,)).fetchone()
        if row != tuple(described):
            self._db.execute(
                "INSERT OR REPLACE INTO described VALUES (?, ?, ?)", (name, described.site, described.rows)
            )
            self._db.execute("UPDATE state SET described = described + 1")

    def touch(self, entry: Entry) -> None:
        """Keep new stamps of a page and of outputs that are the same as before."""
        name = _bytes(entry.name)
        stamp = None if entry.stamp is None else entry.stamp.to_text()
        self._db.execute("UPDATE page SET stamp = ? WHERE name = ?", (stamp, name))
        for format_, output in entry.outputs.items():
            row = (output.stamp.to_text(), name, format_)
            self._db.execute("UPDATE output SET stamp = ? WHERE page = ? AND format = ?", row)

    def forget(self, name: str) -> None:
        """Forget a page."""
        for table, column in (("page", "name"), ("output", "page"), ("record", "page"), ("described", "page")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (_bytes(name),))  # noqa: S608 -- names of ours
        self._db.execute("UPDATE state SET records = records + 1, described = described + 1")

    def described(self) -> Iterator[tuple[str, Described]]:
        """Yield names of pages and what their blocks are, sorted by site and name."""
        for page, site, rows in self._db.execute("SELECT page, site, rows FROM described ORDER BY site, page"):
            yield _text(page), Described(site, rows)

    def repeats(self, made_of: str) -> dict[str, frozenset[str]] | None:
        """Return the repeats by page as they were kept, None where they were made of something else.

        Args:
            made_of: what they depend on beside the descriptions.
        """
        number, kept = self._db.execute("SELECT described, repeats FROM state").fetchone()
        if kept != f"{number} {made_of}":
            return None
        rows = self._db.execute("SELECT page, keys FROM repeats")
        return {_text(page): frozenset(msgspec.json.decode(keys, type=list[str])) for page, keys in rows}

    def keep_repeats(self, made_of: str, repeats: Mapping[str, frozenset[str]]) -> None:
        """Keep the repeats by page."""
        self._db.execute("DELETE FROM repeats")
        rows = ((_bytes(name), msgspec.json.encode(sorted(keys)).decode()) for name, keys in repeats.items())
        self._db.executemany("INSERT INTO repeats VALUES (?, ?)", rows)
        self._db.execute("UPDATE state SET repeats = described || ' ' || ?", (made_of,))

    def sharing(self, entry: Entry) -> list[str]:
        """Return the other pages that are entered with an entry's id."""
        rows = self._db.execute("SELECT name FROM page WHERE id = ? AND name <> ?", (entry.id, _bytes(entry.name)))
        return [_text(row[0]) for row in rows]

    def has_record(self, name: str) -> bool:
        """Return whether the page's record is kept here."""
        return self._db.execute("SELECT 1 FROM record WHERE page = ?", (_bytes(name),)).fetchone() is not None

    def records(self) -> Iterator[bytes]:
        """Yield the records kept, as JSON, in the order of the pages' names."""
        for (data,) in self._db.execute("SELECT data FROM record ORDER BY page"):
            yield zlib.decompress(data)

    def state(self) -> int:
        """Return the number of changes so far: as long as it is the same, so is `records`."""
        return int(self._db.execute("SELECT records FROM state").fetchone()[0])

    def whole(self, format_: str) -> tuple[Output, int] | None:
        """Return the file of a format with one file a run, and the state that it was made from."""
        row = self._db.execute("SELECT file, stamp, sha256, state FROM whole WHERE format = ?", (format_,)).fetchone()
        return None if row is None else (Output(row[0], Stamp.from_text(row[1]), row[2]), row[3])

    def keep_whole(self, format_: str, output: Output, state: int) -> None:
        """Keep the file of a format with one file a run."""
        row = (format_, output.file, output.stamp.to_text(), output.sha256, state)
        self._db.execute("INSERT OR REPLACE INTO whole VALUES (?, ?, ?, ?, ?)", row)

    def forget_whole(self, format_: str) -> None:
        """Forget the file of such a format."""
        self._db.execute("DELETE FROM whole WHERE format = ?", (format_,))


def _bytes(name: str) -> bytes:
    return os.fsencode(name)


def _text(name: bytes) -> str:
    return os.fsdecode(name)
