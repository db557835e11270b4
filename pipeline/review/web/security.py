"""What stands before every page: who may ask, by which name, and what a browser may do with the answer.

Text from pages is hostile, and so is any other site that is open in the reviewer's browser. Requests are
taken under known host names only (against DNS rebinding); what changes something needs a token that no
other site can read; answers forbid scripts, styles and frames that are not ours.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-report"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
SESSION: Final = "review_session"
AUTHORITY: Final = "review_authority"
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
LEAST_TOKEN: Final = 16
_SESSION_FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_YEAR: Final = 365 * 24 * 3600


class Gate:
    """An ASGI application before another: see the module.

    Args:
        app: what answers.
        hosts: names under which it may be asked, without port.
        token: what a browser must know to be let in; empty: nothing.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str], token: str = "") -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._token = token
        self._secret = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = _cookies(headers.get("cookie", ""))
        known = cookies.get(SESSION, "")
        session = known if _SESSION_FORM.fullmatch(known) else secrets.token_urlsafe(32)
        scope["review_csrf"] = self.csrf(session)
        answer = self._refusal(scope, headers, cookies)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
                if session != known:
                    out.append("set-cookie", f"{SESSION}={session}; Path=/; HttpOnly; SameSite=Strict")
            await send(message)

        await (answer or self._app)(scope, receive, guarded)

    def csrf(self, session: str) -> str:
        """Return the token that forms of a session carry."""
        return hmac.new(self._secret, session.encode(), hashlib.sha256).hexdigest()

    def _refusal(self, scope: Scope, headers: Headers, cookies: dict[str, str]) -> Response | None:
        """Return the answer to a request that is not let through."""
        host = headers.get("host", "")
        if host_name(host) not in self._hosts:
            return PlainTextResponse("This name is not one of this server's.\n", 421)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("Not allowed.\n", 405)
        if scope["method"] == "POST" and not _same_origin(headers, host):
            return PlainTextResponse("This form comes from another site.\n", 403)
        return self._admission(scope, cookies) if self._token else None

    def _admission(self, scope: Scope, cookies: dict[str, str]) -> Response | None:
        """Let in whoever shows the token once, in the address that the command printed."""
        pass_ = hmac.new(self._token.encode(), b"admitted", hashlib.sha256).hexdigest()
        if hmac.compare_digest(cookies.get(AUTHORITY, ""), pass_):
            return None
        query = scope.get("query_string", b"").decode("ascii", "replace")
        given = re.fullmatch(r"token=([A-Za-z0-9_.~-]+)", query)
        if scope["path"] == "/enter" and given and hmac.compare_digest(given[1], self._token):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(AUTHORITY, pass_, max_age=_YEAR, httponly=True, samesite="strict")
            return answer
        return PlainTextResponse("Open the address with the token that pipeline review printed.\n", 401)


def host_name(host: str) -> str:
    """Return the name in a Host header, without the port.

    >>> host_name("LOCALHOST:80"), host_name("[::1]:80"), host_name("a.example:80.evil")
    ('localhost', '[::1]', 'a.example:80.evil')
    """
    return re.sub(r":[0-9]{1,5}\Z", "", host.lower())


def _same_origin(headers: Headers, host: str) -> bool:
    """Return whether a POST comes from a page of this server, as far as its headers tell."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or origin.lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def is_token(given: str, expected: str) -> bool:
    """Return whether a form's token is the session's."""
    return hmac.compare_digest(given.encode(), expected.encode())
