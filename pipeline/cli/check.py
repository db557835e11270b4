"""`pipeline check`: what is wrong with new pages, for pull requests and editors."""

import dataclasses
import gc
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.command import Command
from pipeline.cli.inputs import STDIN, write_out
from pipeline.cli.profiles import profiles_option, with_profiles
from pipeline.errors import InputError, PipelineError, UsageError

if TYPE_CHECKING:
    from pipeline.check.finding import PageReport
    from pipeline.check.pages import Page

CRASHED = 70
"""Exit status of a fault of the program itself (EX_SOFTWARE), so that it is never taken for findings."""
_SEVERITIES = click.Choice(["info", "warning", "error"])
_FORMATS = click.Choice(["text", "json", "jsonl", "github", "gitlab", "sarif", "junit", "markdown"])
_FILE = click.Path(path_type=Path)


@click.command(
    cls=Command,
    short_help="Say what is wrong with new pages, on the lines concerned.",
    examples=(
        "pipeline check raw",
        "pipeline check --changed-since origin/main --format github raw",
        "pipeline check --report sarif=check.sarif --report markdown=summary.md raw",
        "pipeline check --select R,X --fail-on warning page.html",
        "pipeline check --explain R004",
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH|-]...")
@click.option("--changed-since", metavar="REF", help="Only pages added or changed since a commit of git.")
@click.option("--select", multiple=True, metavar="CODES", help="Codes, their beginnings or names to check.")
@click.option("--extend-select", multiple=True, metavar="CODES", help="More of them.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Codes, their beginnings or names to leave out.")
@click.option("--severity", type=_SEVERITIES, help="The least severe findings to show.  [default: info]")
@click.option("--fail-on", type=_SEVERITIES, default="error", show_default=True, help="Severity that makes status 1.")
@click.option("--baseline", type=_FILE, metavar="FILE", help="Show only findings that are not in this file.")
@click.option("--write-baseline", type=_FILE, metavar="FILE", help="Write today's findings to a file; status 0.")
@click.option("--statistics", is_flag=True, help="Show how often each code was found instead of the findings.")
@profiles_option
@click.option("--explain", metavar="CODE", help="Say what a check looks for, with examples.")
@click.option("--list", "listed", is_flag=True, help="List all checks.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: as it suits]")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="S",
    help="Seconds that a page may take.  [default: 30]",
)
@click.option("--format", "-f", "form", type=_FORMATS, default="text", show_default=True, help="How to write findings.")
@click.option("--output", "-o", type=_FILE, metavar="FILE", help="Where to write them.  [default: standard output]")
@click.option(
    "--report", multiple=True, metavar="FORMAT=FILE", help="Write the findings to a file as well, in this format."
)
@click.option("--quiet", "-q", is_flag=True, help="No summary.")
def check(
    paths: tuple[str, ...],
    changed_since: str | None,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: str | None,
    fail_on: str,
    baseline: Path | None,
    write_baseline: Path | None,
    *,
    statistics: bool,
    profiles: tuple[Path, ...],
    explain: str | None,
    listed: bool,
    jobs: int | None,
    timeout: float | None,
    form: str,
    output: Path | None,
    report: tuple[str, ...],
    quiet: bool,
) -> int:
    """Check pages: files, folders of pages, or - for standard input.

    Exit status: 0 nothing found as severe as --fail-on, 1 such findings, 2 misuse, 70 a fault of the program.
    """
    with _Crashes(), _few_collections():
        if listed or explain:
            click.echo(_explained(explain) if explain else _list(), nl=False)
            return 0
        also = [_report(argument) for argument in report]
        asked = {"select": _codes(select), "extend_select": _codes(extend_select), "ignore": _codes(ignore)}
        reports = _reports(paths, changed_since, {**asked, "severity": severity, "timeout": timeout}, jobs, profiles)
        if write_baseline:
            from pipeline.check.selection import write_baseline as write

            write_out(write_baseline, write(reports).encode())
            return 0
        if baseline:
            from pipeline.check.selection import without_known

            reports = without_known(reports, baseline)
        _write(_statistics(reports) if statistics else _written(reports, form, output), output)
        for name, path in also:
            _write(_written(reports, name, path), path)
        if not quiet:
            click.echo(_summary(reports), err=True)
        return _status(reports, fail_on)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the collector of garbage rest while data files are loaded, which is a tenth of the time of a single page."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Crashes:
    """Turns an exception that is no fault of the user's into a traceback and status 70: Python's own would be 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        told = isinstance(error, PipelineError | click.ClickException | click.Abort | click.exceptions.Exit)
        of_stdout = isinstance(error, OSError) and error.filename is None
        if isinstance(error, Exception) and not told and not of_stdout:
            traceback.print_exception(error)
            raise SystemExit(CRASHED)


def _report(argument: str) -> tuple[str, Path]:
    """Return format and file of `FORMAT=FILE`.

    Raises:
        UsageError: it names no format or no file.
    """
    name, _, path = argument.partition("=")
    if name not in _FORMATS.choices or not path:
        raise UsageError(f"--report {argument} names no format and file", mend="Write it like --report sarif=out.sarif")
    return name, Path(path)


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for part in given for code in part.split(",") if code.strip())


def _reports(
    paths: tuple[str, ...], changed: str | None, asked: dict[str, Any], jobs: int | None, profiles: tuple[Path, ...]
) -> "list[PageReport]":
    from pipeline.check.pages import check_pages
    from pipeline.check.selection import CheckOptions
    from pipeline.cli.settings import load_settings

    settings = load_settings()
    own = settings.check or CheckOptions()
    general = {} if own.timeout != CheckOptions().timeout else {"timeout": settings.timeout}
    options = dataclasses.replace(own, **_given(general | _given(asked)))
    stages = with_profiles(settings.stages, profiles)
    stages = dataclasses.replace(stages, repair=dataclasses.replace(stages.repair, suggest=True))
    if not paths and not changed:
        raise UsageError("no page is named", mend="Name files or folders, - for standard input, or --changed-since")
    pages = _pages(paths or (".",), changed)
    return check_pages(pages, options, stages, jobs=jobs or settings.jobs)


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the command line says; it goes before the settings."""
    return {name: value for name, value in asked.items() if value}


