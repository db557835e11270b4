"""How findings are written: one function per format, reports in, text out. FORMATS lists them."""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import msgspec

from pipeline.check.finding import CheckFinding, PageReport, count
from pipeline.check.registry import all_checks
from pipeline.check.summary import markdown

_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def text(reports: Sequence[PageReport]) -> str:
    """Write `path:line: CODE message`, a finding a line: what editors and CI logs parse."""
    return "".join(f"{_place(f)}: {f.code} {_harmless(f.message)} ({f.name})\n" for r in reports for f in r.findings)


def excerpt(finding: CheckFinding, width: int = 100) -> str:
    """Return the finding's line of the page with carets under the fault, for a terminal; empty where it has none.

    A long line is cut to `width` characters around the fault.
    """
    if finding.whole_page or not finding.source.strip():
        return ""
    start = finding.column - 1 - finding.left_out
    left = max(0, min(start - width // 3, len(finding.source) - width))
    shown = _harmless(finding.source[left : left + width].replace("\t", " "))
    head, tail = "…" if left or finding.left_out else "", "…" if left + width < len(finding.source) else ""
    gutter = f"{finding.line:>6} | "
    lines = [f"{gutter}{head}{shown}{tail}"]
    if finding.length:
        carets = "^" * max(1, min(finding.length, left + width - start))
        lines.append(" " * (len(gutter) + len(head) + start - left) + carets)
    if finding.mend is not None:
        lines.append(" " * (len(gutter) - 2) + f"= {_harmless(finding.mend) or '(taken out)'}")
    return "\n".join(lines) + "\n"


def json(reports: Sequence[PageReport]) -> str:
    """Write one JSON document: pages with their findings, and the counts by code."""
    value = {"version": 1, "pages": msgspec.to_builtins(list(reports)), "counts": count(reports)}
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def jsonl(reports: Sequence[PageReport]) -> str:
    """Write one JSON object a finding, a line each."""
    return "".join(msgspec.json.encode(f).decode() + "\n" for r in reports for f in r.findings)


def github(reports: Sequence[PageReport]) -> str:
    """Write GitHub workflow commands, which become annotations on the lines of a pull request."""
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    return "".join(
        f"::{levels[f.severity]} file={_property(f.path)},line={f.line},col={f.column},"
        f"title={_property(f'{f.code} {f.name}')}::{_data(f.message)}\n"
        for r in reports
        for f in r.findings
    )


def gitlab(reports: Sequence[PageReport]) -> str:
    """Write GitLab's code quality report."""
    levels = {"error": "critical", "warning": "minor", "info": "info"}
    issues = [
        {
            "description": f"{f.code} {f.message}",
            "check_name": f.name,
            "fingerprint": fingerprint,
            "severity": levels[f.severity],
            "location": {"path": f.path, "lines": {"begin": f.line}},
        }
        for f, fingerprint in _unique(reports)
    ]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n"


def sarif(reports: Sequence[PageReport]) -> str:
    """Write SARIF 2.1.0 with the rules' descriptions, for code scanning."""
    from pipeline import __version__
    from pipeline.check.explained import explained

    levels = {"error": "error", "warning": "warning", "info": "note"}
    checks = all_checks()
    number = {check.code: index for index, check in enumerate(checks)}
    rules = [
        {
            "id": check.code,
            "name": check.name,
            "shortDescription": {"text": check.summary},
            "fullDescription": {"text": check.why or check.summary},
            "help": {"text": f"{check.summary}\n{check.why}", "markdown": explained(check)},
            "defaultConfiguration": {"level": levels[check.severity]},
        }
        for check in checks
    ]
    results = [
        {
            "ruleId": f.code,
            "ruleIndex": number[f.code],
            "level": levels[f.severity],
            "message": {"text": f.message},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(f.path)}, "region": _region(f)}}],
            "partialFingerprints": {"articlePipeline/v1": fingerprint},
        }
        for f, fingerprint in _unique(reports)
    ]
    driver = {"name": "article-pipeline", "semanticVersion": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    value = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def junit(reports: Sequence[PageReport]) -> str:
    """Write JUnit XML: a test case a page; it fails where a finding has severity error."""
    failed = sum(any(f.severity == "error" for f in r.findings) for r in reports)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites><testsuite name="article-pipeline" tests="{len(reports)}" failures="{failed}">')
    for report in reports:
        lines.append(f"<testcase classname={_attribute('page')} name={_attribute(report.path)}>")
        errors = [f for f in report.findings if f.severity == "error"]
        others = [f for f in report.findings if f.severity != "error"]
        if errors:
            head = _attribute(f"{errors[0].code} {errors[0].message}")
            lines.append(f"<failure message={head}>{_xml(text([_only(report, errors)]))}</failure>")
        if others:
            lines.append(f"<system-out>{_xml(text([_only(report, others)]))}</system-out>")
        lines.append("</testcase>")
    return "\n".join([*lines, "</testsuite></testsuites>", ""])


FORMATS: dict[str, Callable[[Sequence[PageReport]], str]] = {
    "text": text,
    "json": json,
    "jsonl": jsonl,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
    "junit": junit,
    "markdown": markdown,
}


def _place(finding: CheckFinding) -> str:
    column = f":{finding.column}" if finding.length else ""
    path = finding.path.replace("\n", "\\n").replace("\r", "\\r")
    return f"{path}:{finding.line}{column}"


def _harmless(text: str) -> str:
    """Return text of a page without what commands a terminal or turns the direction of writing, as long as before."""
    return _COMMANDS.sub("\ufffd", text)


def _only(report: PageReport, findings: Sequence[CheckFinding]) -> PageReport:
    return msgspec.structs.replace(report, findings=tuple(findings))


def _unique(reports: Sequence[PageReport]) -> list[tuple[CheckFinding, str]]:
    """Return every finding with a fingerprint of its own: the second of two alike gets its number."""
    seen: dict[str, int] = {}
    numbered = []
    for report in reports:
        for finding in report.findings:
            seen[finding.fingerprint] = turn = seen.get(finding.fingerprint, 0) + 1
            numbered.append((finding, finding.fingerprint + ("" if turn == 1 else f"-{turn}")))
    return numbered


def _region(finding: CheckFinding) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line}
    if finding.length:
        region |= {"startColumn": finding.column, "endColumn": finding.column + finding.length}
    return region


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def _data(message: str) -> str:
    """Escape the text of a workflow command."""
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    """Escape a property of a workflow command."""
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _xml(value: str) -> str:
    """Escape text for XML, which cannot hold control characters or lone surrogates at all."""
    return escape("".join(c if _is_xml(c) else "\ufffd" for c in value), quote=False)


def _attribute(value: str) -> str:
    """Return a value of an attribute in quotes; a line break would become a space if it were not escaped."""
    kept = escape("".join(c if _is_xml(c) else "\ufffd" for c in value))
    return f'"{kept.replace(chr(10), "&#10;").replace(chr(13), "&#13;").replace(chr(9), "&#9;")}"'


def _is_xml(character: str) -> bool:
    code = ord(character)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
