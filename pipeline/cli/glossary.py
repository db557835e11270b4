"""`pipeline glossary`: lint, test, try, show, stats, diff, import and export."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import Command, Group
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.document import Document
    from pipeline.repair.glossary_files import Glossary
    from pipeline.repair.guards import Decision
    from pipeline.repair.tools import Hit

_FOLDERS = click.option(
    "--glossary",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder of entries instead of those in use (the built-in ones and those of the settings); several times.",
)


@click.group(
    cls=Group,
    short_help="Look at the glossary, check it, try it.",
    examples=("pipeline glossary stats", "pipeline glossary lint", 'pipeline glossary try "Pain when driving."'),
)
def glossary() -> None:
    """Look at the glossary, check it, try it. An entry is a phrase, what to put there, and when."""


@glossary.command(
    cls=Command,
    short_help="Say what is wrong with the glossary.",
    examples=("pipeline glossary lint", "pipeline glossary lint --glossary my-entries"),
)
@_FOLDERS
def lint(folders: tuple[Path, ...]) -> int:
    """Say what is wrong with the glossary, as path:line: severity: entry: message (code).

    Exit status 1 where a finding is of severity error.
    """
    from pipeline.repair.lint import lint as lint_glossary

    loaded = _load(folders)
    found = lint_glossary(loaded)
    for finding in found:
        click.echo(str(finding))
    click.echo(f"{len(loaded.entries):,} entries, {len(found):,} findings", err=True)
    return int(any(finding.severity == "error" for finding in found))


@glossary.command(
    cls=Command,
    short_help="Run the examples of the entries.",
    examples=("pipeline glossary test", "pipeline glossary test ru.spine.ridge"),
)
@click.argument("ids", nargs=-1, metavar="[ID]…")
@_FOLDERS
def test(ids: tuple[str, ...], folders: tuple[Path, ...]) -> int:
    """Run the examples of all entries, or of those named: what must change and what must stay.

    Exit status 1 where one fails.
    """
    from pipeline.repair.examples import run_examples

    loaded = _load(folders)
    entries = loaded.entries
    if ids:
        entries = tuple(located for located in entries if located.entry.id in ids)
        for missing in sorted(set(ids) - {located.entry.id for located in entries}):
            raise _unknown(missing, loaded)
    failures = run_examples(entries)
    for failure in failures:
        click.echo(str(failure))
    examples = sum(len(located.entry.change) + len(located.entry.keep) for located in entries)
    click.echo(f"{len(entries):,} entries, {examples:,} examples, {len(failures):,} failures", err=True)
    return int(bool(failures))


@glossary.command(
    "try",
    cls=Command,
    short_help="Say what the glossary does to a sentence, and why.",
    examples=(
        'pipeline glossary try "Pain in the mountain range when driving."',
        'pipeline glossary try "Pain when driving." --topic medicine',
    ),
)
@click.argument("sentence")
@click.option("--topic", "topics", multiple=True, help="Topic to assume, several times; otherwise the words decide.")
@_FOLDERS
def try_(sentence: str, topics: tuple[str, ...], folders: tuple[Path, ...]) -> None:
    """Say what the glossary does to a sentence, and for each phrase found which condition decided."""
    from pipeline.repair.entry import FIELD_TOPICS
    from pipeline.repair.tools import try_sentence

    for topic in topics:
        if topic not in FIELD_TOPICS:
            raise UsageError(f"there is no topic {topic}", mend=f"Choose from {', '.join(FIELD_TOPICS)}")
    trial = try_sentence(sentence, topic=topics, folders=_own(folders))
    click.echo(f"{click.style('-', fg='red')} {trial.before}")
    click.echo(f"{click.style('+', fg='green')} {trial.after}")
    click.echo(f"topics: {', '.join(trial.topics) or 'none'}")
    for decision in trial.decisions:
        click.echo(_decision(decision))
    for finding in trial.findings:
        click.echo(f"  {finding}")


@glossary.command(
    cls=Command,
    short_help="Show an entry as it stands in its file.",
    examples=("pipeline glossary show ru.spine.ridge",),
)
@click.argument("entry_id", metavar="ID")
@_FOLDERS
def show(entry_id: str, folders: tuple[Path, ...]) -> None:
    """Show an entry as it stands in its file."""
    from pipeline.repair.tools import source_of

    loaded = _load(folders)
    located = loaded.find(entry_id)
    if located is None:
        raise _unknown(entry_id, loaded)
    click.echo(f"{located.path}:{located.line}", err=True)
    click.echo(source_of(located), nl=False)


@glossary.command(cls=Command, short_help="Count the entries.", examples=("pipeline glossary stats",))
@_FOLDERS
def stats(folders: tuple[Path, ...]) -> None:
    """Count the entries by status, language, field and type of error."""
    import msgspec

    from pipeline.repair.tools import stats as count

    for name, value in msgspec.structs.asdict(count(_load(folders))).items():
        title = name.replace("_", " ")
        if isinstance(value, int):
            click.echo(f"{title:<12}{value:>7,}")
        else:
            click.echo(click.style(title, bold=True))
            for key, number in value.items():
                click.echo(f"  {key:<28}{number:>7,}")


@glossary.command(
    cls=Command,
    short_help="Say what a change to the glossary does to pages.",
    examples=("pipeline glossary diff main", "pipeline glossary diff HEAD~5 raw --limit 20"),
)
@click.argument("revision", metavar="REV")
@click.argument("raw", default="raw", type=click.Path(path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Hits shown of each kind.")
@_FOLDERS
def diff(revision: str, raw: Path, limit: int, folders: tuple[Path, ...]) -> None:
    """Say which changes of text the glossary makes in the pages below RAW that it did not make at git revision REV."""
    from tempfile import TemporaryDirectory

    from pipeline.cli.git import folder_at
    from pipeline.repair.tools import diff as compare

    own = in_use(folders)
    with TemporaryDirectory() as scratch:
        old = [folder_at(revision, folder, Path(scratch) / str(number)) for number, folder in enumerate(own)]
        difference = compare(_documents(raw), old, own)
    for title, hits, colour in (("gained", difference.gained, "green"), ("lost", difference.lost, "red")):
        click.echo(click.style(f"{title}: {len(hits)}", bold=True))
        for hit in hits[:limit]:
            click.echo(_hit(hit, colour))
        if len(hits) > limit:
            click.echo(f"  … and {len(hits) - limit} more (--limit)")


@glossary.command(
    cls=Command,
    short_help="Print all entries as CSV or TBX.",
    examples=("pipeline glossary export > glossary.csv", "pipeline glossary export --to tbx > glossary.tbx"),
)
@click.option("--to", type=click.Choice(["csv", "tbx"]), default="csv", show_default=True, help="CSV has all keys.")
@_FOLDERS
def export(to: str, folders: tuple[Path, ...]) -> None:
    """Print all entries as CSV with all keys, or as TBX-Basic with the terms."""
    from pipeline.repair.exchange import export_csv, export_tbx

    text = (export_csv if to == "csv" else export_tbx)(_load(folders).entries)
    sys.stdout.buffer.write(text.encode())


@glossary.command(
    "import",
    cls=Command,
    short_help="Print the entries of a CSV or TBX file as TOML.",
    examples=("pipeline glossary import proposals.csv > ru/proposals.toml", "pipeline glossary import terms.tbx"),
)
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Print the entries of a CSV or TBX file as TOML, as candidates unless they were reviewed."""
    from pipeline.data_file import read_text
    from pipeline.repair.exchange import import_csv, import_tbx, to_toml

    if file.suffix not in {".csv", ".tbx", ".xml"}:
        raise UsageError("is neither .csv nor .tbx", path=file)
    read = import_csv if file.suffix == ".csv" else import_tbx
    click.echo("\n".join(to_toml(entry) for entry in read(read_text(file), file)), nl=False)


