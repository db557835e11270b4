"""What a check run reports: one value per fault, in a fixed order, whatever the format."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from pipeline.record import Severity

RANK: dict[Severity, int] = {"info": 0, "warning": 1, "error": 2}


class CheckFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fault on a page.

    Attributes:
        path: the page as it was named, with `/` between folders.
        line: 1-based line, 1 where the fault concerns the page as a whole.
        column: 1-based column, 1 where only the line is known.
        code: the check's code.
        name: the check's name.
        severity: error, warning or info.
        message: what is wrong and what to do.
        length: characters concerned, 0 where only the line is known.
        source: the line of the page (at most 500 characters of it), empty where there is none.
        mend: what the pipeline would put there; null where it would change nothing.
        whole_page: whether the fault concerns the page and no line of it.
        left_out: characters of the line that stand before `source`.
    """

    path: str
    line: int
    column: int
    code: str
    name: str
    severity: Severity
    message: str
    length: int = 0
    source: str = ""
    mend: str | None = None
    whole_page: bool = False
    left_out: int = 0

    @property
    def fingerprint(self) -> str:
        """A hash that stays the same when lines above the fault come or go: for baselines and code hosts."""
        start = self.column - 1 - self.left_out
        what = self.source[start : start + self.length] or self.source.strip()
        return hashlib.sha256("\0".join((self.path, self.code, what)).encode("utf-8", "replace")).hexdigest()[:32]


class PageReport(msgspec.Struct, frozen=True):
    """What the checks say of one page.

    Attributes:
        path: the page as it was named.
        findings: its faults, in order of line, column and code.
        blocks: kept blocks, and `dropped` dropped ones.
        changes: (before, after, reason) of each change that the pipeline would make, in order.
        words: words of the kept text.
    """

    path: str
    findings: tuple[CheckFinding, ...]
    blocks: int = 0
    dropped: int = 0
    changes: tuple[tuple[str, str, str], ...] = ()
    words: int = 0


def in_order(findings: Iterable[CheckFinding]) -> tuple[CheckFinding, ...]:
    """Return findings by place, then by code."""
    return tuple(sorted(findings, key=lambda f: (f.path, f.line, f.column, f.code, f.message)))


def worst(reports: Sequence[PageReport]) -> Severity | None:
    """Return the highest severity among all findings, None where there is none."""
    return max((f.severity for r in reports for f in r.findings), key=RANK.__getitem__, default=None)


def count(reports: Sequence[PageReport]) -> dict[str, int]:
    """Return how many findings each code has, most frequent first."""
    counts: dict[str, int] = {}
    for report in reports:
        for finding in report.findings:
            counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
