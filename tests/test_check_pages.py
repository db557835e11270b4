"""Our own pages in tests/cases/check/pages: `good` ones, and `bad` ones named after the code to be found."""

from pathlib import Path

import pytest

from pipeline.check.finding import PageReport
from pipeline.check.pages import Page, check_pages
from pipeline.check.registry import find_check
from pipeline.check.selection import CheckOptions
from pipeline.journey import Options
from pipeline.repair.stage import RepairOptions

PAGES = Path(__file__).parent / "cases/check/pages"
GOOD = sorted((PAGES / "good").iterdir())
BAD = sorted((PAGES / "bad").iterdir())
FALSE_ERRORS = 1
"""Good pages that may be called bad."""


@pytest.fixture(scope="module")
def reports() -> dict[str, PageReport]:
    """The bad pages, as a pull request to a project that has the good ones."""
    pages = [Page(path.name, path) for path in BAD] + [Page(f"old/{path.name}", path, known=True) for path in GOOD]
    suggest = Options(repair=RepairOptions(suggest=True))
    return {report.path: report for report in check_pages(pages, CheckOptions(), suggest, jobs=1)}


def test_there_are_enough_pages() -> None:
    assert len(GOOD) >= 40
    assert len(BAD) >= 80


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_the_fault_of_a_bad_page_is_found(path: Path, reports: dict[str, PageReport]) -> None:
    wanted = find_check(path.name[:4]).code
    assert wanted in {finding.code for finding in reports[path.name].findings}


def test_good_pages_pass() -> None:
    found = check_pages([Page(path.name, path) for path in GOOD], CheckOptions(severity="error"), Options(), jobs=1)
    assert len([report for report in found if report.findings]) <= FALSE_ERRORS