def in_use(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folders given, else those of the settings with the built-in one."""
    if folders:
        return folders
    from pipeline.cli.settings import load_settings

    return load_settings().stages.repair.folders


def _own(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folders beside the built-in one."""
    from pipeline.repair.glossary_files import BUILT_IN

    return tuple(folder for folder in in_use(folders) if folder != BUILT_IN)


def _load(folders: tuple[Path, ...]) -> "Glossary":
    from pipeline.repair.glossary_files import load

    return load(in_use(folders))


def _documents(raw: Path) -> "Iterator[Document]":
    """Yield the pages below a folder, stripped and not repaired."""
    from pipeline.cli.inputs import read_inputs
    from pipeline.cli.settings import load_settings
    from pipeline.read.stage import read_page
    from pipeline.strip.stage import strip_boilerplate

    options = load_settings().stages
    for given in read_inputs([str(raw)]):
        document = read_page(given.data, name=given.name, options=options.read)
        yield strip_boilerplate(document, options=options.strip)


def _unknown(entry_id: str, loaded: "Glossary") -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(entry_id, [located.entry.id for located in loaded.entries], n=1)
    return UsageError(f"there is no entry {entry_id}", mend=f"Did you mean {near[0]}?" if near else "")


def _decision(decision: "Decision") -> str:
    outcome = click.style(decision.outcome, fg="green" if decision.outcome == "applied" else "yellow")
    detail = f": {decision.detail}" if decision.detail else ""
    after = f" → “{decision.after}”" if decision.after else ""
    return f"  {decision.entry}: “{decision.text}”{after}: {outcome}{detail}"


def _hit(hit: "Hit", colour: str) -> str:
    from pipeline.cli.changes import one_line

    change = click.style(f"[{one_line(hit.before)} → {one_line(hit.after)}]", fg=colour)
    return f"  {hit.document}: …{one_line(hit.left)}{change}{one_line(hit.right)}… ({hit.reason})"
