"""The report: pages before and after, figures, files; nothing in a page can break out of its text."""

import json
import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from pipeline import clean
from pipeline.errors import InputError, UsageError
from pipeline.record import Change, Record
from pipeline.review.report.article import article, web_address
from pipeline.review.report.overview import Tally
from pipeline.review.report.plots import count_bars, error_histogram, rate_bars
from pipeline.review.report.reasons import Reasons
from pipeline.review.report.render import STATIC_POLICY, render
from pipeline.review.report.site import FileLinks, write_report
from pipeline.review.report.stored import find_records, key_of, load
from tests import hostile

GLOSSARY = """
[[entry]]
id = "ru.spine.ridge"
match = "mountain range"
replace = "spinal column"
source = "хребет"
type = "sense"
status = "approved"
topic = ["medicine"]
review = { by = "a reader", on = "2026-01-02" }

[[entry]]
id = "ru.spine.vertebral"
match = "vertebral post"
replace = ["spine", "vertebral column"]
type = "calque"
status = "approved"
review = { by = "a reader", on = "2026-01-02" }
"""
PAGE = (
    "<title>Pain of the back</title><body><nav><a href=/>Home</a> <a href=/a>All</a></nav><h1>Pain of the back</h1>"
    "<p>The mountain range carries the weight of the body, and its vertebrae ache. Doctors treat the pain of the"
    " lumbar vertebrae with medicine and exercise.</p><h2>Symptoms</h2><p>The vertebral post hurts after sleep, and"
    " the patient has inflammation of the joints and fever.</p></body>"
)


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> Reasons:
    folder = tmp_path_factory.mktemp("glossary") / "ru"
    folder.mkdir()
    (folder / "spine.toml").write_text(GLOSSARY, encoding="utf-8")
    return Reasons((folder.parent,))


@pytest.fixture(scope="module")
def record(reasons: Reasons) -> Record:
    from pipeline.journey import Options
    from pipeline.repair.stage import RepairOptions

    options = Options(repair=RepairOptions(glossary=reasons.folders, builtin=False))
    return clean(PAGE, name="back.html", url="https://example.org/back", options=options)


def saved(folder: Path, *records: Record) -> Path:
    folder.mkdir(exist_ok=True)
    for number, record in enumerate(records):
        (folder / f"page{number:03}.json").write_text(record.to_json(), encoding="utf-8")
    return folder


def html_of(record: Record, reasons: Reasons) -> str:
    links = FileLinks("../")
    values = {"article": article(record, reasons), "reject": None, "links": links, "nav": links.nav("")}
    return render("article.html", {**values, "policy": STATIC_POLICY})


def test_rows_hold_the_page_before_and_after(record: Record, reasons: Reasons) -> None:
    """Joined, the pieces of `before` are the text that was read, those of `after` the record's text."""
    rows = article(record, reasons).rows
    kept = [row for row in rows if row.dropped is None]
    assert ["".join(piece.text for piece in row.after) for row in kept] == [block.text for block in record.blocks]
    assert any("mountain range" in "".join(piece.text for piece in row.before) for row in kept)
    assert {row.dropped.code for row in rows if row.dropped} >= {"title"}


def test_a_change_is_told_with_its_entry(record: Record, reasons: Reasons) -> None:
    """Below the block stand the words before and after, the id and the reason in words."""
    notes = [note for row in article(record, reasons).rows for note in row.notes]
    assert [(note.before, note.after) for note in notes] == [("mountain range", "spinal column")]
    assert notes[0].reasons[0].words == "wrong sense of a word, from “хребет”"
    html = html_of(record, reasons)
    assert "<del>mountain range</del>" in html
    assert 'href="../entries.html#e-ru.spine.ridge"' in html


@pytest.mark.parametrize("payload", hostile.BY_CLASS["addresses"])
def test_only_web_addresses_become_links(payload: str) -> None:
    assert web_address(payload) == "" or re.match(r"https?://[^\s<>\"']+$", payload)


def test_figures_count_errors_before_and_after(record: Record, reasons: Reasons) -> None:
    """What was mended counts before; what an entry only suggests counts before and after."""
    tally = Tally(reasons)
    tally.add("a", "a", record)
    figures = tally.overview()
    assert {one.type: (one.before, one.after) for one in figures.errors} == {"sense": (1, 0), "calque": (1, 1)}
    assert figures.words == sum(len(block.text.split()) for block in record.blocks)
    assert [(use.code, use.hits, use.pages) for use in figures.entries] == [("ru.spine.ridge", 1, 1)]
    assert dict(figures.sections) == Counter(section.label for section in record.sections)
    assert rate_bars(figures.errors)[0].shares[0] == 100.0


def test_bars_and_columns() -> None:
    bars = count_bars([(f"b{i}", 30 - i) for i in range(25)])
    assert (len(bars), bars[-1].label, bars[-1].shown) == (21, "5 others", ("40",))
    assert error_histogram([])[0].count == 0


