"""Whether bad pages are found and good ones let through, on real pages made bad by rule, and how fast.

usage: python -m benchmarks.check --data FOLDER [--pages 500] [--half dev|report] [--show] [--speed 1000]

Each page is made bad in one of four ways, in turn: cut at a random byte; saved after its letters were decoded
wrongly; left with nothing but its links; its body replaced by a login form. A page counts as found where a
finding of severity error says that it is bad; an untouched page with such a finding is a false call. Sites
are parted into two halves by a hash of their names: `dev` is what the checks may be looked at with, `report` what
numbers are taken from. The default settings expect English, so pages in other languages are told apart
from the false calls.
"""

import argparse
import hashlib
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.pages import Page as Archived
from benchmarks.pages import archive_pages
from pipeline.check.finding import CheckFinding, PageReport
from pipeline.check.pages import Page, check_pages
from pipeline.check.selection import CheckOptions
from pipeline.journey import Options

COMMAND = [str(Path(sys.executable).parent / "pipeline")]
LOGINS = (
    """<h1>Log in</h1><form action='/session' method='post'><label>E-mail <input name='mail'></label><label>Password
<input type='password' name='word'></label><button>Log in</button></form><a href='/lost'>Forgot your password?</a>""",
    """<div id='login-box'><h2>Welcome back</h2><p>Please sign in to go on.</p><form><input type='text' name='user'>
<input type='password' name='pass'><input type='submit' value='Go on'></form><a href='/join'>Not a member?</a></div>""",
    """<main><p>This content is for members. Log in to your account, or become a member today and read it all.</p>
<form method='post'><input placeholder='Name'><input type='password'><button>Continue</button></form></main>""",
)
FOREIGN = "L001"


class Case(NamedTuple):
    """A page, what was done to it, and its bytes."""

    page: Archived
    kind: str
    data: bytes


def text_of(page: Archived) -> str:
    return page.html if isinstance(page.html, str) else page.html.decode("utf-8", "replace")


def site(page: Archived) -> str:
    host = (urlsplit(page.url or "").hostname or page.name).removeprefix("www.")
    return ".".join(host.split(".")[-2:])


def half(page: Archived) -> str:
    return "dev" if hashlib.sha256(site(page).encode()).digest()[0] < 128 else "report"


def cut(page: Archived, chance: random.Random) -> bytes:
    data = text_of(page).encode()
    return data[: chance.randrange(1, len(data))]


def decoded_wrongly(page: Archived, _: random.Random) -> bytes:
    """Return the page as if its UTF-8 had been taken for Windows-1252 before it was saved as UTF-8."""
    return text_of(page).encode().decode("cp1252", "replace").encode()


def links_alone(page: Archived, _: random.Random) -> bytes:
    """Return a page of its links only, as they are left where a script was to load the article."""
    text = text_of(page)
    head = re.search(r"(?is)<head\b.{0,200000}?</head>", text)
    links = re.findall(r"(?is)<a\b[^>]{0,2000}>.{0,2000}?</a>", text)
    items = "\n".join(f"<li>{link}</li>" for link in links)
    return f"<!DOCTYPE html>\n<html>{head[0] if head else ''}\n<body><nav><ul>{items}</ul></nav></body></html>".encode()


def login_form(page: Archived, chance: random.Random) -> bytes:
    text = text_of(page)
    head = re.search(r"(?is)<head\b.{0,200000}?</head>", text)
    return f"<!DOCTYPE html>\n<html>{head[0] if head else ''}\n<body>{chance.choice(LOGINS)}</body></html>".encode()


WAYS: dict[str, Callable[[Archived, random.Random], bytes]] = {
    "cut": cut,
    "decoded wrongly": decoded_wrongly,
    "links alone": links_alone,
    "login form": login_form,
}


def damaged(pages: Sequence[Archived], seed: int) -> list[Case]:
    """Return each page made bad in one way, in turn; what a way leaves as it was is made bad in the next.

    A page in plain letters has nothing that could be decoded wrongly, and one without links no links.
    """
    chance = random.Random(seed)
    cases = []
    for number, page in enumerate(pages):
        order = [*WAYS][number % len(WAYS) :] + [*WAYS][: number % len(WAYS)]
        for kind in order:
            data = WAYS[kind](page, chance)
            if data != text_of(page).encode() and not (kind == "links alone" and data.count(b"<li>") == 0):
                cases.append(Case(page, kind, data))
                break
    return cases


