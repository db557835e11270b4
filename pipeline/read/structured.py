"""JSON-LD of a page: parsed leniently, walked without recursion, never trusted to be well made."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from pipeline.read.whitespace import collapse

LARGEST: Final = 2_000_000
"""Characters of a script that is still parsed."""
VALUES: Final = 50_000
"""Values of one page's JSON-LD that are looked at."""

_WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|/[/*]\s*<!\[CDATA\[\s*(?:\*/)?|<!\[CDATA\[)|(?:-->|(?:/[/*]\s*)?\]\]>\s*(?:\*/)?);?\s*$"
)
_TRAILING_COMMA: Final = re.compile(r",(?=\s{0,100}[}\]])")

Thing = dict[str, Any]


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, None where it cannot be read even leniently."""
    if len(text) > LARGEST:
        return None
    try:
        return msgspec.json.decode(text.strip())
    except (ValueError, RecursionError):  # msgspec.DecodeError is a ValueError
        pass
    mended = _TRAILING_COMMA.sub("", _WRAPPING.sub("", text)).strip().removesuffix(";")
    try:
        return json.loads(mended, strict=False)
    except (ValueError, RecursionError):
        return None


def things(values: list[Any]) -> list[Thing]:
    """Return all objects in JSON values, outer before inner, in the order of the page."""
    found: list[Thing] = []
    stack: list[Any] = [values]
    seen = 0
    while stack and seen < VALUES:
        value = stack.pop()
        seen += 1
        if isinstance(value, dict):
            found.append(value)
            stack += reversed([v for v in value.values() if isinstance(v, dict | list)])
        elif isinstance(value, list):
            stack += reversed([v for v in value[:VALUES] if isinstance(v, dict | list)])
    return found


def types(thing: Thing) -> Iterator[str]:
    """Yield the types of an object without the vocabulary's address."""
    kind = thing.get("@type")
    for name in kind if isinstance(kind, list) else [kind]:
        if isinstance(name, str):
            yield name.rsplit("/", 1)[-1].removeprefix("schema:")


def text_of(value: Any) -> str:
    """Return a string value as a reader sees it: entities resolved, tags gone, white space collapsed."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return ""
    value = html.unescape(value[:20_000])
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^<>]{0,500}>", "", value)
    return collapse(value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def names_of(value: Any) -> list[str]:
    """Return the names of a person, an organisation or a list of them."""
    found: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        name = text_of(one.get("name")) if isinstance(one, dict) else text_of(one)
        if name and name not in found:
            found.append(name)
    return found
