"""Approving writes the entry and the decision: one entry in the diff, lint first, and both or neither."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import DataFileError, OutputError
from pipeline.repair.glossary_files import BUILT_IN, load
from pipeline.review import approval
from pipeline.review.approval import EntryError, approve, open_queue, recover, refuse, withdraw
from pipeline.review.candidate import Candidate, candidate_id
from pipeline.review.entry_check import check_entry, load_cached, related
from pipeline.review.entry_file import with_entry, without_entry
from pipeline.review.queue import Queue, QueueError
from tests.review_crash import ENTRY, FILE, clock

OWN = candidate_id("sense", "ru", "brink")
TOML = ENTRY.format(name="brinkmost")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = tmp_path / "glossary" / "ru" / "eyes.toml"
    file.parent.mkdir(parents=True)
    file.write_bytes(FILE.encode())
    return tmp_path / "glossary"


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    queue = open_queue(tmp_path / "queue.sqlite", clock)
    queue.add([Candidate(OWN, "brink", "sense", "ru", "eyes")])
    return queue


def eyes(folder: Path) -> str:
    return (folder / "ru" / "eyes.toml").read_bytes().decode()


def test_killed_at_any_step_queue_and_glossary_agree(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.review_crash", str(tmp_path), "3"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    kills, _, rest = done.stdout.partition(" kills, ")
    assert rest == "0 disagreements, 0 unlike\n"
    assert int(kills) >= 50


def test_one_entry_joins_the_file_and_all_else_stays(queue: Queue, folder: Path) -> None:
    decision = approve(queue, OWN, "ann", TOML, folder=folder, reason="no harm found")
    before, after = FILE.splitlines(), eyes(folder).splitlines()
    added = [line for line in after if line not in before]
    assert 'id = "ru.eyes.brinkmost"' in added
    assert 'review = { by = "ann", on = "2023-11-14", why = "no harm found" }' in added
    at = after.index("[[entry]]", after.index("[[entry]]") + 1)
    assert after[:at] + after[at + len(after) - len(before) :] == before, "the rest is there, in its order"
    assert (queue.state(OWN), decision.entry_id) == ("approved", "ru.eyes.brinkmost")
    assert [located.entry.id for located in load([folder]).entries] == sorted(
        located.entry.id for located in load([folder]).entries
    )


def test_taken_back_the_file_is_as_before(queue: Queue, folder: Path) -> None:
    decision = approve(queue, OWN, "ann", TOML, folder=folder)
    withdraw(queue, decision.number, "bob")
    assert eyes(folder) == FILE
    assert queue.state(OWN) == "open"
    with pytest.raises(QueueError, match="no such decision that stands"):
        withdraw(queue, decision.number, "bob")
    approve(queue, OWN, "ann", TOML, folder=folder)
    assert "brinkmost" in eyes(folder)


def test_a_new_field_begins_a_file_and_leaves_none(queue: Queue, folder: Path) -> None:
    decision = approve(queue, OWN, "ann", TOML.replace("ru.eyes", "de.eyelids"), folder=folder, suggest=True)
    path = folder / "de" / "eyelids.toml"
    assert path.read_text().startswith("# Eyelids, from German.\n\n[[entry]]\n")
    assert 'apply = "suggest"' in path.read_text()
    assert queue.state(OWN) == "suggested"
    withdraw(queue, decision.number, "ann")
    assert not path.exists()


def test_ends_of_lines_stay(queue: Queue, folder: Path) -> None:
    path = folder / "ru" / "eyes.toml"
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    decision = approve(queue, OWN, "ann", TOML, folder=folder)
    assert eyes(folder).count("\n") == eyes(folder).count("\r\n")
    withdraw(queue, decision.number, "ann")
    assert eyes(folder) == FILE.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"An eyelid is a fold of skin."', "", "few-examples"),
        ("edge of the eyelid is red", "edge of the lid is red", "example-fails"),
        ("ru.eyes.brinkmost", "ru.eyes.a-first", "id-taken"),
        ('type = "sense"\n', "", "no-type"),
        ("The brinkmost is red.", "The brinkmost of the eyelid.", "example-fails"),
        ('replace = "edge of the eyelid"', 'replace = "brinkmost of the eyelid edge"', "example-fails"),
    ],
)
def test_lint_comes_first(queue: Queue, folder: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(EntryError) as caught:
        approve(queue, OWN, "ann", TOML.replace(old, new), folder=folder)
    assert code in [finding.code for finding in caught.value.findings if finding.severity == "error"]
    assert eyes(folder) == FILE
    assert queue.state(OWN) == "open"


@pytest.mark.parametrize(
    "toml", ["", "no toml", TOML + TOML, TOML.replace("ru.eyes.", "../../"), "[defaults]\nmt = 1\n" + TOML]
)
def test_what_is_no_entry_is_refused(queue: Queue, folder: Path, toml: str) -> None:
    with pytest.raises(DataFileError):
        approve(queue, OWN, "ann", toml, folder=folder)
    assert eyes(folder) == FILE
    assert queue.state(OWN) == "open"


def test_a_refusal_is_kept_with_the_glossary(queue: Queue, folder: Path) -> None:
    decision = refuse(queue, OWN, "ann", 'it is "right"', folder=folder, replace="edge")
    (refused,) = load([folder]).refused
    assert (refused.match, refused.replace, refused.why, refused.language) == ("brink", "edge", 'it is "right"', "ru")
    withdraw(queue, decision.number, "ann")
    assert not (folder / "refused.toml").exists()


def test_an_entry_that_was_edited_is_not_taken_out(queue: Queue, folder: Path) -> None:
    decision = approve(queue, OWN, "ann", TOML, folder=folder)
    path = folder / "ru" / "eyes.toml"
    path.write_text(eyes(folder).replace("is red", "is swollen"))
    with pytest.raises(QueueError, match="was edited"):
        withdraw(queue, decision.number, "ann")
    assert queue.state(OWN) == "approved"


def test_a_full_disk_leaves_all_as_it_was(queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(approval, "write_file", full)
    with pytest.raises(OutputError, match="No space left"):
        approve(queue, OWN, "ann", TOML, folder=folder)
    assert (queue.state(OWN), eyes(folder)) == ("open", FILE)
    assert "brinkmost" in (queue.get(OWN) or Candidate("", "", "sense")).draft, "what was written is not lost"


class Killed(BaseException):
    """Stands for a kill: nothing handles it."""


def cut_short(queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Approve and be killed when the file is about to be written."""

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(approval, "write_file", kill)
        with pytest.raises(Killed):
            approve(queue, OWN, "ann", TOML, folder=folder)
    assert queue.state(OWN) == "pending"


