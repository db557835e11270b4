"""The report as files that need no server: overview, pages, entries, and each page before and after."""

import os
import tempfile
from importlib.resources import files
from pathlib import Path

import msgspec

from pipeline.errors import InputError, OutputError, UsageError
from pipeline.review.report.article import article
from pipeline.review.report.overview import Overview, Tally
from pipeline.review.report.plots import count_bars, error_histogram, rate_bars
from pipeline.review.report.reasons import Reasons
from pipeline.review.report.render import STATIC_POLICY, fragment, render
from pipeline.review.report.stored import find_records, load

PAGES_A_FILE = 500
_MARK = b'<meta name="generator" content="article-pipeline report">'


class FileLinks(msgspec.Struct, frozen=True):
    """Addresses relative to a file; `up` leads to the report's own folder (`""` or `"../"`)."""

    up: str = ""

    def article(self, key: str) -> str:
        """Return the address of an article page."""
        return f"{self.up}articles/{key}.html"

    def entry(self, code: str) -> str:
        """Return the address of a glossary entry."""
        return f"{self.up}entries.html#{fragment(code)}"

    def asset(self, name: str) -> str:
        """Return the address of the style sheet."""
        return f"{self.up}{name}"

    def nav(self, current: str) -> list[tuple[str, str, bool]]:
        """Return the pages of the report for the bar on top, and which of them this is."""
        named = (("Overview", "index.html"), ("Pages", "pages.html"), ("Entries", "entries.html"))
        return [(label, self.up + name, label == current) for label, name in named]


class Batch(msgspec.Struct, frozen=True):
    """A part of the list of pages: its number of how many, and the addresses before and after it."""

    number: int
    count: int
    before: str
    after: str


def write_report(records: Path, out: Path, reasons: Reasons) -> Overview:
    """Write the report on the records below a folder; an earlier report in its place is renewed.

    Raises:
        InputError: `records` is no folder.
        OutputError: a file cannot be written.
        UsageError: `out` holds something else.
    """
    stored = find_records(records)
    _claim(out)
    tally = Tally(reasons)
    written = set()
    for one in stored:
        try:
            record = load(one)
        except InputError as error:
            tally.fault(str(error))
            continue
        tally.add(one.key, one.name, record)
        links = FileLinks("../")
        page = article(record, reasons)
        values = {"article": page, "reject": None, **_frame(links, "")}
        written.add(_write(out / "articles" / f"{one.key}.html", render("article.html", values)))
    figures = tally.overview()
    written |= _write_lists(out, figures, reasons)
    _write(out / "report.css", _asset("report.css"))
    _write(out / "index.html", render("overview.html", {**overview_values(figures), **_frame(FileLinks(), "Overview")}))
    for stale in {*(out / "articles").glob("*.html"), *out.glob("pages*.html")} - written:
        stale.unlink(missing_ok=True)
    return figures


def _frame(links: FileLinks, current: str) -> dict[str, object]:
    return {"links": links, "nav": links.nav(current), "policy": STATIC_POLICY}


def overview_values(figures: Overview) -> dict[str, object]:
    """Return what the template of the overview draws."""
    return {
        "figures": figures,
        "rates": rate_bars(figures.errors),
        "entries": count_bars([(use.code, use.hits) for use in figures.entries]),
        "sections": count_bars(figures.sections),
        "drops": count_bars(figures.drops),
        "findings": count_bars(figures.findings),
        "columns": error_histogram(figures.pages),
    }


def _write_lists(out: Path, figures: Overview, reasons: Reasons) -> set[Path]:
    """Write the list of pages, the pages with most errors first, and the list of entries."""
    lines = sorted(figures.pages, key=lambda page: (-page.rate, page.key))
    count = max(1, -(-len(lines) // PAGES_A_FILE))
    written = set()
    for number in range(1, count + 1):
        before = _pages_name(number - 1) if number > 1 else ""
        after = _pages_name(number + 1) if number < count else ""
        own = lines[(number - 1) * PAGES_A_FILE : number * PAGES_A_FILE]
        batch = Batch(number, count, before, after)
        values = {"lines": own, "batch": batch, "total": len(lines), **_frame(FileLinks(), "Pages")}
        written.add(_write(out / _pages_name(number), render("pages.html", values)))
    used = [(use, reasons.of_change(use.code)[0]) for use in figures.entries]
    _write(out / "entries.html", render("entries.html", {"used": used, **_frame(FileLinks(), "Entries")}))
    return written


def _pages_name(number: int) -> str:
    return "pages.html" if number == 1 else f"pages-{number}.html"


def _asset(name: str) -> str:
    return (files("pipeline.review.report") / "static" / name).read_text(encoding="utf-8")


def _claim(out: Path) -> None:
    """See that a report may be written there, so that a wrong `-o` overwrites nobody's files."""
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            index = out / "index.html"
            if not index.is_file() or _MARK not in index.read_bytes()[:4096]:
                raise UsageError("holds something other than a report", path=out, mend="Name a new or empty folder")
        (out / "articles").mkdir(parents=True, exist_ok=True)
        (out / "index.html").touch()
        (out / "index.html").write_bytes(_MARK)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=out) from error


def _write(path: Path, text: str) -> Path:
    """Write a file, whole or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    return path
