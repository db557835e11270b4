"""What a record depends on beside its page, as one hash: code, libraries, data files, options."""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pipeline
from pipeline.journey import Options
from pipeline.read import stage as read
from pipeline.repair import stage as repair
from pipeline.sections import stage as sections
from pipeline.strip import stage as strip

_NO_PART = frozenset({"cli", "check", "review", "scale"})
"""Rooms that no record depends on."""


def run_fingerprint(options: Options) -> str:
    """Return the hash of everything beside the page and the format that a record depends on.

    Raises:
        DataFileError: a glossary, taxonomy or other file that a stage needs cannot be used.
    """
    parts = [
        f"{pipeline.__version__} {sys.version_info[:2]} {unicodedata.unidata_version}",
        _code(Path(pipeline.__file__).parent),
        *_libraries(),
        read.fingerprint(options.read),
        strip.fingerprint(options.strip),
        repair.fingerprint(options.repair) if hasattr(repair, "fingerprint") else "",
        sections.fingerprint(options.sections),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _code(package: Path) -> str:
    """Return a hash of the modules, so that no version number has to be raised to have pages made again."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if name.parts[0] not in _NO_PART:
            digest.update(f"{name.as_posix()}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _libraries() -> Iterator[str]:
    for requirement in metadata.requires("article-pipeline") or ():
        if "extra ==" not in requirement:
            name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
            yield f"{name} {metadata.version(name)}"