def test_a_file_edited_after_the_kill_gets_the_entry(
    queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(queue, folder, monkeypatch)
    (folder / "ru" / "eyes.toml").write_text(FILE.replace("This comment stays", "Edited"))
    assert recover(queue).finished == (OWN,)
    assert "# Eyes. Edited" in eyes(folder)
    assert "brinkmost" in eyes(folder)
    assert queue.state(OWN) == "approved"


def test_a_file_broken_after_the_kill_is_left_alone(
    queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(queue, folder, monkeypatch)
    (folder / "ru" / "eyes.toml").write_text("[[entry\n")
    assert recover(queue).given_up == (OWN,)
    assert eyes(folder) == "[[entry\n"
    found = queue.get(OWN)
    assert found is not None
    assert (queue.state(OWN), "brinkmost" in found.draft) == ("open", True)


def test_without_its_folder_a_write_waits(queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(queue, folder, monkeypatch)
    folder.rename(folder.with_name("elsewhere"))
    assert recover(queue).left == (OWN,)
    folder.with_name("elsewhere").rename(folder)
    assert recover(queue).finished == (OWN,)
    assert recover(queue) == approval.Recovered()


def test_the_quick_lint_finds_what_the_whole_one_finds_in_built_in_files() -> None:
    """Some entries, each taken out and put back: no error, and the rest of the file stays."""
    loaded = load_cached([BUILT_IN])
    for known in loaded.known[::390]:
        located = known.located
        rest = type(loaded)([other for other in loaded.known if other is not known], loaded.refused)
        assert not [finding for finding in check_entry(located, rest) if finding.severity == "error"]
        assert len(related(located, rest.known)) <= 40
        text = located.path.read_text(encoding="utf-8")
        left = without_entry(text, located, located.path)
        assert left.count("[[entry]]") == text.count("[[entry]]") - 1
        assert all(line in text for line in left.splitlines())
        assert with_entry(left, [], located.entry, located.path).startswith(left.rstrip("\n"))


def undone(queue: Queue, folder: Path) -> tuple[str, str]:
    """Put a candidate into the queue that gives an entry of the file an antipattern; return its id and its TOML."""
    path = folder / "ru/eyes.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + ENTRY.format(name="rimmost"), encoding="utf-8")
    ident = candidate_id("undone", "ru", "rimmost")
    queue.add([Candidate(ident, "rimmost", "undone", "ru", "eyes")])
    return ident, ENTRY.format(name="rimmost") + 'not = ["rimmost of the eyelid fold"]\n'


def test_a_repair_undone_changes_its_entry_in_place(queue: Queue, folder: Path) -> None:
    """The entry gets its antipattern where it stands; taken back, the file is as before to the byte."""
    ident, toml = undone(queue, folder)
    before = eyes(folder)
    decision = approve(queue, ident, "ann", toml, folder=folder)
    after = eyes(folder)
    assert after.count('id = "ru.eyes.rimmost"') == 1
    assert 'not = ["rimmost of the eyelid fold"]' in after
    assert after.index("a-first") < after.index("rimmost")
    withdraw(queue, decision.number, "ann")
    assert eyes(folder) == before


def test_a_candidate_of_another_kind_takes_no_entrys_place(queue: Queue, folder: Path) -> None:
    undone(queue, folder)
    ident = candidate_id("sense", "ru", "other")
    queue.add([Candidate(ident, "other", "sense", "ru", "eyes")])
    with pytest.raises(EntryError, match="id is taken"):
        approve(queue, ident, "ann", ENTRY.format(name="rimmost"), folder=folder)


@pytest.mark.parametrize("edited", [False, True])
def test_a_change_in_place_cut_short_is_finished(
    queue: Queue, folder: Path, monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    """Also where somebody edited another part of the file meanwhile."""
    ident, toml = undone(queue, folder)

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(approval, "write_file", kill)
        with pytest.raises(Killed):
            approve(queue, ident, "ann", toml, folder=folder)
    path = folder / "ru/eyes.toml"
    if edited:
        path.write_text(path.read_text(encoding="utf-8").replace("# Eyes.", "# Eyes, edited."), encoding="utf-8")
    approval.recover(queue)
    assert eyes(folder).count('not = ["rimmost of the eyelid fold"]') == 1
    assert ("# Eyes, edited." in eyes(folder)) == edited
    assert queue.state(ident) == "approved"
