"""What the scorer sees of each block: text, markup, path, position, neighbours, containers, shapes, page.

A feature is a row of the matrix, so that the forest can compare one feature of all blocks at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.record import Kind
from pipeline.strip import view as v
from pipeline.strip.names import BITS
from pipeline.strip.records import Measures, from_block, heading_features, record_features
from pipeline.strip.shapes import Shapes, block_shapes
from pipeline.strip.view import Floats, View
from pipeline.strip.words import Paths, find_words

Columns = dict[str, NDArray[np.floating] | float]

KINDS: tuple[Kind, ...] = ("heading", "paragraph", "list_item", "table", "quote", "code", "caption")
_KIND_NUMBER = {kind: float(i) for i, kind in enumerate(KINDS)}
LONG = 20
"""Words of a block that counts as long text, if few of them are links."""
_LINKED = 0.4
_PRIOR = -1.0
"""Log-odds of content of a block of long text of whose words nothing is known."""
_CONTAINERS = 4
_STOPS = np.array([ord(c) for c in '.!?…。！？”"»'], dtype=np.uint32)
_COLONS = np.array([ord(c) for c in ":："], dtype=np.uint32)
_FAR = 50.0


@dataclass(frozen=True, slots=True)
class Basis:
    """What several groups of features are made of, one value for each block.

    Attributes:
        links: share of the text inside links.
        long_words: words of blocks of long text, 0 for others.
        likely: words of blocks of long text, weighed by what the words of path and text say of them.
        stop_words: share of function words.
        topic: share of words that the page's title or description has.
        titled: how many of its first words the page's title has.
        flags: the bits of the paths, BITS × n.
        score: sum of the word weights of path and text.
        text_score: sum of the word weights of the text.
        heading: whether it is a heading.
        shapes: its shapes.
        page: what the page is like as a whole.
    """

    links: Floats
    long_words: Floats
    likely: Floats
    stop_words: Floats
    topic: Floats
    titled: Floats
    flags: Floats
    score: Floats
    text_score: Floats
    heading: NDArray[np.bool_]
    shapes: Shapes
    page: Floats


def basis_of(view: View, paths: Paths, text_score: Floats) -> Basis:
    """Return the basis of a page's features."""
    chars = np.array([len(b.text) for b in view.blocks], dtype=np.float32)
    linked = np.array([0 if b.markup is None else b.markup.link_chars for b in view.blocks], dtype=np.float32)
    links = np.minimum(linked / np.maximum(chars, 1), 1)
    lengths, found = find_words(view)
    stop_words = (found[0] / (lengths + 1e-6)).astype(np.float32)
    on_topic = (found[1] / (lengths + 1e-6)).astype(np.float32)
    bits = paths.bits[view.own]
    score = paths.total[view.own] + text_score
    long_words = np.where((view.words >= LONG) & (links < _LINKED), view.words, np.float32(0))
    flags = ((bits[None, :] >> np.arange(BITS)[:, None]) & 1).astype(np.float32)
    heading = np.array([b.kind == "heading" for b in view.blocks])
    return Basis(
        links=links,
        long_words=long_words,
        likely=long_words / (1 + np.exp(-np.clip(score + _PRIOR, -30, 30))),
        stop_words=stop_words,
        topic=on_topic,
        titled=found[2].astype(np.float32),
        flags=flags,
        score=score,
        text_score=text_score,
        heading=heading,
        shapes=block_shapes(view, paths.shape),
        page=_page_numbers(view, links, long_words, heading, flags),
    )


