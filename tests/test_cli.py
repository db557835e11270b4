"""The command line: what goes to which stream, exit status, and faults of users told in a sentence."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from pipeline.cli.main import status_of
from pipeline.record import Record

ROOT = Path(__file__).parent.parent
PAGE = """<html><head><title>Tea</title></head><body><h1>Tea</h1>
<p>Tea is made of leaves and hot water, and it is drunk all over the world.</p>
<p>In the morning it wakes people up, and in the evening it calms them down.</p></body></html>"""
RECORD = {"schema_version": 1, "id": "x"}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tea.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


Streams = pytest.CaptureFixture[str]


def pipeline(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=cwd, env=environment)


def test_clean_prints_the_record(page: Path, capfd: Streams) -> None:
    assert status_of(["clean", "tea.html"]) == 0
    record = Record.from_json(capfd.readouterr().out)
    assert (record.id, record.title, record.source.name) == ("tea", "Tea", "tea.html")
    assert record.stages == ("read", "strip", "repair", "sections")


def test_clean_in_other_formats(page: Path, capfd: Streams) -> None:
    assert status_of(["clean", "tea.html", "--format", "markdown"]) == 0
    assert "# Tea" in capfd.readouterr().out
    for name in ("html", "json-ld", "csv"):
        assert status_of(["clean", "tea.html", "-f", name]) == 0
        assert "In the morning" in capfd.readouterr().out or name == "csv"
    assert status_of(["clean", "tea.html", "-f", "text"]) == 0
    assert capfd.readouterr().out.startswith("Tea\n")


def test_the_stages_in_a_pipe_are_clean(page: Path) -> None:
    whole = pipeline("clean", str(page))
    stripped = pipeline("strip", str(page))
    repaired = pipeline("repair", "-", stdin=stripped.stdout)
    labelled = pipeline("sections", "-", stdin=repaired.stdout)
    assert labelled.stdout == whole.stdout
    assert json.loads(stripped.stdout)["stages"] == ["read", "strip"]
    assert json.loads(repaired.stdout)["stages"] == ["read", "strip", "repair"]


def test_each_stage_reads_a_raw_page(page: Path, capfd: Streams) -> None:
    for stage, stages in (("strip", 2), ("repair", 3), ("sections", 4)):
        assert status_of([stage, "tea.html"]) == 0
        assert len(json.loads(capfd.readouterr().out)["stages"]) == stages


def test_a_stage_done_before_is_not_done_again(page: Path, capfd: Streams) -> None:
    assert status_of(["sections", "tea.html", "-o", "tea.json"]) == 0
    for stage in ("strip", "repair"):
        assert status_of([stage, "tea.json"]) == 0
        streams = capfd.readouterr()
        assert streams.out == Path("tea.json").read_text(encoding="utf-8")
        assert "has been through" in streams.err


def test_several_pages_become_lines(page: Path, capfd: Streams) -> None:
    shutil.copy(page, "two.html")
    assert status_of(["strip", "tea.html", "two.html"]) == 0
    lines = capfd.readouterr().out
    assert [json.loads(line)["id"] for line in lines.splitlines()] == ["tea", "two"]
    Path("both.jsonl").write_text(lines, encoding="utf-8")
    assert status_of(["repair", "both.jsonl"]) == 0
    assert [json.loads(line)["id"] for line in capfd.readouterr().out.splitlines()] == ["tea", "two"]


def test_a_folder_of_pages_to_a_folder_of_records(page: Path) -> None:
    Path("raw/sub").mkdir(parents=True)
    for name in ("raw/a.html", "raw/sub/b.html", "raw/.hidden.html", "raw/style.css"):
        shutil.copy(page, name)
    assert status_of(["strip", "raw", "-o", "stripped"]) == 0
    found = sorted(str(path) for path in Path("stripped").rglob("*") if path.is_file())
    assert found == ["stripped/a.json", "stripped/sub/b.json"]
    assert status_of(["sections", "stripped", "-o", "labelled"]) == 0
    assert Path("labelled/sub/b.json").exists()


def test_pages_of_a_folder_do_not_share_a_file(page: Path, capfd: Streams) -> None:
    Path("raw/tea.json").mkdir(parents=True)
    for name in ("raw/tea.html", "raw/tea.txt", "raw/tea.json/x.html", "raw/line\nbreak.html"):
        shutil.copy(page, name)
    assert status_of(["strip", "raw", "-o", "out"]) == 0
    found = sorted(path.relative_to("out").as_posix() for path in Path("out").rglob("*") if path.is_file())
    assert found == ["line%0Abreak.json", "tea%2Ejson/x.json", "tea.html.json", "tea.txt.json"]
    assert "raw/line\\nbreak.html: warning: " in capfd.readouterr().err


def test_two_results_for_one_file_are_refused(page: Path, capfd: Streams) -> None:
    Path("two").mkdir()
    shutil.copy(page, "two/tea.html")
    assert status_of(["strip", "tea.html", "two/tea.html", "-o", "out"]) == 2
    assert "two inputs would be written to it" in capfd.readouterr().err


def test_findings_go_to_standard_error(page: Path, capfd: Streams) -> None:
    Path("empty.txt").write_text("", encoding="utf-8")
    status = status_of(["clean", "empty.txt"])
    streams = capfd.readouterr()
    assert "empty.txt: " in streams.err
    assert "(empty-page)" in streams.err
    severities = [finding["severity"] for finding in json.loads(streams.out)["findings"]]
    assert status == int("error" in severities)


def test_a_finding_of_severity_error_exits_with_1(page: Path, capfd: Streams) -> None:
    Path("bytes.html").write_bytes(bytes(range(256)) * 20)
    assert status_of(["clean", "bytes.html"]) == 1
    assert "error: " in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["clean", "nothing.html"], "nothing.html: there is no such file"),
        (["clean", "."], ".: is a folder"),
        (["clean"], "Missing argument"),
        (["clean", "tea.html", "--format", "jsn"], "there is no format jsn. Choose from json, "),
        (["clean", "tea.html", "--fromat", "json"], "No such option"),
        (["clean", "record.json"], "record.json: is a record already"),
        (["repair", "record.json"], "record.json: is no record"),
        (["strip", "-", "-"], "standard input can be read once only"),
        (["strip", "empty"], "there are no pages and no records"),
        (["run", "nothing", "out"], "nothing: cannot be read as a folder (No such file or directory)"),
        (["run", "tea.html", "out"], "tea.html: cannot be read as a folder (Not a directory)"),
        (["run", ".", "out"], "lies in the folder of pages"),
        (["run", "empty", "out", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["run", "empty", "out", "--timeout", "0"], "Invalid value for '--timeout'"),
        (["run", "empty", "out", "--format", "json,,pdf"], "there is no format pdf"),
        (["run", "empty", "out", "more"], "unexpected extra argument"),
        (["claen"], "There is no command claen. Did you mean clean?"),
        (["xyzzy"], "Choose from run, clean, strip"),
    ],
)
def test_misuse_exits_with_2_and_a_sentence(page: Path, capfd: Streams, arguments: list[str], said: str) -> None:
    Path("record.json").write_text(json.dumps(RECORD), encoding="utf-8")
    Path("empty").mkdir()
    assert status_of(arguments) == 2
    streams = capfd.readouterr()
    assert said in " ".join(streams.err.split())
    assert streams.out == ""
    assert "Traceback" not in streams.err


def test_no_arguments_show_the_help(capfd: Streams) -> None:
    assert status_of([]) == 2
    streams = capfd.readouterr()
    assert "Commands:" in streams.out + streams.err


def test_the_schema_describes_records(page: Path, capfd: Streams) -> None:
    assert status_of(["schema"]) == 0
    schema = json.loads(capfd.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert status_of(["clean", "tea.html"]) == 0
    jsonschema.validate(json.loads(capfd.readouterr().out), schema)


def test_run_makes_records_and_says_so(page: Path, capfd: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.folder.run_fingerprint", lambda _: "as before")
    Path("raw").mkdir()
    shutil.move("tea.html", "raw/tea.html")
    assert status_of(["run"]) == 0
    streams = capfd.readouterr()
    assert streams.out == ""
    assert "1: 1 new, 0 made again, 0 unchanged, 0 failed" in streams.err
    assert max(map(len, streams.err.splitlines())) <= 80
    assert Record.from_json(Path("processed/tea.json").read_bytes()).title == "Tea"
    assert status_of(["run", "--quiet"]) == 0
    assert capfd.readouterr().err == ""
    assert status_of(["run", "raw", "processed"]) == 0
    assert "Nothing to do: processed is up to date." in capfd.readouterr().err


def test_a_run_with_a_page_of_severity_error_exits_with_1_each_time(page: Path, capfd: Streams) -> None:
    Path("raw").mkdir()
    Path("raw/bytes.html").write_bytes(bytes(range(256)) * 20)
    (Path("raw") / "nowhere.html").symlink_to("nothing")
    for _ in range(2):
        assert status_of(["run", "raw", "out"]) == 1
        error = capfd.readouterr().err
        assert "raw/bytes.html: error: " in error
        assert "raw/nowhere.html: error: is a link that leads nowhere" in error


def test_many_errors_are_told_in_part(page: Path, capfd: Streams) -> None:
    Path("raw").mkdir()
    for number in range(30):
        Path(f"raw/{number}.html").symlink_to("nothing")
    assert status_of(["run", "raw", "out"]) == 1
    error = capfd.readouterr().err
    assert error.count("leads nowhere") == 20
    assert "… and 10 more like these" in error
    assert "errors    unreadable 30" in error


SPINE = """Osteoporosis of the spine

