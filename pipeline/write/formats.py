"""The output formats by name: each is one function, and an entry here.

A format says how its file is called and whether there is one for each page or one for the whole run. Both
kinds are written the same way: `write(records, stream)`, with one record where there is a file per page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import BinaryIO, Literal

from pipeline.errors import UsageError
from pipeline.record import Record
from pipeline.write.jsonl import to_json, to_json_line
from pipeline.write.markdown import to_markdown
from pipeline.write.text import to_text

Scope = Literal["page", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """An output format.

    Attributes:
        name: what `--format` calls it.
        ending: ending of its files, the dot included.
        scope: `page` for one file per page, `run` for one file with all records of the run.
        write: writes the records to a stream of bytes; where `scope` is `page`, it is given one record.
        help: what it is, in a few words.
        render: record → text; None where the format is not text and is not for a terminal.
        requires: modules beyond the usual installation that it needs, all in the extra `formats`.
    """

    name: str
    ending: str
    scope: Scope
    write: Callable[[Iterable[Record], BinaryIO], None]
    help: str
    render: Callable[[Record], str] | None = None
    requires: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise `UsageError` where a module that the format needs is not installed."""
        missing = [module for module in self.requires if find_spec(module) is None]
        if missing:
            raise UsageError(
                f"the format {self.name} needs {' and '.join(missing)}",
                mend="Install the extra formats: pip install 'article-pipeline[formats]'",
            )


def _text(name: str, ending: str, scope: Scope, render: Callable[[Record], str], help_: str) -> Format:
    """Return the format of a function record → text; its files are UTF-8 with line feeds, record after record."""

    def write(records: Iterable[Record], stream: BinaryIO) -> None:
        stream.writelines(render(record).encode() for record in records)

    return Format(name=name, ending=ending, scope=scope, write=write, help=help_, render=render)


_ALL = (
    _text("json", ".json", "page", to_json, "the whole record"),
    _text("jsonl", ".jsonl", "run", to_json_line, "the whole record, one a line"),
    _text("markdown", ".md", "page", to_markdown, "CommonMark with YAML front matter"),
    _text("text", ".txt", "page", to_text, "title and text"),
)
FORMATS = {entry.name: entry for entry in _ALL}
"""The formats by name, the default first."""
RUN_FILE = "records"
"""Name, without its ending, of the file that a format of scope `run` writes."""
