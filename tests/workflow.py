"""Runs the `run:` lines of GitHub and GitLab files as they are written, without their servers."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parent.parent
OF_THE_SERVER = ("actions/checkout@", "actions/setup-python@")
"""Actions that the tests stand in for: the clone and the environment are there."""
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DRY_RUN": "1"}
"""What makes pip resolve and build as it is told, but fetch nothing and leave the environment as it stands.

pip reads NO_BUILD_ISOLATION the other way round: 0 is no isolation."""
WITHOUT_CONFIGURATION = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Done(NamedTuple):
    """How a step ended, and what it wrote."""

    name: str
    status: int
    out: str
    err: str


def load(path: Path) -> Any:
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    if isinstance(value, dict) and True in value:  # YAML 1.1 takes the word `on` for a truth value
        value["on"] = value.pop(True)
    return value


def variables(**own: str) -> dict[str, str]:
    """Return the environment of a job: the standing Python first on the path, and nothing of a CI we may run in."""
    foreign = ("GITHUB_", "CI_", "RUNNER_", "PYTEST_", "PRE_COMMIT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, **OFFLINE, **WITHOUT_CONFIGURATION, **own}


def shell(script: str, cwd: Path, name: str, *command: str, environment: Mapping[str, str]) -> Done:
    done = subprocess.run(
        [*command, script], cwd=cwd, env=dict(environment), capture_output=True, text=True, check=False
    )
    return Done(name, done.returncode, done.stdout, done.stderr)


def github_steps(workflow: Path, job: str) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Yield each step that runs something, with the inputs that it sees; `uses: ./` is opened."""
    for step in load(workflow)["jobs"][job]["steps"]:
        used = step.get("uses", "")
        if used == "./":
            action = load(ROOT / "action.yml")
            defaults = {name: given.get("default", "") for name, given in action["inputs"].items()}
            for inner in action["runs"]["steps"]:
                if not inner.get("uses", "").startswith(OF_THE_SERVER):
                    yield inner, defaults | step.get("with", {})
        elif not used.startswith(OF_THE_SERVER):
            yield step, {}


def run_github(workflow: Path, job: str, clone: Path, runner: Path, event: Mapping[str, str]) -> list[Done]:
    """Run a job's steps in a clone, until one fails, as GitHub's runner does.

    Args:
        workflow: the workflow's file.
        job: its job.
        clone: what `actions/checkout` leaves.
        runner: an empty folder for the runner's files.
        event: variables of the event (`GITHUB_BASE_REF` and the like).
    """
    files = {name: runner / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
    for path in files.values():
        path.touch()
    given = variables(
        **event, RUNNER_TEMP=str(runner), GITHUB_WORKSPACE=str(clone), GITHUB_ACTION_PATH=str(sources(runner))
    )
    given |= {name: str(path) for name, path in files.items()}
    done: list[Done] = []
    for step, inputs in github_steps(workflow, job):
        assert step["shell"] == "bash"
        known = {**{f"inputs.{name}": value for name, value in inputs.items()}, "github.event.before": ""}
        own = {name: expanded(value, known) for name, value in step.get("env", {}).items()}
        bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
        done.append(shell(step["run"], clone, step["name"], *bash, environment=given | own))
        if done[-1].status:
            break
    return done


def expanded(value: str, known: Mapping[str, str]) -> str:
    """Fill in `${{ name }}`; a name that is not known is a fault of the file."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: known[found[1]], value)


def run_gitlab(file: Path, job: str, clone: Path, event: Mapping[str, str]) -> Done:
    """Run a job's script lines in a clone, as GitLab's runner does: one shell, ended by the first that fails."""
    described = load(file)[job]
    given = variables(**described["variables"] | event)
    return shell("\n".join(described["script"]), clone, job, "bash", "-eo", "pipefail", "-c", environment=given)


def sources(folder: Path) -> Path:
    """Lay out what pip needs to see of this package to resolve it."""
    target = folder / "article-pipeline"
    (target / "pipeline").mkdir(parents=True, exist_ok=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "pipeline/__init__.py"):
        (target / name).write_bytes((ROOT / name).read_bytes())
    return target
