"""Measure articles by models that have not seen them: `make bench-sections FOLDS=folder`.

`benchmarks.sections_train --folds FOLDER` writes the models of headings five times, each without the articles whose
number leaves that remainder. Without a folder the shipped models answer, which have seen all of them.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.sections_gold import FOLDS
from pipeline.sections import chain, models


@lru_cache(maxsize=4)
def articles_of(path: Path) -> list[dict[str, Any]]:
    """Return the articles of a .jsonl.gz file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class LeftOut:
    """Which models answer.

    Attributes:
        folder: of the folds' models; None: the shipped ones answer.
        articles: the validation articles in the scorer's order.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.articles: list[dict[str, Any]] = []
        self._shipped: Callable[[str], dict[str, Any]] = models.arrays_of
        self._fold: int | None = None

    def use(self, folder: Path | None, data: Path) -> None:
        """Answer by the models in a folder from now on, or by the shipped ones."""
        self.folder = folder
        self.articles = articles_of(data / "en_disease_validation.jsonl.gz")
        self.without(None)

    def without(self, article: int | None) -> None:
        """Load the models that have not seen an article; None: the shipped ones."""
        fold = None if article is None or self.folder is None else article % FOLDS
        if fold == self._fold:
            return
        self._fold = fold
        vars(models)["arrays_of"] = self._shipped if fold is None else self._arrays
        models.load_model.cache_clear()
        chain._after.cache_clear()

    def _arrays(self, name: str) -> dict[str, Any]:
        path = Path(str(self.folder)) / str(self._fold) / f"{name}.npz"
        if not path.exists():
            return self._shipped(name)
        with np.load(path) as arrays:
            return dict(arrays)

    def each(self, answer: Callable[[Any], Any], asked: Sequence[Any]) -> list[Any]:
        """Answer for the sections with WikiSection's labels, in order, each by models without its article."""
        owners = [
            number
            for number, article in enumerate(self.articles)
            for section in article["sections"]
            if section["label_source"] == "gold"
        ]
        if len(owners) != len(asked):
            raise SystemExit("the scorer asks for other sections than the data folder holds")
        found: list[Any] = [None] * len(asked)
        for row in sorted(range(len(asked)), key=lambda row: owners[row] % FOLDS):
            self.without(owners[row])
            found[row] = answer(asked[row])
        self.without(None)
        return found


LEFT_OUT = LeftOut()
"""What the functions that the scorer calls go by."""
