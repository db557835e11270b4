"""Spaces gone wrong: words cut in two, run together, doubled; full stops, brackets and commas without their space."""

import operator
import re
from collections.abc import Iterator
from itertools import compress, count, pairwise

from pipeline.repair.fault import DAMAGED_PAGE, HEALTH_PAGE, TRANSLATED_PAGE, Fault
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.watched import GLUED, GLUED_FIRST, GLUED_SECOND, PIECES
from pipeline.repair.word_classes import lexicon
from pipeline.repair.word_list import common_words, zipf

_COMMON = 3.0
_LIGATURES = ("fi", "fl", "ff", "ffi")
"""Words cut behind one of these come from typesetting, and stand in books and brochures that nobody translated."""
_FIRST_PARTS = ("to", "of", "the", "and", "with", "from")
_LAST_PARTS = ("and", "the", "with")
_HYPHEN = re.compile(r"- ([a-z]{2,20})(?![\w-])")
_BEFORE_HYPHEN = re.compile(r"(?<![\w-])[A-Za-z]{2,20}\Z")
_STOP = re.compile(r"[.!?](?=[A-Z][a-z]+[ ,])")
_BEFORE_STOP = re.compile(r"(?:^|[ (\[\"'“‘-])([a-z]{2,24})\Z")
_COMMA = re.compile(r"[,;](?=[a-z]{2})")
_BRACKET = re.compile(r"(?<![\w./@-])([a-z]{3,24})(\()(?=[a-z]{2,}[ ,-][^()\n]{2,200}\))")
_FUNCTION_WORDS = frozenset("and or the of in with for a an to is are on at from by".split())
_MARK = re.compile(r"(?<=[a-z]{2}) +([,.;?!])(?= |$)")
_LOST_STOP = re.compile(r"\A\. (?=[A-Z])|(?<=[a-z][.!?]) \.(?= [A-Z])|(?<=[a-z]{2}) \.(?=[A-Z][a-z]+ )")
_INNER_SPACE = re.compile(r"(?<=[A-Za-z]{2})\( (?=\w)|(?<=\w) \)(?![\w)])")
_LOST_BREAK = re.compile(r"(?<![\w@#./'’-])([a-z]{3,24})([A-Z][a-z]{1,20}),?(?= [a-z]{2,20} [a-z])")
_CODE = re.compile(r"[{}=;<>_]")
_CANNOT = re.compile(r"(?<![\w'’-])([Cc]an|CAN) (not|NOT)(?![\w'’-])(?! (?:only|just|merely|but)(?!\w))")
_TWICE = frozenset(
    "the of and a an with for from at by are was as or their your its this these be can when which".split()
)
_PREFIXES = frozenset("anti non post pre semi self multi intra extra".split())
_AFTER_HYPHEN = frozenset("and or to und nor but versus vs y et".split())


def split_words(paragraph: Paragraph) -> Iterator[Fault]:
    """A word cut in two by a space.

    Bad: he alth. Good: health.
    """
    words = paragraph.tokens
    pieces = paragraph.rare | (PIECES & paragraph.odd)
    if not pieces:
        return
    common = common_words()
    last = len(words) - 1
    pairs = set()
    for place in compress(count(), map(pieces.__contains__, words)):
        word = words[place]
        if place and ((joined := (left := words[place - 1]) + word) in common or joined in GLUED):
            pairs.add((left, word))
        if place < last and ((joined := word + (right := words[place + 1])) in common or joined in GLUED):
            pairs.add((word, right))
    for left, right in sorted(pair for pair in pairs if all(pair) and _is_cut(*pair)):
        for found in re.finditer(rf"(?<![\w'’.-]){left} {right}(?![\w-])", paragraph.low):
            after = paragraph.text[found.start() : found.end()].replace(" ", "")
            if after[1:].islower():
                yield Fault(
                    found.start(),
                    found.end(),
                    after,
                    "split-word",
                    DAMAGED_PAGE if left.endswith(_LIGATURES) else HEALTH_PAGE,
                )


def _is_cut(left: str, right: str) -> bool:
    """Whether two words are the halves of a common one, and at least one of them is hardly a word."""
    joined = left + right
    if len(joined) < 5 or not joined.isascii():
        return False
    together = zipf(joined)
    apart = min(zipf(left), zipf(right) if right not in PIECES else 1.0)
    return together >= _COMMON - 0.5 and together - apart >= 1.0 and apart < 2.0


def joined_words(paragraph: Paragraph) -> Iterator[Fault]:
    """Two words that have lost the space between them.

    Bad: a visit togynecologist. Good: a visit to gynecologist.
    """
    long = [word for word in paragraph.rare if word.startswith(_FIRST_PARTS) or word.endswith(_LAST_PARTS)]
    for word in sorted({*long, *(GLUED & paragraph.odd)}):
        cut = _cut(word)
        if not cut:
            continue
        for found in re.finditer(rf"(?<![\w@#/.'’-]){word}(?![\w@/.-]|\.\w)", paragraph.low):
            now = paragraph.text[found.start() : found.end()]
            if now[1:].islower():
                yield Fault(found.start(), found.end(), f"{now[:cut]} {now[cut:]}", "joined-words", DAMAGED_PAGE)


