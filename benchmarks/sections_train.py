"""Train the models of `sections` and measure them by cross-validation: `make train-sections DATA=folder`.

Linear models: `line` (is this line of a dump a heading?), `heading` (which label does a heading have?),
`heading_flat` (which, after the section before it?) and `body` (what is a text about?). The folder holds
en_disease_train.jsonl.gz, en_general_control.jsonl.gz (English Wikipedia, CC BY-SA 3.0), medquad_dev.jsonl.gz
(MedQuAD, CC BY 4.0) and en_disease_validation.jsonl.gz, whose labels are WikiSection's own: models of headings are
moved towards them (benchmarks/sections_gold.py). `--folds FOLDER` writes what `make bench-sections FOLDS=FOLDER`
needs to measure on these articles: models that have not seen them.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.sections_dumps import render
from benchmarks.sections_gold import FOLDS, Gold, Weights, gold_of_chains
from pipeline.sections.chain import START, chain_features, features_after, is_silent, text_scores
from pipeline.sections.features import heading_features, rule_features, text_features
from pipeline.sections.heading_rules import match_heading
from pipeline.sections.heading_text import topic_words, without_topic, words_of
from pipeline.sections.lines import Line, features_of_lines
from pipeline.sections.models import softmax
from pipeline.sections.taxonomy import load_taxonomy
from pipeline.sections.text_model import LENGTHS, numbered, stacked

WEIGHTS = Path(__file__).parent.parent / "pipeline" / "sections" / "weights"
TAXONOMY = load_taxonomy("health")
SEED = 20
OWN = ("medication", "surgery", "folk_remedies", "diet", "exercise", "when_to_see_doctor", "pregnancy_children")
"""Labels that an encyclopedia files under another: their sections are found by the taxonomy's headings."""
PARAGRAPH = 120
"""Characters of a paragraph from which on it is an example of its own."""
TEXT_WEIGHT = 0.3
"""Scale of what the text says beside the features of a heading: small, so that it is held back more."""
Example = tuple[list[str], str, int]
"""Features, class, number of the document."""
Passage = tuple[str, str, int, int | None]
"""Text, class, number of the document, number of the section that it is all of."""
Texts = dict[tuple[int, int], NDArray[np.float64]]
"""Probabilities of the classes by the text of a section, by the numbers of its document and of itself."""


def load(path: Path) -> list[dict[str, Any]]:
    """Read a .jsonl.gz file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def text_of(section: dict[str, Any]) -> str:
    """Return a section's running text."""
    return (
        section["text"] if "text" in section else "\n".join(text for kind, text in section["blocks"] if kind != "cap")
    )


def heading_example(heading: str, path: Sequence[str], title: str) -> list[str]:
    """Return all features of a heading: its own and what the taxonomy's lists say."""
    topic = TAXONOMY.vague | topic_words(title, TAXONOMY.words)
    words = [without_topic(words_of(h), topic) for h in (*path, heading)]
    matches = [match_heading(h, TAXONOMY, title) for h in (*path, heading)]
    return [*heading_features(words[-1], words[:-1]), *rule_features(matches[-1], matches[:-1])]


def heading_examples(
    articles: Sequence[dict[str, Any]],
    general: Sequence[dict[str, Any]],
    questions: Sequence[dict[str, Any]],
) -> list[Example]:
    """Return the examples of the model for headings with those above them."""
    found: list[Example] = []
    for number, article in enumerate([*articles, *general]):
        for section in article["sections"]:
            name = "outside" if number >= len(articles) else str(section["label"])
            above = section["path"][:-1]
            titles = (article["title"], "")
            found += [(heading_example(section["heading"], above, title), name, number) for title in titles]
    seen = set()
    for number, article in enumerate(questions, len(articles) + len(general)):
        for section in article["sections"]:
            features = heading_example(section["heading"], (), article["title"])
            if (key := (tuple(features), section["label"])) not in seen:
                seen.add(key)
                found.append((features, section["label"], number))
    return found


def body_class(section: dict[str, Any], title: str) -> str:
    """Return the class of a section's text: own labels where its heading names one, otherwise the given one."""
    match = match_heading(section["heading"], TAXONOMY, title)
    if match is not None and match.how == "exact" and match.label in OWN:
        return match.label
    return str(section["label"])