def chosen_pages(folder: Path, wanted: str, count: int, seed: int) -> list[Archived]:
    """Return a sample of the archives' pages of one half, the same on every machine; one address once."""
    pages: dict[str, Archived] = {}
    for _, archived in archive_pages(folder):
        for page in archived:
            if half(page) == wanted:
                pages.setdefault(page.url or page.name, page)
    known = sorted(pages)
    return [pages[name] for name in random.Random(seed).sample(known, min(count, len(known)))]


def errors(report: PageReport) -> list[CheckFinding]:
    return [finding for finding in report.findings if finding.severity == "error"]


def reports_of(data: Sequence[bytes], jobs: int) -> list[PageReport]:
    pages = [Page(f"{number:05}.html", data=one) for number, one in enumerate(data)]
    return check_pages(pages, CheckOptions(ignore=("P001",), severity="error"), Options(), jobs=jobs)


def accuracy(pages: Sequence[Archived], *, seed: int, jobs: int, show: bool) -> None:
    """Print what is found of the pages made bad, and what is said of the untouched ones."""
    cases = damaged(pages, seed)
    found: Counter[str] = Counter()
    for case, report in zip(cases, reports_of([case.data for case in cases], jobs), strict=True):
        own = [finding for finding in errors(report) if finding.code != FOREIGN]
        found[case.kind] += bool(own)
        found[f"{case.kind} or foreign"] += bool(errors(report))
        if show and not own:
            print(f"  missed {case.kind}: {case.page.name} {case.page.url} {[f.code for f in report.findings]}")
    kinds = Counter(case.kind for case in cases)
    for kind in WAYS:
        print(f"{kind:16} found {found[kind]:4} of {kinds[kind]:4}")
    everything = sum(found[kind] for kind in WAYS)
    print(f"{'bad':16} found {everything:4} of {len(cases):4}   {100 * everything / len(cases):.1f} %   "
          f"(with L001 as well: {sum(found[f'{kind} or foreign'] for kind in WAYS)})")  # fmt: skip
    false = foreign = 0
    for page, report in zip(pages, reports_of([text_of(page).encode() for page in pages], jobs), strict=True):
        own = [finding for finding in errors(report) if finding.code != FOREIGN]
        false += bool(own)
        foreign += bool(errors(report)) and not own
        if show and own:
            print(f"  called bad: {page.name} {page.url} {[(f.code, f.message) for f in own]}")
    print(f"{'untouched':16} called bad {false:4} of {len(pages):4}   {100 * false / len(pages):.1f} %   "
          f"({foreign} more because they are not in English, L001)")  # fmt: skip


def seconds(arguments: Sequence[str], rounds: int) -> tuple[float, float]:
    """Return the median and the least wall-clock time of a command."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times), min(times)


def speed(pages: Sequence[Archived], raw: Path, count: int, rounds: int) -> None:
    """Print what a person at a shell waits for: one page, and a folder of many."""
    for name in ("osteoporosis-spine.txt", "driving-in-the-mountains.html"):
        median, least = seconds(["check", str(raw / name)], rounds)
        print(f"one page, {name:30} median {median:.2f} s   least {least:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            page = pages[number % len(pages)]
            text = text_of(page) + (f"\n<!-- {number} -->" if number >= len(pages) else "")
            (Path(folder) / f"{number:05}.html").write_text(text, encoding="utf-8", errors="replace")
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / count
        start = time.perf_counter()
        subprocess.run([*COMMAND, "check", "-q", folder], stdout=subprocess.DEVNULL, check=False)
        took = time.perf_counter() - start
    print(f"{count} pages of {size / 1000:.0f} kB, {os.cpu_count()} cores, near-duplicates included: {took:.1f} s   "
          f"{count / took:.1f} pages/s")  # fmt: skip


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of page archives")
    parser.add_argument("--raw", type=Path, default=Path("raw"), help="folder of our own pages")
    parser.add_argument("--pages", type=int, default=500, help="pages that are made bad; 0 leaves this out")
    parser.add_argument("--half", choices=["dev", "report"], default="report", help="which half of the sites")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="list every miss and every false call")
    parser.add_argument("--speed", type=int, default=1000, help="pages of the folder that is timed; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=7, help="times one page is checked from the shell")
    arguments = parser.parse_args()
    if arguments.pages:
        pages = chosen_pages(arguments.data, arguments.half, arguments.pages, arguments.seed)
        print(f"{len(pages)} pages of {len({site(page) for page in pages})} sites, half “{arguments.half}”")
        accuracy(pages, seed=arguments.seed, jobs=arguments.jobs, show=arguments.show)
    if arguments.speed:
        pages = chosen_pages(arguments.data, arguments.half, arguments.speed, arguments.seed)
        speed(pages, arguments.raw, arguments.speed, arguments.rounds)


if __name__ == "__main__":
    main()
