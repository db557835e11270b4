"""Furniture of plain-text dumps, recognised by the wording of lines and by their neighbourhood.

A dump is a page whose markup is lost: menus, the title, captions, "Read also" lines, comments and the
footer stand between the paragraphs as lines like any others.
"""

import re
from collections.abc import Sequence

from pipeline.document import Block
from pipeline.strip.lines import ends_sentence, furniture_reason, is_prose, normal, words_of

_FIGURE = re.compile(
    r"^\W{0,3}((photo|picture|figure|fig|image|illustration|pic)\b\.?( ?\d+)?\s*[:.\-–—)\]]\s*\S|(photo|picture) of\b)",
    re.IGNORECASE,
)
_SMALL = frozenset("a an the of in on at for and or to with by from is are as its it this that".split())
_LONGEST_HEADING = 200
_OPENERS = {"related", "comments", "share", "contents", "tags"}
_LONGEST_CAPTION = 12
_STEM = 5
"""Letters by which words of caption and title are compared: an ending does not matter."""
_NUMBER = re.compile(r"^\s*(\d{1,2}(\.\d{1,2})*[.)]?|[ivx]{1,4}[.)])\s+")
_RUN = 4
"""Short lines in a row that make a menu where nothing introduces them."""


def furniture_by_rules(blocks: Sequence[Block], title: str, taken: Sequence[int]) -> dict[int, str]:
    """Return the blocks of a dump that are furniture, each with the code of its reason.

    Args:
        blocks: all blocks.
        title: the page's title.
        taken: indices of the blocks that show title and breadcrumb.
    """
    prose = [is_prose(b.text) and furniture_reason(b.text) is None for b in blocks]
    if not any(prose):
        return {i: r for i, b in enumerate(blocks) if i not in taken and (r := furniture_reason(b.text))}
    first = prose.index(True)
    last = len(prose) - 1 - prose[::-1].index(True)
    end, drops = _comments(blocks, prose, first)
    last = min(last, max(i for i in range(end) if prose[i]))
    drops |= _contents(blocks, prose, first)
    drops |= _before(blocks, taken, first, drops)
    drops |= _between(blocks, prose, first, last, drops)
    drops |= _after(blocks, last, end)
    drops |= {i: "caption" for i in range(last + 1) if i not in drops and is_caption(blocks, i, title)}
    return {i: reason for i, reason in drops.items() if i not in taken}


def _comments(blocks: Sequence[Block], prose: Sequence[bool], first: int) -> tuple[int, dict[int, str]]:
    """Return where the article ends because readers' comments begin, and what to drop from there on."""
    for index in range(first + 1, len(blocks)):
        if furniture_reason(blocks[index].text) == "comments" and sum(prose[:index]) * 3 >= sum(prose[index:]) / 4:
            return index, _as_comments(blocks, index)
    return len(blocks), {}


def _as_comments(blocks: Sequence[Block], start: int) -> dict[int, str]:
    """Return a reason for each block from the first comment on; a label such as "Related" names what follows."""
    out: dict[int, str] = {}
    current = "comments"
    for i in range(start, len(blocks)):
        reason = furniture_reason(blocks[i].text)
        if reason in _OPENERS and reason is not None:
            current = reason
        out[i] = reason or current
    return out


def _contents(blocks: Sequence[Block], prose: Sequence[bool], first: int) -> dict[int, str]:
    """Return the list of the page's own headings: lines that stand again further down, near the top."""
    keys = [_key(b.text) if len(b.text) < _LONGEST_HEADING else "" for b in blocks]
    later: dict[str, int] = {key: i for i, key in enumerate(keys) if key}
    drops: dict[int, str] = {}
    for index, block in enumerate(blocks):
        if furniture_reason(block.text) == "contents":
            drops[index] = "contents"
            for i in range(index + 1, len(blocks)):
                if prose[i] or not keys[i] or (later[keys[i]] == i and not _in_contents(keys, later, i)):
                    break
                drops[i] = "contents"
    for index in range(first):
        if keys[index] and later[keys[index]] > max(first, index) and index + 1 < len(blocks):
            drops[index] = "contents"
    return drops


def _key(text: str) -> str:
    """Return a heading without its number, in the form in which two showings are equal."""
    return normal(_NUMBER.sub("", text))


def _in_contents(keys: Sequence[str], later: dict[str, int], index: int) -> bool:
    """Return whether a line that does not stand again lies between two that do."""
    return any(keys[i] and later[keys[i]] > i for i in range(index + 1, min(index + 3, len(keys))))


