"""Features of a line of a dump by which a heading is told from a paragraph, an item, a caption or furniture."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.sections.heading_rules import match_heading
from pipeline.sections.heading_text import topic_words, words_of
from pipeline.sections.taxonomy import Taxonomy

LONGEST_HEADING = 160
"""Characters; a longer line is never a heading."""
_SHORT, _THIN = 50, 170
"""Characters of a line that is no heading by its length; median of those from which on a page is not thin."""
_BULLET = re.compile(r"\s*[•◦▪‣●○■□–—*✓✔➤►→·-]\s+")
_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,5}[.)]|[a-zA-Z][.)])\s+")
_WORDS = frozenset(
    "is are was were be been has have had can may will would should must does do did not that which who it they this"
    " these their there you your we he she his her also but if than then so very such".split()
)
_PICTURE = frozenset(
    "photo picture image figure fig diagram scheme video illustration x-ray xray photos pictures".split()
)
_QUESTION = frozenset("what how why when where who which whom can is are does do should whether than".split())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a dump.

    Attributes:
        text: its text without bullet.
        bullet: whether it carries a bullet (a number is no bullet: headings carry numbers too).
        number: whether it begins with a number as items and headings do.
        fixed: whether it is known to be no heading (a table, a caption, a quote).
    """

    text: str
    bullet: bool = False
    number: bool = False
    fixed: bool = False

    @staticmethod
    def of(text: str, *, bullet: bool = False, number: bool = False, fixed: bool = False) -> "Line":
        """Make a line of text that may still carry its bullet or number."""
        if found := _BULLET.match(text):
            return Line(text[found.end() :], True, False, fixed)
        if found := _NUMBER.match(text[:20] + " "):
            return Line(text[min(found.end(), len(text)) :] or text, bullet, True, fixed)
        return Line(text, bullet, number, fixed)


@dataclass(frozen=True, slots=True)
class Style:
    """How the headings of a page are written, as far as those show it that the taxonomy knows for sure.

    Attributes:
        known: how many it knows.
        lower: whether most begin with a small letter.
        caps: whether most are all capitals.
        colon: whether most end in a colon.
        numbered: whether most carry a number.
        thin: whether the page's longer lines are short: paragraphs of a sentence.
    """

    known: int
    lower: bool
    caps: bool
    colon: bool
    numbered: bool
    thin: bool


