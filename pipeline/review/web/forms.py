"""Requests and answers: bodies of bounded size, forms, redirects."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_BYTES = 64 * 1024
MOST_FIELDS = 500


async def read_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """Return the body of a request.

    Raises:
        HTTPException: it is longer than `most` bytes (413).
    """
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        raise HTTPException(413, "The form is too large.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise HTTPException(413, "The form is too large.")
        parts.append(part)
    return b"".join(parts)


def parse_form(body: bytes, content_type: str) -> dict[str, list[str]]:
    """Return the fields of a form, without NULs, which nobody types.

    Raises:
        HTTPException: it is of another type (415) or has too many fields (413).
    """
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "Only plain forms are taken.")
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(413, "The form has too many fields.") from error
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value.replace("\0", ""))
    return form


def field(form: Mapping[str, list[str]], name: str) -> str:
    """Return the first value of a field, empty where there is none."""
    return form.get(name, [""])[0]


def local_path(address: str, fallback: str) -> str:
    """Return a path of this site, or another where an address leads elsewhere.

    >>> local_path("/entries?q=a", "/"), local_path("//evil.example/", "/"), local_path("javascript:x", "/")
    ('/entries?q=a', '/', '/')
    """
    own = address.startswith("/") and not address.startswith("//")
    return address if own and address.isprintable() and "\\" not in address else fallback
