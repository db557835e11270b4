"""Checks of reading: is this a page, is all of it there, and is it the page that was meant?"""

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject

_STUB = 150
"""Words up to which the kept text may be nothing but a notice; articles of the genre have 300 and more."""
_FORM, _TEASER, _NOTICE = 60, 80, 120
"""Words beside a form with a password, beside one that asks to log in, and of a page that only asks to."""
_SENTENCE = 8
"""Words of a last line that is a sentence and no caption."""
_TAIL = (
    "\u00a0-\u00bf\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178\ufffd"
)
"""What the bytes 80 to BF are in Windows-1252."""
_MOJIBAKE = re.compile(
    f"[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}}"
    "|\u0432\u0402[^\\s\\w]|\u0432\u201e[\u045e-]"
)
"""UTF-8 taken for Windows-1252 (a lead byte and what follows it, as letters), or for Windows-1251 (its quotes)."""
_AS_BYTES = (
    re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2\xef]"),
    re.compile(rb"\xd0\xb2\xd0\x82|\xd0\xb2\xe2\x80\x9e"),
)
"""The same in a page of UTF-8: most hold none, and bytes are looked through much faster."""
_LIKELY = re.compile(
    "[\u0080-\u024f\u0370-\u058f\u0600-\u06ff\u0900-\u0e7f\u10a0-\u10ff\u1e00-\u1eff\u2000-\u27bf\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af"
    "\ufe0f\ufeff\U0001f000-\U0001faff]"
)
"""What such letters may have been: scripts and signs that pages hold, not the rare ones that chance would give."""
_RUNS = 20_000
_SEVERAL = 3
"""Places in the text from which on a page that was decoded rightly as a whole is worth a warning."""
_ALL_OF_IT = 0.8
"""Share of the page's letters beyond ASCII from which on the page as a whole was decoded wrongly."""
_ASKS = re.compile(
    r"\b(?:log|sign) ?in (?:to|or)\b|\bplease (?:log|sign) in\b|\bsubscribers? only\b"
    r"|\b(?:forgot|lost|reset) (?:your )?password\b|\bthis content is for (?:members|subscribers)\b"
)
_GONE = re.compile(
    r"\b(?:page|article|post|content|document|file|url)(?: \S+){0,6}? "
    r"(?:(?:was|is|could|can) ?(?:not|n['’]t)(?: be)? found|not found|(?:does|do) ?(?:not|n['’]t) exist"
    r"|no longer (?:exists|available)|(?:has been|was) (?:removed|deleted))"
    r"|\b404\b(?![ -]?(?:mg|ml|g|kg|patients|people))[^\n]{0,30}\b(?:not found|error|page)|\berror 404\b|^404$"
    r"|\bnothing (?:was )?found\b[^\n]{0,60}\bsearch",
    re.MULTILINE,
)


def own(subject: Subject, code: str, mend: str = "") -> Iterator[Fault]:
    """Yield the journey's own findings with this code as faults, with what to do about them."""
    for finding in subject.found(code):
        said = sentence(finding.message)
        yield Fault(f"{said[:-1]}; {mend}." if mend else said, finding.line)


def sentence(message: str) -> str:
    """Return a stage's message as a sentence.

    >>> sentence("this is in another language")
    'This is in another language.'
    """
    return f"{message[:1].upper()}{message[1:]}{'' if message.endswith(('.', '?', '!')) else '.'}"


@check("R001", "error")
def not_a_page(subject: Subject) -> Iterator[Fault]:
    r"""The file is no page at all: binary data, or garbage.

    A picture or an archive under .html is what a scraper saves when it follows the wrong link.
    Bad:
    \x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00
    Good:
    <p>Tea is a drink made of leaves and hot water.</p>
    """
    yield from own(subject, "not-a-page", "leave it out")


@check("R002", "error")
def empty_page(subject: Subject) -> Iterator[Fault]:
    r"""The file is empty or holds white space only.

    Usually the download failed; fetch the page again.
    Bad:
    \t
    Good:
    <p>Tea is a drink made of leaves and hot water.</p>
    """
    yield from own(subject, "empty-page", "fetch it again")


@check("R003", "warning")
def encoding_doubtful(subject: Subject) -> Iterator[Fault]:
    r"""The page's encoding had to be guessed, or bytes of it fit none.

    Letters may be wrong in all of its text.
    Bad:
    <p>The caf\xe9 is open, \x81\x8d\x8f\x90\x9d and so is the bar.</p>
    Good:
    <meta charset="utf-8"><p>The café is open.</p>
    """
    yield from own(subject, "encoding-doubtful", "look at its letters, or fetch it again")


