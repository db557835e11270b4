"""Which encoding makes the commonest letters of a language out of bytes; for texts too short for a detector.

Western letters are not among them: they stand alone between ASCII ones, and are asked after first.
"""

from typing import Final

_COMMON: Final = (
    ("cp1251", "оеаинтсрвл", 0.45),
    ("koi8-r", "оеаинтсрвл", 0.45),
    ("cp866", "оеаинтсрвл", 0.45),
    ("iso8859-5", "оеаинтсрвл", 0.45),
    ("cp1256", "الينموترب", 0.45),
    ("cp1255", "יוהלאתרבמש", 0.5),
    ("cp1253", "αοιετσνηρκ", 0.45),
    ("cp874", "านรอกเงมยล", 0.35),
    ("cp949", "이다는의에가을하고지", 0.1),
    ("euc_jp", "のにはをたがでとしれ", 0.15),
    ("cp932", "のにはをたがでとしれ", 0.15),
    ("gb18030", "的一是不了在人有我他这中大来上国和年为时", 0.05),
    ("big5hkscs", "的一是不了在人有我他這中大來上國和年為時", 0.05),
)
"""Codec, commonest letters, and the share of letters beyond ASCII that they must make up: set by hand, well below what
they make up in running text."""


def by_letters(sample: bytes) -> str | None:
    r"""Return the codec under which the sample has the most letters that are common in its language.

    >>> by_letters("остеопороз".encode("koi8-r")), by_letters(b"\x80\x99")
    ('koi8-r', None)
    """
    best, most = None, 1.0
    for codec, common, share in _COMMON:
        text = sample.decode(codec, "ignore")
        beyond = [char for char in text if char > "\x7f"]
        found = sum(char in common for char in beyond) / (share * len(beyond)) if beyond else 0.0
        if found > most:
            best, most = codec, found
    return best
