"""Decisions that write to the glossary: queue and TOML agree, whatever is killed when.

The protocol. Under a lock on the glossary's folder:

1. one transaction enters into `pending_write` what the file is to become (its hash before, its hash and text
   after) and marks the candidate as pending;
2. the file is written aside, brought to the disk, and renamed over the old one;
3. one transaction enters the decision and removes the pending write.

Killed before 1, nothing has happened. Killed later, `recover` (called by `open_queue`) finds the pending
write: it does step 2 where the file is still as before, and step 3. A file that somebody edited meanwhile
gets the entry put into its new text; where it cannot be read, the write is given up and the candidate is
open again with the entry as its draft, so that nothing is lost.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.errors import DataFileError, OutputError
from pipeline.repair.entry import Entry, Review
from pipeline.repair.glossary_files import BUILT_IN, REFUSED, Located
from pipeline.repair.lint import LintFinding
from pipeline.review.entry_check import check_entry, load_cached, parsed, shared_cues, single_entry
from pipeline.review.entry_file import (
    appended,
    block_of,
    lines_of,
    path_of,
    refusal_block,
    with_entry,
    with_entry_changed,
    with_lines_changed,
    without_entry,
)
from pipeline.review.glossary_disk import folder_of, hash_of, locked, read_file, write_file
from pipeline.review.pending_write import Pending, finish, give_up, pending_writes, written_to
from pipeline.review.queue import Decision, Queue, QueueError

DRAFT = Path("draft")
"""What errors of an entry's own text name as its file."""


class EntryError(QueueError):
    """An entry that must not join the glossary; `findings` say why, worst first."""

    def __init__(self, findings: Sequence[LintFinding]) -> None:
        self.findings = tuple(findings)
        worst = self.findings[0]
        super().__init__(f"entry {worst.entry}: {worst.message}", mend="Mend the entry, or refuse the candidate")

    def __reduce__(self) -> tuple[object, ...]:
        return (EntryError, (self.findings,))


class Recovered(msgspec.Struct, frozen=True):
    """What became of writes that were cut short, as ids of candidates: finished, given up, or left (no such folder)."""

    finished: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def open_queue(path: Path, clock: Callable[[], float] = time.time) -> Queue:
    """Open a queue and settle what was cut short.

    Raises:
        InputError: the file is no queue. OutputError: a glossary file cannot be written.
    """
    queue = Queue(path, clock)
    try:
        recover(queue)
    except BaseException:
        queue.close()
        raise
    return queue


def preview(
    toml: str,
    reviewer: str,
    day: str,
    *,
    folder: Path = BUILT_IN,
    beside: Sequence[Path] = (),
    suggest: bool = False,
    why: str = "",
    amend: bool = False,
) -> tuple[Located, list[LintFinding], Path, str, str]:
    """Return what approving an entry would write.

    Args:
        toml: one [[entry]].
        reviewer: who would approve it.
        day: the day, YYYY-MM-DD.
        folder: the folder of entries that it would be written to.
        beside: other folders in use.
        suggest: whether it would only suggest.
        why: why it is right, for the entry's review.
        amend: whether it may take the place of the entry of its id in its file, if that has a phrase of it.

    Returns:
        The entry as it would stand, what lint says of it, its file, the file's text before and after.

    Raises:
        DataFileError: the text is no entry, or a glossary file is not as it must be.
    """
    entry = _reviewed(single_entry(toml, DRAFT), reviewer, day, suggest=suggest, why=why)
    glossary = load_cached((folder, *beside))
    path = path_of(folder, entry.id)
    before = read_file(path) or ""
    shared = shared_cues((folder, *beside))
    there = [known.located for known in parsed(path, before, shared)] if before else []
    old = _amended(there, entry) if amend else None
    if old is not None:
        glossary = glossary.without(old)
    elif glossary.find(entry.id) is not None:
        same = Located(entry, path, 1, *entry.id.split(".")[:2])
        return same, check_entry(same, glossary), path, before, before
    after = with_entry_changed(before, old, entry) if old else with_entry(before, there, entry, path)
    located = [known.located for known in parsed(path, after, shared)]
    new = next(one for one in located if one.entry.id == entry.id)
    if [one.entry for one in located if one is not new] != [one.entry for one in there if one is not old]:
        raise DataFileError("cannot take an entry without changing others", path=path, mend="Put it in by hand")
    return new, check_entry(new, glossary), path, before, after


def _amended(there: Sequence[Located], entry: Entry) -> Located | None:
    """Return the entry that another is to take the place of: of its id, and with a phrase of it, not by chance."""
    old = next((one for one in there if one.entry.id == entry.id), None)
    return None if old is None or set(old.entry.matches).isdisjoint(entry.matches) else old


