"""A fault of letters, spacing or case, found without the glossary."""

import msgspec

HEALTH_PAGE = 1
"""Mended on pages on health, and on damaged ones."""
DAMAGED_PAGE = 2
"""Mended only on pages that are damaged throughout or show by glossary entries that they are machine-translated:
clean pages hold such slips too, and their authors' text is not ours to edit."""
TRANSLATED_PAGE = 3
"""Mended only where glossary entries show that the page is machine-translated: faults of a clause, which slips of the
keyboard say nothing of."""


class Fault(msgspec.Struct, frozen=True):
    """A proposed replacement of `text[start:end]`.

    Attributes:
        start: offset of the first character.
        end: offset behind the last.
        after: what to put there.
        reason: code of `pipeline.repair.reasons`.
        needs: what the page must show before it is mended (`HEALTH_PAGE`, `DAMAGED_PAGE`).
    """

    start: int
    end: int
    after: str
    reason: str
    needs: int = HEALTH_PAGE
