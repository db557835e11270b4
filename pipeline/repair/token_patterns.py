"""Token patterns of spaCy's Matcher, for the few entries that phrases cannot say. The one place that loads spaCy.

Importing spaCy takes two seconds, so that only a page on which such an entry's phrase stands pays for it; and only the
words around the phrase are tokenized, by blank English: no model, no part of speech.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import Matcher

WINDOW = 150
"""Characters on either side of the phrase that the pattern may reach into."""

Pattern = Sequence[dict[str, Any]]


class TokenPatternError(ValueError):
    """A pattern that spaCy does not take; the message is spaCy's."""


def holds(patterns: Sequence[Pattern], text: str, start: int, end: int) -> bool:
    """Say whether one of the patterns matches tokens that overlap `text[start:end]`.

    >>> holds([[{"LOWER": "ridge"}, {"LIKE_NUM": True}]], "see ridge 12 there", 4, 9)
    True
    """
    lower, upper = max(0, start - WINDOW), min(len(text), end + WINDOW)
    language, matcher = _english(), _matcher(msgspec.json.encode(patterns))
    document = language(text[lower:upper])
    spans = (document[first:last] for _, first, last in matcher(document))
    return any(lower + span.start_char < end and start < lower + span.end_char for span in spans)


def check(patterns: Sequence[Pattern]) -> None:
    """See that spaCy takes the patterns.

    Raises:
        TokenPatternError: it does not.
    """
    _matcher(msgspec.json.encode(patterns))


@lru_cache(maxsize=1)
def _english() -> "Language":
    import spacy

    return spacy.blank("en")


@lru_cache(maxsize=1024)
def _matcher(encoded: bytes) -> "Matcher":
    from spacy.errors import MatchPatternError
    from spacy.matcher import Matcher

    matcher = Matcher(_english().vocab, validate=True)
    try:
        matcher.add("pattern", msgspec.json.decode(encoded))
    except (MatchPatternError, ValueError) as error:
        raise TokenPatternError(" ".join(str(error).split())) from error
    return matcher
