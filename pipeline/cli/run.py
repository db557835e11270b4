"""`pipeline run`: a folder of pages → a folder of records, with progress and a summary."""

import signal
from pathlib import Path

import click

from pipeline.cli.command import Command
from pipeline.cli.formats import complete_names, split_names
from pipeline.cli.main import INTERRUPTED, TERMINATED
from pipeline.cli.profiles import profiles_option, with_profiles
from pipeline.write.formats import FORMATS

_PATH = click.Path(path_type=Path)


@click.command(
    cls=Command,
    short_help="Make a record of every page in a folder.",
    examples=(
        "pipeline run",
        "pipeline run crawl articles --jobs 4 --format json,markdown",
        "pipeline run --force --prune",
    ),
)
@click.argument("raw", type=_PATH, default="raw")
@click.argument("processed", type=_PATH, default="processed")
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Worker processes.  [default: one per processor]"
)
@click.option(
    "--format",
    "-f",
    "formats",
    shell_complete=complete_names,
    multiple=True,
    metavar="NAMES",
    help=f"Output formats, separated by commas: {', '.join(FORMATS)}.  [default: json]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Seconds that a page may take.  [default: 30]",
)
@profiles_option
@click.option("--force", is_flag=True, help="Make every page again.")
@click.option("--prune", is_flag=True, help="Remove outputs whose page is gone.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary: errors alone.")
def run(
    raw: Path,
    processed: Path,
    jobs: int | None,
    formats: tuple[str, ...],
    timeout: float | None,
    profiles: tuple[Path, ...],
    force: bool,
    prune: bool,
    quiet: bool,
) -> int:
    """Make a record of every page below the folder RAW (raw) in the folder PROCESSED (processed).

    Pages are files that end in .html, .htm, .xhtml or .txt. Only what is new or changed is done; stopped
    or killed at any point, the next run goes on.
    """
    from pipeline.cli.settings import load_settings
    from pipeline.cli.watch import Watch, show
    from pipeline.run.folder import DEFAULT_TIMEOUT, RunOptions, run_folder

    settings = load_settings()
    options = RunOptions(
        jobs=jobs or settings.jobs,
        formats=split_names(formats) or settings.formats or ("json",),
        force=force,
        prune=prune,
        timeout=timeout or settings.timeout or DEFAULT_TIMEOUT,
        stages=with_profiles(settings.stages, profiles),
    )
    received: list[int] = []

    def stop(number: int, _: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)  # as `kill` and `docker stop` send it: stopped as cleanly as by Ctrl-C
    with Watch(raw, quiet=quiet) as watch:
        summary = run_folder(raw, processed, options, watch)
    if not quiet:
        show(summary, processed)
    if summary.stopped:
        return TERMINATED if received else INTERRUPTED
    return int(summary.has_errors)
