"""Queues by pull request: lines out and in, two decisions made one by rules that do not depend on who asks."""

from pathlib import Path

import msgspec
import pytest

from pipeline.errors import InputError
from pipeline.repair.entry import Refusal
from pipeline.review.candidate import Candidate, candidate_id
from pipeline.review.queue import Added, Queue, Verdict
from pipeline.review.queue_exchange import Conflict, Imported, export_jsonl, import_jsonl
from pipeline.review.refusals import Refusals, refuse_known

OWN = candidate_id("sense", "ru", "locks")


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def made(tmp_path: Path, name: str, decision: Verdict | None, after: float = 0.0) -> Queue:
    clock = Clock()
    clock.now += after
    queue = Queue(tmp_path / f"{name}.sqlite", clock)
    queue.add([Candidate(OWN, "locks", "sense", "ru", "digestion", 1.0)])
    if decision is not None:
        entry_id = "" if decision == "refuse" else "ru.digestion.locks"
        queue.decide(OWN, name, decision, "so it is", entry_id, entry_id and "[[entry]]\n")
    return queue


def brought(into: Queue, of: Queue, entries: frozenset[str]) -> Imported:
    return import_jsonl(into, list(export_jsonl(of)), entries, Path("queue.jsonl"))


@pytest.mark.parametrize(
    ("ann", "bob", "in_glossary", "expected"),
    [
        (None, None, False, ("open", "open")),
        ("refuse", None, False, ("refused", "refused")),
        ("approve", None, True, ("approved", "approved")),
        ("approve", None, False, ("approved", "open")),
        ("approve", "approve", True, ("approved", "approved")),
        ("approve", "suggest", False, ("approved", "suggested")),
        ("refuse", "approve", False, ("refused", "refused")),
        ("refuse", "approve", True, ("refused", "approved")),
        ("refuse", "refuse", False, ("refused", "refused")),
        ("skip", "refuse", False, ("refused", "refused")),
    ],
)
def test_both_ways(
    tmp_path: Path, ann: Verdict | None, bob: Verdict | None, *, in_glossary: bool, expected: tuple[str, str]
) -> None:
    first, second = made(tmp_path, "ann", ann), made(tmp_path, "bob", bob, 60)
    entries = frozenset({"ru.digestion.locks"} if in_glossary else ())
    lines = list(export_jsonl(first))
    conflicts = [*brought(first, second, entries).conflicts]
    conflicts += import_jsonl(second, lines, entries, Path("q")).conflicts
    assert (first.state(OWN), second.state(OWN)) == expected
    assert bool(conflicts) == (ann == "refuse" and bob == "approve" and in_glossary)
    assert all(isinstance(conflict, Conflict) for conflict in conflicts)
    if ann == bob == "approve":
        assert [d.reviewer for d in second.history(candidate=OWN) if d.stands] == ["ann"], "the earlier one"


def test_an_approval_without_its_entry_keeps_the_draft(tmp_path: Path) -> None:
    queue = made(tmp_path, "bob", None)
    brought(queue, made(tmp_path, "ann", "approve"), frozenset())
    found = queue.get(OWN)
    assert found is not None
    assert (queue.state(OWN), found.draft) == ("open", "[[entry]]\n")


def test_lines_are_the_same_each_time_and_come_back_the_same(tmp_path: Path) -> None:
    queue = made(tmp_path, "ann", "refuse")
    lines = list(export_jsonl(queue))
    assert lines == list(export_jsonl(queue))
    fresh = Queue(tmp_path / "fresh.sqlite", Clock())
    assert import_jsonl(fresh, lines, (), Path("q")) == Imported(1, 1, ())
    assert list(export_jsonl(fresh)) == lines
    assert fresh.history()[0].at == "2023-11-14T22:13:20Z"


def test_a_bad_line_is_named_and_nothing_is_taken_over(tmp_path: Path) -> None:
    lines = [*export_jsonl(made(tmp_path, "ann", "refuse")), b"{}\n"]
    fresh = Queue(tmp_path / "fresh.sqlite", Clock())
    with pytest.raises(InputError, match=r"queue\.jsonl:2"):
        import_jsonl(fresh, lines, (), Path("queue.jsonl"))
    assert fresh.counts().total == 0


def test_what_the_glossary_refused_is_refused(tmp_path: Path) -> None:
    refusals = Refusals(
        [
            Refusal("organism:n", "body", "right in microbiology", "second reader", "2026-01-31", language="ru"),
            Refusal(("floor glass|glasses (of)",), "half", "loses the unit", "second reader", "2026-01-31"),
            Refusal("<kind> regime:n", "<kind> diet:n", "right English", "second reader", "2026-01-31", language="fr"),
        ]
    )
    assert refusals.of("Organisms", "ru") is not None
    assert refusals.of("organisms", "de") is None
    assert refusals.of("organisms", "") is not None
    assert refusals.of("organisms of", "ru") is None
    assert refusals.of("floor glasses", "ru") is not None
    assert refusals.of("dietary regime", "fr") is None, "its slots are not known here"
    queue = Queue(tmp_path / "queue.sqlite", Clock())
    own = Candidate(candidate_id("sense", "ru", "organisms"), "organisms", "sense", "ru")
    queue.add([own, msgspec.structs.replace(own, id="0" * 16, phrase="locks")])
    assert refuse_known(queue, refusals) == 1
    assert queue.state(own.id) == "refused"
    assert queue.add([own]) == Added(refused=1)