def body_examples(
    articles: Sequence[dict[str, Any]], general: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]]
) -> list[Passage]:
    """Return whole sections, and the paragraphs of those that have several."""
    found: list[Passage] = []
    rng = random.Random(SEED)
    for number, article in enumerate([*articles, *general]):
        outside = number >= len(articles)
        found.append((article.get("abstract", ""), "outside" if outside else "overview", number, None))
        for place, section in enumerate(article["sections"]):
            name = "outside" if outside else body_class(section, article["title"])
            text = text_of(section)
            paragraphs = [part for part in text.split("\n") if len(part) > PARAGRAPH]
            found.append((text, name, number, place))
            found += [(part, name, number, None) for part in paragraphs if len(paragraphs) > 1]
    counts: Counter[str] = Counter()
    first = len(articles) + len(general)
    for number, article in enumerate(rng.sample(list(questions), len(questions)), first):
        for section in article["sections"]:
            if counts[section["label"]] < 600:
                counts[section["label"]] += 1
                found.append((section["text"], section["label"], number, None))
    return [example for example in found if len(example[0]) > 20]


class Vocabulary:
    """Features seen often enough, numbered."""

    def __init__(self, examples: Iterable[Iterable[str]], least: int, most: int) -> None:
        counts: Counter[str] = Counter()
        for features in examples:
            counts.update(set(features))
        kept = sorted((name for name, n in counts.items() if n >= least), key=lambda name: (-counts[name], name))[:most]
        self.names = sorted(kept)
        self.row = {name: row for row, name in enumerate(self.names)}
        self.frequency = np.array([counts[name] for name in self.names], dtype=np.float64)

    def matrix(self, examples: Sequence[Iterable[str]], *, idf: NDArray[np.float64] | None = None) -> Any:
        """Return examples × features: binary, or damped counts of length 1 where `idf` is given."""
        from scipy.sparse import csr_matrix

        indices, data, starts = [], [], [0]
        for features in examples:
            counts = Counter(row for name in features if (row := self.row.get(name)) is not None)
            rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
            values = np.ones(len(rows))
            if idf is not None and len(rows):
                values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))) * idf[rows]
                values /= np.sqrt(values @ values)
            indices.append(rows)
            data.append(values)
            starts.append(starts[-1] + len(rows))
        return csr_matrix((np.concatenate(data), np.concatenate(indices), starts), (len(examples), len(self.names)))

    def subset(self, rows: NDArray[np.int64]) -> "Vocabulary":
        """Return the vocabulary of the given rows alone."""
        smaller = Vocabulary((), 1, 0)
        smaller.names = [self.names[row] for row in sorted(rows)]
        smaller.row = {name: row for row, name in enumerate(smaller.names)}
        smaller.frequency = self.frequency[sorted(rows)]
        return smaller


def write(
    name: str, vocabulary: Vocabulary, trained: Weights, classes: Sequence[str], folder: Path = WEIGHTS, **more: Any
) -> None:
    """Write a linear model as 8-bit weights (16 where there is one class), without features that weigh nothing."""
    weights, bias = trained
    bits = 16 if len(classes) == 1 else 8
    scale = np.abs(weights).max(axis=0) / (2 ** (bits - 1) - 1)
    small = np.round(weights / scale).astype(np.int16 if bits == 16 else np.int8)
    used = np.flatnonzero(np.abs(small).max(axis=1) > (50 if bits == 16 else 1))
    names = "\n".join(vocabulary.names[row] for row in used).encode()
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.npz"
    np.savez_compressed(
        path, classes=np.array("\n".join(classes)), features=np.frombuffer(names, dtype=np.uint8), weights=small[used],
        scale=scale.astype(np.float32), bias=bias.astype(np.float32), **more,
    )  # fmt: skip
    print(f"{name}: {len(used)} features, {len(classes)} classes, {path.stat().st_size / 1e6:.2f} MB")


