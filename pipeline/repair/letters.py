"""Letters gone wrong: mojibake, and Cyrillic look-alikes inside Latin words."""

import re
from collections.abc import Iterator

from pipeline.repair.fault import Fault
from pipeline.repair.paragraph import Paragraph

_LATIN_OF = dict(zip("АВЕКМНОРСТХаеорсухіІјЈѕЅԁһ", "ABEKMHOPCTXaeopcyxiIjJsSdh", strict=True))
"""Cyrillic letters that look like Latin ones, and those."""
_LOOK_ALIKE = "".join(_LATIN_OF)
_MIXED = re.compile(rf"(?=\w*[A-Za-z])(?=\w*[{_LOOK_ALIKE}])(?<!\w)[A-Za-z{_LOOK_ALIKE}][\w]{{0,40}}(?!\w)")
_VITAMIN = re.compile(
    r"(?i:\b(?:vitamins?|hepatitis|type|group|grade|stage|class|factor|coenzyme|immunoglobulins?|protein|degrees?|"
    r"and|,)) "
    rf"([{_LOOK_ALIKE}])(?=\d{{0,2}}(?!\w))"
)
_ARTICLE = re.compile(r"(?<=[A-Za-z,;] )[аА](?= [a-z]{2})|^А(?= [a-z]{2})", re.MULTILINE)
_FORMULAS = re.compile(r"(?<!\w)(?:СО2|СО₂|рН)(?!\w)")
"""Formulas that are written in Cyrillic letters throughout, and are no words of Cyrillic."""
_GARBLED = re.compile(r"[\u0080-\u009fÃÂâÐÑÅÄðŸ€™œï¿½‚„†‡ˆ‰Šš›žŸ][^\x00-\x7f]|Â ")
_LEADS = frozenset("ÃÂâÐÑÅÄðï")
"""Letters with which a UTF-8 sequence begins when it is read as Latin 1 or Windows 1252."""
_OPENING, _LOST_CLOSING = "â€œ", "â€\ufffd"
"""Quotation marks read as Windows 1252, which has no letter for the closing one's last byte: after an opening one
nothing else can have stood there."""
_TOKEN = re.compile(r"[^ \n\t]*[^\x00-\x7f][^ \n\t]*")


def look_alikes(paragraph: Paragraph) -> Iterator[Fault]:
    """A Cyrillic letter in a Latin word or name of a vitamin.

    Bad: vitamin С (with a Cyrillic С). Good: vitamin C.
    """
    if not any("\u0400" <= character <= "\u04ff" for character in paragraph.beyond):
        return
    text = paragraph.text
    for found in _MIXED.finditer(text):
        latin = "".join(_LATIN_OF.get(c, c) for c in found[0])
        if latin != found[0] and latin.isascii():
            yield Fault(found.start(), found.end(), latin, "look-alike")
    for found in _FORMULAS.finditer(text):
        yield Fault(found.start(), found.end(), "".join(_LATIN_OF.get(c, c) for c in found[0]), "look-alike")
    for found in _VITAMIN.finditer(text):
        yield Fault(found.start(1), found.end(1), _LATIN_OF[found[1]], "look-alike")
    for found in _ARTICLE.finditer(text):
        yield Fault(found.start(), found.end(), _LATIN_OF[found[0]], "look-alike")


def mojibake(paragraph: Paragraph) -> Iterator[Fault]:
    """A word decoded with the wrong encoding.

    Bad: donâ€™t. Good: don't (with its curly apostrophe).
    """
    text = paragraph.text
    if _LEADS.isdisjoint(paragraph.beyond):
        return
    import ftfy

    opened = text.find(_OPENING)
    for found in _TOKEN.finditer(text):
        garbled = found[0]
        if 0 <= opened < found.end():
            garbled = garbled.replace(_LOST_CLOSING, "â€\x9d")
        mended = ftfy.fix_encoding(garbled) if _GARBLED.search(garbled) else found[0]
        if mended != found[0] and "\n" not in mended:
            yield Fault(found.start(), found.end(), mended, "mojibake")
