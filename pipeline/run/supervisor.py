"""The supervisor: hands jobs to worker processes, and loses one page where one of them hangs or dies.

Workers are started by a server process that has the stages loaded (`forkserver`; where there is none,
`spawn`), so that a new one costs milliseconds. Each has a pipe of its own: nothing is shared that a dying
worker could leave locked.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess

from pipeline.record import Finding
from pipeline.run.worker import Job, Made, Task, failed, serve

_START = 120.0
"""Seconds that a worker may take to get ready."""
_RESIDENT = 280 * 1024 * 1024
"""Bytes of memory beyond which a worker is replaced ..."""
_WORTH_IT = 50
"""... once it has done this many pages, so that one huge page after the other does not cost a process each."""


@dataclass(slots=True, eq=False)
class _Worker:
    process: ForkServerProcess | SpawnProcess
    connection: Connection
    deadline: float
    job: Job | None = None
    ready: bool = False
    pages: int = 0


def outcomes(jobs: Iterator[Job], task: Task, *, workers: int, timeout: float) -> Generator[Made, None, None]:
    """Do the jobs in worker processes and yield what became of each, in the order in which they are done.

    Jobs are taken one by one as workers are free, so that neither jobs nor results pile up.
    Close the generator to stop at once: the workers are killed.

    Args:
        jobs: the pages.
        task: what they have in common.
        workers: how many processes.
        timeout: seconds that a page may take.

    Raises:
        RuntimeError: a worker cannot be started.
    """
    crew = _Crew(task, timeout)
    try:
        yield from crew.work(jobs, workers)
    finally:
        crew.dismiss()


class _Crew:
    def __init__(self, task: Task, timeout: float) -> None:
        self.context: SpawnContext | ForkServerContext = multiprocessing.get_context("spawn")
        if "forkserver" in multiprocessing.get_all_start_methods():
            self.context = multiprocessing.get_context("forkserver")
            self.context.set_forkserver_preload(["pipeline.run.worker"])
        self.task = task
        self.timeout = timeout
        self.workers: list[_Worker] = []
        self.again: deque[Job] = deque()

    def work(self, jobs: Iterator[Job], limit: int) -> Iterator[Made]:
        """Keep up to `limit` workers busy until there are no more jobs."""
        ahead = next(jobs, None)
        while True:
            while ahead is not None or self.again:
                worker = next((w for w in self.workers if w.ready and w.job is None), None)
                if worker is None:
                    break
                job = self.again.popleft() if self.again else ahead
                assert job is not None  # noqa: S101 -- for the type checker
                if job is ahead:
                    ahead = next(jobs, None)
                self._hand(worker, job)
            starting = sum(not worker.ready for worker in self.workers)
            if starting < len(self.again) + (ahead is not None) and len(self.workers) < limit:
                self._start()
                continue
            if not any(worker.job or not worker.ready for worker in self.workers):
                return
            yield from self._listen()

    def _start(self) -> None:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=serve, args=(theirs, self.task), daemon=True)
        process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours, time.monotonic() + _START))

    def _hand(self, worker: _Worker, job: Job) -> None:
        try:
            worker.connection.send(job)
        except OSError:  # it died while it had nothing to do: no page is to blame
            self.again.append(job)
            self._bury(worker)
            return
        worker.job = job
        worker.deadline = time.monotonic() + self.timeout

    def _listen(self) -> Iterator[Made]:
        """Wait for the next answers, deaths and deadlines, and yield what became of the pages concerned."""
        waiting = [worker for worker in self.workers if worker.job or not worker.ready]
        rest = min(worker.deadline for worker in waiting) - time.monotonic()
        heard = set(wait([worker.connection for worker in waiting], max(rest, 0)))
        for worker in waiting:
            if worker.connection in heard:
                yield from self._answer(worker)
            elif worker.deadline <= time.monotonic():
                yield from self._late(worker)

    def _answer(self, worker: _Worker) -> Iterator[Made]:
        try:
            made = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._lost(worker, died(self._bury(worker)))
            return
        if made is None:
            worker.ready = True
            return
        worker.job = None
        worker.pages += 1
        if made.resident > _RESIDENT and worker.pages >= _WORTH_IT:
            self._bury(worker)
        yield made

    def _late(self, worker: _Worker) -> Iterator[Made]:
        self._bury(worker, patience=0)
        said = f"The page took longer than {self.timeout:g} s; it is tried again on the next run."
        yield from self._lost(worker, Finding("timeout", "error", said))

    def _lost(self, worker: _Worker, finding: Finding) -> Iterator[Made]:
        job = worker.job
        if job is None:
            raise RuntimeError(f"a worker process could not get ready: {finding.message}")
        if job.fault is None:
            self.again.append(Job(job.name, job.id, finding))
        else:  # not even its hash could be taken
            yield failed(job, job.fault)

    def _bury(self, worker: _Worker, patience: float = 0.5) -> int:
        """End a worker, killed after some seconds, and return its exit status, negative where a signal ended it."""
        self.workers.remove(worker)
        worker.connection.close()
        worker.process.join(patience)  # one that ends by itself says why
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        status = worker.process.exitcode
        worker.process.close()
        return status if status is not None else 0

    def dismiss(self) -> None:
        """Kill the workers at once; what they were at is lost and done by the next run."""
        for worker in self.workers:
            with suppress(OSError):
                worker.process.kill()
        for worker in list(self.workers):
            self._bury(worker, patience=0)


def died(status: int) -> Finding:
    """Return the finding of a page at which the worker died with this exit status.

    >>> died(-11).message
    'The process that worked on the page was ended by SIGSEGV (Segmentation fault); it is tried again on the next run.'
    """
    if status >= 0:
        how = f"ended by itself with status {status}"
    else:
        try:
            name = signal.Signals(-status).name
        except ValueError:  # a real-time signal
            name = f"signal {-status}"
        words = "Killed, perhaps for want of memory" if name == "SIGKILL" else signal.strsignal(-status)
        how = f"was ended by {name} ({words})"
    said = f"The process that worked on the page {how}; it is tried again on the next run."
    return Finding("worker-died", "error", said)


def cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
