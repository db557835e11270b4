"""A whole document repaired: passes over its texts until nothing is left to do, composed into one list of edits.

Within a pass, faults of letters and spacing come first, so that entries see mended words. A pass may make
room for another entry (words that an order rule brought together), so passes follow until one finds nothing;
what a reader gets is therefore what a second run would leave alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.document import Document, Edit, compose
from pipeline.record import Finding
from pipeline.repair.engine import Engine, Outcome, Text
from pipeline.repair.guards import Decision, Setting

MOST_PASSES = 6
_CODE = "code"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repairing a document proposes."""

    edits: tuple[Edit, ...] = ()
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    source_language: str | None = None


@dataclass(slots=True)
class _Work:
    """The texts of a document on their way, and the edits of each so far. Local to `repair`."""

    before: dict[int | None, str]
    now: dict[int | None, str]
    edits: dict[int | None, list[Edit]] = field(default_factory=dict)

    def apply(self, edits: Sequence[Edit]) -> None:
        by_block: dict[int | None, list[Edit]] = {}
        for edit in edits:
            by_block.setdefault(edit.block, []).append(edit)
        for block, own in by_block.items():
            self.edits[block] = compose(self.edits.get(block, []), own, self.before[block])
            text = self.now[block]
            for edit in reversed(own):
                text = text[: edit.start] + edit.after + text[edit.end :]
            self.now[block] = text


def repair(
    document: Document, engine: Engine, *, text_faults: bool = True, suggest: bool = False, topic: Sequence[str] = ()
) -> Repaired:
    """Return the edits and findings of a document."""
    if document.language not in {None, "en"}:
        return Repaired(findings=(_wrong_language(document.language or ""),))
    texts: list[Text] = [(None, document.title)] if document.title else []
    texts += [
        (i, block.text) for i, block in enumerate(document.blocks) if block.kind != _CODE and _may(block.place.path)
    ]
    work = _Work(dict(texts), dict(texts))
    first: Outcome | None = None
    last = Outcome((), (), ())
    fired: dict[str, None] = {}
    for _ in range(MOST_PASSES):
        last = _pass(work, engine, topic)
        first = first or last
        fired.update(dict.fromkeys(edit.reason for edit in last.edits))
        if not last.edits:
            break
        work.apply(last.edits)
    edits = tuple(edit for block in work.edits for edit in work.edits[block])
    return Repaired(
        edits,
        tuple(_findings(document, last, suggest=suggest)),
        first.decisions if first else (),
        _source_language(list(fired)),
    )


def _may(path: str | None) -> bool:
    """Whether the page lets a block be repaired: `notranslate` and `no-repair` are the classes that forbid it."""
    return path is None or not any(
        name in {"notranslate", "no-repair"} for tag in path.split("/") for name in tag.split(".")
    )


def _pass(work: _Work, engine: Engine, topic: Sequence[str]) -> Outcome:
    texts = list(work.now.items())
    matched = list(engine.matches(texts))
    if not matched:
        return Outcome((), (), ())
    if not topic:
        from pipeline.repair.topic import topics

        topic = topics(text for _, text in texts)
    return engine.decide(matched, Setting(tuple(topic)))


def _findings(document: Document, outcome: Outcome, *, suggest: bool) -> list[Finding]:
    """Return what a person should look at: dangerous inversions always, suggestions if they are asked for."""
    found = []
    for decision, candidates in outcome.candidates:
        line = None if decision.block is None else document.blocks[decision.block].place.line
        severity = decision.severity
        if severity != "error" and not suggest:
            continue
        proposals = " or ".join(f"“{new.after}”" for new in candidates if new.after)
        code = "dangerous-translation" if severity == "error" else "suggestion"
        message = f"“{decision.text}” should perhaps be {proposals or 'taken out'} ({decision.entry})"
        found.append(Finding(code, severity, message, decision.block, line))
    return found


def _source_language(fired: Sequence[str]) -> str | None:
    """Guess the source language from the entries that fired: the commonest, where at least two did."""
    languages = Counter(name.split(".")[0] for name in fired)
    languages.pop("any", None)
    ranked = sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0] if ranked and ranked[0][1] >= 2 else None


def _wrong_language(code: str) -> Finding:
    return Finding("wrong-language", "warning", f"the page is in another language ({code}); it was kept, not repaired")