def run_together(paragraph: Paragraph) -> Iterator[Fault]:
    """Two common words that have lost the space between them, where they can be parted in one way only.

    Bad: the symptoms of frequentdiseases. Good: the symptoms of frequent diseases.
    """
    for word in sorted(own for own in paragraph.rare if 7 <= len(own) <= 40 and own.isascii() and not zipf(own)):
        cuts = [cut for cut in range(2, len(word) - 1) if _parts(word[:cut], word[cut:])]
        if len(cuts) != 1 or _cut(word):
            continue
        for found in re.finditer(rf"(?<![\w@#/.'’-]){word}(?![\w@/-]|\.\w)", paragraph.low):
            now = paragraph.text[found.start() : found.end()]
            if now[1:].islower() and (now[0].islower() or not found.start()):
                cut = found.start() + cuts[0]
                yield Fault(cut, cut, " ", "joined-words", TRANSLATED_PAGE)


def _parts(left: str, right: str) -> bool:
    """Whether two strings are common words, and neither is of the kind of which longer words are built."""
    if left not in _LITTLE_FIRST and right not in _LITTLE_LAST and not _adjective_and_noun(left, right):
        return False
    if left not in _LITTLE_FIRST and (
        len(left) < 4 or left in _BUILDS or left.endswith(("o", "i")) or zipf(left) < 3.5
    ):
        return False
    return right in _LITTLE_LAST or (len(right) >= 4 and right not in _BUILT and zipf(right) >= 3.0)


def _adjective_and_noun(left: str, right: str) -> bool:
    own, other = lexicon().get(left, ""), lexicon().get(right, "")
    return (("a" in own and "n" not in own) or own == "r") and not {"n", "N"}.isdisjoint(other)


_LITTLE_FIRST = frozenset(
    "the and for not but with from can may are was has you who how when that this by of to".split()
)
_LITTLE_LAST = frozenset(
    "and for the not is of to are was can may has with from that this when during because not which where".split()
)
_BUILDS = frozenset(
    """over under super inter micro macro mini mega ultra hyper back down fore after cross self semi post anti trans
    para multi poly mono tele auto meta mole counter proto pseudo immune endo extra intra neural water half""".split()
)
_BUILT = frozenset(
    """therapy like less wise ship able ward wards land work works woman women made weed wort grass berry berries root
    roots flower leaf thorn seed bane worm worms fish foot head side line lines time free proof room born logy gram
    type types house stone wood tail hood ness ment tion ally ible ings ized ised ance less fold form some thing
    graph graphs scope scopes meter meters genic genesis phage cyte cytes plasty tomy lysis itis osis emia uria
    mania phobia man's ades ates ines ones ites cide cides zyme zymes plant plants bird birds state states""".split()
)
"""Words of which longer words are built that no list holds: the names of plants, methods and instruments."""


def _cut(word: str) -> int:
    """Return where two words were run together, 0 where that is not certain."""
    if word in GLUED:
        return next(i for i in range(2, len(word)) if word[:i] in GLUED_FIRST and word[i:] in GLUED_SECOND)
    if len(word) < 8 or zipf(word) or not word.isascii():
        return 0
    first = [len(part) for part in _FIRST_PARTS if word.startswith(part)]
    first = [cut for cut in first if len(word) - cut >= 6 and zipf(word[cut:]) >= 2.5]
    last = [len(word) - len(part) for part in _LAST_PARTS if word.endswith(part)]
    last = [cut for cut in last if cut >= 6 and zipf(word[:cut]) >= _COMMON]
    if len(first) + len(last) != 1:
        return 0
    return first[0] if first else last[0]


def line_break_hyphens(paragraph: Paragraph) -> Iterator[Fault]:
    """A word cut at the end of a line, whose hyphen and break stayed.

    Bad: oste- oporosis, anti- inflammatory. Good: osteoporosis, anti-inflammatory.
    """
    if "- " not in paragraph.text:
        return
    text = paragraph.text
    for found in _HYPHEN.finditer(text):
        start = found.start()
        before = _BEFORE_HYPHEN.search(text[max(0, start - 21) : start]) if text[start - 1 : start].isalpha() else None
        if before is None:
            continue
        left, right = before[0].lower(), found[1]
        together = zipf(left + right)
        if right in _AFTER_HYPHEN:
            continue
        if left in _PREFIXES and together < _COMMON and zipf(right) >= _COMMON:  # the hyphen is the word's own
            yield Fault(start + 1, start + 2, "", "line-break-hyphen", DAMAGED_PAGE)
            continue
        if together < 2.5:
            continue
        if min(zipf(left), zipf(right)) < 2.5 or together >= 4.5:
            yield Fault(start - len(left), found.end(), before[0] + right, "line-break-hyphen", HEALTH_PAGE)


