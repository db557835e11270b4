"""The entry that a candidate would become, as TOML: guards proposed from its contexts, examples filled in.

The examples are made of the phrase and its guards, not of the pages' sentences, which are not ours to keep.
"""

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry
from pipeline.repair.exchange import to_toml
from pipeline.repair.guards import Setting
from pipeline.repair.phrase import PhraseError, parse
from pipeline.repair.topic import vocabulary
from pipeline.repair.triggers import build
from pipeline.repair.word_classes import can_be, lexicon
from pipeline.repair.word_list import zipf
from pipeline.review.candidate import Candidate
from pipeline.review.mining.background import Background
from pipeline.review.mining.words import counted, fold_word, words

_MOST_CUES = 8
_MOST_UNLESS = 6
_CHANGE = ("The {cue} was examined, and the {phrase} too.", "Before treatment of the {cue} the {phrase} is looked at.")
_KEEP = (
    "The {phrase} and the {other} were old.",
    "In the town the {phrase} was known to all.",
    "A book tells of the {phrase} and of the {other}.",
    "They spoke of the {phrase} all the way home.",
)


def draft(candidate: Candidate, background: Background) -> str:
    """Return the TOML of an entry for a candidate."""
    cues, others = near(candidate), company_elsewhere(candidate.phrase, background)
    texts = tuple(one.text for one in candidate.replacements[:3])
    phrase = candidate.phrase.lower() if candidate.kind != "heading" else f"^{candidate.phrase.lower()}$"
    noun = can_be(fold_word(phrase.split()[-1]), "noun") and candidate.kind == "sense"
    marked = [f"{text}:n" if noun else text for text in texts]
    entry = Entry(
        id=identifier(candidate),
        match=written(f"{fold_last(phrase)}:n" if noun else phrase),
        replace="" if not marked else marked[0] if len(marked) == 1 else tuple(marked),
        source=candidate.sources[0].term if candidate.sources else "",
        type="sense" if candidate.kind == "sense" else "text",
        topic=("medicine",),
        cues=cues,
        unless=others if candidate.kind == "sense" else (),
        mt=1 if " " not in candidate.phrase and candidate.kind == "sense" else 0,
    )
    return to_toml(with_examples(entry, candidate.phrase.lower(), cues, others))


def written(phrase: str) -> str:
    """Return a phrase in the notation, without what the notation would take for its own."""
    try:
        parse(phrase)
    except PhraseError:
        return " ".join(re.findall(r"\w+", phrase)) or "phrase"
    return phrase


def fold_last(phrase: str) -> str:
    """Return a phrase with its last word in the singular."""
    *before, last = phrase.split()
    return " ".join((*before, fold_word(last)))


def identifier(candidate: Candidate) -> str:
    """Return an id for the entry: language, field, and the words of the phrase, or those it is to become."""
    texts = (candidate.phrase, *(one.text for one in candidate.replacements))
    slugs = ("-".join(re.findall(r"[a-z0-9]+", text.lower()))[:40].strip("-") for text in texts)
    slug = next(filter(None, slugs), candidate.id)
    return f"{candidate.language or 'any'}.{candidate.field or 'health'}.{slug}"


def near(candidate: Candidate) -> tuple[str, ...]:
    """Return cues: the words that tell medical texts and stand in most of the contexts."""
    telling = vocabulary()["medicine"]
    own = set(words(candidate.phrase))
    often: Counter[str] = Counter()
    for one in candidate.contexts:
        standing = {word for word in words(one.sentence) if word in telling and can_be(word, "noun")}
        often.update(standing - own)
    ranked = sorted(often, key=lambda word: (-often[word], zipf(word), word))
    return tuple(ranked[:_MOST_CUES])


def company_elsewhere(phrase: str, background: Background) -> tuple[str, ...]:
    """Return words that forbid: those that keep the company of the phrase in general English and are not medical."""
    core = next((word for word in reversed(words(phrase)) if counted(word)), "")
    ranked = [other for other in background.nearest(core, 60) if background.excess(other) > 0 and zipf(other) >= 2.5]
    telling = vocabulary()["medicine"]
    nouns = lexicon()  # words that it does not hold are mostly names
    return tuple(word for word in ranked if word not in telling and "n" in nouns.get(word, ""))[:_MOST_UNLESS]


def with_examples(entry: Entry, phrase: str, cues: Sequence[str], others: Sequence[str]) -> Entry:
    """Return an entry with the examples that come out as they should; reviewers write better ones."""
    trial = msgspec.structs.replace(entry, status="approved", apply=None, replace=entry.candidates[0])
    engine = Engine([trial], build([trial]))
    setting = Setting(entry.topics, assume_evidence=entry.mt)
    change = []
    for cue, pattern in zip([*cues, *cues][:2] or ["patient"] * 2, _CHANGE, strict=False):
        before = pattern.format(cue=cue, phrase=phrase)
        edits = engine.run(before, setting).edits
        if len(edits) == 1:
            one = edits[0]
            change.append((before, before[: one.start] + one.after + before[one.end :]))
    keep = []
    for pattern in _KEEP:
        text = pattern.format(phrase=phrase, other=others[0] if others else "house")
        if not engine.run(text, setting).edits:
            keep.append(text)
    return msgspec.structs.replace(entry, change=tuple(change), keep=tuple(keep[:2]))