Before to treat osteoporosis of the spine, it is necessary to identify the cause of the disease.
"""


def test_explain_says_what_and_why(page: Path, capfd: Streams) -> None:
    Path("spine.txt").write_text(SPINE, encoding="utf-8")
    assert status_of(["explain", "spine.txt"]) == 0
    told = capfd.readouterr().out
    assert "shows the page's title, which is kept apart (title)" in told
    assert "- Before to treat osteoporosis" in told
    assert "+ Before treating osteoporosis" in told
    assert "\x1b[" not in told
    assert status_of(["clean", "spine.txt"]) == 0
    Path("spine.json").write_text(capfd.readouterr().out, encoding="utf-8")
    assert status_of(["explain", "spine.json"]) == 0
    again = capfd.readouterr().out.splitlines()
    kept = [line for line in told.replace("spine.txt", "spine.json", 1).splitlines() if line not in again]
    assert "looks like" in kept[0]  # only the page itself tells how sure the scorer was of what it kept
    assert len(kept) == 2


def test_explain_as_a_page_escapes_what_it_shows(page: Path, capfd: Streams) -> None:
    Path("spine.txt").write_text(SPINE + "\nA <script>alert(1)</script> & more words of text.\n", encoding="utf-8")
    assert status_of(["explain", "spine.txt", "--html"]) == 0
    told = capfd.readouterr().out
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "<del>" in told
    assert '<div class="dropped">Osteoporosis of the spine<small>' in told


def test_a_pipe_that_is_closed_is_no_fault(page: Path) -> None:
    long = PAGE.replace("Tea is", "Tea is " + "very " * 100_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "clean", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.write(long.encode())
    process.stdin.close()
    error = process.stderr.read().decode()
    assert process.wait() == 141
    assert "Traceback" not in error
    assert "BrokenPipe" not in error


def test_an_output_that_cannot_be_written_is_told(page: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "clean", str(page)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "pipeline: standard output cannot be written (No space left on device)\n"


def test_help_imports_no_stage() -> None:
    code = (
        "import sys; from pipeline.cli.main import status_of; status_of(['--help']);"
        "print([m for m in ('numpy', 'msgspec', 'turbohtml', 'spacy', 'rich', 'pipeline.journey') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_one_page_without_repairs_loads_no_spacy(page: Path) -> None:
    code = (
        f"import sys; from pipeline.cli.main import status_of; status_of(['clean', {str(page)!r}]);"
        "print('spacy' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.splitlines()[-1] == "False"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_says_so_and_keeps_what_is_done(tmp_path: Path, number: int, status: int) -> None:
    (tmp_path / "raw").mkdir()
    for page in range(200):
        (tmp_path / f"raw/{page}.html").write_text(PAGE.replace("Tea", f"Tea {page}"), encoding="utf-8")
    arguments = [sys.executable, "-m", "pipeline", "run", str(tmp_path / "raw"), str(tmp_path / "out"), "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, env=environment, text=True)
    deadline = time.monotonic() + 60
    while not (tmp_path / "out/0.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait(60) == status
    assert process.stderr is not None
    assert "Stopped. What is done is kept; the same command goes on from here." in process.stderr.read()
    done = len(list((tmp_path / "out").glob("*.json")))
    assert 0 < done < 200
    assert not (tmp_path / "out/.tmp").exists()
