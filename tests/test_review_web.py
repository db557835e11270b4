"""The review page over HTTP, without a browser: decisions, editing, lists, and what it refuses."""

import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline import clean
from pipeline.errors import UsageError
from pipeline.journey import Options
from pipeline.repair.stage import RepairOptions
from pipeline.review.candidate import Candidate, Context, Sense, SourceTerm, Suggestion, candidate_id
from pipeline.review.queue import Queue
from pipeline.review.web.app import make_app
from pipeline.review.web.desk import ReviewOptions
from pipeline.review.web.security import HEADERS
from pipeline.review.web.serve import Address, check_address
from tests import hostile
from tests.test_review_report import GLOSSARY, PAGE

HOME = "http://127.0.0.1:8571"
EXAMPLES = {
    "change_before": ["His nose has a cattar.", "A cattar of the nose."],
    "change_after": ["His nose has catarrh.", "Catarrh of the nose."],
    "keep": ["A cat and a guitar.", "Catarrh is common."],
}
"""Examples that lint and the engine have nothing against."""


def candidate(phrase: str = "cattar", **fields: Any) -> Candidate:
    sentence = f"The {phrase} of the nose does not pass."
    given: dict[str, Any] = {
        "id": candidate_id("sense", "ru", phrase),
        "phrase": phrase,
        "kind": "sense",
        "language": "ru",
        "field": "nose",
        "score": 0.5,
        "contexts": (Context("back.html", 1, sentence, 4, 4 + len(phrase)),),
        "sources": (SourceTerm("катар", (Sense(("catarrh", "cold")), Sense(("boat",))), 0.8),),
        "replacements": (Suggestion("catarrh", 0.9, "катар"), Suggestion("cold", 0.2)),
        "pages": 3,
        "seen": 7,
        "why": ("rare in clean text",),
    }
    return Candidate(**{**given, **fields})


