"""What every page of the server has: links, the bar on top, the session's token, messages; and how it is answered."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.review.report.render import render
from pipeline.review.web.desk import Desk
from pipeline.review.web.forms import field, parse_form, read_body
from pipeline.review.web.security import is_token

REVIEWER = "review_name"
MOST_NAME = 60
Form = Mapping[str, list[str]]


class ServerLinks(msgspec.Struct, frozen=True):
    """Addresses on the server."""

    def article(self, key: str) -> str:
        """Return the address of an article page."""
        return f"/articles/{quote(key, safe='')}"

    def entry(self, code: str) -> str:
        """Return the address of a glossary entry."""
        return f"/entries/{quote(code, safe='')}"

    def asset(self, name: str) -> str:
        """Return the address of a style sheet or script."""
        return f"/static/{name}"


LINKS = ServerLinks()
_NAV = (
    ("Review", "/review"),
    ("Queue", "/queue"),
    ("Pages", "/articles"),
    ("Overview", "/overview"),
    ("Entries", "/entries"),
    ("History", "/history"),
)


def desk_of(request: Request) -> Desk:
    """Return the state of the server."""
    desk: Desk = request.app.state.desk
    return desk


def reviewer_of(request: Request) -> str:
    """Return the name under which this browser decides."""
    from urllib.parse import unquote

    name = unquote(request.cookies.get(REVIEWER, ""))[:MOST_NAME].strip()
    return name if name and name.isprintable() else desk_of(request).options.reviewer


def page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    current: str = "",
    status: int = 200,
    said: str = "",
) -> HTMLResponse:
    """Return a page.

    Args:
        request: what was asked.
        template: name of the template.
        values: what it shows.
        current: label of the page in the bar on top.
        status: HTTP status.
        said: what has just happened, told to screen readers too.
    """
    frame = {
        "links": LINKS,
        "nav": [(label, address, label == current) for label, address in _NAV],
        "policy": "",
        "csrf": request.scope["review_csrf"],
        "reviewer": reviewer_of(request),
        "said": said,
    }
    return HTMLResponse(render(template, {**frame, **values}, server=True), status)


def go(address: str, **query: str | int) -> RedirectResponse:
    """Return a redirect after a form, to a page that may be loaded again; empty parts of the query are left out."""
    wanted = {name: value for name, value in query.items() if value}
    return RedirectResponse(f"{address}?{urlencode(wanted)}" if wanted else address, 303)


def reads(view: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that answers in a thread, so that one slow page holds up no other."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(view, request)

    return endpoint


def writes(view: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that takes a form: of bounded size, with the session's token, in a thread."""

    async def endpoint(request: Request) -> Response:
        body = await read_body(request)
        form = parse_form(body, request.headers.get("content-type", ""))
        if not is_token(field(form, "csrf"), request.scope["review_csrf"]):
            raise HTTPException(403, "This form is out of date. Load the page again.")
        return await run_in_threadpool(view, request, form)

    return endpoint


def by_script(request: Request) -> bool:
    """Return whether htmx asks, which puts the answer into the page that is open."""
    return request.headers.get("hx-request") == "true"


def query(request: Request, name: str, most: int = 200) -> str:
    """Return a parameter of the address, cut to size, without NULs."""
    value: Any = request.query_params.get(name, "")
    return str(value)[:most].replace("\0", "").strip()
