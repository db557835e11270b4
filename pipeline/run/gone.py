"""Outputs whose page is gone: told of, and removed only when asked."""

import json
import re
from collections.abc import Collection
from pathlib import Path

from pipeline.run.files import remove, settle
from pipeline.run.ledger import Ledger
from pipeline.run.pages import Found

_HEAD = 8000
"""Bytes from the start of a file in which a record says what it is."""
_RECORD = re.compile(rb'\{\s*"schema_version": \d+,\s*"id": "((?:[^"\\]|\\.)*)"')


def gone_outputs(folder: Path, ledger: Ledger, found: Found) -> dict[str, list[str]]:
    """Return the outputs whose page is gone: for each page that the ledger knows, and for "" those it does not.

    Without a ledger (as in a fresh clone) a file counts as an output where it is a record whose id is its
    name; a file of another kind may be anybody's and is never touched.
    """
    present = {page.name for page in found.pages}
    gone = {}
    known: set[str] = set()
    for name in ledger.names():
        outputs = ledger.outputs(name).values()
        known.update(output.file for output in outputs)
        if name not in present:
            gone[name] = [output.file for output in outputs if (folder / output.file).exists()]
    ids = {page.id for page in found.pages}
    unknown = sorted(_records(folder, ids) - known)
    return {**gone, "": unknown} if unknown else gone


def remove_gone(folder: Path, ledger: Ledger, gone: dict[str, list[str]]) -> int:
    """Remove such outputs, forget their pages, and return how many files that were."""
    files = [file for outputs in gone.values() for file in outputs]
    for file in files:
        remove(folder, file)
    settle(folder, files)
    for name in gone:
        ledger.forget(name)
    ledger.commit()
    return len(files)


def _records(folder: Path, ids: Collection[str]) -> set[str]:
    """Return the JSON files that are records of other pages than those with the given ids."""
    found = set()
    for path in folder.rglob("*.json"):
        ident = path.relative_to(folder).as_posix().removesuffix(".json")
        if ident not in ids and not ident.startswith(".") and path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                head = _RECORD.match(stream.read(_HEAD))
            if head and json.loads(b'"' + head[1] + b'"') == ident:
                found.add(f"{ident}.json")
    return found