class Site:
    """A server with its folders, and a browser that keeps the cookies of one session."""

    def __init__(self, root: Path, **options: Any) -> None:
        self.root = root
        self.folder = root / "glossary"
        (self.folder / "ru").mkdir(parents=True, exist_ok=True)
        (self.folder / "ru/spine.toml").write_text(GLOSSARY, encoding="utf-8")
        (root / "processed").mkdir(exist_ok=True)
        repair = RepairOptions(glossary=(self.folder,), builtin=False)
        record = clean(PAGE, name="back.html", options=Options(repair=repair))
        (root / "processed/back.json").write_text(record.to_json(), encoding="utf-8")
        (root / "clean.txt").write_text("The cattar is a bird.\nA cattar sings.\n", encoding="utf-8")
        (root / "raw").mkdir(exist_ok=True)
        (root / "raw/a.txt").write_text("Cattar of the nose\n\nThe cattar does not pass by itself.\n", encoding="utf-8")
        self.options = ReviewOptions(
            **{
                "queue": root / "queue.sqlite",
                "glossary": (self.folder,),
                "folder": self.folder,
                "reviewer": "Ada",
                "processed": root / "processed",
                "raw": root / "raw",
                "clean": (root / "clean.txt",),
                **options,
            }
        )
        self.app = make_app(self.options)
        self.desk = self.app.state.desk
        self.desk.corpora.fill()
        self.desk.queue.add([candidate()])

    @property
    def queue(self) -> Queue:
        queue: Queue = self.desk.queue
        return queue

    def browser(self) -> TestClient:
        return TestClient(self.app, base_url=HOME, follow_redirects=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.desk.close()


def fields(html: str, form: str = "editor") -> dict[str, list[str]]:
    """Return what a form of a page would send, its buttons apart."""
    own = next(e for e in hostile.elements(html) if e.tag == "form" and (not form or e.get("id") == form))
    found: dict[str, list[str]] = {}
    for element in own.iter():
        name = element.get("name")
        if element.get("type") == "checkbox" and element.get("checked") is None:
            continue
        if name and element.tag == "textarea":
            found.setdefault(name, []).append(element.text or "")
        elif name and element.tag == "input":
            found.setdefault(name, []).append(element.get("value", ""))
        elif name and element.tag == "select":
            options = [o for o in element.iter() if o.tag == "option"]
            chosen = next((o for o in options if o.get("selected") is not None), options[0])
            found.setdefault(name, []).append(chosen.get("value", chosen.text or ""))
    return found


def send(browser: TestClient, html: str, **changed: Any) -> Any:
    """Send the form of a page with some fields changed."""
    form = fields(html)
    own = next(e for e in hostile.elements(html) if e.tag == "form" and e.get("id") == "editor")
    form.update({name: value if isinstance(value, list) else [value] for name, value in changed.items()})
    return browser.post(own.get("action"), data=form)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_candidate_is_shown_with_all_that_is_known(site: Site) -> None:
    html = site.browser().get("/").text
    assert "<del>cattar</del> <ins>catarrh</ins>" in html
    said = text_of(html)
    for words in ("7 times on 3 pages", "катар", "boat", "rare in clean text", "0 of 1 decided", "clean.txt"):
        assert words in said
    assert fields(html)["entry_id"] == ["ru.nose.catarrh"]


def test_approving_writes_one_entry(site: Site) -> None:
    """The entry stands in its file as the form had it, reviewed; the history says who and when."""
    browser = site.browser()
    html = browser.get("/review").text
    answer = send(browser, html, decision="approve", cues=["nose"], **EXAMPLES)
    assert answer.status_code == 200
    assert "Approved: “cattar” as ru.nose.catarrh." in text_of(answer.text)
    entry = tomllib.loads((site.folder / "ru/nose.toml").read_text(encoding="utf-8"))["entry"][0]
    assert (entry["match"], entry["replace"], entry["cues"]) == ("cattar", "catarrh", ["nose"])
    assert (entry["status"], entry["review"]["by"]) == ("approved", "Ada")
    assert "Ada" in browser.get("/history").text
    assert "ru.nose.catarrh" in browser.get("/entries?q=cattar").text
    assert browser.get("/entries/ru.nose.catarrh").status_code == 200


def test_suggest_only_writes_an_entry_that_asks(site: Site) -> None:
    browser = site.browser()
    send(browser, browser.get("/review").text, decision="suggest", cues=["nose"], **EXAMPLES)
    entry = tomllib.loads((site.folder / "ru/nose.toml").read_text(encoding="utf-8"))["entry"][0]
    assert entry["apply"] == "suggest"


def test_lint_forbids_what_is_not_complete(site: Site) -> None:
    """Nothing is written, the findings are told, and what was typed is still there."""
    browser = site.browser()
    answer = send(browser, browser.get("/review").text, decision="approve", notes="my own words")
    assert answer.status_code == 422
    assert "few-examples" in answer.text
    assert fields(answer.text)["notes"] == ["my own words"]
    assert not (site.folder / "ru/nose.toml").exists()
    assert site.queue.state(candidate().id) == "open"


def test_refusing_needs_a_reason_and_is_remembered(site: Site) -> None:
    browser = site.browser()
    html = browser.get("/review").text
    assert send(browser, html, decision="refuse").status_code == 409
    answer = send(browser, html, decision="refuse", reason="is a bird")
    assert "Refused: “cattar”." in text_of(answer.text)
    assert "is a bird" in (site.folder / "refused.toml").read_text(encoding="utf-8")


def test_undo_takes_the_entry_out_again(site: Site) -> None:
    browser = site.browser()
    html = browser.get("/review").text
    send(browser, html, decision="approve", cues=["nose"], **EXAMPLES)
    answer = browser.post("/undo", data={"csrf": fields(html)["csrf"]})
    assert "Undone: approved “cattar”." in text_of(answer.text)
    assert not (site.folder / "ru/nose.toml").exists()
    assert site.queue.state(candidate().id) == "open"
    assert "There is nothing to undo." in text_of(browser.post("/undo", data={"csrf": fields(html)["csrf"]}).text)


@pytest.mark.parametrize("decision", ["approve", "suggest"])
def test_undo_keeps_the_reviewers_work(site: Site, decision: str) -> None:
    """What was picked, guarded and written before the decision stands in the form again."""
    browser = site.browser()
    html = browser.get("/review").text
    send(browser, html, decision=decision, cues=["nose", "throat"], **EXAMPLES)
    answer = browser.post("/undo", data={"csrf": fields(html)["csrf"]})
    reopened = site.queue.get(candidate().id)
    assert reopened is not None
    draft = reopened.draft
    assert '"throat"' in draft
    assert EXAMPLES["keep"][0] in draft
    assert not {"status", "review", "apply"} & {line.partition(" =")[0] for line in draft.splitlines()}
    assert EXAMPLES["keep"][0] in text_of(answer.text)


def test_skipping_shows_the_next_one(site: Site) -> None:
    site.queue.add([candidate("locks", score=0.1)])
    browser = site.browser()
    answer = send(browser, browser.get("/review").text, decision="skip")
    assert '<h1 tabindex="-1" id="heading">locks</h1>' in answer.text


def test_two_reviewers_get_different_candidates(site: Site) -> None:
    """What one has in hand is shown to no other, and a decision on it from elsewhere is refused."""
    site.queue.add([candidate("locks", score=0.1)])
    ada, ben = site.browser(), site.browser()
    html = ben.get("/queue").text
    token = fields(html, "")["csrf"]
    ben.post("/reviewer", data={"csrf": token, "name": "Ben", "back": "/queue"})
    assert 'id="heading">cattar' in ada.get("/review").text
    html = ben.get("/review").text
    assert 'id="heading">locks' in html
    form = fields(html) | {"decision": ["skip"]}
    answer = ben.post(f"/candidates/{candidate().id}", data=form)
    assert answer.status_code == 409
    assert "Ada is deciding on this candidate" in text_of(answer.text)


def test_guards_are_added_and_removed(site: Site) -> None:
    """Each step answers with what every guard takes away or lets through."""
    browser = site.browser()
    html = browser.get("/review").text
    html = send(browser, html, do="add", add_kind="cues", add_value="nose").text
    assert fields(html)["cues"] == ["nose"]
    assert "without: raw +1 , clean +2" in text_of(html)
    html = send(browser, html, do="add:unless:bird").text
    html = send(browser, html, do="drop:cues:nose").text
    assert "cues" not in fields(html)
    assert fields(html)["unless"] == ["bird"]
    assert "unless" in (site.queue.get(candidate().id) or candidate()).draft


def test_source_words_and_senses_are_picked(site: Site) -> None:
    browser = site.browser()
    html = send(browser, browser.get("/review").text, do="replace:boat").text
    assert fields(html)["replace"] == ["boat"]
    assert fields(html)["entry_id"] == ["ru.nose.boat"]
    html = send(browser, html, do="source:катар").text
    assert fields(html)["source"] == ["катар"]
    assert "<del>cattar</del> <ins>boat</ins>" in html


def test_examples_follow_the_replacement(site: Site) -> None:
    """What the draft made of a sentence is made anew; what a reviewer wrote by hand stays."""
    browser = site.browser()
    html = send(browser, browser.get("/review").text, do="change:The cattar is chronic.").text
    change = {
        "change_before": ["The cattar is chronic.", "A cattar."],
        "change_after": ["The catarrh is chronic.", "By hand."],
    }
    html = send(browser, html, do="update", **change).text
    html = send(browser, html, do="replace:boat").text
    assert fields(html)["change_after"][:2] == ["The boat is chronic.", "By hand."]
    html = send(browser, html, do="update", replace="cold").text
    assert fields(html)["change_after"][:2] == ["The cold is chronic.", "By hand."]


TAKEN_OUT = """[[entry]]
id = "ru.nose.qatar"
match = "qatar"
replace = ""
type = "text"
change = [["Some qatar of it.", "Some of it."], ["The qatar ends.", "The ends."]]
keep = ["A cat and a guitar.", "Catarrh is common."]
"""


def test_nothing_is_taken_out_by_default(site: Site) -> None:
    """Without a replacement nothing can be approved, unless it is said that the phrase is to go."""
    site.queue.add([candidate("qatar", score=0.9, replacements=(), draft=TAKEN_OUT)])
    browser = site.browser()
    html = browser.get("/review").text
    assert "<mark>qatar</mark>" in html
    assert "There is no replacement yet" in html
    answer = send(browser, html, decision="approve")
    assert answer.status_code == 422
    assert not (site.folder / "ru/nose.toml").exists()
    answer = send(browser, answer.text, decision="approve", delete="1")
    assert "Approved: “qatar”" in text_of(answer.text)


def test_examples_are_taken_from_text(site: Site) -> None:
    """A sentence becomes an example; what the entry makes of it is filled in."""
    browser = site.browser()
    html = send(browser, browser.get("/review").text, do="change:The cattar is chronic.").text
    assert fields(html)["change_after"][0] == "The catarrh is chronic."
    html = send(browser, html, do="keep:The cattar sings.").text
    assert fields(html)["keep"][0] == "The cattar sings."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("entry_id", "../../etc/passwd", "is no id"),
        ("entry_id", "no id", "is no id"),
        ("match", "", "no phrase"),
        ("match", "a <b", "<b"),
        ("type", "nonsense", "Invalid enum value"),
    ],
)
def test_faults_are_told_and_nothing_is_written(site: Site, name: str, value: str, said: str) -> None:
    browser = site.browser()
    before = sorted(site.root.rglob("*.toml"))
    answer = send(browser, browser.get("/review").text, decision="approve", **{name: value})
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert sorted(site.root.rglob("*.toml")) == before


