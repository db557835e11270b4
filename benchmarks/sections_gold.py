"""Models of headings moved towards WikiSection's own labels, and how each fifth of the articles is left out.

The training articles carry the labels of a word list, the validation articles those of WikiSection, which follow a
section's own heading more often. A model trained on the many is moved by the few as little as they demand: maximum a
posteriori adaptation (Chelba and Acero 2004), the weights of the first as the prior's mean. What is shipped has seen
all of them; to measure, `--folds` writes five further models, each without a fifth of the articles.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.sections.chain import START, chain_features, features_after, is_silent, text_scores
from pipeline.sections.evidence import LEAD
from pipeline.sections.text_model import load_text_model

FOLDS = 5
PULL = 3.0
"""How strongly weights are held to what they were (inverse variance of the prior); 1, 3 and 10 were compared."""
Weights = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Features × classes, and one bias a class."""


def adapt(matrix: Any, target: Sequence[int], start: Weights, pull: float = PULL) -> Weights:
    """Return multinomial logistic weights for further examples, held to those given by a squared penalty.

    Args:
        matrix: examples × features, sparse.
        target: number of each example's class.
        start: the weights to begin with.
        pull: weight of half the squared distance from them.
    """
    from scipy.optimize import minimize

    weights, bias = start
    size, examples = weights.shape[1], np.arange(len(target))
    used = np.flatnonzero(np.asarray((matrix != 0).sum(axis=0)).ravel())
    inner, base = matrix[:, used], matrix @ weights + bias
    truth = np.eye(size)[np.array(target)]

    def loss(moved: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = base + inner @ moved[:-size].reshape(len(used), size) + moved[-size:]
        logits -= logits.max(axis=1, keepdims=True)
        summed = np.log(np.exp(logits).sum(axis=1, keepdims=True))
        excess = np.exp(logits - summed) - truth
        value = float((summed[:, 0] - logits[examples, target]).sum() + pull / 2 * moved @ moved)
        return value, np.concatenate([(inner.T @ excess).ravel(), excess.sum(axis=0)]) + pull * moved

    zeros = np.zeros(len(used) * size + size)
    moved = minimize(loss, zeros, jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    adapted = weights.copy()
    adapted[used] += moved[:-size].reshape(len(used), size)
    return adapted, bias + moved[-size:]


class Gold:
    """The sections that carry WikiSection's own labels.

    Attributes:
        features: names of each section's features.
        labels: their labels.
        documents: number of each one's article.
        texts: what the text says to the model of chains; no columns for the model of paths.
    """

    def __init__(self, features: list[list[str]], labels: list[str], documents: list[int], texts: Any) -> None:
        self.features, self.labels, self.documents, self.texts = features, labels, np.array(documents), texts

    def adapted(self, vocabulary: Any, classes: Sequence[str], start: Weights) -> dict[str, Weights]:
        """Return the adapted weights: `""` by all articles, `"0"` … `"4"` without those of a fold."""
        from scipy.sparse import csr_matrix, hstack

        matrix = hstack([vocabulary.matrix(self.features), csr_matrix(self.texts)]).tocsr()
        known = np.isin(self.labels, list(classes))
        found = {}
        for name in ("", *map(str, range(FOLDS))):
            rows = np.flatnonzero(known & (self.documents % FOLDS != (int(name) if name else -1)))
            found[name] = adapt(matrix[rows], [classes.index(self.labels[row]) for row in rows], start)
        return found


def gold_of_chains(articles: Sequence[dict[str, Any]], weight: float) -> Gold:
    """Return the sections as the chain of a dump meets them, each after the true label of the one before.

    Args:
        articles: the validation articles.
        weight: scale of what the text says beside the features.
    """
    model = load_text_model()
    features, labels, documents, texts = [], [], [], []
    for number, article in enumerate(articles):
        before = LEAD if article.get("abstract") else START
        for section in article["sections"]:
            own, known = chain_features(section["heading"], article["title"])
            if section["label_source"] == "gold":
                text = " ".join(text for kind, text in section["blocks"] if kind != "cap")
                features.append([*own, *features_after(before, known)])
                labels.append(section["label"])
                documents.append(number)
                read = is_silent(known) and len(text) > 20
                told = text_scores(model.probabilities(text)) if read else np.zeros(len(model.classes))
                texts.append(weight * told)
            before = section["label"]
    return Gold(features, labels, documents, np.array(texts))
