"""Whatever kills a run, the next one finishes its work: nothing lost, nothing twice, nothing left over."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable
from itertools import count
from pathlib import Path

import pytest

from pipeline.run import folder as folder_module
from pipeline.run.folder import RunOptions, run_folder
from pipeline.run.ledger import Ledger
from pipeline.run.worker import Job, Made, Task
from tests.crash import FORMATS
from tests.works import cheap

ROOT = Path(__file__).parent.parent


def contents(processed: Path) -> dict[str, bytes]:
    """Return all files but the ledger's, by name; the folder of unfinished files must be gone."""
    names = [path.relative_to(processed) for path in sorted(processed.rglob("*"))]
    assert not [name for name in names if str(name).startswith(".tmp")]
    files = [name for name in names if (processed / name).is_file() and not name.name.startswith(".ledger")]
    return {str(name): (processed / name).read_bytes() for name in files}


def corpus(raw: Path, pages: int) -> None:
    for number in range(pages):
        path = raw / f"site-{number % 3}" / f"page-{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Page {number}.\n" * (1 + number * 7 % 50), encoding="utf-8")


def test_fifty_kills_at_random_moments_leave_no_trace(tmp_path: Path) -> None:
    """A real run with its worker processes, killed by SIGKILL, gives byte for byte what an undisturbed one gives."""
    corpus(tmp_path / "raw", 60)
    command = [sys.executable, "-m", "tests.crash", str(tmp_path), "20240501", "50"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "50\n"
    undisturbed = contents(tmp_path / "undisturbed")
    assert len(undisturbed) == 60 * 2 + 1
    disturbed = sorted(tmp_path.glob("killed-*"))
    assert len(disturbed) >= 5
    assert all(contents(processed) == undisturbed for processed in disturbed)


def in_process(jobs: Iterable[Job], task: Task, **_: object) -> Generator[Made, None, None]:
    """Stand in for `outcomes`: the same results, without worker processes."""
    for job in jobs:
        yield cheap(job, task)


STEPS: dict[str, tuple[object, str]] = {
    "fsync": (os, "fsync"),
    "rename": (Path, "replace"),
    "remove": (Path, "unlink"),
    "enter": (Ledger, "keep"),
    "commit": (Ledger, "commit"),
}
"""What a run does to the disk, one by one."""


def killed_before_step(number: int, run: Callable[[], object]) -> bool:
    """Do a run in a fork that kills itself right before its n-th step; return whether it came that far."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    steps = count()

    def guarded(step: Callable[..., object]) -> Callable[..., object]:
        def stepping(*args: object, **named: object) -> object:
            if next(steps) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*args, **named)

        return stepping

    for owner, name in STEPS.values():
        setattr(owner, name, guarded(getattr(owner, name)))
    run()
    os._exit(0)


def test_a_kill_before_any_step_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a state with new, changed, moved, gone and edited pages, killed before each step there is."""
    monkeypatch.setattr(folder_module, "outcomes", in_process)
    monkeypatch.setattr(folder_module, "run_fingerprint", lambda _: "as before")
    raw, start = tmp_path / "raw", tmp_path / "start"
    corpus(raw, 8)
    (raw / "moved.txt").write_text("Moved.", encoding="utf-8")
    options = RunOptions(formats=FORMATS, prune=True)
    run_folder(raw, start, options)
    (raw / "moved.html").write_text("Takes the name of the other.", encoding="utf-8")
    (raw / "new.txt").write_text("New.", encoding="utf-8")
    (raw / "site-1/page-1.txt").write_text("Changed.", encoding="utf-8")
    (raw / "site-2/page-2.txt").unlink()
    (start / "site-0/page-3.json").write_text("edited by hand", encoding="utf-8")
    (start / "site-0/page-0.md").unlink()

    def copy(name: str) -> Path:
        shutil.copytree(start, tmp_path / name)  # new inodes and times of change: the stamps no longer tell
        return tmp_path / name

    run_folder(raw, undisturbed := copy("undisturbed"), options)
    expected = contents(undisturbed)
    assert {"moved.txt.json", "moved.html.json", "new.json"} <= expected.keys()
    assert not {"moved.json", "site-2/page-2.json"} & expected.keys()
    struck = 0
    for number in count():
        processed = copy(f"killed-{number}")
        if not killed_before_step(number, lambda to=processed: run_folder(raw, to, options)):  # type: ignore[misc]
            break
        struck += 1
        run_folder(raw, processed, options)
        assert contents(processed) == expected, f"killed before step {number}"
    assert struck > 30


def test_a_damaged_ledger_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "outcomes", in_process)
    corpus(tmp_path / "raw", 5)
    processed = tmp_path / "processed"
    run_folder(tmp_path / "raw", processed, RunOptions(formats=FORMATS))
    before = contents(processed)
    for damage in (b"not a database at all" * 100, b"", b"SQLite format 3\0" + b"\xff" * 5000):
        (processed / ".ledger.sqlite").write_bytes(damage)
        assert run_folder(tmp_path / "raw", processed, RunOptions(formats=FORMATS)).new == 5
        assert contents(processed) == before
    with sqlite3.connect(processed / ".ledger.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    assert run_folder(tmp_path / "raw", processed, RunOptions(formats=FORMATS)).new == 5
    assert contents(processed) == before
