"""Formats as the command line names them."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import click

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.journey import Options
    from pipeline.record import Record


def complete_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Complete the last of several names separated by commas, for the shell."""
    from pipeline.write.formats import FORMATS

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in FORMATS if name.startswith(last)]


def split_names(values: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the formats in `--format a,b --format c`, each once; None where none is given.

    >>> split_names(("json,markdown", "json"))
    ('json', 'markdown')
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    return tuple(dict.fromkeys(names)) if values else None


def renderer(name: str) -> "Callable[[Record, Options], bytes]":
    """Return the function of a format: a record, and the options it was made with → bytes.

    Raises:
        UsageError: there is no such format, or something that it needs is not installed.
    """
    from pipeline.journey import vocabulary
    from pipeline.write.formats import FORMATS
    from pipeline.write.vocabulary import NO_VOCABULARY

    if name not in FORMATS:
        raise UsageError(f"there is no format {name}", mend=f"Choose from {', '.join(FORMATS)}")
    FORMATS[name].check()

    def render(record: "Record", options: "Options") -> bytes:
        stream = BytesIO()
        known = vocabulary(options) if FORMATS[name].needs_vocabulary else NO_VOCABULARY
        FORMATS[name].write([record], stream, known)
        return stream.getvalue()

    return render
