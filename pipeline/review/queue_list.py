"""Lists over the queue: search, page by page, and how far review is. Each answer comes from an index."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from pipeline.review.candidate import folded

State = Literal["open", "pending", "approved", "suggested", "refused"]
"""open: to be decided. pending: an entry is being written. suggested: approved as an entry that only suggests."""
MOST_COUNTED = 1000
"""Rows that hold a text are counted so far."""
_TRIGRAM = 3
"""Characters that the index of parts of phrases needs."""


class Row(msgspec.Struct, frozen=True):
    """A candidate in a list."""

    id: str
    phrase: str
    kind: str
    language: str
    field: str
    score: float
    replacement: str
    state: State


class RowPage(msgspec.Struct, frozen=True):
    """A page of a list.

    Attributes:
        rows: the rows.
        total: rows in all, `MOST_COUNTED` at most where a text was sought.
        after: what the next page begins behind, None at the end.
    """

    rows: tuple[Row, ...]
    total: int
    after: tuple[float, str] | None


class Progress(msgspec.Struct, frozen=True):
    """How far review is.

    Attributes:
        states: candidates by state.
        fields: open candidates by field, most first.
        languages: open candidates by source language, most first.
        kinds: open candidates by kind, most first.
    """

    states: dict[str, int]
    fields: dict[str, int]
    languages: dict[str, int]
    kinds: dict[str, int]

    @property
    def total(self) -> int:
        """All candidates."""
        return sum(self.states.values())

    @property
    def decided(self) -> int:
        """Those that were approved, as suggestion or not, or refused."""
        return self.total - self.states.get("open", 0) - self.states.get("pending", 0)


def progress(db: sqlite3.Connection) -> Progress:
    """Return how far review is."""
    counted = db.execute("SELECT state, language, field, kind, number FROM tally WHERE number > 0").fetchall()
    states: dict[str, int] = {}
    lists: tuple[dict[str, int], ...] = ({}, {}, {})
    for state, language, field, kind, number in counted:
        states[state] = states.get(state, 0) + number
        if state == "open":
            for names, name in zip(lists, (field, language, kind), strict=True):
                names[name] = names.get(name, 0) + number
    ordered = [dict(sorted(names.items(), key=lambda item: (-item[1], item[0]))) for names in lists]
    return Progress(dict(sorted(states.items())), *ordered)


def rows(
    db: sqlite3.Connection, text: str, wanted: Mapping[str, str], after: tuple[float, str] | None, limit: int
) -> RowPage:
    """Return a page of the candidates whose phrase holds a text, highest score first.

    Args:
        db: the queue.
        text: any part of the phrase; empty: all.
        wanted: values by column (`state`, `field`, `language`); empty values take all.
        after: `RowPage.after` of the page before.
        limit: rows a page.
    """
    where, arguments = filters(**wanted)
    sought = folded(text.encode("utf-8", "replace").decode().replace("\0", " "))  # the index ends a text at a NUL
    total = _total(db, sought, where, arguments)
    if after:
        where = f"{where} AND score <= ? AND (score < ? OR id > ?)"
    keys = (after[0], *after) if after else ()
    found = _found(db, sought, total, where, [*arguments, *keys, limit + 1])
    shown = tuple(Row(*row) for row in found[:limit])
    return RowPage(shown, total, (shown[-1].score, shown[-1].id) if len(found) > limit else None)


def _found(db: sqlite3.Connection, sought: str, total: int, where: str, arguments: list[Any]) -> list[Any]:
    """Return rows by way of the index that looks at fewest: of the text where it is rare, else of the score."""
    table, condition = "candidate", "1"
    if len(sought) >= _TRIGRAM and total < MOST_COUNTED:
        table, condition = "parts CROSS JOIN candidate ON row = parts.rowid", "parts MATCH ?"
        arguments = [_quoted(sought), *arguments]
    elif sought:
        condition, arguments = "instr(folded, ?) > 0", [sought, *arguments]
    query = (
        "SELECT id, phrase, kind, language, field, score, replacement, state"  # noqa: S608 -- names of ours
        f" FROM {table} WHERE {condition}{where} ORDER BY score DESC, id LIMIT ?"
    )
    return db.execute(query, arguments).fetchall()


def _total(db: sqlite3.Connection, sought: str, where: str, arguments: list[Any]) -> int:
    if not sought:
        query = f"SELECT coalesce(sum(number), 0) FROM tally WHERE 1{where}"  # noqa: S608 -- names of ours
    elif len(sought) >= _TRIGRAM:
        join = " CROSS JOIN candidate ON row = parts.rowid" if where else ""
        query = f"SELECT 1 FROM parts{join} WHERE parts MATCH ?{where} LIMIT {MOST_COUNTED}"  # noqa: S608
        query, arguments = f"SELECT count(*) FROM ({query})", [_quoted(sought), *arguments]  # noqa: S608
    else:
        query = f"SELECT 1 FROM candidate WHERE instr(folded, ?) > 0{where} LIMIT {MOST_COUNTED}"  # noqa: S608
        query, arguments = f"SELECT count(*) FROM ({query})", [sought, *arguments]  # noqa: S608
    number: int = db.execute(query, arguments).fetchone()[0]
    return number


def _quoted(text: str) -> str:
    """Return a text as FTS5 takes it literally."""
    return '"' + text.replace('"', '""') + '"'


def filters(**wanted: str) -> tuple[str, list[str]]:
    """Return conditions for the columns that have a value, and their arguments."""
    given = {column: value for column, value in wanted.items() if value}
    return "".join(f" AND {column} = ?" for column in given), list(given.values())