def test_script_gets_the_next_candidate_at_once(site: Site) -> None:
    """With htmx the answer to a decision is the next page itself, without counts, which it asks for afterwards."""
    site.queue.add([candidate("locks", score=0.1)])
    browser = site.browser()
    form = fields(browser.get("/review").text) | {"decision": ["skip"]}
    answer = browser.post(f"/candidates/{candidate().id}", data=form, headers={"HX-Request": "true"})
    assert answer.history == []
    assert answer.headers["hx-push-url"] == "/review"
    assert 'id="heading">locks' in answer.text
    assert 'hx-trigger="load"' in answer.text


def test_filters_lists_and_search(site: Site) -> None:
    others = [candidate(f"locks {i}", field="gut", language="pl", score=0.1) for i in range(60)]
    site.queue.add(others)
    browser = site.browser()
    assert 'id="heading">locks' in browser.get("/review?field=gut&language=pl").text
    assert "Nothing left to decide with these filters" in browser.get("/review?field=heart").text
    html = browser.get("/queue?q=locks").text
    assert "60 candidates" in html
    more = unescape(re.findall(r'rel="next" href="([^"]+)"', html)[0])
    rest = browser.get(more).text
    assert len(re.findall('<th scope="row">', rest)) == 10
    assert browser.get("/queue?after=x").status_code == 200
    assert browser.get("/history?before=9999999999").status_code == 200


