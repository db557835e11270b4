"""Workers that die, hang or grow cost the page they were at, and nothing else."""

from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.run.supervisor import died, outcomes
from pipeline.run.worker import Job, Made, Task, Work
from tests import works


def run(folder: Path, pages: dict[str, str], work: Work, *, workers: int = 2, timeout: float = 20) -> dict[str, Made]:
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    task = Task(raw=folder, formats=("json",))
    jobs = (Job(name, name) for name in pages)
    return {made.job.name: made for made in outcomes(jobs, task, workers=workers, timeout=timeout, work=work)}


def codes(made: Made) -> list[str]:
    return [code for code, _, _ in made.counts.errors]


def test_every_job_is_done_once(tmp_path: Path) -> None:
    pages = {f"{number}.txt": f"page {number}" for number in range(30)}
    made = run(tmp_path, pages, works.cheap)
    assert made.keys() == pages.keys()
    assert all(b"page" in one.outputs["json"] for one in made.values())


def test_a_worker_that_dies_costs_its_page(tmp_path: Path) -> None:
    pages = {f"{number}.txt": f"Page {number} is fine." for number in range(8)}
    pages |= {"exit.txt": "exit 3", "segv.txt": "signal SIGSEGV", "kill.txt": "signal SIGKILL"}
    made = run(tmp_path, pages, works.hostile)
    assert made.keys() == pages.keys()
    assert [name for name, one in made.items() if not codes(one)] == [name for name in made if name[0].isdigit()]
    told = {name: one.counts.errors[0] for name, one in made.items() if codes(one)}
    assert {code for code, _, _ in told.values()} == {"worker-died"}
    assert "status 3" in told["exit.txt"][1]
    assert "SIGSEGV" in told["segv.txt"][1]
    assert "SIGKILL" in told["kill.txt"][1]


def test_a_record_is_written_for_a_page_that_killed_its_worker(tmp_path: Path) -> None:
    made = run(tmp_path, {"a.txt": "signal SIGABRT"}, works.hostile)["a.txt"]
    assert len(made.sha256) == 64
    assert b"worker-died" in made.outputs["json"]


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    made = run(tmp_path, {"hang.txt": "hang", "fine.txt": "Fine."}, works.hostile, timeout=2.5)
    assert codes(made["hang.txt"]) == ["timeout"]
    assert "2.5 s" in made["hang.txt"].counts.errors[0][1]
    assert not codes(made["fine.txt"])


def test_a_page_of_which_nothing_can_be_made_is_told_of(tmp_path: Path) -> None:
    made = run(tmp_path, {"a.txt": "", "b.txt": ""}, works.doomed)
    assert [codes(one) for one in made.values()] == [["worker-died"]] * 2
    assert not any(one.outputs for one in made.values())


def test_a_worker_that_grew_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.supervisor._WORTH_IT", 3)
    made = run(tmp_path, {f"{number}.txt": "" for number in range(9)}, works.fat, workers=1)
    assert len({one.sha256 for one in made.values()}) == 3


def test_closing_kills_the_workers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    (tmp_path / "hang.txt").write_text("hang", encoding="utf-8")
    jobs = iter([Job("hang.txt", "hang"), Job("a.txt", "a")])
    results = outcomes(jobs, Task(raw=tmp_path, formats=()), workers=2, timeout=60, work=works.hostile)
    assert next(results).job.name == "a.txt"
    results.close()
    assert list(results) == []


def test_a_worker_that_cannot_start_is_no_page_s_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.supervisor.sys.executable", "/bin/false")
    with pytest.raises(PipelineError, match="could not start"):
        run(tmp_path, {"a.txt": "a"}, works.cheap)


def test_causes_of_death_are_named() -> None:
    assert "status 3" in died(3).message
    assert "for want of memory" in died(-9).message
    assert "signal 40" in died(-40).message
