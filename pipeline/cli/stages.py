"""`pipeline strip`, `repair` and `sections`: one stage, from a raw page or from the record of the stage before."""

import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from pipeline.cli.command import Command
from pipeline.cli.inputs import STDIN, Input, read_inputs, records_in, write_out
from pipeline.cli.profiles import profiles_option, with_profiles
from pipeline.cli.report import report
from pipeline.errors import InputError, UsageError

if TYPE_CHECKING:
    from pipeline.journey import Options
    from pipeline.record import Record

files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="FILE…|-|FOLDER"
)
out_option = click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="File for the result; a folder where there are several. Otherwise standard output: one JSON document, or one "
    "a line where there are several.",
)


@click.command(
    cls=Command,
    short_help="Drop page furniture and keep the article.",
    examples=(
        "pipeline strip page.html",
        "pipeline strip page.html | pipeline repair - | pipeline sections -",
        "pipeline strip raw -o stripped",
    ),
)
@files_argument
@out_option
@profiles_option
def strip(files: tuple[str, ...], out: Path | None, profiles: tuple[Path, ...]) -> int:
    """Drop page furniture and keep the article; every block dropped keeps its reason."""
    from pipeline.cli.settings import load_settings

    return run_stage("strip", files, out, with_profiles(load_settings().stages, profiles))


@click.command(
    cls=Command,
    short_help="Find headings and label sections.",
    examples=(
        "pipeline sections page.html",
        "pipeline repair page.txt | pipeline sections -",
        "pipeline sections page.html --table",
    ),
)
@files_argument
@out_option
@profiles_option
@click.option("--table", is_flag=True, help="Print the outline: label, what decided, confidence, words, heading.")
def sections(files: tuple[str, ...], out: Path | None, profiles: tuple[Path, ...], table: bool) -> int:
    """Find headings and label sections.

    Reads raw pages (which go through all stages) and what `pipeline repair` wrote.
    """
    from pipeline.cli.settings import load_settings

    options = with_profiles(load_settings().stages, profiles)
    if not table:
        return run_stage("sections", files, out, options)
    from pipeline.sections.outline import outline_text

    if out is not None:
        raise UsageError("--table goes to standard output", mend="Leave out --out")
    status = 0
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for result in results_of("sections", files, options):
        click.echo(click.style(result.record.title or result.given.shown, bold=True))
        click.echo(outline_text(result.record, width))
        status |= report(result.record, result.given.shown)
    return status


class Result(NamedTuple):
    """A record, and the input that it was made of."""

    given: Input
    record: "Record"


def run_stage(stage: str, files: tuple[str, ...], out: Path | None, options: "Options") -> int:
    """Run a stage on all inputs, write the records and return the exit status."""
    results = results_of(stage, files, options)
    return _to_stdout(results) if out is None else _to_files(results, out, files)


def results_of(stage: str, files: tuple[str, ...], options: "Options") -> "Iterator[Result]":
    """Yield the record of each page, and of each record, in the inputs."""
    if files.count(STDIN) > 1:
        raise UsageError("standard input can be read once only")
    return (result for given in read_inputs(files) for result in _records(given, stage, options))


def _records(given: Input, stage: str, options: "Options") -> "Iterator[Result]":
    from msgspec import structs

    records = records_in(given)
    if records is None and stage == "undo":
        raise InputError("is a page and no record; there is nothing to undo", path=given.shown)
    if records is None:
        record = _from_page(given, stage, options)
        yield Result(given, record if given.id is None else structs.replace(record, id=given.id))
    else:
        for record in records:
            yield Result(given, _from_record(record, given, stage, options))


def _from_page(given: Input, stage: str, options: "Options") -> "Record":
    from pipeline.journey import clean
    from pipeline.read.stage import read_page
    from pipeline.repair.stage import repair_translation
    from pipeline.strip.stage import strip_boilerplate

    if stage == "sections":
        return clean(given.data, name=given.name, options=options)
    document = read_page(given.data, name=given.name, options=options.read)
    document = strip_boilerplate(document, options=options.strip)
    if stage == "repair":
        document = repair_translation(document, options=options.repair)
    return document.to_record()


def _from_record(record: "Record", given: Input, stage: str, options: "Options") -> "Record":
    from pipeline.document import Document, undo
    from pipeline.repair.stage import repair_translation
    from pipeline.sections.stage import label_sections

    if stage == "undo":
        return undo(Document.from_record(record)).to_record()
    if stage == "sections":
        return label_sections(Document.from_record(record), options=options.sections)
    if stage in record.stages or stage == "strip":
        click.echo(f"{given.shown}: {record.id} has been through {stage} already; passed on as it is", err=True)
        return record
    return repair_translation(Document.from_record(record), options=options.repair).to_record()


def _to_stdout(results: "Iterator[Result]") -> int:
    """Print one record as a JSON document, several as one a line."""
    from pipeline.write.jsonl import to_json, to_json_line

    first, second = next(results, None), next(results, None)
    if first is None:
        raise InputError("there are no pages and no records")
    rest = (first, second) if second else (first,)
    status = 0
    for result in chain(rest, results):
        text = to_json_line(result.record) if second else to_json(result.record)
        sys.stdout.buffer.write(text.encode())
        status |= report(result.record, result.given.shown)
    sys.stdout.buffer.flush()
    return status


def _to_files(results: "Iterator[Result]", out: Path, files: tuple[str, ...]) -> int:
    """Write one record to the file `out`; where several may come, each to a file in the folder `out`."""
    from pipeline.write.jsonl import to_json

    in_folder = out.is_dir() or len(files) > 1 or (files[0] != STDIN and Path(files[0]).is_dir())
    taken: set[Path] = set()
    status = 0
    for result in results:
        path = out / f"{result.record.id}.json" if in_folder else out
        if path in taken:
            where = "two inputs would be written to it" if in_folder else "several records would be written to it"
            raise UsageError(where, path=path, mend="Use pipeline run for folders, or name a folder with -o")
        taken.add(path)
        write_out(path, to_json(result.record).encode())
        status |= report(result.record, result.given.shown)
    return status
