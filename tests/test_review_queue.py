"""The queue of candidates: shared by reviewers, quick when it is long, and each decision whole."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pipeline.errors import InputError
from pipeline.review.candidate import Candidate, Context, Suggestion, candidate_id
from pipeline.review.queue import LEASE, Added, Queue, QueueError


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def candidate(phrase: str, score: float = 1.0, field: str = "eyes", language: str = "ru") -> Candidate:
    sentence = f"Pain in the {phrase} is common."
    context = Context("page.txt", 0, sentence, 12, 12 + len(phrase))
    return Candidate(
        candidate_id("sense", language, phrase),
        phrase,
        "sense",
        language,
        field,
        score,
        (context,),
        replacements=(Suggestion("eyelid", 1.0),),
        seen=1,
        pages=1,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[[], Queue]:
    return lambda: Queue(tmp_path / "queue.sqlite", clock)


@pytest.fixture
def queue(make: Callable[[], Queue]) -> Queue:
    queue = make()
    queue.add([candidate("century", 3.0), candidate("mountain range", 2.0, "spine"), candidate("barley", 1.0)])
    return queue


def shown(queue: Queue, reviewer: str, **filters: str) -> str | None:
    found = queue.next(reviewer, **filters)
    return None if found is None else found.phrase


def test_best_first_and_filtered(queue: Queue) -> None:
    assert shown(queue, "ann") == "century"
    queue.release("ann")
    assert shown(queue, "ann", field="spine") == "mountain range"
    queue.release("ann")
    assert shown(queue, "ann", language="de") is None


def test_two_reviewers_never_see_the_same(queue: Queue, make: Callable[[], Queue]) -> None:
    other = make()
    assert shown(queue, "ann") == "century"
    assert shown(other, "bob") == "mountain range"
    assert shown(queue, "ann") == "century", "the same until it is decided"
    assert shown(other, "eve") == "barley"
    assert shown(other, "joe") is None
    found = other.next("bob")
    assert found is not None
    with pytest.raises(QueueError, match="ann is deciding"):
        other.decide(candidate_id("sense", "ru", "century"), "bob", "approve")
    with pytest.raises(QueueError, match="ann is deciding"):
        other.take(candidate_id("sense", "ru", "century"), "bob")


def test_a_lease_runs_out(queue: Queue, clock: Clock) -> None:
    assert shown(queue, "ann") == "century"
    clock.now += LEASE - 1
    assert shown(queue, "bob") == "mountain range"
    clock.now += 2
    assert shown(queue, "eve") == "century"


def test_who_comes_second_is_told(queue: Queue, clock: Clock) -> None:
    first = queue.next("ann")
    assert first is not None
    clock.now += LEASE + 1
    queue.decide(first.id, "bob", "refuse", "right English")
    with pytest.raises(QueueError, match="refused already"):
        queue.decide(first.id, "ann", "approve")


def test_refused_stays_refused(queue: Queue) -> None:
    first = queue.next("ann")
    assert first is not None
    with pytest.raises(QueueError, match="needs a reason"):
        queue.decide(first.id, "ann", "refuse", " ")
    queue.decide(first.id, "ann", "refuse", "right English")
    assert queue.add([candidate("Century", 9.0)]) == Added(refused=1)
    of_unknown_language = candidate("century", 9.0, language="")
    assert queue.add([of_unknown_language]) == Added(refused=1)
    assert queue.get(of_unknown_language.id) is None
    assert shown(queue, "ann") == "mountain range"
    assert queue.state(first.id) == "refused"


def test_mined_again_it_is_brought_up_to_date(queue: Queue) -> None:
    again = candidate("barley", 5.0)
    context = Context("other.txt", 4, "The barley swells.", 4, 10)
    assert queue.add([msgspec.structs.replace(again, contexts=(context,))]) == Added(known=1)
    found = queue.next("ann")
    assert found is not None
    assert (found.phrase, found.score) == ("barley", 5.0)
    assert [c.page for c in found.contexts] == ["other.txt", "page.txt"]


def test_skip_is_ones_own(queue: Queue) -> None:
    first = queue.next("ann")
    assert first is not None
    skipped = queue.decide(first.id, "ann", "skip")
    assert shown(queue, "ann") == "mountain range"
    assert shown(queue, "bob") == "century"
    queue.release("bob")
    queue.release("ann")
    queue.undo(skipped.number)
    assert shown(queue, "ann") == "century"


def test_undo_and_history(queue: Queue, clock: Clock) -> None:
    first = queue.next("ann")
    assert first is not None
    decision = queue.decide(first.id, "ann", "refuse", "right English")
    assert queue.last("ann") == decision
    assert queue.last("bob") is None
    clock.now += 60
    assert queue.undo(decision.number).phrase == "century"
    assert queue.state(first.id) == "open"
    assert queue.last("ann") is None
    with pytest.raises(QueueError, match="no such decision that stands"):
        queue.undo(decision.number)
    again = queue.decide(first.id, "bob", "suggest", entry_id="ru.eyes.century", entry="")
    assert [d.number for d in queue.history(candidate=first.id)] == [again.number, decision.number]
    assert [d.undone for d in queue.history()] == ["", "2023-11-14T22:14:20Z"]
    assert queue.history(reviewer="bob", limit=5) == [again]
    assert queue.history(before=again.number)[0].phrase == "century"


def test_counts(queue: Queue) -> None:
    first = queue.next("ann")
    assert first is not None
    queue.decide(first.id, "ann", "refuse", "no")
    progress = queue.counts()
    assert progress.states == {"open": 2, "refused": 1}
    assert progress.fields == {"eyes": 1, "spine": 1}
    assert (progress.total, progress.decided) == (3, 1)


def test_search_and_pages(make: Callable[[], Queue]) -> None:
    queue = make()
    queue.add([candidate(f"word {number:04} 100%_", number % 7) for number in range(300)])
    queue.add([candidate('the "last"', 0.5, "spine")])
    assert queue.search('e "LA').total == 1
    assert queue.search("%_", limit=3).total == 300
    assert queue.search("%_ ", field="spine").rows == ()
    assert [queue.search(text).total for text in ("\0", "a\0", "word\0s", "\ud800word")] == [301, 1, 0, 0]
    assert queue.search(field="spine", state="open").total == 1
    seen, after = [], None
    while True:
        page = queue.search("word", after=after, limit=70)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 300
    scores = [row.score for row in queue.search(limit=400).rows]
    assert scores == sorted(scores, reverse=True)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("no database at all, but a text of some length\n" * 40)
    with pytest.raises(InputError, match="cannot be used as the queue"):
        Queue(path)


def test_a_later_version_is_refused(queue: Queue) -> None:
    with queue.transaction() as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="version 99"):
        Queue(queue.path)
