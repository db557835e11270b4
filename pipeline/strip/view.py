"""A page as arrays: its elements with the run of blocks below each, and counts of characters and words.

Blocks stand in the order of the page, so the blocks below an element are one run, and a sum over them
is the difference of two prefix sums.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block, Element

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

OTHER, LOWER, UPPER, DIGIT, SPACE, STOP, COMMA, CJK, PUNCT, SEPARATOR, COLON, LINE = range(12)
CLASSES = 12
"""Classes of characters that are counted in each block."""
_PLANE = 0x10000
HEAD = 240
"""Characters of a block that are split into words; the rest counts only as characters."""
_ROOT = Element("html", None, 0)

STOP_WORDS = frozenset(
    """
    the of and to in is a that it for with as are be this by on not or from at an which can have has was were but
    they you we he she his her their its our your will would if so than then there been who what when how i me my
    do does had der die das und ist nicht von mit den im ein eine zu auf für als auch es werden aus er sie sich
    dem des wie bei oder le la les et un une est que qui dans pour pas sur au avec ce il elle plus par se sont du
    en ne el los las y una por para con no lo su al como más pero del di che è per non sono della gli anche da nel
    o os e em um uma não com mais dos het een van dat niet zijn op te met voor aan ook maar bij de и в не на что с
    как это по но из у за от к для так же он она они мы вы бы то w nie na się jest że z jak ale od przez och att
    det som är av för på inte med 我们 一个 可以 没有 他们 自己 这个 就是 不是 什么 因为 所以
    但是 如果 已经 还是 也是 的是 了一 的人
    我們 一個 可以 沒有 他們 這個 什麼 因為 但是 如果 已經 還是 です ます した して こと れる ない から ている という
    """.split()
)
"""The commonest function words of ten European languages, and pairs of characters of Chinese and Japanese ones."""


@dataclass(frozen=True, slots=True)
class View:
    """What the features of a page are computed from.

    Attributes:
        blocks: the page's blocks, n of them.
        elements: the elements above the blocks, parents before children, m of them.
        parents: index of each element's parent, -1 for the root.
        own: for each block, the index of the innermost element that holds it.
        first: for each element, the first block below it.
        last: for each element, the last block below it.
        wider: for each element, the nearest one above with more blocks below it, -1 where there is none.
        counts: characters of each class in each block, CLASSES × n.
        words: words in each block; a CJK character is a word.
        ends: code point of each block's first and last character, 2 × n.
        tokens: for each block, the words of its first `HEAD` characters, in lower case, as split at white space.
        title_words: words of the page's title, in lower case.
        topic_words: words of four letters or more of the title and the page's description.
        url: the page's address, empty where unknown.
    """

    blocks: Sequence[Block]
    elements: list[Element]
    parents: Ints
    own: Ints
    first: Ints
    last: Ints
    wider: Ints
    counts: Floats
    words: Floats
    ends: NDArray[np.uint32]
    tokens: list[list[str]]
    title_words: frozenset[str]
    topic_words: frozenset[str]
    url: str


def look(blocks: Sequence[Block], title: str, description: str | None, url: str | None) -> View:
    """Return the arrays of a page with at least one block."""
    topic = f"{title} {description or ''}".lower()
    elements, parents, own, first, last = _elements(blocks)
    counts, words, ends = _count([b.text for b in blocks])
    tokens = [b.text[:HEAD].lower().split() for b in blocks]
    for index in np.flatnonzero(counts[CJK]).tolist():
        tokens[index] = _pairs(tokens[index])
    return View(
        blocks=blocks,
        elements=elements,
        parents=np.array(parents),
        own=np.array(own),
        first=np.array(first),
        last=np.array(last),
        wider=np.array(_wider(parents, first, last)),
        counts=counts,
        words=words,
        ends=ends,
        tokens=tokens,
        title_words=frozenset(_pairs(re.findall(r"\w{2,}", title.lower()))),
        topic_words=frozenset(_pairs(re.findall(r"\w{4,}|[\u3040-\u30ff\u3400-\u9fff]{2,}", topic))),
        url=url or "",
    )


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def _pairs(tokens: list[str]) -> list[str]:
    """Return words with each run of Chinese or Japanese characters in overlapping pairs: no space parts its words.

    >>> _pairs(["回复主题", "tea"])
    ['回复', '复主', '主题', 'tea']
    """
    out: list[str] = []
    for token in tokens:
        if token.isascii() or not _UNSPACED.search(token):
            out.append(token)
            continue
        end = 0
        for run in _UNSPACED.finditer(token):
            if token[end : run.start()]:
                out.append(token[end : run.start()])
            text, end = run[0], run.end()
            out += [text[i : i + 2] for i in range(max(len(text) - 1, 1))]
        if token[end:]:
            out.append(token[end:])
    return out


def _elements(blocks: Sequence[Block]) -> tuple[list[Element], list[int], list[int], list[int], list[int]]:
    """Return elements, parents, each block's element, and each element's first and last block."""
    number: dict[int, int] = {}
    elements: list[Element] = []
    parents: list[int] = []
    own: list[int] = []
    first: list[int] = []
    last: list[int] = []
    for index, block in enumerate(blocks):
        element: Element | None = _ROOT if block.markup is None else block.markup.element
        new: list[Element] = []
        while element is not None and id(element) not in number:
            new.append(element)
            element = element.parent
        row = -1 if element is None else number[id(element)]
        for element in reversed(new):
            parents.append(row)
            row = number[id(element)] = len(elements)
            elements.append(element)
            first.append(index)
            last.append(index)
        own.append(row)
        last[row] = index
    for row in range(len(elements) - 1, 0, -1):
        if (parent := parents[row]) >= 0 and last[parent] < last[row]:
            last[parent] = last[row]
    return elements, parents, own, first, last


def _wider(parents: list[int], first: list[int], last: list[int]) -> list[int]:
    wider = [-1] * len(parents)
    for row, parent in enumerate(parents):
        if parent >= 0:
            wider[row] = parent if last[parent] - first[parent] > last[row] - first[row] else wider[parent]
    return wider


@lru_cache(maxsize=1)
def _classes() -> NDArray[np.uint8]:
    """Return the class of each character of the basic plane; those beyond are counted as letters."""
    table = np.zeros(_PLANE, dtype=np.uint8)
    for code in range(0x3100):
        category = unicodedata.category(chr(code))
        table[code] = (
            UPPER
            if category in {"Lu", "Lt"}
            else LOWER
            if category[0] in "LM"
            else DIGIT
            if category[0] == "N"
            else SPACE
            if category[0] == "Z" or code in {9, 10, 13}
            else PUNCT
            if category[0] == "P"
            else OTHER
        )
    for start, end in (
        (0x2E80, 0x2FE0),
        (0x3040, 0x3100),
        (0x3400, 0x4DC0),
        (0x4E00, 0xA000),
        (0xAC00, 0xD7B0),
        (0xF900, 0xFB00),
    ):
        table[start:end] = CJK
    table[0x3100:0x3400] = LOWER
    table[0xA000:0xAC00] = LOWER
    table[0xFB50:0xFE00] = LOWER
    table[0xFF00:0xFFEF] = PUNCT
    for characters, class_ in (
        (".!?…。！？", STOP),
        (",;、，；،", COMMA),
        ("|»›/·•→«", SEPARATOR),
        (":：", COLON),
        ("\n\t", LINE),
    ):
        for character in characters:
            table[ord(character)] = class_
    return table


def _count(texts: Sequence[str]) -> tuple[Floats, Floats, NDArray[np.uint32]]:
    """Return the characters of each class, the words, and the first and last character of each text."""
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = _classes()[np.where(codes < _PLANE, codes, ord("a"))]
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    block = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    counts = np.bincount(block * CLASSES + classes, minlength=len(texts) * CLASSES).reshape(-1, CLASSES).T
    inside = (classes >= LOWER) & (classes <= DIGIT)
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    behind = np.cumsum(lengths)
    starts = (behind - lengths)[lengths > 0]
    begins[starts] = inside[starts]
    words = np.bincount(block[begins], minlength=len(texts)) + counts[CJK]
    ends = np.zeros((2, len(texts)), dtype=np.uint32)
    ends[:, lengths > 0] = codes[starts], codes[behind[lengths > 0] - 1]
    return counts.astype(np.float32), words.astype(np.float32), ends
