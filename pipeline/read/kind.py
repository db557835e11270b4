"""Whether a page is HTML or plain text."""

import re
from typing import Final, Literal

_DOCUMENT: Final = re.compile(
    r"\s*+(?:(?><!--.{0,2000}?-->)\s*+|<\?xml[^>]{0,300}>\s*+){0,5}+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG: Final = re.compile(
    r"</?(?:a|article|b|blockquote|body|br|center|dd|div|dl|dt|em|font|h[1-6]|head|html|i|img|li|link|main|meta|nav|"
    r"ol|p|pre|script|section|span|strong|style|table|tbody|td|th|title|tr|ul)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ANY_TAG: Final = re.compile(r"<[a-zA-Z!/]")
_HTML_NAMES: Final = (".html", ".htm", ".xhtml", ".xht", ".shtml")
_TEXT_NAMES: Final = (".txt", ".text", ".md", ".markdown", ".log")
START: Final = 20_000
"""Characters at the start in which tags are looked for."""


def page_kind(text: str, name: str | None) -> Literal["html", "text"]:
    """Tell the kind of a page from its text and the ending of its name.

    A page named as text is HTML only where it begins as an HTML document does, or is markup from its
    first character to its last; a page named as HTML is text only where it has no tag at all.

    >>> page_kind("<p>Tea</p>", "a.txt"), page_kind("Write <b> for bold", "a.txt"), page_kind("Tea", "a.html")
    ('html', 'text', 'text')
    """
    text = text.lstrip("\ufeff")
    ending = (name or "").lower()
    if _DOCUMENT.match(text) is not None:
        return "html"
    if ending.endswith(_HTML_NAMES):
        return "html" if _ANY_TAG.search(text) is not None else "text"
    if ending.endswith(_TEXT_NAMES):
        first = _TAG.match(text[:START].lstrip())
        last = text[-20:].rstrip().endswith(">")
        return "html" if first is not None and last else "text"
    found = [match[0] for match in _TAG.finditer(text[:START])]
    return "html" if len(found) >= 2 or any(tag.startswith("</") for tag in found) else "text"
