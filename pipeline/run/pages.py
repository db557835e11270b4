"""Which files below a folder are pages, in a fixed order, and what else lies there.

Pages are regular files with one of `pipeline.read.ids.ENDINGS`, also behind links. Hidden files and folders are
left out. A folder is entered once, however many links lead to it, so links in a circle end by themselves.
"""

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.read.ids import ENDINGS, PART, WHOLE, file_key, page_id
from pipeline.write.formats import FORMATS

_FOLDER = re.compile(rf"(?i)\.({'|'.join(re.escape(f.ending[1:]) for f in FORMATS.values())})$")
_CASED = re.compile("%(?:x?[0-9A-F]{2}|u[0-9A-F]{4})|[A-Z]|[^\x00-\x7f]")
"""An escape, or a character that has a case or may be composed otherwise."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its path below the folder (with `/`, undecodable bytes as surrogates) and the id of its record."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one file of a run, as a finding says it; `name` is its path below the folder."""

    name: str
    code: str
    severity: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds.

    Attributes:
        pages: the pages, sorted by the bytes of their names.
        faults: what cannot be read or has a name that asks for trouble, sorted alike.
        others: how many files have an ending that pages do not have, by ending.
    """

    pages: tuple[Page, ...]
    faults: tuple[Fault, ...]
    others: Mapping[str, int]


def find_pages(folder: Path) -> Found:
    """Find the pages below a folder.

    Raises:
        InputError: the folder is not there, is no folder or cannot be listed.
    """
    walk = _Walk(folder)
    try:
        walk.start()
    except OSError as error:
        raise InputError(f"cannot be read as a folder ({error.strerror})", path=folder) from error
    names = sorted(walk.names, key=os.fsencode)
    faults = sorted([*walk.faults, *_odd_names(names)], key=lambda fault: os.fsencode(fault.name))
    ids = assign_ids(names)
    return Found(tuple(Page(name, ids[name]) for name in names), tuple(faults), dict(sorted(walk.others.items())))


def assign_ids(names: Iterable[str]) -> dict[str, str]:
    """Give each page an id of its own: its name without the ending, with it where two would be one.

    Ids that differ in case or in how accents are composed count as one, because some file systems take
    them for one; such pages have these characters escaped. No id is the folder of another page's output.

    >>> assign_ids(["a.html", "a.txt", "b.html", "C.html", "c.html"])
    {'a.html': 'a.html', 'a.txt': 'a.txt', 'b.html': 'b', 'C.html': '%43.html', 'c.html': 'c.html'}
    """
    ids = {name: _no_output(page_id(name)) for name in names}
    for mend in (_with_ending, _escaped):
        shared = Counter(map(file_key, ids.values()))
        ids = {name: own if shared[file_key(own)] == 1 else mend(name) for name, own in ids.items()}
    return ids


def _no_output(ident: str) -> str:
    """Escape the point in a folder's name that could be the name of an output (`page.json/`)."""
    *folders, last = ident.split("/")
    return "/".join([*(_FOLDER.sub(r"%2E\1", folder) for folder in folders), last])


def _with_ending(name: str) -> str:
    return _no_output(page_id(name, keep_ending=True))


def _escaped(name: str) -> str:
    ident = _CASED.sub(_escape, _with_ending(name))
    if len(ident) > WHOLE or any(len(part) > PART for part in ident.split("/")):
        return f"%~{hashlib.sha256(os.fsencode(name)).hexdigest()[:32]}"
    return ident


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    return text if text[0] == "%" else "".join(f"%{byte:02X}" for byte in text.encode())


def shown(name: str) -> str:
    r"""Return a file name as one line of printable text; what is none is escaped.

    >>> shown("a\nb" + chr(0xdc80))
    'a\\nb\\x80'
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def reason_of(error: OSError) -> str:
    """Return what the system says of an error, in words and without a path."""
    return error.strerror or type(error).__name__


class _Walk:
    """One walk over a folder; links to folders are followed after the folders themselves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: list[str] = []
        self.faults: list[Fault] = []
        self.others: Counter[str] = Counter()
        self.links: list[str] = []
        self.seen: set[tuple[int, int]] = set()

    def start(self) -> None:
        with os.scandir(self.root):
            pass
        self._enter([""])
        while self.links:
            links, self.links = sorted(self.links, key=os.fsencode), []
            for link in links:
                self._enter([link])

    def _enter(self, folders: list[str]) -> None:
        while folders:
            name = folders.pop()
            try:
                if not self._is_new(name):
                    self._fault(name, "is a link to a folder that is read already; left out", "info")
                    continue
                with os.scandir(self.root / name) as entries:
                    listed = sorted(entries, key=lambda entry: os.fsencode(entry.name))
            except OSError as error:
                self._fault(name or ".", f"the folder cannot be read ({reason_of(error)}); left out")
                continue
            for entry in listed:
                if not entry.name.startswith("."):
                    self._meet(entry, f"{name}/{entry.name}" if name else entry.name, folders)

    def _is_new(self, name: str) -> bool:
        status = (self.root / name).stat()
        key = (status.st_dev, status.st_ino)
        new = key not in self.seen
        self.seen.add(key)
        return new

    def _meet(self, entry: os.DirEntry[str], name: str, folders: list[str]) -> None:
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            link = "is a link that leads nowhere" if entry.is_symlink() else "cannot be read"
            self._fault(name, f"{link} ({reason_of(error)}); left out")
            return
        ending = Path(entry.name).suffix.lower()
        if stat.S_ISDIR(mode):
            (self.links if entry.is_symlink() else folders).append(name)
        elif ending not in ENDINGS:
            self.others[shown(ending) or "no ending"] += 1
        elif stat.S_ISREG(mode):
            self.names.append(name)
        else:
            self._fault(name, "is no regular file; left out")

    def _fault(self, name: str, message: str, severity: str = "error") -> None:
        self.faults.append(Fault(name, "unreadable" if severity == "error" else "same-folder", severity, message))


def _odd_names(names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        if shown(name) != name:
            message = "the name holds bytes or characters that cannot be shown; it is escaped in the record's id"
            yield Fault(name, "odd-name", "warning", message)
