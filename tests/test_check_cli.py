"""`pipeline check` from the shell: exit status, streams, settings and git."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from pipeline.check.explained import page_of_all
from pipeline.cli import check as command
from pipeline.cli.main import status_of
from pipeline.cli.settings import load_settings

GOOD = """<html><body><h1>Gout</h1>
<p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
<p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
<p>Men have it more often than women, and those who eat much meat and drink much beer have it most.</p>
</body></html>"""
CUT = GOOD.partition("</body>")[0]
Streams = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/good.html").write_text(GOOD, encoding="utf-8")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    named = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ, **own})


def test_status_says_what_was_found(folder: Path, capfd: Streams) -> None:
    assert status_of(["check", "raw"]) == 0
    assert capfd.readouterr().err == "1 page checked: nothing found\n"
    (folder / "raw/cut.html").write_text(CUT.replace("Gout", "Cold"), encoding="utf-8")
    assert status_of(["check", "--select", "R", "raw"]) == 1
    streams = capfd.readouterr()
    assert streams.out.startswith("raw/cut.html:5: R004 The page breaks off")
    assert streams.err == "2 pages checked: 1 error\n"
    assert status_of(["check", "--select", "R", "--ignore", "R004", "raw"]) == 0
    (folder / "raw/mended.html").write_text(GOOD.replace("Men have", "Before to treat it, see that men have"), "utf-8")
    assert status_of(["check", "--quiet", "raw/mended.html"]) == 0
    assert "T001" in capfd.readouterr().out
    assert status_of(["check", "--fail-on", "info", "--severity", "warning", "raw/mended.html"]) == 0
    assert status_of(["check", "--fail-on", "info", "-q", "raw/mended.html"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [[], [""], ["gone.html"], ["--select", "Z1", "raw"], ["--explain", "Z1"], ["--format", "xml", "raw"],
     ["--baseline", "gone.json", "raw"], ["--changed-since", "HEAD", "raw"], ["--jobs", "0", "raw"]],
)  # fmt: skip
def test_misuse_is_status_2(folder: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    assert status_of(["check", *arguments]) == 2


def test_a_fault_of_the_program_is_never_status_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: Streams
) -> None:
    monkeypatch.setattr(command, "_summary", lambda reports: [][1])
    with pytest.raises(SystemExit) as caught:
        status_of(["check", "raw"])
    assert caught.value.code == command.CRASHED
    assert "IndexError" in capfd.readouterr().err


def test_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: Streams) -> None:
    (folder / "cut.html").write_text(CUT, encoding="utf-8")
    with (folder / "cut.html").open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert status_of(["check", "--statistics", "-"]) == 1
    assert capfd.readouterr().out == "     1  R004  truncated-download\n"


def test_only_what_a_branch_changes_is_checked(folder: Path, capfd: Streams) -> None:
    git(folder, "init", "-q", "-b", "main")
    (folder / "raw/old.html").write_text(CUT.replace("Gout", "Cold"), encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "old")
    git(folder, "checkout", "-q", "-b", "new")
    (folder / "raw/néw page.html").write_text(GOOD.replace("by itself", "away"), encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "new")
    (folder / "raw/untracked.html").write_text(CUT.replace("disease", "fault"), encoding="utf-8")
    assert status_of(["check", "--changed-since", "main", "--format", "jsonl", "--select", "R,P", "raw"]) == 1
    found = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    said = [(f["path"], f["code"]) for f in found]
    assert ("raw/néw page.html", "P001") in said
    assert ("raw/untracked.html", "R004") in said
    assert not [path for path, _ in said if path in {"raw/old.html", "raw/good.html"}]
    assert "raw/good.html" in next(f["message"] for f in found if f["path"] == "raw/néw page.html")


def test_a_baseline_lets_new_findings_through_alone(folder: Path, capfd: Streams) -> None:
    cut = folder / "raw/cut.html"
    cut.write_text(CUT, encoding="utf-8")
    assert status_of(["check", "--write-baseline", "known.json", "raw"]) == 0
    assert status_of(["check", "--baseline", "known.json", "raw"]) == 0
    assert capfd.readouterr().out == ""
    cut.write_text(CUT.replace("</p>", " <a>anna@mail.example</a></p>", 1), encoding="utf-8")
    assert status_of(["check", "--baseline", "known.json", "--fail-on", "warning", "--select", "X", "raw"]) == 1


def test_settings_hold_and_the_command_line_goes_before(folder: Path, capfd: Streams) -> None:
    (folder / "raw/cut.html").write_text(CUT, encoding="utf-8")
    table = '[tool.article-pipeline.check]\nselect = ["R"]\nper_file_ignores = {"raw/c*" = ["R004"]}\n'
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    assert status_of(["check", "raw"]) == 0
    assert capfd.readouterr().out == ""
    assert status_of(["check", "--select", "P", "raw"]) == 0
    assert "P001" in capfd.readouterr().out
    (folder / "pyproject.toml").write_text("[tool.article-pipeline.check]\nselct = []\n", encoding="utf-8")
    assert status_of(["check", "raw"]) == 2
    assert "Did you mean select?" in capfd.readouterr().err


def test_explain_and_list(folder: Path, capfd: Streams) -> None:
    assert status_of(["check", "--list"]) == 0
    assert "R004  error    truncated-download: " in capfd.readouterr().out
    assert status_of(["check", "--explain", "truncated-download"]) == 0
    assert capfd.readouterr().out.startswith("### R004 truncated-download (error)")


def test_output_goes_to_a_file(folder: Path, capfd: Streams) -> None:
    assert status_of(["check", "-f", "sarif", "-o", "out/check.sarif", "raw"]) == 0
    assert capfd.readouterr().out == ""
    assert json.loads((folder / "out/check.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_names_that_are_no_text_are_shown(folder: Path, capfd: Streams) -> None:
    name = os.fsdecode(b"raw/caf\xe9\n.html")
    Path(name).write_text(CUT, encoding="utf-8")
    for form in ("json", "jsonl", "github", "gitlab", "sarif", "junit", "markdown", "text"):
        assert status_of(["check", "--select", "R", "-f", form, "raw"]) == 1
        assert "R004" in capfd.readouterr().out


def test_on_a_terminal_the_line_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: Streams) -> None:
    page = GOOD.replace("Men have", "Before to treat it, see that men have")
    (folder / "raw/good.html").write_text(page, encoding="utf-8")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert status_of(["check", "--select", "T", "raw"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("raw/good.html:4:4: T001 ")
    assert lines[2][lines[1].index("Before to treat") :].startswith("^" * len("Before to treat"))
    assert lines[3].endswith("= Before treating")


def test_several_reports_from_one_run(folder: Path, capfd: Streams) -> None:
    reports = ["--report", "sarif=out/a.sarif", "--report", "markdown=out/a.md"]
    assert status_of(["check", *reports, "raw"]) == 0
    assert json.loads((folder / "out/a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (folder / "out/a.md").read_text(encoding="utf-8").startswith("## Check of scraped pages")
    for wrong in ("sarif", "sarif=", "html=a.html"):
        assert status_of(["check", "--report", wrong, "raw"]) == 2


def test_settings_of_a_site_are_read_strictly(folder: Path, capfd: Streams) -> None:
    (folder / "raw/cut.html").write_text(CUT, encoding="utf-8")
    table = (
        '[tool.article-pipeline.check]\nselect = ["R"]\n[tool.article-pipeline.check.sites.raw]\nignore = ["R004"]\n'
    )
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    assert status_of(["check", "raw"]) == 0
    (folder / "pyproject.toml").write_text(table.replace("ignore", "ignroe"), encoding="utf-8")
    assert status_of(["check", "raw"]) == 2
    assert "ignroe" in capfd.readouterr().err


def test_the_settings_in_the_docs_are_taken(folder: Path) -> None:
    shown = page_of_all().partition("```toml\n")[2].partition("```")[0]
    (folder / "pyproject.toml").write_text(shown, encoding="utf-8")
    check = load_settings().check
    assert check is not None
    assert check.site("raw/a.html", "https://www.clinic.example/gout").ignore == ("S003",)
    assert status_of(["check", "-q", "raw"]) == 0


def test_records_in_a_folder_are_checked_and_other_json_is_not(folder: Path, capfd: Streams) -> None:
    assert status_of(["run", "raw", "processed"]) == 0
    (folder / "processed/other.json").write_text("{}", encoding="utf-8")
    capfd.readouterr()
    assert status_of(["check", "processed"]) == 0
    assert capfd.readouterr().err == "1 page checked: nothing found\n"
    (folder / "raw/good.html").write_text(CUT, encoding="utf-8")
    assert status_of(["check", "processed"]) == 1
    assert capfd.readouterr().out.startswith("processed/good.json:1: D003 The page good.html has changed")
