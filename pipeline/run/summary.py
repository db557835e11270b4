"""What a run tells: its progress while it works, and the summary at its end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.run.ledger import Counts
from pipeline.run.pages import Fault

FAILURES = frozenset({"unreadable", "timeout", "worker-died", "internal-error"})
"""Findings of this room: where a page has one, there is no proper record of it."""


class Watcher(Protocol):
    """Who is told what a run does. Nothing here is called from another thread or process."""

    def begin(self, pages: int) -> None:
        """So many pages are to be made."""

    def advance(self) -> None:
        """One of them is done."""

    def tell(self, fault: Fault) -> None:
        """Something is wrong with a file."""

    def note(self, sentence: str) -> None:
        """Something that concerns the whole run."""


class Silent:
    """A watcher that tells nobody."""

    def begin(self, pages: int) -> None:
        """See `Watcher`."""

    def advance(self) -> None:
        """See `Watcher`."""

    def tell(self, fault: Fault) -> None:
        """See `Watcher`."""

    def note(self, sentence: str) -> None:
        """See `Watcher`."""


@dataclass(slots=True)
class Summary:
    """What a run did and what the folder of records holds after it.

    Attributes:
        new: pages made for the first time.
        changed: pages made again, for whatever reason.
        unchanged: pages that needed nothing, those that failed for good before included.
        failed: pages that failed now: they have one of `FAILURES`.
        removed: outputs removed because their page is gone.
        gone: outputs kept although their page is gone.
        others: files that are no pages, by ending.
        kept: blocks kept, in all pages of the run, unchanged ones included; likewise the next ones.
        dropped: blocks dropped.
        changes: changes of text.
        findings: findings by severity and code.
        seconds: how long the run took.
        stopped: whether it was stopped before all pages were made.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    removed: int = 0
    gone: int = 0
    others: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    dropped: int = 0
    changes: int = 0
    findings: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: float = 0.0
    stopped: bool = False

    @property
    def made(self) -> int:
        """Pages that a record was made of in this run."""
        return self.new + self.changed

    @property
    def pages(self) -> int:
        """All pages that the run came to."""
        return self.made + self.failed + self.unchanged

    @property
    def has_errors(self) -> bool:
        """Whether there is a finding of severity error."""
        return bool(self.findings.get("error"))

    def add(self, counts: Counts) -> None:
        """Count a page in."""
        self.kept += counts.kept
        self.dropped += counts.dropped
        self.changes += counts.changes
        for severity, codes in counts.findings.items():
            self.findings.setdefault(severity, Counter()).update(codes)

    def add_fault(self, fault: Fault) -> None:
        """Count a finding in that belongs to no record."""
        self.findings.setdefault(fault.severity, Counter())[fault.code] += 1
