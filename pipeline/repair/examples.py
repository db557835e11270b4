"""The examples of the entries, run as tests: what must change changes so, what must stay stays."""

from collections.abc import Iterable

import msgspec

from pipeline.repair.engine import Engine, Outcome
from pipeline.repair.entry import Entry, Keep
from pipeline.repair.glossary_files import Located
from pipeline.repair.guards import Setting
from pipeline.repair.triggers import build


class Failure(msgspec.Struct, frozen=True):
    """An example that does not come out as its entry says.

    Attributes:
        entry: id of the entry.
        kind: `change` or `keep`.
        text: the sentence.
        expected: what it should become.
        got: what it became.
        why: what decided, in words.
        path: the entry's file.
        line: the line on which the entry begins.
    """

    entry: str
    kind: str
    text: str
    expected: str
    got: str
    why: str
    path: str
    line: int

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: {self.entry}: example ({self.kind}) fails: {self.why}\n"
            f"    in       {self.text}\n    expected {self.expected}\n    got      {self.got}"
        )


def run_examples(entries: Iterable[Located]) -> list[Failure]:
    """Run every example of the entries, each entry alone, as if it were approved and applied.

    A `change` example stands on a page of the entry's first topic with all that the entry asks of a page (evidence,
    cues of the page, an entry that fired); so does a `keep` example, unless it names its own topic or evidence, or
    stands alone. Disabled entries are run too.
    """
    return [failure for located in entries for failure in failures(located)]


def failures(located: Located) -> list[Failure]:
    """Run the examples of one entry."""
    entry = msgspec.structs.replace(located.entry, status="approved")
    engine = Engine([entry], build([entry]))
    found = []
    for before, after in entry.change:
        outcome = engine.run(before, Setting(entry.topics, assume_evidence=entry.mt, assume_page=True))
        got, why = _result(before, outcome, entry)
        if got != after:
            found.append(_failure(located, "change", before, after, got, why))
    for kept in entry.keep:
        keep = kept if isinstance(kept, Keep) else Keep(kept)
        topics = (keep.topic,) if keep.topic else entry.topics
        evidence = entry.mt if keep.mt is None else keep.mt
        setting = Setting(topics, assume_evidence=evidence, assume_page=not keep.alone)
        outcome = engine.run(keep.text, setting)
        got, why = _result(keep.text, outcome, entry)
        if got != keep.text or outcome.candidates:
            found.append(_failure(located, "keep", keep.text, keep.text, got, why))
    return found


def _result(text: str, outcome: Outcome, entry: Entry) -> tuple[str, str]:
    """Return the text with the edits, or with the first candidate where the entry only suggests."""
    spans = [(edit.start, edit.end, edit.after) for edit in outcome.edits]
    if not entry.automatic:
        spans = [(new[0].start, new[0].end, new[0].after) for _, new in outcome.candidates]
    for start, end, after in sorted(spans, reverse=True):
        text = text[:start] + after + text[end:]
    decided = "; ".join(dict.fromkeys(f"{d.outcome} “{d.text}” {d.detail}".strip() for d in outcome.decisions))
    return text, decided or "no phrase of it stands there"


def _failure(located: Located, kind: str, text: str, expected: str, got: str, why: str) -> Failure:
    return Failure(located.entry.id, kind, text, expected, got, why, str(located.path), located.line)
