"""Captions that were left in the page's first language: short lines with an image, in another script than the page."""

import unicodedata
from collections import Counter
from collections.abc import Container, Sequence

from pipeline.document import Block
from pipeline.strip.lines import ends_sentence, words_of

_MOST_WORDS = 12
_SAMPLE = 20_000
"""Letters of the page that tell its script."""
_MAIN = 0.9
"""Share of letters that the script of a page has at least."""


def captions_in_another_script(blocks: Sequence[Block], left_out: Container[int] = ()) -> list[int]:
    """Return the blocks that hold an image and a few words, none of them in the script of the page.

    Args:
        blocks: all blocks.
        left_out: indices of those that are furniture anyway: a menu may be in another script.

    A heading or a sentence that was left untranslated is no such block: it is for `repair` to report.
    """
    short = [i for i, block in enumerate(blocks) if i not in left_out and _is_short(block)]
    if not short:
        return []
    main = _main_script([block for i, block in enumerate(blocks) if i not in left_out])
    return [i for i in short if main and main not in _scripts(blocks[i].text)]


def _is_short(block: Block) -> bool:
    if block.markup is None or not block.markup.images or block.kind not in {"paragraph", "caption"}:
        return False
    return 0 < len(words_of(block.text[:_SAMPLE])) <= _MOST_WORDS and not ends_sentence(block.text)


def _main_script(blocks: Sequence[Block]) -> str:
    """Return the script of nearly all letters of a page, nothing where it has several."""
    found = Counter[str]()
    for block in blocks:
        found.update(_scripts(block.text[:_SAMPLE]))
        if found.total() >= _SAMPLE:
            break
    script, count = found.most_common(1)[0] if found else ("", 0)
    return script if count >= _MAIN * found.total() else ""


def _scripts(text: str) -> Counter[str]:
    """Return how many letters of each script a text has, a script by the first word of its letters' names.

    >>> _scripts("Как бронхи, X")
    Counter({'CYRILLIC': 9, 'LATIN': 1})
    """
    if text.isascii():
        return Counter({"LATIN": sum(map(str.isalpha, text))})
    return Counter(unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha())