def approve(
    queue: Queue,
    candidate_id: str,
    reviewer: str,
    toml: str,
    *,
    folder: Path = BUILT_IN,
    beside: Sequence[Path] = (),
    suggest: bool = False,
    reason: str = "",
) -> Decision:
    """Approve a candidate: its entry joins the glossary and the decision the queue, both or neither.

    Where the candidate is a repair that was undone, its entry takes the place of the one that made the repair.
    Arguments as `preview`. `suggest` makes an entry that only suggests.

    Raises:
        EntryError: lint or an example of the entry forbids it; nothing was written.
        QueueError: the candidate is decided, or another reviewer has it.
        DataFileError: the text is no entry, or a glossary file is not as it must be.
        OutputError: the file cannot be written; nothing was entered.
    """
    candidate = queue.get(candidate_id)
    amend = candidate is not None and candidate.kind == "undone"
    with locked(folder):
        new, findings, path, before, after = preview(
            toml, reviewer, queue.now()[:10], folder=folder, beside=beside, suggest=suggest, why=reason, amend=amend
        )
        if any(finding.severity == "error" for finding in findings):
            raise EntryError(findings)
        decision = "suggest" if suggest else "approve"
        block = block_of(_own(new, toml, reviewer, queue.now()[:10], suggest=suggest, why=reason))
        old = next((one for one in _located(before, path) if one.entry.id == new.entry.id), None)
        return _carry_out(
            queue, "write", candidate_id, reviewer, decision, reason, new.entry.id, block, path, before, after,
            replaced=lines_of(before, old) if old else "",
        )  # fmt: skip


def refuse(
    queue: Queue, candidate_id: str, reviewer: str, reason: str, *, folder: Path = BUILT_IN, replace: str = ""
) -> Decision:
    """Refuse a candidate in the queue and in the glossary's refused.toml, for all who share the glossary.

    `Queue.decide` refuses in the queue alone.

    Args:
        queue: the queue.
        candidate_id: what is refused.
        reviewer: who refuses.
        reason: why.
        folder: the folder of entries whose refused.toml it is written to.
        replace: the replacement that was refused; by default the first suggestion.
    """
    candidate = queue.get(candidate_id)
    if candidate is None:
        raise QueueError(f"there is no candidate {candidate_id}")
    if not reason.strip():
        raise QueueError("a refusal needs a reason", mend="Say why, so that nobody has to think it through again")
    first = candidate.replacements[0].text if candidate.replacements else ""
    source = candidate.sources[0].term if candidate.sources else ""
    block = refusal_block(candidate, replace or first, source, reason.strip(), reviewer, queue.now()[:10])
    path = folder / REFUSED
    with locked(folder):
        before = read_file(path) or ""
        return _carry_out(
            queue, "write", candidate_id, reviewer, "refuse", reason, "", block, path, before, appended(before, block)
        )


def withdraw(queue: Queue, number: int, reviewer: str) -> Decision:
    """Take back any decision: what it wrote leaves the glossary, and the candidate is open again.

    Raises:
        QueueError: no such decision stands, or what it wrote was edited since.
        OutputError: the file cannot be written.
    """
    decision = queue.decision(number)
    if decision is None or not decision.stands:
        raise QueueError("there is no such decision that stands", mend="Look at the history")
    if not decision.entry:
        queue.undo(number)
        return decision
    path, replaced = written_to(queue, number)
    with locked(folder_of(path)):
        before = read_file(path) or ""
        after = _without(before, decision, path, replaced)
        if after is None:
            raise QueueError(
                f"{decision.entry_id or 'the refusal'} was edited in {path.name} since", mend="Take it out by hand"
            )
        return _carry_out(
            queue, "withdraw", decision.candidate, reviewer, decision.decision, decision.reason, decision.entry_id,
            decision.entry, path, before, after, undoes=number, replaced=replaced,
        )  # fmt: skip


def recover(queue: Queue) -> Recovered:
    """Settle every write that was cut short; see the module. Waits for writers that are alive.

    Raises:
        OutputError: a glossary file cannot be written.
    """
    outcome: dict[str, list[str]] = {"finished": [], "given_up": [], "left": []}
    for number, folder in [(p.number, folder_of(Path(p.path))) for p in pending_writes(queue)]:
        if not folder.is_dir():
            outcome["left"] += [p.candidate for p in pending_writes(queue, number)]
            continue
        with locked(folder):
            for pending in pending_writes(queue, number):  # unless its writer, alive after all, has finished
                outcome["finished" if _settle(queue, pending) else "given_up"].append(pending.candidate)
    return Recovered(*(tuple(outcome[name]) for name in ("finished", "given_up", "left")))


