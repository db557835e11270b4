"""`pipeline mine`: from folders to the queue, silent in pipes, faults told as people need them."""

import shutil
from pathlib import Path

import pytest

from pipeline.cli.main import status_of
from pipeline.review.queue import Queue

CASES = Path(__file__).parent / "cases" / "review" / "mining"
Streams = pytest.CaptureFixture[str]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    for path in CASES.glob("*.txt"):
        shutil.copy(path, tmp_path / "raw")
    shutil.copy(CASES / "ru.tsv", tmp_path)
    return tmp_path


def test_pages_to_queue_and_again(raw: Path, capfd: Streams) -> None:
    command = ["mine", "raw", "--dictionary", "ru=ru.tsv", "--queue", "q.sqlite", "--limit", "12"]
    assert status_of(command) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "2 of 2 pages are suspect: 12 candidates, 12 new, 0 known, 0 refused before, in q.sqlite\n"
    with Queue(raw / "q.sqlite") as queue:
        first = queue.next("ann")
        assert first is not None
        queue.decide(first.id, "ann", "refuse", "right English")
    assert status_of(command) == 0
    assert "1 refused before" in capfd.readouterr().err


def test_records_are_read_as_they_are(raw: Path, capfd: Streams) -> None:
    assert status_of(["run", "raw", "processed", "--quiet"]) == 0
    assert status_of(["mine", "--print", "--quiet", "--limit", "20", "--dictionary", "ru.tsv"]) == 0
    of_records = capfd.readouterr()
    assert status_of(["mine", "raw", "--print", "--quiet", "--limit", "20", "--dictionary", "ru.tsv"]) == 0
    assert capfd.readouterr() == of_records
    assert of_records.err == ""
    assert status_of(["run", "raw", "lines", "--quiet", "--format", "jsonl"]) == 0
    assert status_of(["mine", "lines", "--print", "--quiet", "--limit", "20", "--dictionary", "ru.tsv"]) == 0
    assert capfd.readouterr() == of_records
    assert "\tsense\t" in of_records.out
    assert "plaque" in of_records.out
    assert not (raw / "review.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["gone"], "gone: is no folder"),
        (["raw", "--dictionary", "gone.tsv"], "gone.tsv: cannot be read"),
        (["raw", "--dictionary", "russian=ru.tsv"], "there is no language russian"),
        (["raw", "--queue", "ru.tsv"], "cannot be used as the queue"),
        (["bad"], "is no record"),
    ],
)
def test_faults_are_told(raw: Path, capfd: Streams, arguments: list[str], problem: str) -> None:
    (raw / "bad").mkdir()
    (raw / "bad" / "x.json").write_text("{}")
    assert status_of(["mine", *arguments]) == 2
    out, err = capfd.readouterr()
    assert problem in err
    assert out == ""
    assert "Traceback" not in err
