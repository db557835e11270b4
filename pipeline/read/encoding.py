"""Bytes → text: which encoding a page is written in.

The order is the one that was right on all of 136 pages without a declaration (docs/decisions/02-encoding.md):
byte order mark, UTF-16 without one, strict UTF-8, the declared charset where it is believable, then
`UnicodeDammit` with faust-cchardet.
"""

import codecs
import re
from itertools import islice
from typing import Final, NamedTuple

from pipeline.read.letters import by_letters

SAMPLE: Final = 100_000
"""Bytes shown to the detector at most."""
HEAD: Final = 8192
"""Bytes in which a declaration is looked for; the standard says 1024, real pages put scripts first."""
WEAK: Final = 0.12
"""Share of unlikely letter pairs above which a guess is called doubtful."""
STRAY: Final = 0.05
"""Share of broken sequences among the multi-byte ones up to which a page is UTF-8 with damage."""
CONTROLS: Final = 0.02
"""Share of control characters above which bytes are no text."""

NO_TEXT: Final = "The bytes are not text: too many of them are control characters."

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"SQLite format 3", "a database"),
    (b"OggS", "audio or video"),
    (b"ID3", "audio"),
    (b"\x00asm", "a program"),
)
_DECLARED: Final = re.compile(
    rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
    rb"|\A\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_AS_BROWSERS_DO: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Declared charsets that stand for a larger one, as the Encoding Standard has it."""
_NAMES: Final = {
    **{f"cp125{i}": f"windows-125{i}" for i in range(9)},
    **{f"iso8859-{i}": f"iso-8859-{i}" for i in range(2, 17)},
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "big5hkscs": "big5",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-roman": "macintosh",
}
_TEXT: Final = frozenset(
    [*_NAMES, "utf-8", "gb18030", "koi8-r", "koi8-u", "cp866", "johab", "hz", "cp437", "cp850", "cp852", "cp855"]
)
"""Codecs that may be named by a page; Python knows others that are no charsets."""
_CONTROLS: Final = bytes([*range(1, 9), *range(14, 27), *range(28, 32), 127])
_UNLIKELY: Final = re.compile(
    r"[à-öø-ÿа-яё][A-ZÀ-ÖØ-ÞА-ЯЁ]|[a-z][À-ÖØ-ÞА-ЯЁ]"  # capitals inside words
    r"|[^\W\d_][\x80-\x9f¡-©«-´¶-¹»-¿×÷\u2500-\u25ff\u2320\u2321](?=[^\W\d_])"  # signs inside words
    r"|[a-zA-Z][Ѐ-ӿ]|[Ѐ-ӿ][a-zA-Z]"  # two scripts in one word
    r"|[\x80-\x9f\ufffd]"
    r"|[À-ÖØ-öø-ÿ]{3}"  # three accented letters in a row
)


class Decoded(NamedTuple):
    """The text of a page, the encoding it was read with, what is doubtful of it, and why it is no page at all."""

    text: str
    encoding: str
    doubt: str = ""
    refused: str = ""


def decode(data: bytes) -> Decoded:
    """Decode the bytes of a page. Never raises: what cannot be read is refused or replaced, and said."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(_replacing(data[len(mark) :], name))
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return Decoded("", "binary", refused=f"The bytes are {what}, not a page.")
    if b"\0" in data:
        return _checked(_with_nuls(data))
    if _is_binary(data):
        return Decoded("", "binary", refused=NO_TEXT)
    try:
        decoded = Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        return _checked(_not_utf8(data))
    if b"\x1b$" in data and (declared := _declared(data)) in ("iso2022_jp", "hz"):
        return _replacing(data, declared)
    return _checked(decoded)


def from_text(text: str) -> Decoded:
    """Take text that was decoded already; lone surrogates, which no output can hold, are replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        mended = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        lost = mended.count("\ufffd") - text.count("\ufffd")
        doubt = f"The text held {lost} lone surrogates; each was replaced by U+FFFD." if lost > 0 else ""
        return _checked(Decoded(mended, "str", doubt))
    return _checked(Decoded(text, "str"))


def _checked(decoded: Decoded) -> Decoded:
    """Refuse what is no text."""
    text = decoded.text
    nuls = text.count("\0")
    if nuls > 0.3 * len(text) or _is_binary(text[:SAMPLE].encode("utf-8", "replace")):
        return Decoded("", "binary", refused=NO_TEXT)
    if nuls and not decoded.doubt:
        return decoded._replace(doubt=f"The page held {nuls} NUL characters; they were left out.")
    return decoded


def _is_binary(data: bytes) -> bool:
    """Whether control characters make up more of the bytes than text ever has."""
    sample = data[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > 1 and controls > CONTROLS * len(sample)


def _with_nuls(data: bytes) -> Decoded:
    """UTF-16 without a byte order mark, or text with stray NULs."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for name, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many > 8 * few and many * 20 > len(sample):
            decoded = _replacing(data, name)
            if decoded.text.isprintable() or _reads_well(decoded.text):
                return decoded
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data)


def _reads_well(text: str) -> bool:
    """Whether nearly all of a sample are characters of text."""
    sample = text[:4096]
    shown = sum(char.isprintable() or char.isspace() for char in sample)
    return shown * 50 >= len(sample) * 49


def _not_utf8(data: bytes) -> Decoded:
    """Choose among UTF-8 with damage, the declared charset and the detector's guess."""
    repaired = data.decode("utf-8", "replace")
    broken = repaired.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    whole = _beyond_ascii(repaired) - broken
    if broken <= STRAY * whole or (broken == 1 and repaired.endswith("\ufffd")):
        return Decoded(repaired, "utf-8", f"{broken} broken UTF-8 sequences were replaced by U+FFFD.")
    declared = _declared(data)
    first = None if declared is None or declared == "utf-8" else _replacing(data, declared)
    if first is not None and not first.doubt and unlikely(first.text) <= WEAK / 2:
        return first
    guess = _guess(data)
    if first is None:
        return guess
    if unlikely(guess.text) * 2 < unlikely(first.text):
        said = f"The page declares {first.encoding}, which does not fit its bytes; it was read as {guess.encoding}."
        return guess._replace(doubt=said)
    return first


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _guess(data: bytes) -> Decoded:
    """Ask the detector of UnicodeDammit, which asks faust-cchardet, then the letters themselves.

    The first guess that fits all bytes is taken; the detector is right on long texts and lost on short ones.
    """
    from bs4.dammit import EncodingDetector

    guesses: list[str] = []
    for sample in (_sample(data), data[:SAMPLE]):
        guesses += islice(EncodingDetector(sample, is_html=False).encodings, 1)
    for guess in guesses:
        name = _codec(guess)
        if name is not None and name not in ("utf-8", "cp1252") and not (decoded := _replacing(data, name)).doubt:
            return decoded if unlikely(decoded.text) <= WEAK else _doubted(decoded)
    western = _replacing(data, "cp1252")
    if unlikely(western.text) <= WEAK:
        return western
    likely = by_letters(_sample(data))
    return _doubted(western if likely is None else _replacing(data, likely))


def _doubted(decoded: Decoded) -> Decoded:
    if decoded.doubt:
        return decoded
    said = f"The encoding is not declared and could not be told for certain; it was read as {decoded.encoding}."
    return decoded._replace(doubt=said)


def _sample(data: bytes) -> bytes:
    """Return text beyond ASCII from between the tags, as much as the detector needs.

    No encoding in use has `<`, `>` or a line feed inside a character.
    """
    found: list[bytes] = []
    size = 0
    for piece in re.finditer(rb"[^<>\n]+", data):
        if not piece[0].isascii():
            found.append(piece[0][:SAMPLE])
            size += len(found[-1])
            if size >= SAMPLE:
                break
    return b"\n".join(found)


def _declared(data: bytes) -> str | None:
    """Return the codec of the charset that the page names, None where it names none that is known."""
    found = _DECLARED.search(data[:HEAD])
    return None if found is None else _codec((found[1] or found[2]).decode("ascii", "ignore"))


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    name = _AS_BROWSERS_DO.get(name, name)
    return name if name in _TEXT else None


def _replacing(data: bytes, codec: str) -> Decoded:
    """Decode, and say how many sequences had to be replaced."""
    name = _NAMES.get(codec, codec)
    try:
        return Decoded(data.decode(codec), name)
    except UnicodeDecodeError:
        text = data.decode(codec, "replace")
    count = text.count("\ufffd")
    return Decoded(text, name, f"{count} byte sequences are not {name}; they were replaced by U+FFFD.")


def unlikely(text: str) -> float:
    """Return the share of letters beyond ASCII that stand where no language puts them, 0 to about 1.

    >>> unlikely("Остеопороз позвоночника") < 0.05 < unlikely("нЯРЕНОНПНГ ОНГБНМНВМХЙЮ")
    True
    """
    lines = (line for line in text.split("\n") if not line.isascii())
    sample = "\n".join(islice(lines, 2000))[:SAMPLE]
    beyond = _beyond_ascii(sample)
    if not beyond:
        return 0.0
    capitals = sum(char > "\x7f" and char.isupper() for char in sample)  # KOI8-R taken for windows-1251 shouts
    return sum(1 for _ in _UNLIKELY.finditer(sample)) / beyond + max(0.0, capitals / beyond - 0.5)
