"""Texts on the bench: folded and cut into words once, for everything that looks at them."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import accumulate, chain, groupby

from pipeline.repair.fault import Fault
from pipeline.repair.matching import fold
from pipeline.repair.tokens import beyond_ascii, blanked
from pipeline.repair.word_list import common_words


class Paragraph:
    """A block's text (block None: the title). What is asked of it is worked out once.

    Attributes:
        block: index of the block.
        text: its text.
        beyond: the different characters of the text that are not ASCII.
        faults: what `text_faults.faults` found, kept here by whether likely ones were looked for too.
    """

    __slots__ = ("_blanked", "_low", "_odd", "_rare", "_tokens", "_words", "beyond", "block", "faults", "text")

    def __init__(self, block: int | None, text: str) -> None:
        self.block = block
        self.text = text
        self.beyond = beyond_ascii(text)
        self._low: str | None = None
        self._blanked: str | None = None
        self._tokens: list[str] | None = None
        self._words: list[str] | None = None
        self.faults: dict[bool, list[Fault]] = {}
        self._odd: set[str] | None = None
        self._rare: set[str] | None = None

    @property
    def low(self) -> str:
        """The text in lower case with straight quotes, of the same length."""
        if self._low is None:
            self._low = fold(self.text)
        return self._low

    @property
    def blanked(self) -> str:
        """The folded text with a blank for every character that is no word."""
        if self._blanked is None:
            self._blanked = blanked(self.low, self.beyond and beyond_ascii(self.low))
        return self._blanked

    @property
    def tokens(self) -> list[str]:
        """The blanked text split at each blank: words, and empty strings where two blanks meet."""
        if self._tokens is None:
            self._tokens = self.blanked.split(" ")
        return self._tokens

    @property
    def words(self) -> list[str]:
        """The words of the folded text, in order."""
        if self._words is None:
            self._words = list(filter(None, self.tokens))
        return self._words

    @property
    def size(self) -> int:
        """The number of words."""
        return len(self.tokens) - self.tokens.count("")

    @property
    def odd(self) -> AbstractSet[str]:
        """The different words that the word list does not hold as common, or that are watched for: most are plain."""
        if self._odd is None:
            self._odd = set(self.tokens).difference(common_words())  # few different words: a small set stays near
        return self._odd

    @property
    def rare(self) -> AbstractSet[str]:
        """The words of letters that the word list does not hold or holds as rare."""
        if self._rare is None:
            self._rare = set(filter(str.isalpha, self.odd))
        return self._rare


class Page:
    """The texts of a document: most hold no fault, and one look at them end to end is enough to say so.

    Attributes:
        blocks: the blocks of the texts, in order.
    """

    def __init__(self, texts: Mapping[int | None, str]) -> None:
        self.blocks = tuple(texts)
        self._texts = dict(texts)
        self._cut: dict[int | None, Paragraph] = {}
        self._first = True

    def edited(self, texts: Mapping[int | None, str]) -> "Page":
        """Return the page with other texts for some blocks; what is known of the others stays known."""
        page = Page({**self._texts, **texts})
        page._cut = {block: own for block, own in self._cut.items() if block not in texts}
        page._first = False
        return page

    @cached_property
    def whole(self) -> Paragraph:
        """All texts as one, a line break between them."""
        return Paragraph(None, "\n".join(self._texts.values()))

    @cached_property
    def words(self) -> Sequence[str]:
        """The words of all texts, in order."""
        if self._first:  # an edited page knows most of its texts one by one already
            return self.whole.words
        return list(chain.from_iterable(paragraph.words for paragraph in self.paragraphs()))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words of all texts."""
        return frozenset(self.words)

    @cached_property
    def low(self) -> str:
        """All texts as one, as `Paragraph.low`."""
        return self.whole.low

    @property
    def beyond(self) -> frozenset[str]:
        """The different characters of all texts that are not ASCII."""
        if self._first:
            return self.whole.beyond
        return frozenset().union(*(paragraph.beyond for paragraph in self.paragraphs()))

    @cached_property
    def size(self) -> int:
        """The number of words of all texts."""
        return self.whole.size if self._first else sum(paragraph.size for paragraph in self.paragraphs())

    def paragraph(self, block: int | None) -> Paragraph:
        """Return one text."""
        own = self._cut.get(block)
        if own is None:
            own = self._cut[block] = Paragraph(block, self._texts[block])
        return own

    def paragraphs(self, blocks: Collection[int | None] | None = None) -> list[Paragraph]:
        """Return the texts of the given blocks, or all, in order."""
        return [self.paragraph(block) for block in self.blocks if blocks is None or block in blocks]

    def at(self, offsets: Iterable[int]) -> list[Paragraph]:
        """Return the texts in which offsets of the whole lie, in order and once each."""
        numbers = sorted({bisect_right(self._starts, offset) - 1 for offset in offsets})
        return [self.paragraph(self.blocks[number]) for number in numbers]

    def apart(self, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[Paragraph, list[tuple[int, int]]]]:
        """Yield the texts in which spans of the whole begin, with the spans as offsets in each; spans are sorted."""
        for number, own in groupby(spans, lambda span: bisect_right(self._starts, span[0]) - 1):
            first = self._starts[number]
            yield self.paragraph(self.blocks[number]), [(start - first, stop - first) for start, stop in own]

    @cached_property
    def _starts(self) -> list[int]:
        lengths = map(len, self._texts.values())
        return [end + number for number, end in enumerate(accumulate(lengths, initial=0))]
