"""The YAML front matter of a Markdown file: what a site generator or a reader of many files wants first.

Every string is double-quoted with JSON's escapes, which YAML 1.1 and 1.2 both read as they stand, so no
title can turn into a number, a date, a boolean or a second document.
"""

import json
import re

from pipeline.record import Record

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that JSON may hold raw and YAML may not, or that YAML takes for line breaks."""


def front_matter(record: Record) -> str:
    """Return the block between `---` lines: title, source, language, breadcrumb, section labels, findings."""
    source, said = record.source, record.metadata
    lines = ["---", f"title: {quoted(record.title)}", f"id: {quoted(record.id)}"]
    lines += [f"source: {quoted(source.url or source.name)}", f"sha256: {quoted(source.sha256)}"]
    lines += [f"language: {quoted(record.language)}", f"source_language: {quoted(record.source_language)}"]
    lines += [f"{key}: {quoted(value)}" for key, value in (("author", said.author), ("date", said.date)) if value]
    lines += _sequence("breadcrumb", record.breadcrumb)
    lines += _sequence("sections", [section.label for section in record.sections])
    lines += [f"changes: {len(record.changes)}", f"findings: {len(record.findings)}", "---"]
    return "\n".join(lines) + "\n"


def quoted(value: str | None) -> str:
    r"""Return a YAML scalar: a double-quoted string, or null.

    >>> print(quoted('No: "this" # is text'))
    "No: \"this\" # is text"
    """
    if value is None:
        return "null"
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _sequence(key: str, values: tuple[str, ...] | list[str]) -> list[str]:
    return [f"{key}:", *(f"  - {quoted(value)}" for value in values)] if values else [f"{key}: []"]
