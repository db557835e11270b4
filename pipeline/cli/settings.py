"""Users' own settings: the table [tool.article-pipeline] of the nearest pyproject.toml, read strictly."""

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import DataFileError

if TYPE_CHECKING:
    from pipeline.check.selection import CheckOptions
    from pipeline.journey import Options

STAGES = ("read", "strip", "repair", "sections")
_TABLE = "tool.article-pipeline"
_RUN = {"jobs": int, "timeout": float, "format": tuple[str, ...]}
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
        check: what `pipeline check` looks for; None where the table says nothing of it.
    """

    path: Path | None
    jobs: int | None
    timeout: float | None
    formats: tuple[str, ...] | None
    stages: "Options"
    check: "CheckOptions | None" = None


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
    reader.check_names(table, [*_RUN, *STAGES, "check"], _TABLE)
    own = {name: reader.convert(table[name], kind, f"{_TABLE}.{name}") for name, kind in _RUN.items() if name in table}
    stages = {}
    for stage in dataclasses.fields(Options):
        kind: Any = stage.default_factory
        stages[stage.name] = reader.options(table.get(stage.name, {}), kind, f"{_TABLE}.{stage.name}")
    check = None
    if "check" in table:
        from pipeline.check.selection import CheckOptions

        check = reader.options(table["check"], CheckOptions, f"{_TABLE}.check")
    settings = Settings(path, own.get("jobs"), own.get("timeout"), own.get("format"), Options(**stages), check)
    reader.check_values(settings)
    return settings


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
                hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}" if known else ""
                raise self.error(f"[{where}] has no setting {name}", f"{where}.{name}", hint)

    def convert(self, value: Any, kind: Any, where: str) -> Any:
        import msgspec

        try:
            return self.in_place(msgspec.convert(value, kind, dec_hook=_path))
        except msgspec.ValidationError as error:
            name = where.rpartition(".")[2]
            raise self.error(f"{name} does not fit: {str(error).partition(' - at')[0]}", where) from error

    def in_place(self, value: Any) -> Any:
        """Take paths from the folder of the settings file, wherever the command is called."""
        if isinstance(value, Path):
            return self.path.parent / value
        if isinstance(value, tuple):
            return tuple(map(self.in_place, value))
        return value

    def options(self, table: Any, kind: type, where: str) -> Any:
        from typing import get_type_hints

        hints = get_type_hints(kind)
        self.check_names(table, list(hints), where)
        return kind(**{name: self.convert(value, hints[name], f"{where}.{name}") for name, value in table.items()})

    def check_values(self, settings: Settings) -> None:
        if settings.jobs is not None and settings.jobs < 1:
            raise self.error("jobs must be 1 or more", f"{_TABLE}.jobs")
        if settings.timeout is not None and not settings.timeout > 0:
            raise self.error("timeout must be more than 0", f"{_TABLE}.timeout")
        if settings.formats is not None:
            from pipeline.write.formats import FORMATS

            for name in settings.formats:
                if name not in FORMATS:
                    known = f"Choose from {', '.join(FORMATS)}"
                    raise self.error(f"there is no format {name}", f"{_TABLE}.format", known)

    def error(self, problem: str, where: str, mend: str = "") -> DataFileError:
        return DataFileError(problem, path=self.path, line=_line(self.text, where), mend=mend)


def _path(kind: type, value: object) -> object:
    import msgspec

    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected {'a path' if kind is Path else kind.__name__}, got {value!r}")


def _line(text: str, where: str) -> int | None:
    """Return the line of a dotted name: of `name =` below its table's header, else of the header."""
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