def _carry_out(
    queue: Queue,
    action: Literal["write", "withdraw"],
    candidate_id: str,
    reviewer: str,
    decision: str,
    reason: str,
    entry_id: str,
    block: str,
    path: Path,
    before: str,
    after: str,
    undoes: int = 0,
    replaced: str = "",
) -> Decision:
    path = path.absolute()
    with queue.transaction() as db:
        if action == "write":
            queue.require(db, candidate_id, reviewer)
        else:
            _require_standing(db, undoes)
        row = (action, candidate_id, reviewer, decision, reason, entry_id, block, undoes, str(path))
        number = db.execute(
            """INSERT INTO pending_write (action, candidate, reviewer, decision, reason, entry_id, entry, undoes, path,
            sha256_before, sha256_after, after, replaced) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (*row, hash_of(before), hash_of(after), after, replaced),
        ).lastrowid
        db.execute("UPDATE candidate SET state = 'pending' WHERE id = ?", (candidate_id,))
    pending = next(iter(pending_writes(queue, number or 0)))
    try:
        write_file(path, after)
    except OSError as error:
        give_up(queue, pending)
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    return finish(queue, pending)


def _settle(queue: Queue, pending: Pending) -> bool:
    """Finish a write that was cut short, or give it up where the file cannot be read; return which."""
    path = Path(pending.path)
    try:
        for left in path.parent.glob(f".{path.name}.*.tmp"):
            left.unlink(missing_ok=True)
        after = _wanted(pending, path)
        if after is not None and after != (read_file(path) or ""):
            write_file(path, after)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    if after is None:
        give_up(queue, pending)
        return False
    finish(queue, pending)
    return True


def _wanted(pending: Pending, path: Path) -> str | None:
    """Return the text that the file is to have, None where it was edited in a way that leaves no place for it."""
    try:
        text = read_file(path) or ""
    except DataFileError:
        return None
    if hash_of(text) in {pending.sha256_before, pending.sha256_after}:
        return pending.after
    try:
        return _again(pending, text, path)
    except DataFileError:
        return None


def _again(pending: Pending, text: str, path: Path) -> str:
    """Do a write anew in a text that somebody edited meanwhile."""
    if not pending.entry_id:  # a refusal
        there = pending.entry in text.replace("\r\n", "\n")
        if pending.action == "withdraw":
            return _cut(text, pending.entry) if there else text
        return text if there else appended(text, pending.entry)
    located = _located(text, path)
    found = next((one for one in located if one.entry.id == pending.entry_id), None)
    if pending.replaced and found:
        return _amended_again(pending, text)
    if pending.action == "withdraw":
        return without_entry(text, found, path) if found else text
    return text if found else with_entry(text, located, single_entry(pending.entry, DRAFT), path)


def _amended_again(pending: Pending, text: str) -> str:
    """Put an entry in the place of the one that it replaces, or that one back, where it stands as it did.

    Raises:
        DataFileError: it was edited meanwhile.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    new, old = (
        block.replace("\r\n", "\n").rstrip("\n").replace("\n", end) for block in (pending.entry, pending.replaced)
    )
    if pending.action == "withdraw":
        new, old = old, new
    if new not in text and old not in text:
        raise DataFileError(f"entry {pending.entry_id} was edited meanwhile", path=Path(pending.path))
    return text if new in text else with_lines_changed(text, old, new)


def _reviewed(entry: Entry, reviewer: str, day: str, *, suggest: bool, why: str) -> Entry:
    """Return an entry with status and review, as it is approved."""
    review = Review(reviewer, day, why.strip())
    apply: Literal["auto", "suggest"] | None = "suggest" if suggest else entry.apply
    return msgspec.structs.replace(entry, status="approved", review=review, apply=apply)


def _own(new: Located, toml: str, reviewer: str, day: str, *, suggest: bool, why: str) -> Entry:
    """Return the entry without the defaults of its file."""
    return _reviewed(single_entry(toml, new.path), reviewer, day, suggest=suggest, why=why)


def _located(text: str, path: Path) -> list[Located]:
    shared = shared_cues((folder_of(path),))
    return [known.located for known in parsed(path, text, shared)] if text else []


def _without(text: str, decision: Decision, path: Path, replaced: str) -> str | None:
    """Return a file's text without what a decision wrote, None where that is not there any more as it was."""
    if decision.entry not in text.replace("\r\n", "\n"):
        return None
    if replaced:
        own = decision.entry.rstrip("\n").replace("\n", "\r\n" if "\r\n" in text else "\n")
        return with_lines_changed(text, own, replaced.rstrip("\r"))
    if not decision.entry_id:
        return _cut(text, decision.entry)
    found = next((one for one in _located(text, path) if one.entry.id == decision.entry_id), None)
    return None if found is None else without_entry(text, found, path)


def _cut(text: str, block: str) -> str:
    """Return a text without a block that was appended to it."""
    end = "\r\n" if "\r\n" in text else "\n"
    before, _, after = text.replace("\r\n", "\n").partition(block)
    left = before.rstrip("\n") + "\n" + after if before.strip() else after.lstrip("\n")
    return left.replace("\n", end) if left.strip() else ""


def _require_standing(db: sqlite3.Connection, number: int) -> None:
    row: Any = db.execute(
        "SELECT 1 FROM decision JOIN candidate ON candidate.id = candidate"
        " WHERE number = ? AND undone = '' AND state <> 'pending'",
        (number,),
    ).fetchone()
    if row is None:
        raise QueueError("the decision was taken back meanwhile", mend="Look at the history")
