"""The door of `run`: a folder of pages → a folder of records, and nothing done twice."""

import hashlib
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec

from pipeline.errors import OutputError, UsageError
from pipeline.journey import Options
from pipeline.record import Record
from pipeline.run.files import hash_of, lock, put_in_place, remove, settle, stamp_of, workshop, write_aside
from pipeline.run.fingerprint import run_fingerprint
from pipeline.run.gone import gone_outputs, remove_gone
from pipeline.run.ledger import NAME, Counts, Entry, Ledger, Output
from pipeline.run.outbox import Outbox
from pipeline.run.pages import Fault, Found, Page, find_pages
from pipeline.run.repeats import find_repeats
from pipeline.run.summary import FAILURES, Silent, Summary, Watcher
from pipeline.run.supervisor import cores, outcomes
from pipeline.run.worker import Job, Made, Task, Work, make
from pipeline.write.formats import FORMATS, RUN_FILE

DEFAULT_TIMEOUT = 30.0
"""Seconds that a page may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Options of a run.

    Attributes:
        jobs: worker processes; None for one per processor.
        formats: names of output formats.
        force: make every page again.
        prune: remove outputs whose page is gone.
        timeout: seconds that a page may take.
        stages: options of the stages.
    """

    jobs: int | None = None
    formats: tuple[str, ...] = ("json",)
    force: bool = False
    prune: bool = False
    timeout: float = DEFAULT_TIMEOUT
    stages: Options = field(default_factory=Options)


def run_folder(
    raw: Path,
    processed: Path,
    options: RunOptions | None = None,
    watcher: Watcher | None = None,
    *,
    work: Work = make,
) -> Summary:
    """Make a record of every page below `raw` that has none or whose record is out of date.

    Whatever kills a run, the next one finishes its work. Interrupted by Ctrl-C it keeps what is done
    and returns a summary that says so.

    Args:
        raw: the folder of pages.
        processed: the folder of records; it is made where it is not there.
        options: options of the run and of the stages.
        watcher: who is told what happens.
        work: what a worker does with a page; see `pipeline.run.supervisor.outcomes`.

    Returns:
        What was done.

    Raises:
        PipelineError: nothing can be done at all, or the records cannot be written.
    """
    options = options or RunOptions()
    begun = time.monotonic()
    _check(raw, processed, options)
    key = run_fingerprint(options.stages)
    found = find_pages(raw)
    with lock(processed), workshop(processed), _naming_ledger(processed), closing(Ledger(processed)) as ledger:
        summary = _Run(
            raw=raw,
            processed=processed,
            options=options,
            watcher=watcher or Silent(),
            work=work,
            key=key,
            found=found,
            ledger=ledger,
        ).do()
    summary.seconds = time.monotonic() - begun
    return summary


