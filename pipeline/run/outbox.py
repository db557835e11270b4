"""The outbox: puts what the workers made on the disk and into the ledger, some pages at a time."""

import hashlib
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path

from pipeline.run.files import Stamp, put_in_place, remove, settle, stamp_of, write_aside
from pipeline.run.ledger import Entry, Ledger, Output
from pipeline.run.worker import Made
from pipeline.write.formats import FORMATS

_PAGES = 64
_SECONDS = 0.5
"""After so many pages or seconds the names are brought to the disk and the ledger is told."""
RETRIED = frozenset({"timeout", "worker-died"})
"""Faults that may lie with the machine and not with the page: it is made again on the next run."""


class Outbox:
    """Writes outputs and keeps the ledger.

    The ledger never runs ahead of the files: a file is on the disk, then its name is, then the ledger
    knows it. Killed in between, the page is made again and gives the same bytes.

    Args:
        folder: the folder of records.
        ledger: its ledger.
        key: page → what its record depends on beside it.
        present: the names of the pages of this run.
    """

    def __init__(self, folder: Path, ledger: Ledger, key: Callable[[str], str], present: AbstractSet[str]) -> None:
        self.folder = folder
        self.ledger = ledger
        self.key = key
        self.present = present
        self.pages = 0
        self.files: set[str] = set()
        self.since = 0.0

    def take(self, made: Made) -> None:
        """Write the outputs of a page and enter it.

        Raises:
            OutputError: a file cannot be written.
        """
        before = self.ledger.entry(made.job.name)
        key = self.key(made.job.name)
        outputs = self._kept(made, before, key)
        for format_, data in made.outputs.items():
            outputs[format_] = self._write(made.job.id + FORMATS[format_].ending, data)
        retried = made.job.fault is not None and made.job.fault.code in RETRIED
        entry = Entry(
            name=made.job.name,
            id=made.job.id,
            stamp=made.stamp,
            sha256=made.sha256,
            key="" if retried else key,
            counts=made.counts,
            outputs=outputs,
        )
        self.ledger.keep(entry, made.record, made.described)
        self._remove_stale(entry, before)
        self.pages += 1
        if self.pages == 1:
            self.since = time.monotonic()
        if self.pages >= _PAGES or time.monotonic() - self.since > _SECONDS:
            self.flush()

    def flush(self) -> None:
        """Make what was taken lasting."""
        if self.pages:
            settle(self.folder, self.files)
            self.ledger.commit()
            self.pages = 0
            self.files.clear()

    def _kept(self, made: Made, before: Entry | None, key: str) -> dict[str, Output]:
        """Return outputs in formats not asked for that are still what the page gives."""
        if before is None or (before.key, before.id, before.sha256) != (key, made.job.id, made.sha256):
            return {}
        return {format_: output for format_, output in before.outputs.items() if format_ not in made.outputs}

    def _write(self, file: str, data: bytes) -> Output:
        sha256 = hashlib.sha256(data).hexdigest()
        self.files.add(file)
        there = _same(self.folder / file, data)
        if there is None:
            aside = write_aside(self.folder, file, lambda stream: stream.write(data))
            there = put_in_place(self.folder, file, aside)
        return Output(file, there, sha256)

    def _remove_stale(self, entry: Entry, before: Entry | None) -> None:
        """Remove what the page had written under another id, and what a page that is gone had under this one."""
        for output in before.outputs.values() if before is not None else ():
            if output.file not in {own.file for own in entry.outputs.values()}:
                remove(self.folder, output.file)
        for name in self.ledger.sharing(entry):
            if name not in self.present:
                other = self.ledger.entry(name)
                for output in other.outputs.values() if other is not None else ():
                    remove(self.folder, output.file)
                self.ledger.forget(name)


def _same(path: Path, data: bytes) -> Stamp | None:
    """Return the stamp of a file that holds these bytes already, else None."""
    stamp = stamp_of(path)
    if stamp is None or stamp.size != len(data) or path.is_symlink():
        return None
    try:
        return stamp if path.read_bytes() == data else None
    except OSError:
        return None
