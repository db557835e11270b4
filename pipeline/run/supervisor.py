"""The supervisor: hands jobs to worker processes, and loses one page where one of them hangs or dies.

Each worker is a fresh interpreter (nothing is inherited, no `__main__` is imported again) with a pipe of
its own: nothing is shared that a dying worker could leave locked.
"""

import math
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.record import Finding
from pipeline.run.worker import Job, Made, Task, Work, failed, make

_START = 120.0
"""Seconds that a worker may take to get ready."""
_ORPHANED = 10
"""Seconds beyond the timeout after which a worker ends itself: nobody may be left to end it."""
_RESIDENT = 280 * 1024 * 1024
"""Bytes of memory beyond which a worker is replaced ..."""
_WORTH_IT = 50
"""... once it has done this many pages, so that one huge page after the other does not cost a process each."""


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    deadline: float
    job: Job | None = None
    ready: bool = False
    pages: int = 0


def outcomes(
    jobs: Iterator[Job], task: Task, *, workers: int, timeout: float, work: Work = make
) -> Generator[Made, None, None]:
    """Do the jobs in worker processes and yield what became of each, in the order in which they are done.

    Jobs are taken one by one as workers are free, so that neither jobs nor results pile up.
    Close the generator to stop at once: the workers are killed.

    Args:
        jobs: the pages.
        task: what they have in common.
        workers: how many processes.
        timeout: seconds that a page may take.
        work: what a worker does with a job, a function at the top of a module.

    Raises:
        PipelineError: a worker cannot be started.
    """
    crew = _Crew(task, timeout, work)
    try:
        yield from crew.do(jobs, workers)
    finally:
        crew.dismiss()


class _Crew:
    def __init__(self, task: Task, timeout: float, work: Work) -> None:
        self.task = task
        self.work = work
        self.timeout = timeout
        self.workers: list[_Worker] = []
        self.again: deque[Job] = deque()

    def do(self, jobs: Iterator[Job], limit: int) -> Iterator[Made]:
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
        ours, theirs = Pipe()
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "pipeline.run.child", str(theirs.fileno())],
                env={**os.environ, "PYTHONPATH": paths},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the supervisor alone
            )
        worker = _Worker(process, ours, time.monotonic() + _START)
        self.workers.append(worker)
        with suppress(OSError):  # where it is dead already, listening to it will tell
            ours.send((self.work, self.task, math.ceil(self.timeout) + _ORPHANED))

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
            raise PipelineError(
                f"a worker process could not start: {finding.message.partition(';')[0]}",
                mend="See what it printed above; fewer --jobs need less memory",
            )
        if job.fault is None:
            self.again.append(replace(job, fault=finding))
        else:  # not even its hash could be taken
            yield failed(job, job.fault)

    def _bury(self, worker: _Worker, patience: float = 0.5) -> int:
        """End a worker, killed after some seconds, and return its exit status, negative where a signal ended it."""
        self.workers.remove(worker)
        worker.connection.close()
        try:
            return worker.process.wait(patience)  # one that ends by itself says why
        except subprocess.TimeoutExpired:
            worker.process.kill()
            return worker.process.wait()

    def dismiss(self) -> None:
        """Kill the workers at once; what they were at is lost and done by the next run."""
        for worker in self.workers:
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