def assemble(view: View, paths: Paths, basis: Basis, types: Floats) -> Columns:
    """Return the features by name; a single number holds for all blocks.

    Args:
        view: the page.
        paths: what its paths say.
        basis: the basis of its features.
        types: probability of each page type.
    """
    depth = np.array([e.depth for e in view.elements], dtype=np.float32)
    columns = _text(view, basis)
    columns |= {f"path_{i}": row for i, row in enumerate(basis.flags)}
    columns |= _words(view, paths, basis, depth)
    columns |= _position(view, basis)
    columns |= _title(view, basis, depth)
    overlap = np.asarray(columns["title_overlap"], dtype=np.float32)
    columns |= _neighbours(view, basis)
    columns |= _containers(view, basis, depth)
    columns |= _shapes(view, basis)
    columns |= record_features(view, paths, Measures(basis.links, basis.long_words, basis.score, overlap))
    columns |= heading_features(view, basis.heading, basis.text_score, basis.topic, depth)
    columns |= from_block(view, depth, int(np.argmax(basis.likely)), "longest")
    columns |= {f"page_{i}": float(value) for i, value in enumerate(basis.page[:PAGE_NUMBERS])}
    columns |= {f"type_{i}": float(value) for i, value in enumerate(types)}
    return columns


def as_matrix(columns: Columns, n: int, names: list[str] | None = None) -> Floats:
    """Return the named features (all, in their order, where none are named) as rows of a matrix with n columns."""
    wanted = list(columns) if names is None else names
    matrix = np.empty((len(wanted), n), dtype=np.float32)
    for row, name in enumerate(wanted):
        matrix[row] = columns[name]
    return matrix


def _text(view: View, basis: Basis) -> Columns:
    counts, words = view.counts, view.words
    chars = counts.sum(axis=0) + 1e-6
    letters = counts[v.UPPER] + counts[v.LOWER] + counts[v.CJK] + 1e-6
    marks = [(m.links, m.bold_chars, m.images, m.controls) if (m := b.markup) else (0, 0, 0, 0) for b in view.blocks]
    links, bold, images, controls = np.array(marks, dtype=np.float32).reshape(-1, 4).T
    first = view.ends[0]
    upper = ((first >= 65) & (first <= 90)) | ((first >= 0x410) & (first <= 0x42F))
    lower = ((first >= 97) & (first <= 122)) | ((first >= 0x430) & (first <= 0x44F))
    return {
        "words": words,
        "chars": chars,
        "upper": counts[v.UPPER] / letters,
        "digits": counts[v.DIGIT] / chars,
        "punctuation": counts[v.PUNCT] / chars,
        "commas": counts[v.COMMA] / (words + 1),
        "stops": counts[v.STOP],
        "separators": counts[v.SEPARATOR] / chars,
        "colons": counts[v.COLON] / (words + 1),
        "lines": counts[v.LINE],
        "word_length": letters / (words + 1),
        "stop_words": basis.stop_words,
        "ends_stop": np.isin(view.ends[1], _STOPS).astype(np.float32),
        "ends_colon": np.isin(view.ends[1], _COLONS).astype(np.float32),
        "starts": np.where(upper, np.float32(2), np.where(lower, np.float32(0), np.float32(1))),
        "kind": np.array([_KIND_NUMBER[b.kind] for b in view.blocks], dtype=np.float32),
        "level": np.array([b.level for b in view.blocks], dtype=np.float32),
        "marked": np.array([b.marker != "" for b in view.blocks], dtype=np.float32),
        "link_ratio": basis.links,
        "links": links,
        "bold_ratio": bold / chars,
        "images": images,
        "controls": controls,
    }


def _words(view: View, paths: Paths, basis: Basis, depth: Floats) -> Columns:
    own = view.own
    up = np.maximum(view.parents[own], 0)
    return {
        "depth": depth[own],
        "word_path": paths.total[own],
        "word_own": paths.own[own],
        "word_parent": paths.own[up],
        "word_least": paths.least[own],
        "word_most": paths.most[own],
        "word_text": basis.text_score,
        "word_sum": basis.score,
    }


