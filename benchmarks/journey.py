"""Speed and memory of the whole journey beside trafilatura's extraction alone.

usage: python -m benchmarks.journey [--raw raw] [--data FOLDER] [--every K] [--rounds N]

Both run on the same pages in one process, a page at a time in turn, after a warm-up; what is
compared is CPU time, so that a busy machine disturbs both alike. Peak memory is measured in a
process of its own for each.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.pages import Page, archive_pages, own_pages


class Timing(NamedTuple):
    """CPU seconds of both systems on one page, and how many changes the journey made."""

    ours: float
    theirs: float
    changes: int


def journey(page: Page) -> int:
    """Run the whole journey; return the number of changes."""
    import pipeline

    return len(pipeline.clean(page.html, name=page.name, url=page.url).changes)


def extraction(page: Page) -> int:
    """Run trafilatura's extraction with its defaults; return 0."""
    import trafilatura

    trafilatura.extract(page.html, url=page.url, include_comments=False)
    return 0


SYSTEMS: dict[str, Callable[[Page], int]] = {"journey": journey, "trafilatura": extraction}


def timed(system: Callable[[Page], int], page: Page) -> tuple[float, int]:
    """Return CPU seconds and the system's result."""
    start = time.process_time()
    result = system(page)
    return time.process_time() - start, result


def compare(pages: Sequence[Page], rounds: int) -> list[Timing]:
    """Time both systems on every page, `rounds` times in turn; keep each one's fastest."""
    timings = []
    for number, page in enumerate(pages):
        best = {name: float("inf") for name in SYSTEMS}
        changes = 0
        names = list(SYSTEMS) if number % 2 else list(SYSTEMS)[::-1]
        for _ in range(rounds):
            for name in names:
                seconds, result = timed(SYSTEMS[name], page)
                best[name] = min(best[name], seconds)
                changes = max(changes, result)
        timings.append(Timing(best["journey"], best["trafilatura"], changes))
    return timings


def report(name: str, timings: Sequence[Timing]) -> None:
    """Print pages/s of both and their ratio, in all and by the number of changes."""
    groups = {
        "all": timings,
        "no change": [t for t in timings if t.changes == 0],
        "1-19 changes": [t for t in timings if 0 < t.changes < 20],
        "20 or more": [t for t in timings if t.changes >= 20],
    }
    for group, members in groups.items():
        if members:
            ours, theirs = (sum(getattr(t, who) for t in members) for who in ("ours", "theirs"))
            print(
                f"{name:20} {group:13} {len(members):5} pages   journey {len(members) / ours:7.1f} pages/s   "
                f"trafilatura {len(members) / theirs:7.1f} pages/s   ratio {theirs / ours:5.2f}"
            )


def peak_memory(system: str, arguments: argparse.Namespace) -> float:
    """Return the peak resident memory, in MiB, of a process that runs one system over all pages once."""
    command = [sys.executable, "-m", "benchmarks.journey", "--memory-of", system, "--raw", str(arguments.raw)]
    command += ["--every", str(arguments.every)] + (["--data", str(arguments.data)] if arguments.data else [])
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def all_pages(arguments: argparse.Namespace) -> list[tuple[str, list[Page]]]:
    """Return the named sets of pages to measure."""
    sets = [("raw", own_pages(arguments.raw))]
    return sets + (list(archive_pages(arguments.data, arguments.every)) if arguments.data else [])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=Path("raw"), help="folder of our own pages")
    parser.add_argument("--data", type=Path, help="folder of *.jsonl.gz page archives")
    parser.add_argument("--every", type=int, default=10, help="take every K-th page of an archive")
    parser.add_argument("--rounds", type=int, default=3, help="times each page is run; the fastest counts")
    parser.add_argument("--memory-of", choices=SYSTEMS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sets = all_pages(arguments)
    if arguments.memory_of:
        for _, pages in sets:
            for page in pages:
                SYSTEMS[arguments.memory_of](page)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    compare(sets[0][1], 1)  # warm-up: imports, weights, compiled patterns
    for name, pages in sets:
        report(name, compare(pages, arguments.rounds))
    ours, theirs = (peak_memory(system, arguments) for system in SYSTEMS)
    print(f"peak memory          journey {ours:.0f} MiB   trafilatura {theirs:.0f} MiB   ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
