"""The errors that end a command: each says what was wrong, where, and what to do.

Faults of a page are not here: a bad page is a `Finding` on that page and the run goes on.
These are faults of what the user configured or asked for, and every one ends in exit status 2.
"""

from pathlib import Path


class PipelineError(Exception):
    """Something the user must mend before any page can be processed.

    Args:
        problem: what was wrong, one sentence without a full stop.
        path: the file concerned, if any.
        line: 1-based line in that file, if known.
        mend: what to do about it, one sentence without a full stop.
    """

    def __init__(
        self, problem: str, *, path: Path | str | None = None, line: int | None = None, mend: str = ""
    ) -> None:
        self.problem = problem
        self.path = path
        self.line = line
        self.mend = mend
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        where = "" if self.path is None else f"{self.path}:{self.line}: " if self.line else f"{self.path}: "
        return f"{where}{self.problem}{'. ' + self.mend if self.mend else ''}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.problem, self.path, self.line, self.mend))


def _rebuild(
    kind: type[PipelineError], problem: str, path: Path | str | None, line: int | None, mend: str
) -> PipelineError:
    return kind(problem, path=path, line=line, mend=mend)


class DataFileError(PipelineError):
    """A glossary, taxonomy, site profile or configuration file that cannot be used."""


class InputError(PipelineError):
    """An input that the command cannot take at all: a missing file, JSON that is no record."""


class OutputError(PipelineError):
    """An output that cannot be written: no space, no permission, not a folder."""


class UsageError(PipelineError):
    """Options that contradict each other or name something unknown."""
