"""The application: which address is answered by what."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import PipelineError
from pipeline.review.web import article_pages, browse_pages, candidate_page
from pipeline.review.web.desk import Desk, ReviewOptions
from pipeline.review.web.forms import read_body
from pipeline.review.web.frame import desk_of, page, reads, writes
from pipeline.review.web.security import Gate

ASSETS = {
    "report.css": ("pipeline.review.report", "text/css"),
    "review.css": ("pipeline.review.web", "text/css"),
    "review.js": ("pipeline.review.web", "text/javascript"),
    "icon.svg": ("pipeline.review.web", "image/svg+xml"),
    "htmx.min.js": ("pipeline.review.web", "text/javascript"),
}
"""Files that are served: where each lies, and what it is. Nothing else on the disk can be asked for."""
MOST_VIOLATIONS = 100


def make_app(options: ReviewOptions) -> Starlette:
    """Return the application. It opens the queue at once, and reads the corpora in the background when it starts.

    Raises:
        InputError: the queue cannot be used.
        DataFileError: the glossary is not as it must be.
    """
    desk = Desk(options)
    desk.glossary()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        desk.corpora.start()
        yield
        desk.close()

    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Gate, hosts=options.hosts, token=options.token)],
        exception_handlers={HTTPException: _refused, PipelineError: _failed, sqlite3.Error: _failed},
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


def _routes() -> list[Route]:
    post = ["POST"]
    return [
        Route("/", _home),
        Route("/review", reads(candidate_page.next_candidate)),
        Route("/candidates/{id}", reads(candidate_page.one_candidate)),
        Route("/candidates/{id}", writes(candidate_page.decide), methods=post),
        Route("/undo", writes(candidate_page.undo), methods=post),
        Route("/queue", reads(browse_pages.queue)),
        Route("/entries", reads(browse_pages.entries)),
        Route("/entries/{id}", reads(browse_pages.entry)),
        Route("/history", reads(browse_pages.history)),
        Route("/reviewer", writes(browse_pages.be), methods=post),
        Route("/articles", reads(article_pages.pages)),
        Route("/articles/{key}", reads(article_pages.one_page)),
        Route("/articles/{key}/reject", writes(article_pages.reject), methods=post),
        Route("/overview", reads(article_pages.overview)),
        Route("/static/{name}", _asset),
        Route("/csp-report", _violation, methods=post),
    ]


async def _home(_: Request) -> Response:
    return RedirectResponse("/review", 303)


async def _asset(request: Request) -> Response:
    name = str(request.path_params["name"])
    if name not in ASSETS:
        raise HTTPException(404, "There is no such file.")
    package, kind = ASSETS[name]
    return Response(_content(package, name), media_type=kind, headers={"cache-control": "max-age=3600"})


@lru_cache(maxsize=len(ASSETS))
def _content(package: str, name: str) -> bytes:
    return (files(package) / "static" / name).read_bytes()


async def _violation(request: Request) -> Response:
    """Keep what a browser reports that the policy forbade: page text that tried to do more than be read."""
    body = await read_body(request, 16 * 1024)
    violations = desk_of(request).violations
    if len(violations) < MOST_VIOLATIONS:
        violations.append(body.decode("utf-8", "replace"))
    return Response(status_code=204)


async def _refused(request: Request, error: Exception) -> Response:
    """Say what was wrong with a request."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    if error.status_code == 404 or error.status_code in {403, 409, 413, 415, 422}:
        values = {"status": error.status_code, "detail": error.detail}
        return page(request, "refused.html", values, status=error.status_code)
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    """Show a fault of what the server works on: a glossary file edited by hand, a queue that is gone."""
    return page(request, "refused.html", {"status": 500, "detail": str(error)}, status=500)
