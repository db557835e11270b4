"""One page checked: every chosen check asked, every fault given its place."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pipeline.check.finding import CheckFinding, PageReport, in_order
from pipeline.check.registry import Check, Fault
from pipeline.check.subject import Subject

_OF_ENGLISH = frozenset("TH")
"""Families that say nothing of a page in another language: nothing is repaired or labelled there."""
_LINE = 500
"""Characters of a line of the page that a finding carries at most."""
_MOST = 200
"""Findings of one check on one page that are listed."""


def check_page(subject: Subject, checks: Iterable[Check]) -> PageReport:
    """Ask the checks, by code, and return what they found, in order.

    A page that could not be read is asked about its reading alone, one that is not in English neither
    about translation nor about sections.
    """
    findings = [
        locate(subject, check, fault)
        for check in checks
        if _concerns(check, subject)
        for fault in _listed(check.function(subject))
    ]
    if subject.broken or subject.not_a_record:
        return PageReport(subject.path, tuple(findings))
    record = subject.record
    if subject.is_record:
        return PageReport(subject.path, in_order(findings), len(record.blocks), len(record.dropped))
    changes = tuple((c.before, c.after, c.reason) for c in record.changes)
    return PageReport(subject.path, in_order(findings), len(record.blocks), len(record.dropped), changes, subject.words)


def _concerns(check: Check, subject: Subject) -> bool:
    """Whether a check has something to look at: what could not be read has no text, a record is no page."""
    if subject.broken or check.code == "R010":
        return check.code == "R010" and bool(subject.broken)
    if subject.is_record:
        return check.code == "D001" or (check.code[0] == "D" and not subject.not_a_record)
    if check.code[0] == "R" or not subject.document.blocks:
        return check.code[0] == "R"
    return check.code[0] not in _OF_ENGLISH or subject.stripped.language in {None, "en"}


def locate(subject: Subject, check: Check, fault: Fault) -> CheckFinding:
    """Return a fault as a finding, with the line of the page that it stands on."""
    column = fault.start or 1
    left_out = 0 if column <= _LINE else column - 1 - _LINE // 2
    source = _line(subject.lines, fault.line)[left_out : left_out + _LINE] if fault.line else ""
    return CheckFinding(
        path=subject.path,
        line=fault.line or 1,
        column=column,
        code=check.code,
        name=check.name,
        severity=fault.severity or check.severity,
        message=fault.message,
        length=fault.length,
        source=source if column - left_out <= len(source) else "",
        left_out=left_out,
        mend=fault.mend,
        whole_page=fault.line is None,
    )


def _listed(faults: Iterator[Fault]) -> Iterator[Fault]:
    yield from islice(faults, _MOST)
    if next(faults, None) is not None:
        yield Fault(f"There are more than {_MOST} of these; the rest is not listed.")


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if number <= len(lines) else ""
