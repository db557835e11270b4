"""Each check finds something on its Bad page and nothing on its Good page."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.check.page import check_page
from pipeline.check.registry import FAMILIES, WITHOUT_EXAMPLE, Check, all_checks, example_pages
from pipeline.check.subject import Expectations, Subject
from pipeline.journey import Options
from pipeline.read.stage import ReadOptions
from pipeline.repair.stage import RepairOptions

CHECKS = [check for check in all_checks() if check.code not in WITHOUT_EXAMPLE]
OPTIONS = Options(repair=RepairOptions(suggest=True))
PROFILES = Path(__file__).parent / "cases/check-profile.toml"
SETTINGS: dict[str, dict[str, Any]] = {
    "R009": {"options": Options(read=ReadOptions(max_bytes=80))},
    "S005": {"options": Options(read=ReadOptions(profiles=(PROFILES,)))},
    "S006": {"settings": Expectations(doubt=0.02)},
    "H005": {"settings": Expectations(sure=0.94)},
    "H004": {"settings": Expectations(expected_sections=("symptoms",))},
    "D004": {"settings": Expectations(expected_provenance=("url",))},
}
"""What the examples of a check are checked with, where it is not the defaults."""


def found(check: Check, example: str) -> list[str]:
    settings = {"options": OPTIONS, **SETTINGS.get(check.code, {})}
    *beside, page = [Subject(f"{n}.html", data, **settings) for n, data in enumerate(example_pages(example))]
    settings["others"] = {subject.path: subject.signature for subject in beside}
    return [f.message for f in check_page(Subject(page.path, page.data, **settings), [check]).findings]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_bad_page_is_found(check: Check) -> None:
    assert found(check, check.bad)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_good_page_is_clean(check: Check) -> None:
    assert found(check, check.good) == []


def test_each_family_has_a_check_and_each_name_is_its_own() -> None:
    assert {check.code[0] for check in all_checks()} == FAMILIES.keys()
    names = [check.name for check in all_checks()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_the_help_is_written(check: Check) -> None:
    assert check.summary.endswith(".")
    assert check.why.endswith(".")
