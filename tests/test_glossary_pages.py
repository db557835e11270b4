"""Pages of our own in the register: what the glossary mends of their errors stands in a file, so that drift shows.

A page is a text; its first line is the title. Each error stands as `{as translated|as it should be|type}`; several
good answers are parted by ` / `. What is recorded in mended.toml is written anew with GOLDEN=write; `pytest -s` shows
what stays.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec
import pytest

from pipeline.document import Document, Edit
from pipeline.record import Change
from pipeline.repair.stage import RepairOptions, repair_translation

CASES = Path(__file__).parent / "cases" / "glossary_pages"
RECORD = CASES / "mended.toml"
PAGES = sorted(CASES.glob("*.txt"))
_MARK = re.compile(r"\{([^{}|]*)\|([^{}|]*)\|(\w+)\}")


class Mark(msgspec.Struct, frozen=True):
    """An error of a line: where it stands in the line as translated, and what should stand there."""

    start: int
    end: int
    wrong: str
    right: str
    kind: str


class Tally(msgspec.Struct):
    """Errors of a page, how many are mended, and how many changes made something else of them or of right text."""

    errors: int
    mended: int
    otherwise: int


def marks_of(line: str) -> tuple[str, list[Mark]]:
    """Return the line as translated and its errors."""
    text, marks, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        marks.append(Mark(len(text), len(text) + len(found[1]), found[1], found[2], found[3]))
        text += found[1]
        at = found.end()
    return text + line[at:], marks


def regions(marks: list[Mark], changes: list[Edit]) -> Iterator[tuple[list[Mark], list[Edit]]]:
    """Put errors and the changes that touch them together."""
    spans = sorted([(m.start, m.end, m) for m in marks] + [(c.start, c.end, c) for c in changes], key=lambda s: s[:2])
    group: list[Mark | Edit] = []
    reach = -1
    for start, end, item in spans:
        if group and start >= reach:
            yield _parted(group)
            group = []
        group.append(item)
        reach = max(reach, end) if len(group) > 1 else end
    if group:
        yield _parted(group)


def _parted(group: list[Mark | Edit]) -> tuple[list[Mark], list[Edit]]:
    return [i for i in group if isinstance(i, Mark)], [i for i in group if isinstance(i, Edit)]


def written(text: str, start: int, end: int, pieces: list[tuple[int, int, str]]) -> str:
    """Return the text between start and end with the pieces put in."""
    out, at = "", start
    for first, last, new in sorted(pieces):
        out += text[at:first] + new
        at = last
    return " ".join((out + text[at:end]).split())


def judge(text: str, marks: list[Mark], changes: list[Edit]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (outcome, kind, as translated, as repaired) of each error and of each change to right text."""
    for errors, made in regions(marks, changes):
        start = min([mark.start for mark in errors] + [edit.start for edit in made])
        end = max([mark.end for mark in errors] + [edit.end for edit in made])
        answers = product(*(mark.right.split(" / ") for mark in errors))
        wanted = [
            written(text, start, end, [(m.start, m.end, r) for m, r in zip(errors, given, strict=True)])
            for given in answers
        ]
        got = written(text, start, end, [(c.start, c.end, c.after) for c in made])
        outcome = "mended" if got in wanted else "otherwise" if made else "stays"
        for mark in errors:
            yield outcome, mark.kind, mark.wrong, got
        if not errors:
            yield "otherwise", "right", text[start:end], got


def edits_of(changes: list[Change]) -> list[Edit]:
    """Return the changes of a block as edits of the text before them: a change says where it stands afterwards."""
    edits, shift = [], 0
    for change in sorted(changes, key=lambda change: change.start):
        start = change.start - shift
        edits.append(Edit(change.block, start, start + len(change.before), change.after, change.reason))
        shift += len(change.after) - len(change.before)
    return edits


def repaired(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Repair a page and judge each of its lines."""
    lines = [marks_of(line) for line in path.read_text(encoding="utf-8").splitlines()]
    page = Document.from_paragraphs(lines[0][0], [text for text, _ in lines[1:]])
    changes = repair_translation(page, RepairOptions()).changes
    for number, (text, marks) in enumerate(lines):
        block = number - 1 if number else None
        yield from judge(text, marks, edits_of([change for change in changes if change.block == block]))


def tally(path: Path) -> Tally:
    """Count the outcomes of a page and print what stays."""
    outcomes = list(repaired(path))
    for outcome, kind, wrong, got in outcomes:
        if outcome != "mended":
            sys.stdout.write(f"{path.stem}: {outcome} ({kind}): {wrong!r} -> {got!r}\n")
    count = Counter(outcome for outcome, *_ in outcomes)
    return Tally(sum(kind != "right" for _, kind, *_ in outcomes), count["mended"], count["otherwise"])


def _inline(counts: Tally) -> str:
    return f"{{ errors = {counts.errors}, mended = {counts.mended}, otherwise = {counts.otherwise} }}"


def test_what_is_mended_is_as_recorded() -> None:
    """Errors mended on each page, as mended.toml says."""
    found = {path.stem: tally(path) for path in PAGES}
    if os.environ.get("GOLDEN") == "write":
        RECORD.write_text("".join(f"{stem} = {_inline(counts)}\n" for stem, counts in found.items()), encoding="utf-8")
    recorded = msgspec.toml.decode(RECORD.read_bytes(), type=dict[str, Tally])
    assert found == recorded


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_hold_errors_enough(path: Path) -> None:
    """A page holds at least twenty errors, none of which is right as it stands."""
    marks = [mark for line in path.read_text(encoding="utf-8").splitlines() for mark in marks_of(line)[1]]
    assert len(marks) >= 20
    assert all(mark.wrong != mark.right for mark in marks)
