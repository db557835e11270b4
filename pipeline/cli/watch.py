"""What a run shows: a progress bar on a terminal, a line for each error, and the summary at the end."""

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from pipeline.cli.report import finding_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipeline.run.pages import Fault
    from pipeline.run.summary import Summary

_TOLD = 20
"""Errors that are printed one by one; the summary counts them all."""
_WIDTH = 80


class Watch:
    """Shows a run on standard error; the progress bar on a terminal alone."""

    def __init__(self, raw: Path, *, quiet: bool = False) -> None:
        self.raw = raw
        self.quiet = quiet
        self.told = 0
        self.untold = 0
        self.progress: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> "Watch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.progress is not None:
            self.progress.stop()
        if self.untold:
            click.echo(f"… and {self.untold} more like these", err=True)

    def begin(self, pages: int) -> None:
        """Show the bar."""
        if self.quiet or not sys.stderr.isatty():
            return
        if self.progress is not None and self.task is not None:  # some pages are made once more, for repeats
            self.progress.reset(self.task, total=pages)
            return
        self.progress = _bar()
        self.task = self.progress.add_task("pages", total=pages)
        self.progress.start()

    def advance(self) -> None:
        """Move the bar by a page."""
        if self.progress is not None and self.task is not None:
            self.progress.advance(self.task)

    def tell(self, fault: "Fault") -> None:
        """Print what is wrong with a file."""
        from pipeline.run.pages import shown

        if self.told == _TOLD:
            self.untold += 1
            return
        self.told += 1
        where = shown(str(self.raw / fault.name))
        self._print(finding_line(where, fault.line, fault.severity, fault.message, fault.code))

    def note(self, sentence: str) -> None:
        """Print a remark."""
        self._print(f"pipeline: {sentence}")

    def _print(self, line: str) -> None:
        """Print a line, above the bar where there is one."""
        if self.progress is None:
            click.echo(line, err=True)
            return
        from rich.text import Text

        self.progress.console.print(Text.from_ansi(line), soft_wrap=True)


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Pages per second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} pages/s" if task.speed else "")

    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(compact=True))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def show(summary: "Summary", processed: Path) -> None:
    """Print the summary on standard error."""
    click.echo("\n".join(summary_lines(summary, processed)), err=True)


def summary_lines(summary: "Summary", processed: Path) -> list[str]:
    """Return the summary as lines of 80 characters at most."""
    lines = []
    if summary.stopped:
        lines.append("Stopped. What is done is kept; the same command goes on from here.")
    elif not summary.made and not summary.failed and not summary.removed:
        lines.append(f"Nothing to do: {processed} is up to date.")
    lines += _row("pages", f"{summary.pages:,}: {_pages(summary)}")
    if summary.removed:
        lines += _row("outputs", f"{summary.removed:,} removed, their pages are gone")
    if summary.gone:
        lines += _row("outputs", f"{summary.gone:,} kept although their pages are gone (--prune removes them)")
    lines += _row("blocks", f"{summary.kept:,} kept, {summary.dropped:,} dropped")
    lines += _row("changes", f"{summary.changes:,}")
    for severity, title in (("error", "errors"), ("warning", "warnings"), ("info", "remarks")):
        lines += _row(title, _listed(summary.findings.get(severity, {})))
    lines += _row("left out", f"{_listed(summary.others)} (no pages)" if summary.others else "")
    done = summary.made + summary.failed
    rate = f", {done / summary.seconds:,.1f} pages/s" if done and summary.seconds else ""
    return lines + _row("time", f"{summary.seconds:,.1f} s{rate}")


def _pages(summary: "Summary") -> str:
    counts = {
        "new": summary.new,
        "made again": summary.changed,
        "unchanged": summary.unchanged,
        "failed": summary.failed,
    }
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()))


def _row(title: str, text: str) -> list[str]:
    """Return a row of the summary, wrapped; none where there is nothing to tell."""
    return textwrap.wrap(f"{title:<10}{text}", _WIDTH, subsequent_indent=" " * 10) if text else []