def test_report_is_written_and_renewed(tmp_path: Path, record: Record, reasons: Reasons) -> None:
    """Every link leads to a file and an anchor of the report; pages that are gone leave it."""
    out = tmp_path / "report"
    second = msgspec.structs.replace(record, title="Second")
    write_report(saved(tmp_path / "two", record, second), out, reasons)
    assert len(list((out / "articles").iterdir())) == 2
    write_report(saved(tmp_path / "one", record), out, reasons)
    assert sorted(path.name for path in out.iterdir()) == [
        "articles", "entries.html", "index.html", "pages.html", "report.css",
    ]  # fmt: skip
    assert len(list((out / "articles").iterdir())) == 1
    for path in out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert STATIC_POLICY.replace("'", "&#39;") in html
        for address in hostile.addresses(html):
            name, _, anchor = address.partition("#")
            if not name.startswith("https://"):
                target = (path.parent / name).resolve() if name else path
                assert target.is_file(), (path, address)
                assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), (path, address)


def test_long_lists_are_parted(
    tmp_path: Path, record: Record, reasons: Reasons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.review.report.site.PAGES_A_FILE", 2)
    write_report(saved(tmp_path / "records", *[record] * 5), tmp_path / "report", reasons)
    assert 'href="pages-2.html"' in (tmp_path / "report/pages-3.html").read_text(encoding="utf-8")
    assert "part 2 of 3" in (tmp_path / "report/pages-2.html").read_text(encoding="utf-8")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, reasons: Reasons) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="something other than a report"):
        write_report(saved(tmp_path / "records"), tmp_path, reasons)


def test_records_that_cannot_be_read_are_told(tmp_path: Path, record: Record, reasons: Reasons) -> None:
    """A faulty record costs one page of the report, and stands on the overview."""
    records = saved(tmp_path / "records", record)
    value = record.to_dict()
    value["changes"][0]["block"] = 99
    (records / "wrong.json").write_text(json.dumps(value), encoding="utf-8")
    (records / "cut.json").write_text(record.to_json()[:900], encoding="utf-8")
    (records / "other.json").write_text("{}", encoding="utf-8")
    figures = write_report(records, tmp_path / "report", reasons)
    assert (len(figures.pages), len(figures.faults)) == (1, 2)
    assert "2 records could not be read" in (tmp_path / "report/index.html").read_text(encoding="utf-8")


def test_records_of_one_file(tmp_path: Path, record: Record) -> None:
    """A file of lines holds a record a line, each found by its place."""
    lines = [json.dumps(msgspec.structs.replace(record, id=name).to_dict()) for name in ("a", "b", "c")]
    (tmp_path / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [load(stored).id for stored in find_records(tmp_path)] == ["a", "b", "c"]
    with pytest.raises(InputError):
        find_records(tmp_path / "records.jsonl")


@pytest.mark.parametrize("name", hostile.BY_CLASS["names of files"])
def test_keys_are_safe_names(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{12,80}", key_of(name))


def test_hostile_text_stays_text(reasons: Reasons) -> None:
    """Whatever a page says, the report has the elements and attributes that it has for harmless words."""
    quiet = msgspec.structs.replace(hostile.harmless().source, url="x")
    plain = hostile.skeleton(html_of(msgspec.structs.replace(hostile.harmless(), source=quiet), reasons))
    for record in hostile.records():
        web = bool(web_address(record.source.url))
        html = html_of(record, reasons)
        got = hostile.skeleton(html)
        if web:
            got.remove(("a", ("href", "rel")))
        assert got == plain
        for address in hostile.addresses(html):
            assert address.startswith(("../", "#")) or address == web_address(record.source.url)


def test_hostile_overview(tmp_path: Path, reasons: Reasons) -> None:
    """The same for the pages that list and count."""
    for name, records in (("plain", [hostile.harmless()]), ("hostile", hostile.records())):
        write_report(saved(tmp_path / name, *records), tmp_path / f"{name}-report", reasons)
    for name in ("index.html", "pages.html", "entries.html"):
        kinds = [
            set(hostile.skeleton((tmp_path / f"{n}-report" / name).read_text(encoding="utf-8")))
            for n in ("plain", "hostile")
        ]
        assert kinds[1] <= kinds[0] | {("text", ("class", "x", "y")), ("i", ()), ("span", ("class",))}, name


def test_offsets_beside_the_text_are_refused(tmp_path: Path, record: Record) -> None:
    change = Change("repair", 0, -5, -1, "", "x", "y")
    saved(tmp_path, msgspec.structs.replace(record, changes=(change,)))
    with pytest.raises(InputError, match="does not stand where it says"):
        load(find_records(tmp_path)[0])


def test_the_command_writes_the_report(tmp_path: Path, record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    """Its address goes to standard output, the figures to standard error; a record that is cut makes status 1."""
    from pipeline.cli.main import status_of

    glossary = tmp_path / "glossary"
    glossary.mkdir()
    command = [
        "report",
        str(saved(tmp_path / "records", record)),
        "-o",
        str(tmp_path / "out"),
        "--glossary",
        str(glossary),
    ]
    assert status_of(command) == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'out' / 'index.html'}\n"
    assert "1 page, " in said.err
    (tmp_path / "records/cut.json").write_text(record.to_json()[:900], encoding="utf-8")
    assert status_of(command) == 1
