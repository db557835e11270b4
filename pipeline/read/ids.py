r"""Page ids: the name of the output file without its ending, safe on every file system and reversible.

An id is the page's name as it is, apart from what some system does not take, which is escaped:

    %XX…    the UTF-8 bytes of a character (and of `%` itself)
    %xXX    a byte of a name that is not UTF-8
    %uXXXX  half of a surrogate pair
    %-      an empty folder name, as before the first slash of an absolute path
    %~…     the hash of a name that is too long, behind its beginning

Two names never share an id, and no id leads out of the output folder. On a file system that knows no
difference between capitals and small letters two ids may still be one file: `file_key` says which.
"""

import hashlib
import re
import unicodedata
from typing import Final

ENDINGS: Final = (".html", ".htm", ".xhtml", ".txt")
"""Endings of pages, left out of the id."""
PART: Final = 200
"""Bytes of a folder's or file's name at most; systems take 255, and an output adds its ending and a suffix."""
WHOLE: Final = 900
"""Bytes of an id at most; systems take 1024 or 4096 for the whole path."""

_SAFE: Final = frozenset(" !#$&'()+,-.0123456789;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~")
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE
)
_ESCAPE: Final = re.compile(r"((?:%[0-9A-F]{2})+)|%x([0-9A-F]{2})|%u([0-9A-F]{4})|%-")
_HASHED: Final = re.compile(r"%~[0-9a-f]{32}$")
_CUT_ESCAPE: Final = re.compile(r"%[0-9A-Fxu]{0,4}$")


def page_id(name: str, *, keep_ending: bool = False) -> str:
    r"""Return the id of the page with the given name.

    Args:
        name: its path below the folder of pages, `/` between folders; bytes that are not UTF-8 as
            surrogates, as `os.fsdecode` has them.
        keep_ending: keep `.html` and the like, for pages whose names differ in it alone.

    >>> page_id("knee/page.html"), page_id("../etc/passwd"), page_id("C:\\nul.txt"), page_id("aux.b/nul.txt")
    ('knee/page', '%2E%2E/etc/passwd', 'C%3A%5Cnul', '%61ux.b/%6Eul')
    """
    if not keep_ending:
        name = _without_ending(name)
    parts = [_part(part) for part in name.split("/")]
    ident = "/".join(parts)
    if len(_bytes(ident)) > WHOLE or any(len(_bytes(part)) > PART for part in parts):
        return _shortened(parts, name)
    return ident


def page_name(ident: str) -> str:
    r"""Return the name that an id was made of, without the ending that was left out.

    Raises:
        ValueError: the name was too long to be kept in its id.

    >>> page_name('C%3A%5Cnul'), page_name("%-/caf%xE9")
    ('C:\\nul', '/caf\udce9')
    """
    if _HASHED.search(ident) is not None:
        raise ValueError("the name was too long to be kept in its id")
    return _ESCAPE.sub(_unescaped, ident)


def file_key(ident: str) -> str:
    """Return what ids that are one file on some file system have in common.

    >>> file_key("Knee") == file_key("knee")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", ident).casefold())


def _without_ending(name: str) -> str:
    stem = name.rsplit("/", 1)[-1].lower()
    ending = next((e for e in ENDINGS if stem.endswith(e) and len(stem) > len(e)), "")
    return name[: len(name) - len(ending)]


def _part(part: str) -> str:
    """Escape one folder's or file's name."""
    if not part:
        return "%-"
    composed = part.isascii() or unicodedata.is_normalized("NFC", part)
    signs = [c if c in _SAFE or (composed and c > "\x7f" and c.isprintable()) else _escaped(c) for c in part]
    if part[0] in ". " or _RESERVED.match(part) is not None:
        signs[0] = _escaped(part[0])
    if part[-1] in ". ":
        signs[-1] = _escaped(part[-1])
    return "".join(signs)


def _escaped(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"%x{ord(char) - 0xDC00:02X}"
    if "\ud800" <= char <= "\udfff":
        return f"%u{ord(char):04X}"
    return "".join(f"%{byte:02X}" for byte in char.encode())


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return bytes.fromhex(found[1].replace("%", "")).decode("utf-8", "replace")
    if found[2]:
        return chr(0xDC00 + int(found[2], 16))
    return chr(int(found[3], 16)) if found[3] else ""


def _shortened(parts: list[str], name: str) -> str:
    """Cut an id and put the hash of the whole name behind it; folders are kept where there is room."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    folders = parts[:-1]
    if any(len(_bytes(part)) > PART for part in folders) or len(_bytes("/".join(folders))) > WHOLE - PART:
        folders = []
    stem = _bytes(parts[-1])[: PART - 40].decode("utf-8", "ignore")
    return "/".join([*folders, f"{_CUT_ESCAPE.sub('', stem).rstrip('. ')}%~{digest}"])


def _bytes(ident: str) -> bytes:
    return ident.encode()
