"""`pipeline clean` and `pipeline schema`: one page, and the shape of what comes out."""

import sys
from pathlib import Path

import click

from pipeline.cli.command import Command
from pipeline.cli.formats import complete_names
from pipeline.cli.inputs import is_record, read_input
from pipeline.cli.profiles import profiles_option, with_profiles
from pipeline.cli.report import report
from pipeline.write.formats import FORMATS


@click.command(
    cls=Command,
    short_help="Make the record of one page.",
    examples=(
        "pipeline clean page.html",
        "pipeline clean page.html --format markdown > page.md",
        "curl -s https://example.org/page | pipeline clean - --format text",
    ),
)
@click.argument("file", metavar="FILE|-", type=click.Path(allow_dash=True))
@click.option(
    "--format",
    "-f",
    "format_",
    shell_complete=complete_names,
    default="json",
    show_default=True,
    metavar="NAME",
    help=f"One of {', '.join(FORMATS)}.",
)
@click.option("--url", help="Address of the page, if the page does not say it.")
@profiles_option
def clean(file: str, format_: str, url: str | None, profiles: tuple[Path, ...]) -> int:
    """Make the record of one page, HTML or plain text, and print it."""
    from pipeline.cli.formats import renderer
    from pipeline.cli.settings import load_settings
    from pipeline.errors import InputError, UsageError
    from pipeline.journey import clean as clean_page

    options = with_profiles(load_settings().stages, profiles)
    render = renderer(format_)
    given = read_input(file)
    if is_record(given):
        raise InputError(
            "is a record already", path=given.shown, mend="Use pipeline repair, sections or explain for records"
        )
    record = clean_page(given.data, name=given.name, url=url, options=options)
    data = render(record, options)
    if b"\0" in data and sys.stdout.isatty():
        raise UsageError(f"the format {format_} is not for a terminal", mend="Send it to a file: … > FILE")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    return report(record, given.shown)


@click.command(
    cls=Command, short_help="Print the JSON Schema of a record.", examples=("pipeline schema > record.schema.json",)
)
def schema() -> None:
    """Print the JSON Schema (2020-12) of a record."""
    import json

    from pipeline.record import schema as record_schema

    click.echo(json.dumps(record_schema(), indent=2, ensure_ascii=False))
