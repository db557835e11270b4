"""The door of `strip`: which blocks are the article."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Document, Drop, Proposal, apply
from pipeline.language import detect_language
from pipeline.record import Finding
from pipeline.strip.lines import normal
from pipeline.strip.title import Heading, find_heading


@dataclass(frozen=True, slots=True, kw_only=True)
class StripOptions:
    """Options of stripping.

    Attributes:
        repeated: keys (see `block_keys`) of the blocks that stand on many pages of the page's site.
    """

    repeated: frozenset[str] = frozenset()


def block_keys(document: Document) -> list[str]:
    """Return one key for each block: equal where two blocks have the same words, empty where they have none."""
    keys = [normal(block.text) for block in document.blocks]
    return [hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest() if key else "" for key in keys]


def fingerprint(options: StripOptions) -> str:
    """Return a hash of everything but the page that the stage's output depends on."""
    from pipeline.strip.lines import wording_digest

    parts = [wording_digest(), *sorted(options.repeated)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def propose(document: Document, options: StripOptions) -> Proposal:
    """Propose what to drop, with reasons."""
    if not document.blocks:
        return Proposal(stage="strip")
    blocks = document.blocks
    if document.drops:  # its own output: the title is found, and a line that is like it is text
        heading = Heading(document.title, document.breadcrumb, (), ())
    else:
        heading = find_heading(blocks, document.title, document.breadcrumb)
    taken = _taken(heading)
    drops = _drops(document, heading, list(taken))
    if options.repeated:
        keys = enumerate(block_keys(document))
        drops |= {i: Drop(i, "repeated-across-pages") for i, key in keys if key in options.repeated}
    drops |= {i: Drop(i, reason) for i, reason in taken.items()}
    kept = "\n".join(block.text for i, block in enumerate(blocks) if i not in drops)
    return Proposal(
        stage="strip",
        drops=[drops[i] for i in sorted(drops)],
        title=heading.title,
        breadcrumb=heading.breadcrumb,
        language=detect_language(kept),
        findings=[] if kept else [Finding("no-content", "warning", "Nothing on the page looks like content.")],
    )


def _drops(document: Document, heading: Heading, taken: Sequence[int]) -> dict[int, Drop]:
    if document.source.kind == "html":
        from pipeline.strip.html import furniture_of_html

        return furniture_of_html(document)
    from pipeline.strip.dump import furniture_of_dump

    found = furniture_of_dump(document.blocks, heading.title, taken)
    return {i: Drop(i, reason) for i, reason in found.items()}


def _taken(heading: Heading) -> dict[int, str]:
    taken = {i: "repeated-title" if n else "title" for n, i in enumerate(heading.title_blocks)}
    return taken | dict.fromkeys(heading.breadcrumb_blocks, "breadcrumb")


def strip_boilerplate(document: Document, options: StripOptions | None = None) -> Document:
    """Drop page furniture and keep the article; every block dropped keeps its reason."""
    return document if "strip" in document.stages else apply(document, propose(document, options or StripOptions()))