@check("R004", "error")
def truncated_download(subject: Subject) -> Iterator[Fault]:
    """The page breaks off: the document was opened and never closed.

    A page cut by a time-out loses its last sections, and nobody notices later. Of a plain text that ends within a
    sentence, it is only supposed (a warning).
    Bad:
    <html><body><h1>Gout</h1><p>Gout is a disease of the joints that
    Good:
    <html><body><h1>Gout</h1><p>Gout is a disease of the joints.</p></body></html>
    """
    if subject.document.source.kind != "html":
        yield from _cut_text(subject)
        return
    end = subject.source[-4000:].rstrip("\0 \t\r\n").lower()
    opened = re.search(r"<(?:!doctype|html|head|body)\b", subject.source[:4000], re.IGNORECASE)
    if opened and "</html" not in end and "</body" not in end:
        yield Fault("The page breaks off before </body>; fetch it again.", len(subject.lines))


def _cut_text(subject: Subject) -> Iterator[Fault]:
    """Yield a warning where a plain text ends within a long sentence; only a person can tell it from a list's end."""
    last = subject.source[-2000:].rstrip("\0 \t\r\n").rpartition("\n")[2].strip()
    words = last.split()
    if len(words) >= _SENTENCE and words[-1].isalpha() and words[-1].islower() and re.search(r"[,;.] ", last):
        line = len(subject.source.rstrip("\0 \t\r\n").splitlines())
        yield Fault("The text ends within a sentence; see whether it was cut.", line, severity="warning")


@check("R005", "error")
def login_wall(subject: Subject) -> Iterator[Fault]:
    """What was saved is a form to log in, not the article.

    Fetch the page with a session, or leave it out.
    Bad:
    <title>Sign in</title><form><p>Please log in to read this article.</p><input type="text" name="login">
    <input type="password" name="p"><button>Log in</button></form>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints. It is found more often in men than in women, and begins in a
    toe, at night, with a pain that wakes the sleeper up.</p>
    3 × <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    <form><input type="password"><button>Log in</button></form>
    """
    if subject.prose >= _STUB or subject.document.source.kind != "html":
        return
    field = re.search(r"""<input\b[^>]{0,300}?\btype\s*=\s*["']?password""", subject.source, re.IGNORECASE)
    asks = _ASKS.search(subject.lower if field else subject.kept.lower())
    if (field and subject.prose < _FORM) or (asks and (subject.prose < _TEASER if field else subject.words < _NOTICE)):
        line = subject.source.count("\n", 0, field.start()) + 1 if field else None
        yield Fault("The page is a login form, not an article; fetch it with a session or leave it out.", line)


@check("R006", "error")
def error_page(subject: Subject) -> Iterator[Fault]:
    """What was saved is a server's error message.

    Fetch the page again later.
    Bad:
    <title>502 Bad Gateway</title><h1>502 Bad Gateway</h1><hr>nginx
    Good:
    <h1>Error of refraction</h1><p>An error of refraction is a fault of the eye: light does not meet on the retina.</p>
    """
    if subject.words >= 120:
        return
    head = f"{subject.document.title[:300]}\n{subject.lower[:600]}".lower()
    found = re.search(
        r"\b(?:error )?(?:4(?:0[0-9]|1[0-9]|29|51)|5(?:0[0-9]|2[0-9]))\b[\s:–-]{0,3}"
        r"(?:error|bad gateway|forbidden|internal server|service unavailable|gateway time-?out|unauthorized"
        r"|too many requests|bad request|web server)"
        r"|\b(?:bad gateway|internal server error|service (?:temporarily )?unavailable|access denied|request blocked"
        r"|checking your browser|just a moment\.\.\.|enable javascript and cookies to continue"
        r"|attention required! \| cloudflare|are you a (?:robot|human)|verify (?:that )?you are (?:not a robot|human)"
        r"|error (?:establishing|connecting to) (?:a |the )?database)"
        r"|^(?:too many requests|forbidden|unauthorized|bad request|gateway time-?out|service unavailable)\.?$",
        head,
        re.MULTILINE,
    )
    if found:
        yield Fault(f"The page is an error message (“{found[0].strip()}”), not an article; fetch it again.", 1)


