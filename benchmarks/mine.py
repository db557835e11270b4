"""Mining measured by known errors: `python -m benchmarks.mine --data FOLDER [--dictionary FILE]`.

Into each of 300 clean articles that no table was built on, one sense error is put: a word in the place of
another that the same source word has. Asked is where the error stands among the candidates of the page,
and where the right word stands among its suggestions. The pairs come from two lists made without the
ranking: `mine_pairs.tsv` and the dictionary's general renderings of a medical word's source words.

`--train` learns the weights of the ranking on other articles, with a table that was not built on them;
cross-validation leaves out all pairs of the same source word.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from benchmarks.mine_data import LEAST, MOST, Article, articles, chance, encode, table
from pipeline.repair.inflection import plural
from pipeline.repair.word_classes import can_be
from pipeline.repair.word_list import zipf
from pipeline.review.mining.background import Background, load_background
from pipeline.review.mining.dictionary import Dictionary, load_dictionary
from pipeline.review.mining.features import FEATURES, Page, features, page_centre, page_of, surroundings
from pipeline.review.mining.ranking import WEIGHTS, Rankings, Weights, scores
from pipeline.review.mining.senses import MERITS, Senses, alternatives, head, of_source_term
from pipeline.review.mining.words import counted, fold_word

PAIRS = Path(__file__).parent / "mine_pairs.tsv"
FOLDS = 5
Floats = npt.NDArray[np.float64]


class Pair(NamedTuple):
    """A sense error: the wrong word, the right one, the source word of both, and the list it comes from."""

    wrong: str
    right: str
    source: str
    origin: str


class Injected(NamedTuple):
    """An article with an error."""

    article: Article
    pair: Pair
    texts: tuple[str, ...]
    places: int


def listed() -> list[Pair]:
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    return [Pair(*line.split("\t"), "listed") for line in lines if not line.startswith("#")]  # type: ignore[call-arg]


def of_dictionary(dictionary: Dictionary) -> list[Pair]:
    """Return pairs by rule: a word that tells medical documents, a common general one with the same source word."""
    from pipeline.repair.topic import vocabulary

    telling = vocabulary()["medicine"]
    found = []
    for right in sorted(word for word in telling if fold_word(word) == word and can_be(word, "noun")):
        for here, source in dictionary.sources(right)[:3]:
            if not source.isalpha():
                continue
            for rendering in dictionary.renderings(source):
                wrong = rendering.english
                single = wrong.isalpha() and counted(wrong) and fold_word(wrong) == wrong and can_be(wrong, "noun")
                apart = wrong[:4] != right[:4] and wrong not in telling
                if single and apart and zipf(wrong) >= 3.5 and here <= 1 and rendering.rank <= 1:
                    found.append(Pair(wrong, right, source, "dictionary"))
    return found


def inject(article: Article, pair: Pair, *, once: bool) -> Injected | None:
    """Put the wrong word in the place of the right one, throughout or once; None where the right one is not there."""
    expression = re.compile(rf"\b{re.escape(pair.right)}\b|\b{re.escape(plural(pair.right))}\b", re.IGNORECASE)
    if any(re.search(rf"\b{re.escape(pair.wrong)}", text, re.IGNORECASE) for text in article.blocks):
        return None
    found = sum(len(expression.findall(text)) for text in article.blocks)
    if not found:
        return None
    only = chance(article.id + pair.wrong) % found if once else -1
    count = iter(range(10**9))

    def put(match: re.Match[str]) -> str:
        if once and next(count) != only:
            return match[0]
        new = pair.wrong if match[0].lower() == pair.right else plural(pair.wrong)
        return new.capitalize() if match[0][0].isupper() else new

    return Injected(article, pair, tuple(expression.sub(put, text) for text in article.blocks), 1 if once else found)


def sample(pool: Sequence[Article], pairs: Sequence[Pair], *, once: bool, limit: int = 10**9) -> list[Injected]:
    """Choose one error for each article, by chance that depends on its id, the pairs used least first."""
    used: dict[Pair, int] = {}
    found = []
    for article in pool[:limit]:
        text = "\n".join(article.blocks).lower()
        fitting = [pair for pair in pairs if pair.right in text]
        fitting.sort(key=lambda pair: (used.get(pair, 0), chance(f"{article.id} {pair.wrong} {pair.right}")))
        made = next((one for pair in fitting if (one := inject(article, pair, once=once)) is not None), None)
        if made is not None:
            used[made.pair] = used.get(made.pair, 0) + 1
            found.append(made)
    return found


class Case(NamedTuple):
    """A page with an error, as numbers: features of its words, and merits of the suggestions for the error."""

    pair: Pair
    words: list[str]
    rows: Floats
    terms: list[str]
    merits: Floats
    picked: list[bool]
    """Which suggestions come from the source word itself."""
    linked: list[bool]
    """Which suggestions are reached from the wrong word, the source word unknown."""


def case(one: Injected, background: Background, senses: Senses | None) -> Case:
    page = page_of(one.texts, one.article.headings)
    names, rows = features(page, background, senses)
    return Case(one.pair, names, rows, *_suggested(page, one.pair, background, senses))


def _suggested(
    page: Page, pair: Pair, background: Background, senses: Senses | None
) -> tuple[list[str], Floats, list[bool], list[bool]]:
    if senses is None or pair.wrong not in page.places:
        return [], np.zeros((0, len(MERITS))), [], []
    around = surroundings(page, pair.wrong, background, page_centre(page, background))
    linked = alternatives(pair.wrong, senses.dictionary)
    of_source = of_source_term(pair.wrong, pair.source, senses.dictionary)
    found = senses.renderings({**of_source, **linked})
    terms = list(found.terms)
    values = senses.merits(pair.wrong, found, around)
    return terms, values, [term in of_source for term in terms], [term in linked for term in terms]


def learn(lists: Iterable[tuple[Floats, int]], ridge: float = 0.005) -> Weights:
    """Learn linear weights under which the right row of each list is likelier than the others (softmax over a list).

    Args:
        lists: rows and the number of the right one; lists without one are left out.
        ridge: weight of the squared weights.
    """
    from scipy.optimize import minimize

    held = [(rows, right) for rows, right in lists if right >= 0 and len(rows) > 1]
    whole = np.concatenate([rows for rows, _ in held])
    mean, deviation = whole.mean(axis=0), whole.std(axis=0) + 1e-6
    scaled = (whole - mean) / deviation
    sizes = np.array([len(rows) for rows, _ in held])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rights = starts + np.array([right for _, right in held])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = scaled @ weights
        logits -= np.repeat(np.maximum.reduceat(logits, starts), sizes)
        likely = np.exp(logits)
        sums = np.add.reduceat(likely, starts)
        likely /= np.repeat(sums, sizes)
        value = float((np.log(sums) - logits[rights]).mean()) + ridge * float(weights @ weights)
        return value, (likely @ scaled - scaled[rights].sum(axis=0)) / len(held) + 2 * ridge * weights

    weights = minimize(loss, np.zeros(whole.shape[1]), jac=True, method="L-BFGS-B").x
    return Weights(*(tuple(np.round(column, 6).tolist()) for column in (mean, deviation, weights)))


def lists_of_words(cases: Iterable[Case]) -> Iterator[tuple[Floats, int]]:
    for one in cases:
        yield one.rows, one.words.index(one.pair.wrong) if one.pair.wrong in one.words else -1


def lists_of_terms(cases: Iterable[Case]) -> Iterator[tuple[Floats, int]]:
    for one in cases:
        right = [n for n, term in enumerate(one.terms) if same(term, one.pair.right)]
        yield one.merits, right[0] if right else -1


def same(term: str, right: str) -> bool:
    return fold_word(term) == right or (" " in term and head(term) == right)


def fold(pair: Pair) -> int:
    return chance(pair.source) % FOLDS


def rank(values: npt.NDArray[np.float64], right: Sequence[int]) -> int:
    """Return the place of the best of the right rows, from 1; ties count against it."""
    if not right:
        return 10**6
    best = max(values[n] for n in right)
    return int((values >= best).sum() - sum(values[n] == best for n in right)) + 1


class Result(NamedTuple):
    """Places of the errors among candidates, and of the right words among suggestions (all, and source picked)."""

    found: list[int]
    suggested: list[int]
    picked: list[int]


def measure(
    cases: Sequence[Case], word_weights: Callable[[Pair], Weights], term_weights: Callable[[Pair], Weights]
) -> Result:
    result = Result([], [], [])
    for one in cases:
        values = scores(one.rows, word_weights(one.pair))
        result.found.append(rank(values, [n for n, word in enumerate(one.words) if word == one.pair.wrong]))
        if not one.terms:
            result.suggested.append(10**6)
            result.picked.append(10**6)
            continue
        values = scores(one.merits, term_weights(one.pair))
        right = [n for n, term in enumerate(one.terms) if same(term, one.pair.right)]
        result.suggested.append(rank(np.where(one.linked, values, -np.inf), [n for n in right if one.linked[n]]))
        result.picked.append(rank(np.where(one.picked, values, -np.inf), [n for n in right if one.picked[n]]))
    return result


def share(places: Sequence[int], within: int) -> float:
    return sum(place <= within for place in places) / max(1, len(places))


def show(title: str, cases: Sequence[Case], result: Result) -> None:
    for origin in ("all", "listed", "dictionary"):
        held = [n for n, one in enumerate(cases) if origin in {"all", one.pair.origin}]
        if not held:
            continue
        found, suggested, picked = ([places[n] for n in held] for places in result)
        known = [suggested[n] for n in range(len(held)) if suggested[n] < 10**6]
        print(
            f"{title:<28} {origin:<10} {len(held):>4}  first {share(found, 1):.3f}  five {share(found, 5):.3f}"
            f"  suggested: first {share(suggested, 1):.3f}  five {share(suggested, 5):.3f}"
            f"  source picked: five {share(picked, 5):.3f}  (in the dictionary {len(known) / len(held):.3f})"
        )


def prepared(data: Path, dictionary: Dictionary | None, limit: int, *, training: bool) -> dict[bool, list[Case]]:
    """Return cases with the error throughout (False) and once (True), of the bench or of articles to learn from.

    For learning, a fifth of the other articles is taken out of the table, and half of it gets each list of pairs.
    """
    read = articles(data)
    if training:
        out = [number for number, one in enumerate(read.medical) if chance(one.title.lower()) % 5 == 0]
        encoded = encode(read.medical, read.general)
        rest = [stream for number, stream in enumerate(encoded.medical) if number not in set(out)]
        background = table(encoded._replace(medical=rest)).background()
        pool = sorted((read.medical[number] for number in out), key=lambda one: chance(one.id))
        pool = [one for one in pool if LEAST <= one.length <= MOST][: 2 * limit]
    else:
        background, pool = load_background(), read.bench
    return cases_of(pool, background, dictionary)


def cases_of(pool: Sequence[Article], background: Background, dictionary: Dictionary | None) -> dict[bool, list[Case]]:
    """Return cases, half of the articles with pairs of the list, half with pairs of the dictionary, both ways."""
    own, general = pool[::2], pool[1::2]
    senses = Senses(background, dictionary) if dictionary is not None else None
    found = {}
    for once in (False, True):
        injected = sample(own, listed(), once=once)
        injected += sample(general, of_dictionary(dictionary) if dictionary is not None else listed(), once=once)
        found[once] = [case(one, background, senses) for one in injected]
    return found


def without_pivot(cases: Iterable[Case]) -> list[Case]:
    columns = [number for number, name in enumerate(FEATURES) if name.startswith("pivot")]
    bare = []
    for one in cases:
        rows = one.rows.copy()
        rows[:, columns] = 0
        bare.append(one._replace(rows=rows))
    return bare


class Folds(NamedTuple):
    """Weights for each fold of the source words, learned without that fold."""

    words: list[Weights]
    bare: list[Weights]
    terms: list[Weights]


def learn_folds(cases: Sequence[Case]) -> Folds:
    parts = [[one for one in cases if fold(one.pair) != number] for number in range(FOLDS)]
    return Folds(
        [learn(lists_of_words(part)) for part in parts],
        [learn(lists_of_words(without_pivot(part))) for part in parts],
        [learn(lists_of_terms(part)) for part in parts],
    )


def learn_all(cases: Sequence[Case]) -> Rankings:
    return Rankings(
        learn(lists_of_words(cases)), learn(lists_of_words(without_pivot(cases))), learn(lists_of_terms(cases))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with sections/ and repair/")
    parser.add_argument("--dictionary", type=Path, help="a bilingual dictionary, English and Russian")
    parser.add_argument("--train", action="store_true", help="learn the weights that ship")
    parser.add_argument("--limit", type=int, default=200, help="articles to learn from, of each list")
    given = parser.parse_args()
    dictionary = load_dictionary(given.dictionary) if given.dictionary else None
    learned_from = prepared(given.data, dictionary, given.limit, training=True)
    both = [*learned_from[False], *learned_from[True]]
    folds = learn_folds(both)
    if given.train:
        WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(learn_all(both)), indent=1) + b"\n")
    held_out = prepared(given.data, dictionary, given.limit, training=False)
    for once, cases in held_out.items():
        title = "once" if once else "throughout the page"
        show(
            f"{title}, dictionary",
            cases,
            measure(cases, lambda pair: folds.words[fold(pair)], lambda pair: folds.terms[fold(pair)]),
        )
        bare = without_pivot(cases)
        show(
            f"{title}, none",
            bare,
            measure(bare, lambda pair: folds.bare[fold(pair)], lambda pair: folds.terms[fold(pair)]),
        )


if __name__ == "__main__":
    main()
