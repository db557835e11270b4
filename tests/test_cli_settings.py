"""Settings from pyproject.toml: found from below, strict, and after the command line."""

from pathlib import Path

import pytest

from pipeline.cli.main import status_of
from pipeline.cli.settings import load_settings
from pipeline.errors import DataFileError

CASES = sorted((Path(__file__).parent / "cases/cli/settings").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_fault_is_named_with_its_line(case: Path, tmp_path: Path) -> None:
    text = case.read_text(encoding="utf-8")
    expected = text.partition("\n")[0].removeprefix("# expect: ")
    assert expected.startswith("pyproject.toml:")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_settings(tmp_path)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(expected)


def test_settings_hold_below_their_folder(tmp_path: Path) -> None:
    text = '[tool.article-pipeline]\njobs = 3\ntimeout = 5\nformat = ["text", "json"]\n'
    (tmp_path / "pyproject.toml").write_text(
        text + '[tool.article-pipeline.sections]\nextend = ["own.toml"]\n', encoding="utf-8"
    )
    below = tmp_path / "a/b"
    below.mkdir(parents=True)
    settings = load_settings(below)
    assert (settings.jobs, settings.timeout, settings.formats) == (3, 5.0, ("text", "json"))
    assert settings.stages.sections.extend == (tmp_path / "own.toml",)


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.article-pipeline]\njobs = 3\n", encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert load_settings(tmp_path / "own").jobs is None


def test_a_fault_ends_every_command_before_any_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.article-pipeline]\njbos = 3\n", encoding="utf-8")
    (tmp_path / "page.txt").write_text("Text.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in (["run", ".", "../out"], ["clean", "page.txt"], ["strip", "page.txt"], ["explain", "page.txt"]):
        assert status_of(command) == 2
        streams = capfd.readouterr()
        assert streams.err.startswith(f"pipeline: {tmp_path}/pyproject.toml:2: ")
        assert streams.out == ""


def test_the_command_line_goes_before_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.article-pipeline]\nformat = ["text"]\n', encoding="utf-8")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/page.txt").write_text("A title\n\nA text of some words.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert status_of(["run"]) == 0
    assert (tmp_path / "processed/page.txt").exists()
    assert status_of(["run", "raw", "other", "--format", "json"]) == 0
    assert (tmp_path / "other/page.json").exists()
    assert not (tmp_path / "other/page.txt").exists()
