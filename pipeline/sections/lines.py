"""Features of a line of a dump by which a heading is told from a paragraph, an item, a caption or furniture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.sections.heading_rules import match_heading
from pipeline.sections.heading_text import topic_words, words_of
from pipeline.sections.taxonomy import Taxonomy

LONGEST_HEADING = 160
"""Characters; a longer line is never a heading."""
_PROSE, _ENDS = 90, frozenset(".;,")
"""Characters from which on a line that ends like this is no heading either."""
_SHORT, _THIN, _BRIEF = 50, 170, 80
"""Characters of a line that is no heading by its length; median of those from which on a page is not thin; of a line
that shows how headings of the page begin."""
_BULLET = re.compile(r"\s*[•◦▪‣●○■□–—*✓✔➤►→·-]\s+")
_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,5}[.)]|[a-zA-Z][.)])\s+")
_DIGIT = re.compile(r"\d")
_STOPS = frozenset([*".?!:;,", ""])
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
        small: how many of the lines that may be headings begin with a small letter: `none`, `some`, `most`, `all`.
    """

    known: int
    lower: bool
    caps: bool
    colon: bool
    numbered: bool
    thin: bool
    small: str


def page_style(lines: Sequence[Line], how: Sequence[str]) -> Style:
    """Return the style of the lines whose match is `exact`."""
    sure = [line for line, match in zip(lines, how, strict=True) if match.startswith("exact") and not line.bullet]
    half = len(sure) / 2
    longer = sorted(len(line.text) for line in lines if len(line.text) > _SHORT)
    small = [line.text[:1].islower() for line, match in zip(lines, how, strict=True) if _may_head(line, match)]
    return Style(
        known=len(sure),
        lower=sum(line.text[:1].islower() for line in sure) > half,
        caps=sum(line.text.isupper() for line in sure) > half,
        colon=sum(line.text.rstrip().endswith(":") for line in sure) > half,
        numbered=sum(line.number for line in sure) > half,
        thin=not longer or longer[len(longer) // 2] < _THIN,
        small="none" if not any(small) else "all" if all(small) else "most" if 2 * sum(small) > len(small) else "some",
    )


def _may_head(line: Line, match: str) -> bool:
    """Tell whether a line is short, without bullet and without a stop at its end."""
    able = not (line.bullet or line.fixed or match in ("long", "prose")) and len(line.text) < _BRIEF
    return able and line.text.rstrip()[-1:] not in _ENDS


def matches_of(lines: Sequence[Line], title: str, taxonomy: Taxonomy) -> list[str]:
    """Return for each line how the taxonomy knows it: `exact symptoms`, `part diet`, `none`; `long` and `prose`."""
    found = []
    for line in lines:
        if len(line.text) > LONGEST_HEADING:
            found.append("long")
        elif len(line.text) > _PROSE and line.text.rstrip()[-1:] in _ENDS:
            found.append("prose")
        else:
            match = match_heading(line.text, taxonomy, title)
            found.append("none" if match is None else f"{match.how} {match.label}")
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the lines beside a line show of it.

    Attributes:
        kind: its mark and the class of its length.
        last: its last character, `letter` where that is no punctuation.
        lower: whether it begins with a small letter.
        how: how the taxonomy knows it (`exact`, `head`, `part`, `none`, `long`).
    """

    kind: str
    last: str
    lower: bool
    how: str


_EDGE = _Seen("edge", "", lower=False, how="")


def _seen(line: Line, match: str) -> _Seen:
    text = line.text.strip()
    mark = "bullet" if line.bullet else "number" if line.number else "fixed" if line.fixed else ""
    last = text[-1:] if text[-1:] in _STOPS else "letter"
    return _Seen(f"{mark}{_size(text)}", last, text[:1].islower(), match.split(" ", 1)[0])


def features_of_lines(lines: Sequence[Line], title: str, taxonomy: Taxonomy) -> list[list[str] | None]:
    """Return the features of each line: its shape and words, its neighbours', the page's style.

    None stands for a line that cannot be a heading.
    """
    matches = matches_of(lines, title, taxonomy)
    style = page_style(lines, matches)
    topic = topic_words(title, taxonomy.words)
    seen = [_EDGE, _EDGE, *map(_seen, lines, matches), _EDGE, _EDGE]
    return [
        None
        if line.fixed or matches[index] in ("long", "prose")
        else _features(line, matches[index], seen[index : index + 5], style, topic, early=index < 3)
        for index, line in enumerate(lines)
    ]


def _features(
    line: Line, match: str, seen: Sequence[_Seen], style: Style, topic: frozenset[str], *, early: bool
) -> list[str]:
    """Return the features of a line; `seen` holds the two before it, itself and the two behind it."""
    text = line.text.strip()
    lower = words_of(text)
    shared = sum(map(topic.__contains__, lower))
    second, before, own, after, fourth = seen
    first = text[:1]
    found = _shape(line, text)
    found += (
        f"match {own.how}",
        f"match {match}",
        f"topic {min(shared, 3)} of {min(len(lower), 6)}",
        f"picture {not _PICTURE.isdisjoint(lower)}",
        f"-2 {second.kind}",
        f"2 {fourth.kind}",
        f"between {before.kind} {after.kind}",
        f"size {_size(text)} {before.kind} {after.kind}",
        f"thin {style.thin} {own.last} {first.isupper()} {before.kind} {after.kind}",
        f"is title {bool(lower) and shared == len(lower)} {early}",
        f"known {min(style.known, 3)}",
        f"small {style.small} {first.islower()}",
        f"small {style.small} {first.islower()} {before.kind} {after.kind}",
    )
    for offset, beside in ((-1, before), (1, after)):
        found.append(f"{offset} {beside.kind}")
        if beside is not _EDGE:
            found += (f"{offset} end {beside.last}", f"{offset} match {beside.how}", f"{offset} lower {beside.lower}")
    if style.known >= 2:
        found += (
            f"style first {style.lower} {first.islower()}",
            f"style caps {style.caps} {text.isupper()}",
            f"style colon {style.colon} {own.last == ':'}",
            f"style number {style.numbered} {line.number}",
        )
    found += [f"w {word}" for word in lower]
    found += [f"b {one} {other}" for one, other in pairwise(("^", *lower, "$"))]
    return found


def _shape(line: Line, text: str) -> list[str]:
    words = text.split()
    last, initial = text[-1:], text[:1]
    end = "letter" if last.isalnum() else last if last in ".?!:;,)…" else "other"
    first = "upper" if initial.isupper() else "lower" if initial.islower() else "digit" if initial.isdigit() else "o"
    capitals = sum(map(str.isupper, [word[0] for word in words[1:]]))
    found = [
        "bias",
        f"end {end}",
        f"first {first}",
        f"end {end} {first} {min(len(words), 12)}",
        f"bullet {line.bullet}",
        f"number {line.number}",
        f"caps {text.isupper()}",
        f"words {min(len(words), 16)}",
        f"chars {min(len(text) // 10, 16)}",
        f"comma {',' in text}",
        f"inner stop {'. ' in text}",
        f"digits {_DIGIT.search(text) is not None}",
        f"verbs {min(sum(map(_WORDS.__contains__, text.lower().split())), 3)}",
        f"capitals {min(4 * capitals // max(1, len(words) - 1), 4)} {len(words) > 1}",
    ]
    if words and words[0].lower() in _QUESTION:
        found.append(f"question {end}")
    return found


def _size(text: str) -> str:
    size = len(text)
    return "0" if size < 25 else "1" if size < 60 else "2" if size < 120 else "3" if size < 250 else "4"
