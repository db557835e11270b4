"""Checks of reading: is this a page, is all of it there, and is it the page that was meant?"""

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject

_STUB = 150
"""Words up to which the kept text may be nothing but a notice; articles of the genre have 300 and more."""
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3\u00d0\u00d1][\u00a0-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u2039\u0152\u017d]"
    "|\u00e2\u20ac[^\\s\\w]|\u00e2\u20ac[\u0152\u0153\u009d\u0178]"
)
"""UTF-8 that was taken for Windows-1252: a lead byte and what follows it, as letters."""
_GONE = re.compile(
    r"\b(?:page|article|post|content|document|file|url)(?: \S+){0,3}? "
    r"(?:(?:was|is|could|can) ?(?:not|n['’]t)(?: be)? found|not found|(?:does|do) ?(?:not|n['’]t) exist"
    r"|no longer (?:exists|available)|(?:has been|was) (?:removed|deleted))"
    r"|\b404\b(?![ -]?(?:mg|ml|g|kg|patients|people))[^\n]{0,30}\b(?:not found|error|page)|\berror 404\b|^404$"
    r"|\bnothing (?:was )?found\b[^\n]{0,60}\bsearch",
    re.MULTILINE,
)


def own(subject: Subject, code: str) -> Iterator[Fault]:
    """Yield the journey's own findings with this code as faults."""
    for finding in subject.found(code):
        yield Fault(sentence(finding.message), finding.line)


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
    yield from own(subject, "not-a-page")


@check("R002", "error")
def empty_page(subject: Subject) -> Iterator[Fault]:
    r"""The file is empty or holds white space only.

    Usually the download failed; fetch the page again.
    Bad:
    \t
    Good:
    <p>Tea is a drink made of leaves and hot water.</p>
    """
    yield from own(subject, "empty-page")


@check("R003", "warning")
def encoding_doubtful(subject: Subject) -> Iterator[Fault]:
    r"""The page's encoding had to be guessed, or bytes of it fit none.

    Letters may be wrong in all of its text.
    Bad:
    <p>The caf\xe9 is open, \x81\x8d\x8f\x90\x9d and so is the bar.</p>
    Good:
    <meta charset="utf-8"><p>The café is open.</p>
    """
    yield from own(subject, "encoding-doubtful")


@check("R004", "error")
def truncated_download(subject: Subject) -> Iterator[Fault]:
    """The page breaks off: the document was opened and never closed.

    A page cut by a time-out loses its last sections, and nobody notices later.
    Bad:
    <html><body><h1>Gout</h1><p>Gout is a disease of the joints that
    Good:
    <html><body><h1>Gout</h1><p>Gout is a disease of the joints.</p></body></html>
    """
    if subject.document.source.kind != "html":
        return
    end = subject.source[-4000:].rstrip().lower()
    opened = re.search(r"<(?:!doctype|html|body)\b", subject.source[:4000], re.IGNORECASE)
    if opened and "</html" not in end and "</body" not in end:
        yield Fault("The page breaks off before </body>; fetch it again.", len(subject.lines))


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
    if subject.words >= _STUB or subject.document.source.kind != "html":
        return
    field = re.search(r"""<input\b[^>]{0,300}?\btype\s*=\s*["']?password""", subject.source, re.IGNORECASE)
    asks = re.search(
        r"\b(?:log|sign) ?in (?:to|or)\b|\bplease (?:log|sign) in\b|\bsubscribers? only\b"
        r"|\b(?:forgot|lost|reset) (?:your )?password\b|\bthis content is for (?:members|subscribers)\b",
        subject.lower,
    )
    if (field and subject.words < 60) or (asks and (field or subject.words < 120)):
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
        r"|attention required! \| cloudflare|are you a (?:robot|human)|verify (?:that )?you are (?:not a robot|human))",
        head,
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
    <h1>Gout</h1><p>Gout is a disease of the joints. It begins in a toe, at night, with a strong pain.</p>
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
    yield from own(subject, "too-large")


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
    found = list(islice(_MOJIBAKE.finditer(subject.text), 3))
    if len(found) == 3:
        shown = found[0][0]
        line = next((number for number, line in enumerate(subject.lines, 1) if shown in line), None)
        yield Fault(f"Letters were decoded wrongly before the page was saved (“{shown}”); fetch it again.", line)
