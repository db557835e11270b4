"""Which blocks show the page's title and its place in the site."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Block
from pipeline.strip.lines import furniture_reason, is_prose, normal

_CRUMB = re.compile(r"\s+(?:/|>+|»|›|→|::|\\|—>|->|\|)\s+|\s*[»›→]\s*")
_HERE = re.compile(r"^\W*you are (here|at)\W*", re.IGNORECASE)
_ROOT = re.compile(r"^\W*(home( ?page)?|main( page)?|start( page)?|index|front page)\W*$", re.IGNORECASE)
_SITE = re.compile(r"\s+[|–—\-:»·•]+\s+|\s*[|»•]\s*|: ")
_HEAD = 60
"""Blocks from the top in which the title of a page without a head, and a breadcrumb, are looked for."""
_REACH = 240
"""Blocks from the top in which the title that the head gives is looked for."""
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
    shown = _find_shown(blocks, title, crumbs) if title else _find_unnamed(blocks, crumbs, crumb_at)
    text = blocks[shown].text.replace("\n", " ") if shown is not None else _without_site(title)
    text = text or (crumbs[-1] if crumbs else "")
    titles = () if shown is None else (shown, *_copies(blocks, text, shown))
    return Heading(text, crumbs, titles, () if crumb_at is None else (crumb_at,))


def _copies(blocks: Sequence[Block], title: str, shown: int) -> list[int]:
    """Return the other blocks that show the title and nothing else."""
    key = normal(title)
    shortest, longest = 0.7 * len(title), 1.5 * len(title) + 4
    near = [i for i, b in enumerate(blocks) if shortest <= len(b.text) <= longest and i != shown]
    return [i for i in near if key and normal(blocks[i].text) == key]


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
        if rooted is None and _ROOT.match(parts[0]) and "|" not in block.text:
            rooted = index
    return rooted


def _split_crumbs(text: str) -> tuple[str, ...]:
    text = _HERE.sub("", text.replace("\n", " "))
    return tuple(part.strip() for part in _CRUMB.split(text) if part.strip())


def _wanted(title: str, crumbs: tuple[str, ...]) -> dict[str, float]:
    """Return what the block that shows the title may say, in normal form, and what each is worth."""
    wanted = {normal(part): 3.0 for part in _SITE.split(title)}
    if crumbs:
        wanted[normal(crumbs[-1])] = 3.2
    wanted[normal(title)] = 3.5
    return {key: worth for key, worth in wanted.items() if len(key) > 3}


def _find_shown(blocks: Sequence[Block], title: str, crumbs: tuple[str, ...]) -> int | None:
    """Return the block that shows the title that the page's head gives."""
    wanted = _wanted(title, crumbs)
    whole = normal(title)
    sizes = {size for key in wanted for size in range(int(0.8 * len(key)) - 1, int(1.3 * len(key)) + 7)}
    best, best_score = None, 2.0
    for index, block in enumerate(blocks[:_REACH]):
        heading = block.kind == "heading"
        size = len(block.text)
        if not heading and (size > _LONGEST_TITLE or size not in sizes):
            continue
        score = _likeness(block, wanted, whole) + (1.0 if heading and block.level == 1 else 0.5 if heading else 0.0)
        if score - index / _REACH > best_score:
            best, best_score = index, score - index / _REACH
    return best


def _likeness(block: Block, wanted: Mapping[str, float], whole: str) -> float:
    """Return how well a block's text agrees with a title, 0 to 3.5; a heading of level 1 says something by itself."""
    key = normal(block.text[:_LONGEST_TITLE])
    if (worth := wanted.get(key)) is not None:
        return worth
    if key.count(" ") >= 2 and (key in whole or whole in key):
        return 2.4
    own, words = set(key.split()), set(whole.split())
    shared = len(own & words) / max(len(own), 1)
    if block.kind == "heading" and block.level == 1:
        return 1.3 + shared if len(own) > 1 and shared >= 0.5 else 0.0
    return 0.0


_NO_TITLE = frozenset(["table", "code", "caption", "list_item"])


def _find_unnamed(blocks: Sequence[Block], crumbs: tuple[str, ...], crumb_at: int | None) -> int | None:
    """Return the block that shows the title of a page without a head: a short line above the first prose."""
    last = normal(crumbs[-1]) if crumbs else ""
    best, best_score = None, 1.0
    prose = 0
    for index, block in enumerate(blocks[:_HEAD]):
        if index == crumb_at or block.kind in _NO_TITLE or len(block.text) > _LONGEST_TITLE:
            prose += is_prose(block.text)
            continue
        score = _unnamed_score(block, index, last) - 0.6 * prose
        if score > best_score:
            reason = furniture_reason(block.text)
            if reason == "contents" and best is not None:
                break
            if reason is None and block.text[-1] not in ",;":
                best, best_score = index, score
        prose += is_prose(block.text)
    return best


def _unnamed_score(block: Block, index: int, last_crumb: str) -> float:
    key = normal(block.text)
    score = 0.0
    if last_crumb and key == last_crumb:
        score = 3.5
    elif len(last_crumb) > 12 and key.startswith(last_crumb):
        score = 3.2
    elif block.kind == "heading":
        score = 2.0 if block.level == 1 else 1.2
    words = key.count(" ") + 1
    if score < 2.0 and 1 < words <= 25 and not is_prose(block.text):
        score += 0.7 + 0.1 * min(words, 8) - 0.02 * index
    return score


def _without_site(title: str) -> str:
    """Return the longest part of a head's title: the site's name is the shorter one.

    >>> _without_site("Pain in the back: causes and treatment | Healthy Back")
    'Pain in the back: causes and treatment'
    """
    parts = [part for part in re.split(r"\s+[|–—\-»·•]+\s+|\s*[|»•]\s*", title) if part.strip()]
    return max(parts, key=len).strip() if parts else ""
