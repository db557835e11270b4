"""The scorer: its weights as shipped, and one page through them."""

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Document
from pipeline.strip.features import as_matrix, assemble, basis_of
from pipeline.strip.forest import Forest
from pipeline.strip.page_type import TypeModel, page_keys
from pipeline.strip.second_look import look_again
from pipeline.strip.view import Floats, View, look
from pipeline.strip.words import Paths, Words, read_paths, read_texts

HTML = "html.npz"
DUMPS = "dumps.npz"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Word weights, page types, a forest, and for dumps a second one that sees what the first says of all blocks.

    What the forests say is moved a little by the type of page before blocks are chosen: on lists it is too cautious.

    Attributes:
        words: weights of the words of paths and texts.
        types: the model of the page type.
        first: forest over the features of `features`.
        first_names: its features.
        second: forest over these and the features of `second_look`, None where one look is as good.
        second_names: its features.
        shifts: for each page type, by how much the log-odds of content are moved.
    """

    words: Words
    types: TypeModel
    first: Forest
    first_names: list[str]
    second: Forest | None
    second_names: list[str]
    shifts: Floats


@dataclass(frozen=True, slots=True)
class Known:
    """What another scorer says of a page, in place of the shipped one's: see `Scores`."""

    probability: Floats
    shift: float
    types: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """What the scorer says of a page.

    Attributes:
        probability: of each block, that it is content.
        shift: by how much its log-odds are moved before blocks are chosen.
        types: of each page type.
        path_bits: what each block's path says.
        paths: what the paths of all elements say.
        view: the page as arrays.
    """

    probability: Floats
    shift: float
    types: Floats
    path_bits: NDArray[np.int64]
    paths: Paths
    view: View


def score(document: Document, scorer: Scorer) -> Scores:
    """Return what the scorer says of a page with at least one block."""
    view = look(document.blocks, document.title, document.metadata.description, document.source.url)
    paths = read_paths(view, scorer.words)
    basis = basis_of(view, paths, read_texts(view, scorer.words))
    types = scorer.types.probabilities(page_keys(view), basis.page)
    columns = assemble(view, paths, basis, types)
    n = len(document.blocks)
    probability = scorer.first.probabilities(as_matrix(columns, n, scorer.first_names))
    if scorer.second is not None:
        columns |= look_again(view, basis.shapes, probability)
        probability = scorer.second.probabilities(as_matrix(columns, n, scorer.second_names))
    return Scores(probability, float(types @ scorer.shifts), types, paths.bits[view.own], paths, view)


def _file(name: str) -> bytes:
    return resources.files("pipeline.strip").joinpath(name).read_bytes()


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """Return a hash of the shipped weights."""
    return hashlib.sha256(_file(HTML) + _file(DUMPS)).hexdigest()


@lru_cache(maxsize=1)
def shipped_for_html() -> Scorer:
    """Return the scorer of HTML pages that the package ships."""
    return load(_file(HTML))


@lru_cache(maxsize=1)
def shipped_for_dumps() -> Scorer:
    """Return the scorer of plain-text dumps that the package ships."""
    return load(_file(DUMPS))


def load(data: bytes) -> Scorer:
    """Return the scorer that `dump` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Scorer(
            words=Words(dict(zip(_lines(arrays["word_keys"]), arrays["word_values"].tolist(), strict=True))),
            types=TypeModel(
                {key: row for row, key in enumerate(_lines(arrays["type_keys"]))},
                arrays["type_values"].astype(np.float32),
                arrays["type_numbers"],
                arrays["type_bias"],
            ),
            first=_forest(arrays, "first"),
            first_names=_lines(arrays["first_names"]),
            second=_forest(arrays, "second") if "second_names" in arrays else None,
            second_names=_lines(arrays["second_names"]) if "second_names" in arrays else [],
            shifts=arrays["shifts"],
        )


def dump(scorer: Scorer) -> bytes:
    """Return a scorer as bytes: half precision for words, 16-bit integers for leaves."""
    arrays: dict[str, NDArray[np.generic]] = {
        "word_keys": _as_lines(list(scorer.words.weights)),
        "word_values": np.array(list(scorer.words.weights.values()), dtype=np.float16),
        "type_keys": _as_lines(list(scorer.types.rows)),
        "type_values": scorer.types.weights.astype(np.float16),
        "type_numbers": scorer.types.numbers,
        "type_bias": scorer.types.bias,
        "shifts": scorer.shifts,
    }
    for name, forest, names in (
        ("first", scorer.first, scorer.first_names),
        ("second", scorer.second, scorer.second_names),
    ):
        if forest is None:
            continue
        arrays[f"{name}_names"] = _as_lines(names)
        arrays[f"{name}_features"] = forest.features
        arrays[f"{name}_borders"] = forest.borders
        arrays[f"{name}_questions"] = forest.questions
        arrays[f"{name}_leaves"] = forest.leaves
        arrays[f"{name}_scale_bias"] = np.array([forest.scale, forest.bias])
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def _forest(arrays: "np.lib.npyio.NpzFile", name: str) -> Forest:
    scale, bias = arrays[f"{name}_scale_bias"].tolist()
    return Forest(
        arrays[f"{name}_features"],
        arrays[f"{name}_borders"],
        arrays[f"{name}_questions"],
        arrays[f"{name}_leaves"],
        scale,
        bias,
    )


def _lines(data: NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode("utf-8").split("\n")


def _as_lines(lines: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)
