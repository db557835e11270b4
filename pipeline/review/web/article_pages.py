"""Processed pages: their list, the overview, each before and after with a button to reject a change."""

import re
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.document import Document, undo
from pipeline.errors import InputError
from pipeline.record import Change, Record
from pipeline.repair.entry import Entry
from pipeline.repair.exchange import to_toml
from pipeline.repair.tools import source_of
from pipeline.review.candidate import Candidate, Context, Suggestion, candidate_id, merged
from pipeline.review.entry_check import single_entry
from pipeline.review.report.article import article
from pipeline.review.report.overview import PageLine
from pipeline.review.report.reasons import Reasons
from pipeline.review.report.site import Batch, overview_values
from pipeline.review.report.stored import load
from pipeline.review.web.desk import Desk
from pipeline.review.web.draft import as_value, from_entry
from pipeline.review.web.forms import field
from pipeline.review.web.frame import LINKS, Form, desk_of, go, page, query

PAGES = 100
AROUND = 160
"""Characters of context that a rejected change is shown with, on either side."""


class Rejecting(msgspec.Struct, frozen=True):
    """Where the article page sends a change that is wrong; `done`: candidates of changes that were rejected."""

    action: str
    csrf: str
    done: dict[int, str]


def overview(request: Request) -> Response:
    """Show figures and plots."""
    return page(request, "overview.html", overview_values(desk_of(request).overview()), current="Overview")


def pages(request: Request) -> Response:
    """List the processed pages, those with most errors first."""
    sought = query(request, "q").casefold()
    lines = sorted(desk_of(request).overview().pages, key=lambda line: (-line.rate, line.key))
    found = [line for line in lines if _holds(line, sought)]
    count = max(1, -(-len(found) // PAGES))
    given = query(request, "part", 6)
    number = min(max(int(given) if given.isdecimal() else 1, 1), count)
    batch = Batch(
        number,
        count,
        str(go("/articles", q=sought, part=number - 1).headers["location"]) if number > 1 else "",
        str(go("/articles", q=sought, part=number + 1).headers["location"]) if number < count else "",
    )
    own = found[(number - 1) * PAGES : number * PAGES]
    values = {"lines": own, "batch": batch, "total": len(found), "q": query(request, "q")}
    return page(request, "pages_searched.html", values, current="Pages")


def _holds(line: PageLine, sought: str) -> bool:
    return not sought or sought in line.title.casefold() or sought in line.name.casefold()


def one_page(request: Request) -> Response:
    """Show a page before and after."""
    desk = desk_of(request)
    key, record = _record(desk, request)
    reject = Rejecting(f"{LINKS.article(key)}/reject", request.scope["review_csrf"], _rejected(desk, record))
    said = "The change is in the queue as a candidate." if query(request, "rejected", 10) else ""
    values = {"article": article(record, desk.reasons()), "reject": reject}
    return page(request, "article.html", values, current="Pages", said=said)


def reject(request: Request, form: Form) -> Response:
    """Put a change that is wrong into the queue: its words become a candidate antipattern of its entry."""
    desk = desk_of(request)
    key, record = _record(desk, request)
    given = field(form, "change")
    if not re.fullmatch("[0-9]{1,6}", given) or int(given) >= len(record.changes):
        raise HTTPException(404, "There is no such change.")
    candidate = rejected(record, record.changes[int(given)], desk.reasons())
    known = desk.queue.get(candidate.id)
    desk.queue.add([candidate if known is None else merged(known, candidate)])
    return go(f"{LINKS.article(key)}", rejected=1)


def _record(desk: Desk, request: Request) -> tuple[str, Record]:
    key = str(request.path_params["key"])
    stored = desk.page(key)
    if stored is None:
        raise HTTPException(404, "There is no such page.")
    try:
        return key, load(stored)
    except InputError as error:
        raise HTTPException(404, str(error)) from error


def _rejected(desk: Desk, record: Record) -> dict[int, str]:
    """Return the candidates of changes that were rejected already, by the changes' places."""
    reasons = desk.reasons()
    found = {}
    for index, change in enumerate(record.changes):
        ident = identity(change, reasons)
        if ident and desk.queue.state(ident) is not None:
            found[index] = f"/candidates/{ident}"
    return found


def identity(change: Change, reasons: Reasons) -> str:
    """Return the id of the candidate that a change becomes when it is rejected; empty where no entry made it."""
    reason = reasons.of_change(change.reason)[0]
    if reason.entry is None:
        return ""
    return candidate_id("undone", reason.code.split(".")[0], f"{reason.code}: {change.before}")


def rejected(record: Record, change: Change, reasons: Reasons) -> Candidate:
    """Return the candidate that a rejected change becomes: its entry, with the words that must stay as antipattern.

    Raises:
        HTTPException: no entry of the glossary made the change.
    """
    reason = reasons.of_change(change.reason)[0]
    if reason.entry is None:
        raise HTTPException(409, "No entry of the glossary in use made this change.")
    own = from_entry(single_entry(source_of(reasons.entries[reason.code]), Path("draft")))
    text, start, end = _before(record, change)
    wider = _widened(text, start, end)
    draft = msgspec.structs.replace(own, not_=tuple(dict.fromkeys((*own.not_, wider))))
    left = max(0, start - AROUND)
    sentence = text[left : end + AROUND]
    language, field_ = reason.code.split(".")[:2]
    name = record.source.name or record.id
    return Candidate(
        id=identity(change, reasons),
        phrase=change.before,
        kind="undone",
        language=language,
        field=field_,
        score=1.0,
        contexts=(Context(name, change.block, sentence, start - left, end - left),),
        replacements=(Suggestion(change.after, 0.0, reason.entry.source),),
        pages=1,
        seen=1,
        draft=to_toml(msgspec.convert(as_value(draft), Entry)),
        why=(f"a change by {reason.code} was rejected on {name}",),
    )


def _before(record: Record, change: Change) -> tuple[str, int, int]:
    """Return the text before repair, and where the change's words stand in it."""
    document = undo(Document.from_record(record))
    text = document.title if change.block is None else document.blocks[change.block].text
    earlier = [one for one in record.changes if one.block == change.block and one.start < change.start]
    start = change.start - sum(len(one.after) - len(one.before) for one in earlier)
    return text, start, start + len(change.before)


def _widened(text: str, start: int, end: int) -> str:
    """Return the words that must stay, with a word before or behind them: alone they would forbid every match."""
    before = re.search(r"([^\W\d_]+) \Z", text[max(0, start - 40) : start])
    behind = re.match(r" ([^\W\d_]+)", text[end : end + 40])
    words = " ".join(re.findall(r"[\w'-]+", text[start:end]))
    if behind:
        return f"{words} {behind[1]}".lower()
    return f"{before[1]} {words}".lower() if before else words.lower()
