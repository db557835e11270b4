"""Templates into HTML: everything is escaped, and what would mislead a reader's eye is made visible."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of writing, and halves of surrogate pairs."""

STATIC_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
"""Content Security Policy of the report: one style sheet beside it, and nothing else."""


class Links(Protocol):
    """Where pages lie: files beside each other, or paths on a server."""

    def article(self, key: str) -> str:
        """Return the address of an article page."""
        ...

    def entry(self, code: str) -> str:
        """Return the address of a glossary entry."""
        ...

    def asset(self, name: str) -> str:
        """Return the address of a style sheet or script."""
        ...


@lru_cache(maxsize=2)
def environment(*, server: bool = False) -> Environment:
    """Return the templates: those of the report, and on the server those of the review page before them."""
    loaders = [PackageLoader("pipeline.review.report", "templates")]
    if server:
        loaders.insert(0, PackageLoader("pipeline.review.web", "templates"))
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["thousands"] = thousands
    made.filters["fragment"] = fragment
    made.filters["plural"] = plural
    return made


def render(name: str, values: Mapping[str, object], *, server: bool = False) -> str:
    """Return the HTML of a template."""
    return environment(server=server).get_template(name).render(**values)


def visible(value: object) -> object:
    r"""Return a value with characters that cannot be seen, or that turn the text around, made visible.

    >>> visible("a\x00b\u202ec")
    'a␀b[U+202E]c'
    """
    if isinstance(value, str) and not isinstance(value, Markup) and _UNSEEN.search(value):
        return _UNSEEN.sub(_shown, value)
    return value


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"[U+{code:04X}]"


def thousands(number: int) -> str:
    """Return a number with commas between thousands."""
    return f"{number:,}"


def plural(number: int, noun: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> plural(1, "page"), plural(1200, "page"), plural(2, "entry", "entries")
    ('1 page', '1,200 pages', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def fragment(code: str) -> str:
    """Return a name as an id that HTML and addresses take as it is.

    >>> fragment("ru.spine.ridge"), fragment('" onload=x')
    ('e-ru.spine.ridge', 'e--22-20onload-3Dx')
    """
    return "e-" + re.sub(r"[^A-Za-z0-9.-]", _hexadecimal, code)


def _hexadecimal(found: re.Match[str]) -> str:
    return "".join(f"-{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))
