"""How long a decision takes with 50,000 candidates. Printed, not judged: machines differ."""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.repair.glossary_files import BUILT_IN
from pipeline.review.candidate import Candidate
from tests.browser.conftest import Served
from tests.test_review_web import Site, candidate

MANY = 50_000
ROUNDS = int(os.environ.get("ROUNDS", "20"))
DRAFT = """[[entry]]
id = "ru.nose.{name}"
match = "{phrase}"
replace = "catarrh"
source = "катар"
type = "sense"
cues = ["nose"]
change = [
    ["His nose has a {phrase}.", "His nose has catarrh."],
    ["The {phrase} of a nose.", "The catarrh of a nose."],
]
keep = ["A cat and a guitar.", "Catarrh is common."]
"""
WATCH = """
window.__took = null;
document.addEventListener("keydown", () => {
  const start = performance.now(), before = document.getElementById("heading").textContent;
  const observer = new MutationObserver(() => {
    const now = document.getElementById("heading");
    if (!now || now.textContent === before) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.__took = performance.now() - start; }));
  });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
}, { capture: true, once: true });
"""
"""From the key to the frame in which the next candidate is painted."""


def many() -> Iterator[Candidate]:
    fields = ("eyes", "spine", "gut", "heart", "teeth", "skin", "herbs", "kidneys", "airways", "drugs")
    for number in range(MANY):
        language = ("ru", "ru", "uk", "de", "pl")[number % 5]
        phrase = f"phrase {number}"
        draft = DRAFT.format(name=phrase.replace(" ", "-"), phrase=phrase)
        yield candidate(phrase, field=fields[number % 10], language=language, score=number / MANY / 3, draft=draft)


def line(name: str, seconds: list[float]) -> str:
    ms = sorted(1000 * one for one in seconds)
    return (
        f"{name:34} median {statistics.median(ms):6.1f} ms   95 % {ms[int(len(ms) * 0.95)]:6.1f}   most {ms[-1]:6.1f}"
    )


def decided(page: Page, key: str) -> tuple[float, float]:
    """Press a key that decides; return the seconds until the answer began, and until the next candidate was painted."""
    page.evaluate(WATCH)
    with page.expect_response(lambda r: "decision=" in (r.request.post_data or "")) as response:
        page.keyboard.press(key)
    timing = response.value.request.timing
    deadline = time.monotonic() + 15
    while (took := page.evaluate("window.__took")) is None:
        assert time.monotonic() < deadline, page.locator("body").inner_text()
        time.sleep(0.01)
    expect(page.locator("#effects[hx-trigger]")).to_have_count(0)
    return (timing["responseStart"] - timing["requestStart"]) / 1000, took / 1000


@pytest.fixture
def crowded(tmp_path: Path, serve: Callable[[Site], Served]) -> Served:
    """A server with 50,000 candidates and the glossary that is built in."""
    glossary = tmp_path / "all"
    shutil.copytree(BUILT_IN, glossary)
    site = Site(tmp_path, glossary=(glossary,), folder=glossary)
    site.queue.add(many())
    return serve(site)


def test_fifty_thousand_candidates(crowded: Served) -> None:
    page = crowded.open()
    page.keyboard.press("k")
    expect(page.locator("#heading")).to_have_text("phrase 49999")
    lines = [f"{MANY:,} candidates, {len(crowded.site.desk.glossary().known):,} entries"]
    for name, key in (("skip", "k"), ("refuse", "Enter"), ("approve", "a")):
        server, seen = [], []
        for _ in range(ROUNDS):
            if name == "refuse":
                page.fill("#reason", "is right English")
            one, other = decided(page, key)
            server.append(one)
            seen.append(other)
        lines += [line(f"{name}: server", server), line(f"{name}: key to next candidate", seen)]
    for path in ("/queue", "/queue?q=phrase+4999", "/queue?field=eyes&language=ru", "/history", "/review?field=gut"):
        took = []
        for _ in range(5):
            start = time.perf_counter()
            page.goto(crowded.home + path)
            took.append(time.perf_counter() - start)
        lines.append(line(path, took))
    print("\n" + "\n".join(lines))  # noqa: T201 -- the report of the target
    states = crowded.site.queue.counts().states
    assert (states["refused"], states["approved"]) == (ROUNDS, ROUNDS)
    crowded.settle()
