"""The findings of a pull request as one comment: what stops it, page by page, and what the pipeline would change."""

from collections.abc import Iterator, Sequence
from html import escape

from pipeline.check.finding import RANK, PageReport, worst

_PAGES = 100
"""Pages that the table lists."""
_LISTED = 30
"""Findings, and changes, that are listed for one page."""
_SIZE = 60_000
"""Characters of a comment; GitHub takes 65,536."""


def markdown(reports: Sequence[PageReport]) -> str:
    """Write a summary for a comment on a pull request: pages, counts, and before/after of the changes.

    The worst pages come first; clean ones are only counted. What would not fit into a comment is left out and said.
    """
    verdict = {None: "Nothing found.", "error": "Some pages must be mended or left out."}
    ranked = sorted(reports, key=lambda r: (-_rank(r), r.path))
    clean = sum(not r.findings for r in reports)
    head = f"{len(reports)} {'page' if len(reports) == 1 else 'pages'} checked, {clean} without findings."
    lines = ["## Check of scraped pages", "", f"{verdict.get(worst(reports), 'Nothing stops these pages.')} {head}", ""]
    lines += _table([r for r in ranked if r.findings or r.changes])
    size = sum(len(line) + 1 for line in lines)
    left = 0
    for report in ranked:
        details = list(_details(report))
        size += sum(len(line) + 1 for line in details)
        if size > _SIZE:
            left += bool(details)
        else:
            lines += details
    if left:
        lines += ["", f"The details of {left} more pages do not fit here; `pipeline check` shows them."]
    return "\n".join(lines).rstrip("\n") + "\n"


def _rank(report: PageReport) -> int:
    """Order pages by their worst finding; those with changes alone come before clean ones."""
    return 1 + max((RANK[f.severity] for f in report.findings), default=-1)


def _table(reports: Sequence[PageReport]) -> Iterator[str]:
    if not reports:
        return
    yield "| page | errors | warnings | notes | blocks kept / dropped | changes |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for r in reports[:_PAGES]:
        numbers = [sum(f.severity == s for f in r.findings) for s in ("error", "warning", "info")]
        cells = [_cell(r.path), *map(str, numbers), f"{r.blocks} / {r.dropped}", str(len(r.changes))]
        yield f"| {' | '.join(cells)} |"
    if len(reports) > _PAGES:
        yield f"| and {len(reports) - _PAGES} more pages | | | | | |"


def _details(report: PageReport) -> Iterator[str]:
    shown = [f for f in report.findings if f.severity != "info"]
    if not shown and not report.changes:
        return
    opened = " open" if any(f.severity == "error" for f in shown) else ""
    yield from ("", f"<details{opened}><summary>{escape(_flat(report.path), quote=False)}</summary>", "")
    yield from (
        f"- {'' if f.whole_page else f'line {f.line}: '}**{f.code}** {_cell(f.message)}" for f in shown[:_LISTED]
    )
    if len(shown) > _LISTED:
        yield f"- and {len(shown) - _LISTED} more"
    if report.changes:
        yield from ("", "| before | after | why |", "| --- | --- | --- |")
        for before, after, why in report.changes[:_LISTED]:
            yield f"| {_cell(before)} | {_cell(after) if after.strip() else '*(taken out)*'} | {_cell(why)} |"
    if len(report.changes) > _LISTED:
        yield from ("", f"and {len(report.changes) - _LISTED} more changes")
    yield from ("", "</details>")


def _flat(value: str) -> str:
    return " ".join(value.split())


def _cell(value: str) -> str:
    """Return text for a cell of a Markdown table: on one line, its markup shown as it is."""
    flat = _flat(escape(value, quote=False))
    for character in "\\`*_[]|~#":
        flat = flat.replace(character, "\\" + character)
    return flat or " "
