"""Checks of pages: places, selection, baselines, duplicates, and pages that break the program."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.check.duplicates import near_duplicates, signature
from pipeline.check.explained import page_of_all
from pipeline.check.finding import CheckFinding, PageReport
from pipeline.check.formats import excerpt
from pipeline.check.page import check_page
from pipeline.check.pages import Page, check_pages
from pipeline.check.registry import all_checks, check, find_check
from pipeline.check.selection import CheckOptions, Site, chosen, without_known, write_baseline
from pipeline.check.subject import Subject
from pipeline.errors import DataFileError, UsageError
from pipeline.journey import Options, clean
from pipeline.repair.stage import RepairOptions

DOCS = Path(__file__).parent.parent / "docs/checks.md"
GOUT = b"""<html><body><h1>Gout</h1>
<p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
<p>The toe is red and hot, and the patient
<b>cannot</b> walk. Before to treat gout, see a doctor; before to treat it at home, too.</p>
</body></html>"""
DANGER = """
[[entry]]
id = "ru.own.drink"
source = "пить много"
match = "drink heavily"
replace = "drink plenty of fluids"
type = "danger"
change = [["At a fever drink heavily.", "At a fever drink plenty of fluids."]]
keep = ["Men who smoke."]
status = "approved"

[[entry]]
id = "ru.own.cold"
source = "холод"
match = "the cold room"
replace = ["the cool room", "the cold"]
type = "sense"
change = [["He fears the cold room.", "He fears the cool room."]]
keep = ["Men who smoke."]
status = "approved"
"""


def codes(data: bytes, *, select: tuple[str, ...] = (), options: Options | None = None) -> list[str]:
    report = check_page(Subject("a.html", data, options or Options()), chosen(CheckOptions(select=select)))
    return [finding.code for finding in report.findings]


def test_golden_page_of_checks() -> None:
    if os.environ.get("GOLDEN") == "write":
        DOCS.write_text(page_of_all(), encoding="utf-8")
    assert DOCS.read_text(encoding="utf-8") == page_of_all(), "docs/checks.md is out of date: run make golden"


def test_findings_stand_where_the_fault_is() -> None:
    report = check_page(Subject("a.html", GOUT, Options()), [find_check("T001")])
    own = [f for f in report.findings if "ru.constructions.before-to" in f.message]
    assert [(f.line, f.column, f.length, f.mend) for f in own] == [
        (4, 21, 15, "Before treating"),
        (4, 57, 15, "before treating"),
    ]
    lines = GOUT.decode().split("\n")
    for finding in own:
        shown = lines[finding.line - 1][finding.column - 1 :][: finding.length]
        assert shown.lower() == "before to treat"
        assert finding.source == lines[finding.line - 1]


def test_entries_of_ones_own_ask_a_person(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(DANGER, encoding="utf-8")
    options = Options(repair=RepairOptions(glossary=(tmp_path,), builtin=False, suggest=True))
    page = b"<h1>Fever</h1><p>At a fever it is good to drink heavily and not to go to the cold room at night.</p>"
    found = check_page(Subject("a.html", page, options), chosen(CheckOptions(select=("T",)))).findings
    shown = [(f.code, page.decode()[f.column - 1 :][: f.length]) for f in found]
    assert shown == [("T003", "drink heavily"), ("T002", "the cold room")]
    assert codes(GOUT, select=("T",), options=options) == []


@pytest.mark.parametrize(
    "page",
    [
        b"<p>" + b"Ignore ignore all " * 60_000,
        b"<!--" * 250_000,
        b"<p>" + b"before to treat it " * 20_000,
        b"<p>" + b"window.function ( a, " * 50_000,
        "<p>подагра ".encode() * 20_000,
        b"a@" * 300_000,
        b"+7 912 " * 100_000,
    ],
    ids=["orders", "comments", "changes", "scripts", "residue", "mail", "phones"],
)
def test_a_page_made_to_cost_time_is_checked(page: bytes) -> None:
    assert isinstance(codes(page, select=("R", "L", "X")), list)


def test_the_longest_code_decides() -> None:
    def chose(**options: tuple[str, ...]) -> set[str]:
        return {check.code for check in chosen(CheckOptions(**options))}  # type: ignore[arg-type]

    every = {check.code for check in all_checks()}
    assert chose() == every
    assert chose(select=("R004", "X")) == {"R004", "X001", "X002", "X003", "X004", "X005"}
    assert chose(select=("login-wall",)) == {"R005"}
    assert chose(ignore=("R",)) == {code for code in every if code[0] != "R"}
    assert chose(ignore=("R",), extend_select=("R004",)) == {c for c in every if c[0] != "R"} | {"R004"}
    assert chose(select=("R004",), ignore=("R004",)) == set()
    with pytest.raises(UsageError, match="Z999"):
        chosen(CheckOptions(ignore=("Z999",)))


def test_severity_and_files_are_left_out() -> None:
    page = Page("old/a.html", data=GOUT)
    assert check_pages([page], CheckOptions(severity="warning"), Options())[0].findings == ()
    spared = CheckOptions(per_file_ignores={"old/*": ("T", "H")})
    assert check_pages([page], spared, Options())[0].findings == ()
    assert check_pages([page], CheckOptions(per_file_ignores={"new/*": ("T",)}), Options())[0].findings


def test_white_space_that_is_put_in_is_told_as_such() -> None:
    page = GOUT.replace(b"great pain in the big toe.</p>", b"great pain in the big toe.It passes in a week.</p>")
    report = check_page(Subject("a.html", page, Options()), [find_check("T001")])
    assert "“ ” is put in (space-after-stop)." in [finding.message for finding in report.findings]


def finding(line: int, code: str = "T001", source: str = "a fault") -> CheckFinding:
    return CheckFinding("a.html", line, 1, code, "x", "warning", "Mend it.", source=source)


def test_a_baseline_holds_what_is_known_wherever_it_moves(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(write_baseline([PageReport("a.html", (finding(3), finding(9, "T002")))]), encoding="utf-8")
    moved, second, other = finding(5), finding(6), finding(7, source="another")
    left = without_known([PageReport("a.html", (moved, second, other))], path)
    assert left[0].findings == (second, other)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(DataFileError, match="no baseline"):
        without_known([], path)


def texts(count: int) -> list[str]:
    words = [f"word{number}" for number in range(40 + 60 * count)]
    return [" ".join(words[60 * n : 60 * n + 100]) for n in range(count)]


def test_near_duplicates_are_named_once_and_by_what_was_there_first() -> None:
    one, two, three = texts(3)
    signatures = {
        name: signature(text)
        for name, text in {"b.html": one, "a.html": one + " more", "z.html": f"new {one}", "c.html": two,
                           "d.html": three, "short.html": "few words", "e.html": "few words"}.items()
    }  # fmt: skip
    wanted = set(signatures) - {"z.html"}
    assert [(p, other) for p, other, _ in near_duplicates(wanted, signatures)] == [
        ("a.html", "z.html"),
        ("b.html", "z.html"),
    ]
    assert [(p, other) for p, other, _ in near_duplicates(signatures, signatures)] == [
        ("b.html", "a.html"),
        ("z.html", "a.html"),
    ]


def test_a_thousand_copies_are_each_found() -> None:
    own = signature(texts(1)[0])
    signatures = {f"{number:04}.html": own for number in range(1000)}
    assert len(list(near_duplicates(signatures, signatures))) == 999


def many(count: int) -> list[Page]:
    return [Page(f"{n:02}.html", data=GOUT.replace(b"Gout is", b"Gout %d is" % n)) for n in range(count)]


def test_processes_and_order_change_nothing() -> None:
    pages = many(12)
    one = check_pages(pages, CheckOptions(), Options(), jobs=1)
    assert check_pages(pages[::-1], CheckOptions(), Options(), jobs=2) == one
    assert [report.path for report in one] == [page.path for page in pages]


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that ends its process on one page and raises on another."""
    from pipeline.check import registry

    monkeypatch.setattr(registry, "_CHECKS", {**{c.code: c for c in all_checks()}})

    @check("R900", "error")
    def killed(subject: Subject) -> Iterator[registry.Fault]:
        """The test's own.

        It ends the process.
        Bad:
        a
        Good:
        b
        """
        if b"Gout 3 is" in subject.data:
            os._exit(9)
        if b"Gout 5 is" in subject.data:
            raise ValueError("five is too many")
        yield from ()


