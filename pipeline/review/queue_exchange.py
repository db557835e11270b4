"""The queue as JSON lines, for review by pull request, and back.

A line is a candidate with its standing decision. Where both sides decided on a candidate:

1. Only one side decided: that decision holds.
2. Both decided the same: the earlier one holds; of two as early, that of the reviewer whose name sorts first.
3. They differ: the more careful one holds (refuse before suggest before approve). An approval that loses, but
   whose entry stands in the glossary, is a conflict: it is told, nothing is changed, and people decide.
4. An approval holds only where its entry stands in the glossary (the pull request brings both); without it
   the candidate stays open, with the entry as its draft.

The rules do not depend on who imports from whom: two queues that import each other's lines agree.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from pipeline.errors import InputError
from pipeline.review.candidate import Candidate, merged
from pipeline.review.queue import STATE_AFTER, Decision, Queue, Verdict

_CARE = {"refuse": 0, "suggest": 1, "approve": 2}


class Decided(msgspec.Struct, frozen=True):
    """A decision as it is exchanged."""

    reviewer: str
    decision: Verdict
    reason: str
    entry_id: str
    entry: str
    at: str


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the file."""

    candidate: Candidate
    decision: Decided | None = None


class Conflict(msgspec.Struct, frozen=True):
    """Two decisions that only people can bring together."""

    candidate: str
    phrase: str
    here: Decided
    there: Decided


class Imported(msgspec.Struct, frozen=True):
    """What an import did: candidates that were new, decisions taken over, and conflicts."""

    new: int
    taken_over: int
    conflicts: tuple[Conflict, ...]


def export_jsonl(queue: Queue, *, state: str = "") -> Iterator[bytes]:
    """Yield the candidates, of one state or all, a line each, sorted by id, so that a diff shows what changed."""
    for candidate_id in candidate_ids(queue, state):
        candidate = queue.get(candidate_id)
        if candidate is not None:
            yield msgspec.json.encode(Line(candidate, _standing(queue, candidate_id))) + b"\n"


def candidate_ids(queue: Queue, state: str = "") -> list[str]:
    """Return the ids of the candidates, of one state or all, sorted."""
    with queue.transaction() as db:
        query = "SELECT id FROM candidate WHERE ? IN ('', state) ORDER BY id"
        return [row[0] for row in db.execute(query, (state,))]


def import_jsonl(queue: Queue, lines: Iterable[bytes], entries: Collection[str], path: Path) -> Imported:
    """Take over candidates and decisions by the rules above, all or none.

    Args:
        queue: the queue.
        lines: as `export_jsonl` yields them.
        entries: ids of the entries that stand in the glossary.
        path: where the lines came from, for errors.

    Raises:
        InputError: a line is none of ours.
    """
    new = taken = 0
    conflicts: list[Conflict] = []
    with queue.transaction() as db:
        for number, data in enumerate(lines, 1):
            if not data.strip():
                continue
            line = _line(data, path, number)
            here = queue.get(line.candidate.id)
            if here is None:
                queue.insert(db, line.candidate)
                new += 1
            elif queue.state(line.candidate.id) == "open":
                queue.replace(db, merged(here, line.candidate))
            outcome = _decide(queue, db, line, entries)
            if isinstance(outcome, Conflict):
                conflicts.append(outcome)
            else:
                taken += outcome
    return Imported(new, taken, tuple(conflicts))


def _line(data: bytes, path: Path, number: int) -> Line:
    try:
        return msgspec.json.decode(data, type=Line)
    except msgspec.DecodeError as error:
        raise InputError(f"is no line of a queue: {error}", path=path, line=number) from error


def _standing(queue: Queue, candidate_id: str) -> Decided | None:
    """Return the decision that a candidate's state rests on."""
    for found in queue.history(candidate=candidate_id, limit=1000):
        if found.stands and found.decision != "skip":
            return _as_exchanged(found)
    return None


def _as_exchanged(found: Decision) -> Decided:
    return Decided(found.reviewer, found.decision, found.reason, found.entry_id, found.entry, found.at)


def _decide(queue: Queue, db: sqlite3.Connection, line: Line, entries: Collection[str]) -> bool | Conflict:
    there, own = line.decision, line.candidate.id
    state = queue.state(own)
    if there is None or there.decision == "skip" or state == "pending":
        return False
    here = _standing(queue, own)
    if there.decision != "refuse" and there.entry_id not in entries:
        if here is None:
            queue.replace(db, msgspec.structs.replace(queue.get(own) or line.candidate, draft=there.entry))
        return False
    if here is not None:
        if not _goes_before(there, here):
            both_written = there.decision != here.decision and there.entry_id in entries and here.decision == "refuse"
            return Conflict(own, line.candidate.phrase, here, there) if both_written else False
        if here.decision != there.decision and here.entry_id in entries:
            return Conflict(own, line.candidate.phrase, here, there)
    _enter(queue, db, own, there)
    return True


def _goes_before(there: Decided, here: Decided) -> bool:
    """Say whether a decision holds against the one that stands."""
    return (_CARE[there.decision], there.at, there.reviewer) < (_CARE[here.decision], here.at, here.reviewer)


def _enter(queue: Queue, db: sqlite3.Connection, candidate_id: str, there: Decided) -> None:
    """Enter a decision of elsewhere, with its own time, in place of the one that stands."""
    stamp = queue.now()
    db.execute("UPDATE decision SET undone = ? WHERE candidate = ? AND undone = ''", (stamp, candidate_id))
    db.execute(
        "INSERT INTO decision (candidate, reviewer, decision, reason, entry_id, entry, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (candidate_id, there.reviewer, there.decision, there.reason, there.entry_id, there.entry, there.at),
    )
    query = "UPDATE candidate SET state = ?, lease_by = '', lease_until = 0 WHERE id = ?"
    db.execute(query, (STATE_AFTER[there.decision], candidate_id))