def spaces_after_stops(paragraph: Paragraph) -> Iterator[Fault]:
    """A full stop or comma without a space behind it.

    Bad: at all times.It helps. Good: at all times. It helps.
    """
    text = paragraph.text
    for found in _STOP.finditer(text):
        before = _BEFORE_STOP.search(text[max(0, found.start() - 26) : found.start()])
        after = re.match(r"[A-Za-z]+", text[found.end() : found.end() + 30])
        if before and after and zipf(before[1]) >= 2.0 and zipf(after[0].lower()) >= 4.0:
            needs = DAMAGED_PAGE if zipf(before[1]) >= _COMMON else TRANSLATED_PAGE
            yield Fault(found.end(), found.end(), " ", "space-after-stop", needs)
    for found in _COMMA.finditer(text):
        before = _BEFORE_STOP.search(text[max(0, found.start() - 26) : found.start()])
        after = re.match(r"[a-z]+(?=[ ,.;:])", text[found.end() : found.end() + 30])
        if before and after and zipf(before[1]) >= _COMMON and zipf(after[0]) >= _COMMON:
            yield Fault(found.end(), found.end(), " ", "space-after-stop", DAMAGED_PAGE)


def spaces_before_brackets(paragraph: Paragraph) -> Iterator[Fault]:
    """A bracket without a space before it.

    Bad: the intestine(large and small). Good: the intestine (large and small).
    """
    if "(" not in paragraph.text:
        return
    for found in _BRACKET.finditer(paragraph.text):
        inside = paragraph.text[found.end() : paragraph.text.find(")", found.end())]
        if zipf(found[1]) >= _COMMON and not _FUNCTION_WORDS.isdisjoint(inside.split()):  # no call in code
            yield Fault(found.start(2), found.start(2), " ", "space-before-bracket", DAMAGED_PAGE)


def spaces_before_marks(paragraph: Paragraph) -> Iterator[Fault]:
    """A space before a comma or full stop.

    Bad: fever , cough. Good: fever, cough.
    """
    text = paragraph.text
    if " ," not in text and " ." not in text and " ;" not in text:
        return
    for found in _MARK.finditer(text):
        yield Fault(found.start(), found.end(), found[1], "space-before-mark", DAMAGED_PAGE)


def lost_stops(paragraph: Paragraph) -> Iterator[Fault]:
    """A full stop alone at the start, behind another or before its space; or two sentences run into one another.

    Bad: . The fever rose .It fell. Good: The fever rose. It fell.
    """
    text = paragraph.text
    for found in _LOST_STOP.finditer(text) if " ." in text or text.startswith(". ") else ():
        after = ". " if text[found.end() : found.end() + 1] != " " and found.start() else ""
        yield Fault(found.start(), found.end(), after, "space-before-mark", TRANSLATED_PAGE)
    for found in _LOST_BREAK.finditer(text) if paragraph.rare else ():  # what is joined is no word of the list
        apart = zipf(found[1]) >= 3.5 and zipf(found[2].lower()) >= 4.0
        if apart and _CODE.search(text, max(0, found.start() - 40), found.end() + 40):
            continue
        if apart and not zipf((found[1] + found[2]).lower()):
            yield Fault(found.end(1), found.end(1), ". ", "joined-sentences", TRANSLATED_PAGE)


def spaces_in_brackets(paragraph: Paragraph) -> Iterator[Fault]:
    """A space that stands behind a bracket and belongs before it, or before the closing one.

    Bad: incontinence( of urine ). Good: incontinence (of urine).
    """
    if "( " not in paragraph.text and " )" not in paragraph.text:
        return
    for found in _INNER_SPACE.finditer(paragraph.text):
        after = " (" if found[0][0] == "(" else ")"
        needs = DAMAGED_PAGE if after == " (" else TRANSLATED_PAGE
        yield Fault(found.start(), found.end(), after, "space-before-bracket", needs)


def cannot(paragraph: Paragraph) -> Iterator[Fault]:
    """The word cannot, written as two.

    Bad: It can not be cured. Good: It cannot be cured.
    """
    if "can not" not in paragraph.low:
        return
    for found in _CANNOT.finditer(paragraph.text):
        yield Fault(found.start(), found.end(), found[1] + found[2].lower(), "split-word", TRANSLATED_PAGE)


def doubled_words(paragraph: Paragraph) -> Iterator[Fault]:
    """A little word written twice in a row.

    Bad: in the the morning. Good: in the morning.
    """
    words = paragraph.words
    if not any(map(operator.eq, words, words[1:])):
        return
    doubled = {left for left, right in pairwise(words) if left == right and left in _TWICE}
    for word in sorted(doubled):
        for found in re.finditer(rf"(?<![\w'’-]){word}( {word})(?![\w'’-])", paragraph.low):
            if paragraph.text[found.start(1) + 1 :].startswith(word):
                yield Fault(found.start(1), found.end(1), "", "doubled-word", DAMAGED_PAGE)