def _position(view: View, basis: Basis) -> Columns:
    n = len(view.blocks)
    index = np.arange(n, dtype=np.float32)
    long_words = basis.long_words
    words_before = np.cumsum(view.words) - view.words
    long_before = np.cumsum(long_words) - long_words
    total = long_words.sum() + 1
    at = np.where(long_words > 0, index, -1e4)
    previous = index - np.maximum.accumulate(np.concatenate(([-1e4], at[:-1])))
    at = np.where(long_words > 0, index, 1e4)
    following = np.minimum.accumulate(np.concatenate((at[1:], [1e4]))[::-1])[::-1] - index
    return {
        "index": index,
        "index_back": n - index,
        "place": index / n,
        "words_before": words_before / (view.words.sum() + 1),
        "long_before": long_before / total,
        "long_after": (total - 1 - long_before - long_words) / total,
        "since_long": np.minimum(previous, _FAR),
        "until_long": np.minimum(following, _FAR),
    }


def _title(view: View, basis: Basis, depth: Floats) -> Columns:
    size = len(view.title_words) + 1e-6
    found = basis.titled
    overlap = np.minimum(found / size, 1)
    precision = np.minimum(found / np.maximum(view.words, 1), 1)
    top = np.array([b.kind == "heading" and b.level == 1 for b in view.blocks])
    strength = overlap * precision + 0.5 * top + 0.2 * basis.heading * (overlap > 0)
    at = int(np.argmax(strength)) if strength.max() > 0.45 else -1
    index = np.arange(len(view.blocks), dtype=np.float32)
    seen: dict[str, int] = {}
    keys = [b.text[:80] for b in view.blocks]
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
    return from_block(view, depth, max(at, 0), "title") | {
        "topic": basis.topic,
        "title_overlap": overlap,
        "title_precision": precision,
        "since_title": np.clip(index - at, -50, 200) if at >= 0 else -60.0,
        "headings_before": np.cumsum(basis.heading).astype(np.float32),
        "copies": np.array([seen[key] for key in keys], dtype=np.float32),
    }


def _neighbours(view: View, basis: Basis) -> Columns:
    n = len(view.blocks)
    values = np.full((4, n + 2), -1, dtype=np.float32)
    values[0, 1:-1] = view.words
    values[1, 1:-1] = basis.links
    values[2, 1:-1] = basis.score
    values[3, 1:-1] = basis.heading
    out: Columns = {}
    for name, row in zip(("words", "links", "score", "heading"), values, strict=True):
        out[f"{name}-1"] = row[:-2]
        out[f"{name}+1"] = row[2:]
    sums = np.zeros((5, n + 1), dtype=np.float64)
    stacked = np.stack(
        [view.words, view.words * basis.links, view.counts[v.STOP], basis.stop_words * view.words, basis.score]
    )
    np.cumsum(stacked, axis=1, out=sums[:, 1:])
    index = np.arange(n)
    for size in (3, 8):
        near = sums[:, np.minimum(index + size + 1, n)] - sums[:, np.maximum(index - size, 0)] - stacked
        words = near[0] + 1
        out[f"words_{size}"] = near[0]
        out[f"links_{size}"] = near[1] / words
        out[f"stops_{size}"] = near[2] / words
        out[f"stop_words_{size}"] = near[3] / words
        out[f"word_sum_{size}"] = near[4] / (2 * size)
    return out


