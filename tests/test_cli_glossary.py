"""`pipeline glossary` and the modes of `pipeline repair` on a glossary of the tests' own."""

import subprocess
from pathlib import Path

import pytest

from pipeline.cli.main import status_of
from pipeline.record import Record

ENTRIES = """
[[entry]]
id = "ru.tea.boiled-water"
source = "кипяток"
match = "abrupt boiling"
replace = "boiling water"
status = "approved"
type = "sense"
change = [
    ["Pour abrupt boiling over it.", "Pour boiling water over it."],
    ["A cup of abrupt boiling is enough.", "A cup of boiling water is enough."],
]
keep = ["The abrupt end of boiling is heard.", "Boiling was abrupt."]

[entry.review]
by = "a reviewer"
on = "2024-01-02"
"""
TEXT = """Tea of herbs

Pour abrupt boiling over the leaves and let them stand for ten minutes before you drink the tea.
"""

Streams = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own/ru").mkdir(parents=True)
    (tmp_path / "own/ru/tea.toml").write_text(ENTRIES, encoding="utf-8")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/tea.txt").write_text(TEXT, encoding="utf-8")
    settings = '[tool.article-pipeline.repair]\nglossary = ["own"]\nbuiltin = false\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def said(capfd: Streams, *arguments: str, status: int = 0) -> str:
    assert status_of(arguments) == status
    return capfd.readouterr().out


def test_entries_of_ones_own_are_applied(place: Path, capfd: Streams) -> None:
    assert "Pour boiling water over the leaves" in said(capfd, "clean", "raw/tea.txt", "-f", "text")


def test_dry_run_lists_changes_and_writes_nothing(place: Path, capfd: Streams) -> None:
    listed = said(capfd, "repair", "raw", "--dry-run")
    assert listed == "raw/tea.txt:3: abrupt boiling → boiling water (ru.tea.boiled-water)\n"


def test_diff_shows_changes_in_context(place: Path, capfd: Streams) -> None:
    shown = said(capfd, "repair", "raw/tea.txt", "--diff").splitlines()
    assert shown[0] == "raw/tea.txt:"
    assert "from “кипяток” (ru.tea.boiled-water)" in shown[1]
    assert shown[2].startswith("    - Pour abrupt boiling over the leaves")
    assert shown[3].startswith("    + Pour boiling water over the leaves")


def test_undo_gives_back_the_text_before(place: Path, capfd: Streams) -> None:
    stripped = Record.from_json(said(capfd, "strip", "raw/tea.txt"))
    said(capfd, "sections", "raw/tea.txt", "-o", "tea.json")
    undone = Record.from_json(said(capfd, "repair", "--undo", "tea.json"))
    assert Record.from_json(Path("tea.json").read_bytes()).changes
    assert (undone.changes, undone.sections) == ((), ())
    assert (undone.title, undone.text, undone.stages) == (stripped.title, stripped.text, ("read", "strip"))
    assert status_of(["repair", "--undo", "raw/tea.txt"]) == 2
    assert "there is nothing to undo" in capfd.readouterr().err


def test_modes_that_write_no_records_take_no_output(place: Path, capfd: Streams) -> None:
    assert status_of(["repair", "raw/tea.txt", "--diff", "-o", "out.json"]) == 2
    assert status_of(["sections", "raw/tea.txt", "--table", "-o", "out.json"]) == 2
    assert not Path("out.json").exists()


def test_the_table_of_sections(place: Path, capfd: Streams) -> None:
    table = said(capfd, "sections", "raw/tea.txt", "--table").splitlines()
    assert table[1].split()[0] in {"other", "overview"}


def test_lint_and_test(place: Path, capfd: Streams) -> None:
    assert "error" not in said(capfd, "glossary", "lint")
    assert said(capfd, "glossary", "test") == ""
    broken = ENTRIES.replace('"Pour boiling water over it."', '"Pour tea over it."').replace("ru.tea", "de.tea")
    Path("own/ru/tea.toml").write_text(broken, encoding="utf-8")
    assert "own/ru/tea.toml:2: error: de.tea.boiled-water" in said(capfd, "glossary", "lint", status=1)
    assert "expected Pour tea over it." in said(capfd, "glossary", "test", "de.tea.boiled-water", status=1)


def test_try_says_what_decided(place: Path, capfd: Streams) -> None:
    tried = said(capfd, "glossary", "try", "Pour abrupt boiling over it.")
    assert "+ Pour boiling water over it." in tried
    assert "ru.tea.boiled-water: “abrupt boiling” → “boiling water”: applied" in tried
    assert status_of(["glossary", "try", "Tea.", "--topic", "tea"]) == 2
    assert "there is no topic tea. Choose from" in capfd.readouterr().err


def test_show_and_stats(place: Path, capfd: Streams) -> None:
    assert said(capfd, "glossary", "show", "ru.tea.boiled-water").startswith("[[entry]]\nid = ")
    assert "entries           1" in said(capfd, "glossary", "stats")
    for command in ("show", "test"):
        assert status_of(["glossary", command, "ru.tea.boiled-watr"]) == 2
        assert "Did you mean ru.tea.boiled-water?" in capfd.readouterr().err


def test_export_and_import_are_one_round(place: Path, capfd: Streams) -> None:
    Path("terms.csv").write_text(said(capfd, "glossary", "export"), encoding="utf-8")
    assert 'id = "ru.tea.boiled-water"' in said(capfd, "glossary", "import", "terms.csv")
    assert "кипяток" in said(capfd, "glossary", "export", "--to", "tbx")
    assert status_of(["glossary", "import", "raw/tea.txt"]) == 2


def test_diff_compares_with_a_revision(place: Path, capfd: Streams) -> None:
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *arguments], check=True)
    Path("own/ru/tea.toml").write_text(ENTRIES.replace("approved", "disabled"), encoding="utf-8")
    told = said(capfd, "glossary", "diff", "HEAD")
    assert told.startswith("gained: 0\nlost: 1\n  tea: …Pour [abrupt boiling → boiling water]")
    assert status_of(["glossary", "diff", "nothing"]) == 2
    assert status_of(["glossary", "diff", "--", "--output=x"]) == 2


def test_explain_says_which_guard_decided(place: Path, capfd: Streams) -> None:
    guarded = ENTRIES.replace('type = "sense"', 'type = "sense"\nunless = ["leaves"]')
    Path("own/ru/tea.toml").write_text(guarded, encoding="utf-8")
    assert "Left alone" not in said(capfd, "explain", "raw/tea.txt")
    told = said(capfd, "explain", "raw/tea.txt", "--guards")
    assert "Changed: 0" in told
    assert "Left alone: 1\n  line 3: “abrupt boiling” (ru.tea.boiled-water): unless" in told
