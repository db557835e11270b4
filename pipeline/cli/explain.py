"""`pipeline explain`: what was dropped, changed and found in a page, and why, in words."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from pipeline.cli.changes import change_lines, one_line, reasons, shortened
from pipeline.cli.command import Command
from pipeline.cli.inputs import read_input, records_in
from pipeline.cli.profiles import profiles_option, with_profiles

if TYPE_CHECKING:
    from pipeline.cli.inputs import Input
    from pipeline.journey import Options
    from pipeline.record import DroppedBlock, Record, RecordBlock
    from pipeline.strip.stage import Kept

_SEVERITY = {"error": "red", "warning": "yellow", "info": "cyan"}


class Explained(NamedTuple):
    """A record and what was thought of its blocks.

    Attributes:
        record: the record.
        scores: probability of content for each dropped block, None where a rule decided.
        kept: why each block was kept; empty where the page itself was not given.
    """

    record: "Record"
    scores: tuple[float | None, ...]
    kept: "Sequence[Kept]" = ()


@click.command(
    cls=Command,
    short_help="Say what was dropped, changed and found in a page, and why.",
    examples=(
        "pipeline explain page.html",
        "pipeline explain processed/page.json",
        "pipeline strip page.html | pipeline explain -",
        "pipeline explain page.html --guards",
        "pipeline explain page.html --html > decisions.html",
    ),
)
@click.argument("file", metavar="FILE|-", type=click.Path(allow_dash=True))
@click.option("--guards", is_flag=True, help="Tell also which phrases of the glossary were left alone, and why.")
@click.option("--html", is_flag=True, help="Print the page as HTML: kept, dropped and doubtful blocks in colour.")
@profiles_option
def explain(file: str, guards: bool, html: bool, profiles: tuple[Path, ...]) -> int:
    """Say what was dropped, changed and found in a page, and why.

    Reads a raw page or a record that any of the commands wrote. In colour on a terminal.
    """
    from pipeline.cli.explain_html import page_html
    from pipeline.cli.settings import load_settings

    options = with_profiles(load_settings().stages, profiles)
    given = read_input(file)
    status = 0
    for explained in _explained(given, options):
        status |= any(finding.severity == "error" for finding in explained.record.findings)
        words = reasons(explained.record, options)
        if html:
            click.echo(page_html(explained.record, explained.scores, explained.kept, words), nl=False)
            continue
        click.echo("\n".join(explanation(explained, given.shown, words)))
        if guards:
            click.echo("\n".join(["", *_left_alone(explained.record, options)]))
    return status


def _explained(given: "Input", options: "Options") -> "Iterator[Explained]":
    records = records_in(given)
    if records is not None:
        yield from (Explained(record, (None,) * len(record.dropped)) for record in records)
        return
    from pipeline.read.stage import read_page
    from pipeline.repair.stage import repair_translation
    from pipeline.sections.stage import label_sections
    from pipeline.strip.stage import strip_boilerplate, why_kept

    document = read_page(given.data, name=given.name, options=options.read)
    kept = why_kept(document, options.strip)
    document = repair_translation(strip_boilerplate(document, options=options.strip), options=options.repair)
    scores = tuple(drop.score for drop in document.drops if drop.block is not None)
    yield Explained(label_sections(document, options=options.sections), scores, kept)


def explanation(explained: Explained, shown: str, words: Mapping[str, str]) -> list[str]:
    """Return the explanation of a record as lines, coloured by ANSI codes."""
    record = explained.record
    width = min(max(shutil.get_terminal_size().columns, 40), 120)
    lines = [*_head(record, shown), ""]
    counts = f"Blocks: {len(record.blocks)} kept, {len(record.dropped)} dropped"
    lines += [click.style(counts, bold=True), *_blocks(explained, words, width)]
    lines += ["", click.style(f"Changed: {len(record.changes)}", bold=True)]
    for change in record.changes:
        lines += change_lines(record, change, words)
    lines += ["", click.style(f"Found: {len(record.findings)}", bold=True)]
    for finding in record.findings:
        where = f"line {finding.line}: " if finding.line else ""
        label = click.style(finding.severity, fg=_SEVERITY[finding.severity])
        lines.append(f"  {where}{label}: {finding.message} ({finding.code})")
    return lines


def _left_alone(record: "Record", options: "Options") -> Iterator[str]:
    """Yield the places at which a phrase of the glossary stands and was not applied."""
    from pipeline.document import Document, undo
    from pipeline.repair.stage import decisions

    document = undo(Document.from_record(record))
    refused = [one for one in decisions(document, options.repair) if one.outcome != "applied"]
    yield click.style(f"Left alone: {len(refused)}", bold=True)
    for one in refused:
        place = document.blocks[one.block].place.line if one.block is not None else None
        where = "title: " if one.block is None else f"line {place}: " if place else ""
        detail = f": {one.detail}" if one.detail else ""
        yield f"  {where}“{one_line(one.text)}” ({one.entry}): {one.outcome}{detail}"


def _head(record: "Record", shown: str) -> Iterator[str]:
    source = record.source
    about = ", ".join(filter(None, [source.kind, source.encoding, record.language]))
    yield f"{click.style(shown, bold=True)} ({about}), through {', '.join(record.stages) or 'no stage'}"
    if record.title:
        yield f"title: {record.title}"
    if record.breadcrumb:
        yield f"breadcrumb: {' > '.join(record.breadcrumb)}"


def _blocks(explained: Explained, words: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield what was decided of each block, in the order of the page; kept ones only where it is known why."""
    record = explained.record
    at = 0
    for index in range(len(record.blocks) + 1):
        while at < len(record.dropped) and record.dropped[at].before <= index:
            yield from _drop(record.dropped[at], explained.scores[at], words, width)
            at += 1
        if index < len(explained.kept):
            yield from _keep(record.blocks[index], explained.kept[index], width)


def _keep(block: "RecordBlock", kept: "Kept", width: int) -> Iterator[str]:
    from pipeline.strip.reasons import KEPT

    where = f"line {block.place.line}: " if block.place.line else ""
    yield f"  {where}{KEPT[kept.reason]} (probability of content {kept.score:.2f})"
    yield "    " + click.style(shortened(f"+ {block.text}", width - 4), fg="green")


def _drop(dropped: "DroppedBlock", score: float | None, words: Mapping[str, str], width: int) -> Iterator[str]:
    where = f"line {dropped.place.line}: " if dropped.place.line else ""
    doubt = f", probability of content {score:.2f}" if score is not None else ""
    yield f"  {where}{words.get(dropped.reason, 'for a reason that is not known here')} ({dropped.reason}{doubt})"
    yield "    " + click.style(shortened(f"- {dropped.text}", width - 4), fg="red")
