"""Deciding in a browser: with the mouse, with keys alone, without JavaScript, two at once."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Served
from tests.test_review_web import EXAMPLES, Site, candidate

READY = candidate(
    draft="""[[entry]]
id = "ru.nose.catarrh"
match = "cattar"
replace = "catarrh"
source = "катар"
type = "sense"
cues = ["nose"]
change = [["His nose has a cattar.", "His nose has catarrh."], ["A cattar of the nose.", "Catarrh of the nose."]]
keep = ["A cat and a guitar.", "Catarrh is common."]
"""
)
"""A candidate that needs nothing but a decision."""


def heading(page: Page, text: str) -> None:
    expect(page.locator("#heading")).to_have_text(text)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def said(page: Page, text: str) -> None:
    expect(page.locator("#said")).to_contain_text(text)


def entries(served: Served, name: str = "ru/nose.toml") -> list[dict[str, object]]:
    path = served.site.folder / name
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["entry"]) if path.exists() else []


@pytest.fixture
def ready(served: Served) -> Served:
    """A server with a candidate that can be approved as it is, and two more."""
    served.site.queue.edit(READY)
    served.site.queue.add([candidate("locks", score=0.2), candidate("barley", score=0.1, field="eyes")])
    return served


def test_approve_and_undo(ready: Served) -> None:
    """One click writes the entry and shows the next candidate; one more takes it back."""
    page = ready.open()
    heading(page, "cattar")
    page.click("#approve")
    said(page, "Approved: “cattar” as ru.nose.catarrh.")
    heading(page, "locks")
    assert [entry["id"] for entry in entries(ready)] == ["ru.nose.catarrh"]
    expect(page.locator("#heading")).to_be_focused()
    page.click("#undo")
    said(page, "Undone: approved “cattar”.")
    heading(page, "cattar")
    assert entries(ready) == []


def test_edit_with_counts_that_follow(served: Served) -> None:
    """Sentences and counts follow what is typed; guards say what they take away; lint is told and then silent."""
    page = served.open()
    page.fill("#replace", "catarrhal cold")
    expect(page.locator("#contexts ins").first).to_have_text("catarrhal cold")
    page.fill("#replace", "catarrh")
    page.get_by_role("button", name="boat").click()
    expect(page.locator("#replace")).to_have_value("boat")
    expect(page.locator("#id")).to_have_value("ru.nose.boat")
    page.get_by_role("button", name="catarrh").first.click()
    expect(page.locator("#id")).to_have_value("ru.nose.catarrh")
    page.fill("#add_value", "nose")
    page.keyboard.press("Enter")
    expect(page.locator(".chip.cues .value")).to_have_text("nose")
    expect(page.locator("#add_value")).to_be_focused()
    expect(page.locator(".chip.cues .effect")).to_contain_text("clean +2")
    expect(page.locator("#corpora tr.clean .number").last).to_have_text("0")
    page.click("#approve")
    expect(page.locator("#checked")).to_contain_text("few-examples")
    for place, (before, after) in enumerate(zip(EXAMPLES["change_before"], EXAMPLES["change_after"], strict=True)):
        page.locator("[name=change_before]").nth(place).fill(before)
        page.locator("[name=change_after]").nth(place).fill(after)
        page.locator("[name=keep]").nth(place).fill(EXAMPLES["keep"][place])
        page.get_by_role("button", name="Update").evaluate("b => b.click()")
        expect(page.locator("[name=keep]")).to_have_count(place + 2)
    expect(page.locator("#checked")).to_contain_text("nothing against it")
    page.get_by_role("button", name="Remove: one of nose").click()
    expect(page.locator(".chip.cues")).to_have_count(0)
    page.click("#approve")
    said(page, "Approved")
    assert entries(served)[0]["replace"] == "catarrh"


def test_refuse_with_a_reason(ready: Served) -> None:
    page = ready.open()
    page.click("#refuse")
    said(page, "a refusal needs a reason")
    page.fill("#reason", "is a bird")
    page.click("#refuse")
    said(page, "Refused: “cattar”.")
    assert "is a bird" in (ready.site.folder / "refused.toml").read_text(encoding="utf-8")
    page.click("text=History")
    expect(page.locator("tbody tr").first).to_contain_text("is a bird")
    page.get_by_role("button", name="Undo").click()
    heading(page, "cattar")
    assert not (ready.site.folder / "refused.toml").exists()


def test_single_keys(ready: Served) -> None:
    """Every decision has a key; none works while text is typed, and all can be switched off."""
    page = ready.open()
    page.keyboard.press("k")
    heading(page, "locks")
    page.keyboard.press("u")
    heading(page, "cattar")
    page.keyboard.press("e")
    expect(page.locator("#replace")).to_be_focused()
    page.keyboard.type("ask")
    heading(page, "cattar")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("is a bird")
    page.keyboard.press("Enter")
    said(page, "Refused: “cattar”.")
    heading(page, "locks")
    page.keyboard.press("u")
    heading(page, "cattar")
    page.fill("#replace", "catarrh")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    said(page, "Approved: “cattar”")
    page.locator(".keys summary").click()
    page.uncheck("#keys")
    page.locator("#heading").focus()
    page.keyboard.press("k")
    page.wait_for_timeout(300)
    heading(page, "locks")


def test_keyboard_alone(ready: Served) -> None:
    """Tab reaches every control in order, each shows that it has the focus, and Enter decides."""
    page = ready.open()
    controls = page.evaluate(
        """[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility()).length"""
    )
    reached: list[str] = []
    plain: list[str] = []
    for _ in range(controls + 5):
        page.keyboard.press("Tab")
        name, outlined = page.evaluate(
            """(() => { const e = document.activeElement, s = getComputedStyle(e);
            const tag = e.tagName + "#" + e.id + "." + (e.name || "") + (e.value || e.textContent).slice(0, 30);
            return [tag, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0]; })()"""
        )
        if name.startswith("BODY"):
            break
        reached.append(name)
        plain += [] if outlined else [name]
    assert len(reached) >= controls, (controls, reached)
    assert plain == []
    page.goto(ready.home + "/review")
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "approve":
            break
    page.keyboard.press("Enter")
    said(page, "Approved: “cattar”")


def test_without_javascript(ready: Served) -> None:
    """The same by plain forms: edit, add and remove guards, refuse, undo, approve, filter, search, name."""
    page = ready.open(java_script_enabled=False)
    page.fill("#add_value", "throat")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".chip.cues .value")).to_have_text(["nose", "throat"])
    expect(page.locator("#corpora tr.clean .number").last).to_have_text("0")
    page.get_by_role("button", name="Remove: one of throat").click()
    expect(page.locator(".chip.cues .value")).to_have_text(["nose"])
    page.fill("#reason", "is a bird")
    page.click("#refuse")
    said(page, "Refused: “cattar”.")
    heading(page, "locks")
    page.click("#undo")
    said(page, "Undone: refused “cattar”.")
    page.click("#approve")
    said(page, "Approved: “cattar” as ru.nose.catarrh.")
    assert len(entries(ready)) == 1
    page.select_option("select[name=field]", "eyes")
    page.get_by_role("button", name="Filter").click()
    heading(page, "barley")
    page.click("#skip")
    said(page, "Skipped: “barley”.")
    assert "field=eyes" in page.url
    page.goto(ready.home + "/entries")
    page.fill("#search", "catarrh")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("article.entry")).to_have_count(1)
    page.locator(".who summary").click()
    page.fill("#name", "Ben")
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".who b")).to_have_text("Ben")


def named(served: Served, name: str) -> Page:
    page = served.open("/history")
    page.locator(".who summary").click()
    page.fill("#name", name)
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".who b")).to_have_text(name)
    return page


def test_two_reviewers_at_once(served: Served) -> None:
    """Each candidate is decided once, by one of them; neither is ever shown what the other has in hand."""
    served.site.queue.add([candidate(f"word {i}", score=i / 100) for i in range(24)])
    pages = [named(served, "Ada"), named(served, "Ben")]
    for _ in range(12):
        shown = [page.locator("#heading").inner_text() for page in pages]
        assert len(set(shown)) == 2
        for page, phrase in zip(pages, shown, strict=True):
            page.fill("#reason", "is right English")
            page.keyboard.press("Enter")
            said(page, f"Refused: “{phrase}”.")
    history = served.site.queue.history(limit=200)
    assert len(history) == len({one.candidate for one in history}) == 24
    assert {one.reviewer for one in history} == {"Ada", "Ben"}
    link = f"/candidates/{history[0].candidate}"
    pages[0].goto(served.home + link)
    expect(pages[0].locator("#approve")).to_be_disabled()


def test_what_another_has_in_hand(served: Served) -> None:
    """A candidate opened by its address while another decides on it says so, and is not decided twice."""
    ada, ben = named(served, "Ada"), named(served, "Ben")
    ada.goto(served.home + "/review")
    heading(ada, "cattar")
    ben.goto(f"{served.home}/candidates/{candidate().id}")
    said(ben, "Ada is deciding on this candidate")
    ben.click("#skip")
    said(ben, "Ada is deciding on this candidate")
    assert served.site.queue.history() == []


def test_reject_a_change_of_a_page(served: Served) -> None:
    page = served.open("/articles")
    page.locator("th a").first.click()
    expect(page.locator("del").first).to_have_text("mountain range")
    page.get_by_role("button", name="Reject change 1").click()
    said(page, "The change is in the queue as a candidate.")
    page.get_by_role("link", name="rejected: in the queue").click()
    heading(page, "mountain range")
    expect(page.locator(".chip.not .value")).to_have_text("mountain range carries")


def test_filters_and_queue(ready: Served) -> None:
    page = ready.open()
    page.select_option("select[name=field]", "eyes")
    page.get_by_role("button", name="Filter").click()
    heading(page, "barley")
    page.keyboard.press("k")
    heading(page, "Nothing left to decide with these filters")
    page.click("text=Queue")
    page.fill("#search", "lock")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="locks").click()
    heading(page, "locks")


def test_counts_that_come_late(ready: Served) -> None:
    """Counts of a candidate that was left do not arrive in the page of the next one."""
    page = ready.open()

    def late(route: Route) -> None:
        if "do=count" in (route.request.post_data or ""):
            page.wait_for_timeout(700)
        route.continue_()

    page.route("**/candidates/*", late)
    page.click("#skip")
    expect(page.locator("#heading")).to_have_text("locks")
    page.click("#skip")
    expect(page.locator("#heading")).to_have_text("barley")
    page.wait_for_timeout(2000)
    expect(page.locator("#contexts")).to_contain_text("barley")
    expect(page.locator("#contexts")).not_to_contain_text("locks")
    expect(page.locator("#corpora table")).to_have_count(1)


def test_server_that_is_gone(tmp_path: Path, serve: Callable[[Site], Served]) -> None:
    """The page says so instead of doing nothing."""
    served = serve(Site(tmp_path))
    page = served.open()
    page.route("**/candidates/*", lambda route: route.abort())
    page.click("#skip")
    said(page, "The server does not answer")