@pytest.mark.parametrize(
    "back", ["//evil.example/", "//[", "/\\evil.example", "https://evil.example/", "/\t/evil.example"]
)
def test_forms_lead_to_pages_of_this_server_alone(site: Site, back: str) -> None:
    browser = site.browser()
    form = {"csrf": fields(browser.get("/review").text)["csrf"], "name": "Bea", "back": back}
    answer = browser.post("/reviewer", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")


def test_a_queue_that_cannot_be_used_is_told(site: Site) -> None:
    site.queue.close()
    answer = site.browser().get("/queue")
    assert answer.status_code == 500
    assert "closed database" in text_of(answer.text)


def test_pages_before_and_after_and_a_rejected_change(site: Site) -> None:
    """A change that is wrong becomes a candidate: its entry with an antipattern, ready to be edited."""
    browser = site.browser()
    html = browser.get("/articles?q=back").text
    address = unescape(re.findall(r'href="(/articles/[^"]+)"', html)[0])
    html = browser.get(address).text
    assert "<del>mountain range</del>" in html
    answer = browser.post(f"{address}/reject", data={"csrf": fields(html, "")["csrf"], "change": ["0"]})
    assert "rejected: in the queue" in answer.text
    link = re.findall(r'class="done" href="([^"]+)"', answer.text)[0]
    html = browser.get(link).text
    assert fields(html)["not"] == ["mountain range carries"]
    assert fields(html)["entry_id"] == ["ru.spine.ridge"]
    examples = {
        "change_before": ["The mountain range aches.", "A sick mountain range."],
        "change_after": ["The spinal column aches.", "A sick spinal column."],
        "keep": ["A mountain range carries snow.", "The spinal column aches."],
    }
    send(browser, html, decision="approve", **examples)
    entries = tomllib.loads((site.folder / "ru/spine.toml").read_text(encoding="utf-8"))["entry"]
    assert [one["id"] for one in entries] == ["ru.spine.ridge", "ru.spine.vertebral"]
    assert entries[0]["not"] == ["mountain range carries"]
    assert browser.post(f"{address}/reject", data={"csrf": fields(html)["csrf"], "change": ["77"]}).status_code == 404


def test_overview_and_entries(site: Site) -> None:
    browser = site.browser()
    assert "Known errors per 100 words" in browser.get("/overview").text
    assert "2 entries" in browser.get("/entries").text
    html = browser.get("/entries/ru.spine.ridge").text
    assert "1 hit on 1 page" in text_of(html)
    assert browser.get("/entries/doubled-word").status_code == 200
    assert browser.get("/entries/ru.none.such").status_code == 404


# -- what is refused


def test_every_answer_forbids_what_is_not_ours(site: Site) -> None:
    browser = site.browser()
    for path in ("/review", "/queue", "/nowhere", "/static/report.css", "/articles/x"):
        answer = browser.get(path)
        for name in HEADERS:
            assert name in answer.headers, (path, name)
        assert "unsafe" not in answer.headers["content-security-policy"]
    cookie = TestClient(site.app, base_url=HOME).get("/review").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_pages_hold_no_script_or_style_of_their_own(site: Site) -> None:
    """Every element and attribute that a policy without `unsafe-inline` forbids is missing."""
    browser = site.browser()
    for path in ("/review", "/queue", "/history", "/entries", "/entries/ru.spine.ridge", "/overview", "/articles"):
        for element in hostile.elements(browser.get(path).text):
            assert "style" not in element.attrib
            assert not any(name.startswith(("on", "hx-on")) for name in element.attrib)
            assert element.tag != "style"
            assert element.tag != "script" or (element.get("src") or "").startswith("/static/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "", "10.0.0.7"])
def test_other_host_names_are_refused(site: Site, host: str) -> None:
    """A name that somebody else points at this machine is not let in (DNS rebinding)."""
    assert site.browser().get("/review", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_forms_of_other_sites_are_refused(site: Site, headers: dict[str, str]) -> None:
    browser = site.browser()
    form = fields(browser.get("/review").text) | {"decision": ["skip"]}
    assert browser.post(f"/candidates/{candidate().id}", data=form, headers=headers).status_code == 403
    assert site.queue.history() == []


@pytest.mark.parametrize("token", [[], [""], ["0" * 64], ["é"]])
def test_forms_without_the_token_are_refused(site: Site, token: list[str]) -> None:
    browser = site.browser()
    form = fields(browser.get("/review").text) | {"decision": ["skip"], "csrf": token}
    assert browser.post(f"/candidates/{candidate().id}", data=form).status_code == 403
    assert site.queue.history() == []


def test_a_token_of_another_session_is_refused(site: Site) -> None:
    other = fields(site.browser().get("/review").text)["csrf"]
    browser = site.browser()
    form = fields(browser.get("/review").text) | {"decision": ["skip"], "csrf": other}
    assert browser.post(f"/candidates/{candidate().id}", data=form).status_code == 403


def test_bodies_are_bounded(site: Site) -> None:
    browser = site.browser()
    form = fields(browser.get("/review").text)
    address = f"/candidates/{candidate().id}"
    assert browser.post(address, data=form | {"notes": ["x" * 70_000]}).status_code == 413
    assert browser.post(address, data=form | {"keep": ["x"] * 900}).status_code == 413
    assert browser.post(address, json={"a": 1}).status_code == 415
    assert browser.post(address, content=(b"x" * 9000 for _ in range(20))).status_code == 413
    assert browser.put(address).status_code == 405


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "....//etc/passwd", "%00", "back.json", "queue.sqlite"])
def test_only_known_files_are_served(site: Site, path: str) -> None:
    browser = site.browser()
    for folder in ("static", "articles", "entries", "candidates"):
        assert browser.get(f"/{folder}/{path}").status_code == 404


def test_others_need_a_token(tmp_path: Path) -> None:
    """Without a token only this machine is served; with one, only browsers that were shown it."""
    with pytest.raises(UsageError, match="can be reached by others"):
        check_address(Address("192.0.2.1"), "")
    with pytest.raises(UsageError, match="at least 16"):
        check_address(Address("192.0.2.1"), "secret")
    token = "-".join(["correct", "horse", "battery"])
    check_address(Address("192.0.2.1"), token)
    site = Site(tmp_path, token=token, hosts=("review.example",))
    browser = TestClient(site.app, base_url="http://review.example")
    assert browser.get("/review").status_code == 401
    assert browser.get("/enter?token=wrong-horse-battery").status_code == 401
    assert browser.get(f"/enter?token={token}").status_code == 200
    assert browser.get("/review").status_code == 200
    site.desk.close()


def test_violations_are_kept(site: Site) -> None:
    browser = site.browser()
    assert browser.post("/csp-report", content=b'{"csp-report":{}}').status_code == 204
    assert site.desk.violations == ['{"csp-report":{}}']


def hostile_candidate(texts: Iterator[str], number: int) -> Candidate:
    say = texts.__next__
    phrase = say()
    return Candidate(
        id=candidate_id("sense", "ru", f"{number}{phrase}"),
        phrase=phrase,
        kind="sense",
        language=say(),
        field=say(),
        score=1 - number / 1000,
        contexts=(Context(say(), 1, f"a {say()} b", 2, 5), Context(say(), None, say(), 0, 99_999)),
        sources=(SourceTerm(say(), (Sense((say(), say())),)), SourceTerm(say(), (Sense((say(),)),))),
        replacements=(Suggestion(say()), Suggestion(say(), 0, say())),
        pages=1,
        seen=1,
        draft=say(),
        why=(say(), say()),
    )


TAKEN = 18


def hostile_candidates() -> list[Candidate]:
    count = -(-len(hostile.PAYLOADS) // TAKEN)
    turns = [[hostile.PAYLOADS[(n * TAKEN + i) % len(hostile.PAYLOADS)] for i in range(TAKEN)] for n in range(count)]
    return [hostile_candidate(iter(turn), number) for number, turn in enumerate(turns)]


def test_hostile_candidates_stay_text(site: Site) -> None:
    """Whatever pages say, no element, attribute or address appears that harmless words do not give."""
    made = hostile_candidates()
    site.queue.add(made)
    site.queue.add([hostile_candidate(iter([f"word{i}" for i in range(TAKEN)]), 999)])
    browser = site.browser()
    plain_id = candidate_id("sense", "ru", "999word0")
    plain = set(hostile.skeleton(browser.get(f"/candidates/{plain_id}").text))
    plain |= {("span", ("class",)), ("p", ("class", "role")), ("li", ()), ("i", ())}
    for one in made:
        html = browser.get(f"/candidates/{one.id}").text
        extra = set(hostile.skeleton(html)) - plain
        assert not {tag for tag, names in extra if tag in {"script", "style", "iframe", "object", "svg", "img", "base"}}
        assert not [names for _, names in extra if any(n.startswith(("on", "hx-", "data-hx", "style")) for n in names)]
        for address in hostile.addresses(html):
            assert address.startswith(("/", "#")), address
            assert not address.startswith("//")
    html = browser.get("/queue").text
    assert {tag for tag, _ in hostile.skeleton(html)} <= {tag for tag, _ in plain} | {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }


def test_hostile_forms_stay_text(site: Site) -> None:
    """The same for what comes back from a form, and for names and searches."""
    browser = site.browser()
    html = browser.get("/review").text
    plain = {tag for tag, _ in hostile.skeleton(html)} | {"li", "ul", "code", "pre", "textarea", "i", "mark"}
    for start in range(0, len(hostile.PAYLOADS), 12):
        p = iter((hostile.PAYLOADS * 2)[start : start + 12])
        answer = send(
            browser, html, match=next(p), replace=next(p), source=next(p), entry_id=next(p), type=next(p),
            cues=[next(p)], unless=[next(p)], keep=[next(p)], change_before=[next(p)], change_after=[next(p)],
            notes=next(p), reason=next(p), do="update",
        )  # fmt: skip
        assert answer.status_code == 200
        assert {tag for tag, _ in hostile.skeleton(answer.text)} <= plain
    for payload in [*hostile.PAYLOADS[::9], "a\0b"]:
        for path in ("/queue", "/entries", "/articles", "/history", "/review"):
            answer = browser.get(path, params={"q": payload, "by": payload, "field": payload, "after": payload})
            assert answer.status_code == 200
            for address in hostile.addresses(answer.text):
                assert address.startswith(("/", "#"))
                assert not address.startswith("//")


def test_hostile_pages_stay_text(site: Site) -> None:
    """The same for processed pages on the server."""
    for number, record in enumerate(hostile.records()[:12]):
        (site.root / f"processed/p{number}.json").write_text(record.to_json(), encoding="utf-8")
    browser = site.browser()
    for key in list(site.desk.stored(fresh=True)):
        html = browser.get(f"/articles/{key}").text
        tags = {element.tag for element in hostile.elements(html)}
        assert not tags & {"style", "iframe", "object", "embed", "img", "base", "svg"}
        for address in hostile.addresses(html):
            assert address.startswith(("/", "#", "http://", "https://"))


def test_everything_is_served_from_known_bytes(site: Site) -> None:
    browser = site.browser()
    for name in ("report.css", "review.css", "review.js", "htmx.min.js", "icon.svg"):
        assert browser.get(f"/static/{name}").status_code == 200
    assert "eval(" not in browser.get("/static/review.js").text


def test_without_the_extra_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.cli import review

    monkeypatch.setattr(review, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'article-pipeline\[review\]'"):
        review._require_extra()


@pytest.mark.parametrize("arguments", [["{}/gone"], ["{}", "--raw", "{}/gone"]])
def test_a_folder_that_is_named_must_be_there(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.cli.main import status_of

    named = [argument.format(tmp_path) for argument in arguments]
    assert status_of(["review", "--no-open", "--queue", str(tmp_path / "q.sqlite"), *named]) == 2
    assert "gone: is not a folder" in capsys.readouterr().err


def test_the_command_refuses_to_be_reached_by_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.cli.main import status_of

    command = ["review", "--host", "192.0.2.1", "--queue", str(tmp_path / "queue.sqlite"), "--no-open"]
    assert status_of(command) == 2
    assert "can be reached by others" in capsys.readouterr().err
    assert not (tmp_path / "queue.sqlite").exists()
