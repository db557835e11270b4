"""`pipeline mine`: candidates for the glossary from pages that look machine-translated."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import Command
from pipeline.errors import InputError, UsageError

if TYPE_CHECKING:
    from pipeline.record import Record
    from pipeline.review.candidate import Candidate
    from pipeline.review.mining.dictionary import Dictionary
    from pipeline.review.mining.miner import Mined

_PATH = click.Path(path_type=Path)
QUEUE = "review.sqlite"
"""The queue, where no other is named."""


@click.command(
    cls=Command,
    short_help="Find candidates for the glossary in translated pages.",
    examples=(
        "pipeline mine processed",
        "pipeline mine raw --dictionary ru=mueller7.dict.dz --limit 100",
        "pipeline mine processed --print",
    ),
)
@click.argument("pages", type=_PATH, default="processed", metavar="[PROCESSED|RAW]")
@click.option("--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="Candidates at most.")
@click.option(
    "--dictionary",
    "dictionaries",
    multiple=True,
    metavar="[LANGUAGE=]FILE",
    help="A bilingual dictionary (dictd, StarDict, TSV), for one source language or for all; several times.",
)
@click.option("--queue", type=_PATH, default=QUEUE, show_default=True, help="Where candidates are kept for review.")
@click.option(
    "--fired", type=click.IntRange(min=1), default=2, show_default=True, help="Entries that make a page suspect."
)
@click.option("--print", "printed", is_flag=True, help="Print the candidates and keep none.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
def mine(
    pages: Path,
    limit: int,
    dictionaries: tuple[str, ...],
    queue: Path,
    fired: int,
    *,
    printed: bool,
    quiet: bool,
) -> None:
    """Find what is probably wrong in pages and not in the glossary yet, and put it in the queue for review.

    PROCESSED is a folder of records, RAW one of pages. Candidates come from pages in which at least two
    entries fired; nothing that is found is ever applied. What was refused is not proposed again.
    """
    from pipeline.cli.settings import load_settings
    from pipeline.repair.glossary_files import load
    from pipeline.review.mining.miner import MineOptions
    from pipeline.review.mining.miner import mine as find
    from pipeline.review.refusals import Refusals

    refusals = Refusals(load(load_settings().stages.repair.folders).refused)
    options = MineOptions(dictionaries=_dictionaries(dictionaries), refusals=refusals, least_fired=fired, limit=limit)
    mined = find(_records(pages, quiet=quiet), options)
    if printed:
        for candidate in mined.candidates:
            click.echo(_line(candidate))
    told = "" if printed else _kept(mined, queue, refusals)
    if not quiet:
        click.echo(
            f"{mined.suspect} of {mined.pages} pages are suspect: {len(mined.candidates)} candidates{told}", err=True
        )


def _dictionaries(named: tuple[str, ...]) -> "dict[str, Dictionary]":
    from pipeline.review.mining.dictionary import load_dictionary

    found = {}
    for value in named:
        language, _, path = value.rpartition("=")
        if language and not (len(language) == 2 and language.isalpha()):
            raise UsageError(f"there is no language {language}", mend="Write it as ru=FILE, or the file alone")
        found[language.lower()] = load_dictionary(Path(path))
    return found


def _records(pages: Path, *, quiet: bool) -> "Iterator[Record]":
    """Yield the records in a folder: as they are stored, or made of its pages; with progress on a terminal."""
    if not pages.is_dir():
        raise InputError("is no folder", path=pages, mend="Name a folder of records or of pages")
    stored = sorted([*pages.rglob("*.json"), *pages.rglob("*.jsonl")])
    found = _stored(stored) if stored else _made(pages)
    if quiet or not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(found, "Mining", len(stored) or None, console=Console(stderr=True), transient=True)


def _stored(files: list[Path]) -> "Iterator[Record]":
    from pipeline.record import Record

    for path in files:
        try:
            data = path.read_bytes()
            lines = data.splitlines() if path.suffix == ".jsonl" else [data]
            yield from (Record.from_json(line) for line in lines if line.strip())
        except ValueError as error:
            raise InputError(
                f"is no record: {error}", path=path, mend="Name a folder of records or of pages"
            ) from error
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path=path) from error


def _made(pages: Path) -> "Iterator[Record]":
    from pipeline.cli.settings import load_settings
    from pipeline.journey import clean
    from pipeline.run.pages import find_pages

    options = load_settings().stages
    for page in find_pages(pages).pages:
        try:
            data = (pages / page.name).read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path=pages / page.name) from error
        yield clean(data, name=page.name, options=options)


def _kept(mined: "Mined", path: Path, refusals: object) -> str:
    """Put candidates in the queue; return what is to be said of it."""
    from pipeline.review.approval import open_queue
    from pipeline.review.refusals import Refusals, refuse_known

    assert isinstance(refusals, Refusals)  # noqa: S101 -- imported here for speed
    with open_queue(path) as queue:
        refuse_known(queue, refusals)
        added = queue.add(mined.candidates)
    return f", {added.new} new, {added.known} known, {added.refused} refused before, in {path}"


def _line(candidate: "Candidate") -> str:
    """Return a candidate as a line, its fields a tab apart."""
    shown = ", ".join(one.text for one in candidate.replacements[:3])
    sentence = candidate.contexts[0].sentence if candidate.contexts else ""
    cells = (f"{candidate.score:.2f}", candidate.kind, candidate.phrase, shown, f"{candidate.pages} pages", sentence)
    return "\t".join("".join(c if c.isprintable() else " " for c in cell) for cell in cells)
