"""Many pages checked, in one process or several, and reported in a fixed order.

A page that breaks the program or kills its process becomes a finding on that page (R010), and the
others are checked all the same.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.check.duplicates import Signature, near_duplicates
from pipeline.check.finding import CheckFinding, PageReport, in_order
from pipeline.check.page import check_page, locate
from pipeline.check.registry import Check, find_check
from pipeline.check.selection import CheckOptions, chosen, counted
from pipeline.check.subject import Subject
from pipeline.check.together import duplicate_of
from pipeline.errors import PipelineError
from pipeline.journey import Options

_DUPLICATE = "P001"
_AHEAD = 8
"""Pages for each process that wait for it."""
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


Looked = tuple[PageReport | None, Signature | None]
"""What comes back from a process: the report, and the signature where duplicates are looked for."""


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
    reports: list[PageReport] = []
    signatures: dict[str, Signature | None] = {}
    for page, (report, signature) in zip(ordered, _looked(look, ordered, jobs), strict=True):
        signatures[page.path] = signature
        if report is not None:
            reports.append(report)
        advance()
    if twins:
        reports = _with_duplicates(reports, signatures, options)
    return reports


def _looked(look: Callable[[Page], Looked], pages: Sequence[Page], jobs: int) -> Iterator[Looked]:
    """Yield what each page gives, in order; what a dead process left over is done one by one in new ones."""
    done, total = 0, len(pages)
    while done < total:
        with ThreadPoolExecutor(1) if jobs == 1 else ProcessPoolExecutor(jobs) as pool:
            for future in _submitted(pool, look, pages[done:], jobs):
                if isinstance(future.exception(), BrokenExecutor):
                    break
                yield _outcome(pages[done], future)
                done += 1
        for page in pages[done : done + _AHEAD * jobs + 1]:  # those that were under way; none if all went well
            with ProcessPoolExecutor(1) as alone:
                yield _outcome(page, alone.submit(look, page))
            done += 1


def _submitted(
    pool: Executor, look: Callable[[Page], Looked], pages: Sequence[Page], jobs: int
) -> Iterator[Future[Looked]]:
    """Yield the futures of the pages, a bounded number of them ahead."""
    ahead: list[Future[Looked]] = []
    broken: Future[Looked] = Future()
    for page in pages:
        try:
            ahead.append(pool.submit(look, page))
        except BrokenExecutor as error:
            if not broken.done():
                broken.set_exception(error)
            ahead.append(broken)
        if len(ahead) > _AHEAD * jobs:
            yield ahead.pop(0)
    yield from ahead


def _outcome(page: Page, future: Future[Looked]) -> Looked:
    """Return a page's result; what its check raised becomes a finding, but a fault of the user's ends everything."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, PipelineError) or not isinstance(error, Exception):
        raise error
    if isinstance(error, BrokenExecutor):
        return _broken(page, "The page ended the process that checked it. Report it with the page."), None
    where, trace = "", error.__traceback__
    while trace is not None:
        where, trace = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})", trace.tb_next
    said = f"A fault of the program: {type(error).__name__}: {str(error)[:200]}{where}. Report it with the page."
    return _broken(page, said), None


def _look(page: Page, codes: Sequence[str], options: CheckOptions, stages: Options, *, twins: bool) -> Looked:
    """Check one page, in whichever process."""
    data, problem = _read(page, stages.read.max_bytes)
    if problem:
        return (None if page.known else _broken(page, problem)), None
    subject = Subject(page.path, data, stages, expected=options.expected_sections)
    signature = subject.signature if twins else None
    if page.known:
        return None, signature
    return _only_counted(check_page(subject, _named(codes)), options), signature


def _named(codes: Sequence[str]) -> list[Check]:
    return [find_check(code) for code in codes]


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


def _only_counted(report: PageReport, options: CheckOptions) -> PageReport:
    return _with(report, [finding for finding in report.findings if counted(finding, options)])


def _with_duplicates(
    reports: list[PageReport], signatures: dict[str, Signature | None], options: CheckOptions
) -> list[PageReport]:
    found: dict[str, CheckFinding] = {}
    for path, other, similarity in near_duplicates([report.path for report in reports], signatures):
        subject = Subject(path, b"", Options())
        found[path] = locate(subject, find_check(_DUPLICATE), duplicate_of(other, similarity))
    return [
        _with(report, [*report.findings, extra])
        if (extra := found.get(report.path)) is not None and counted(extra, options)
        else report
        for report in reports
    ]


def _with(report: PageReport, findings: Sequence[CheckFinding]) -> PageReport:
    import msgspec

    return msgspec.structs.replace(report, findings=in_order(findings))
