"""How the pages look and what assistive technology finds: sizes, light and dark, contrast, axe's rules."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.review.report.reasons import Reasons
from pipeline.review.report.site import write_report
from tests.browser.conftest import Served, Watch
from tests.browser.test_deciding import READY
from tests.test_review_web import candidate

SIZES = [(320, 640), (390, 844), (768, 1024), (1280, 900), (1920, 1080)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def paths(served: Served) -> list[str]:
    article = f"/articles/{next(iter(served.site.desk.stored()))}"
    own = ["/review", "/queue", "/articles", article, "/overview", "/entries", "/entries/ru.spine.ridge", "/history"]
    return [*own, "/nowhere", "/review?field=none"]


@pytest.fixture
def filled(served: Served) -> Served:
    queue = served.site.queue
    queue.edit(READY)
    queue.add([candidate("locks of a very long and winding phrase", score=0.2), candidate("barley", score=0.1)])
    queue.decide(candidate("barley").id, "Ada", "refuse", "is a cereal")
    return served


def overflow(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sizes(filled: Served, shots: Path, scheme: str) -> None:
    """Nothing reaches out of the window at any size; the look follows the system's light or dark."""
    for width, height in SIZES:
        options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        page = filled.open(**options)
        for path in paths(filled):
            page.goto(filled.home + path)
            assert overflow(page) <= 0, (path, width)
            name = "".join(c if c.isalnum() else "-" for c in path.strip("/"))
            page.screenshot(path=shots / f"{name}-{width}-{scheme}.png")
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, back[4:-1].split(","))) > 380) == (scheme == "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(filled: Served, scheme: str) -> None:
    """axe-core finds nothing against WCAG 2.2 AA (contrast included) nor its best practices."""
    page = filled.open(color_scheme=scheme)
    for path in paths(filled):
        page.goto(filled.home + path)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, (path, results.generate_report())


def test_landmarks(filled: Served) -> None:
    """One main, one first heading, named navigation, a live region; the language is told."""
    page = filled.open()
    for path in paths(filled):
        page.goto(filled.home + path)
        found = page.evaluate(
            """({main: document.querySelectorAll("main").length, h1: document.querySelectorAll("h1").length,
            live: document.querySelectorAll("[role=status]").length, lang: document.documentElement.lang,
            unnamed: [...document.querySelectorAll("nav")].filter(n => !n.getAttribute("aria-label")).length})"""
        )
        assert found == {"main": 1, "h1": 1, "live": 1, "lang": "en", "unnamed": 0}, path


def test_large_text(filled: Served) -> None:
    """At twice the text size nothing is cut off and nothing scrolls sideways."""
    page = filled.open()
    for path in paths(filled):
        page.goto(filled.home + path)
        page.add_style_tag(url="/static/report.css")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) <= 0, path


def test_static_report(filled: Served, browser: Browser, tmp_path: Path, shots: Path) -> None:
    """The report works from the disk: no server, no script, nothing fetched from elsewhere, links that lead on."""
    out = tmp_path / "report"
    write_report(filled.site.root / "processed", out, Reasons((filled.site.folder,)))
    for scheme in ("light", "dark"):
        for width, height in SIZES:
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
            watch = Watch(out.as_uri())
            watch.attach(context)
            page = context.new_page()
            page.goto((out / "index.html").as_uri())
            assert page.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "flex"
            page.screenshot(path=shots / f"report-overview-{width}-{scheme}.png", full_page=True)
            page.click("text=Pages")
            page.screenshot(path=shots / f"report-pages-{width}-{scheme}.png")
            page.locator("th a").first.click()
            page.screenshot(path=shots / f"report-article-{width}-{scheme}.png", full_page=True)
            assert overflow(page) <= 0
            page.locator(".notes a").first.click()
            assert "#e-ru.spine.ridge" in page.url
            assert overflow(page) <= 0
            watch.look(page)
            assert Axe().run(page, options=RULES).violations_count == 0
            context.close()
