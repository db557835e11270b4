"""The glossary as it lies on disk: <folder>/<source language>/<field>.toml, read strictly into entries."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.data_file import line_of, parse_toml, read_text
from pipeline.errors import DataFileError
from pipeline.repair.classes import classes, cue_sets, spelled
from pipeline.repair.entry import Entry, GlossaryFile, Refusal, RefusedFile
from pipeline.repair.phrase import OPEN_SLOTS, PhraseError, parse
from pipeline.repair.token_patterns import TokenPatternError, check

BUILT_IN = Path(__file__).parent / "glossary"
REFUSED = "refused.toml"
CUES = "cues.toml"


class Located(msgspec.Struct, frozen=True):
    """An entry, with its file's defaults filled in and its cue sets spelled out, and where it stands."""

    entry: Entry
    path: Path
    line: int
    language: str
    field: str


class Glossary(msgspec.Struct, frozen=True):
    """All entries of some folders, in the order of files and lines, and the proposals that were refused."""

    entries: tuple[Located, ...]
    refused: tuple[Refusal, ...] = ()

    def find(self, entry_id: str) -> Located | None:
        """Return the entry of the given id."""
        return next((located for located in self.entries if located.entry.id == entry_id), None)


def files(folders: Sequence[Path]) -> list[Path]:
    """Return the TOML files below the folders, in the order of folders and names.

    Raises:
        DataFileError: a folder is not there.
    """
    found: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise DataFileError("is not a folder", path=folder, mend="Give a folder with <language>/<field>.toml files")
        found += sorted(folder.rglob("*.toml"))
    return found


def load(folders: Sequence[Path] = (BUILT_IN,)) -> Glossary:
    """Read the glossary files below the given folders.

    Raises:
        DataFileError: a file, entry or phrase is not as it must be; the error names file, line and entry.
    """
    paths = files(folders)
    shared = _shared_cues([path for path in paths if path.name == CUES])
    entries: list[Located] = []
    refused: list[Refusal] = []
    for path in paths:
        if path.name == REFUSED:
            refused += parse_toml(read_text(path), RefusedFile, path).refused
        elif path.name != CUES:
            entries += read_file(path, shared)
    _unique(entries)
    return Glossary(tuple(entries), tuple(refused))


def _shared_cues(paths: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """Return the cue sets of the files cues.toml, which all files may name."""
    sets: dict[str, tuple[str, ...]] = {}
    for path in paths:
        sets.update(parse_toml(read_text(path), GlossaryFile, path).cue_sets)
    return sets


def read_file(path: Path, shared_cues: dict[str, tuple[str, ...]] | None = None) -> list[Located]:
    """Read one file; errors as `load`."""
    return parse_file(read_text(path), path, shared_cues)


def parse_file(text: str, path: Path, shared_cues: dict[str, tuple[str, ...]] | None = None) -> list[Located]:
    """Read the text of a glossary file that came from `path`; errors as `load`."""
    try:
        content = parse_toml(text, GlossaryFile, path)
    except DataFileError as error:
        raise _named(error, text) from error
    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r"\s*\[\[\s*entry\s*\]\]", line)]
    lines += [1] * (len(content.entry) - len(lines))
    sets = {**cue_sets(), **(shared_cues or {}), **content.cue_sets}
    located = []
    for number, (entry, line) in enumerate(zip(content.entry, lines, strict=False)):
        try:
            filled = _filled(entry, content, sets)
            for phrase in _phrases(filled):
                parse(phrase)
            _check_slots(filled)
            if filled.tokens:
                check(filled.tokens)
        except (PhraseError, TokenPatternError) as error:
            key = (
                "tokens" if isinstance(error, TokenPatternError) else "not" if isinstance(error, _NotError) else "match"
            )
            at = line_of(text, f"$.entry[{number}].{key}")
            mend = "The notation is described in docs/glossary.md"
            raise DataFileError(f"entry {entry.id}: {error.args[0]}", path=path, line=at or line, mend=mend) from error
        located.append(Located(filled, path, line, path.parent.name, path.stem))
    return located