@check("R007", "error")
def consent_wall(subject: Subject) -> Iterator[Fault]:
    """What was saved is a consent dialogue, not the article behind it.

    Fetch the page with consent given.
    Bad:
    <h1>We value your privacy</h1><p>We and our partners store and access information on a device.</p>
    <button>Accept all</button> <button>Reject all</button>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints. It begins in a toe, at night, with great pain.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then it goes.</p>
    <div class="cookie-banner">
    We use cookies. <button>Accept all</button></div>
    """
    cookies = re.search(
        r"\bwe (?:and our partners |value your privacy|use cookies)|\bcookie (?:policy|settings|preferences)\b"
        r"|\bbefore you continue\b|\bmanage (?:your )?(?:cookies|consent|preferences)\b",
        subject.lower,
    )
    accepts = re.search(r"\b(?:accept|agree|reject|allow)(?: (?:all|and|to))?\b", subject.lower)
    if not (cookies and accepts):
        return
    rest = [
        block.text
        for block in subject.document.blocks
        if len(block.text.split()) >= 8
        and not re.search(r"cookie|consent|privacy|partners|your data", block.text.lower())
    ]
    if sum(len(text.split()) for text in rest) < 15:
        yield Fault("The page is a consent dialogue, not an article; fetch it with consent given.", 1)


@check("R008", "error")
def soft_404(subject: Subject) -> Iterator[Fault]:
    """The page says, with status 200, that it does not exist.

    Leave it out, or find its new address.
    Bad:
    <title>Page not found</title><h1>Oops!</h1><p>The page you are looking for does not exist or was moved.</p>
    Good:
    <h1>When a tooth is not found</h1><p>A tooth that is not found on the X-ray was never formed at all.</p>
    """
    if subject.words >= _STUB:
        return
    head = f"{subject.document.title[:300]}\n{subject.lower[:1500]}".lower()
    found = _GONE.search(head)
    if found:
        yield Fault(f"The page says that it does not exist (“{found[0].strip()}”); leave it out.", 1)


@check("R009", "error")
def too_large(subject: Subject) -> Iterator[Fault]:
    """The page is larger than any article, or its markup is made to cost time.

    Nothing of it was read. The examples are checked with a bound of 80 bytes in place of 50 million.
    Bad:
    <p>Tea is a drink made of leaves and hot water. Tea is a drink made of leaves and hot water. Tea is a drink.</p>
    Good:
    <p>Tea is a drink made of leaves and hot water.</p>
    """
    yield from own(subject, "too-large", "leave it out")


@check("R010", "error")
def unreadable(subject: Subject) -> Iterator[Fault]:
    """The file could not be read, or it broke the program.

    The message says which; a fault of the program should be reported with the page.
    """
    if subject.broken:
        yield Fault(subject.broken)


@check("R011", "error")
def decoded_wrongly(subject: Subject) -> Iterator[Fault]:
    """Letters of the page were decoded wrongly before it was saved.

    What repair can turn back, it does; fetch the page again all the same, because some of it may be lost.
    Bad:
    <h1>CafÃ©</h1><p>The cafÃ©â€™s crÃ¨me brÃ»lÃ©e is known in the whole town, and many people come for it.</p>
    Good:
    <h1>Café</h1><p>The café’s “crème brûlée” is known in São Paulo. SÃO PAULO is a city, and 5 € is its price.</p>
    """
    utf8 = subject.document.source.encoding.startswith("utf-8")
    if subject.source.isascii() or (utf8 and not any(p.search(subject.data) for p in _AS_BYTES)):
        return
    runs = [found[0] for found in islice(_MOJIBAKE.finditer(subject.source), _RUNS) if _was_utf8(found[0])]
    if not runs:
        return
    beyond = len(subject.source) - len(subject.source.encode("ascii", "ignore"))
    whole = sum(map(len, runs)) >= _ALL_OF_IT * beyond
    shown = next((run for run in runs if run in subject.text), "")
    if whole or (shown and sum(subject.text.count(run) for run in set(runs)) >= _SEVERAL):
        said = f"Letters were decoded wrongly before the page was saved (“{shown or runs[0]}”); fetch it again."
        line = next((number for number, line in enumerate(subject.lines, 1) if (shown or runs[0]) in line), None)
        yield Fault(said, line, severity=None if whole else "warning")


def _was_utf8(run: str) -> bool:
    """Whether letters are UTF-8 that was taken for a one-byte encoding, and say something when turned back."""
    if "\ufffd" in run or run[0] == "\u0432":
        return True
    try:
        data = b"".join(c.encode("cp1252") if c.encode("cp1252", "ignore") else c.encode("latin-1") for c in run)
        return bool(_LIKELY.fullmatch(data.decode("utf-8")))
    except UnicodeError:
        return False
