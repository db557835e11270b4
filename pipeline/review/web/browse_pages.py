"""Lists: candidates of the queue, entries of the glossary, the history of decisions; and the reviewer's name."""

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.repair.glossary_files import Located
from pipeline.repair.tools import source_of
from pipeline.review.report.reasons import Reason
from pipeline.review.web.candidate_page import DONE
from pipeline.review.web.forms import field, local_path
from pipeline.review.web.frame import MOST_NAME, REVIEWER, Form, desk_of, go, page, query

ROWS = 50
STATES = ("open", "approved", "suggested", "refused", "pending")


def queue(request: Request) -> Response:
    """List candidates, the most likely first."""
    desk = desk_of(request)
    wanted = {name: query(request, name, 60) for name in ("q", "state", "field", "language")}
    after = _place(query(request, "after", 80))
    found = desk.queue.search(
        wanted["q"], state=wanted["state"], field=wanted["field"], language=wanted["language"], after=after, limit=ROWS
    )
    more = ""
    if found.after:
        more = str(go("/queue", **wanted, after=f"{found.after[0]!r}_{found.after[1]}").headers["location"])
    values = {"found": found, "more": more, "wanted": wanted, "states": STATES, "progress": desk.queue.counts()}
    return page(request, "queue.html", values, current="Queue")


def _place(text: str) -> tuple[float, str] | None:
    """Return the place in a list that an address names, None where it names none."""
    score, _, ident = text.partition("_")
    try:
        return (float(score), ident) if ident else None
    except ValueError:
        return None


def entries(request: Request) -> Response:
    """Search the glossary by id, phrase, replacement, source and notes."""
    sought = query(request, "q").casefold()
    known = [one.located for one in desk_of(request).glossary().known]
    found = [located for located in known if not sought or sought in _said(located)]
    values = {"q": query(request, "q"), "found": found[:ROWS], "total": len(found), "all": len(known)}
    return page(request, "glossary.html", values, current="Entries")


def _said(located: Located) -> str:
    entry = located.entry
    return "\n".join((entry.id, *entry.matches, *entry.candidates, entry.source, entry.notes)).casefold()


def entry(request: Request) -> Response:
    """Show one entry, or one rule of letters and spacing, with the pages that it changed."""
    desk = desk_of(request)
    code = str(request.path_params["id"])
    located = desk.glossary().find(code)
    reason: Reason = desk.reasons().of_change(code)[0]
    if located is None and reason.type != "text":
        raise HTTPException(404, "There is no such entry.")
    use = next((use for use in desk.overview().entries if use.code == code), None)
    values = {"code": code, "located": located, "reason": reason, "use": use}
    values |= {"toml": source_of(located) if located else ""}
    return page(request, "entry.html", values, current="Entries")


def history(request: Request) -> Response:
    """List decisions, the last first."""
    before = query(request, "before", 11)
    by = query(request, "by", MOST_NAME)
    number = int(before) if before.isdecimal() else None
    found = desk_of(request).queue.history(reviewer=by, before=number, limit=ROWS)
    more = str(go("/history", by=by, before=found[-1].number).headers["location"]) if len(found) == ROWS else ""
    values = {"decisions": found, "more": more, "by": by, "names": DONE}
    return page(request, "history.html", values, current="History")


def be(_: Request, form: Form) -> Response:
    """Set the name under which this browser decides."""
    name = field(form, "name").strip()[:MOST_NAME]
    if not name or not name.isprintable():
        raise HTTPException(422, "A name is one line of text.")
    answer = go(local_path(field(form, "back"), "/review"))
    answer.set_cookie(REVIEWER, quote(name), max_age=31_536_000, httponly=True, samesite="strict")
    return answer