@contextmanager
def _naming_ledger(processed: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        mend = "Remove this file, and every page is made again"
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_CORRUPT:
            mend = "Make room on the disk or mend the folder, and run again; nothing is lost"
        raise OutputError(f"cannot be used ({error})", path=processed / NAME, mend=mend) from error


def _check(raw: Path, processed: Path, options: RunOptions) -> None:
    for name in options.formats:
        if name not in FORMATS:
            raise UsageError(f"there is no format {name}", mend=f"Choose from {', '.join(FORMATS)}")
        FORMATS[name].check()
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("the number of jobs must be 1 or more")
    if not options.timeout > 0:
        raise UsageError("the timeout must be more than 0 seconds")
    if processed.resolve().is_relative_to(raw.resolve()):
        raise UsageError(
            f"the folder of records ({processed}) lies in the folder of pages ({raw})",
            mend="Its text files would be taken for pages; choose another folder",
        )


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run, under the lock of the folder of records."""

    raw: Path
    processed: Path
    options: RunOptions
    watcher: Watcher
    work: Work
    key: str
    found: Found
    ledger: Ledger
    summary: Summary = field(default_factory=Summary)
    repeats: dict[str, frozenset[str]] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    """What became of the pages made: `new`, `changed` or `failed`."""

    @property
    def each(self) -> tuple[str, ...]:
        """The formats asked for that have one file a page."""
        return tuple(name for name in self.options.formats if FORMATS[name].scope == "page")

    @property
    def whole(self) -> tuple[str, ...]:
        """Those that have one file a run."""
        return tuple(name for name in self.options.formats if FORMATS[name].scope == "run")

    def do(self) -> Summary:
        """Do all of it and return what was done."""
        self.summary.others = dict(self.found.others)
        if self.ledger.begun_anew:
            self.watcher.note(f"the ledger could not be used and is begun anew ({self.ledger.begun_anew})")
        for fault in self.found.faults:
            self._tell(fault)
        done: set[str] = set()
        try:
            self._find_repeats()
            done.update(page.name for page in self.found.pages if self._is_done(page))
            self.ledger.commit()
            self._make([page for page in self.found.pages if page.name not in done])
            if self.made:
                self._find_repeats()
                self._make([page for page in self.found.pages if self._has_other_repeats(page)])
            self._clear_gone()
            self._write_whole()
        except KeyboardInterrupt:
            self.summary.stopped = True
        self._count(done)
        return self.summary

    def _find_repeats(self) -> None:
        present = {page.name for page in self.found.pages}
        names = b"\0".join(os.fsencode(page.name) for page in self.found.pages)
        made_of = f"{self.key} {hashlib.sha256(names).hexdigest()}"
        known = self.ledger.repeats(made_of)
        if known is None:
            known = find_repeats(page for page in self.ledger.described() if page[0] in present)
            self.ledger.keep_repeats(made_of, known)
        self.repeats = known

    def _key(self, name: str) -> str:
        """Return the hash of what a page's record depends on beside the page."""
        if name not in self.repeats:
            return self.key
        return hashlib.sha256("\n".join([self.key, *sorted(self.repeats[name])]).encode()).hexdigest()

    def _is_done(self, page: Page) -> bool:
        """Return whether a page needs nothing."""
        entry = self.ledger.entry(page.name)
        if self.options.force or entry is None or (entry.key, entry.id) != (self._key(page.name), page.id):
            return False
        if not entry.outputs.keys() >= set(self.each) or (self.whole and not self.ledger.has_record(page.name)):
            return False
        fresh = self._same_page(page, entry)
        outputs = [self._intact(entry.outputs[name]) for name in self.each]
        if fresh is None or None in outputs:
            return False
        intact = {name: output for name, output in zip(self.each, outputs, strict=True) if output is not None}
        fresh = replace(fresh, outputs={**entry.outputs, **intact})
        if fresh != entry:
            self.ledger.touch(fresh)
        return True

    def _has_other_repeats(self, page: Page) -> bool:
        """Return whether the pages made in this run have changed what repeats on a page that was up to date."""
        entry = self.ledger.entry(page.name)
        return self.made.get(page.name) != "failed" and entry is not None and entry.key != self._key(page.name)

    def _same_page(self, page: Page, entry: Entry) -> Entry | None:
        """Return the entry with the stamp that the page has now, None where the page is another one.

        Only a stamp that differs has the page read again, and one that was too young to be trusted.
        """
        stamp = stamp_of(self.raw / page.name)
        if stamp is not None and stamp == entry.stamp:
            return entry
        settled = stamp if stamp is not None and stamp.is_settled() else None
        return replace(entry, stamp=settled) if hash_of(self.raw / page.name) == entry.sha256 else None

    def _intact(self, output: Output) -> Output | None:
        """Return the output with the stamp that its file has now, None where it was deleted or edited."""
        stamp = stamp_of(self.processed / output.file)
        if stamp is None or stamp == output.stamp:
            return None if stamp is None else output
        same = hash_of(self.processed / output.file) == output.sha256
        return replace(output, stamp=stamp) if same else None

    def _make(self, due: list[Page]) -> None:
        if not due:
            return
        task = Task(raw=self.raw, formats=self.each, with_record=bool(self.whole), options=self.options.stages)
        outbox = Outbox(self.processed, self.ledger, self._key, {page.name for page in self.found.pages})
        nothing: frozenset[str] = frozenset()
        jobs = (Job(page.name, page.id, repeated=self.repeats.get(page.name, nothing)) for page in due)
        workers = min(self.options.jobs or cores(), len(due))
        self.watcher.begin(len(due))
        try:
            timeout = self.options.timeout
            with closing(outcomes(jobs, task, workers=workers, timeout=timeout, work=self.work)) as results:
                for made in results:
                    self._note(made)
                    if made.sha256:
                        outbox.take(made)
                    self.watcher.advance()
        finally:
            outbox.flush()

    def _note(self, made: Made) -> None:
        """Keep what became of a page, and tell of its errors once."""
        name, counts = made.job.name, made.counts
        known = "changed" if self.ledger.entry(name) is not None else "new"
        failed = any(code in FAILURES for code, _, _ in counts.errors)
        if name not in self.made:
            self._tell_errors(name, counts)
        self.made[name] = "failed" if failed else self.made.get(name, known)
        if not made.sha256:  # there is no record, so the ledger will not tell of it
            self.summary.add(counts)

    def _count(self, done: set[str]) -> None:
        """Count all pages in, those that needed nothing included."""
        states = Counter(self.made.values())
        self.summary.new, self.summary.changed, self.summary.failed = states["new"], states["changed"], states["failed"]
        for page in self.found.pages:
            if page.name not in done and page.name not in self.made:
                continue
            entry = self.ledger.entry(page.name)
            if entry is not None:
                self.summary.add(entry.counts)
                if page.name not in self.made:
                    self.summary.unchanged += 1
                    self._tell_errors(page.name, entry.counts)

    def _tell_errors(self, name: str, counts: Counts) -> None:
        for code, message, line in counts.errors:
            self.watcher.tell(Fault(name, code, "error", message, line))

    def _tell(self, fault: Fault) -> None:
        self.summary.add_fault(fault)
        self.watcher.tell(fault)

    def _clear_gone(self) -> None:
        gone = gone_outputs(self.processed, self.ledger, self.found)
        if gone and self.options.prune:
            self.summary.removed = remove_gone(self.processed, self.ledger, gone)
        else:
            self.summary.gone = sum(map(len, gone.values()))

    def _write_whole(self) -> None:
        """Write the files of formats with one file a run, where they are not there or out of date."""
        state = self.ledger.state()
        for name, format_ in FORMATS.items():
            known, made_of = self.ledger.whole(name) or (None, -1)
            if known is not None and made_of == state and self._intact(known) is not None:
                continue
            file = RUN_FILE + format_.ending
            if name in self.whole:
                aside = write_aside(self.processed, file, partial(format_.write, self._records()))
                sha256 = hash_of(aside) or ""
                self.ledger.keep_whole(name, Output(file, put_in_place(self.processed, file, aside), sha256), state)
            elif known is not None:
                remove(self.processed, file)
                self.ledger.forget_whole(name)
                self.watcher.note(f"{file} is out of date and not among the formats asked for: removed")
            else:
                continue
            settle(self.processed, [file])
            self.ledger.commit()

    def _records(self) -> Iterator[Record]:
        for data in self.ledger.records():
            yield msgspec.json.decode(data, type=Record)
