"""The queue of candidates: an SQLite file that several reviewers and programs use at once.

Every call is one transaction: done or not done, whatever is killed when. What writes to the glossary
as well as to the queue is `pipeline.review.approval`; everything else is here.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.errors import InputError, PipelineError
from pipeline.review.candidate import Candidate, folded, merged
from pipeline.review.queue_list import Progress, RowPage, State, filters, progress, rows
from pipeline.review.queue_tables import migrate

Verdict = Literal["approve", "suggest", "refuse", "skip"]
STATE_AFTER: dict[str, State] = {"approve": "approved", "suggest": "suggested", "refuse": "refused", "skip": "open"}

LEASE = 600.0
"""Seconds for which a candidate that was shown to a reviewer is shown to no other."""
_BUSY = 10.0
"""Seconds to wait for another process that is writing."""


class QueueError(PipelineError):
    """A decision that cannot be taken: decided meanwhile, in another's hands, or unknown."""


class Decision(msgspec.Struct, frozen=True):
    """A decision of the history. See `queue_tables` for the fields; `phrase` is the candidate's."""

    number: int
    candidate: str
    phrase: str
    reviewer: str
    decision: Verdict
    reason: str
    entry_id: str
    entry: str
    at: str
    undone: str

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return not self.undone


class Added(msgspec.Struct, frozen=True):
    """What became of candidates: new ones, ones known before (brought up to date while open), ones refused before."""

    new: int = 0
    known: int = 0
    refused: int = 0


