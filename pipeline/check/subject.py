"""One page under check, and what the stages make of it: each stage runs when a check first asks for it."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.check.duplicates import Signature, signature
from pipeline.document import Document
from pipeline.journey import Options
from pipeline.read.encoding import decode
from pipeline.read.stage import read_page
from pipeline.record import Finding, Record
from pipeline.repair.stage import repair_translation
from pipeline.sections.stage import label_sections
from pipeline.strip.stage import strip_boilerplate

Provenance = Literal["url", "site", "author", "date", "description"]


class Expectations(msgspec.Struct, frozen=True):
    """What the settings expect of a page.

    Attributes:
        expected_sections: labels of sections that it must have.
        expected_provenance: what it must say of its source: url, site, author, date, description.
        doubt: the scorer's probability from which on a dropped paragraph was a near thing.
        sure: a label's probability below which it is a guess.
    """

    expected_sections: tuple[str, ...] = ()
    expected_provenance: tuple[Provenance, ...] = ()
    doubt: float = 0.35
    sure: float = 0.7


_BREAK = re.compile(r"\r\n?|\n")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")
_SENTENCE = 10
"""Words of a block that is a sentence at least, and no label."""
_ARTICLE = 120
"""Words that a page holds in scripts for search engines; fewer are a teaser."""
_REACH = 20_000
"""Characters of the page that are looked through for one place: a page of one line of 5 MB must not cost minutes."""


def words_in(text: str) -> int:
    """Count words; of scripts that put no spaces between them, two letters count as one.

    >>> words_in("drink a lot"), words_in("多喝水就好")
    (3, 2)
    """
    words = len(text.split())
    return words if text.isascii() else max(words, len(_UNSPACED.findall(text)) // 2)


class Subject:
    """A page, its stages and its lines.

    Args:
        path: the page as it was named; findings carry it.
        data: its bytes.
        options: the options of the stages.
        settings: what the user expects of pages.
        others: signatures of the pages beside it, for near-duplicates.
        broken: why it could not be processed at all; empty where it could.
        file: where the page lies, if anywhere.
    """

    def __init__(
        self,
        path: str,
        data: bytes,
        options: Options,
        *,
        settings: Expectations | None = None,
        others: Mapping[str, Signature | None] | None = None,
        broken: str = "",
        file: Path | None = None,
    ) -> None:
        self.path = path
        self.data = data
        self.options = options
        self.settings = settings or Expectations()
        self.others = others or {}
        self.broken = broken
        self.file = file

    @cached_property
    def is_record(self) -> bool:
        """Whether this is no page but a record that was made of one, or means to be."""
        head = self.data[:1000].lstrip()
        return head.startswith(b"{") and b'"schema_version"' in head

    @cached_property
    def _decoded(self) -> "Record | str":
        try:
            return Record.from_json(self.data)
        except ValueError as error:
            return str(error)

    @property
    def given(self) -> Record | None:
        """The record that was given in place of a page."""
        return self._decoded if self.is_record and isinstance(self._decoded, Record) else None

    @property
    def not_a_record(self) -> str:
        """Why a record cannot be read; empty where it can, and for pages."""
        return self._decoded if self.is_record and isinstance(self._decoded, str) else ""

    @cached_property
    def document(self) -> Document:
        """The page as it was read, with everything on it."""
        return read_page(self.data, name=self.path, options=self.options.read)

    @cached_property
    def stripped(self) -> Document:
        """The page without its furniture."""
        return strip_boilerplate(self.document, options=self.options.strip)

    @cached_property
    def repaired(self) -> Document:
        """The page with its translation errors mended."""
        return repair_translation(self.stripped, options=self.options.repair)

    @cached_property
    def record(self) -> Record:
        """What the pipeline would write, or the record that was given."""
        return self.given or label_sections(self.repaired, options=self.options.sections)

    @cached_property
    def source(self) -> str:
        """The page as text, with its markup."""
        return decode(self.data).text

    @cached_property
    def lines(self) -> list[str]:
        """The lines of `source`, as an editor numbers them."""
        return self.source.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    @cached_property
    def _ends(self) -> list[int]:
        """The offsets of the line breaks of `source`."""
        return [found.end() - 1 for found in _BREAK.finditer(self.source)]

    def line_of(self, offset: int) -> tuple[int, int]:
        """Return 1-based line and column of an offset of `source`."""
        number = bisect_left(self._ends, offset)
        return number + 1, offset - (self._ends[number - 1] if number else -1)

    @cached_property
    def signature(self) -> Signature | None:
        """The MinHash signature of the kept text."""
        return signature(self.kept)

    @cached_property
    def kept(self) -> str:
        """The text of the kept blocks, a block a line, before repair."""
        return "\n".join(block.text for block in self.stripped.blocks)

    @cached_property
    def words(self) -> int:
        """Words of the kept text."""
        return sum(len(block.text.split()) for block in self.stripped.blocks)

    @cached_property
    def prose(self) -> int:
        """Words of the page in sentences, links apart; what a script holds counts where it is an article."""
        shown = embedded = 0
        for block in self.document.blocks:
            words = words_in(block.text)
            linked = block.markup.link_chars if block.markup else 0
            if words >= _SENTENCE and linked * 2 < len(block.text):
                if "/script" in (block.place.path or ""):
                    embedded += words
                else:
                    shown += words
        return shown + (embedded if embedded >= _ARTICLE else 0)

    @cached_property
    def text(self) -> str:
        """All text of the page, furniture included, a block a line."""
        return "\n".join(block.text for block in self.document.blocks)

    @cached_property
    def lower(self) -> str:
        """The same in lower case."""
        return self.text.lower()

    def found(self, *codes: str) -> list[Finding]:
        """Return the journey's own findings with one of these codes."""
        return [finding for finding in self.record.findings if finding.code in codes]

    def place(self, block: int | None, wanted: str, offset: int) -> tuple[int | None, int | None, int]:
        """Return line, 1-based column and length of what the page has of `wanted`, as near as can be told.

        The search starts at the block's own line and goes as far as the block may reach; where only the
        first words are found on one line, they count. Otherwise the block's line, without column and length.

        Args:
            block: index of the block in the record; None is the title.
            wanted: text of the block.
            offset: where it stands in the block's text before repair; negative where it does not.
        """
        text = self.stripped.title if block is None else self.stripped.blocks[block].text
        line = 1 if block is None else self.stripped.blocks[block].place.line
        if line is None or not 0 <= offset <= _REACH:
            return line, None, 0
        words = wanted.split()
        for length in dict.fromkeys((len(words), 2, 1)):
            if sought := " ".join(words[:length]):
                turn = text.count(sought, 0, offset)
                if (found := self._search(line - 1, sought, turn)) is not None:
                    return *found, len(sought)
        return line, None, 0

    def place_of(self, block: int | None, wanted: str) -> tuple[int | None, int | None, int]:
        """Return `place` of the first `wanted` in a block."""
        text = self.stripped.title if block is None else self.stripped.blocks[block].text
        return self.place(block, wanted, text.find(wanted))

    def _search(self, first: int, sought: str, turn: int) -> tuple[int, int] | None:
        """Return where `sought` stands after `turn` others of its like; the last of them if there are fewer."""
        last, left = None, _REACH
        for number in range(first, len(self.lines)):
            line = self.lines[number][:left]
            column = line.find(sought)
            while column >= 0:
                last = number + 1, column + 1
                if turn == 0:
                    return last
                turn -= 1
                column = line.find(sought, column + len(sought))
            left -= len(line) + 1
            if left <= 0:
                break
        return last
