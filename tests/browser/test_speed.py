"""How long a decision takes with 50,000 candidates. Printed, not judged: machines differ."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import expect

from pipeline.review.candidate import Candidate
from tests.browser.conftest import Served
from tests.test_review_web import Site, candidate

MANY = 50_000
ROUNDS = 40


def many() -> Iterator[Candidate]:
    fields = ("eyes", "spine", "gut", "heart", "teeth", "skin", "herbs", "kidneys", "airways", "drugs")
    for number in range(MANY):
        language = ("ru", "ru", "uk", "de", "pl")[number % 5]
        yield candidate(f"phrase {number}", field=fields[number % 10], language=language, score=number / MANY / 3)


def line(name: str, seconds: list[float]) -> str:
    ms = sorted(1000 * one for one in seconds)
    return (
        f"{name:34} median {statistics.median(ms):6.1f} ms   95 % {ms[int(len(ms) * 0.95)]:6.1f}   most {ms[-1]:6.1f}"
    )


def test_fifty_thousand_candidates(tmp_path: Path, serve: Callable[[Site], Served]) -> None:
    """From the key to the next candidate on the screen, and what the server took of it."""
    site = Site(tmp_path)
    site.queue.add(many())
    served = serve(site)
    page = served.open()
    lines = []
    for key, name in (("k", "skip"), ("r", "refuse")):
        seen, answered = [], []
        for _ in range(ROUNDS):
            before = page.locator("#heading").inner_text()
            if key == "r":
                page.fill("#reason", "is right English")
            with page.expect_response(lambda r: "/candidates/" in r.url and r.request.method == "POST") as response:
                start = time.perf_counter()
                page.keyboard.press("Enter" if key == "r" else key)
                expect(page.locator("#heading")).not_to_have_text(before)
                seen.append(time.perf_counter() - start)
            timing = response.value.request.timing
            answered.append((timing["responseStart"] - timing["requestStart"]) / 1000)
            page.wait_for_load_state("networkidle")
        lines += [line(f"{name}: server", answered), line(f"{name}: key to next candidate", seen)]
    for path in ("/queue", "/queue?q=phrase+4999", "/queue?field=eyes&language=ru", "/history", "/review?field=gut"):
        took = []
        for _ in range(5):
            start = time.perf_counter()
            page.goto(served.home + path)
            took.append(time.perf_counter() - start)
        lines.append(line(path, took))
    print("\n" + "\n".join(lines))  # noqa: T201 -- the report of the target
    assert site.queue.counts().states["refused"] == ROUNDS
    served.settle()
