"""The commands by name: where each lives and what it does, in one line. A test holds it against the commands."""

from typing import NamedTuple


class Listed(NamedTuple):
    """A command in the list: its module in `pipeline.cli` and its help in one line."""

    module: str
    help: str


COMMANDS = {
    "run": Listed("run", "Make a record of every page in a folder."),
    "clean": Listed("page", "Make the record of one page."),
    "strip": Listed("stages", "Drop page furniture and keep the article."),
    "repair": Listed("repair", "Mend machine-translation errors."),
    "sections": Listed("stages", "Find headings and label sections."),
    "check": Listed("check", "Say what is wrong with new pages, on the lines concerned."),
    "explain": Listed("explain", "Say what was dropped, changed and found in a page, and why."),
    "review": Listed("review", "Decide on candidates for the glossary in a browser."),
    "report": Listed("static_report", "Write a report on processed pages as HTML files."),
    "glossary": Listed("glossary", "Look at the glossary, check it, try it."),
    "mine": Listed("mine", "Find candidates for the glossary in translated pages."),
    "schema": Listed("page", "Print the JSON Schema of a record."),
}
"""In the order in which `pipeline --help` lists them."""
