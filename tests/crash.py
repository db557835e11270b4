"""Runs that are killed: `python -m tests.crash FOLDER SEED KILLS` prints how many kills struck a run at work.

One process imports everything once; each run is a fork of it, so that fifty runs take seconds.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from pipeline.run.folder import RunOptions, run_folder
from tests.works import cheap

FORMATS = ("json", "jsonl", "markdown")


def run(raw: Path, processed: Path, jobs: int = 1) -> None:
    """Do a whole run with cheap work."""
    run_folder(raw, processed, RunOptions(jobs=jobs, formats=FORMATS), work=cheap)


def killed(raw: Path, processed: Path, jobs: int, after: float) -> bool:
    """Start a run and kill it after some seconds; return whether it was still at work."""
    child = os.fork()
    if child == 0:
        run(raw, processed, jobs)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def main(folder: Path, seed: int, kills: int) -> None:
    """Kill runs at random moments, each time from where the one before was killed or from the beginning."""
    chance = random.Random(seed)
    raw = folder / "raw"
    begun = time.monotonic()
    run(raw, folder / "undisturbed")
    whole = time.monotonic() - begun
    struck = 0
    for number in range(1000):
        if struck == kills:
            break
        processed = folder / f"killed-{number // 10}"  # ten kills or so, then the run that finishes
        struck += killed(raw, processed, 2 if number % 5 == 0 else 1, chance.uniform(0, whole))
    for processed in folder.glob("killed-*"):
        run(raw, processed)
    sys.stdout.write(f"{struck}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