def _named(error: DataFileError, text: str) -> DataFileError:
    """Say which entry an error is about, and what to do."""
    found = re.search(r" at entry\[(\d+)\]", error.problem)
    mend = "See docs/glossary.md for the keys of an entry"
    if unknown := re.search(r"unknown field `(\w+)`", error.problem):
        mend = f"Take `{unknown[1]}` out or write it as one of: {', '.join(Entry.__struct_encode_fields__)}"
    if found is None:
        return DataFileError(error.problem, path=error.path, line=error.line, mend=error.mend or mend)
    raw = tomllib.loads(text)["entry"][int(found[1])]
    name = raw.get("id", "without id") if isinstance(raw, dict) else "without id"
    problem = error.problem.replace(found[0], f" in entry {name}")
    return DataFileError(problem, path=error.path, line=error.line, mend=mend)


def _filled(entry: Entry, content: GlossaryFile, sets: dict[str, tuple[str, ...]]) -> Entry:
    """Fill in the defaults of the file and spell out the cue sets."""
    defaults = content.defaults
    return msgspec.structs.replace(
        entry,
        topic=defaults.topic if entry.topic is None else entry.topic,
        type=entry.type or defaults.type,
        mt=max(entry.mt, defaults.mt),
        cues=tuple(spelled(defaults.cues if entry.cues is None else entry.cues, sets)),
        unless=tuple(spelled((*entry.unless, *defaults.unless), sets)),
        page=tuple(spelled(entry.page, sets)),
        slots=_slots(entry),
    )


def _slots(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return the slots of an entry, with the classes that its phrases name and its lists hold."""
    known = classes()
    slots = {name: tuple(spelled(own, known)) for name, own in entry.slots.items()}
    for text in (*entry.matches, *entry.not_):
        for part in parse(text).parts:
            if part.slot and part.kind in known and not {part.kind, part.name} & {*slots}:
                slots[part.kind] = known[part.kind]
    return slots


def _phrases(entry: Entry) -> Iterator[str]:
    yield from entry.matches
    yield from entry.not_
    yield from (candidate for candidate in entry.candidates if candidate)
    for listed in entry.slots.values():
        yield from listed


class _NotError(PhraseError):
    """A phrase under `not` that cannot be used."""


def _check_slots(entry: Entry) -> None:
    """See that each slot of a phrase is known and each slot of a replacement stands in every phrase."""
    names = None
    for text in entry.matches:
        if problem := _unknown_slot(text, entry):
            raise PhraseError(problem)
        parts = parse(text).parts
        if all(part.optional or (part.slot and part.name not in entry.slots) for part in parts):
            raise PhraseError(f"{text!r} has no fixed word that it could be found by")
        own = {part.name for part in parts if part.slot}
        names = own if names is None else names & own
    for text in entry.not_:
        if problem := _unknown_slot(text, entry):
            raise _NotError(problem)
    for text in filter(None, entry.candidates):
        for part in parse(text).parts:
            if part.slot and part.name not in (names or ()):
                raise PhraseError(f"the replacement {text!r} has the slot <{part.slot}>, which not every phrase has")


def _unknown_slot(text: str, entry: Entry) -> str | None:
    """Say which slot of a phrase is neither open nor a list of the entry's own, None where all are known."""
    for part in parse(text).parts:
        if part.slot and not {part.kind, part.name} & {*entry.slots} and part.kind not in OPEN_SLOTS:
            return f"{text!r} has the slot <{part.slot}>, which is not known; list it under slots"
    return None


def _unique(entries: Iterable[Located]) -> None:
    seen: dict[str, Located] = {}
    for located in entries:
        if (first := seen.get(located.entry.id)) is not None:
            problem = f"entry {located.entry.id} is there already, at {first.path}:{first.line}"
            raise DataFileError(problem, path=located.path, line=located.line, mend="Give each entry its own id")
        seen[located.entry.id] = located
