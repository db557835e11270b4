"""`pipeline report`: processed pages as HTML files that need no server."""

from pathlib import Path

import click

from pipeline.cli.command import Command


@click.command(
    cls=Command,
    short_help="Write a report on processed pages as HTML files.",
    examples=("pipeline report processed -o report", "pipeline report processed -o report --glossary my-entries"),
)
@click.argument("processed", type=click.Path(path_type=Path), default=Path("processed"))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    metavar="FOLDER",
    help="Where to write it: a new or empty folder, or one that holds an earlier report.",
)
@click.option(
    "--glossary",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder of entries instead of those in use (the built-in ones and those of the settings); several times.",
)
def report(processed: Path, output: Path, folders: tuple[Path, ...]) -> int:
    """Write a report on the records below PROCESSED: an overview with plots, and each page before and after.

    The files need no server and run no script. Exit status 1 where a record could not be read.
    """
    from pipeline.cli.glossary import in_use
    from pipeline.review.report.reasons import Reasons
    from pipeline.review.report.site import write_report

    figures = write_report(processed, output, Reasons(in_use(folders)))
    for fault in figures.faults:
        click.echo(f"pipeline: {fault}", err=True)
    rates = f"{figures.before_rate:.2f} known errors per 100 words before repair, {figures.after_rate:.2f} after"
    pages = f"{len(figures.pages):,} page{'' if len(figures.pages) == 1 else 's'}"
    click.echo(f"{pages}, {figures.words:,} words: {rates}", err=True)
    click.echo(output / "index.html")
    return int(bool(figures.faults))
