"""Changes of text for people: what stood there, what stands there now, and why, in words."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.journey import Options
    from pipeline.record import Change, Record

_AROUND = 40
"""Characters of context on either side of a change."""


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


def change_lines(record: "Record", change: "Change", words: Mapping[str, str]) -> Iterator[str]:
    """Yield a change as a diff in its context, below a line that says where and why; coloured by ANSI codes."""
    text = record.title if change.block is None else record.blocks[change.block].text
    why = "; ".join(words.get(code, code) for code in change.reason.split("+"))
    yield f"  {place_of(record, change)}: {why} ({change.reason})"
    left = ("…" if change.start > _AROUND else "") + text[max(change.start - _AROUND, 0) : change.start]
    right = text[change.end : change.end + _AROUND] + ("…" if len(text) > change.end + _AROUND else "")
    for sign, middle, colour in (("-", change.before, "red"), ("+", change.after, "green")):
        marked = click.style(one_line(middle), fg=colour, bold=True) if middle else ""
        yield f"    {click.style(sign, fg=colour)} {one_line(left)}{marked}{one_line(right)}"


def place_of(record: "Record", change: "Change") -> str:
    """Return where a change is: the line in the source where it is known, else the block."""
    if change.block is None:
        return "title"
    line = record.blocks[change.block].place.line
    return f"line {line}" if line else f"block {change.block}"


def shortened(text: str, width: int) -> str:
    r"""Return a text as one line of at most so many characters.

    >>> shortened("- one\ntwo three", 10)
    '- one two…'
    """
    line = one_line(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def one_line(text: str) -> str:
    """Return a text with blanks in place of what is not printable."""
    return "".join(character if character.isprintable() else " " for character in text)
