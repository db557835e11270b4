"""Files that users write: each case is a faulty TOML file (NAME.toml) and the message that it gives (NAME.txt)."""

import os
from pathlib import Path

import msgspec
import pytest

from pipeline.data_file import line_of, load_toml
from pipeline.errors import DataFileError

CASES = Path(__file__).parent / "cases" / "data_file"
NAMES = sorted(path.stem for path in CASES.glob("*.toml"))


class Example(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An example of an entry, as the glossary has them."""

    before: str
    after: str = ""


class Guards(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Conditions of an entry."""

    cues: list[str] = []
    reach: int = 300


class Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An entry of a file like the glossary."""

    id: str
    phrase: str
    guards: Guards = Guards()
    examples: list[Example] = []


class Cases(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A file like the ones that the stages read."""

    version: int = 1
    entry: list[Entry] = []
    words: dict[str, list[str]] = {}


def test_every_case_has_both_halves() -> None:
    """A file without its other half tests nothing, so it fails."""
    assert {path.name for path in CASES.iterdir()} == {f"{name}{end}" for name in NAMES for end in (".toml", ".txt")}


@pytest.mark.parametrize("name", NAMES)
def test_golden_message(name: str) -> None:
    """A faulty file is refused with its line, what is wrong and where."""
    with pytest.raises(DataFileError) as caught:
        load_toml(CASES / f"{name}.toml", Cases)
    message = str(caught.value).replace(str(CASES) + os.sep, "") + "\n"
    path = CASES / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(message, encoding="utf-8")
    assert message == path.read_text(encoding="utf-8")


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    """What fits the type becomes a value of it."""
    path = tmp_path / "a.toml"
    path.write_text('[[entry]]\nid = "a"\nphrase = "b"\nguards.cues = ["c"]\n', encoding="utf-8")
    assert load_toml(path, Cases).entry[0].guards.cues == ["c"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are named with their line; so is a file that is not there."""
    path = tmp_path / "a.toml"
    path.write_bytes(b"version = 1\n# \xff\n")
    with pytest.raises(DataFileError, match=r"a\.toml:2: is not UTF-8"):
        load_toml(path, Cases)
    with pytest.raises(DataFileError, match="cannot be read"):
        load_toml(tmp_path / "none.toml", Cases)
    with pytest.raises(DataFileError, match="cannot be read"):
        load_toml(tmp_path, Cases)


def test_a_path_that_is_not_there_has_no_line() -> None:
    """Nothing is pointed at where nothing is known."""
    assert line_of("a = 1\n", "$") is None
    assert line_of("a = 1\n", "$.b.c") is None
