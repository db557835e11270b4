"""The door of `repair`: machine-translation errors mended by reviewed entries, and faults of letters and spacing."""

import hashlib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.document import Document, Proposal, apply
from pipeline.repair.compiled import glossary_hash, load_engine
from pipeline.repair.glossary_files import BUILT_IN
from pipeline.repair.guards import Decision
from pipeline.repair.passes import Repaired, repair


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOptions:
    """Options of repairing.

    Attributes:
        glossary: folders of entries beside the built-in ones.
        builtin: whether the built-in entries take part.
        text_faults: whether faults of letters and spacing are mended.
        suggest: whether entries that only suggest become findings.
        skip: ids of entries that take no part.
        skip_pages: patterns (`*`, `?`, `[…]`) of names and addresses of pages that are left as they are.
        topic: the pages' topics, where they are known; otherwise each page's words decide.
    """

    glossary: tuple[Path, ...] = ()
    builtin: bool = True
    text_faults: bool = True
    suggest: bool = False
    skip: frozenset[str] = frozenset()
    skip_pages: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """All folders of entries, the built-in one first."""
        return ((BUILT_IN,) if self.builtin else ()) + self.glossary


def propose(document: Document, options: RepairOptions) -> Proposal:
    """Propose edits, each with the id of the entry that demands it.

    Raises:
        DataFileError: the glossary is not as it must be.
    """
    repaired = _repaired(document, options)
    return Proposal(
        stage="repair",
        edits=repaired.edits,
        findings=repaired.findings,
        source_language=repaired.source_language,
    )


def repair_translation(document: Document, options: RepairOptions | None = None) -> Document:
    """Mend machine-translation errors; every change keeps its reason and can be undone."""
    return document if "repair" in document.stages else apply(document, propose(document, options or RepairOptions()))


def decisions(document: Document, options: RepairOptions | None = None) -> tuple[Decision, ...]:
    """Say for every trigger in a document that is not repaired yet what was decided and which guard decided it.

    Offsets are those of the document's text as it stands.
    """
    return _repaired(document, options or RepairOptions()).decisions


def fingerprint(options: RepairOptions) -> str:
    """Return a hash of everything but the page on which the stage's output depends.

    Raises:
        DataFileError: the glossary is not as it must be.
    """
    load_engine(options.folders, options.skip)
    digest = hashlib.sha256(glossary_hash(options.folders).encode())
    room = Path(__file__).parent
    for path in sorted(path for kind in ("py", "txt", "toml", "bin") for path in room.glob(f"*.{kind}")):
        digest.update(path.read_bytes())
    digest.update(
        repr((options.text_faults, options.suggest, sorted(options.skip), options.skip_pages, options.topic)).encode()
    )
    return digest.hexdigest()


def _repaired(document: Document, options: RepairOptions) -> Repaired:
    names = [name for name in (document.source.name, document.source.url) if name]
    if any(fnmatchcase(name, pattern) for name in names for pattern in options.skip_pages):
        return Repaired()
    engine = load_engine(options.folders, options.skip)
    return repair(document, engine, text_faults=options.text_faults, suggest=options.suggest, topic=options.topic)
