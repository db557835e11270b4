"""A text on the bench: folded and cut into words once, for everything that looks at it."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.repair.matching import fold
from pipeline.repair.triggers import WORDS
from pipeline.repair.word_list import common_words


@dataclass(frozen=True)
class Paragraph:
    """A block's text (block None: the title)."""

    block: int | None
    text: str

    @cached_property
    def low(self) -> str:
        """The text in lower case with straight quotes, of the same length."""
        return fold(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words of the folded text, in order."""
        return WORDS.findall(self.low)

    @cached_property
    def rare(self) -> frozenset[str]:
        """The words of letters that the word list does not hold or holds as rare."""
        return frozenset(filter(str.isalpha, set(self.words).difference(common_words())))
