"""What a document is about: counted words of several fields. docs/lexicon.md says how it was made and measured."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.data_file import load_toml
from pipeline.repair.inflection import plural

ROOM = Path(__file__).parent
LEAST_WORDS = 2
"""Different words of a topic that a text needs, however short it is."""
LEAST_SHARE = 0.02
"""Share of the text's words that must be the topic's."""
LEAST_OF_FIRST = 0.45
"""A topic counts beside the strongest one if its share is at least this part of the strongest's."""
SAMPLE = 40_000
"""Words of a document that are counted: those at its beginning."""


def topics(words: Sequence[str]) -> tuple[str, ...]:
    """Return the topics of a document, the strongest first; none where its words are of no field.

    >>> topics("pain in the vertebrae is a symptom of osteoporosis".split())
    ('medicine',)
    >>> topics("the road over the pass is closed to traffic and hikers follow the ridge to the summit".split())
    ('geography', 'driving')
    """
    shares = scores(words)
    if not shares:
        return ()
    first = max(shares.values())
    strong = [topic for topic, share in shares.items() if share >= LEAST_SHARE and share >= LEAST_OF_FIRST * first]
    return tuple(sorted(strong, key=lambda topic: (-shares[topic], topic)))


def scores(words: Sequence[str]) -> dict[str, float]:
    """Return the share of the document's words (in lower case) that belong to each topic, where enough differ.

    Numbers do not count as words.
    """
    counts = Counter(words[:SAMPLE])
    total = counts.total() - sum(map(counts.__getitem__, filter(str.isdigit, counts)))
    topics_of = _topics_of()
    uses: dict[str, list[int]] = {}
    for word in filter(topics_of.__contains__, counts):
        for topic in topics_of[word]:
            uses.setdefault(topic, []).append(counts[word])
    return {topic: sum(own) / total for topic, own in uses.items() if len(own) >= LEAST_WORDS}


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, frozenset[str]]:
    """Return the words of each topic, plurals included."""
    written = load_toml(ROOM / "topics.toml", dict[str, str])
    sets = {topic: set(words.split()) for topic, words in written.items()}
    sets["medicine"].update(learned_words())
    return {topic: frozenset(words | {plural(word) for word in words}) for topic, words in sets.items()}


@lru_cache(maxsize=1)
def _topics_of() -> Mapping[str, tuple[str, ...]]:
    """Return the topics of each word."""
    found: dict[str, tuple[str, ...]] = {}
    for topic, words in vocabulary().items():
        shared = {word: (*found[word], topic) for word in found.keys() & words}
        found.update(dict.fromkeys(words, (topic,)))
        found.update(shared)
    return found


@lru_cache(maxsize=1)
def learned_words() -> frozenset[str]:
    """Return the words that tell a medical text from any other, without their plurals."""
    return frozenset((ROOM / "medical_words.txt").read_text(encoding="utf-8").split())
