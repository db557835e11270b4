"""A small convolutional network over the lines of a dump: each line is judged with the lines around it in view."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.strip.line_features import Lines
from pipeline.strip.view import Floats

PIECE = 1024
"""Lines that are judged at once; a longer dump is judged in pieces, as in training."""
POOLED = 2
"""Layer at which each line also sees what the lines of the whole piece are like."""
_ALONE = 250_000
"""Multiplications up to which OpenBLAS works in one thread (4 × 65,536)."""
CLIP = 4.0
"""Standard deviations by which a number counts as far from its mean at most."""


@dataclass(frozen=True, slots=True)
class Network:
    """The weights. A layer sees a line, the one `step` lines before and the one `step` behind.

    Attributes:
        mean: of each number in training.
        spread: standard deviation of each number in training.
        words: vectors of words and of pairs of words, rows × size.
        edges: vectors of marked words, rows × size.
        first: weights and bias from the numbers and vectors of a line to its state.
        steps: of each layer.
        layers: of each layer weights and bias from three lines to the change, and from the change to the state.
        pooled: weights from mean and most of the states of a piece.
        last: weights and bias from a line's state to its log-odds of content.
    """

    mean: Floats
    spread: Floats
    words: Floats
    edges: Floats
    first: tuple[Floats, Floats]
    steps: tuple[int, ...]
    layers: tuple[tuple[Floats, Floats, Floats, Floats], ...]
    pooled: Floats
    last: tuple[Floats, Floats]

    def log_odds(self, lines: Lines) -> Floats:
        """Return the log-odds of content of each line."""
        n = len(lines.numbers)
        parts = [self._piece(lines, slice(start, min(start + PIECE, n))) for start in range(0, n, PIECE)]
        return np.concatenate(parts)

    def _piece(self, lines: Lines, piece: slice) -> Floats:
        numbers = np.clip((lines.numbers[piece] - self.mean) / self.spread, -CLIP, CLIP).astype(np.float32)
        edges = self.edges[lines.edges[piece]]  # row 0 is all noughts
        seen = [numbers, _mean(self.words, lines.bag[piece]), _mean(self.words, lines.pairs[piece])]
        seen.append(edges.reshape(len(numbers), -1))
        state = _positive(_times(np.concatenate(seen, axis=1), self.first[0]) + self.first[1])
        for number, (step, (near, near_bias, back, back_bias)) in enumerate(zip(self.steps, self.layers, strict=True)):
            change = _positive(_times(_with_neighbours(state, step), near) + near_bias)
            if number == POOLED:
                whole = np.concatenate([state.mean(axis=0), _positive(state.max(axis=0))])
                change += np.asarray(whole @ self.pooled, dtype=np.float32)
            state = state + _times(change, back) + back_bias
        return np.asarray((state @ self.last[0] + self.last[1])[:, 0], dtype=np.float32)


def _times(rows: Floats, weights: Floats) -> Floats:
    """Return the product of two matrices, some rows at a time.

    A larger product would wake the threads of the linear algebra library, which cost more than they gain.
    """
    at_once = max(_ALONE // weights.size, 1)
    if len(rows) <= at_once:
        return np.asarray(rows @ weights, dtype=np.float32)
    return np.concatenate([rows[start : start + at_once] @ weights for start in range(0, len(rows), at_once)])


def _positive(values: Floats) -> Floats:
    return np.maximum(values, 0)


def _mean(table: Floats, rows: NDArray[np.int32]) -> Floats:
    """Return the sum of the vectors of some rows by the root of their number; row 0 does not count."""
    count = (rows > 0).sum(axis=1, keepdims=True)
    return np.asarray(table[rows].sum(axis=1) / np.sqrt(count + 1e-3), dtype=np.float32)


def _with_neighbours(state: Floats, step: int) -> Floats:
    before, behind = np.zeros_like(state), np.zeros_like(state)
    before[step:] = state[:-step]
    behind[:-step] = state[step:]
    return np.concatenate([before, state, behind], axis=1)


def load(data: bytes) -> list[Network]:
    """Return the networks that `dump` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return [_read(arrays, f"n{number}_") for number in range(int(arrays["networks"]))]


def dump(networks: list[Network]) -> bytes:
    """Return networks as bytes: vectors in 8 bits, other weights in half precision."""
    arrays: dict[str, NDArray[np.generic]] = {"networks": np.array(len(networks))}
    for number, network in enumerate(networks):
        arrays |= {f"n{number}_{name}": values for name, values in _arrays(network).items()}
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def _arrays(network: Network) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {
        "mean": network.mean,
        "spread": network.spread,
        "steps": np.array(network.steps),
    }
    for name, table in (("words", network.words), ("edges", network.edges)):
        scale = float(np.abs(table).max()) / 127 or 1.0
        arrays[name], arrays[f"{name}_scale"] = (
            np.round(table / scale).astype(np.int8),
            np.array(scale, dtype=np.float32),
        )
    for name, pair in (
        ("first", network.first),
        ("last", network.last),
        *((f"l{i}", p) for i, p in enumerate(network.layers)),
    ):
        arrays |= {f"{name}_{i}": values.astype(np.float16) for i, values in enumerate(pair)}
    return arrays | {"pooled": network.pooled.astype(np.float16)}


def _read(arrays: "np.lib.npyio.NpzFile", at: str) -> Network:
    def whole(name: str) -> Floats:
        return np.asarray(arrays[at + name], dtype=np.float32)

    steps = tuple(arrays[f"{at}steps"].tolist())
    return Network(
        mean=whole("mean"),
        spread=whole("spread"),
        words=whole("words") * whole("words_scale"),
        edges=whole("edges") * whole("edges_scale"),
        first=(whole("first_0"), whole("first_1")),
        steps=steps,
        layers=tuple(
            (whole(f"l{i}_0"), whole(f"l{i}_1"), whole(f"l{i}_2"), whole(f"l{i}_3")) for i in range(len(steps))
        ),
        pooled=whole("pooled"),
        last=(whole("last_0"), whole("last_1")),
    )
