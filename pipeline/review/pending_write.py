"""The queue's side of a write to the glossary: it is entered before, and finished or given up after.

`pipeline.review.approval` has the protocol.
"""

import sqlite3
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.review.entry_check import single_entry
from pipeline.review.entry_file import block_of
from pipeline.review.queue import Decision, Queue, QueueError


class Pending(msgspec.Struct, frozen=True):
    """A write to the glossary that is under way: a row of `pending_write`."""

    number: int
    action: Literal["write", "withdraw"]
    candidate: str
    reviewer: str
    decision: str
    reason: str
    entry_id: str
    entry: str
    undoes: int
    path: str
    sha256_before: str
    sha256_after: str
    after: str
    replaced: str


def pending_writes(queue: Queue, number: int | None = None) -> list[Pending]:
    """Return the writes that are under way, or the one of a number, if it still is."""
    where, arguments = ("", ()) if number is None else (" WHERE number = ?", (number,))
    with queue.transaction() as db:
        columns = ", ".join(Pending.__struct_fields__)
        query = f"SELECT {columns} FROM pending_write{where} ORDER BY number"  # noqa: S608 -- names of ours
        return [Pending(*row) for row in db.execute(query, arguments)]


def finish(queue: Queue, pending: Pending) -> Decision:
    """Enter the decision of a write that is done, or take back the one that it withdraws."""
    with queue.transaction() as db:
        db.execute("DELETE FROM pending_write WHERE number = ?", (pending.number,))
        if pending.action == "withdraw":
            decision = queue.decision(pending.undoes)
            assert decision is not None  # noqa: S101 -- decisions are never deleted
            queue.reopen(db, decision)
            if decision.entry_id:
                _keep_as_draft(queue, db, decision)
            return decision
        decision = queue.enter(
            db, pending.candidate, pending.reviewer, pending.decision, pending.reason, pending.entry_id, pending.entry
        )
        db.execute("INSERT INTO written VALUES (?, ?, ?)", (decision.number, pending.path, pending.replaced))
        return decision


def _keep_as_draft(queue: Queue, db: sqlite3.Connection, decision: Decision) -> None:
    """Let a candidate that is open again bear the entry that was taken back: guards and examples took work."""
    candidate = queue.get(decision.candidate)
    if candidate is not None:
        entry = single_entry(decision.entry, Path("draft"))
        if decision.decision == "suggest":
            entry = msgspec.structs.replace(entry, apply=None)
        draft = block_of(msgspec.structs.replace(entry, status="candidate", review=None))
        queue.replace(db, msgspec.structs.replace(candidate, draft=draft))


def give_up(queue: Queue, pending: Pending) -> None:
    """Leave things as they were; an entry that was not written stays as the candidate's draft."""
    with queue.transaction() as db:
        db.execute("DELETE FROM pending_write WHERE number = ?", (pending.number,))
        if pending.action == "withdraw":
            state = {"approve": "approved", "suggest": "suggested", "refuse": "refused"}[pending.decision]
            db.execute("UPDATE candidate SET state = ? WHERE id = ?", (state, pending.candidate))
            return
        db.execute("UPDATE candidate SET state = 'open' WHERE id = ?", (pending.candidate,))
        candidate = queue.get(pending.candidate)
        if candidate is not None and pending.entry_id:
            queue.replace(db, msgspec.structs.replace(candidate, draft=pending.entry))


def written_to(queue: Queue, number: int) -> tuple[Path, str]:
    """Return the file that a decision wrote to, and the lines that its entry took the place of.

    Raises:
        QueueError: the decision was imported.
    """
    with queue.transaction() as db:
        row = db.execute("SELECT path, replaced FROM written WHERE decision = ?", (number,)).fetchone()
    if row is None:
        raise QueueError("the decision was made elsewhere", mend="Take the entry out by hand, then import the queue")
    return Path(row[0]), row[1]
