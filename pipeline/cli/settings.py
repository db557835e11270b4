"""Users' own settings: the table [tool.article-pipeline] of the nearest pyproject.toml, read strictly."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.journey import Options

STAGES = ("read", "strip", "repair", "sections")
_RUN = {"jobs": int, "timeout": float, "format": list[str]}
"""Settings of the table itself; those of a stage stand in a table below it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What users set for good; the command line goes before it.

    Attributes:
        path: the file; None where there is none.
        jobs: worker processes.
        timeout: seconds that a page may take.
        formats: output formats.
        stages: options of the stages.
    """

    path: Path | None
    jobs: int | None
    timeout: float | None
    formats: tuple[str, ...] | None
    stages: "Options"


def load_settings(start: Path | None = None) -> Settings:
    """Read the settings that hold in a folder (default: the working directory).

    Raises:
        DataFileError: pyproject.toml is not TOML, or the table holds something unknown or of a wrong type.
    """
    from pipeline.journey import Options

    here = (start or Path.cwd()).resolve()
    path = next((p for folder in (here, *here.parents) if (p := folder / "pyproject.toml").is_file()), None)
    if path is None:
        return Settings(None, None, None, None, Options())
    return _read(path)


def _read(path: Path) -> Settings:
    from pipeline.data_file import parse_toml, read_text
    from pipeline.journey import Options

    text = read_text(path)
    table = parse_toml(text, dict[str, Any], path).get("tool", {}).get("article-pipeline", {})
    reader = _Reader(text, path)
    reader.check_names(table, [*_RUN, *STAGES], "tool.article-pipeline")
    own = {name: reader.convert(table[name], kind, name) for name, kind in _RUN.items() if name in table}
    stages = {}
    for stage in dataclasses.fields(Options):
        kind: Any = stage.default_factory
        stages[stage.name] = reader.options(table.get(stage.name, {}), kind, stage.name)
    formats = tuple(own["format"]) if "format" in own else None
    return Settings(path, own.get("jobs"), own.get("timeout"), formats, Options(**stages))


class _Reader:
    """Turns parts of the table into values; what does not fit is an error with the line."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path

    def check_names(self, table: Any, known: list[str], where: str) -> None:
        from difflib import get_close_matches

        if not isinstance(table, dict):
            raise self.error(f"[{where}] is not a table", where)
        for name in table:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}" if known else ""
                raise self.error(f"[{where}] has no setting {name}", f"{where}.{name}", hint)

    def convert(self, value: Any, kind: Any, name: str, below: str = "") -> Any:
        import msgspec

        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            where = f"tool.article-pipeline{below}.{name}"
            raise self.error(f"{name} does not fit: {str(error).partition(' - at')[0]}", where) from error

    def options(self, table: Any, kind: type, stage: str) -> Any:
        from typing import get_type_hints

        hints = get_type_hints(kind)
        self.check_names(table, list(hints), f"tool.article-pipeline.{stage}")
        values = {name: self.convert(value, hints[name], name, f".{stage}") for name, value in table.items()}
        try:
            return kind(**values)
        except ValueError as error:
            raise self.error(f"[tool.article-pipeline.{stage}]: {error}", f"tool.article-pipeline.{stage}") from error

    def error(self, problem: str, where: str, mend: str = "") -> Exception:
        from pipeline.errors import DataFileError

        return DataFileError(problem, path=self.path, line=_line(self.text, where), mend=mend.capitalize())


def _line(text: str, where: str) -> int | None:
    """Return the line of a dotted name: of `name =` below its table's header, else of the header."""
    import re

    table, _, name = where.rpartition(".")
    lines = text.split("\n")
    inside, header = False, None
    for number, line in enumerate(lines, 1):
        if found := re.match(r"\s*\[+([^\]]*)\]", line):
            title = re.sub(r"[\"'\s]", "", found[1])
            inside = title == table
            if inside or title == where:
                header = header or number
        elif inside and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]", line):
            return number
    return header