def _containers(view: View, basis: Basis, depth: Floats) -> Columns:
    """Return sums over the nearest containers above each block, and its place to those that hold most text."""
    weight = np.sqrt(view.words)
    stacked = np.stack(
        [
            view.words,
            view.words * basis.links,
            basis.long_words,
            basis.stop_words * view.words,
            view.counts[v.STOP],
            basis.score * weight,
            weight,
            basis.topic * weight,
            basis.likely,
        ]
    )
    total = np.zeros((len(stacked), len(view.blocks) + 1))
    np.cumsum(stacked, axis=1, out=total[:, 1:])
    sums = total[:, view.last + 1] - total[:, view.first]
    blocks = (view.last - view.first + 1).astype(np.float32)
    measures = np.stack(
        [
            sums[0],
            sums[0] / (sums[0, 0] + 1e-6),
            sums[1] / (sums[0] + 1e-6),
            sums[2] / (sums[2, 0] + 1e-6),
            sums[3] / (sums[0] + 1e-6),
            sums[4] / (sums[0] + 1e-6),
            sums[5] / (sums[6] + 1e-6),
            blocks,
            sums[0] / blocks,
            sums[7] / (sums[6] + 1e-6),
            sums[8] / (sums[8, 0] + 1e-6),
        ]
    )
    out: Columns = {}
    at = view.own
    index = np.arange(len(at))
    for step in range(_CONTAINERS):
        here = measures[:, at]
        for name, row in zip(_MEASURES, here, strict=True):
            out[f"c{step}_{name}"] = row
        if step:
            out[f"c{step}_place"] = (index - view.first[at]) / blocks[at]
        wider = view.wider[at]
        at = np.where(wider >= 0, wider, at)
    out |= holder(view, sums[2], 0.8, depth, "long80")
    out |= holder(view, sums[8], 0.5, depth, "likely50")
    out |= holder(view, sums[8], 0.8, depth, "likely80")
    return out


_MEASURES = (
    "words",
    "share",
    "links",
    "long",
    "stop_words",
    "stops",
    "word_sum",
    "blocks",
    "words_per_block",
    "topic",
    "likely",
)


def holder(view: View, long: NDArray[np.float64], share: float, depth: Floats, name: str) -> Columns:
    """Return where each block stands to the deepest element that holds the given share of a sum over blocks."""
    holding = np.flatnonzero(long >= share * long[0])
    deepest = int(holding[np.argmax(depth[holding])]) if long[0] > 0 else 0
    n = len(view.own)
    shared = np.zeros(n, dtype=np.float32)
    chain: list[int] = []
    row = deepest
    while row >= 0:
        chain.append(row)
        row = int(view.parents[row])
    for row in reversed(chain):
        shared[view.first[row] : view.last[row] + 1] = depth[row]
    index = np.arange(n)
    return {
        f"{name}_inside": ((index >= view.first[deepest]) & (index <= view.last[deepest])).astype(np.float32),
        f"{name}_up": depth[deepest] - shared,
        f"{name}_down": depth[view.own] - shared,
        f"{name}_side": (index >= view.first[deepest]).astype(np.float32) + (index > view.last[deepest]),
    }


def _shapes(view: View, basis: Basis) -> Columns:
    out: Columns = {}
    total = view.words.sum() + 1
    for name, ids in zip(("near", "far"), basis.shapes, strict=True):
        count = np.bincount(ids)
        words = np.bincount(ids, view.words)
        mean = words / count
        spread = np.sqrt(np.maximum(np.bincount(ids, view.words**2) / count - mean**2, 0))
        links = np.bincount(ids, view.words * basis.links) / (words + 1e-6)
        score = np.bincount(ids, basis.score) / count
        table = np.stack([count, mean, words / total, links, score, spread])[:, ids]
        for measure, row in zip(("count", "words", "share", "links", "word_sum", "spread"), table, strict=True):
            out[f"{name}_{measure}"] = row
    return out


PAGE_NUMBERS = 10


def _page_numbers(view: View, links: Floats, long_words: Floats, heading: NDArray[np.bool_], flags: Floats) -> Floats:
    """Return what the page is like as a whole: PAGE_NUMBERS measures, and the share of blocks under each path bit."""
    words = view.words.sum() + 1
    n = len(view.blocks)
    long = long_words.sum()
    return np.array(
        [
            np.log1p(n),
            np.log1p(words),
            (view.words * links).sum() / words,
            long / words,
            np.log1p(long),
            (long_words > 0).sum() / n,
            view.counts[v.CJK].sum() / (view.counts.sum() + 1),
            view.counts[v.STOP].sum() / words,
            np.log1p(heading.sum()),
            np.log1p(sum(b.kind == "code" for b in view.blocks)),
            *flags.mean(axis=1).tolist(),
        ],
        dtype=np.float32,
    )