def page_style(lines: Sequence[Line], how: Sequence[str]) -> Style:
    """Return the style of the lines whose match is `exact`."""
    sure = [line for line, match in zip(lines, how, strict=True) if match.startswith("exact") and not line.bullet]
    half = len(sure) / 2
    longer = sorted(len(line.text) for line in lines if len(line.text) > _SHORT)
    return Style(
        known=len(sure),
        lower=sum(line.text[:1].islower() for line in sure) > half,
        caps=sum(line.text.isupper() for line in sure) > half,
        colon=sum(line.text.rstrip().endswith(":") for line in sure) > half,
        numbered=sum(line.number for line in sure) > half,
        thin=not longer or longer[len(longer) // 2] < _THIN,
    )


def matches_of(lines: Sequence[Line], title: str, taxonomy: Taxonomy) -> list[str]:
    """Return for each line how the taxonomy knows it: `exact symptoms`, `head causes`, `part diet`, `none`, `long`."""
    found = []
    for line in lines:
        if len(line.text) > LONGEST_HEADING:
            found.append("long")
        else:
            match = match_heading(line.text, taxonomy, title)
            found.append("none" if match is None else f"{match.how} {match.label}")
    return found


def line_features(
    lines: Sequence[Line], index: int, how: Sequence[str], style: Style, title: frozenset[str]
) -> Iterator[str]:
    """Yield the features of one line: its own shape and words, its neighbours', and the page's style."""
    line = lines[index]
    text = line.text.strip()
    words = text.split()
    yield from _shape(line, text, words)
    match = how[index]
    yield f"match {match.split()[0]}"
    yield f"match {match}"
    lower = words_of(text)
    shared = sum(w in title for w in lower)
    yield f"topic {min(shared, 3)} of {min(len(lower), 6)}"
    yield f"picture {any(w in _PICTURE for w in lower)}"
    yield from _style(style, line, text)
    for offset in (-2, -1, 1, 2):
        yield from _neighbour(lines, index + offset, offset, how)
    before = _kind(lines, index - 1)
    after = _kind(lines, index + 1)
    yield f"between {before} {after}"
    yield f"size {_size(text)} {before} {after}"
    last = text[-1:]
    yield f"thin {style.thin} {last if last in '.?!:;,' else 'letter'} {text[:1].isupper()} {before} {after}"
    yield f"is title {bool(lower) and shared == len(lower)} {index < 3}"
    for word in lower:
        yield f"w {word}"
    for first, second in pairwise(["^", *lower, "$"]):
        yield f"b {first} {second}"


def _shape(line: Line, text: str, words: Sequence[str]) -> Iterator[str]:
    last = text[-1:]
    end = "letter" if last.isalnum() else last if last in ".?!:;,)…" else "other"
    first = "upper" if text[:1].isupper() else "lower" if text[:1].islower() else "digit" if text[:1].isdigit() else "o"
    yield "bias"
    yield f"end {end}"
    yield f"first {first}"
    yield f"end {end} {first} {min(len(words), 12)}"
    yield f"bullet {line.bullet}"
    yield f"number {line.number}"
    yield f"caps {text.isupper()}"
    yield f"words {min(len(words), 16)}"
    yield f"chars {min(len(text) // 10, 16)}"
    yield f"comma {',' in text}"
    yield f"inner stop {'. ' in text}"
    yield f"digits {any(c.isdigit() for c in text)}"
    yield f"verbs {min(sum(w.lower() in _WORDS for w in words), 3)}"
    capitals = sum(w[:1].isupper() for w in words[1:])
    yield f"capitals {min(4 * capitals // max(1, len(words) - 1), 4)} {len(words) > 1}"
    if words and words[0].lower() in _QUESTION:
        yield f"question {end}"


def _style(style: Style, line: Line, text: str) -> Iterator[str]:
    yield f"known {min(style.known, 3)}"
    if style.known < 2:
        return
    yield f"style first {style.lower} {text[:1].islower()}"
    yield f"style caps {style.caps} {text.isupper()}"
    yield f"style colon {style.colon} {text.endswith(':')}"
    yield f"style number {style.numbered} {line.number}"


def _neighbour(lines: Sequence[Line], index: int, offset: int, how: Sequence[str]) -> Iterator[str]:
    kind = _kind(lines, index)
    yield f"{offset} {kind}"
    if 0 <= index < len(lines) and abs(offset) == 1:
        text = lines[index].text.strip()
        last = text[-1:]
        yield f"{offset} end {last if last in '.?!:;,' else 'letter'}"
        yield f"{offset} match {how[index].split()[0]}"
        yield f"{offset} lower {text[:1].islower()}"


def _kind(lines: Sequence[Line], index: int) -> str:
    if not 0 <= index < len(lines):
        return "edge"
    line = lines[index]
    mark = "bullet" if line.bullet else "number" if line.number else "fixed" if line.fixed else ""
    return f"{mark}{_size(line.text)}"


def _size(text: str) -> str:
    size = len(text)
    return "0" if size < 25 else "1" if size < 60 else "2" if size < 120 else "3" if size < 250 else "4"


def features_of_lines(lines: Sequence[Line], title: str, taxonomy: Taxonomy) -> list[list[str] | None]:
    """Return the features of each line, None for one that cannot be a heading."""
    how = matches_of(lines, title, taxonomy)
    style = page_style(lines, how)
    topic = topic_words(title, taxonomy.words)
    return [
        None if line.fixed or how[index] == "long" else list(line_features(lines, index, how, style, topic))
        for index, line in enumerate(lines)
    ]
