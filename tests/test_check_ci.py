"""The gate as it is used: the files for GitHub, GitLab, pre-commit and the shell, run as written on a pull request.

The pull request is made of the pages in tests/cases/check/pull_request: `before` is what was there,
`good` and `bad` are what it adds; the name of a bad page begins with the code that must be found.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.workflow import ROOT, load, run_github, run_gitlab, shell, sources, variables

PAGES = Path(__file__).parent / "cases/check/pull_request"
WORKFLOW = ROOT / ".github/workflows/check.yml"
RECIPES = ROOT / "docs/ci"
WANTED = {(path.name, path.name[:4]) for path in (PAGES / "bad").iterdir()}
"""(page, code) of what must stop the pull request."""


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True, env=variables())
    return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a page, and a branch that adds eight."""
    folder = tmp_path_factory.mktemp("origin")
    git(folder, "init", "-q")
    shutil.copytree(PAGES / "before", folder / "raw")
    (folder / "raw/old.html").write_text(
        "<html><body><h1>Cut</h1><p>It was there before, and is cut.", encoding="utf-8"
    )
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "pages")
    git(folder, "checkout", "-q", "-b", "new-pages")
    for kind in ("good", "bad"):
        shutil.copytree(PAGES / kind, folder / "raw", dirs_exist_ok=True)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "eight pages")
    git(folder, "checkout", "-q", "main")
    git(folder, "checkout", "-q", "--detach")
    git(folder, "merge", "-q", "--no-ff", "-m", "pull request", "new-pages")
    git(folder, "update-ref", "refs/pull/1/merge", "HEAD")
    git(folder, "checkout", "-q", "main")
    return folder


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Path:
    """What a CI server checks out: the pull request merged into main, no branch."""
    git(tmp_path, "clone", "-q", "--no-local", str(origin), "clone")
    folder = tmp_path / "clone"
    git(folder, "fetch", "-q", "origin", "refs/pull/1/merge")
    git(folder, "checkout", "-q", "--detach", "FETCH_HEAD")
    return folder


def stopped(found: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return what of the wanted was found; a bad page may have more than one fault, a good one none."""
    named = {(Path(path).name, code) for path, code in found}
    assert {page for page, _ in named} == {page for page, _ in WANTED}
    return named & WANTED


def test_the_github_workflow_stops_the_pull_request(clone: Path, tmp_path: Path) -> None:
    runner = tmp_path / "runner"
    runner.mkdir()
    install, check = run_github(WORKFLOW, "pages", clone, runner, {"GITHUB_BASE_REF": "main"})
    assert install.status == 0, install.err
    assert check.status == 1, check.err
    errors = re.findall(r"^::error file=([^,]+),line=\d+,col=\d+,title=(\w+)", check.out, re.MULTILINE)
    assert stopped(errors) == WANTED
    assert "raw/old.html" not in check.out
    assert "8 pages checked" in (runner / "github_step_summary").read_text(encoding="utf-8")
    outputs = dict(line.split("=", 1) for line in (runner / "github_output").read_text().splitlines())
    results = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))["runs"][0]["results"]
    places = [(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], r["ruleId"]) for r in results
              if r["level"] == "error"]  # fmt: skip
    assert stopped(places) == WANTED


def test_the_action_lets_good_pages_pass(clone: Path, tmp_path: Path) -> None:
    for path in (clone / "raw").glob("[A-Z]0*"):
        path.unlink()
    runner = tmp_path / "runner"
    runner.mkdir()
    *_, check = run_github(WORKFLOW, "pages", clone, runner, {"GITHUB_BASE_REF": "main"})
    assert check.status == 0, check.err
    assert "::error" not in check.out


def test_the_gitlab_recipe_stops_the_merge_request(clone: Path, tmp_path: Path) -> None:
    event = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": git(clone, "rev-parse", "origin/main")}
    done = run_gitlab(
        RECIPES / "gitlab-ci.yml", "check-pages", clone, event | {"ARTICLE_PIPELINE": str(sources(tmp_path))}
    )
    assert done.status == 1, done.err
    reports = load(RECIPES / "gitlab-ci.yml")["check-pages"]["artifacts"]["reports"]
    issues = json.loads((clone / reports["codequality"]).read_text(encoding="utf-8"))
    found = [(i["location"]["path"], i["description"][:4]) for i in issues if i["severity"] == "critical"]
    assert stopped(found) == WANTED
    failed = ET.parse(clone / reports["junit"]).iterfind(".//testcase[failure]")  # noqa: S314 -- our own
    assert {Path(case.get("name", "")).name for case in failed} == {page for page, _ in WANTED}


def test_the_shell_recipe_stops_the_branch(clone: Path) -> None:
    done = shell("origin/main", clone, "shell", str(RECIPES / "check-pages.sh"), environment=variables())
    assert done.status == 1, done.err
    pages = json.loads((clone / "check-report/findings.json").read_text(encoding="utf-8"))["pages"]
    found = [(f["path"], f["code"]) for page in pages for f in page["findings"] if f["severity"] == "error"]
    assert stopped(found) == WANTED
    assert (clone / "check-report/summary.md").read_text(encoding="utf-8").startswith("## Check of scraped pages")


def test_the_pre_commit_hook_stops_the_commit(clone: Path, tmp_path: Path) -> None:
    (hook,) = load(ROOT / ".pre-commit-hooks.yaml")
    assert hook["language"] == "python"
    local = {**hook, "language": "system"}  # the environment that stands, in place of one that is fetched
    local.pop("language_version")
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (clone / ".pre-commit-config.yaml").write_text(json.dumps(config), encoding="utf-8")
    own = variables(PRE_COMMIT_HOME=str(tmp_path / "home"))
    since = "python -m pre_commit run --color never --from-ref origin/main --to-ref HEAD"
    done = shell(since, clone, "hook", "sh", "-c", environment=own)
    assert done.status == 1, done.err
    assert stopped(re.findall(r"^(raw/[^:]+):\d+: ([A-Z]\d{3})", done.out, re.MULTILINE)) == WANTED, done.out


@pytest.mark.parametrize(
    ("kind", "file"),
    [("github-workflows", WORKFLOW), ("github-actions", ROOT / "action.yml"), ("gitlab-ci", RECIPES / "gitlab-ci.yml")],
)
def test_the_files_fit_their_schemas(kind: str, file: Path) -> None:
    schema = json.loads(
        resources.files("check_jsonschema.builtin_schemas.vendor").joinpath(f"{kind}.json").read_bytes()
    )
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(load(file))] == []


def test_pre_commit_takes_the_manifest_and_the_example() -> None:
    for command in (
        f"validate-manifest {ROOT}/.pre-commit-hooks.yaml",
        f"validate-config {RECIPES}/pre-commit-config.yaml",
    ):
        done = shell(f"python -m pre_commit {command}", ROOT, command, "sh", "-c", environment=variables())
        assert done.status == 0, done.out
    (named,) = load(RECIPES / "pre-commit-config.yaml")["repos"][0]["hooks"]
    assert named["id"] in {hook["id"] for hook in load(ROOT / ".pre-commit-hooks.yaml")}
