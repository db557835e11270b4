"""Which blocks show the page's title and its place in the site."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Block
from pipeline.strip.lines import furniture_reason, is_prose, normal

_CRUMB = re.compile(r"\s+(?:/|>+|»|›|→|::|\\|—>|->|\|)\s+|\s*[»›→]\s*")
_HERE = re.compile(r"^\W*you are (here|at)\W*", re.IGNORECASE)
_ROOT = re.compile(r"^\W*(home( ?page)?|main( page)?|start( page)?|index|front page)\W*$", re.IGNORECASE)
_SITE = re.compile(r"\s+[|–—\-:»·•]+\s+|\s*[|»•]\s*|: ")
_HEAD = 60
"""Blocks from the top in which a title or a breadcrumb is looked for."""
_LONGEST_TITLE = 300
_LONGEST_CRUMBS = 500
_LONGEST_CRUMB = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """The title, the breadcrumb, and the indices of the blocks that show them."""

    title: str
    breadcrumb: tuple[str, ...]
    title_blocks: tuple[int, ...]
    breadcrumb_blocks: tuple[int, ...]


def find_heading(blocks: Sequence[Block], title: str, breadcrumb: tuple[str, ...]) -> Heading:
    """Find the title and the breadcrumb of a page.

    Args:
        blocks: all blocks of the page.
        title: the title that the page's head gives, empty where there is none.
        breadcrumb: the breadcrumb that the page's data give.

    Returns:
        The title as the page shows it (as the head gives it, where no block shows it), and what to drop.
    """
    crumb_at = _find_crumb_line(blocks)
    crumbs = breadcrumb or (_split_crumbs(blocks[crumb_at].text) if crumb_at is not None else ())
    shown = _find_title_block(blocks, title, crumbs, crumb_at)
    text = blocks[shown].text if shown is not None else _without_site(title) or (crumbs[-1] if crumbs else "")
    key = normal(text)
    copies = tuple(
        i
        for i, b in enumerate(blocks)
        if i != shown and key and len(b.text) <= 2 * _LONGEST_TITLE and normal(b.text) == key
    )
    return Heading(
        text,
        crumbs,
        (() if shown is None else (shown,)) + copies,
        () if crumb_at is None else (crumb_at,),
    )


def _find_crumb_line(blocks: Sequence[Block]) -> int | None:
    """Return the block that shows the breadcrumb: it ends in a line that follows, or it begins at the root."""
    rooted: int | None = None
    for index, block in enumerate(blocks[:_HEAD]):
        if block.kind in {"table", "code"} or len(block.text) > _LONGEST_CRUMBS:
            continue
        parts = _split_crumbs(block.text)
        if len(parts) < 2 or any(len(part) > _LONGEST_CRUMB for part in parts):
            continue
        last = normal(parts[-1])
        following = [normal(b.text[:_LONGEST_TITLE]) for b in blocks[index + 1 : index + 8]]
        if last in following or (len(last) > 12 and any(line.startswith(last) for line in following)):
            return index
        if rooted is None and _ROOT.match(parts[0]) and (parts[0].endswith(":") or "|" not in block.text):
            rooted = index
    return rooted


def _split_crumbs(text: str) -> tuple[str, ...]:
    text = _HERE.sub("", text.replace("\n", " "))
    return tuple(part.strip() for part in _CRUMB.split(text) if part.strip())


def _find_title_block(blocks: Sequence[Block], title: str, crumbs: tuple[str, ...], crumb_at: int | None) -> int | None:
    wanted = {normal(part): 3.0 for part in (title, *_SITE.split(title)) if len(normal(part)) > 3}
    whole = normal(title)
    if crumbs:
        wanted[normal(crumbs[-1])] = 3.5
    best, best_score = None, 1.0
    prose_before = 0
    for index, block in enumerate(blocks[:_HEAD] if not wanted else blocks[: 4 * _HEAD]):
        if index == crumb_at or block.kind in {"table", "code", "caption"}:
            continue
        score = _title_score(block, index, wanted, whole) - 0.6 * prose_before
        if score > best_score:
            best, best_score = index, score
        prose_before += is_prose(block.text)
    return best


def _title_score(block: Block, index: int, wanted: dict[str, float], whole: str) -> float:
    text = block.text
    if len(text) > _LONGEST_TITLE or furniture_reason(text) is not None:
        return 0.0
    key = normal(text)
    words = key.count(" ") + 1
    score = wanted.get(key, 0.0)
    if not score and not whole and any(len(w) > 12 and key.startswith(w) for w in wanted):
        score = 3.2
    if not score and words >= 3 and whole and (key in whole or whole in key):
        score = 2.0
    if block.kind == "heading":
        score += 2.0 if block.level == 1 else 0.5
    if score and key == whole:
        score += 0.5
    if score < 2.0 and not whole and words <= 25 and not is_prose(text):
        score += 0.7 + 0.1 * min(words, 8) - 0.02 * index
    return score if words > 1 or score >= 3 or not whole else 0.0


def _without_site(title: str) -> str:
    """Return the longest part of a head's title: the site's name is the shorter one."""
    parts = [part for part in re.split(r"\s+[|–—\-»·•]+\s+|\s*[|»•]\s*", title) if part.strip()]
    return max(parts, key=len).strip() if parts else ""
