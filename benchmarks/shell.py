"""What a person at a shell waits for: wall-clock time of single commands, and a run over many pages.

usage: python -m benchmarks.shell [--raw raw] [--pages 10000] [--rounds 10]

Commands are timed from start to end of their process, the median and the fastest of several; the
run copies the pages of raw/ until there are enough, processes them, then processes them again with
nothing to do. Memory is the peak of the largest worker, resident.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

COMMAND = [str(Path(sys.executable).parent / "pipeline")]


def seconds(arguments: Sequence[str]) -> float:
    """Return the wall-clock time of one command, whose output is thrown away."""
    start = time.perf_counter()
    subprocess.run([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def multiply(raw: Path, folder: Path, pages: int) -> None:
    """Fill a folder with copies of the pages of raw/, each different by its last line."""
    sources = sorted(p for p in raw.rglob("*") if p.suffix in {".html", ".txt"})
    for number in range(pages):
        source = sources[number % len(sources)]
        target = folder / f"{number // 1000:03}" / f"{number:06}-{source.name}"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(source.read_bytes() + f"\n<!-- {number} -->\n".encode())


def peak_of_children(process: subprocess.Popen[bytes]) -> float:
    """Return the peak resident memory, in MiB, of the largest process below this one, until it ends."""
    import psutil

    peak = 0
    while process.poll() is None:
        try:
            family = psutil.Process(process.pid).children(recursive=True)
            peak = max([peak, *(child.memory_info().rss for child in family)])
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.05)
    return peak / 2**20


def run_over(raw: Path, pages: int) -> None:
    """Time a first and a second run over many pages and print both."""
    folder = Path(tempfile.mkdtemp(prefix="article-pipeline-bench-"))
    try:
        (folder / "raw").mkdir()
        multiply(raw, folder / "raw", pages)
        for name in ("first run", "second run"):
            start = time.perf_counter()
            process = subprocess.Popen(
                [*COMMAND, "run", str(folder / "raw"), str(folder / "processed")],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            peak = peak_of_children(process)
            took = time.perf_counter() - start
            print(
                f"{name:10} {pages} pages, {os.cpu_count()} cores: {took:7.1f} s   {pages / took:7.1f} pages/s   "
                f"largest worker {peak:5.0f} MiB   exit {process.returncode}"
            )
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=Path("raw"), help="folder of our own pages")
    parser.add_argument("--pages", type=int, default=10_000, help="pages of the run over a folder; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=10, help="times each command is run")
    arguments = parser.parse_args()
    clean_page = str(arguments.raw / "driving-in-the-mountains.html")
    broken_page = str(arguments.raw / "osteoporosis-spine.txt")
    for name, command in {
        "pipeline --help": ["--help"],
        "pipeline clean, no repair": ["clean", clean_page],
        "pipeline clean, repairs": ["clean", broken_page],
    }.items():
        times = [seconds(command) for _ in range(arguments.rounds + 1)][1:]
        print(f"{name:26} median {statistics.median(times):.3f} s   fastest {min(times):.3f} s")
    if arguments.pages:
        run_over(arguments.raw, arguments.pages)


if __name__ == "__main__":
    main()
