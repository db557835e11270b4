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
from pipeline.write.compressed import write_json_lines_zst
from pipeline.write.docbin import write_docbin
from pipeline.write.html_page import to_html
from pipeline.write.json_ld import to_json_ld
from pipeline.write.jsonl import to_json, to_json_line
from pipeline.write.markdown import to_markdown
from pipeline.write.parquet import write_parquet
from pipeline.write.section_table import write_section_table
from pipeline.write.tei import to_tei
from pipeline.write.text import to_text
from pipeline.write.vocabulary import NO_VOCABULARY, Vocabulary

Scope = Literal["page", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """An output format; its function is one of `render`, `render_with` and `write_all`.

    Attributes:
        name: what `--format` calls it.
        ending: ending of its files, the dot included.
        scope: `page` for one file per page, `run` for one file with all records of the run.
        help: what it is, in a few words.
        render: record → text.
        render_with: record and vocabulary → text.
        write_all: writes all records to a stream of bytes.
        requires: modules beyond the usual installation that it needs, all in the extra `formats`.
    """

    name: str
    ending: str
    scope: Scope
    help: str
    render: Callable[[Record], str] | None = None
    render_with: Callable[[Record, Vocabulary], str] | None = None
    write_all: Callable[[Iterable[Record], BinaryIO], None] | None = None
    requires: tuple[str, ...] = ()

    @property
    def needs_vocabulary(self) -> bool:
        """Whether the format says more with a vocabulary."""
        return self.render_with is not None

    def write(self, records: Iterable[Record], stream: BinaryIO, vocabulary: Vocabulary = NO_VOCABULARY) -> None:
        """Write the records, text as UTF-8 record after record.

        Args:
            records: one record where `scope` is `page`.
            stream: where the bytes go; it stays open.
            vocabulary: what the labels of the taxonomy mean; without it JSON-LD knows no health aspects.
        """
        if self.write_all is not None:
            self.write_all(records, stream)
        elif self.render_with is not None:
            stream.writelines(self.render_with(record, vocabulary).encode() for record in records)
        elif self.render is not None:
            stream.writelines(self.render(record).encode() for record in records)

    def check(self) -> None:
        """Raise `UsageError` where a module that the format needs is not installed."""
        missing = [module for module in self.requires if find_spec(module) is None]
        if missing:
            raise UsageError(
                f"the format {self.name} needs {' and '.join(missing)}",
                mend="Install the extra formats: pip install 'article-pipeline[formats]'",
            )


_ALL = (
    Format(name="json", ending=".json", scope="page", render=to_json, help="the whole record"),
    Format(name="jsonl", ending=".jsonl", scope="run", render=to_json_line, help="the whole record, one a line"),
    Format(
        name="jsonl.zst",
        ending=".jsonl.zst",
        scope="run",
        write_all=write_json_lines_zst,
        help="the same, compressed",
        requires=("zstandard",),
    ),
    Format(
        name="markdown",
        ending=".md",
        scope="page",
        render=to_markdown,
        help="CommonMark with tables and YAML front matter",
    ),
    Format(name="text", ending=".txt", scope="page", render=to_text, help="title and text"),
    Format(name="html", ending=".html", scope="page", render=to_html, help="a clean page, sections with their labels"),
    Format(name="json-ld", ending=".jsonld", scope="page", render_with=to_json_ld, help="schema.org's vocabulary"),
    Format(name="tei", ending=".tei.xml", scope="page", render=to_tei, help="TEI P5, a division for each section"),
    Format(name="csv", ending=".csv", scope="run", write_all=write_section_table, help="one row for each section"),
    Format(
        name="parquet",
        ending=".parquet",
        scope="run",
        write_all=write_parquet,
        help="the whole record in typed nested columns, and its text",
        requires=("pyarrow",),
    ),
    Format(
        name="dataset",
        ending="-dataset/train.parquet",
        scope="run",
        write_all=write_parquet,
        help="the same in a folder that Hugging Face's datasets loads",
        requires=("pyarrow",),
    ),
    Format(name="spacy", ending=".spacy", scope="run", write_all=write_docbin, help="spaCy's DocBin with spans"),
)
FORMATS = {entry.name: entry for entry in _ALL}
"""The formats by name, the default first."""
RUN_FILE = "records"
"""Name, without its ending, of the file that a format of scope `run` writes."""
