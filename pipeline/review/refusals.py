"""Which phrases the glossary's refused.toml refuses, so that they are not proposed again."""

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.repair.entry import Refusal
from pipeline.repair.phrase import PhraseError, parse, surfaces
from pipeline.review.candidate import folded
from pipeline.review.queue import Queue
from pipeline.review.queue_exchange import candidate_ids


class Refusals:
    """The refusals of a glossary, asked by phrase.

    A phrase is refused where a refused one matches the whole of it, in any of its forms, and the languages
    agree or one of them is unknown.
    """

    def __init__(self, refused: Iterable[Refusal]) -> None:
        self._by_word: dict[str, list[tuple[str, Refusal]]] = {}
        self._open: list[tuple[str, Refusal]] = []
        for refusal in refused:
            for match in (refusal.match,) if isinstance(refusal.match, str) else refusal.match:
                self._by_word.setdefault(folded(match), []).append((match, refusal))
                if folded(match) != match or not match.replace(" ", "").isalpha():
                    self._open.append((match, refusal))

    def of(self, phrase: str, language: str) -> Refusal | None:
        """Return the refusal of a phrase, None where it may be proposed."""
        text = folded(phrase)
        found: list[tuple[str, Refusal]] = [*self._by_word.get(text, ()), *self._open]
        for match, refusal in found:
            agree = not language or not refusal.language or language == refusal.language
            expression = _expression(match)
            whole = folded(match) == text or (expression is not None and expression.fullmatch(text) is not None)
            if agree and whole:
                return refusal
        return None


@lru_cache(maxsize=4096)
def _expression(match: str) -> re.Pattern[str] | None:
    """Return what finds a refused phrase as a whole, None where it has slots of its own or is no phrase."""
    try:
        parts = parse(match).parts
        forms = [surfaces(part, {}) for part in parts]
    except (PhraseError, KeyError):
        return None
    pattern = ""
    for part, listed in zip(parts, forms, strict=True):
        words = "|".join(map(re.escape, sorted(listed))) if listed is not None else r"\S{1,40}"
        pattern += f"(?:[ -]?(?:{words}))" + ("?" if part.optional else "")
    return re.compile(pattern)


def refuse_known(queue: Queue, refusals: Refusals) -> int:
    """Refuse the open candidates of a queue that a glossary refuses meanwhile; return how many."""
    count = 0
    with queue.transaction():
        for candidate_id in candidate_ids(queue, "open"):
            candidate = queue.get(candidate_id)
            if candidate is not None and (found := refusals.of(candidate.phrase, candidate.language)) is not None:
                with queue.transaction() as db:
                    queue.enter(db, candidate_id, found.by, "refuse", found.why, "", "")
                count += 1
    return count
