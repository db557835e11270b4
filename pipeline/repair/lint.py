"""What is wrong with the glossary: faults that reading the files cannot find."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from pipeline.document import Edit
from pipeline.record import Severity
from pipeline.repair.anchors import anchors
from pipeline.repair.engine import Engine
from pipeline.repair.entry import Entry, Keep
from pipeline.repair.glossary_files import Glossary, Located
from pipeline.repair.guards import Setting, antipattern
from pipeline.repair.matching import Sought, fold
from pipeline.repair.phrase import parse
from pipeline.repair.tokens import words_of
from pipeline.repair.triggers import PLACES, build
from pipeline.repair.word_classes import lexicon

ENTRIES_A_FILE = 400
LEAST_EXAMPLES = 2


class LintFinding(msgspec.Struct, frozen=True):
    """A fault of an entry or file, with what to do about it in the message."""

    code: str
    severity: Severity
    message: str
    entry: str
    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity}: {self.entry}: {self.message} ({self.code})"


def lint(glossary: Glossary) -> list[LintFinding]:
    """Return everything that is wrong with the glossary, in the order of files and lines."""
    found = [finding for check in CHECKS for finding in check(glossary)]
    return sorted(found, key=lambda f: (f.path, f.line, f.code, f.message))


def _finding(located: Located, code: str, message: str, severity: Severity = "error") -> LintFinding:
    return LintFinding(code, severity, message, located.entry.id, str(located.path), located.line)


def check_place(glossary: Glossary) -> Iterator[LintFinding]:
    """An id that does not begin with its language and field, or stands out of order.

    Bad: `ru.eye.stye` in ru/spine.toml. Good: the same in ru/eye.toml.
    """
    before: dict[Path, str] = {}
    for located in glossary.entries:
        own = located.entry.id
        wanted = f"{located.language}.{located.field}."
        if not own.startswith(wanted):
            yield _finding(located, "id-place", f"an id in this file begins with {wanted}")
        if own < before.get(located.path, ""):
            yield _finding(located, "id-order", f"stands after {before[located.path]}; sort the file by id", "warning")
        before[located.path] = own


def check_size(glossary: Glossary) -> Iterator[LintFinding]:
    """A file of more than 400 entries, which nobody can review.

    Bad: ru/all.toml. Good: ru/spine.toml, ru/eyes.toml.
    """
    counts: dict[Path, int] = {}
    for located in glossary.entries:
        counts[located.path] = counts.get(located.path, 0) + 1
        if counts[located.path] == ENTRIES_A_FILE + 1:
            yield _finding(located, "file-size", f"is entry {ENTRIES_A_FILE + 1} of its file; split the file by field")


def check_examples(glossary: Glossary) -> Iterator[LintFinding]:
    """An entry with fewer than two sentences that change and two that stay.

    Bad: `change = [["the locks", "constipation"]]`. Good: two full sentences each way.
    """
    for located in glossary.entries:
        entry = located.entry
        for kind, count in (("change", len(entry.change)), ("keep", len(entry.keep))):
            if count < LEAST_EXAMPLES:
                yield _finding(located, "few-examples", f"has {count} {kind} examples; write at least {LEAST_EXAMPLES}")
        for before, after in entry.change:
            if before == after:
                yield _finding(located, "no-change", f"a change example changes nothing: {before!r}")


def check_review(glossary: Glossary) -> Iterator[LintFinding]:
    """An entry that is approved or on trial without a review, or whose language of origin is not told.

    Bad: `status = "approved"` alone. Good: with `review = { by = "…", on = "2026-01-31" }`.
    """
    for located in glossary.entries:
        entry = located.entry
        if entry.status in {"approved", "trial"} and entry.review is None:
            yield _finding(located, "no-review", f"is {entry.status} without a review")
        if entry.type is None:
            yield _finding(located, "no-type", "has no error type; give `type`, or one in [defaults]")
        if entry.apply == "auto" and len(entry.candidates) > 1:
            yield _finding(located, "auto-several", "has several replacements; only one can be automatic")
        if entry.type == "danger" and (entry.apply == "auto" or entry.severity not in {None, "error"}):
            yield _finding(
                located, "danger-auto", "turns a meaning round: it is reported with severity error, never applied"
            )


def check_common_words(glossary: Glossary) -> Iterator[LintFinding]:
    """A single common word that is mended without a cue and an antipattern (or words that forbid).

    Bad: match = "locks", replace = "constipation". Good: with cues = ["@gut"], not = ["locks on"].
    """
    common = lexicon()
    for located in glossary.entries:
        entry = located.entry
        if not entry.automatic and entry.status != "candidate":
            continue
        for text in entry.matches:
            words = [
                part for part in parse(text).parts if not part.optional and re.search(r"\w", "".join(part.words) or "<")
            ]
            if (
                len(words) != 1
                or any(part.slot for part in parse(text).parts)
                or words[0].slot
                or not any(w.lower() in common for w in words[0].words)
            ):
                continue
            shown = entry.cues or entry.page or entry.after
            if not shown or not (entry.not_ or entry.unless):
                message = f"{text!r} is a common word; give cues (or `page`, `after`), and `not` or `unless`"
                yield _finding(located, "common-word", message)


_FUNCTION_WORDS = frozenset(
    "a an the of in on at to for from with by as and or but is are was were be that which than into about".split()
)


def check_alternatives(glossary: Glossary) -> Iterator[LintFinding]:
    """Alternatives that are read word by word, where whole phrases seem to be meant.

    Bad: `match = "lack of air|shortage of breath"`, which is `lack of air of breath` or `lack of shortage of breath`.
    Good: `match = ["lack of air", "shortage of breath"]`.
    """
    for located in glossary.entries:
        for text in located.entry.matches:
            sides = [side.split() for side in text.strip("^$").split("|")]
            if len(sides) != 2 or min(map(len, sides)) < 2 or "<" in text or "(" in text:
                continue
            left, right = ([word.partition(":")[0].lower() for word in side] for side in sides)
            shown = " ".join(before.lower() for before, _ in located.entry.change)
            if any(" ".join(words) in shown for words in ([*left, *right[1:]], [*left[:-1], *right])):
                continue
            if len(left) > 2 and [w in _FUNCTION_WORDS for w in left] == [w in _FUNCTION_WORDS for w in right]:
                message = f"{text!r} is read word by word; write two phrases where each side is meant as a whole"
                yield _finding(located, "word-alternatives", message, "warning")


def check_after(glossary: Glossary) -> Iterator[LintFinding]:
    """An entry that waits for one that is not there.

    Bad: `after = ["ru.eyes.styes"]`. Good: `after = ["ru.eyes.stye-*"]`, with such entries in ru/eyes.toml.
    """
    ids = [located.entry.id for located in glossary.entries if located.entry.status != "disabled"]
    for located in glossary.entries:
        for pattern in located.entry.after:
            if not any(fnmatchcase(name, pattern) for name in ids):
                yield _finding(located, "after-nobody", f"no entry that takes part is named {pattern!r}, under `after`")


def check_duplicates(glossary: Glossary) -> Iterator[LintFinding]:
    """Two entries with the same phrase under the same conditions.

    Bad: `ridge` → `spine` and `ridge` → `backbone`, both with cues = ["@spine"]. Good: one entry.
    """
    seen: dict[tuple[object, ...], Located] = {}
    for located in glossary.entries:
        entry = located.entry
        if entry.status == "disabled":
            continue
        for text in entry.matches:
            key = (
                text.lower(),
                entry.topics,
                tuple(sorted(entry.cues or ())),
                entry.case,
                tuple(sorted(entry.slots.items())),
            )
            first = seen.setdefault(key, located)
            if first is not located or entry.matches.count(text) > 1:
                yield _finding(located, "duplicate", f"{text!r} stands in {first.entry.id} under the same conditions")


def check_refused(glossary: Glossary) -> Iterator[LintFinding]:
    """A proposal that was refused before.

    Bad: `body` → `organism`, in refused.toml. Good: leave it, or take the refusal out with a reason.
    """
    refused = {
        (match.lower(), replace.lower()): refusal
        for refusal in glossary.refused
        for match in _each(refusal.match)
        for replace in _each(refusal.replace)
    }
    for located in glossary.entries:
        for match in located.entry.matches:
            for replace in located.entry.candidates:
                if (old := refused.get((match.lower(), replace.lower()))) is not None:
                    yield _finding(located, "refused", f"{match!r} → {replace!r} was refused on {old.on}: {old.why}")


def _each(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def check_outputs(glossary: Glossary) -> Iterator[LintFinding]:
    """An entry that fires on its own output, or on another's.

    What fires before the entry too is not made to fire by it: two faults of one sentence, mended one after the other.

    Bad: `range` → `mountain range`. Good: a result that nothing fires on.
    """
    approved = [located for located in glossary.entries if located.entry.status != "disabled"]
    entries = [msgspec.structs.replace(located.entry, status="approved") for located in approved]
    engine = Engine(entries, build(entries))
    for located in approved:
        told: set[str] = set()
        alone = Engine([entry := msgspec.structs.replace(located.entry, status="approved")], build([entry]))
        for before, after in located.entry.change:
            setting = Setting(located.entry.topics, assume_evidence=located.entry.mt, assume_page=True)
            spans = _written(alone.run(before, setting).edits)
            for edit in engine.run(after, setting).edits:
                if edit.reason in told or not any(edit.start < end and start < edit.end for start, end in spans):
                    continue
                if edit.reason != located.entry.id and edit.reason in _firing(engine, before, setting):
                    continue
                told.add(edit.reason)
                if edit.reason == located.entry.id:
                    yield _finding(located, "self-trigger", f"fires on its own result: {after!r}")
                else:
                    yield _finding(located, "output-trigger", f"its result makes {edit.reason} fire: {after!r}")


def _firing(engine: Engine, text: str, setting: Setting) -> set[str]:
    """Return the entries that would change a text, were they alone."""
    return {decision.entry for decision in engine.run(text, setting).decisions if decision.outcome in _FIRED}


_FIRED = ("applied", "overlap")


def _written(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Return the spans that edits fill in the text after them."""
    spans, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        spans.append((start, start + len(edit.after)))
        shift += len(edit.after) - (edit.end - edit.start)
    return spans


