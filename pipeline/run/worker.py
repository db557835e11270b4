"""A worker: a process that takes pages one by one and gives back what is to be written.

It reads the page and writes nothing, so it can be killed at any moment without leaving anything behind.
"""

import hashlib
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import msgspec

import pipeline
from pipeline.document import Document
from pipeline.journey import Options, clean_document, vocabulary
from pipeline.read.stage import read_page
from pipeline.record import Finding, PageSource, Record
from pipeline.run.files import Stamp
from pipeline.run.ledger import Counts
from pipeline.run.pages import reason_of, shown
from pipeline.run.repeats import NOTHING, Described, describe
from pipeline.write.formats import FORMATS
from pipeline.write.vocabulary import NO_VOCABULARY

TOO_LARGE = 256 * 1024 * 1024
"""Bytes beyond which a page is not even read."""
_ERRORS_TOLD = 5
"""Findings of severity error that are told of one page; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What all pages of a run have in common.

    Attributes:
        raw: the folder of pages.
        formats: names of the output formats with one file a page.
        with_record: whether a format with one file a run needs the record itself.
        options: options of the stages.
    """

    raw: Path
    formats: tuple[str, ...]
    with_record: bool = False
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Job:
    """A page to make a record of.

    Attributes:
        name: its path below the folder of pages.
        id: the id of its record.
        fault: makes the record an empty one that holds this finding.
        repeated: keys of blocks that stand on many pages of its site.
    """

    name: str
    id: str
    fault: Finding | None = None
    repeated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of a page.

    Attributes:
        job: the page.
        sha256: of its bytes.
        stamp: of its file when it was read; None where it changed meanwhile or cannot be trusted.
        outputs: by format, what to write; empty where the page could not be read.
        record: the record as JSON, where the task asks for it.
        described: its blocks, for repeats across pages.
        counts: what the summary tells of it.
        resident: bytes of memory that the worker holds after it.
    """

    job: Job
    sha256: str = ""
    stamp: Stamp | None = None
    outputs: dict[str, bytes] = field(default_factory=dict)
    record: bytes | None = None
    described: Described = NOTHING
    counts: Counts = field(default_factory=Counts)
    resident: int = 0


Work = Callable[[Job, Task], Made]
"""What a worker does with a page."""


def serve(connection: Connection) -> None:
    """Answer jobs until the other side closes the connection.

    The first message received is what to do with a job, the task, and the seconds after which a job that
    is not done ends this process, should nobody else do so. The first message sent says that it is ready.
    """
    work, task, limit = connection.recv()
    connection.send(None)
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        signal.alarm(limit)
        made = work(job, task)
        signal.alarm(0)
        connection.send(made)


def make(job: Job, task: Task) -> Made:
    """Make what is to be written of a page. Whatever goes wrong is a finding on the page."""
    try:
        job, data, made = _read(job, task)
    except OSError as error:
        return failed(job, Finding("unreadable", "error", f"The page cannot be read ({reason_of(error)})."))
    if job.fault is None:
        try:
            document = read_page(data, name=shown(job.name), options=task.options.read)
            record = clean_document(document, options=_options(job, task))
            made = replace(made, described=describe(document, job.name))
            return _rendered(msgspec.structs.replace(record, id=job.id), made, task)
        except Exception as error:  # noqa: BLE001 -- the one place: a fault of ours on one page must not end the run
            job = replace(job, fault=internal_error(error))
    return _rendered(_empty(job, made.sha256), replace(made, job=job), task)


def _options(job: Job, task: Task) -> Options:
    strip = replace(task.options.strip, repeated=task.options.strip.repeated | job.repeated)
    return replace(task.options, strip=strip)


def _read(job: Job, task: Task) -> tuple[Job, bytes, Made]:
    """Read a page, or only take its hash where it has a fault already or is too large."""
    with (task.raw / job.name).open("rb") as stream:
        before = Stamp.of(os.fstat(stream.fileno()))
        settled = before.is_settled()
        if job.fault is None and before.size > TOO_LARGE:
            said = f"The page has {before.size / 2**20:,.0f} MiB; it was not read."
            job = replace(job, fault=Finding("too-large", "error", said))
        if job.fault is None:
            data = stream.read()
            sha256 = hashlib.sha256(data).hexdigest()
        else:
            data = b""
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        after = Stamp.of(os.fstat(stream.fileno()))
    return job, data, Made(job=job, sha256=sha256, stamp=before if settled and before == after else None)


def _rendered(record: Record, made: Made, task: Task) -> Made:
    outputs = {}
    for name in task.formats:
        stream = BytesIO()
        known = vocabulary(task.options) if FORMATS[name].needs_vocabulary else NO_VOCABULARY
        FORMATS[name].write([record], stream, known)
        outputs[name] = stream.getvalue()
    encoded = msgspec.json.encode(record) if task.with_record else None
    return replace(made, outputs=outputs, record=encoded, counts=count(record), resident=_resident())


def failed(job: Job, finding: Finding) -> Made:
    """Return what becomes of a page of which not even an empty record can be made."""
    return Made(job=job, counts=_counts((finding,)))


def count(record: Record) -> Counts:
    """Count what the summary tells of a record."""
    return msgspec.structs.replace(
        _counts(record.findings), kept=len(record.blocks), dropped=len(record.dropped), changes=len(record.changes)
    )


def _counts(findings: tuple[Finding, ...]) -> Counts:
    by_severity: dict[str, Counter[str]] = {}
    for finding in findings:
        by_severity.setdefault(finding.severity, Counter())[finding.code] += 1
    errors = [(f.code, f.message, f.line) for f in findings if f.severity == "error"]
    counted = {severity: dict(codes) for severity, codes in by_severity.items()}
    return Counts(findings=counted, errors=tuple(errors[:_ERRORS_TOLD]))


def _empty(job: Job, sha256: str) -> Record:
    """Return the record of a page of which nothing is known but its fault."""
    name = shown(job.name)
    kind: Literal["html", "text"] = "text" if name.lower().endswith(".txt") else "html"
    source = PageSource(name=name, url=None, sha256=sha256, kind=kind, encoding="unknown")
    findings = (job.fault,) if job.fault is not None else ()
    return Document(id=job.id, source=source, findings=findings).to_record()


def internal_error(error: Exception) -> Finding:
    """Return the finding of an exception in a stage: what, and where in our code; no path of the machine."""
    own = Path(pipeline.__file__).parent
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(own)]
    where = ""
    if places:
        place = Path(places[-1].filename).relative_to(own.parent).as_posix()
        where = f" at {place}:{places[-1].lineno} in {places[-1].name}"
    said = " ".join(str(error).split())[:200]
    what = f"{type(error).__name__}{': ' + said if said else ''}"
    return Finding("internal-error", "error", f"A fault of the program{where}: {what}. Please report it with the page.")


def _resident() -> int:
    """Return the bytes of memory that this process holds now, 0 where the system does not say."""
    if not sys.platform.startswith("linux"):
        return 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
