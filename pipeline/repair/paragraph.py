"""Texts on the bench: folded and cut into words once, for everything that looks at them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from pipeline.repair.matching import fold
from pipeline.repair.triggers import words_of
from pipeline.repair.word_list import common_words

_MARKS = "’‘“”„–—…•™€"


def beyond_latin(text: str) -> bool:
    """Say whether a text holds letters beyond Latin 1, typographic marks apart; most pages hold none.

    >>> beyond_latin("naïve – “café”"), beyond_latin("vitamin С")
    (False, True)
    """
    if text.isascii():
        return False
    for mark in _MARKS:
        text = text.replace(mark, "")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return True
    return False


class Paragraph:
    """A block's text (block None: the title).

    Attributes:
        block: index of the block.
        text: its text.
        low: the text in lower case with straight quotes, of the same length.
        words: the words of the folded text, in order.
        vocabulary: the different words.
    """

    __slots__ = ("_rare", "block", "low", "text", "vocabulary", "words")

    def __init__(self, block: int | None, text: str) -> None:
        self.block = block
        self.text = text
        self.low = fold(text)
        self.words = words_of(self.low)
        self.vocabulary = frozenset(self.words)
        self._rare: frozenset[str] | None = None

    @property
    def rare(self) -> frozenset[str]:
        """The words of letters that the word list does not hold or holds as rare."""
        if self._rare is None:
            self._rare = frozenset(filter(str.isalpha, self.vocabulary.difference(common_words())))
        return self._rare


class Page:
    """The texts of a document end to end: most pages hold no fault, and one look at the whole is enough to say so.

    Attributes:
        whole: all texts as one, a line break between them.
    """

    def __init__(self, texts: Mapping[int | None, str]) -> None:
        self._texts = dict(texts)
        self._blocks = list(self._texts)
        self._starts: list[int] = []
        self._cut: dict[int | None, Paragraph] = {}
        position = 0
        for text in self._texts.values():
            self._starts.append(position)
            position += len(text) + 1
        self.whole = Paragraph(None, "\n".join(self._texts.values()))

    @property
    def texts(self) -> Mapping[int | None, str]:
        """The texts by block."""
        return self._texts

    def only(self, blocks: AbstractSet[int | None]) -> "Page":
        """Return the page with these texts alone, in its own order."""
        return Page({block: text for block, text in self._texts.items() if block in blocks})

    def paragraph(self, block: int | None) -> Paragraph:
        """Return one text, cut into words when it is first asked for."""
        if block not in self._cut:
            self._cut[block] = Paragraph(block, self._texts[block])
        return self._cut[block]

    def paragraphs(self) -> list[Paragraph]:
        """Return all texts."""
        return [self.paragraph(block) for block in self._blocks]

    def at(self, offsets: Iterable[int]) -> list[Paragraph]:
        """Return the texts in which offsets of the whole lie, in order and once each."""
        numbers = sorted({bisect_right(self._starts, offset) - 1 for offset in offsets})
        return [self.paragraph(self._blocks[number]) for number in numbers]
