"""The server: where it listens, for whom, and how the browser is opened."""

import ipaddress
import re
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable

import msgspec
import uvicorn

from pipeline.errors import OutputError, UsageError
from pipeline.review.web.app import make_app
from pipeline.review.web.desk import ReviewOptions
from pipeline.review.web.security import LEAST_TOKEN


class Address(msgspec.Struct, frozen=True):
    """Where the server listens. Port 0: any that is free."""

    host: str = "127.0.0.1"
    port: int = 0


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def in_address(host: str) -> str:
    """Return a host as addresses and Host headers name it: for all addresses of this machine, its loopback one.

    >>> in_address("0.0.0.0"), in_address("::"), in_address("fd00::1"), in_address("review.example")
    ('127.0.0.1', '[::1]', '[fd00::1]', 'review.example')
    """
    own = host.strip("[]")
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(own, own)  # noqa: S104 -- compared, not bound
    return f"[{own}]" if ":" in own else own


def check_address(address: Address, token: str) -> None:
    """See that a server that others can reach lets in only those who know a token.

    Raises:
        UsageError: it does not.
    """
    if token and not re.fullmatch(rf"[A-Za-z0-9_-]{{{LEAST_TOKEN},200}}", token):
        mend = f"Take letters and digits, as in {secrets.token_urlsafe(24)}"
        raise UsageError(f"a token has at least {LEAST_TOKEN} letters, digits, - or _", mend=mend)
    if not token and not is_loopback(address.host):
        mend = "Give a token (--token), or listen on 127.0.0.1 and use a tunnel"
        raise UsageError(f"{address.host} can be reached by others, who could write to the glossary", mend=mend)


def serve(options: ReviewOptions, address: Address, said: Callable[[str], None], *, open_browser: bool) -> None:
    """Serve until interrupted.

    Args:
        options: what is served.
        address: where.
        said: is told the address as soon as requests are taken.
        open_browser: whether the browser is opened at it.

    Raises:
        UsageError: others could reach it and there is no token.
        OutputError: the port is taken.
        InputError, DataFileError: the queue or the glossary cannot be used.
    """
    check_address(address, options.token)
    listening = _listen(address)
    with listening:
        port = listening.getsockname()[1]
        home = f"http://{in_address(address.host)}:{port}/" + (f"enter?token={options.token}" if options.token else "")
        config = uvicorn.Config(
            make_app(options),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        said(home)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(home,), daemon=True).start()
        server.run(sockets=[listening])
        sys.stdout.flush()


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address.host.strip("[]"), address.port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        problem = f"cannot listen on {address.host}:{address.port} ({error.strerror})"
        raise OutputError(problem, mend="Give another --port, or 0 for any that is free") from error
    return listening
