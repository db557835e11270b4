"""Lint and examples of one entry against the glossary, fast enough to answer while a person waits.

The whole lint takes seconds. Of the other entries only those can matter whose phrases stand in the
entry's sentences or replacement, or in whose own its phrases stand; lint runs over these alone.
docs/decisions says how it was measured that both find the same.
"""

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from pipeline.data_file import parse_toml, read_text
from pipeline.errors import DataFileError
from pipeline.repair.entry import Entry, GlossaryFile, Keep, Refusal, RefusedFile
from pipeline.repair.examples import failures
from pipeline.repair.glossary_files import CUES, REFUSED, Glossary, Located, files, parse_file
from pipeline.repair.lint import LintFinding, lint
from pipeline.repair.matching import fold
from pipeline.repair.phrase import parse, surfaces

_WORD = re.compile(r"\w+")
_MOST_RELATED = 40
"""Entries that are looked at; the nearest by words shared where there are more."""


class Known:
    """An entry of a glossary, with the words that decide whether another could meet it."""

    def __init__(self, located: Located) -> None:
        self.located = located

    @cached_property
    def said(self) -> frozenset[str]:
        """The words of its sentences, as they come out, and of its replacements."""
        entry = self.located.entry
        kept = [keep.text if isinstance(keep, Keep) else keep for keep in entry.keep]
        texts = [*(after for _, after in entry.change), *kept, *entry.candidates]
        return frozenset(word for text in texts for word in _WORD.findall(fold(text)))

    @cached_property
    def needs(self) -> tuple[tuple[frozenset[str], ...], ...]:
        """For each phrase, what a text must hold for it to match: one word of each set."""
        entry = self.located.entry
        found = []
        for phrase in map(parse, entry.matches):
            forms = [surfaces(part, entry.slots) for part in phrase.parts if not part.optional]
            sets = [frozenset(word for form in listed for word in _WORD.findall(form)) for listed in forms if listed]
            found.append(tuple(words for words in sets if words))
        return tuple(found)

    def could_match(self, words: frozenset[str]) -> int:
        """Return how many fixed words of a phrase of it stand among words, 0 where no phrase can match."""
        return max(
            (len(needs) for needs in self.needs if all(not words.isdisjoint(forms) for forms in needs)), default=0
        )


class Loaded:
    """A glossary as `load_cached` returns it."""

    def __init__(self, known: Sequence[Known], refused: Sequence[Refusal]) -> None:
        self.known = known
        self.refused = tuple(refused)

    def find(self, entry_id: str) -> Located | None:
        """Return the entry of the given id."""
        return next((known.located for known in self.known if known.located.entry.id == entry_id), None)

    def without(self, located: Located) -> "Loaded":
        """Return the glossary without one of its entries."""
        own = [known for known in self.known if known.located.entry.id != located.entry.id]
        return Loaded(own, self.refused)


def load_cached(folders: Sequence[Path]) -> Loaded:
    """Read the glossary as `pipeline.repair.glossary_files.load` does, files that have not changed from memory.

    Raises:
        DataFileError: a file, entry or phrase is not as it must be.
    """
    shared = shared_cues(folders)
    known: list[Known] = []
    refused: list[Refusal] = []
    for path in files(folders):
        if path.name == REFUSED:
            refused += parse_toml(read_text(path), RefusedFile, path).refused
        elif path.name != CUES:
            known += parsed(path, read_text(path), shared)
    return Loaded(known, refused)


def shared_cues(folders: Sequence[Path]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the cue sets that all files may name."""
    cues: dict[str, tuple[str, ...]] = {}
    for path in files(folders):
        if path.name == CUES:
            cues.update(parse_toml(read_text(path), GlossaryFile, path).cue_sets)
    return tuple(sorted(cues.items()))


@lru_cache(maxsize=512)
def parsed(path: Path, text: str, shared: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Known, ...]:
    """Read the text of a glossary file, from memory where it was read before."""
    return tuple(Known(located) for located in parse_file(text, path, dict(shared)))


def check_entry(new: Located, glossary: Loaded) -> list[LintFinding]:
    """Return what is wrong with an entry that is about to join a glossary, worst first.

    Args:
        new: the entry, as it stands in its file's text.
        glossary: the glossary without it.

    Returns:
        Lint findings that concern it, and examples that fail (code `example-fails`); those of severity
        error forbid it.
    """
    own = new.entry.id
    if (first := glossary.find(own)) is not None:
        message = f"the id is taken, at {first.path.name}:{first.line}; give each entry its own"
        return [LintFinding("id-taken", "error", message, own, str(new.path), new.line)]
    key = _Key(msgspec.json.encode(msgspec.structs.replace(new.entry, review=None)), new, glossary)
    return list(_findings(key))


class _Key:
    """What the findings of an entry depend on, for those asked again: an approval asks what the page has just shown.

    The review (who, when) does not matter to lint. Entries of a glossary are equal where they are the same objects:
    `parsed` returns the same ones while their file stays as it is.
    """

    def __init__(self, entry: bytes, new: Located, glossary: Loaded) -> None:
        self.new = new
        self.glossary = glossary
        self._parts = (entry, new.entry.review is None, new.path, tuple(map(id, glossary.known)), glossary.refused)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts[:3])


@lru_cache(maxsize=16)
def _findings(key: _Key) -> tuple[LintFinding, ...]:
    new, glossary = key.new, key.glossary
    own = new.entry.id
    others = related(new, glossary.known)
    found = [
        finding
        for finding in lint(Glossary((new, *others), glossary.refused))
        if finding.entry == own or own in finding.message
    ]
    found = [finding for finding in found if finding.code != "id-order"]
    for failure in failures(new):
        message = f"example ({failure.kind}) fails: {failure.text!r} becomes {failure.got!r}: {failure.why}"
        found.append(LintFinding("example-fails", "error", message, own, str(new.path), new.line))
    rank = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda finding: (rank[finding.severity], finding.code, finding.message)))


def related(new: Located, known: Sequence[Known]) -> list[Located]:
    """Return the entries that an entry could disturb or be disturbed by, those nearest by words where there are many.

    Entries that lead on from its replacement are among them, for the search of cycles.
    """
    own = Known(new)
    scores: dict[int, int] = {}
    same = {phrase.lower() for phrase in new.entry.matches}
    for number, other in enumerate(known):
        score = other.could_match(own.said) + own.could_match(other.said)
        score += 100 * any(phrase.lower() in same for phrase in other.located.entry.matches)
        if score:
            scores[number] = score
    ranked = sorted(scores, key=lambda number: (-scores[number], number))[:_MOST_RELATED]
    return [known[number].located for number in ranked]


def single_entry(toml: str, path: Path) -> Entry:
    """Read the TOML text of one entry.

    Raises:
        DataFileError: it is no TOML, not as an entry must be, or not one entry.
    """
    content = parse_toml(toml, GlossaryFile, path)
    if len(content.entry) != 1 or content != GlossaryFile(entry=content.entry):
        raise DataFileError("is not one entry", path=path, mend="Give one [[entry]] and nothing else")
    return content.entry[0]
