"""What workers do with pages in tests of runs: cheap work, and work that goes wrong as the page says."""

import os
import signal
import time
from dataclasses import replace

from pipeline.document import Block, Document
from pipeline.record import PageSource
from pipeline.run import worker
from pipeline.run.worker import Job, Made, Task


def cheap(job: Job, task: Task) -> Made:
    """Make a record without any stage: each line is a paragraph."""
    data = (task.raw / job.name).read_text(encoding="utf-8")
    return worker._rendered(
        Document(
            id=job.id,
            source=PageSource(job.name, None, "0" * 64, "text", "utf-8"),
            blocks=tuple(Block("paragraph", line) for line in data.splitlines()),
        ).to_record(),
        worker._read(replace(job, fault=None), task)[2],
        task,
    )


def hostile(job: Job, task: Task) -> Made:
    """Do what the first words of the page say, unless the page is known to be at fault already."""
    if job.fault is not None:
        return worker.make(job, task)
    match (task.raw / job.name).read_text(encoding="utf-8").split():
        case ["exit", status, *_]:
            os._exit(int(status))
        case ["signal", name, *_]:
            os.kill(os.getpid(), signal.Signals[name])
        case ["hang", *_]:
            time.sleep(60)
    return cheap(job, task)


def doomed(job: Job, task: Task) -> Made:
    """Die at every page, even where only its hash is asked for."""
    os._exit(9)


def fat(job: Job, task: Task) -> Made:
    """Claim to hold much memory, and tell in place of the hash which process it was."""
    return replace(cheap(job, task), resident=1 << 40, sha256=str(os.getpid()))
