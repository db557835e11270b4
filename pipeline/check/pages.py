"""Many pages checked, in one process or several, and reported in a fixed order.

A page that breaks the program or kills its process becomes a finding on that page (R010), and the
others are checked all the same.
"""

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline.check.duplicates import Signature, near_duplicates
from pipeline.check.finding import CheckFinding, PageReport, in_order
from pipeline.check.page import check_page, locate
from pipeline.check.registry import Check, all_checks, find_check
from pipeline.check.selection import CheckOptions, Site, chosen, counted
from pipeline.check.subject import Subject
from pipeline.check.together import duplicate_of
from pipeline.errors import PipelineError
from pipeline.journey import Options

_DUPLICATE = "P001"
_NO_SITE = Site()
_FEW = 8
"""Pages up to which one process is quicker than starting others."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to check.

    Attributes:
        path: its name in findings, with `/` between folders.
        file: where its bytes are; None where they are given.
        data: its bytes, where there is no file.
        known: it was there before: it is not checked, but the others are held against it.
    """

    path: str
    file: Path | None = None
    data: bytes = b""
    known: bool = False


class Looked(NamedTuple):
    """What comes back from a process.

    Attributes:
        report: what the checks say; None for a page that was there before.
        signature: of its kept text, where duplicates are looked for.
        ignored: codes that do not count on the page's site.
    """

    report: PageReport | None
    signature: Signature | None = None
    ignored: tuple[str, ...] = ()


class _TooSlow(BaseException):
    """A page takes too long; nothing between the checks and here may catch it."""


def check_pages(
    pages: Sequence[Page],
    options: CheckOptions,
    stages: Options,
    *,
    jobs: int | None = None,
    advance: Callable[[], object] = lambda: None,
) -> list[PageReport]:
    """Check pages and return their reports, by path.

    Args:
        pages: the pages, each path once.
        options: what is checked.
        stages: options of the stages; suggestions are asked for by the caller.
        jobs: processes; None: one per processor, and one alone for a few pages.
        advance: called as each page is done.

    Raises:
        UsageError: an option names a check that is not there.
        DataFileError: a data file of a stage cannot be used.
    """
    checks = chosen(options)
    twins = any(check.code == _DUPLICATE for check in checks)
    ordered = sorted(pages, key=lambda page: page.path)
    look = partial(_look, codes=tuple(c.code for c in checks), options=options, stages=stages, twins=twins)
    jobs = jobs or (1 if len(ordered) <= _FEW else os.cpu_count() or 1)
    looked: dict[str, Looked] = {}
    for page, outcome in zip(ordered, _outcomes(look, ordered, jobs), strict=True):
        looked[page.path] = _looked(page, outcome)
        advance()
    reports = [one.report for one in looked.values() if one.report is not None]
    return _with_duplicates(reports, looked, options) if twins else reports


def _outcomes(
    look: Callable[[Page], Looked], pages: Sequence[Page], jobs: int
) -> Iterator[Looked | BaseException | None]:
    """Yield what each page gives or raises, in order; None where it ended its process."""
    if jobs > 1:
        from pipeline.check.pool import done_in_processes

        yield from done_in_processes(look, pages, jobs)
        return
    for page in pages:  # in this process, whose main thread can be interrupted where a page takes too long
        try:
            yield look(page)
        except Exception as error:  # noqa: BLE001 -- as a pool does; `_looked` makes a finding of it
            yield error


def _looked(page: Page, outcome: Looked | BaseException | None) -> Looked:
    """Return a page's result; what its check raised becomes a finding, but a fault of the user's ends everything."""
    if isinstance(outcome, Looked):
        return outcome
    if outcome is None:
        return Looked(_broken(page, "The page ended the process that checked it. Report it with the page."))
    if isinstance(outcome, PipelineError) or not isinstance(outcome, Exception):
        raise outcome
    where, trace = "", outcome.__traceback__
    while trace is not None:
        where, trace = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})", trace.tb_next
    said = f"A fault of the program: {type(outcome).__name__}: {str(outcome)[:200]}{where}. Report it with the page."
    return Looked(_broken(page, said))


def _look(page: Page, codes: Sequence[str], options: CheckOptions, stages: Options, *, twins: bool) -> Looked:
    """Check one page, in whichever process."""
    try:
        with _at_most(options.timeout):
            return _checked(page, codes, options, stages, twins=twins)
    except _TooSlow:
        slow = f"The page took longer than {options.timeout:g} s; leave it out, or allow more with --timeout."
        return Looked(None if page.known else _broken(page, slow))


def _checked(page: Page, codes: Sequence[str], options: CheckOptions, stages: Options, *, twins: bool) -> Looked:
    data, problem = _read(page, stages.read.max_bytes)
    if problem:
        return Looked(None if page.known else _broken(page, problem))
    subject = Subject(page.path, data, stages, file=page.file)
    if subject.is_record:
        return Looked(None if page.known else _only_counted(check_page(subject, _named(codes)), options, ()))
    site = options.site(page.path, subject.document.source.url) if options.sites else _NO_SITE
    subject.settings = options.expectations(site)
    signature = subject.signature if twins else None
    if page.known:
        return Looked(None, signature)
    return Looked(_only_counted(check_page(subject, _named(codes)), options, site.ignore), signature, site.ignore)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise `_TooSlow` in this block after so many seconds, in the main thread of systems that have signals.

    In a process of its own, a page that does not even answer signals ends the process.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    processes = sys.modules.get("multiprocessing")
    alone = processes is not None and processes.parent_process() is not None
    with Path(os.devnull).open("w") if alone else nullcontext() as nowhere:
        if nowhere is not None:
            faulthandler.dump_traceback_later(2 * seconds + 5, exit=True, file=nowhere)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if nowhere is not None:
                faulthandler.cancel_dump_traceback_later()


def _give_up(*_: object) -> None:
    raise _TooSlow


def _named(codes: Sequence[str]) -> list[Check]:
    wanted = frozenset(codes)
    return [check for check in all_checks() if check.code in wanted]


def _read(page: Page, most: int) -> tuple[bytes, str]:
    """Return a page's bytes (not more than are needed to say that it is too large) or why there are none."""
    if page.file is None:
        return page.data, ""
    try:
        with page.file.open("rb") as stream:
            return stream.read(most + 1), ""
    except OSError as error:
        return b"", f"The page cannot be read ({error.strerror})."


def _broken(page: Page, message: str) -> PageReport:
    return check_page(Subject(page.path, b"", Options(), broken=message), [find_check("R010")])


def _only_counted(report: PageReport, options: CheckOptions, ignored: Sequence[str]) -> PageReport:
    return _with(report, [finding for finding in report.findings if counted(finding, options, ignored)])


def _with_duplicates(
    reports: list[PageReport], looked: Mapping[str, Looked], options: CheckOptions
) -> list[PageReport]:
    found: dict[str, CheckFinding] = {}
    signatures = {path: one.signature for path, one in looked.items()}
    for path, other, similarity in near_duplicates([report.path for report in reports], signatures):
        subject = Subject(path, b"", Options())
        found[path] = locate(subject, find_check(_DUPLICATE), duplicate_of(other, similarity))
    return [
        _with(report, [*report.findings, extra])
        if (extra := found.get(report.path)) is not None and counted(extra, options, looked[report.path].ignored)
        else report
        for report in reports
    ]


def _with(report: PageReport, findings: Sequence[CheckFinding]) -> PageReport:
    return msgspec.structs.replace(report, findings=in_order(findings))
