"""What the scorer of dumps sees of each line: some ninety numbers, and the words as rows of a table of vectors."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Block
from pipeline.strip import view as v
from pipeline.strip.dump_rules import furniture_by_rules
from pipeline.strip.features import KINDS
from pipeline.strip.lines import furniture_reason, is_prose, normal
from pipeline.strip.title import Heading
from pipeline.strip.view import Floats, View, look

Ids = NDArray[np.int32]
ROWS = 16_384
"""Rows of the table of word vectors; a word's row is a hash of it, row 0 is none."""
BAG, EDGES, PAIRS = 32, 6, 12
"""Words, marked words at beginning and end, and pairs of words of a line at most."""
WORDING = (
    "share related comments counter byline tags contents cookie-banner footer form advert video navigation".split()
)
"""Reasons that the wording of a line may give."""
RULES = (
    "caption comments contents related share navigation footer tags byline counter form advert video cookie-banner"
).split()
"""Reasons that the rules may give."""
_CJK = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W\d_{_CJK}]+|\d+|[^\w\s]")
_ADDRESS = re.compile(r"https?://|www\.|@\w|\.(?:com|org|net|ru|html)\b")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
_PRICE = re.compile(r"[$€£¥₽]\s?\d|\d\s?[$€£¥₽]|%")
_STARTS = ((0, 0x250), (0x370, 0x400), (0x400, 0x530), (0x590, 0x600), (0x600, 0x700))
"""Scripts told apart: Latin, Greek, Cyrillic, Hebrew, Arabic; all others are one."""
_HEAD, _MIDDLE, _BRIEF, _END = 240, 300, 120, 60
"""Characters of a line that are looked at: for words, for dates and the like, for the script, at the end."""
_WHOLE = 8
"""Words of a line that has a vector as a whole."""
_LONG = 20
_STOPS = [ord(c) for c in '.!?…。！？”"»']


@dataclass(frozen=True, slots=True)
class Lines:
    """What the network is given of a dump.

    Attributes:
        numbers: of each line, lines × len(names).
        names: what the numbers are.
        bag: rows of its words, lines × BAG, 0 where there are fewer.
        edges: rows of its first three words, its last two, and of a short line as a whole, lines × EDGES.
        pairs: rows of its pairs of words, lines × PAIRS.
    """

    numbers: Floats
    names: list[str]
    bag: Ids
    edges: Ids
    pairs: Ids


def see(blocks: Sequence[Block], heading: Heading) -> Lines:
    """Return what the network is given of a dump with at least one block.

    Args:
        blocks: its blocks.
        heading: its title and breadcrumb.
    """
    view = look(blocks, heading.title, None, None)
    columns = _characters(view) | _form(view) | _title(view, heading) | _copies(blocks)
    columns |= _place(view) | _content(view) | _sayings(blocks, heading)
    numbers = np.empty((len(blocks), len(columns)), dtype=np.float32)
    for column, values in enumerate(columns.values()):
        numbers[:, column] = values
    return Lines(numbers, list(columns), *_words(blocks))


_Columns = dict[str, NDArray[np.generic] | float]


def _which(blocks: Sequence[Block], holds: Callable[[Block], object]) -> Floats:
    return np.array([bool(holds(b)) for b in blocks], dtype=np.float32)


def _characters(view: View) -> _Columns:
    counts, words = view.counts, view.words
    chars = counts.sum(axis=0) + 1e-6
    letters = counts[v.UPPER] + counts[v.LOWER] + counts[v.CJK] + 1e-6
    return {
        "words": np.log1p(words),
        "chars": np.log1p(chars),
        "upper": counts[v.UPPER] / letters,
        "digits": counts[v.DIGIT] / chars,
        "punctuation": counts[v.PUNCT] / chars,
        "commas": counts[v.COMMA] / (words + 1),
        "stops": counts[v.STOP] / (words + 1),
        "separators": counts[v.SEPARATOR] / chars,
        "bars": np.log1p(counts[v.SEPARATOR]),
        "colons": counts[v.COLON] / (words + 1),
        "symbols": counts[v.OTHER] / chars,
        "word_length": letters / (words + 1),
        "cjk": counts[v.CJK] / letters,
        "rows": np.log1p(counts[v.LINE]),
    }


def _form(view: View) -> _Columns:
    blocks, (first, last) = view.blocks, view.ends
    capital = ((first >= 65) & (first <= 90)) | ((first >= 0x410) & (first <= 0x42F))
    small = ((first >= 97) & (first <= 122)) | ((first >= 0x430) & (first <= 0x44F))
    split = [b.text[:_HEAD].split() for b in blocks]
    columns: _Columns = {
        "function_words": np.array([sum(map(v.STOP_WORDS.__contains__, t)) / (len(t) + 1e-6) for t in view.tokens]),
        "capitals": np.array([sum(word[:1].isupper() for word in line) / (len(line) + 1e-6) for line in split]),
        "ends_stop": np.isin(last, _STOPS),
        "ends_colon": np.isin(last, [ord(":"), ord("：")]),
        "ends_dots": _which(blocks, lambda b: b.text.endswith(("...", "…"))),
        "ends_question": np.isin(last, [ord("?"), ord("？")]),
        "starts_capital": capital,
        "starts_small": small,
        "starts_digit": (first >= 48) & (first <= 57),
        "marked": _which(blocks, lambda b: b.marker),
        "numbered": _which(blocks, lambda b: b.marker[:1].isdigit()),
        "level": np.array([b.level for b in blocks]),
    }
    kinds = np.array([KINDS.index(b.kind) for b in blocks])
    return columns | {f"is_{kind}": kinds == number for number, kind in enumerate(KINDS[:6])}


