"""A fault of letters, spacing or case, found without the glossary."""

import msgspec

ANY_PAGE = 0
"""Mended unless the page is known to be on something else than health (a manual shows such things on purpose)."""
HEALTH_PAGE = 1
"""Mended on pages on health, and on those that show that they are machine-translated."""
TRANSLATED_PAGE = 2
"""Mended only where the page shows that it is machine-translated."""


class Fault(msgspec.Struct, frozen=True):
    """A proposed replacement of `text[start:end]`.

    Attributes:
        start: offset of the first character.
        end: offset behind the last.
        after: what to put there.
        reason: code of `pipeline.repair.reasons`.
        needs: what the page must show before it is mended (`ANY_PAGE`, `HEALTH_PAGE`, `TRANSLATED_PAGE`).
    """

    start: int
    end: int
    after: str
    reason: str
    needs: int = 0
