"""Approving, refusing and taking back, killed at every step: `python -m tests.review_crash FOLDER [EVERY]`.

Each kill is of a fork of this process, by SIGKILL, at a call that the step makes: an SQL statement, a
write, a flush, a rename. Printed: how many kills struck, and how often queue and glossary disagreed.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pipeline.review.glossary_disk as disk
from pipeline.review import approval
from pipeline.review.candidate import Candidate, candidate_id
from pipeline.review.queue import Queue

ENTRY = """[[entry]]
id = "ru.eyes.{name}"
source = "веко"
match = "{name} of the eyelid"
replace = "edge of the eyelid"
type = "sense"
change = [
    ["The {name} of the eyelid is red.", "The edge of the eyelid is red."],
    ["Clean the {name} of the eyelid.", "Clean the edge of the eyelid."],
]
keep = ["The {name} is red.", "An eyelid is a fold of skin."]
"""
FILE = """# Eyes. This comment stays.

[[entry]]
id = "ru.eyes.a-first"
match = "first phrase of it"
replace = "other phrase"
type = "calque"

# Said of the last one.
[[entry]]
id = "ru.eyes.z-last"
match = "last phrase of it"
replace = "other phrase"
type = "calque"
"""
NAMES = ("brinkmost", "rimmost")


def prepare(folder: Path) -> None:
    """Make a glossary and a queue with two candidates to approve and one to refuse."""
    file = folder / "glossary" / "ru" / "eyes.toml"
    file.parent.mkdir(parents=True)
    file.write_text(FILE, encoding="utf-8")
    with Queue(folder / "queue.sqlite", clock) as queue:
        queue.add(Candidate(candidate_id("sense", "ru", name), name, "sense", "ru", "eyes") for name in (*NAMES, "no"))


def clock() -> float:
    return 1_700_000_000.0


def review(folder: Path) -> None:
    """Do what is left to do: approve one, approve another and take it back, refuse a third."""
    glossary = folder / "glossary"
    with approval.open_queue(folder / "queue.sqlite", clock) as queue:
        listen(queue)
        for name in NAMES:
            own = candidate_id("sense", "ru", name)
            taken_back = any(not decision.stands for decision in queue.history(candidate=own))
            if queue.state(own) == "open" and not taken_back:
                approval.approve(queue, own, "ann", ENTRY.format(name=name), folder=glossary)
        for decision in queue.history(candidate=candidate_id("sense", "ru", NAMES[1])):
            if decision.stands:
                approval.withdraw(queue, decision.number, "ann")
        own = candidate_id("sense", "ru", "no")
        if queue.state(own) == "open":
            approval.refuse(queue, own, "ann", "right English", folder=glossary, replace="yes")


class Steps:
    """Counts the calls that change something and kills this process at the one that was asked for."""

    def __init__(self, fatal: int) -> None:
        self.count = 0
        self.fatal = fatal

    def __call__(self, *_: object) -> None:
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


steps = Steps(0)


def listen(queue: Queue) -> None:
    """Take every SQL statement of a queue as a step. A kill loses nothing that the system has: no wait for the disk."""
    queue._db.execute("PRAGMA synchronous = OFF")
    queue._db.set_trace_callback(steps)


def watched(call: Callable[..., Any]) -> Callable[..., Any]:
    """Make a step before and a step after a call."""

    def wrapped(*arguments: Any, **named: Any) -> Any:
        steps()
        result = call(*arguments, **named)
        steps()
        return result

    return wrapped


def agree(folder: Path) -> bool:
    """Open the queue, so that it settles what was cut short, and say whether queue and glossary tell the same."""
    glossary = folder / "glossary"
    with approval.open_queue(folder / "queue.sqlite", clock) as queue:
        text = (glossary / "ru" / "eyes.toml").read_text(encoding="utf-8")
        refused = glossary / "refused.toml"
        standing = {decision.entry for decision in queue.history() if decision.stands}
        written = {ENTRY.format(name=name).splitlines()[1] for name in NAMES}
        in_queue = {entry.splitlines()[1] for entry in standing if "[[entry]]" in entry}
        in_file = {line for line in text.splitlines() if line in written}
        states = [queue.state(candidate_id("sense", "ru", name)) for name in (*NAMES, "no")]
        return (
            in_queue == in_file
            and all(
                (state == "open") != bool(_standing(queue, name))
                for state, name in zip(states, (*NAMES, "no"), strict=True)
            )
            and any("[[refused]]" in entry for entry in standing) == refused.exists()
            and not list(glossary.rglob("*.tmp"))
            and text.startswith("# Eyes. This comment stays.\n")
        )


def _standing(queue: Queue, name: str) -> list[str]:
    history = queue.history(candidate=candidate_id("sense", "ru", name))
    return [decision.decision for decision in history if decision.stands]


def killed(folder: Path, fatal: int) -> bool:
    """Review in a fork that is killed at a step; return whether it was, and not done before."""
    child = os.fork()
    if child == 0:
        steps.count, steps.fatal = 0, fatal
        review(folder)
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def main(folder: Path, every: int) -> None:
    """Kill at each step in turn, or at every so many; every other time once more while the first is settled."""
    for name in ("write_file", "_sync"):
        setattr(disk, name, watched(getattr(disk, name)))
    approval.write_file = disk.write_file  # type: ignore[attr-defined]
    os.fsync = watched(lambda _: None)
    Path.replace = watched(Path.replace)  # type: ignore[method-assign]
    prepare(folder / "fresh")
    shutil.copytree(folder / "fresh", folder / "whole")
    review(folder / "whole")
    kills = disagreements = unlike = 0
    for fatal in range(1, 10_000, every):
        own = folder / f"killed-{fatal}"
        shutil.copytree(folder / "fresh", own)
        if not killed(own, fatal):
            break
        kills += 1
        if fatal // every % 2:
            kills += killed(own, 4 + fatal % 17)
        disagreements += not agree(own)
        review(own)
        disagreements += not agree(own)
        unlike += contents(own) != contents(folder / "whole")
        shutil.rmtree(own)
    sys.stdout.write(f"{kills} kills, {disagreements} disagreements, {unlike} unlike\n")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the glossary's files by name."""
    root = folder / "glossary"
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
