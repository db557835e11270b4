"""Profiles of sites: a user's TOML that says, by CSS selectors, what is content on the pages of a domain.

`docs/profiles.md` describes the file.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from pipeline.data_file import line_of, parse_toml, read_text
from pipeline.errors import DataFileError

ACTS: Final = ("keep", "drop", "comments")
"""What selectors may say of whole blocks."""
_DOMAIN: Final = re.compile(r"(?=.{1,253}$)[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)*")


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a site.

    Attributes:
        domain: its name, which holds for its subdomains too.
        keep: what is content; where it matches, everything else is not.
        drop: what is not content.
        comments: readers' comments.
        title: the page's title.
        date: the date of publication.
    """

    domain: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    title: str = ""
    date: str = ""

    def selectors(self) -> Iterator[tuple[str, str]]:
        """Yield each selector with the name of its setting."""
        for name in ACTS:
            for selector in getattr(self, name):
                yield name, selector
        for name in ("title", "date"):
            if selector := getattr(self, name):
                yield name, selector


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    site: tuple[Site, ...]


Profiles = dict[str, Site]
"""Sites by domain."""


def load_profiles(paths: Sequence[Path]) -> Profiles:
    """Read profiles from files, and from folders all files that end in `.toml`.

    Raises:
        DataFileError: a file cannot be read or does not fit, a selector is no CSS, a domain stands twice.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    return _checked(tuple((file, read_text(file)) for file in files))


def profiles_digest(paths: Sequence[Path]) -> str:
    """Return a hash of what the profiles say, wherever they lie; errors as `load_profiles`."""
    sites = load_profiles(paths)
    return hashlib.sha256(msgspec.json.encode([sites[domain] for domain in sorted(sites)])).hexdigest()


def site_of(profiles: Profiles, url: str | None, name: str | None) -> Site | None:
    """Return the profile of a page, that of the closest domain.

    Args:
        profiles: all profiles.
        url: the page's address; its host counts.
        name: its file name, in whose folders the host is looked for where there is no address
            (`example.org/2014/page.html`, as crawlers save pages).
    """
    host = host_of(url)
    hosts = [host] if host else re.split(r"[\\/]", name or "")
    for one in hosts:
        labels = one.lower().rstrip(".").split(".")
        for start in range(len(labels)):
            if (site := profiles.get(".".join(labels[start:]))) is not None:
                return site
    return None


def host_of(url: str | None) -> str:
    """Return the host of an address, empty where it has none or is broken."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""


@lru_cache(maxsize=4)
def _checked(texts: tuple[tuple[Path, str], ...]) -> Profiles:
    profiles: Profiles = {}
    for path, text in texts:
        for number, site in enumerate(parse_toml(text, _File, path).site):
            domain = site.domain.lower()
            line = line_of(text, f"$.site[{number}].domain")
            if not _DOMAIN.fullmatch(domain):
                mend = "Write it as example.org, without https:// and without a path"
                raise DataFileError(f"{site.domain!r} is no domain", path=path, line=line, mend=mend)
            if domain in profiles:
                raise DataFileError(f"the domain {domain} has a profile already", path=path, line=line)
            _check_selectors(site, number, path, text)
            profiles[domain] = site
    return profiles


def _check_selectors(site: Site, number: int, path: Path, text: str) -> None:
    import soupsieve

    for name, selector in site.selectors():
        try:
            soupsieve.compile(selector)
        except (soupsieve.SelectorSyntaxError, ValueError, NotImplementedError) as error:
            line = _line_of_selector(text, line_of(text, f"$.site[{number}].{name}"), selector)
            problem = str(error).partition("\n")[0].rstrip(".: ")
            raise DataFileError(
                f"{name} has a broken selector, {selector!r}: {problem}", path=path, line=line, mend="Write it as CSS"
            ) from error


def _line_of_selector(text: str, start: int | None, selector: str) -> int | None:
    """Return the line on which a selector stands, from the line of its setting on: lists go over several lines."""
    if start is None or not selector:
        return start
    lines = text.split("\n")
    return next((i + 1 for i in range(start - 1, len(lines)) if selector in lines[i]), start)
