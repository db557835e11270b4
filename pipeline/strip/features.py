"""What the scorer sees of each block: text, markup, path, position, neighbours, containers, shapes, page."""

import numpy as np
from numpy.typing import NDArray

from pipeline.record import Kind
from pipeline.strip.lines import normal
from pipeline.strip.names import BITS, bits_of, shape_of
from pipeline.strip.view import (
    CJK,
    COLON,
    COMMA,
    DIGIT,
    LINE,
    LOWER,
    PUNCT,
    SEPARATOR,
    STOP,
    STOP_WORDS,
    UPPER,
    Floats,
    View,
)
from pipeline.strip.words import WordSums

KINDS: tuple[Kind, ...] = ("heading", "paragraph", "list_item", "table", "quote", "code", "caption")
LONG = 20
"""Words of a block that counts as long text, if few of them are links."""
_CONTAINERS = 4
_TITLE_WORDS = 40


def text_features(view: View) -> dict[str, Floats]:
    """Return what each block's own text and markup say."""
    counts, words = view.counts, view.words
    chars = counts.sum(axis=1) + 1e-6
    letters = counts[:, UPPER] + counts[:, LOWER] + counts[:, CJK] + 1e-6
    stop = np.array([sum(map(STOP_WORDS.__contains__, t)) / (len(t) + 1e-6) for t in view.tokens], dtype=np.float32)
    out = {
        "words": words,
        "chars": chars,
        "upper": counts[:, UPPER] / letters,
        "digits": counts[:, DIGIT] / chars,
        "punctuation": counts[:, PUNCT] / chars,
        "commas": counts[:, COMMA] / (words + 1),
        "stops": counts[:, STOP],
        "stops_per_word": counts[:, STOP] / (words + 1),
        "separators": counts[:, SEPARATOR] / chars,
        "colons": counts[:, COLON] / (words + 1),
        "lines": counts[:, LINE],
        "cjk": counts[:, CJK] / chars,
        "word_length": letters / (words + 1),
        "stop_words": stop,
    }
    out |= {f"ends_{name}": _array([b.text[-1:] in ends for b in view.blocks]) for name, ends in _ENDS.items()}
    out["starts_upper"] = _array([b.text[:1].isupper() for b in view.blocks])
    out["starts_lower"] = _array([b.text[:1].islower() for b in view.blocks])
    out["starts_digit"] = _array([b.text[:1].isdigit() for b in view.blocks])
    out["kind"] = _array([KINDS.index(b.kind) for b in view.blocks])
    for kind in KINDS[:3]:
        out[f"is_{kind}"] = _array([b.kind == kind for b in view.blocks])
    out["level"] = _array([b.level for b in view.blocks])
    out["marked"] = _array([b.marker != "" for b in view.blocks])
    return out


_ENDS = {
    "stop": frozenset('.!?…。！？”"»'),
    "colon": frozenset(":："),
    "dots": frozenset("…"),
    "more": frozenset("»›→>+"),
}


def markup_features(view: View) -> dict[str, Floats]:
    """Return what the markup of each block says; all zero without markup."""
    marks = [
        (m.link_chars, m.links, m.bold_chars, m.images, m.controls) if (m := b.markup) else (0, 0, 0, 0, 0)
        for b in view.blocks
    ]
    values = np.array(marks, dtype=np.float32).reshape(-1, 5)
    chars = np.maximum(_array([len(b.text) for b in view.blocks]), 1)
    return {
        "link_ratio": np.minimum(values[:, 0] / chars, 1),
        "links": values[:, 1],
        "bold_ratio": np.minimum(values[:, 2] / chars, 1),
        "images": values[:, 3],
        "controls": values[:, 4],
    }


def path_bits(view: View) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the bits of each element's own names and of its whole path."""
    own: list[int] = []
    path: list[int] = []
    for element, parent in zip(view.elements, view.parents, strict=True):
        bits = bits_of(element)
        own.append(bits)
        path.append(bits if parent < 0 else bits | path[parent])
    return np.array(own, dtype=np.uint64), np.array(path, dtype=np.uint64)


