"""The house: which room may import which, and which third party lives where."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "pipeline"
FLOORS = {
    "errors": 1,
    "record": 2,
    "data_file": 2,
    "document": 3,
    "language": 3,
    "write": 3,
    "read": 4,
    "strip": 4,
    "repair": 4,
    "sections": 4,
    "journey": 5,
    "run": 6,
    "check": 6,
    "review": 6,
    "scale": 6,
    "cli": 7,
}
"""A module imports from floors below its own and from its own room, never sideways."""
TENANTS = {
    "turbohtml": {"read"},
    "bs4": {"read"},
    "soupsieve": {"read"},
    "click": {"cli"},
    "rich": {"cli"},
    "spacy": {"repair", "write"},
    "langdetect": {"language"},
    "starlette": {"review"},
    "jinja2": {"review"},
    "markupsafe": {"review"},
    "rensa": {"check"},
}
"""Third parties that stay in the rooms named."""
LIGHT = {"errors", "cli", "__init__", "__main__"}
"""Rooms whose modules import no heavy third party at module level, so that `--help` is instant."""
HEAVY = {"spacy", "numpy", "bs4", "ftfy", "turbohtml", "msgspec", "rich", "langdetect"}
MODULES = sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[str]:
    """Return the dotted names that the nodes below import; those for type checkers alone are left out."""
    names = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module]
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        names += imports(node)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_downward(path: Path) -> None:
    """A module imports nothing from its own floor or above, its own room apart."""
    own = room(path)
    if own in {"__init__", "__main__"}:
        return
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] != "pipeline" or len(parts) == 1 or parts[1] == own or parts[1] not in FLOORS:
            continue
        assert FLOORS[parts[1]] < FLOORS[own], f"{own} (floor {FLOORS[own]}) imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_third_parties_stay_in_their_rooms(path: Path) -> None:
    """The HTML parser stays in read, click and rich in cli, and so on."""
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if (rooms := TENANTS.get(name.split(".")[0])) is not None:
            assert room(path) in rooms, f"{name} is imported in {room(path)}"


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in LIGHT], ids=lambda p: str(p.relative_to(ROOT)))
def test_help_imports_nothing_heavy(path: Path) -> None:
    """What the command line imports at module level is light."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = ast.Module(body=[n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], type_ignores=[])
    assert not {name.split(".")[0] for name in imports(top)} & HEAVY


def test_every_room_has_its_floor() -> None:
    """A new room is entered in the plan of the house."""
    assert {room(path) for path in MODULES} - {"__init__", "__main__"} <= FLOORS.keys()
