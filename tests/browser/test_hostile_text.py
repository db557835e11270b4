"""Hostile text in Chromium: payloads in every place that takes text; none runs, and the policy never has to step in."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from pipeline.review.report.reasons import Reasons
from pipeline.review.report.site import write_report
from tests import hostile
from tests.browser.conftest import Served, Watch
from tests.test_review_web import Site, candidate, hostile_candidates

POKE = """
for (const e of document.querySelectorAll("main *")) {
  for (const name of ["mouseover", "focus", "focusin", "pointerover", "animationstart", "toggle", "load", "error"])
    e.dispatchEvent(new Event(name, { bubbles: false }));
  if (e.tagName === "DETAILS") e.open = true;
}
"""
"""What payloads wait for."""


def poke(page: Page, watch: Watch) -> None:
    page.evaluate(POKE)
    foreign = page.evaluate(
        """[...document.querySelectorAll("a[href], form[action], button[formaction], [src]")]
        .map(e => e.formAction && e.hasAttribute("formaction") ? e.formAction : e.href || e.action || e.src)
        .filter(u => !/^(https?|file):$/.test(new URL(u, location).protocol))"""
    )
    assert foreign == [], (page.url, foreign)
    watch.look(page)


def test_candidates(tmp_path: Path, serve: Callable[[Site], Served]) -> None:
    """Each payload in phrase, sentence, page name, source, sense, suggestion, language, field, draft and reasons."""
    site = Site(tmp_path)
    made = hostile_candidates()
    site.queue.add(made)
    served = serve(site)
    page = served.open()
    watch = served.watches[0]
    for one in made:
        page.goto(f"{served.home}/candidates/{one.id}")
        assert page.title().endswith("Review")
        poke(page, watch)
    for path in ("/queue", "/history", "/review"):
        page.goto(served.home + path)
        poke(page, watch)
    served.settle()
    print(f"\n{len(hostile.PAYLOADS)} payloads in {len(made)} candidates: none ran, CSP report empty")  # noqa: T201 -- the report of the target


def test_typed_text(tmp_path: Path, serve: Callable[[Site], Served]) -> None:
    """Each payload typed into a field of the form, sent by htmx, and as a reason, a name, a search and a filter."""
    served = serve(Site(tmp_path))
    page = served.open()
    watch = served.watches[0]
    names = ["#match", "#replace", "#source", "#id", "#notes", "#add_value"]
    for start in range(0, len(hostile.PAYLOADS), len(names)):
        batch = hostile.PAYLOADS[start : start + len(names)]
        for name, payload in zip(names, batch, strict=False):
            page.locator(name).evaluate("(e, text) => { e.value = text }", payload)
        with page.expect_response("**/candidates/*"):
            page.locator("#add").evaluate("b => b.click()")
        poke(page, watch)
    places = (("/queue", "q"), ("/entries", "q"), ("/articles", "q"), ("/review", "field"), ("/history", "by"))
    for number, payload in enumerate(hostile.PAYLOADS):
        path, name = places[number % len(places)]
        page.goto(f"{served.home}{path}?{urlencode({name: payload}, errors='replace')}")
        poke(page, watch)
    served.settle()


def test_decisions(tmp_path: Path, serve: Callable[[Site], Served]) -> None:
    """Payloads as reasons: they come back as messages, in the history, and in refused.toml."""
    site = Site(tmp_path)
    made = hostile_candidates()
    site.queue.add(made)
    reasons = [text for text in hostile.PAYLOADS if text.strip() and text.isprintable()][::4]
    site.queue.add(candidate(f"phrase {number}", score=0.01) for number in range(len(reasons)))
    served = serve(site)
    page = served.open()
    watch = served.watches[0]
    for payload in reasons:
        page.fill("#reason", payload)
        if page.locator("#reason").input_value().strip():
            page.keyboard.press("Enter")
            expect(page.locator("#said")).to_contain_text("Refused")
            page.evaluate("document.getElementById('said').textContent = ''")
        poke(page, watch)
    page.goto(served.home + "/history")
    poke(page, watch)
    served.settle()


def write_records(folder: Path) -> int:
    """Write records that hold every payload, under file names that are payloads as far as the disk takes them."""
    folder.mkdir(exist_ok=True)
    names = [name for name in hostile.PAYLOADS if "/" not in name and "\0" not in name and 0 < len(name.encode()) < 200]
    made = hostile.records()
    for number, record in enumerate(made):
        (folder / f"{names[number * 5 % len(names)]}{number}.json").write_text(record.to_json(), encoding="utf-8")
    return len(made)


def test_processed_pages(tmp_path: Path, serve: Callable[[Site], Served]) -> None:
    """Payloads in titles, blocks, links, reasons, labels and file names of processed pages, on the server."""
    site = Site(tmp_path)
    write_records(tmp_path / "processed")
    served = serve(site)
    page = served.open("/overview")
    watch = served.watches[0]
    poke(page, watch)
    page.goto(served.home + "/articles")
    poke(page, watch)
    for key in site.desk.stored(fresh=True):
        page.goto(f"{served.home}/articles/{key}")
        poke(page, watch)
    served.settle()


def test_report(tmp_path: Path, browser: Browser) -> None:
    """The same in the report on the disk."""
    write_records(tmp_path / "processed")
    out = tmp_path / "report"
    glossary = tmp_path / "glossary"
    glossary.mkdir()
    write_report(tmp_path / "processed", out, Reasons((glossary,)))
    context = browser.new_context()
    watch = Watch(out.as_uri())
    watch.attach(context)
    page = context.new_page()
    for path in sorted(out.rglob("*.html")):
        page.goto(path.as_uri())
        poke(page, watch)
    context.close()