class Queue:
    """A queue. May be shared by threads; each process opens its own.

    Args:
        path: the file; it is made where there is none.
        clock: seconds since 1970, for leases and the history.

    Raises:
        InputError: the file is no queue, of a later version, or cannot be opened.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            migrate(self._db, str(path))
        except sqlite3.Error as error:
            raise InputError(f"cannot be used as the queue ({error})", path=path) from error

    def __enter__(self) -> "Queue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do several things at once: all of them lasting at the end, or none. May be nested."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def now(self) -> str:
        """Return the time as the history has it: UTC, ISO 8601, to the second."""
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    # -- candidates

    def add(self, candidates: Iterable[Candidate]) -> Added:
        """Add candidates, or bring them up to date where they are open; decided ones stay as they are.

        A phrase that was refused as one kind, or from one language or an unknown one, is refused as any kind.
        """
        counts = dict.fromkeys(("new", "known", "refused"), 0)
        with self.transaction() as db:
            for candidate in candidates:
                counts[self._add(db, candidate)] += 1
        return Added(**counts)

    def _add(self, db: sqlite3.Connection, candidate: Candidate) -> str:
        row = db.execute(
            "SELECT state, data FROM candidate JOIN detail USING (id) WHERE id = ?", (candidate.id,)
        ).fetchone()
        if row is None:
            if self._is_refused(db, candidate):
                return "refused"
            self.insert(db, candidate)
            return "new"
        if row[0] == "open":
            self.replace(db, merged(_decoded(row[1]), candidate))
        return "refused" if row[0] == "refused" else "known"

    @staticmethod
    def _is_refused(db: sqlite3.Connection, candidate: Candidate) -> bool:
        query = "SELECT 1 FROM candidate WHERE folded = ? AND state = 'refused' AND (language IN (?, '') OR ? = '')"
        arguments = (folded(candidate.phrase), candidate.language, candidate.language)
        return db.execute(query, arguments).fetchone() is not None

    @staticmethod
    def insert(db: sqlite3.Connection, candidate: Candidate, state: State = "open") -> None:
        """Add a candidate that is not there, inside a transaction."""
        query = """INSERT INTO candidate (id, phrase, folded, kind, language, field, score, replacement, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
        db.execute(query, (*_columns(candidate), state))
        db.execute("INSERT INTO detail VALUES (?, ?)", (candidate.id, msgspec.json.encode(candidate)))

    @staticmethod
    def replace(db: sqlite3.Connection, candidate: Candidate) -> None:
        """Bring a candidate up to date, inside a transaction."""
        query = """UPDATE candidate SET phrase = ?, folded = ?, kind = ?, language = ?, field = ?, score = ?,
            replacement = ? WHERE id = ?"""
        id_, *columns = _columns(candidate)
        db.execute(query, (*columns, id_))
        db.execute("UPDATE detail SET data = ? WHERE id = ?", (msgspec.json.encode(candidate), id_))

    def get(self, candidate_id: str) -> Candidate | None:
        """Return a candidate, None where there is none of that id."""
        row = self._one("SELECT data FROM detail WHERE id = ?", candidate_id)
        return None if row is None else _decoded(row[0])

    def state(self, candidate_id: str) -> State | None:
        """Return the state of a candidate, None where there is none of that id."""
        row = self._one("SELECT state FROM candidate WHERE id = ?", candidate_id)
        return None if row is None else row[0]

    def edit(self, candidate: Candidate) -> None:
        """Keep a reviewer's changes to a candidate that is open."""
        with self.transaction() as db:
            self.require(db, candidate.id, "")
            self.replace(db, candidate)

    # -- review

    def next(self, reviewer: str, *, field: str = "", language: str = "") -> Candidate | None:
        """Return the candidate that a reviewer is to decide on, None where there is none left for them.

        The same one until it is decided, skipped, released, or its lease runs out; no other reviewer is
        shown it meanwhile. Candidates that the reviewer skipped do not come again. Empty filters take all.
        """
        where, arguments = filters(field=field, language=language)
        with self.transaction() as db:
            now = self._clock()
            own = db.execute(
                "SELECT id FROM candidate INDEXED BY candidate_lease WHERE lease_by = ? AND state = 'open'"  # noqa: S608
                f" AND lease_until > ?{where} ORDER BY score DESC, id LIMIT 1",
                (reviewer, now, *arguments),
            ).fetchone()
            row = own or self._free(db, reviewer, now, where, arguments)
            return None if row is None else self._lease(db, row[0], reviewer)

    def _lease(self, db: sqlite3.Connection, candidate_id: str, reviewer: str) -> Candidate:
        query = "UPDATE candidate SET lease_by = ?, lease_until = ? WHERE id = ?"
        db.execute(query, (reviewer, self._clock() + LEASE, candidate_id))
        return _read(db, candidate_id)

    @staticmethod
    def _free(db: sqlite3.Connection, reviewer: str, now: float, where: str, arguments: Sequence[str]) -> Any:
        """Return the id, in a row, of the best candidate that no other reviewer has."""
        skipped = "SELECT candidate FROM decision WHERE reviewer = ? AND decision = 'skip' AND undone = ''"
        return db.execute(
            f"SELECT id FROM candidate WHERE state = 'open'{where} AND (lease_by IN ('', ?) OR lease_until <= ?)"  # noqa: S608
            f" AND id NOT IN ({skipped}) ORDER BY score DESC, id LIMIT 1",
            (*arguments, reviewer, now, reviewer),
        ).fetchone()

    def take(self, candidate_id: str, reviewer: str) -> Candidate:
        """Lease a candidate that a reviewer chose from a list, in place of the one they had.

        Raises:
            QueueError: it is decided, or another reviewer has it.
        """
        with self.transaction() as db:
            self.require(db, candidate_id, reviewer)
            self.release(reviewer)
            return self._lease(db, candidate_id, reviewer)

    def release(self, reviewer: str) -> None:
        """Give back what a reviewer has."""
        with self.transaction() as db:
            db.execute("UPDATE candidate SET lease_by = '', lease_until = 0 WHERE lease_by = ?", (reviewer,))

    def decide(
        self,
        candidate_id: str,
        reviewer: str,
        decision: Verdict,
        reason: str = "",
        entry_id: str = "",
        entry: str = "",
    ) -> Decision:
        """Enter a decision. Where an entry is to be written as well, call `pipeline.review.approval` instead.

        Args:
            candidate_id: what is decided on.
            reviewer: who decides.
            decision: `skip` leaves it open for others.
            reason: why; needed for a refusal.
            entry_id: id of the entry that stands in the glossary for it.
            entry: its TOML.

        Raises:
            QueueError: the candidate is unknown, decided, or another reviewer has it; a refusal has no reason.
        """
        if decision == "refuse" and not reason.strip():
            raise QueueError("a refusal needs a reason", mend="Say why, so that nobody has to think it through again")
        with self.transaction() as db:
            self.require(db, candidate_id, reviewer)
            return self.enter(db, candidate_id, reviewer, decision, reason, entry_id, entry)

    def require(self, db: sqlite3.Connection, candidate_id: str, reviewer: str) -> None:
        """See that a reviewer may decide on a candidate, inside a transaction; without reviewer, that it is open.

        Raises:
            QueueError: it is unknown, decided, or another reviewer has it.
        """
        row = db.execute("SELECT state, lease_by, lease_until FROM candidate WHERE id = ?", (candidate_id,)).fetchone()
        if row is None:
            raise QueueError(f"there is no candidate {candidate_id}")
        if row[0] != "open":
            raise QueueError(f"the candidate is {row[0]} already", mend="Undo that decision first")
        if reviewer and row[1] not in {"", reviewer} and row[2] > self._clock():
            raise QueueError(f"{row[1]} is deciding on this candidate", mend="Take the next one")

    def enter(
        self,
        db: sqlite3.Connection,
        candidate_id: str,
        reviewer: str,
        decision: str,
        reason: str,
        entry_id: str,
        entry: str,
    ) -> Decision:
        """Enter a decision into history and candidate, inside a transaction."""
        query = """INSERT INTO decision (candidate, reviewer, decision, reason, entry_id, entry, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)"""
        row = (candidate_id, reviewer, decision, reason.strip(), entry_id, entry, self.now())
        number = db.execute(query, row).lastrowid
        query = "UPDATE candidate SET state = ?, lease_by = '', lease_until = 0 WHERE id = ?"
        db.execute(query, (STATE_AFTER[decision], candidate_id))
        return next(iter(_decisions(db, "WHERE number = ?", (number,))))

    def undo(self, number: int) -> Candidate:
        """Take back a decision: the candidate is open again. One that wrote an entry: `approval.withdraw`.

        Raises:
            QueueError: there is no such decision, it was taken back before, or its entry stands in the glossary.
        """
        with self.transaction() as db:
            decision = self.decision(number)
            if decision is None or not decision.stands:
                raise QueueError("there is no such decision that stands", mend="Look at the history")
            if decision.entry:
                raise QueueError(f"the decision wrote the entry {decision.entry_id}", mend="Withdraw the entry")
            self.reopen(db, decision)
            return _read(db, decision.candidate)

    def reopen(self, db: sqlite3.Connection, decision: Decision) -> None:
        """Mark a decision as taken back and open its candidate, inside a transaction."""
        db.execute("UPDATE decision SET undone = ? WHERE number = ?", (self.now(), decision.number))
        if decision.decision != "skip":
            db.execute("UPDATE candidate SET state = 'open' WHERE id = ?", (decision.candidate,))

    # -- what was decided, and how much is left

    def decision(self, number: int) -> Decision | None:
        """Return the decision of a number."""
        with self._lock:
            return next(iter(_decisions(self._db, "WHERE number = ?", (number,))), None)

    def last(self, reviewer: str) -> Decision | None:
        """Return the last decision of a reviewer that stands: what "undo" takes back."""
        with self._lock:
            where = "WHERE reviewer = ? AND undone = '' ORDER BY number DESC LIMIT 1"
            return next(iter(_decisions(self._db, where, (reviewer,))), None)

    def history(
        self, *, candidate: str = "", reviewer: str = "", before: int | None = None, limit: int = 50
    ) -> list[Decision]:
        """Return decisions, the last first; `before` is the number that the page before ended with."""
        where, arguments = "WHERE 1", list[object]()
        for column, value in (("candidate", candidate), ("reviewer", reviewer)):
            if value:
                where, arguments = f"{where} AND decision.{column} = ?", [*arguments, value]
        if before is not None:
            where, arguments = f"{where} AND number < ?", [*arguments, before]
        with self._lock:
            return list(_decisions(self._db, f"{where} ORDER BY number DESC LIMIT ?", (*arguments, limit)))

    def counts(self) -> Progress:
        """Return how far review is."""
        with self._lock:
            return progress(self._db)

    def search(
        self,
        text: str = "",
        *,
        state: str = "",
        field: str = "",
        language: str = "",
        after: tuple[float, str] | None = None,
        limit: int = 50,
    ) -> RowPage:
        """Return a page of the candidates whose phrase holds a text, highest score first; see `queue_list.rows`."""
        with self._lock:
            return rows(self._db, text, {"state": state, "field": field, "language": language}, after, limit)

    def _one(self, query: str, *arguments: object) -> Any:
        with self._lock:
            return self._db.execute(query, arguments).fetchone()


def _columns(candidate: Candidate) -> tuple[object, ...]:
    first = candidate.replacements[0].text if candidate.replacements else ""
    return (
        candidate.id,
        candidate.phrase,
        folded(candidate.phrase),
        candidate.kind,
        candidate.language,
        candidate.field,
        candidate.score,
        first,
    )


def _read(db: sqlite3.Connection, candidate_id: str) -> Candidate:
    return _decoded(db.execute("SELECT data FROM detail WHERE id = ?", (candidate_id,)).fetchone()[0])


def _decoded(data: bytes) -> Candidate:
    return msgspec.json.decode(data, type=Candidate)


def _decisions(db: sqlite3.Connection, where: str, arguments: Sequence[object]) -> list[Decision]:
    query = f"""SELECT number, decision.candidate, coalesce(candidate.phrase, ''), reviewer, decision, reason, entry_id,
        entry, at, undone FROM decision LEFT JOIN candidate ON candidate.id = decision.candidate {where}"""  # noqa: S608
    return [Decision(*row) for row in db.execute(query, arguments)]
