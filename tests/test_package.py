"""The package: a wheel installed elsewhere holds all data, and cleans a page there."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from pipeline.journey import clean

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "raw" / "osteoporosis-spine.txt"
CODE = {".py"}
NOT_SHIPPED = {".pyc", ".md"}
"""Endings of files in the source that a wheel may do without: caches and notes for developers."""


def run(*command: str | Path, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that must succeed, with nothing of ours on its path."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))} | environment
    done = subprocess.run([*map(str, command)], cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the source, so that nothing is left in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).is_file():
            (source / name).write_bytes((ROOT / name).read_bytes())
    for path in shipped():
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    script = f"import setuptools.build_meta as b; print(b.build_wheel({str(out)!r}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def shipped() -> list[Path]:
    """Return the files of the package in the source."""
    files = (path for path in (ROOT / "pipeline").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path for path in files if path.suffix not in NOT_SHIPPED)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment, which borrows the third parties of this one."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "env", with_pip=False, symlinks=True)
    site = next((home / "env" / "lib").glob("python*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    third_parties = sysconfig.get_paths()["purelib"]
    (site / "borrowed.pth").write_text(third_parties + "\n", encoding="utf-8")
    return home / "env" / "bin" / "python"


def test_the_wheel_holds_every_data_file(wheel: Path) -> None:
    """What lies beside the code (tables, weights, lists, py.typed) is in the wheel, and no test is."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {path.relative_to(ROOT).as_posix() for path in shipped()}
    assert wanted - names == set()
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "raw/"))]
    assert "pipeline/py.typed" in names


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    """The metadata name the command, the licence and the Python that is needed."""
    with zipfile.ZipFile(wheel) as archive:
        texts = {Path(n).name: archive.read(n).decode() for n in archive.namelist() if ".dist-info/" in n}
    assert "pipeline = pipeline.cli:main" in texts["entry_points.txt"]
    assert "Requires-Python: >=3.11" in texts["METADATA"]
    assert "License-Expression: Apache-2.0" in texts["METADATA"]


def test_an_installed_pipeline_cleans_a_page(python: Path, tmp_path: Path) -> None:
    """Elsewhere, without the checkout, the command gives the record that it gives here."""
    where = run(python, "-c", "import pipeline; print(pipeline.__file__)", cwd=tmp_path).stdout.strip()
    assert Path(where).is_relative_to(python.parent.parent)
    page = tmp_path / PAGE.name
    page.write_bytes(PAGE.read_bytes())
    done = run(python, "-m", "pipeline", "clean", page.name, cwd=tmp_path)
    assert json.loads(done.stdout) == clean(PAGE.read_bytes(), name=PAGE.name).to_dict()


def test_an_installed_package_is_typed(python: Path, tmp_path: Path) -> None:
    """A user's type checker sees our annotations."""
    found = run(
        python,
        "-c",
        "import importlib.resources as r; print(r.files('pipeline').joinpath('py.typed').is_file())",
        cwd=tmp_path,
    )
    assert found.stdout.strip() == "True"
