"""Words that are worth a look wherever they stand, though lists of words hold some of them."""

PIECES = frozenset(
    "ment ments tion tions ents sion sions ness ity ture tures ility ance ances ency encies tive".split()
)
"""Ends of words that frequency lists hold as words, for they are often cut off."""
GLUED_FIRST = ("of", "to", "in", "on", "at", "for", "by", "with", "from", "and", "that", "is")
GLUED_SECOND = ("the", "this", "these", "those", "your", "their")
GLUED = frozenset(f"{first}{second}" for first in GLUED_FIRST for second in GLUED_SECOND)
"""Little words run together."""
HEATS = frozenset(f"{degree}{letter}" for degree in range(34, 43) for letter in ("", "s", "c", "с", "о", "ос", "оc"))
"""Body temperatures, with the letters that stand for a degree sign."""
WATCHED = PIECES | GLUED | HEATS
