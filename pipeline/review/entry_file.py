"""The text of a glossary file with one entry more or less; all else, comments and order too, stays to the byte."""

import re
from pathlib import Path

import msgspec

from pipeline.repair.entry import Entry
from pipeline.repair.exchange import to_toml
from pipeline.repair.glossary_files import Located
from pipeline.review.candidate import Candidate

_HEADER = re.compile(r"\s*\[{1,2}\s*[A-Za-z_][\w.\s]*\]{1,2}\s*(?:#.*)?$")
_LANGUAGES = {
    "ru": "Russian", "uk": "Ukrainian", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "pl": "Polish", "cs": "Czech", "zh": "Chinese", "ja": "Japanese", "tr": "Turkish",
}  # fmt: skip


def path_of(folder: Path, entry_id: str) -> Path:
    """Return the file that an entry belongs to by its id: <folder>/<language>/<field>.toml."""
    language, field = entry_id.split(".")[:2]
    return folder / language / f"{field}.toml"


def block_of(entry: Entry) -> str:
    """Return an entry as it is written in a file, from its header to its last line."""
    return to_toml(entry)


def header_of(path: Path) -> str:
    r"""Return what a new file begins with.

    >>> header_of(Path("ru/eyes.toml"))
    '# Eyes, from Russian.\n'
    """
    language = _LANGUAGES.get(path.parent.name, path.parent.name)
    return f"# {path.stem.replace('-', ' ').capitalize()}, from {language}.\n"


def with_entry(text: str, entries: list[Located], entry: Entry, path: Path) -> str:
    """Return the text of a file with an entry put in by the order of ids.

    Args:
        text: the file's text; empty where there is none.
        entries: the entries in it, with their lines.
        entry: the entry to be put in.
        path: the file.
    """
    block = block_of(entry)
    if not text:
        return f"{header_of(path)}\n{block}"
    end = "\r\n" if "\r\n" in text else "\n"
    block = block.replace("\n", end)
    following = next((located for located in entries if located.entry.id > entry.id), None)
    if following is None:
        return appended(text, block)
    lines = text.split("\n")
    place = following.line - 1
    while place and lines[place - 1].lstrip().startswith("#"):
        place -= 1
    before, after = "\n".join(lines[:place]), "\n".join(lines[place:])
    return f"{before}\n{block}{end}{after}" if before else f"{block}{end}{after}"


def lines_of(text: str, located: Located) -> str:
    """Return an entry's own lines as they stand in its file's text, from its header to its last line."""
    lines = text.split("\n")
    start = located.line - 1
    end = next((i for i in range(start + 1, len(lines)) if _HEADER.match(lines[i].rstrip("\r"))), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "\n".join(lines[start:end])


def with_entry_changed(text: str, located: Located, entry: Entry) -> str:
    """Return the text of a file with an entry written anew in its place."""
    block = block_of(entry).rstrip("\n").replace("\n", "\r\n" if "\r\n" in text else "\n")
    return with_lines_changed(text, lines_of(text, located).rstrip("\r"), block)


def with_lines_changed(text: str, old: str, new: str) -> str:
    """Return a text with the lines of an entry, which stand in it once, in place of others."""
    return text.replace(old, new, 1)


def appended(text: str, block: str) -> str:
    """Return a text with a block at its end, a blank line between."""
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith(end * 2) or not text else end if text.endswith("\n") else end * 2
    return f"{text}{gap}{block}"


def without_entry(text: str, located: Located, path: Path) -> str:
    """Return the text of a file without an entry and the blank line behind it; empty where nothing else was in it."""
    lines = text.split("\n")
    start = located.line - 1
    end = next((i for i in range(start + 1, len(lines)) if _HEADER.match(lines[i].rstrip("\r"))), len(lines))
    if end < len(lines):
        while end > start + 1 and lines[end - 1].lstrip().startswith("#"):
            end -= 1
        left = "\n".join(lines[:start] + lines[end:])
    else:
        left = "\n".join(lines[:start]).rstrip("\r\n") + ("\r\n" if "\r\n" in text else "\n")
    return "" if left == header_of(path) else left


def refusal_block(candidate: Candidate, replace: str, source: str, why: str, by: str, on: str) -> str:
    """Return a refusal as it is written in refused.toml. A phrase that the notation cannot say is quoted as it is."""
    values = {
        "match": candidate.phrase,
        "replace": replace,
        "source": source,
        "language": candidate.language,
        "why": why,
        "by": by,
        "on": on,
    }
    lines = [f"{key} = {toml_string(value)}" for key, value in values.items() if value or key in {"match", "replace"}]
    return "\n".join(("[[refused]]", *lines)) + "\n"


def toml_string(text: str) -> str:
    """Return a text as a basic string of TOML: JSON's escapes are TOML's, DEL apart."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
