"""Findings on standard error, in the form that editors and CI read: `path:line: message (code)`."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.record import Record

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def report(record: "Record", shown: str) -> int:
    """Print a record's findings and return the exit status they ask for: 1 with one of severity error, else 0."""
    for finding in record.findings:
        tell(shown, finding.line, finding.severity, finding.message, finding.code)
    return int(any(finding.severity == "error" for finding in record.findings))


def tell(shown: str, line: int | None, severity: str, message: str, code: str) -> None:
    """Print one finding."""
    click.echo(finding_line(shown, line, severity, message, code), err=True)


def finding_line(shown: str, line: int | None, severity: str, message: str, code: str) -> str:
    """Return one finding as a line, coloured by ANSI codes."""
    where = f"{shown}:{line}" if line else shown
    label = click.style(severity, fg=_COLOURS[severity], bold=severity == "error")
    return f"{where}: {label}: {message} ({code})"
