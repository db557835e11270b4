"""Training of the network that judges the lines of dumps: JAX finds the weights, numpy runs them."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from pipeline.strip.line_features import BAG, EDGES, PAIRS, ROWS, Lines
from pipeline.strip.network import CLIP, PIECE, POOLED, Network
from pipeline.strip.view import Floats

STEPS = (1, 2, 4, 8, 16, 32)
STATE, WORD, EDGE = 64, 24, 12
"""Numbers of a line's state, of the vector of a word, of that of a marked word."""
EPOCHS = 6
_RATE, _DECAY, _DROPPED, _WARM = 2e-3, 0.02, 0.15, 100
_FORGOTTEN = (0.2, 0.3, 0.2)
"""Share of words, of pairs and of marked words that are left out of a line in training."""
_SIZES = (64, 128, 256, 512, PIECE)
_BATCH = 4 * PIECE
"""Lines in a batch; all pieces of a batch have one size."""

Weights = dict[str, Any]
Batch = tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A dump to train on: what is seen of its lines, their labels and what each counts (0: undecided)."""

    lines: Lines
    labels: Floats
    weights: Floats


def fit(examples: Sequence[Example], seed: int, say: Callable[[str], None]) -> Network:
    """Return the network that is trained on some dumps.

    Args:
        examples: the dumps.
        seed: of what is drawn by lot: first weights, order, what is forgotten.
        say: takes what there is to say.
    """
    chance = np.random.default_rng(seed)
    numbers = np.concatenate([e.lines.numbers for e in examples])
    mean, spread = numbers.mean(axis=0), numbers.std(axis=0) + 1e-3
    weights: Weights = {k: jnp.asarray(w) for k, w in _first_weights(chance, len(mean)).items()}
    moments = ({k: jnp.zeros_like(w) for k, w in weights.items()}, {k: jnp.zeros_like(w) for k, w in weights.items()})
    key = jax.random.PRNGKey(seed)
    total = EPOCHS * sum(1 for _ in _batches(examples, np.random.default_rng(seed)))
    done = 0
    for epoch in range(EPOCHS):
        for pieces in _batches(examples, chance):
            done += 1
            key, lot = jax.random.split(key)
            rate = _RATE * min(1, done / _WARM) * (0.5 * (1 + np.cos(np.pi * min(1, done / total))) + 0.01)
            weights, moments = _step(weights, moments, done, _as_arrays(examples, pieces, mean, spread), lot, rate)
        say(f"epoch {epoch + 1} of {EPOCHS}, {done} batches")
    return _network({k: np.asarray(w) for k, w in weights.items()}, mean, spread)


def _first_weights(chance: np.random.Generator, numbers: int) -> dict[str, Floats]:
    def drawn(*shape: int, spread: float) -> Floats:
        return (chance.standard_normal(shape) * spread).astype(np.float32)

    given = numbers + 2 * WORD + EDGES * EDGE
    weights = {"words": drawn(ROWS, WORD, spread=0.05), "edges": drawn(ROWS, EDGE, spread=0.05)}
    weights |= {"first": drawn(given, STATE, spread=(2 / given) ** 0.5), "first_bias": np.zeros(STATE, np.float32)}
    for number in range(len(STEPS)):
        weights[f"near{number}"] = drawn(3 * STATE, STATE, spread=(2 / (3 * STATE)) ** 0.5)
        weights[f"back{number}"] = drawn(STATE, STATE, spread=0.5 * (1 / STATE) ** 0.5)
        weights |= {f"{name}{number}_bias": np.zeros(STATE, np.float32) for name in ("near", "back")}
    weights["pooled"] = drawn(2 * STATE, STATE, spread=0.5 * (1 / STATE) ** 0.5)
    return weights | {"last": drawn(STATE, 1, spread=0.1), "last_bias": np.zeros(1, np.float32)}


def _forward(weights: Weights, batch: tuple[Any, ...], lot: Any) -> Any:
    """Return log-odds; the same as `Network.log_odds`, with some of what is seen forgotten by lot."""
    numbers, bag, edges, pairs, _, _, there = batch
    lots = jax.random.split(lot, 4 + len(STEPS))
    bag, pairs, edges = (
        jnp.where(jax.random.bernoulli(one, 1 - share, rows.shape), rows, 0)
        for rows, one, share in zip((bag, pairs, edges), lots[:3], _FORGOTTEN, strict=True)
    )
    there = there[..., None]
    marked = weights["edges"][edges] * (edges > 0)[..., None]
    seen = [
        numbers,
        _mean(weights["words"], bag),
        _mean(weights["words"], pairs),
        marked.reshape(*marked.shape[:-2], -1),
    ]
    state = jax.nn.relu(jnp.concatenate(seen, axis=-1) @ weights["first"] + weights["first_bias"])
    state = _dropped(state, lots[3]) * there
    for number, step in enumerate(STEPS):
        before = jnp.pad(state, ((0, 0), (step, 0), (0, 0)))[:, :-step]
        behind = jnp.pad(state, ((0, 0), (0, step), (0, 0)))[:, step:]
        near = jnp.concatenate([before, state, behind], axis=-1)
        change = jax.nn.relu(near @ weights[f"near{number}"] + weights[f"near{number}_bias"])
        if number == POOLED:
            mean = state.sum(axis=1) / (there.sum(axis=1) + 1e-3)
            change += (jnp.concatenate([mean, jnp.maximum(state.max(axis=1), 0)], axis=-1) @ weights["pooled"])[:, None]
        change = _dropped(change, lots[4 + number])
        state = (state + change @ weights[f"back{number}"] + weights[f"back{number}_bias"]) * there
    return (state @ weights["last"] + weights["last_bias"])[..., 0]


def _mean(table: Any, rows: Any) -> Any:
    there = (rows > 0)[..., None].astype(jnp.float32)
    return (table[rows] * there).sum(axis=-2) / jnp.sqrt(there.sum(axis=-2) + 1e-3)


def _dropped(values: Any, lot: Any) -> Any:
    return values * jax.random.bernoulli(lot, 1 - _DROPPED, values.shape) / (1 - _DROPPED)


def _loss(weights: Weights, batch: tuple[Any, ...], lot: Any) -> Any:
    odds, labels, counts = _forward(weights, batch, lot), batch[4], batch[5]
    loss = jnp.maximum(odds, 0) - odds * labels + jnp.log1p(jnp.exp(-jnp.abs(odds)))
    return (loss * counts).sum() / (counts.sum() + 1e-3)


@functools.partial(jax.jit, donate_argnums=(0, 1))
def _step(weights: Weights, moments: Any, done: Any, batch: tuple[Any, ...], lot: Any, rate: Any) -> Any:
    """Return weights and moments after one step of Adam with decay, gradients clipped to length 1."""
    gradients = jax.grad(_loss)(weights, batch, lot)
    length = jnp.sqrt(sum((g**2).sum() for g in gradients.values()))
    first, second, out = {}, {}, {}
    for name, weight in weights.items():
        gradient = gradients[name] * jnp.minimum(1, 1 / length)
        first[name] = 0.9 * moments[0][name] + 0.1 * gradient
        second[name] = 0.99 * moments[1][name] + 0.01 * gradient**2
        change = first[name] / (1 - 0.9**done) / (jnp.sqrt(second[name] / (1 - 0.99**done)) + 1e-7)
        out[name] = weight - rate * (change + (0.0 if name.endswith("bias") else _DECAY) * weight)
    return out, (first, second)


Piece = tuple[int, int, int]
"""Number of the example, first line, line behind the last."""


def _batches(examples: Sequence[Example], chance: np.random.Generator) -> Iterator[list[Piece]]:
    """Yield pieces of dumps in an order drawn by lot; those of a batch have about one length."""
    pieces = [
        (number, start, min(start + PIECE, len(e.labels)))
        for number, e in enumerate(examples)
        for start in range(0, len(e.labels), PIECE)
    ]
    waiting: dict[int, list[Piece]] = {}
    for index in chance.permutation(len(pieces)).tolist():
        number, start, end = pieces[index]
        size = _size(end - start)
        alike = waiting.setdefault(size, [])
        alike.append((number, start, end))
        if len(alike) * size >= _BATCH:
            yield waiting.pop(size)
    yield from waiting.values()


def _size(lines: int) -> int:
    return next(size for size in _SIZES if size >= lines)


def _as_arrays(examples: Sequence[Example], pieces: Sequence[Piece], mean: Floats, spread: Floats) -> Batch:
    """Return pieces as arrays: numbers, rows of words, edges and pairs, labels, weights, and where there are lines."""
    size = max(_size(end - start) for _, start, end in pieces)
    shape = (_BATCH // size, size)
    numbers = np.zeros((*shape, len(mean)), dtype=np.float32)
    bag, edges, pairs = (np.zeros((*shape, width), dtype=np.int32) for width in (BAG, EDGES, PAIRS))
    labels, counts, there = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    for row, (number, start, end) in enumerate(pieces):
        example, n, part = examples[number], end - start, slice(start, end)
        numbers[row, :n] = np.clip((example.lines.numbers[part] - mean) / spread, -CLIP, CLIP)
        bag[row, :n], edges[row, :n] = example.lines.bag[part], example.lines.edges[part]
        pairs[row, :n] = example.lines.pairs[part]
        labels[row, :n], counts[row, :n] = np.nan_to_num(example.labels[part]), example.weights[part]
        there[row, :n] = 1
    return numbers, bag, edges, pairs, labels, counts, there


def _network(weights: dict[str, Floats], mean: Floats, spread: Floats) -> Network:
    words, edges = weights["words"].copy(), weights["edges"].copy()
    words[0] = edges[0] = 0
    return Network(
        mean=mean,
        spread=spread,
        words=words,
        edges=edges,
        first=(weights["first"], weights["first_bias"]),
        steps=STEPS,
        layers=tuple(
            (weights[f"near{n}"], weights[f"near{n}_bias"], weights[f"back{n}"], weights[f"back{n}_bias"])
            for n in range(len(STEPS))
        ),
        pooled=weights["pooled"],
        last=(weights["last"], weights["last_bias"]),
    )