def train_lines(articles: Sequence[dict[str, Any]], general: Sequence[dict[str, Any]]) -> None:
    """Train the line model; report F1 on simulated dumps of documents left out."""
    from sklearn.linear_model import LogisticRegression

    features: list[list[str]] = []
    truth: list[bool] = []
    fold: list[int] = []
    kind: list[bool] = []
    for number, article in enumerate([*articles, *general]):
        outside = number >= len(articles)
        for seed in range(3):
            lines = render(article, SEED + 10_000 * seed + number)
            of_lines = features_of_lines([Line.of(text) for text, _ in lines], article["title"], TAXONOMY)
            for of_line, (_, heading) in zip(of_lines, lines, strict=True):
                if of_line is not None:
                    features.append(of_line)
                    truth.append(heading)
                    fold.append(number % FOLDS)
                    kind.append(outside)
    vocabulary = Vocabulary(features, 4, 60_000)
    matrix, target, folds, outside_lines = vocabulary.matrix(features), np.array(truth), np.array(fold), np.array(kind)
    guess = np.zeros(len(target))
    for left_out in range(FOLDS):
        model = LogisticRegression(C=0.5, solver="liblinear").fit(matrix[folds != left_out], target[folds != left_out])
        guess[folds == left_out] = model.decision_function(matrix[folds == left_out])
    for name, mask in (("health", ~outside_lines), ("general", outside_lines)):
        hits = np.sum((guess > 0) & target & mask)
        print(f"line, {name}: F1 {2 * hits / (np.sum((guess > 0) & mask) + np.sum(target & mask)):.3f}")
    temperature, bias = platt(guess, target)
    print(f"line: calibrated by {temperature:.2f} and {bias:.2f}")
    model = LogisticRegression(C=0.5, solver="liblinear").fit(matrix, target)
    write(
        "line",
        vocabulary,
        (model.coef_.T, model.intercept_),
        ["heading"],
        calibration=np.array([temperature, bias], dtype=np.float32),
    )


