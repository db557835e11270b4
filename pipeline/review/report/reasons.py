"""Reasons in words: for drops, for changes of letters, and for each entry of the glossary."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.glossary_files import BUILT_IN, Located, load
from pipeline.repair.reasons import REASONS as OF_CHANGES
from pipeline.strip.reasons import REASONS as OF_DROPS

ERRORS: dict[str, str] = {
    "sense": "wrong sense of a word",
    "false_friend": "false friend",
    "calque": "phrase rendered word for word",
    "order": "words in the wrong order",
    "construction": "wrong construction",
    "function": "wrong preposition or article",
    "text": "fault of letters or spacing",
    "furniture": "line of the site inside the text",
    "danger": "meaning turned round",
    "left": "left untranslated",
    "other": "of no known type",
}
"""Types of error in words. `left` and `other` are ours: residue of the source, and entries without a type."""


class Reason(msgspec.Struct, frozen=True):
    """Why something was changed or dropped.

    Attributes:
        code: the stable code, or the id of an entry.
        words: the same for people.
        type: the type of error, one of `ERRORS`.
        entry: the entry, None where no entry of the glossary has this id.
    """

    code: str
    words: str
    type: str = "other"
    entry: Entry | None = None


class Reasons:
    """What is known of reasons, with the glossary in the given folders, which is read when it is first asked for."""

    def __init__(self, folders: tuple[Path, ...] = (BUILT_IN,)) -> None:
        self.folders = folders

    @cached_property
    def entries(self) -> Mapping[str, Located]:
        """All entries by id.

        Raises:
            DataFileError: the glossary is not as it must be.
        """
        return {located.entry.id: located for located in load(self.folders).entries}

    def of_drop(self, code: str) -> Reason:
        """Return why a block was dropped."""
        return Reason(code, OF_DROPS.get(code, "for a reason that is not known here"))

    def of_change(self, reason: str) -> tuple[Reason, ...]:
        """Return why text was changed; several reasons joined by `+` are told one by one."""
        return tuple(self._of_code(code) for code in dict.fromkeys(reason.split("+")))

    def _of_code(self, code: str) -> Reason:
        if code in OF_CHANGES:
            return Reason(code, OF_CHANGES[code].rstrip("."), "text")
        located = self.entries.get(code)
        if located is None:
            return Reason(code, "an entry that the glossary in use does not have")
        entry = located.entry
        words = ERRORS[entry.type or "other"]
        return Reason(code, f"{words}, from “{entry.source}”" if entry.source else words, entry.type or "other", entry)


def types_of(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return the types of error that the reasons name, each once."""
    return tuple(dict.fromkeys(reason.type for reason in reasons))
