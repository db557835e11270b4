"""Sentences that give orders to a language model, found in a page of megabytes in no time."""

import re
from collections.abc import Iterator

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|all|your)\b[^.\n]{0,30}"
    r"\b(?:instructions?|prompts?|rules|context|training)\b"
    r"|\b(?:system|developer) prompt\b|\byou are (?:now )?(?:an? )?(?:helpful )?"
    r"(?:ai|assistant|chatbot|language model|dan)\b"
    r"|\bas an ai(?: language)? model,? (?:you|reply|respond|answer)"
    r"|\b(?:do not|don't|never) (?:tell|inform|reveal to) the user\b|<\|?(?:im_start|system|endoftext)\|?>"
    r"|\b(?:respond|reply|answer) only with\b|\bnew instructions?:",
    re.IGNORECASE,
)
_NEEDLES = (
    "ignore", "disregard", "forget", "system prompt", "developer prompt", "you are", "as an ai", "the user", "im_start",
    "system>", "system|>", "endoftext", "only with", "new instruction",
)  # fmt: skip
"""What every order holds; they are searched for as they are, which is a hundred times as fast as the expression."""
_BEFORE, _BEHIND = 40, 120
"""Characters of an order before and behind its needle at most."""
_MOST = 2000
"""Needles that are looked at."""


def orders(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and words of each order in a text, in order."""
    low = (
        text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )  # ASCII alone: as long as before
    found: dict[int, str] = {}
    looked = 0
    for needle in _NEEDLES:
        at = low.find(needle)
        while at >= 0 and looked < _MOST:
            looked += 1
            order = _ORDERS.search(text, max(0, at - _BEFORE), at + _BEHIND)
            if order:
                found.setdefault(order.start(), order[0])
            at = low.find(needle, at + len(needle))
    yield from sorted(found.items())