def check_dead_phrases(glossary: Glossary) -> Iterator[LintFinding]:
    """A phrase that can never be mended, because an antipattern of its own entry stands in it.

    Bad: match = ["bark of the brain"], not = ["bark of"]. Good: not = ["bark of the brain tree"].
    """
    for located in glossary.entries:
        for text in located.entry.matches:
            phrase = parse(text)
            if any(part.slot for part in phrase.parts):
                continue
            sample = " ".join(part.words[0] for part in phrase.parts if not part.optional)
            for match in Sought(located.entry, text).all(sample, fold(sample)):
                if (found := antipattern(match, sample, fold(sample))) is not None:
                    yield _finding(located, "dead-phrase", f"{text!r} never fires: its own `not` finds {found!r} in it")


def check_cycles(glossary: Glossary) -> Iterator[LintFinding]:
    """Entries whose replacements match each other in a circle, whatever their conditions.

    Bad: `organism` → `body` and `body` → `organism`. Good: one of them.
    """
    entries = [located.entry for located in glossary.entries]
    triggers = build(entries)
    leads: dict[int, set[int]] = {}
    for number, entry in enumerate(entries):
        for candidate in filter(None, entry.candidates):
            for run in anchors(parse(candidate), entry.slots)[:8]:
                words = words_of(run)
                hits = {code for code, _, _ in triggers.hits(" ".join(words), words)}
                own = {code // PLACES for code in hits if _whole(entries[code // PLACES], code % PLACES, words)}
                leads.setdefault(number, set()).update(own)
    for number, located in enumerate(glossary.entries):
        back = _reached(number, leads)
        if number in back:
            names = ", ".join(sorted(entries[i].id for i in back if number in _reached(i, leads)))
            yield _finding(located, "cycle", f"its replacement leads back to itself through {names}")


def _whole(entry: Entry, place: int, words: Sequence[str]) -> bool:
    """Whether a phrase is the given words and no more."""
    sample = " ".join(words)
    found = Sought(entry, entry.matches[place]).all(sample, sample)
    return any(match.end - match.start == len(sample) for match in found)


def _reached(start: int, leads: dict[int, set[int]]) -> set[int]:
    reached: set[int] = set()
    queue = list(leads.get(start, ()))
    while queue:
        if (number := queue.pop()) not in reached:
            reached.add(number)
            queue += leads.get(number, ())
    return reached


def check_keep_against_all(glossary: Glossary) -> Iterator[LintFinding]:
    """A sentence that one entry keeps and another changes.

    It may be no good English for another reason than the one that the entry keeps it for; then it says who mends it.

    Bad: `keep = ["The candle burns."]`, and another entry changes it. Good: conditions that tell them apart, or
    `{ in = "The temple hurts at a migraine.", mended_by = "ru.function.at-disease" }` under the entry of the temple.
    """
    approved = [located.entry for located in glossary.entries if located.entry.status == "approved"]
    engine = Engine(approved, build(approved))
    ids = {located.entry.id for located in glossary.entries if located.entry.status != "disabled"}
    for located in glossary.entries:
        for kept in located.entry.keep:
            keep = kept if isinstance(kept, Keep) else Keep(kept)
            topics = (keep.topic,) if keep.topic else located.entry.topics
            changed = {edit.reason for edit in engine.run(keep.text, Setting(topics)).edits}
            for name in sorted(changed - {located.entry.id, keep.mended_by}):
                yield _finding(
                    located, "keep-changed", f"{name} changes a sentence that it keeps: {keep.text!r}", "warning"
                )
            if keep.mended_by and keep.mended_by not in ids:
                yield _finding(located, "mended-by-nobody", f"no entry that takes part is named {keep.mended_by!r}")


Check = Callable[[Glossary], Iterable[LintFinding]]
CHECKS: tuple[Check, ...] = (
    check_place,
    check_size,
    check_examples,
    check_review,
    check_common_words,
    check_alternatives,
    check_after,
    check_duplicates,
    check_refused,
    check_outputs,
    check_cycles,
    check_dead_phrases,
    check_keep_against_all,
)
"""All checks; their order does not matter, findings are sorted."""
