"""The glossary in other people's formats: CSV with all keys, TBX-Basic (ISO 30042) with the terms."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from pipeline.errors import DataFileError
from pipeline.repair.entry import Entry
from pipeline.repair.glossary_files import Located

_LISTS = ("match", "replace", "topic", "cues", "unless", "not")
_TEXTS = ("id", "source", "type", "status", "apply", "article", "severity", "notes")
_JSON = ("mt", "tokens", "case", "slots", "change", "keep", "evidence", "review")
COLUMNS = tuple(
    """id source match replace type status apply topic cues unless not mt tokens case article severity slots change keep
    evidence review notes""".split()
)
"""Columns of the CSV form: the keys of an entry. Lists have one item a line; examples, evidence and so on are JSON."""


def export_csv(entries: Iterable[Located]) -> str:
    """Return entries as CSV (RFC 4180), a header line first, keys that are left out empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for located in entries:
        value: dict[str, Any] = msgspec.to_builtins(located.entry)
        writer.writerow({key: _cell(key, value[key]) for key in COLUMNS if key in value})
    return out.getvalue()


def _cell(key: str, value: Any) -> str:
    if key in _LISTS:
        return value if isinstance(value, str) else "\n".join(value)
    return str(value) if key in _TEXTS else msgspec.json.encode(value).decode()


def import_csv(text: str, path: Path) -> list[Entry]:
    """Read entries from CSV that came from `path`; whatever status it claims, an entry without review is a candidate.

    Raises:
        DataFileError: a column is unknown or an entry is not as it must be; the error names the line.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    unknown = [name for name in reader.fieldnames or () if name not in COLUMNS]
    if unknown:
        mend = f"Columns are {', '.join(COLUMNS)}"
        raise DataFileError(f"has the unknown column {unknown[0]!r}", path=path, line=1, mend=mend)
    return [_entry(_value(row, path, reader.line_num), path, reader.line_num) for row in reader]


def _value(row: dict[str, str], path: Path, line: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, cell in row.items():
        if not isinstance(cell, str) or key is None:
            raise DataFileError("has more or fewer cells than its header", path=path, line=line)
        if cell and key in _LISTS:
            items = cell.split("\n")
            value[key] = items[0] if len(items) == 1 and key in {"match", "replace"} else items
        elif cell:
            value[key] = cell if key in _TEXTS else _decoded(cell, key, path, line)
    value.setdefault("replace", "")
    return value


def _decoded(cell: str, key: str, path: Path, line: int) -> Any:
    try:
        return msgspec.json.decode(cell)
    except msgspec.DecodeError as error:
        raise DataFileError(f"column {key}: is not JSON: {error}", path=path, line=line) from error


def _entry(value: dict[str, Any], path: Path, line: int) -> Entry:
    try:
        entry = msgspec.convert(value, Entry)
    except msgspec.ValidationError as error:
        raise DataFileError(f"entry {value.get('id', 'without id')}: {error}", path=path, line=line) from error
    unreviewed = entry.review is None and entry.status in {"approved", "trial"}
    return msgspec.structs.replace(entry, status="candidate") if unreviewed else entry


def to_toml(entry: Entry) -> str:
    """Return an entry as it is written in a glossary file, keys that are left out not shown.

    >>> print(to_toml(Entry(id="ru.eyes.barley", match="barley:n", replace="stye:n", cues=("eye",))), end="")
    [[entry]]
    id = "ru.eyes.barley"
    match = "barley:n"
    replace = "stye:n"
    cues = ["eye"]
    """
    value: dict[str, Any] = msgspec.to_builtins(entry)
    lines = [f"{key} = {_toml(value[key], wide=key in {'change', 'keep'})}\n" for key in COLUMNS if key in value]
    return "[[entry]]\n" + "".join(lines)


def _toml(value: Any, *, wide: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        if wide and value:
            return "[\n" + "".join(f"    {_toml(item)},\n" for item in value) + "]"
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's escapes are TOML's, DEL apart
    return msgspec.json.encode(str(value)).decode().replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)


def export_tbx(entries: Iterable[Located]) -> str:
    """Return entries as TBX-Basic 2019: a concept each, with the source term, the wrong and the right English ones."""
    body = "".join(map(_concept, entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"'
        ' xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">\n'
        "  <tbxHeader><fileDesc><sourceDesc><p>article-pipeline glossary</p></sourceDesc></fileDesc></tbxHeader>\n"
        f"  <text>\n    <body>\n{body}    </body>\n  </text>\n</tbx>\n"
    )


def _concept(located: Located) -> str:
    entry = located.entry
    source = _language(located.language, [(entry.source, "")]) if entry.source else ""
    terms = [(phrase, "deprecatedTerm-admn-sts") for phrase in entry.matches]
    terms += [(phrase, "preferredTerm-admn-sts") for phrase in entry.candidates if phrase]
    subject = f"        <min:subjectField>{escape(located.field)}</min:subjectField>\n"
    inner = subject + source + _language("en", terms)
    return f'      <conceptEntry id="{escape(entry.id)}">\n{inner}      </conceptEntry>\n'


def _language(code: str, terms: Sequence[tuple[str, str]]) -> str:
    sections = "".join(
        f"          <termSec>\n            <term>{escape(term)}</term>\n"
        + (f"            <min:administrativeStatus>{status}</min:administrativeStatus>\n" if status else "")
        + "          </termSec>\n"
        for term, status in terms
    )
    return f'        <langSec xml:lang="{escape(code)}">\n{sections}        </langSec>\n'


_TBX = "{urn:iso:std:iso:30042:ed-2}"
_MIN = "{http://www.tbxinfo.net/ns/min}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def import_tbx(text: str, path: Path) -> list[Entry]:
    """Read entries from TBX-Basic: deprecated English terms are matched, preferred ones put there.

    Concepts without a deprecated English term are left out: they say nothing of an error. All are candidates.

    Raises:
        DataFileError: it is not XML, declares entities, or an entry is not as it must be.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DataFileError("declares a document type or entities", path=path, mend="Take the declaration out")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without declarations there is nothing to expand
    except ElementTree.ParseError as error:
        raise DataFileError(f"is not XML: {error}", path=path, line=error.position[0]) from error
    entries = []
    for concept in root.iter(f"{_TBX}conceptEntry"):
        value = _of_concept(concept)
        if value["match"]:
            entries.append(_entry(value, path, 1))
    return entries


def _of_concept(concept: ElementTree.Element) -> dict[str, Any]:
    value: dict[str, Any] = {"id": concept.get("id", ""), "match": [], "replace": []}
    for section in concept.iter(f"{_TBX}langSec"):
        for term in section.iter(f"{_TBX}termSec"):
            words = (term.findtext(f"{_TBX}term") or "").strip()
            status = term.findtext(f"{_MIN}administrativeStatus") or ""
            if section.get(_LANG, "").split("-")[0] != "en":
                value["source"] = words
            elif status.startswith("deprecated"):
                value["match"].append(words)
            else:
                value["replace"].append(words)
    value["replace"] = value["replace"][0] if len(value["replace"]) == 1 else value["replace"] or ""
    return value
