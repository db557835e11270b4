"""Labels of headings by the lists and patterns of a taxonomy: what the words say outright."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from pipeline.sections.heading_text import TOPIC, topic_words, without_topic, words_of
from pipeline.sections.taxonomy import Taxonomy

_LINKS = frozenset(["of", "in", "at", "for", "with", "by", "on", "from", "to", "during", "after", "and", "or", TOPIC])
_JOINS = frozenset(["and", "or"])
_FILL = frozenset(["of", "in", "at", "for", "with", "its", "this", "their", "is", "are", "it", TOPIC])


_ASKS = frozenset("what which when how is are do does can should it there".split())


@dataclass(frozen=True, slots=True)
class Match:
    """What the lists say of a heading.

    Attributes:
        label: the label.
        how: `exact` (nothing else of weight in the heading), `head` (it opens with the words that decide),
            `part` (the words stand elsewhere in it).
        others: further labels that the heading names, in its order.
    """

    label: str
    how: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    label: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def match_heading(heading: str, taxonomy: Taxonomy, title: str = "") -> Match | None:
    """Return what the taxonomy's lists say of a heading, None where they know nothing of it."""
    return _match(without_topic(words_of(heading), topic_of(title, taxonomy)), taxonomy)


@lru_cache(maxsize=256)
def topic_of(title: str, taxonomy: Taxonomy) -> frozenset[str]:
    """Return the words that stand for the topic in headings of a page, and those that say nothing."""
    return taxonomy.vague | topic_words(title, taxonomy.words)


@lru_cache(maxsize=16_384)
def _match(words: tuple[str, ...], taxonomy: Taxonomy) -> Match | None:
    core = _trimmed(words)
    if not core:
        return None
    exact = taxonomy.phrases.get(words) or taxonomy.phrases.get(core)
    if exact:
        return Match(exact, "exact")
    if len(core) > 2 and core[0] in taxonomy.wrappers and core[1] == "of":
        inner = _match(core[2:], taxonomy)
        if inner is not None and inner.how != "part":
            return inner
    hits = _phrase_hits(words, taxonomy) + _pattern_hits(words, taxonomy)
    if not hits:
        return None
    best, refined = _decisive(hits, words, taxonomy)
    rest = [h.label for h in sorted(hits, key=lambda h: (h.start, -h.end)) if h.label != best.label]
    how = "exact" if _covers(best, words) else "head" if refined or _heads(best, words) else "part"
    return Match(best.label, how, tuple(dict.fromkeys(rest)))


def _heads(hit: _Hit, words: tuple[str, ...]) -> bool:
    """Tell whether the words that decide are what the heading is about: they open it, or end a plain noun phrase."""
    if all(word in _ASKS or word == TOPIC for word in words[: hit.start]):
        return True
    plain = len(words) <= 4 and not any(word in _LINKS and word != TOPIC for word in words[: hit.start])
    return hit.end == len(words) and plain


def _trimmed(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what stands for the topic at either end ("symptoms of #" → "symptoms")."""
    start, end = 0, len(words)
    while start < end and words[start] == TOPIC:
        start += 1
    while end > start and words[end - 1] == TOPIC:
        end -= 1
        while end > start and words[end - 1] in ("of", "in", "at", "for", "with", "from", "on"):
            end -= 1
    return words[start:end]


def _phrase_hits(words: tuple[str, ...], taxonomy: Taxonomy) -> list[_Hit]:
    """Find listed headings inside a heading; a single word counts only where it heads or ends it."""
    hits = []
    size = len(words)
    for start in range(size):
        for end in range(min(size, start + taxonomy.longest), start, -1):
            label = taxonomy.phrases.get(words[start:end])
            if label is None:
                continue
            opens = start == 0 and (end == size or words[end] in _LINKS)
            joined = start > 0 and words[start - 1] in (_JOINS | {TOPIC}) and (end == size or words[end] in _LINKS)
            if end - start > 1 or opens or joined or end == size:
                hits.append(_Hit(label, start, end))
                break
    return hits


def _pattern_hits(words: tuple[str, ...], taxonomy: Taxonomy) -> list[_Hit]:
    """Find what patterns say; a topic that only stands before a question or the like is not in their way."""
    ahead = 1 if len(words) > 1 and words[0] == TOPIC and words[1] in _ASKS else 0
    text = " ".join(words[ahead:])
    hits = []
    for label, found in taxonomy.patterns.matches(text):
        start, end = text.count(" ", 0, found.start()), text.count(" ", 0, found.end()) + 1
        hits.append(_Hit(label, start + ahead, end + ahead))
    return hits


def _decisive(hits: Collection[_Hit], words: tuple[str, ...], taxonomy: Taxonomy) -> tuple[_Hit, bool]:
    """Choose the first that is named, the longest of those, unless a kind of it is named too; tell which."""
    wrapped = [h for h in hits if not _is_wrapper(h, words, taxonomy)] or list(hits)
    strong = [h for h in wrapped if h.label not in (taxonomy.lead, taxonomy.unknown)] or wrapped
    first = min(strong, key=lambda h: (h.start, -h.end))
    for hit in sorted(strong, key=lambda h: (h.start, -h.end)):
        below = taxonomy.labels[hit.label].parent == first.label
        if below and not (hit.start > 0 and words[hit.start - 1] in _JOINS):
            return hit, True
    return first, False


def _is_wrapper(hit: _Hit, words: tuple[str, ...], taxonomy: Taxonomy) -> bool:
    """Tell whether the hit only introduces another ("types of treatment", "diet rules")."""
    inside = words[hit.start : hit.end]
    return hit.end < len(words) and words[hit.end] in ("of", "in") and all(w in taxonomy.wrappers for w in inside)


def _covers(hit: _Hit, words: tuple[str, ...]) -> bool:
    before, behind = words[: hit.start], words[hit.end :]
    return all(word in (TOPIC, "of", "its", "this", "their") for word in before) and all(w in _FILL for w in behind)
