"""`pipeline explain`: what was dropped, changed and found in a page, and why, in words."""

import shutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from pipeline.cli.changes import change_lines, reasons, shortened
from pipeline.cli.command import Command
from pipeline.cli.inputs import read_input, records_in

if TYPE_CHECKING:
    from pipeline.cli.inputs import Input
    from pipeline.journey import Options
    from pipeline.record import DroppedBlock, Record

_SEVERITY = {"error": "red", "warning": "yellow", "info": "cyan"}


class Explained(NamedTuple):
    """A record, and the scores of its dropped blocks in their order (None where a rule decided)."""

    record: "Record"
    scores: tuple[float | None, ...]


@click.command(
    cls=Command,
    short_help="Say what was dropped, changed and found in a page, and why.",
    examples=(
        "pipeline explain page.html",
        "pipeline explain processed/page.json",
        "pipeline strip page.html | pipeline explain -",
        "pipeline explain page.html | less -R",
    ),
)
@click.argument("file", metavar="FILE|-", type=click.Path(allow_dash=True))
def explain(file: str) -> int:
    """Say what was dropped, changed and found in a page, and why.

    Reads a raw page or a record that any of the commands wrote. In colour on a terminal.
    """
    from pipeline.cli.settings import load_settings

    options = load_settings().stages
    given = read_input(file)
    status = 0
    for explained in _explained(given, options):
        click.echo("\n".join(explanation(explained, given.shown, reasons(explained.record, options))))
        status |= any(finding.severity == "error" for finding in explained.record.findings)
    return status


def _explained(given: "Input", options: "Options") -> "Iterator[Explained]":
    records = records_in(given)
    if records is not None:
        yield from (Explained(record, (None,) * len(record.dropped)) for record in records)
        return
    from pipeline.read.stage import read_page
    from pipeline.repair.stage import repair_translation
    from pipeline.sections.stage import label_sections
    from pipeline.strip.stage import strip_boilerplate

    document = read_page(given.data, name=given.name, options=options.read)
    document = repair_translation(strip_boilerplate(document, options=options.strip), options=options.repair)
    scores = tuple(drop.score for drop in document.drops if drop.block is not None)
    yield Explained(label_sections(document, options=options.sections), scores)


def explanation(explained: Explained, shown: str, words: Mapping[str, str]) -> list[str]:
    """Return the explanation of a record as lines, coloured by ANSI codes."""
    record = explained.record
    width = min(max(shutil.get_terminal_size().columns, 40), 120)
    lines = [*_head(record, shown), ""]
    lines += [
        click.style(f"Dropped: {len(record.dropped)} of {len(record.dropped) + len(record.blocks)} blocks", bold=True)
    ]
    for dropped, score in zip(record.dropped, explained.scores, strict=True):
        lines += _drop(dropped, score, words, width)
    lines += ["", click.style(f"Changed: {len(record.changes)}", bold=True)]
    for change in record.changes:
        lines += change_lines(record, change, words)
    lines += ["", click.style(f"Found: {len(record.findings)}", bold=True)]
    for finding in record.findings:
        where = f"line {finding.line}: " if finding.line else ""
        label = click.style(finding.severity, fg=_SEVERITY[finding.severity])
        lines.append(f"  {where}{label}: {finding.message} ({finding.code})")
    return lines


def _head(record: "Record", shown: str) -> Iterator[str]:
    source = record.source
    about = ", ".join(filter(None, [source.kind, source.encoding, record.language]))
    yield f"{click.style(shown, bold=True)} ({about}), through {', '.join(record.stages) or 'no stage'}"
    if record.title:
        yield f"title: {record.title}"
    if record.breadcrumb:
        yield f"breadcrumb: {' > '.join(record.breadcrumb)}"


def _drop(dropped: "DroppedBlock", score: float | None, words: Mapping[str, str], width: int) -> Iterator[str]:
    where = f"line {dropped.place.line}: " if dropped.place.line else ""
    doubt = f", probability of content {score:.2f}" if score is not None else ""
    yield f"  {where}{words.get(dropped.reason, 'for a reason that is not known here')} ({dropped.reason}{doubt})"
    yield "    " + click.style(shortened(f"- {dropped.text}", width - 4), fg="red")