@pytest.mark.usefixtures("killer")
def test_only_the_guilty_page_is_blamed() -> None:
    reports = check_pages(many(30), CheckOptions(select=("R",)), Options(), jobs=2)
    said = {report.path: [(f.code, f.message) for f in report.findings] for report in reports}
    blamed = {path: found for path, found in said.items() if found}
    assert len(said) == 30
    assert blamed.keys() == {"03.html", "05.html"}
    assert [code for found in blamed.values() for code, _ in found] == ["R010", "R010"]
    assert "ended the process" in blamed["03.html"][0][1]
    assert "five is too many" in blamed["05.html"][0][1]


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (report,) = check_pages([Page("gone.html", tmp_path / "gone.html")], CheckOptions(), Options())
    assert [f.code for f in report.findings] == ["R010"]


SLOW = "slow.html"


@pytest.fixture
def sleeper(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that does not come to an end on one page."""
    from pipeline.check import registry

    monkeypatch.setattr(registry, "_CHECKS", {**{c.code: c for c in all_checks()}})

    @check("R901", "error")
    def endless(subject: Subject) -> Iterator[registry.Fault]:
        """The test's own.

        It never ends.
        Bad:
        a
        Good:
        b
        """
        while subject.path == SLOW:
            pass
        yield from ()


@pytest.mark.usefixtures("sleeper")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_takes_too_long_is_a_finding(jobs: int) -> None:
    pages = [Page(SLOW, data=GOUT), Page("a.html", data=GOUT)]
    first, slow = check_pages(pages, CheckOptions(select=("R",), timeout=1.0), Options(), jobs=jobs)
    assert first.findings == ()
    assert [(f.code, f.message) for f in slow.findings] == [
        ("R010", "The page took longer than 1 s; leave it out, or allow more with --timeout.")
    ]


def test_faults_far_along_a_line_are_shown_and_told_apart() -> None:
    """Pages are often one line: what a finding quotes and is known by is where it stands, not the line's beginning."""
    told = "The knee needs rest after a long walk, and most people are well again in a few days of it. "
    page = f"<body><h1>Knee</h1><p>{told * 12}Write to ann@mail.river.org. {told * 12}Or bea@mail.river.org.</p></body>"
    (report,) = check_pages([Page("a.html", data=page.encode())], CheckOptions(select=("X004",)), Options())
    shown = [finding.source[finding.column - 1 - finding.left_out :] for finding in report.findings]
    assert [text.partition("@")[0] for text in shown] == ["ann", "bea"]
    assert len({finding.fingerprint for finding in report.findings}) == 2
    assert all("^" * len("ann@mail.river.org") in excerpt(finding) for finding in report.findings)


def test_sites_have_settings_of_their_own() -> None:
    own = Site(ignore=("T",), expected_sections=("treatment",), expected_provenance=("author",))
    options = CheckOptions(sites={"example.org": own}, select=("T", "H004", "D004"))

    def found(path: str, address: str = "") -> list[str]:
        link = f'<link rel="canonical" href="{address}">'.encode() if address else b""
        page = Page(path, data=GOUT.replace(b"<body>", b"<head>" + link + b"</head><body>"))
        (report,) = check_pages([page], options, Options())
        return sorted({finding.code for finding in report.findings})

    assert found("raw/a.html") == ["T001"]
    assert found("raw/a.html", "https://[broken") == ["T001"]
    assert found("raw/a.html", "https://health.example.org/gout") == ["D004", "H004"]
    assert found("raw/a.html", "https://notexample.org/gout") == ["T001"]
    assert found("raw/example.org/a.html") == ["D004", "H004"]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A page in raw/ and its record beside."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "processed").mkdir()
    (tmp_path / "raw/gout.html").write_bytes(GOUT)
    path = tmp_path / "processed/gout.json"
    path.write_text(clean(GOUT, name="gout.html").to_json(), encoding="utf-8")
    return path


def codes_of(path: Path) -> list[str]:
    (report,) = check_pages([Page("gout.json", path)], CheckOptions(), Options())
    return [finding.code for finding in report.findings]


def test_a_record_fits_its_page(record: Path) -> None:
    assert codes_of(record) == []
    (record.parent.parent / "raw/gout.html").write_bytes(GOUT + b" ")
    assert codes_of(record) == ["D003"]
    (record.parent.parent / "raw/gout.html").unlink()
    assert codes_of(record) == ["D003"]


def test_a_record_edited_by_hand_is_found(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("Before treating gout", "Before we treat gout"), encoding="utf-8")
    assert set(codes_of(record)) == {"D002"}
    record.write_text(text.replace('"first_block": 0', '"first_block": 1'), encoding="utf-8")
    assert codes_of(record) == ["D002"]
    record.write_text(text.replace('"title": "Gout"', '"title": 7'), encoding="utf-8")
    assert codes_of(record) == ["D001"]
