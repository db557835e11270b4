"""White space and invisible characters: the only things that `read` changes in a text."""

import re
from typing import Final

_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]"
)
"""Controls, soft hyphen, zero-width space, word joiner, byte order mark, annotation marks, tags."""

_JOINERS: Final = re.compile(r"[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
"""Joiners and direction marks: letters of some scripts, and emoji, need them."""

_JOINING_SCRIPTS: Final = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefe\u2600-\u27bf\U0001f000-\U0001faff]"
)


def collapse(text: str) -> str:
    r"""Return the text with every run of white space as one space, none at its ends, and nothing invisible.

    >>> collapse("  soft\u00adly \n\t spoken\u00a0word ")
    'softly spoken word'
    """
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(visible(text).split())  # what is invisible is not printable


def visible(text: str) -> str:
    """Return the text without characters that are never seen; joiners stay where a script needs them."""
    text = _INVISIBLE.sub("", text)
    if _JOINERS.search(text) is not None and _JOINING_SCRIPTS.search(text) is None:
        text = _JOINERS.sub("", text)
    return text


def lines(text: str) -> str:
    r"""Return preformatted text: line ends as line feeds, no white space at the ends of lines, no blank lines around.

    >>> lines("\r\n  a \r\n    b\t\r\n\r\n")
    '  a\n    b'
    """
    rows = [row.rstrip() for row in visible(text).splitlines()]
    return "\n".join(rows).strip("\n")
