"""`pipeline repair`: applied, or only shown, or taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import Command
from pipeline.cli.profiles import profiles_option, with_profiles
from pipeline.cli.stages import Result, files_argument, out_option, results_of, run_stage
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.journey import Options


@click.command(
    cls=Command,
    short_help="Mend machine-translation errors.",
    examples=(
        "pipeline repair page.txt",
        "pipeline strip page.html | pipeline repair -",
        "pipeline repair raw --dry-run",
        "pipeline repair page.html --diff --suggest",
        "pipeline repair --undo page.json > before.json",
    ),
)
@files_argument
@out_option
@profiles_option
@click.option("--dry-run", "mode", flag_value="dry-run", help="Only list what would be changed, one change a line.")
@click.option("--diff", "mode", flag_value="diff", help="Only show what would be changed, in context.")
@click.option("--undo", "mode", flag_value="undo", help="Take all changes of records back: the text before, exactly.")
@click.option("--suggest", is_flag=True, help="Tell also of what needs a person, as findings: several candidates.")
def repair(
    files: tuple[str, ...], out: Path | None, profiles: tuple[Path, ...], mode: str | None, suggest: bool
) -> int:
    """Mend machine-translation errors; every change keeps its reason and can be undone.

    Reads raw pages (which are stripped first) and what `pipeline strip` wrote.
    """
    from pipeline.cli.settings import load_settings

    options = with_profiles(load_settings().stages, profiles)
    if suggest:
        options = replace(options, repair=replace(options.repair, suggest=True))
    if mode is None or mode == "undo":
        return run_stage(mode or "repair", files, out, options)
    if out is not None:
        raise UsageError(f"--{mode} writes no records", mend="Leave out --out")
    return _show(results_of("repair", files, options), mode, options)


def _show(results: Iterator[Result], mode: str, options: "Options") -> int:
    from pipeline.cli.changes import change_lines, one_line, place_of, reasons
    from pipeline.cli.report import report

    status = 0
    for given, record in results:
        words = reasons(record, options)
        for change in record.changes:
            if mode == "diff":
                click.echo("\n".join([f"{given.shown}:", *change_lines(record, change, words)]))
            else:
                before, after = (
                    click.style(one_line(change.before), fg="red"),
                    click.style(one_line(change.after), fg="green"),
                )
                place = place_of(record, change).removeprefix("line ")
                click.echo(f"{given.shown}:{place}: {before} → {after} ({change.reason})")
        status |= report(record, given.shown)
    return status
