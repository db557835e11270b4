"""`pipeline explain`: what was dropped, changed and found in a page, and why, in words."""

import shutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from pipeline.cli.command import Command
from pipeline.cli.inputs import read_input, records_in

if TYPE_CHECKING:
    from pipeline.cli.inputs import Input
    from pipeline.journey import Options
    from pipeline.record import Change, DroppedBlock, Record

_AROUND = 40
"""Characters of context on either side of a change."""
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
@click.argument("file", metavar="FILE|-")
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


def reasons(record: "Record", options: "Options") -> dict[str, str]:
    """Return the codes of a record's drops and changes with their reasons in words."""
    from pipeline.repair.reasons import REASONS as OF_CHANGES
    from pipeline.strip.reasons import REASONS as OF_DROPS

    known = {**OF_DROPS, **OF_CHANGES}
    entries = {code for change in record.changes for code in change.reason.split("+")} - known.keys()
    return {**known, **(_of_entries(entries, options) if entries else {})}


_ERRORS = {
    "sense": "the wrong sense of a word",
    "false_friend": "a false friend",
    "calque": "a phrase rendered word for word",
    "order": "words in the wrong order",
    "construction": "a wrong construction",
    "function": "a wrong preposition or article",
    "text": "a fault of letters or spacing",
    "furniture": "a line of the site inside the text",
    "danger": "a meaning turned round",
}


def _of_entries(ids: set[str], options: "Options") -> dict[str, str]:
    from pipeline.repair.glossary_files import load

    found = {}
    for located in load(options.repair.folders).entries:
        entry = located.entry
        if entry.id in ids:
            what = _ERRORS.get(entry.type or "", "a reviewed repair")
            found[entry.id] = f"{what}, from “{entry.source}”" if entry.source else what
    return found


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
        lines += _change(record, change, words)
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


def _change(record: "Record", change: "Change", words: Mapping[str, str]) -> Iterator[str]:
    if change.block is None:
        text, where = record.title, "title"
    else:
        block = record.blocks[change.block]
        text, where = block.text, f"line {block.place.line}" if block.place.line else f"block {change.block}"
    why = "; ".join(words.get(code, code) for code in change.reason.split("+"))
    yield f"  {where}: {why} ({change.reason})"
    left = ("…" if change.start > _AROUND else "") + text[max(change.start - _AROUND, 0) : change.start]
    right = text[change.end : change.end + _AROUND] + ("…" if len(text) > change.end + _AROUND else "")
    for sign, middle, colour in (("-", change.before, "red"), ("+", change.after, "green")):
        marked = click.style(_one_line(middle), fg=colour, bold=True) if middle else ""
        yield f"    {click.style(sign, fg=colour)} {_one_line(left)}{marked}{_one_line(right)}"


def shortened(text: str, width: int) -> str:
    r"""Return a text as one line of at most so many characters.

    >>> shortened("- one\ntwo three", 10)
    '- one two…'
    """
    line = _one_line(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