def _title(view: View, heading: Heading) -> _Columns:
    contains = view.title_words.__contains__
    found = np.array([sum(map(contains, t[:40])) for t in view.tokens], dtype=np.float32)
    index = np.arange(len(view.blocks))
    at = heading.title_blocks[0] if heading.title_blocks else -1
    return {
        "title_overlap": np.minimum(found / (len(view.title_words) + 1e-6), 1),
        "title_precision": np.minimum(found / np.maximum(view.words, 1), 1),
        "has_title": float(at >= 0),
        "since_title": np.tanh((index - at) / 20) if at >= 0 else 0.0,
        "is_title": np.isin(index, heading.title_blocks),
        "is_breadcrumb": np.isin(index, heading.breadcrumb_blocks),
    }


def _copies(blocks: Sequence[Block]) -> _Columns:
    """Return how often a line stands in the dump, before it and behind it."""
    keys = [normal(b.text[:160]) for b in blocks]
    total, seen = Counter(keys), Counter[str]()
    earlier = np.zeros(len(keys), dtype=np.float32)
    for index, key in enumerate(keys):
        earlier[index] = seen[key]
        seen[key] += 1
    copies = np.array([total[key] for key in keys], dtype=np.float32)
    return {
        "copies": np.log(copies),
        "copies_before": np.minimum(earlier, 3),
        "copies_behind": np.minimum(copies - 1 - earlier, 3),
    }


def _place(view: View) -> _Columns:
    n = len(view.blocks)
    index = np.arange(n)
    line = np.array([b.place.line or 0 for b in view.blocks])
    gap = np.minimum(np.diff(line, prepend=line[0]), 6)
    return {
        "gap_before": gap,
        "gap_behind": np.append(gap[1:], 3),
        "place": index / n,
        "index": np.log1p(index),
        "index_back": np.log1p(n - index),
        "page_lines": float(np.log1p(n)),
        "page_words": float(np.log1p(view.words.sum())),
    }


def _content(view: View) -> _Columns:
    blocks = view.blocks
    long = np.where(view.words >= _LONG, view.words, 0)
    total = float(long.sum()) + 1
    before = np.cumsum(long)
    scripts = _scripts(blocks)
    main = int(scripts.sum(axis=0).argmax())
    letters = scripts.sum(axis=1)
    return {
        "page_long": total / (float(view.words.sum()) + 1),
        "page_long_lines": float((long > 0).mean()),
        "long_before": (before - long) / total,
        "long_behind": (total - 1 - before) / total,
        "address": _which(blocks, lambda b: _ADDRESS.search(b.text[:_MIDDLE])),
        "date": _which(blocks, lambda b: _DATE.search(b.text[:_MIDDLE])),
        "price": _which(blocks, lambda b: _PRICE.search(b.text[:_MIDDLE])),
        "foreign": np.where(letters > 0, 1 - scripts[:, main] / np.maximum(letters, 1), 0),
        "page_latin": float(main == 0),
    }


def _scripts(blocks: Sequence[Block]) -> Floats:
    """Return how many letters of each script the lines begin with, lines × scripts."""
    out = np.zeros((len(blocks), len(_STARTS) + 1), dtype=np.float32)
    for row, block in enumerate(blocks):
        text = block.text[:_BRIEF]
        if text.isascii():
            out[row, 0] = sum(map(str.isalpha, text))
            continue
        for character in filter(str.isalpha, text):
            out[row, _script_of(ord(character))] += 1
    return out


def _script_of(code: int) -> int:
    return next((number for number, (start, end) in enumerate(_STARTS) if start <= code < end), len(_STARTS))


def _sayings(blocks: Sequence[Block], heading: Heading) -> _Columns:
    """Return what wording and rules say of each line."""
    wording = [furniture_reason(b.text) for b in blocks]
    rules = furniture_by_rules(blocks, heading.title, [*heading.title_blocks, *heading.breadcrumb_blocks])
    by_rules = [rules.get(index) for index in range(len(blocks))]
    columns: _Columns = {f"wording_{r}": np.array([said == r for said in wording]) for r in WORDING}
    columns |= {f"rule_{r}": np.array([said == r for said in by_rules]) for r in RULES}
    columns["rule"] = np.array([said is not None for said in by_rules])
    columns["prose"] = _which(blocks, lambda b: is_prose(b.text))
    return columns


def _words(blocks: Sequence[Block]) -> tuple[Ids, Ids, Ids]:
    n = len(blocks)
    bag, edges, pairs = (np.zeros((n, size), dtype=np.int32) for size in (BAG, EDGES, PAIRS))
    for index, block in enumerate(blocks):
        words = [_masked(word) for word in _TOKEN.findall(block.text[:_HEAD].lower())]
        different = list(dict.fromkeys(words))[:BAG]
        bag[index, : len(different)] = [_row(word) for word in different]
        for place, word in enumerate(words[:3]):
            edges[index, place] = _row(f"^{place}{word}")
        for place, word in enumerate(_TOKEN.findall(block.text[-_END:].lower())[-2:]):
            edges[index, 3 + place] = _row(f"${place}{'0' if word.isdigit() else word}")
        if len(words) <= _WHOLE:
            edges[index, 5] = _row("=" + " ".join(words))
        two = [_row(f"{one} {next_one}") for one, next_one in pairwise(words[: PAIRS + 1])]
        pairs[index, : len(two)] = two
    return bag, edges, pairs


def _masked(word: str) -> str:
    """Return a number as so many noughts."""
    return "0" * min(len(word), 5) if word.isdigit() else word


def _row(word: str) -> int:
    return crc32(word.encode("utf-8", "replace")) % (ROWS - 1) + 1