def platt(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and intercept that turn scores into log-odds (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), truth)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def temperature_of(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return the temperature at which the softmax of the scores is likeliest (Guo et al. 2017)."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(scaled[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 3), method="bounded").x))


def heading_group(features: Sequence[str]) -> int:
    """Return how much the lists know of a heading: 0 its label, 1 nothing but what stands above it, 2 nothing."""
    if "R none" not in features:
        return 0
    return 2 if "depth 0" in features else 1


def gold_of_paths(articles: Sequence[dict[str, Any]]) -> Gold:
    """Return the sections that carry WikiSection's own labels as the model of headings meets them."""
    found = [
        (heading_example(section["heading"], section["path"][:-1], title), section["label"], number)
        for number, article in enumerate(articles)
        for section in article["sections"]
        if section["label_source"] == "gold"
        for title in (article["title"], "")
    ]
    features, labels, documents = zip(*found, strict=True)
    return Gold(list(features), list(labels), list(documents), np.zeros((len(found), 0)))


def train_headings(name: str, examples: Sequence[Example], gold: Gold, folds_folder: Path | None) -> None:
    """Train a heading model; report its accuracy on documents left out."""
    from sklearn.linear_model import LogisticRegression

    vocabulary = Vocabulary([e[0] for e in examples], 2, 24_000)
    matrix, target = vocabulary.matrix([e[0] for e in examples]), np.array([e[1] for e in examples])
    folds = np.array([e[2] % FOLDS for e in examples])
    classes = sorted(set(target))
    scores = np.full((len(target), len(classes)), -20.0)
    for left_out in range(FOLDS):
        model = LogisticRegression(C=1, max_iter=200).fit(matrix[folds != left_out], target[folds != left_out])
        columns = [classes.index(c) for c in model.classes_]
        scores[np.ix_(folds == left_out, columns)] = model.decision_function(matrix[folds == left_out])
    truth = np.searchsorted(classes, target)
    print(f"{name}: accuracy {np.mean(scores.argmax(axis=1) == truth):.3f}")
    group = np.array([heading_group(e[0]) for e in examples])
    chosen = [group == g if np.any(group == g) else group >= 0 for g in range(3)]
    temperatures = np.array([temperature_of(scores[mask], truth[mask]) for mask in chosen])
    for g, what in enumerate(("known to the lists", "unknown, below another", "unknown, alone")):
        if not np.any(group == g):
            continue
        right = np.mean(scores[group == g].argmax(axis=1) == truth[group == g])
        print(f"{name}, {what}: {np.mean(group == g):.2f} of all, accuracy {right:.3f}, {temperatures[g]:.2f}")
    model = LogisticRegression(C=1, max_iter=200).fit(matrix, target)
    adapted = gold.adapted(vocabulary, list(model.classes_), (model.coef_.T, model.intercept_))
    for fold, weights in adapted.items():
        if (folder := folds_folder / fold if fold and folds_folder else None if fold else WEIGHTS) is not None:
            write(name, vocabulary, weights, list(model.classes_), folder, temperatures=temperatures)


def train_body(examples: Sequence[Passage], articles: Sequence[dict[str, Any]], documents: int) -> Texts:
    """Train the body model and the order of topics; report its accuracy on documents left out.

    Returns:
        What it says of the sections of each article when it has not been trained on the article.
    """
    from sklearn.feature_selection import chi2
    from sklearn.svm import LinearSVC

    features = [list(text_features(example[0])) for example in examples]
    vocabulary = Vocabulary(features, 4, 120_000)
    target = np.array([e[1] for e in examples])
    weight, _ = chi2(vocabulary.matrix(features), target)
    vocabulary = vocabulary.subset(np.argsort(-np.nan_to_num(weight), kind="stable")[:40_000])
    idf = np.log(len(features) / vocabulary.frequency) + 1
    matrix, folds = vocabulary.matrix(features, idf=idf), np.array([e[2] % FOLDS for e in examples])
    classes = sorted(set(target))
    scores = np.full((len(target), len(classes)), -3.0)
    for left_out in range(FOLDS):
        model = LinearSVC(C=0.2).fit(matrix[folds != left_out], target[folds != left_out])
        columns = [classes.index(c) for c in model.classes_]
        scores[np.ix_(folds == left_out, columns)] = model.decision_function(matrix[folds == left_out])
    print(f"body: accuracy {np.mean(np.array(classes)[scores.argmax(axis=1)] == target):.3f}")
    ours = np.array([e[2] < documents for e in examples])  # questions of patients are no paragraphs of an article
    lengths = [len(e[0]) for e, own in zip(examples, ours, strict=True) if own]
    more = {
        **calibrated(stacked(scores[ours], lengths), target[ours], folds[ours], classes),
        "transitions": transitions(articles, classes),
    }
    write_texts("body", vocabulary, LinearSVC(C=0.2).fit(matrix, target), classes, idf, more)
    told = softmax(stacked(scores, [len(e[0]) for e in examples]) @ more["stack"])
    return {(e[2], e[3]): row for e, row in zip(examples, told, strict=True) if e[3] is not None}


def train_chain(
    articles: Sequence[dict[str, Any]], texts: Texts, validation: Sequence[dict[str, Any]], folds_folder: Path | None
) -> None:
    """Train the model of a dump's sections, each after the one before; report its accuracy on documents left out.

    `texts` is used where a heading is silent. The label of the section before is the true one.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    size = len(next(iter(texts.values())))
    features, target, numbers, dense = [], [], [], []
    for number, article in enumerate(articles):
        before = "overview" if article.get("abstract") else START
        for place, section in enumerate(article["sections"]):
            own, known = chain_features(section["heading"], article["title"])
            features.append([*own, *features_after(before, known)])
            told = texts.get((number, place))
            read = told is not None and is_silent(known)
            dense.append(TEXT_WEIGHT * text_scores(told) if told is not None and read else np.zeros(size))
            target.append(before := str(section["label"]))
            numbers.append(number)
    vocabulary = Vocabulary(features, 2, 24_000)
    matrix = hstack([vocabulary.matrix(features), csr_matrix(np.array(dense))]).tocsr()
    truth, folds = np.array(target), np.array(numbers) % FOLDS
    model = LogisticRegression(C=1, max_iter=100, tol=1e-3).fit(matrix[folds != 0], truth[folds != 0])
    print(f"heading_flat, after the true label: accuracy {model.score(matrix[folds == 0], truth[folds == 0]):.3f}")
    model.fit(matrix, truth)
    gold = gold_of_chains(validation, TEXT_WEIGHT)
    size = len(vocabulary.names)
    adapted = gold.adapted(vocabulary, list(model.classes_), (model.coef_.T, model.intercept_))
    for fold, (weights, bias) in adapted.items():
        if (folder := folds_folder / fold if fold and folds_folder else None if fold else WEIGHTS) is not None:
            body = (TEXT_WEIGHT * weights[size:]).astype(np.float32)
            write("heading_flat", vocabulary, (weights[:size], bias), list(model.classes_), folder, body=body)


def calibrated(
    scores: NDArray[np.float64], target: NDArray[np.str_], folds: NDArray[np.int64], classes: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the weights that turn scores of texts left out into probabilities (stacking, Wolpert 1992), and priors.

    Reports how often the likeliest class is right, on a fold left out once more.
    """
    from sklearn.linear_model import LogisticRegression

    def fit(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        model = LogisticRegression(C=1, max_iter=150, tol=1e-3, fit_intercept=False).fit(scores[mask], target[mask])
        full = np.zeros((scores.shape[1], len(classes)))
        full[-LENGTHS:] = -8.0  # a class that was not seen
        for row, name in enumerate(model.classes_):
            full[:, classes.index(name)] = model.coef_[row]
        return full

    likeliest = np.array(classes)[(scores[folds == 0] @ fit(folds != 0)).argmax(axis=1)]
    print(f"body, calibrated: accuracy {np.mean(likeliest == target[folds == 0]):.3f}")
    counts = np.array([max(1, np.sum(target == name)) for name in classes])
    return {
        "stack": fit(np.ones(len(target), dtype=bool)).astype(np.float32),
        "log_prior": np.log(counts / counts.sum()).astype(np.float32),
    }


def kind_of(feature: str) -> int:
    """Return 0 for a word, 1 for a pair of words, 2 for an opening word."""
    return 2 if feature[0] == "^" else int(" " in feature)


def write_texts(
    name: str,
    vocabulary: Vocabulary,
    model: Any,
    classes: Sequence[str],
    idf: NDArray[np.float64],
    more: dict[str, Any],
) -> None:
    """Write a model of texts: words, pairs and opening words by number, 8-bit weights with one scale a class."""
    weights = model.coef_.T
    scale = np.abs(weights).max(axis=0) / 127
    small = np.round(weights / scale).astype(np.int8)
    parts = {part for feature in vocabulary.names for part in feature.removeprefix("^").split(" ")}
    words = sorted(parts)
    stored = numbered(words, vocabulary.names)
    rows: list[NDArray[Any]] = []
    damping: list[NDArray[Any]] = []
    for kind, keys in enumerate(stored):
        own = np.array([row for row, name in enumerate(vocabulary.names) if kind_of(name) == kind], dtype=np.int64)
        order = np.argsort(keys, kind="stable")
        rows.append(small[own[order]])
        damping.append(idf[own[order]])
    of_words, of_words_idf = np.zeros((len(words), len(classes)), dtype=np.int8), np.zeros(len(words))
    of_words[np.sort(stored[0])], of_words_idf[np.sort(stored[0])] = rows[0], damping[0]
    WEIGHTS.mkdir(exist_ok=True)
    path = WEIGHTS / f"{name}.npz"
    np.savez_compressed(
        path, classes=np.array("\n".join(classes)), words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        pairs=np.sort(np.array(stored[1], dtype=np.int64)), openings=np.sort(np.array(stored[2], dtype=np.int64)),
        weights=np.vstack([of_words, *rows[1:]]), scale=scale.astype(np.float32),
        bias=model.intercept_.astype(np.float32), idf=np.concatenate([of_words_idf, *damping[1:]]).astype(np.float16),
        **more,
    )  # fmt: skip
    print(f"{name}: {len(vocabulary.names)} features, {len(classes)} classes, {path.stat().st_size / 1e6:.2f} MB")


def transitions(articles: Sequence[dict[str, Any]], classes: Sequence[str]) -> NDArray[np.float32]:
    """Return log-probabilities of the topic that follows a topic, where the topic changes; last row: the first."""
    counts = np.full((len(classes) + 1, len(classes)), 0.5)
    for article in articles:
        before = len(classes)
        names = ["overview"] if article.get("abstract") else []
        for name in [*names, *(str(section["label"]) for section in article["sections"])]:
            after = classes.index(name)
            if after != before:
                counts[before, after] += 1
            before = after
    return np.asarray(np.log(counts / counts.sum(axis=1, keepdims=True)), dtype=np.float32)


def main() -> None:
    """Train all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=["line", "heading", "body"])
    parser.add_argument("--folds", type=Path, help="folder for the models that leave out a fifth of the validation")
    options = parser.parse_args()
    articles = load(options.data / "en_disease_train.jsonl.gz")
    general = load(options.data / "en_general_control.jsonl.gz")
    questions = load(options.data / "medquad_dev.jsonl.gz")
    validation = load(options.data / "en_disease_validation.jsonl.gz")
    if options.folds:
        options.folds.mkdir(exist_ok=True)
    if options.only in (None, "line"):
        train_lines(articles, general)
    if options.only in (None, "heading"):
        examples = heading_examples(articles, general, questions)
        train_headings("heading", examples, gold_of_paths(validation), options.folds)
    if options.only in (None, "body"):
        texts = train_body(body_examples(articles, general, questions), articles, len(articles) + len(general))
        train_chain(articles, texts, validation, options.folds)


if __name__ == "__main__":
    main()
