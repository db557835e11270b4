"""Runs over folders: what is done, what is not done again, and what is told of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest

from pipeline.errors import DataFileError, InputError, OutputError, UsageError
from pipeline.journey import Options
from pipeline.record import Finding, Record
from pipeline.run import files, fingerprint, folder
from pipeline.run.files import lock
from pipeline.run.fingerprint import run_fingerprint
from pipeline.run.folder import RunOptions, run_folder
from pipeline.run.pages import Fault
from pipeline.run.summary import Silent, Summary
from pipeline.run.worker import Job, Made, Task, internal_error, make
from pipeline.sections.stage import SectionOptions
from tests.test_crash import contents


class Told(Silent):
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[str] = []

    def tell(self, fault: Fault) -> None:
        self.faults.append(fault)

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


class Place:
    """A folder of pages and one of records, run without worker processes."""

    def __init__(self, root: Path) -> None:
        self.raw, self.processed = root / "raw", root / "processed"
        self.raw.mkdir()
        for name in ("a.txt", "b.txt", "sub/c.txt"):
            self.page(name, f"This is page {name}.")

    def page(self, name: str, text: str) -> None:
        (self.raw / name).parent.mkdir(exist_ok=True)
        (self.raw / name).write_text(text, encoding="utf-8")

    def run(self, *formats: str, force: bool = False, prune: bool = False, watcher: Told | None = None) -> Summary:
        options = RunOptions(formats=formats or ("json",), force=force, prune=prune)
        return run_folder(self.raw, self.processed, options, watcher)

    def counts(self, *formats: str) -> tuple[int, int, int]:
        summary = self.run(*formats)
        return summary.new, summary.changed, summary.unchanged

    def names(self) -> set[str]:
        return set(contents(self.processed))


def in_process(jobs: Iterable[Job], task: Task, **_: object) -> Generator[Made, None, None]:
    """Stand in for `outcomes`: the same results, without worker processes."""
    for job in jobs:
        yield make(job, task)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(folder, "outcomes", in_process)
    monkeypatch.setattr(folder, "run_fingerprint", lambda _: "as before")  # whoever edits the code meanwhile
    return Place(tmp_path)


def test_a_record_for_each_page(place: Place) -> None:
    assert place.counts() == (3, 0, 0)
    assert place.names() == {"a.json", "b.json", "sub/c.json"}
    assert Record.from_json((place.processed / "sub/c.json").read_bytes()).id == "sub/c"


def test_nothing_is_done_twice(place: Place) -> None:
    place.run()
    before = {path: path.stat().st_mtime_ns for path in place.processed.glob("*.json")}
    assert place.counts() == (0, 0, 3)
    assert {path: path.stat().st_mtime_ns for path in place.processed.glob("*.json")} == before


def test_a_page_that_changed_is_made_again(place: Place) -> None:
    place.run()
    place.page("a.txt", "Something else.")
    assert place.counts() == (0, 1, 2)
    assert b"Something else." in (place.processed / "a.json").read_bytes()


def test_an_edit_that_keeps_size_and_time_is_noticed(place: Place) -> None:
    os.utime(place.raw / "a.txt", ns=(10**18, 10**18))
    place.run()
    place.page("a.txt", "This is PAGE a.txt.")
    os.utime(place.raw / "a.txt", ns=(10**18, 10**18))
    assert place.counts() == (0, 1, 2)


def test_a_page_that_was_only_touched_is_not_made_again(place: Place) -> None:
    place.run()
    os.utime(place.raw / "a.txt")
    assert place.counts() == (0, 0, 3)


@pytest.mark.parametrize("settled", [True, False])
def test_a_page_is_read_again_only_where_its_stamp_cannot_be_trusted(
    place: Place, monkeypatch: pytest.MonkeyPatch, settled: bool
) -> None:
    """A page written less than two seconds before it was read could change again under the same time stamp."""
    monkeypatch.setattr(files.Stamp, "is_settled", lambda _: settled)
    place.run()
    read = []

    def noting(path: Path) -> str | None:
        read.append(path.name)
        return files.hash_of(path)

    monkeypatch.setattr(folder, "hash_of", noting)
    assert place.counts() == (0, 0, 3)
    assert read == ([] if settled else ["a.txt", "b.txt", "c.txt"])


def test_force_makes_everything_again(place: Place) -> None:
    place.run()
    assert place.run(force=True).changed == 3


def test_outputs_deleted_or_edited_are_made_again(place: Place) -> None:
    place.run()
    before = contents(place.processed)
    (place.processed / "a.json").unlink()
    (place.processed / "b.json").write_text("edited", encoding="utf-8")
    assert place.counts() == (0, 2, 1)
    assert contents(place.processed) == before


def test_an_output_that_was_copied_over_itself_is_left_alone(place: Place) -> None:
    place.run()
    shutil.copy(place.processed / "a.json", place.processed / "copy")
    (place.processed / "copy").rename(place.processed / "a.json")
    assert place.counts() == (0, 0, 3)


def test_without_a_ledger_the_same_files_are_not_written_again(place: Place) -> None:
    place.run()
    before = (place.processed / "a.json").stat().st_ino
    (place.processed / ".ledger.sqlite").unlink()
    assert place.counts() == (3, 0, 0)
    assert (place.processed / "a.json").stat().st_ino == before


def test_another_version_makes_everything_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.run()
    monkeypatch.setattr(folder, "run_fingerprint", lambda _: "another")
    assert place.counts() == (0, 3, 0)


def test_the_fingerprint_covers_version_code_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "_code", lambda _: "code")
    before = run_fingerprint(Options())
    assert run_fingerprint(Options()) == before
    assert run_fingerprint(Options(sections=SectionOptions(taxonomy="wikisection"))) != before
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.__version__", "99")
        assert run_fingerprint(Options()) != before
    monkeypatch.setattr(fingerprint, "_code", lambda _: "other code")
    assert run_fingerprint(Options()) != before


def test_the_fingerprint_of_the_code_leaves_out_what_no_record_depends_on(tmp_path: Path) -> None:
    for name in ("read/a.py", "cli/b.py", "journey.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")
    before = fingerprint._code(tmp_path)
    (tmp_path / "cli/b.py").write_text("2", encoding="utf-8")
    assert fingerprint._code(tmp_path) == before
    (tmp_path / "read/a.py").write_text("2", encoding="utf-8")
    assert fingerprint._code(tmp_path) != before


def test_a_format_more_is_made_and_the_other_kept(place: Place) -> None:
    place.run("json")
    assert place.counts("markdown") == (0, 3, 0)
    assert place.names() == {"a.json", "b.json", "sub/c.json", "a.md", "b.md", "sub/c.md"}
    assert place.counts("json", "markdown") == (0, 0, 3)


def test_outputs_in_formats_not_asked_for_do_not_go_stale(place: Place) -> None:
    """Where the page has changed, the Markdown of the old one is removed."""
    place.run("json", "markdown")
    place.page("a.txt", "Something else.")
    place.run("json")
    assert place.names() == {"a.json", "b.json", "sub/c.json", "b.md", "sub/c.md"}


def test_one_file_for_the_run_in_the_order_of_the_pages(place: Place) -> None:
    place.run("jsonl")
    lines = (place.processed / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "sub/c"]
    assert place.names() == {"records.jsonl"}
    place.page("b.txt", "Something else.")
    place.page("aa.txt", "New.")
    assert place.counts("jsonl") == (1, 1, 2)
    lines = (place.processed / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "aa", "b", "sub/c"]
    assert "Something else." in lines[2]


def test_the_file_for_the_run_is_made_again_where_it_was_deleted(place: Place) -> None:
    place.run("jsonl", "json")
    before = contents(place.processed)
    (place.processed / "records.jsonl").unlink()
    assert place.counts("jsonl", "json") == (0, 0, 3)
    assert contents(place.processed) == before


def test_the_file_for_the_run_does_not_go_stale(place: Place) -> None:
    place.run("jsonl", "json")
    place.run("json")
    assert "records.jsonl" in place.names()
    place.page("a.txt", "Something else.")
    told = Told()
    place.run("json", watcher=told)
    assert "records.jsonl" not in place.names()
    assert told.notes == ["records.jsonl is out of date and not among the formats asked for: removed"]


def test_outputs_of_a_page_that_is_gone_are_removed_only_when_asked(place: Place) -> None:
    place.run("json", "jsonl")
    (place.raw / "sub/c.txt").unlink()
    summary = place.run("json", "jsonl")
    assert (summary.gone, summary.removed) == (1, 0)
    assert "sub/c.json" in place.names()
    assert b"sub/c" in (place.processed / "records.jsonl").read_bytes()
    summary = place.run("json", "jsonl", prune=True)
    assert (summary.gone, summary.removed) == (0, 1)
    assert place.names() == {"a.json", "b.json", "records.jsonl"}
    assert not (place.processed / "sub").exists()
    assert b"sub/c" not in (place.processed / "records.jsonl").read_bytes()


def test_without_a_ledger_records_of_pages_that_are_gone_are_known(place: Place) -> None:
    """As in a fresh clone. A file that is no record of ours is never touched."""
    place.run()
    (place.processed / ".ledger.sqlite").unlink()
    (place.raw / "sub/c.txt").unlink()
    (place.processed / "notes.json").write_text('{"my": "notes"}', encoding="utf-8")
    (place.processed / "README.md").write_text("mine", encoding="utf-8")
    assert place.run(prune=True).removed == 1
    assert place.names() == {"a.json", "b.json", "notes.json", "README.md"}


def test_a_page_whose_id_changes_leaves_no_old_output(place: Place) -> None:
    place.run()
    place.page("a.html", "<p>This is another page of the same name.</p>")
    place.run()
    assert place.names() == {"a.html.json", "a.txt.json", "b.json", "sub/c.json"}
    (place.raw / "a.txt").unlink()
    place.run(prune=True)
    assert place.names() == {"a.json", "b.json", "sub/c.json"}
    assert json.loads((place.processed / "a.json").read_bytes())["source"]["name"] == "a.html"


def test_a_page_that_takes_the_name_of_one_that_is_gone(place: Place) -> None:
    place.run("json", "markdown", "jsonl")
    (place.raw / "a.txt").rename(place.raw / "a.html")
    summary = place.run("json", "jsonl")
    assert (summary.new, summary.gone) == (1, 0)
    assert place.names() == {"a.json", "b.json", "sub/c.json", "b.md", "sub/c.md", "records.jsonl"}
    assert len((place.processed / "records.jsonl").read_bytes().splitlines()) == 3


def test_the_summary_counts_all_pages_unchanged_ones_included(place: Place) -> None:
    place.page("empty.txt", "")
    first, second = place.run(), place.run()
    assert (first.kept, first.dropped, first.changes) == (second.kept, second.dropped, second.changes)
    assert first.findings == second.findings != {}
    assert (first.pages, second.pages) == (4, 4)


def test_a_page_that_cannot_be_read_is_told_of_each_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its record of before stays as it is."""
    place.run()
    opened = Path.open

    def guarded(path: Path, *args: object, **named: object) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", guarded)
    place.page("b.txt", "Something else.")
    os.utime(place.raw / "a.txt")
    for _ in range(2):
        told = Told()
        summary = place.run(watcher=told)
        assert summary.failed == 1
        assert summary.has_errors
        assert [(fault.name, fault.code) for fault in told.faults] == [("a.txt", "unreadable")]
        assert place.names() == {"a.json", "b.json", "sub/c.json"}