def _pages(paths: Sequence[str], changed: str | None) -> "list[Page]":
    from pipeline.check.changed import changed_since
    from pipeline.check.pages import Page

    found: dict[str, Page] = {}
    for argument in paths:
        if argument == STDIN:
            found["-"] = Page("standard input", data=sys.stdin.buffer.read())
            continue
        path = Path(argument)
        if not argument:
            raise UsageError("a path is empty", mend="Look for a variable that is not set; . is the working folder")
        if not path.exists():
            raise InputError("there is no such file", path=argument)
        files = _below(path) if path.is_dir() else [path]
        if changed:
            fresh = {name.resolve() for name in changed_since(changed, path if path.is_dir() else path.parent)}
        for file in files:
            found[_name(file)] = Page(_name(file), file, known=bool(changed) and file.resolve() not in fresh)
    return list(found.values())


def _below(folder: Path) -> list[Path]:
    from pipeline.run.pages import find_pages

    pages = [folder / page.name for page in find_pages(folder).pages]
    return pages + [path for path in sorted(folder.rglob("*.json")) if _is_record(path, folder)]


def _is_record(path: Path, folder: Path) -> bool:
    """Whether a JSON file is a record of ours: folders of pages may hold JSON of any kind."""
    if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(1000).lstrip()
    except OSError:
        return False
    return head.startswith(b"{") and b'"schema_version"' in head


def _name(path: Path) -> str:
    """Return a path as findings name it: in short, printable, with `/` between folders."""
    name = Path(os.path.normpath(path)).as_posix()
    if name.isascii() and name.isprintable():
        return name
    from pipeline.run.pages import shown

    return shown(name)


def _written(reports: "Sequence[PageReport]", form: str, output: Path | None) -> str:
    from pipeline.check.formats import FORMATS, excerpt

    if form != "text" or output or not sys.stdout.isatty():
        return FORMATS[form](reports)
    import msgspec

    single = [msgspec.structs.replace(report, findings=(f,)) for report in reports for f in report.findings]
    return "".join(FORMATS["text"]([one]) + excerpt(one.findings[0]) for one in single)


def _write(text: str, output: Path | None) -> None:
    data = text.encode("utf-8", "backslashreplace")
    if output:
        write_out(output, data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def _statistics(reports: "Sequence[PageReport]") -> str:
    from pipeline.check.finding import count
    from pipeline.check.registry import find_check

    return "".join(f"{number:>6}  {code}  {find_check(code).name}\n" for code, number in count(reports).items())


def _summary(reports: "Sequence[PageReport]") -> str:
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for report in reports:
        for finding in report.findings:
            counts[finding.severity] += 1
    found = ", ".join(f"{number} {severity}" for severity, number in counts.items() if number)
    return f"{len(reports)} {'page' if len(reports) == 1 else 'pages'} checked: {found or 'nothing found'}"


def _status(reports: "Sequence[PageReport]", fail_on: str) -> int:
    from pipeline.check.finding import RANK, worst

    severity = worst(reports)
    return int(severity is not None and RANK[severity] >= RANK[fail_on])  # type: ignore[index]


def _list() -> str:
    from pipeline.check.registry import all_checks

    return "".join(f"{c.code}  {c.severity:<7}  {c.name}: {c.summary}\n" for c in all_checks())


def _explained(code: str) -> str:
    from pipeline.check.explained import explained
    from pipeline.check.registry import find_check

    return explained(find_check(code))