def assemble(view: View, sums: WordSums, types: Floats) -> tuple[Floats, list[str]]:
    """Return the feature matrix, one row for each block, and the names of its columns.

    Args:
        view: the page.
        sums: its word weights.
        types: probability of each page type.
    """
    text = text_features(view)
    markup = markup_features(view)
    parts = text | markup
    bits = path_bits(view)[1]
    depth = _array([e.depth for e in view.elements])
    n = len(view.blocks)
    path = bits[view.own]
    flags = ((path[:, None] >> np.arange(BITS, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)
    parts |= {f"path_{i}": flags[:, i] for i in range(BITS)}
    parts["depth"] = depth[view.own]
    parts |= _word_features(view, sums)
    long = (view.words >= LONG) & (markup["link_ratio"] < 0.4)
    long_words = np.where(long, view.words, 0).astype(np.float32)
    parts |= _position(view, long, long_words)
    parts |= _title(view)
    parts |= _neighbours(parts, view.words, markup["link_ratio"])
    link_words = view.words * markup["link_ratio"]
    measures = _Measures(
        view, link_words, long_words, parts["stop_words"] * view.words, parts["word_sum"], text["stops"]
    )
    parts |= _containers(view, measures, depth)
    parts |= _shapes(view, markup["link_ratio"], parts["word_sum"])
    parts |= _page(view, markup["link_ratio"], long_words, flags, types, n)
    return np.stack([np.broadcast_to(v, n) for v in parts.values()], axis=1).astype(np.float32), list(parts)


def _array(values: list[float] | list[bool] | list[int]) -> Floats:
    return np.array(values, dtype=np.float32)


def _word_features(view: View, sums: WordSums) -> dict[str, Floats]:
    own = view.own
    parents = np.array(view.parents)
    up = np.maximum(parents[own], 0)
    return {
        "word_path": sums.path[own],
        "word_own": sums.element[own],
        "word_parent": sums.element[up],
        "word_least": sums.least[own],
        "word_most": sums.most[own],
        "word_text": sums.text,
        "word_sum": sums.path[own] + sums.text,
    }


def _position(view: View, long: NDArray[np.bool_], long_words: Floats) -> dict[str, Floats]:
    n = len(view.blocks)
    index = np.arange(n, dtype=np.float32)
    before = np.cumsum(view.words) - view.words
    total = view.words.sum() + 1
    long_before = np.cumsum(long_words) - long_words
    long_total = long_words.sum() + 1
    at = np.where(long, index, -1e4)
    previous = index - np.maximum.accumulate(np.concatenate(([-1e4], at[:-1])))
    at = np.where(long, index, 1e4)
    following = np.minimum.accumulate(np.concatenate((at[1:], [1e4]))[::-1])[::-1] - index
    return {
        "index": index,
        "index_back": n - index,
        "place": index / n,
        "words_before": before / total,
        "long_before": long_before / long_total,
        "long_after": (long_total - 1 - long_before - long_words) / long_total,
        "since_long": np.minimum(previous, 50).astype(np.float32),
        "until_long": np.minimum(following, 50).astype(np.float32),
    }


def _title(view: View) -> dict[str, Floats]:
    title = view.title_words
    overlap = []
    for tokens in view.tokens:
        found = sum(map(title.__contains__, tokens[:_TITLE_WORDS]))
        overlap.append(found / (len(title) + 1e-6) if found else 0.0)
    overlaps = np.minimum(_array(overlap), 1)
    precision = overlaps * len(title) / np.maximum(view.words, 1)
    likely = np.where(view.words <= 2 * len(title) + 4, overlaps * np.minimum(precision, 1), 0)
    heading = np.array([b.kind == "heading" for b in view.blocks])
    h1 = np.array([b.kind == "heading" and b.level == 1 for b in view.blocks])
    strength = likely + 0.5 * h1 + 0.2 * heading * (likely > 0)
    at = int(np.argmax(strength)) if strength.max(initial=0) > 0.45 else -1
    index = np.arange(len(view.blocks), dtype=np.float32)
    seen: dict[str, int] = {}
    keys = [normal(b.text[:200]) for b in view.blocks]
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
    return {
        "title_overlap": overlaps,
        "title_precision": np.minimum(precision, 1),
        "since_title": np.clip(index - at, -50, 200) if at >= 0 else np.full(len(index), -60, dtype=np.float32),
        "headings_before": np.cumsum(heading).astype(np.float32),
        "copies": _array([seen[key] for key in keys]),
    }


def _shift(values: Floats, by: int) -> Floats:
    out = np.full_like(values, -1)
    if by > 0:
        out[by:] = values[:-by]
    else:
        out[:by] = values[-by:]
    return out


def _window(values: Floats, size: int) -> Floats:
    """Return the sum of the values at most `size` blocks away, the block itself left out."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    n = len(values)
    index = np.arange(n)
    return (total[np.minimum(index + size + 1, n)] - total[np.maximum(index - size, 0)] - values).astype(np.float32)


def _neighbours(parts: dict[str, Floats], words: Floats, link_ratio: Floats) -> dict[str, Floats]:
    out: dict[str, Floats] = {}
    for by in (-2, -1, 1, 2):
        if len(words) > 2:
            for name in ("words", "link_ratio", "kind", "word_sum", "ends_stop"):
                out[f"{name}{by:+d}"] = _shift(parts[name], by)
        else:
            out |= {
                f"{name}{by:+d}": np.full_like(words, -1)
                for name in ("words", "link_ratio", "kind", "word_sum", "ends_stop")
            }
    for size in (3, 8):
        near = _window(words, size)
        out[f"words_{size}"] = near
        out[f"links_{size}"] = _window(words * link_ratio, size) / (near + 1)
        out[f"stops_{size}"] = _window(parts["stops"], size) / (near + 1)
        out[f"stop_words_{size}"] = _window(parts["stop_words"] * words, size) / (near + 1)
        out[f"word_sum_{size}"] = _window(parts["word_sum"], size) / (2 * size)
    return out


class _Measures:
    """Sums over the blocks below each element."""

    def __init__(self, view: View, links: Floats, long: Floats, stop: Floats, score: Floats, stops: Floats) -> None:
        stacked = np.stack(
            [view.words, links, long, stop, score * np.sqrt(view.words), np.sqrt(view.words), stops], axis=1
        )
        total = np.concatenate((np.zeros((1, stacked.shape[1])), np.cumsum(stacked, axis=0, dtype=np.float64)))
        self.sums = (total[view.last + 1] - total[view.first]).astype(np.float32)
        self.blocks = (view.last - view.first + 1).astype(np.float32)


def _containers(view: View, measures: _Measures, depth: Floats) -> dict[str, Floats]:
    """Return sums over the nearest containers above each block, and its place to those that hold most text."""
    out: dict[str, Floats] = {}
    at = view.own
    total_long = measures.sums[0, 2] + 1e-6
    total = measures.sums[0, 0] + 1e-6
    for step in range(_CONTAINERS):
        sums = measures.sums[at]
        words = sums[:, 0] + 1e-6
        out[f"c{step}_words"] = sums[:, 0]
        out[f"c{step}_share"] = sums[:, 0] / total
        out[f"c{step}_links"] = sums[:, 1] / words
        out[f"c{step}_long"] = sums[:, 2] / total_long
        out[f"c{step}_stop_words"] = sums[:, 3] / words
        out[f"c{step}_stops"] = sums[:, 6] / words
        out[f"c{step}_word_sum"] = sums[:, 4] / (sums[:, 5] + 1e-6)
        out[f"c{step}_blocks"] = measures.blocks[at]
        out[f"c{step}_words_per_block"] = sums[:, 0] / measures.blocks[at]
        if step:
            place = (np.arange(len(view.own)) - view.first[at]) / measures.blocks[at]
            out[f"c{step}_place"] = place.astype(np.float32)
        at = np.where(view.wider[at] >= 0, view.wider[at], at)
    for share in (0.5, 0.8):
        out |= _holder(view, measures.sums[:, 2], share, depth)
    return out


def _holder(view: View, long: Floats, share: float, depth: Floats) -> dict[str, Floats]:
    """Return where each block stands to the deepest element that holds the given share of long text."""
    holding = np.flatnonzero(long >= share * long[0])
    holder = int(holding[np.argmax(depth[holding])]) if long[0] > 0 else 0
    index = np.arange(len(view.own))
    shared = np.zeros(len(index), dtype=np.float32)
    row = holder
    while row >= 0:
        inside = (index >= view.first[row]) & (index <= view.last[row])
        shared = np.where(inside, np.maximum(shared, depth[row]), shared)
        row = view.parents[row]
    name = f"holder{int(share * 100)}"
    return {
        f"{name}_inside": ((index >= view.first[holder]) & (index <= view.last[holder])).astype(np.float32),
        f"{name}_up": depth[holder] - shared,
        f"{name}_down": depth[view.own] - shared,
        f"{name}_side": np.sign(index - view.first[holder]).astype(np.float32) + (index > view.last[holder]),
    }


def shape_ids(view: View) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return two shape numbers of each block: by its own element and kind, and by the three innermost."""
    own = [shape_of(e.tag, e.names) for e in view.elements]
    parents = view.parents
    near: list[int] = []
    far: list[int] = []
    for block, row in zip(view.blocks, view.own.tolist(), strict=True):
        up = parents[row] if parents[row] >= 0 else row
        above = parents[up] if parents[up] >= 0 else up
        key = own[row] * 31 + ord(block.kind[0])
        near.append(key & 0x7FFFFFFFFFFF)
        far.append((key * 31 + own[up] * 17 + own[above]) & 0x7FFFFFFFFFFF)
    return np.unique(near, return_inverse=True)[1], np.unique(far, return_inverse=True)[1]


def _shapes(view: View, link_ratio: Floats, word_sum: Floats) -> dict[str, Floats]:
    out: dict[str, Floats] = {}
    total = view.words.sum() + 1
    for name, ids in zip(("near", "far"), shape_ids(view), strict=True):
        count = np.bincount(ids)
        words = np.bincount(ids, view.words)
        out[f"{name}_count"] = count[ids].astype(np.float32)
        out[f"{name}_words"] = (words / count)[ids].astype(np.float32)
        out[f"{name}_share"] = (words / total)[ids].astype(np.float32)
        out[f"{name}_links"] = (np.bincount(ids, view.words * link_ratio) / (words + 1e-6))[ids].astype(np.float32)
        out[f"{name}_word_sum"] = (np.bincount(ids, word_sum) / count)[ids].astype(np.float32)
        spread = np.bincount(ids, view.words**2) / count - (words / count) ** 2
        out[f"{name}_spread"] = np.sqrt(np.maximum(spread, 0))[ids].astype(np.float32)
    return out


def page_numbers(view: View, link_ratio: Floats, long_words: Floats, flags: Floats) -> Floats:
    """Return what the page is like as a whole, the same for all its blocks."""
    words = view.words.sum() + 1
    n = len(view.blocks)
    return np.array(
        [
            np.log1p(n),
            np.log1p(words),
            (view.words * link_ratio).sum() / words,
            long_words.sum() / words,
            np.log1p(long_words.sum()),
            (long_words > 0).sum() / n,
            view.counts[:, CJK].sum() / (view.counts.sum() + 1),
            view.counts[:, STOP].sum() / words,
            np.log1p(sum(b.kind == "heading" for b in view.blocks)),
            np.log1p(sum(b.kind == "code" for b in view.blocks)),
            *(flags.mean(axis=0)),
        ],
        dtype=np.float32,
    )


def _page(
    view: View, link_ratio: Floats, long_words: Floats, flags: Floats, types: Floats, n: int
) -> dict[str, Floats]:
    numbers = page_numbers(view, link_ratio, long_words, flags)
    out = {f"page_{i}": np.full(n, numbers[i], dtype=np.float32) for i in range(10)}
    return out | {f"type_{i}": np.full(n, value, dtype=np.float32) for i, value in enumerate(types)}