def test_a_fault_of_ours_becomes_a_finding(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("one\nby none")

    monkeypatch.setattr("pipeline.run.worker.clean_document", broken)
    made = make(Job("a.txt", "a"), Task(raw=place.raw, formats=("json",)))
    record = Record.from_json(made.outputs["json"])
    assert record.source.sha256 == made.sha256
    assert record.blocks == ()
    (finding,) = record.findings
    assert (finding.code, finding.severity) == ("internal-error", "error")
    assert "ZeroDivisionError: one by none" in finding.message
    assert str(Path.home()) not in finding.message


def test_the_finding_of_a_fault_says_where_in_our_code() -> None:
    with pytest.raises(TypeError) as caught:
        Record.from_json(3)  # type: ignore[arg-type]
    assert "at pipeline/record.py:" in internal_error(caught.value).message


def test_failures_of_the_machine_are_tried_again_and_others_not(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(code: str) -> object:
        def results(jobs: object, task: Task, **_: object) -> object:
            for job in jobs:  # type: ignore[attr-defined]
                yield make(Job(job.name, job.id, Finding(code, "error", "It failed.")), task)

        return results

    monkeypatch.setattr(folder, "outcomes", failing("timeout"))
    assert place.run().failed == 3
    assert place.run().failed == 3
    monkeypatch.setattr(folder, "outcomes", failing("internal-error"))
    assert place.run().failed == 3
    summary = place.run()
    assert (summary.failed, summary.unchanged) == (0, 3)
    assert summary.findings["error"] == {"internal-error": 3}


def test_a_page_too_large_is_not_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.worker.TOO_LARGE", 10)
    summary = place.run()
    assert summary.findings["error"] == {"too-large": 3}


def test_output_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    raw = Place(tmp_path).raw
    for number in range(12):
        (raw / f"{number}.html").write_text(f"<title>{number}</title><p>Page {number}.", encoding="utf-8")
    results = []
    for jobs in (1, 4):
        options = RunOptions(jobs=jobs, formats=("json", "jsonl", "markdown", "text"))
        run_folder(raw, tmp_path / str(jobs), options)
        results.append(contents(tmp_path / str(jobs)))
    assert results[0] == results[1]
    assert len(results[0]) == 15 * 3 + 1


def test_two_runs_at_once_are_refused(place: Place) -> None:
    with lock(place.processed), pytest.raises(OutputError, match=rf"another run .*process {os.getpid()}"):
        place.run()
    assert place.counts() == (3, 0, 0)


@pytest.mark.parametrize("name", ["raw", "raw/inside", "missing/../raw/records"])
def test_records_among_the_pages_are_refused(place: Place, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="lies in the folder of pages"):
        run_folder(place.raw, tmp_path / name)


@pytest.mark.parametrize("options", [RunOptions(jobs=0), RunOptions(timeout=0), RunOptions(formats=("jsn",))])
def test_options_that_make_no_sense_are_refused(place: Place, options: RunOptions) -> None:
    with pytest.raises(UsageError):
        run_folder(place.raw, place.processed, options)
    assert not place.processed.exists()


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run_folder(tmp_path / "nothing", tmp_path / "processed")
    assert not (tmp_path / "processed").exists()


def test_a_data_file_with_an_error_ends_the_run_before_any_page(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> str:
        raise DataFileError("does not fit", path="taxonomy.toml", line=3)

    monkeypatch.setattr("pipeline.sections.stage.fingerprint", broken)
    monkeypatch.setattr(folder, "run_fingerprint", run_fingerprint)
    with pytest.raises(DataFileError, match=r"taxonomy\.toml:3"):
        place.run()
    assert not place.processed.exists()


def test_a_full_disk_leaves_no_half_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.run()
    before = contents(place.processed)
    place.page("a.txt", "Something else.")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match=r"a\.json: cannot be written \(No space left on device\). Make room"):
            place.run()
    assert (place.processed / "a.json").read_bytes() == before["a.json"]
    assert place.counts() == (0, 1, 2)


def test_an_output_that_is_a_folder_is_an_error(place: Place) -> None:
    (place.processed / "a.json/x").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"a\.json"):
        place.run()


def test_interrupted_it_keeps_what_is_done(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(jobs: object, task: Task, **_: object) -> object:
        yield make(next(jobs), task)  # type: ignore[call-overload]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(folder, "outcomes", interrupted)
        summary = place.run("json", "jsonl")
    assert (summary.stopped, summary.new) == (True, 1)
    assert place.names() == {"a.json"}
    assert place.counts("json", "jsonl") == (2, 0, 1)
    assert place.names() == {"a.json", "b.json", "sub/c.json", "records.jsonl"}


def test_stopped_by_a_signal_of_the_terminal(tmp_path: Path) -> None:
    """Ctrl-C ends the command with 130 at once, also while a page hangs, and leaves no worker behind."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("hang", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path;"
        "from pipeline.run.folder import run_folder; from tests.works import hostile;"
        "sys.exit(130 if run_folder(Path(sys.argv[1]), Path(sys.argv[2]), work=hostile).stopped else 0)"
    )
    command = [sys.executable, "-c", code, str(raw), str(tmp_path / "processed")]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent)
    deadline = time.monotonic() + 60
    while not (tmp_path / "processed/.tmp").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
