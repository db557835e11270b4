"""The pages that benchmarks run on: our own raw/ and, where a folder is named, archives of real pages.

An archive is a gzipped file of JSON lines with at least `id` and `html` (and `url` where known).
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Page(NamedTuple):
    """A page to measure: its name, its bytes or text, and its address."""

    name: str
    html: bytes | str
    url: str | None


def own_pages(folder: Path) -> list[Page]:
    """Return the pages of a raw/ folder, as bytes."""
    return [Page(p.name, p.read_bytes(), None) for p in sorted(folder.rglob("*")) if p.is_file()]


def archive_pages(folder: Path, every: int = 1) -> Iterator[tuple[str, list[Page]]]:
    """Yield (name of the archive, its pages), every `every`-th page."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for number, line in enumerate(lines) if number % every == 0]
        pages = [Page(str(row["id"]), row["html"], row.get("url")) for row in rows if "html" in row]
        if pages:
            yield path.name.removesuffix(".jsonl.gz"), pages