def _before(blocks: Sequence[Block], taken: Sequence[int], first: int, drops: dict[int, str]) -> dict[int, str]:
    """Return what to drop before the first prose: all above the title, and menus below it."""
    title_at = max((i for i in taken if i < first), default=-1)
    out: dict[int, str] = {i: furniture_reason(blocks[i].text) or "navigation" for i in range(title_at)}
    rest = [i for i in range(title_at + 1, first) if i not in drops]
    for i in rest:
        if (reason := furniture_reason(blocks[i].text)) is not None:
            out[i] = reason
    plain = [i for i in rest if i not in out]
    if len(plain) >= _RUN and not any(ends_sentence(blocks[i].text) for i in plain):
        kept = {plain[-1]} if plain[-1] == first - 1 and _is_heading_like(blocks[plain[-1]]) else set()
        out |= {i: "navigation" for i in plain if i not in kept}
    return out


def _between(
    blocks: Sequence[Block], prose: Sequence[bool], first: int, last: int, drops: dict[int, str]
) -> dict[int, str]:
    """Return the furniture between the first and the last prose."""
    out: dict[int, str] = {}
    opener: str | None = None
    for i in range(first, last + 1):
        reason = None if prose[i] or i in drops else furniture_reason(blocks[i].text)
        if reason is not None:
            out[i] = reason
            opener = reason if reason in _OPENERS and ends_like_label(blocks[i].text) else None
        elif opener is not None and not prose[i] and (blocks[i].kind == "list_item" or _is_label(blocks, prose, i)):
            out[i] = opener
        else:
            opener = None
    return out


def _is_label(blocks: Sequence[Block], prose: Sequence[bool], index: int) -> bool:
    """Return whether a line is a title in a list of titles, not the heading of the prose behind it."""
    return not prose[index + 1] and not ends_sentence(blocks[index].text)


def ends_like_label(text: str) -> bool:
    """Return whether a furniture line announces others ("Related articles:") and is not whole by itself."""
    return len(words_of(text)) <= 6 and (text.rstrip().endswith(":") or not re.search(r":\s*\S", text))


def _after(blocks: Sequence[Block], last: int, end: int) -> dict[int, str]:
    """Return what to drop after the last prose: lists that belong to it and one last heading stay."""
    i = last + 1
    while i < end and (blocks[i].kind in {"list_item", "table"} and furniture_reason(blocks[i].text) is None):
        i += 1
    tail = list(range(i, end))
    out = {j: reason for j in tail if (reason := furniture_reason(blocks[j].text)) is not None}
    known = min(out, default=end)
    plain = [j for j in tail if j not in out]
    if len(plain) >= _RUN - 1:
        head = [j for j in plain if j < known]
        keep = set(head) if len(head) == 1 and len(plain) > 1 else set()
        if len(head) > 1 and all(ends_sentence(blocks[j].text) for j in head):
            keep = set(head)
        out |= {j: "related" for j in plain if j not in keep}
    elif out:
        out |= {j: out[known] if out[known] in _OPENERS else "footer" for j in plain if j > known}
    return out


def _is_heading_like(block: Block) -> bool:
    text = block.text
    return block.kind == "heading" or (len(words_of(text)) <= 12 and (text[:1].isupper() or text[:1].isdigit()))


def is_caption(blocks: Sequence[Block], index: int, title: str) -> bool:
    """Return whether a line between sentences is an image's caption or alternative text."""
    block = blocks[index]
    if block.kind == "caption":
        return True
    if block.kind != "paragraph" or len(block.text) > 120:
        return False
    words = words_of(block.text)
    if _FIGURE.match(block.text) and len(words) <= 2 * _LONGEST_CAPTION and not is_prose(block.text):
        return True
    if not 2 <= len(words) <= _LONGEST_CAPTION or ends_sentence(block.text) or not block.text[0].islower():
        return False
    before = next((b.text for b in reversed(blocks[max(index - 4, 0) : index]) if not furniture_reason(b.text)), ".")
    after = blocks[index + 1].text if index + 1 < len(blocks) else ""
    if before.rstrip()[-1:] in {":", ",", ";", "-", "–", "—"} or not ends_sentence(before) or after[:1].islower():
        return False
    content = [w for w in words if w not in _SMALL]
    stems = {w[:_STEM] for w in words_of(title) if w not in _SMALL}
    return any(w[:_STEM] in stems for w in content)
