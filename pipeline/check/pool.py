"""Pages checked in several processes, a bounded number ahead; a page that ends its process costs no other."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")
_AHEAD = 8
"""Pages for each process that wait for it."""


def done_in_processes(
    work: Callable[[Given], Result], given: Sequence[Given], jobs: int
) -> Iterator[Result | BaseException | None]:
    """Yield what `work` returns or raises for each, in order; None where it ended its process.

    What a dead process left over is done one by one in new ones, so that only the guilty one is blamed.
    """
    done, total = 0, len(given)
    while done < total:
        with ProcessPoolExecutor(jobs) as pool:
            for future in _submitted(pool, work, given[done:], jobs):
                if isinstance(future.exception(), BrokenExecutor):
                    break
                outcome = _outcome(future)
                yield outcome
                done += 1
        for one in given[done : done + _AHEAD * jobs + 1]:  # those that were under way; none if all went well
            with ProcessPoolExecutor(1) as alone:
                outcome = _outcome(alone.submit(work, one))
                yield outcome
            done += 1


def _outcome(future: "Future[Result]") -> Result | BaseException | None:
    error = future.exception()
    if error is None:
        return future.result()
    return None if isinstance(error, BrokenExecutor) else error


def _submitted(
    pool: Executor, work: Callable[[Given], Result], given: Sequence[Given], jobs: int
) -> "Iterator[Future[Result]]":
    """Yield the futures, a bounded number of them ahead."""
    ahead: list[Future[Result]] = []
    broken: Future[Result] = Future()
    for one in given:
        try:
            ahead.append(pool.submit(work, one))
        except BrokenExecutor as error:
            if not broken.done():
                broken.set_exception(error)
            ahead.append(broken)
        if len(ahead) > _AHEAD * jobs:
            yield ahead.pop(0)
    yield from ahead
