"""Text that a page carries only in its scripts: JSON-LD and embedded state.

A fallback for pages that show next to nothing until their scripts have run. The longest value of a
key that holds an article's text is read; markup in it is read as HTML.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from pipeline.document import Block, Element
from pipeline.read.structured import LARGEST, parse_json, things
from pipeline.record import Place

THIN: Final = 250
"""Characters of visible text outside links below which a page's scripts are asked."""
LONG: Final = 200
"""Characters of a value at least."""

_KEYS: Final = (
    "articleBody articlebody body bodyHtml content contentHtml html text markdown recipeInstructions "
    "description".split()
)
"""Keys of values that hold an article's text, the surest first."""
_STATE: Final = re.compile(r"^\s*(?:window\.|self\.|var |let |const )?[\w.$\[\]\"']{1,60}\s*=\s*(?=[{\[])")
_MARKUP: Final = re.compile(r"<(?:p|div|h[1-6]|ul|ol|br|section|article|table)\b", re.IGNORECASE)


def is_thin(blocks: Sequence[Block]) -> bool:
    """Whether the blocks together say next to nothing."""
    size = 0
    for block in blocks:
        if block.markup is not None and not _hidden(block.markup.element):
            size += len(block.text) - block.markup.link_chars
            if size >= THIN:
                return False
    return True


def embedded_blocks(tree: Any, most: int) -> list[Block]:
    """Return the blocks of the article in a page's scripts, none where there is none."""
    from pipeline.read.html_blocks import html_blocks

    best: tuple[int, int, str, Any] | None = None
    for node in tree.find_all("script"):
        for key, text in _texts(node):
            rank = (-_KEYS.index(key), len(text), text, node)
            if best is None or rank[:2] > best[:2]:
                best = rank
    if best is None:
        return []
    text, node = best[2], best[3]
    line = node.source_line
    html = text if _MARKUP.search(text) is not None else "".join(f"<p>{_escaped(part)}" for part in text.split("\n"))
    found, _ = html_blocks(html, most)
    return [_placed(block, _KEYS[-best[0]], line) for block in found]


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the keys and values of a script that may be an article's text."""
    kind = (node.attr("type") or "").lower()
    source = node.text
    if "json" not in kind:
        found = _STATE.match(source) if len(source) <= LARGEST else None
        if found is None:
            return
        source = source[found.end() :].strip().removesuffix(";")
    value = parse_json(source)
    for thing in things([value]):
        for key in _KEYS:
            text = thing.get(key)
            if isinstance(text, str) and len(text) >= LONG and text.count(" ") * 12 >= min(len(text), 5000):
                yield key, text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _placed(block: Block, key: str, line: int | None) -> Block:
    """Put a block below the script that it came from."""
    path = f"html/script.{key}/{(block.place.path or '').removeprefix('html/body/')}"
    return msgspec.structs.replace(block, place=Place(line=line, path=path))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _hidden(element: Element) -> bool:
    above: Element | None = element
    while above is not None:
        if above.hidden:
            return True
        above = above.parent
    return False
