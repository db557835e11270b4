"""How findings are written: each format read back by what reads it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest

from pipeline.check.finding import CheckFinding, PageReport
from pipeline.check.formats import FORMATS, excerpt

SARIF = Path(__file__).parent / "cases/check/sarif-2.1.0.schema.json"
ODD = "raw/a,b:c%|\x01<&>\"'.html"
FAULT = CheckFinding(
    "raw/a.html", 3, 5, "T001", "mended-error", "info", "“x” becomes\n100 % y.", 4, "abc before it", "after"
)
ERROR = CheckFinding(ODD, 1, 1, "R004", "truncated-download", "error", "It ends <here> & now.", whole_page=True)
REPORTS = [
    PageReport("raw/a.html", (FAULT, FAULT), 9, 3, (("before", "after", "ru.a.b"),), 90),
    PageReport(ODD, (ERROR,)),
    PageReport("raw/clean.html", (), 4, 0),
]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_no_fault_of_any_format(name: str) -> None:
    assert isinstance(FORMATS[name]([]), str)
    FORMATS[name](REPORTS[:1]).encode()


def test_text_is_a_line_a_finding() -> None:
    assert FORMATS["text"](REPORTS[1:]).startswith(f"{ODD}:1: R004 It ends <here> & now.")


def test_the_excerpt_has_carets_below_the_fault() -> None:
    line, carets, mend = excerpt(FAULT).splitlines()
    assert line[carets.index("^") : carets.rindex("^") + 1] == "befo"
    assert mend.endswith("= after")
    assert excerpt(ERROR) == ""


def test_pages_command_no_terminal() -> None:
    hostile = msgspec.structs.replace(
        FAULT, source="a \x1b]0;b\x07efore\u202e", message="“\x9b” is\nno word", mend="\x1b"
    )
    shown = excerpt(hostile) + FORMATS["text"]([PageReport("raw/a.html", (hostile,))])
    assert "a �]0;b�efore�" in shown
    assert "“�” is�no word" in shown
    assert all(character.isprintable() or character == "\n" for character in shown)


def test_json_and_jsonl() -> None:
    document = json.loads(FORMATS["json"](REPORTS[:1]))
    assert document["counts"] == {"T001": 2}
    assert document["pages"][0]["findings"][0]["mend"] == "after"
    assert [json.loads(line)["code"] for line in FORMATS["jsonl"](REPORTS[:1]).splitlines()] == ["T001", "T001"]


def test_github_escapes_what_would_end_a_command() -> None:
    first, _, last = FORMATS["github"](REPORTS).split("\n")[:3]
    assert first == ("::notice file=raw/a.html,line=3,col=5,title=T001 mended-error::“x” becomes%0A100 %25 y.")
    assert last.startswith("::error file=raw/a%2Cb%3Ac%25|")


def test_gitlab_has_a_fingerprint_for_each() -> None:
    issues = json.loads(FORMATS["gitlab"](REPORTS[:1]))
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert issues[0]["location"] == {"path": "raw/a.html", "lines": {"begin": 3}}
    assert {issue["severity"] for issue in issues} == {"info"}


@pytest.mark.parametrize("reports", [[], REPORTS], ids=["nothing", "findings"])
def test_sarif_fits_the_schema_of_the_standard(reports: list[PageReport]) -> None:
    schema = json.loads(SARIF.read_bytes())
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(FORMATS["sarif"](reports))
    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(document)] == []
    document["runs"][0]["tool"]["driver"].pop("name")
    assert not validator.is_valid(document), "the schema asks for what the standard requires"


def test_sarif_is_whole() -> None:
    document = json.loads(FORMATS["sarif"](REPORTS))
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert document["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"note", "warning", "error"}
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert set(place["artifactLocation"]["uri"]) <= set(map(chr, range(0x21, 0x7F))) - set('<>"{}|\\^`')
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 5, "endColumn": 9}


def test_junit_is_xml_whatever_the_page_is_called() -> None:
    suite = ET.fromstring(FORMATS["junit"](REPORTS).encode())[0]  # noqa: S314 -- our own
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    cases = suite.findall("testcase")
    assert [len(case.findall("failure")) for case in cases] == [0, 1, 0]
    assert "T001" in (cases[0].findtext("system-out") or "")


def test_markdown_is_a_table_of_pages_and_changes() -> None:
    text = FORMATS["markdown"](REPORTS)
    assert "| raw/a.html | 0 | 0 | 2 | 9 / 3 | 1 |" in text
    assert "Some pages must be mended" in text
    assert "ru.a.b" in text
