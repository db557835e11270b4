"""The tables of the queue's SQLite file, and the steps from each version of them to the next."""

import sqlite3

from pipeline.errors import InputError

_FIRST = """
CREATE TABLE candidate (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    phrase TEXT NOT NULL,
    folded TEXT NOT NULL,             -- see pipeline.review.candidate.folded
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    field TEXT NOT NULL,
    score REAL NOT NULL,
    replacement TEXT NOT NULL,        -- the first suggestion, for lists
    state TEXT NOT NULL DEFAULT 'open',
    lease_by TEXT NOT NULL DEFAULT '',
    lease_until REAL NOT NULL DEFAULT 0
);
CREATE INDEX candidate_state ON candidate (state, score DESC, id);
CREATE INDEX candidate_field ON candidate (field, state, score DESC, id);
CREATE INDEX candidate_language ON candidate (language, state, score DESC, id);
CREATE INDEX candidate_both ON candidate (language, field, state, score DESC, id);
CREATE INDEX candidate_score ON candidate (score DESC, id);
CREATE INDEX candidate_folded ON candidate (folded, language, field, state);
CREATE INDEX candidate_lease ON candidate (lease_by, state);
CREATE VIRTUAL TABLE parts USING fts5 (folded, content = '', tokenize = 'trigram');  -- rowid: candidate.row
CREATE TABLE detail (id TEXT PRIMARY KEY, data BLOB NOT NULL);  -- the candidate as JSON

CREATE TABLE tally (                  -- how many candidates there are, kept by the triggers below
    state TEXT NOT NULL, language TEXT NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (state, language, field, kind)
) WITHOUT ROWID;
CREATE TRIGGER candidate_added AFTER INSERT ON candidate BEGIN
    INSERT INTO tally VALUES (new.state, new.language, new.field, new.kind, 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
    INSERT INTO parts (rowid, folded) VALUES (new.row, new.folded);
END;
CREATE TRIGGER candidate_changed AFTER UPDATE OF state, language, field, kind ON candidate BEGIN
    UPDATE tally SET number = number - 1
        WHERE state = old.state AND language = old.language AND field = old.field AND kind = old.kind;
    INSERT INTO tally VALUES (new.state, new.language, new.field, new.kind, 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
END;

CREATE TABLE decision (               -- never changed but for `undone`, never deleted
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    candidate TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    decision TEXT NOT NULL,           -- approve, suggest, refuse or skip
    reason TEXT NOT NULL,
    entry_id TEXT NOT NULL,           -- of the entry that was written, empty where none was
    entry TEXT NOT NULL,              -- its TOML as it was written
    at TEXT NOT NULL,                 -- UTC, ISO 8601
    undone TEXT NOT NULL DEFAULT ''   -- when it was taken back, empty while it stands
);
CREATE INDEX decision_candidate ON decision (candidate, number);
CREATE INDEX decision_reviewer ON decision (reviewer, number);
CREATE INDEX decision_skipped ON decision (reviewer, candidate) WHERE decision = 'skip' AND undone = '';

CREATE TABLE written (                -- which file a decision wrote to
    decision INTEGER PRIMARY KEY,
    path TEXT NOT NULL
);

CREATE TABLE pending_write (          -- what pipeline.review.approval is about to write, or has written, to a file
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    action TEXT NOT NULL,             -- write or withdraw
    candidate TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    entry TEXT NOT NULL,
    undoes INTEGER NOT NULL DEFAULT 0, -- number of the decision that is withdrawn
    path TEXT NOT NULL,
    sha256_before TEXT NOT NULL,      -- of the whole file; empty where there was none
    sha256_after TEXT NOT NULL,
    after TEXT NOT NULL               -- the whole text that the file is to have
);
"""

_AMENDED = """
ALTER TABLE pending_write ADD COLUMN replaced TEXT NOT NULL DEFAULT '';  -- the entry that it takes the place of
ALTER TABLE written ADD COLUMN replaced TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS = (_FIRST, _AMENDED)
"""Each brings a file from the version of its place to the next; a file of version n has been through the first n."""

VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection, path: str) -> None:
    """Bring a file to this version, each step whole or not at all.

    Raises:
        InputError: the file is of a later version, or no queue.
    """
    while (version := _version(db, path)) < VERSION:
        db.execute("BEGIN IMMEDIATE")
        try:
            if _version(db, path) == version:  # else another process has just done it
                for statement in _statements(MIGRATIONS[version]):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {version + 1}")
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def _version(db: sqlite3.Connection, path: str) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        mend = "Use a later version of article-pipeline, or another file"
        raise InputError(f"is a queue of version {version}; this program knows {VERSION}", path=path, mend=mend)
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if bool(version) != ("candidate" in tables) or (not version and tables):
        raise InputError("is an SQLite file, but no queue", path=path, mend="Name another file")
    return version


def _statements(script: str) -> list[str]:
    """Cut a script into statements; `executescript` would commit what is under way."""
    statements, begun = [], ""
    for line in script.splitlines():
        begun += line + "\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return [statement for statement in statements if statement.strip()]
