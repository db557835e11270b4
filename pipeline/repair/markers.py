"""Markers: phrases that betray a translation without having one right answer. They count as evidence, nothing else."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from pipeline.data_file import parse_toml, read_text
from pipeline.errors import DataFileError
from pipeline.repair.entry import Entry, Review
from pipeline.repair.phrase import PhraseError, parse

MARKERS = Path(__file__).parent / "markers.toml"

_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Marker(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"not_": "not"}):
    """Phrases that are one sign of a translation.

    Attributes:
        match: the phrases, in the notation of entries.
        why: what the engine did, or what English says instead.
        source: the source phrase.
        not_: phrases; where one of them overlaps the match, it is no sign.
        weight: what it counts, in entries: 1 where English never says so, less where it seldom does.
    """

    match: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1)]
    why: _Text
    source: str = ""
    not_: tuple[_Text, ...] = ()
    weight: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0


class MarkerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file markers.toml: all markers, and who read them against clean text."""

    review: Review
    marker: tuple[Marker, ...]


@lru_cache(maxsize=2)
def markers(path: Path = MARKERS) -> tuple[Entry, ...]:
    """Return the markers as entries that change nothing and are weighed as evidence.

    Raises:
        DataFileError: the file, or a phrase of it, is not as it must be, or two markers begin with the same phrase.
    """
    found: dict[str, Entry] = {}
    for marker in parse_toml(read_text(path), MarkerFile, path).marker:
        name = f"marker.{re.sub(r'[^a-z0-9]+', '-', marker.match[0].lower())[:70].strip('-')}"
        if name in found:
            raise DataFileError(f"two markers begin with {marker.match[0]!r}", path=path, mend="Put them together")
        try:
            for phrase in (*marker.match, *marker.not_):
                parse(phrase)
        except PhraseError as error:
            raise DataFileError(f"marker {marker.match[0]!r}: {error.args[0]}", path=path) from error
        found[name] = Entry(
            id=name,
            match=marker.match,
            replace="",
            status="approved",
            source=marker.source,
            not_=marker.not_,
            weight=marker.weight,
        )
    return tuple(found.values())
