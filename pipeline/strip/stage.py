"""The door of `strip`: which blocks are the article."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from pipeline.document import Block, Document, Drop, Proposal, apply, restore
from pipeline.language import detect_language
from pipeline.record import Finding
from pipeline.strip.lines import normal
from pipeline.strip.scripts import captions_in_another_script
from pipeline.strip.title import Heading, find_heading

if TYPE_CHECKING:
    from pipeline.strip.model import Known
    from pipeline.strip.view import Floats


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
    """Return a hash of everything but the page that the stage's output depends on.

    Raises:
        DataFileError: `furniture.toml` is broken.
    """
    from pipeline.strip import line_scorer
    from pipeline.strip.lines import wording_digest
    from pipeline.strip.model import weights_digest

    parts = [wording_digest(), weights_digest(), line_scorer.digest(), *sorted(options.repeated)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def propose(document: Document, options: StripOptions, known: "Known | None" = None) -> Proposal:
    """Propose what to drop, with reasons.

    Args:
        document: the page as read.
        options: options.
        known: what to use in place of the scorer's word (for measuring).

    A page that was stripped before is judged as the whole page that it was, so that its own
    output gives the stage nothing to do: scores depend on the page around a block.
    """
    if not document.blocks:
        return Proposal(stage="strip")
    if document.drops:
        return _proposed_again(document, options)
    blocks = document.blocks
    heading = _heading(document)
    drops, crumbs = _drops(document, heading, known)
    if options.repeated:
        keys = enumerate(block_keys(document))
        drops |= {i: Drop(i, "repeated-across-pages") for i, key in keys if key in options.repeated}
    drops |= {i: Drop(i, "caption") for i in captions_in_another_script(blocks, drops)}
    _by_profile(blocks, drops)
    drops |= {i: Drop(i, reason) for i, reason in _taken(heading).items()}
    kept = "\n".join(block.text for i, block in enumerate(blocks) if i not in drops)
    return Proposal(
        stage="strip",
        drops=[drops[i] for i in sorted(drops)],
        title=heading.title,
        breadcrumb=crumbs,
        language=detect_language(kept),
        findings=[] if kept else [Finding("no-content", "warning", "Nothing on the page looks like content.")],
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """Why a block stays: a code of `reasons.KEPT` and the scorer's probability that it is content."""

    reason: str
    score: float


def why_kept(document: Document, options: StripOptions) -> list[Kept]:
    """Return, for each block of a page as read that stays, why.

    For people who ask; `propose` does not need it.
    """
    if not document.blocks:
        return []
    dropped = {drop.index for drop in propose(document, options).drops}
    chances = _chances(document).tolist()
    return [_why(b, round(chances[i], 3)) for i, b in enumerate(document.blocks) if i not in dropped]


def _why(block: Block, chance: float) -> Kept:
    if block.markup is not None and block.markup.profile == "keep":
        return Kept("profile-keeps", chance)
    return Kept("content" if chance >= _LIKELY else "doubtful", chance)


def _chances(document: Document) -> "Floats":
    if document.source.kind == "html":
        from pipeline.strip.model import score, shipped_for_html

        return score(document, shipped_for_html()).probability
    from pipeline.strip.dump import chances_in_dump

    return chances_in_dump(document, _heading(document))


_LIKELY = 0.5
"""Probability of content below which a block that stays is doubtful."""


def _proposed_again(document: Document, options: StripOptions) -> Proposal:
    whole = msgspec.structs.replace(document, blocks=restore(document), drops=())
    proposal = propose(whole, options)
    position = kept = 0
    now: dict[int, int] = {}  # index in the whole page → index among the blocks kept so far
    for index, earlier in enumerate([*(drop.index for drop in document.drops), len(document.blocks)]):
        while kept < earlier:
            now[position] = kept
            position, kept = position + 1, kept + 1
        position += index < len(document.drops)
    drops = [msgspec.structs.replace(d, index=now[d.index]) for d in proposal.drops if d.index in now]
    return dataclasses.replace(proposal, drops=drops, findings=())


def _drops(document: Document, heading: Heading, known: "Known | None") -> tuple[dict[int, Drop], tuple[str, ...]]:
    """Return what to drop besides title and breadcrumb, and the breadcrumb."""
    if document.source.kind == "html":
        from pipeline.strip.html import crumbs_by_path, furniture_of_html

        drops = furniture_of_html(document, heading.title, known)
        return drops, crumbs_by_path(document, heading, drops)
    from pipeline.strip.dump import furniture_of_dump

    return furniture_of_dump(document, heading, list(_taken(heading)), known), heading.breadcrumb


def _heading(document: Document) -> Heading:
    """Return title and breadcrumb; where a profile says which block shows the title, that one does."""
    blocks = document.blocks
    heading = find_heading(blocks, document.title, document.breadcrumb)
    if document.source.kind != "html":
        from pipeline.strip.dump import better_heading

        return better_heading(document, heading)
    named = tuple(i for i, b in enumerate(blocks) if b.markup is not None and b.markup.profile == "title")
    if not named:
        return heading
    return Heading(document.title, heading.breadcrumb, named, heading.breadcrumb_blocks)


def _by_profile(blocks: Sequence[Block], drops: dict[int, Drop]) -> None:
    """Let the site's profile overrule what was decided."""
    for index, block in enumerate(blocks):
        act = "" if block.markup is None else block.markup.profile
        if act == "keep":
            drops.pop(index, None)
        elif act:
            drops[index] = Drop(index, _PROFILE_REASONS[act])


_PROFILE_REASONS = {"drop": "profile", "comments": "comments", "title": "title", "date": "byline"}


def _taken(heading: Heading) -> dict[int, str]:
    taken = {i: "repeated-title" if n else "title" for n, i in enumerate(heading.title_blocks)}
    return taken | dict.fromkeys(heading.breadcrumb_blocks, "breadcrumb")


def strip_boilerplate(document: Document, options: StripOptions | None = None) -> Document:
    """Drop page furniture and keep the article; every block dropped keeps its reason."""
    return document if "strip" in document.stages else apply(document, propose(document, options or StripOptions()))
