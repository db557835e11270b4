"""What sections say outright: the definition, lists of symptoms, causes and so on, tables, questions with answers.

Only what the text names is taken, word for word, with its block and offsets: better a list too short than a
wrong item. An item that needs reading between the lines is left out.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.document import Block
from pipeline.record import Fields, Question, Section, Span, Table
from pipeline.sections.heading_text import topic_words, words_of
from pipeline.sections.literals import required
from pipeline.sections.taxonomy import Label, Taxonomy

LONGEST_ITEM = 14
"""Words of a list item that is taken whole."""
_LONGEST_NAMED = 7
"""Words of an item in a sentence."""
_LONGEST_BARE = 9
"""The same in a sentence without a verb."""
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]?")
_HEAD = re.compile(
    r"\s*(?:[–—:;(]|\s-\s|\.(?:\s|$)|,\s(?:\w+ )?(?:which|that|who|whose|whom|where|because|if|when|since|as)\b|$)"
)
_STATES = re.compile(r"^(?:\S+ ){1,6}(?:is|are|was|were|has|have|may|can)\b")
_DENIED = re.compile(
    r"\b(?:not|no|never|avoid|exclud\w+|contraindicat\w+|forbidden|prohibited|impossible|myths?|unlike)\b"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|can|may|must|should|will|do|does|it|they|he|she|you|we|which|that|who|when|if|then)\b"
)
_ACTS = re.compile(
    r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bto )(?<!\bof )\b(?:ache|act|appear|ar[io]se|beat|become|begin|bleed|bring|"
    r"br[eo]ak|burst|cause|close|come|complain|continue|crack|creep|cry|decrease|develop|disappear|distinguish|"
    r"drink|drop|eat|enter|fade|fall|feel|flow|freeze|get|give|go|grow|happen|harden|help|hold|hurt|include|"
    r"increase|itch|jump|keep|last|lead|leave|lie|live|look|los?e|make|move|multiply|need|notice|occur|pass|peel|"
    r"press|pull|reach|redden|remain|respond|ring|rise|rub|rustle|seem|shake|shoot|show|shrink|settle|sit|sleep|"
    r"sound|speak|spread|stand|start|stay|stop|suffer|sweat(?=s)|swell|take|tear|throb|tingle|tire|tremble|turn|"
    r"twist|wake|want|widen|worsen)(?:s|es|ed)?\b"
)
"""Verbs of prose on diseases ("hands shake"; not "the shake", "a wish to eat"): with one it is no bare list."""
_TURNS = re.compile(
    r"(?:of|in|on|at|to|by|for|from|with|without|after|before|during|under|less|more|rarely|sometimes|also)\b"
)
"""Opens a part of an enumeration that is no further item of it."""
_COUNTED = (
    r"(?:there are |\w+ (?:allocate|distinguish|recogni[sz]e|know|single out) )?"
    r"(?:the |(?:\d|two|three|four|five|six|several|some|many) )?"
)
"""May stand before the noun of a sentence that counts things: "Doctors distinguish four forms: …"."""
_IS = re.compile(
    r"\b(?:is|are) (?:a|an|the(?! (?:most|second|first|main|only|same))|one|called|known|inflammation|damage|violation"
    r"|disease|pathological|the most (?:\w+ ){1,3}(?:disease|disorder|illness|infection|inflammation|tumou?r)"
    r"|(?!typical|characteristic|part|full|capable|free|worthy|because|instead)[a-z]+ of)\b"
)
_PRONOUN = re.compile(r"^(?:It|This|This is|They|These) (?:is|are) (?:a|an|the|called|one)\b")
_QUESTION = re.compile(r"^(?:(?:question|q)\s*[:.–-]\s*)?(.{8,200}\?)\s*", re.IGNORECASE)


def extract_fields(blocks: Sequence[Block], sections: Sequence[Section], title: str, taxonomy: Taxonomy) -> Fields:
    """Return what the sections of a page say outright."""
    lists: dict[str, list[Span]] = {}
    for section in sections:
        label = taxonomy.labels[section.label]
        if label.field and label.nouns and section.label != taxonomy.lead:
            lists.setdefault(label.field, []).extend(_items(blocks, section, label, taxonomy))
    ordered = [label.field for label in taxonomy.file.label if lists.get(label.field)]
    return Fields(
        definition=_definition(blocks, sections, title, taxonomy),
        lists={field: _distinct(lists[field]) for field in ordered},
        questions=tuple(_questions(blocks, sections)),
        tables=tuple(_table(index, block) for index, block in enumerate(blocks) if block.kind == "table"),
    )


def _distinct(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Leave out what was named before in the same words."""
    first: dict[str, Span] = {}
    for span in spans:
        first.setdefault(span.text.lower(), span)
    return tuple(first.values())


def _span(text: str, block: int, start: int, end: int) -> Span:
    """Return a span without white space and stops at its ends."""
    while start < end and (text[start].isspace() or text[start] in '–—-:;,.•"“«'):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in '–—-:;,."”»'):
        end -= 1
    return Span(text[start:end], block, start, end)


def _items(blocks: Sequence[Block], section: Section, label: Label, taxonomy: Taxonomy) -> Iterator[Span]:
    """Yield the items that a section names: of its lists and of its sentences, in the order of the blocks."""
    nouns = label.nouns
    named, needed = _naming(nouns)
    opens = section.heading != ""  # whether the next block is the first below the heading
    intro = ""  # what introduces the list that comes next
    fresh = True  # whether the list may stand for the section as a whole
    for index in range(section.first_block, section.last_block + 1):
        block = blocks[index]
        if block.kind == "heading":
            continue
        if block.kind == "list_item":
            announced = not _has_items_below(blocks, index) and _is_intro(intro, nouns, taxonomy, fresh=fresh)
            if announced and (item := _list_item(block, index)):
                yield item
        elif block.kind == "paragraph":
            if _holds(block.text.lower(), needed):
                yield from _sentence_items(block.text, index, named)
            if opens and label.bare:
                yield from _bare_items(block.text, index, section.heading)
            intro = block.text
            fresh = block.text.rstrip().endswith(":")
        opens = opens and block.kind == "caption"


def _has_items_below(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a list item is a heading of further items."""
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    return following is not None and following.kind == "list_item" and following.level > blocks[index].level


def _is_intro(intro: str, nouns: Sequence[str], taxonomy: Taxonomy, *, fresh: bool) -> bool:
    """Tell whether the words before a list announce items of the section's label, or nothing else does."""
    sentences = _SENTENCE.findall(intro)  # none where the words are stops alone
    last = sentences[-1].strip().lower() if sentences else ""
    if not last:
        return True
    if _DENIED.search(last):
        return False
    if re.search(rf"\b(?:{'|'.join(nouns)})\b", last):
        return True
    others = [noun for label in taxonomy.file.label for noun in label.nouns if noun not in nouns]
    return fresh and (not others or re.search(rf"\b(?:{'|'.join(others)})\b", last) is None)


def _list_item(block: Block, index: int) -> Span | None:
    """Return the item that a list item names: all of it, or its words before a dash or colon."""
    text = block.text.split("\n", 1)[0]
    head = _HEAD.search(text)
    end = head.start() if head and head.start() > 2 else len(text)
    span = _span(block.text, index, 0, end)
    words = span.text.split()
    says_more = _DENIED.search(span.text.lower()) or _STATES.match(span.text) or span.text.endswith("?")
    if says_more or not 1 <= len(words) <= LONGEST_ITEM:
        return None
    return span


@lru_cache(maxsize=256)
def _naming(nouns: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return the expression for a sentence that names items: "The symptoms are …", "the following signs: …".

    With it come strings one of which stands in every match; none where that cannot be told.
    """
    noun = "|".join(nouns)
    strings = [required(each) for each in nouns]
    needed = tuple(sorted(frozenset().union(*strings))) if all(strings) else ()
    named = re.compile(
        rf"\b(?:{noun})(?: of [^,.:;]{{1,60}}?| in [^,.:;]{{1,40}}?)? (?:are|include|includes|may include|can be|is)"
        rf"(?: the following)?(?: (?:{noun}))?:? (?P<plain>[^.:;!?]+)[.;!]?"
        rf"|(?:\b(?:following|such|these|main|first|typical|basic|characteristic)|(?:^|(?<=[.!?] ))(?:{_COUNTED})?)"
        rf" ?(?:{noun})[^.:;,]{{0,40}}: (?P<colon>[^.:!?]+)[.!]?",
        re.IGNORECASE,
    )
    return named, needed


def _holds(lower: str, needed: Sequence[str]) -> bool:
    return not needed or any(string in lower for string in needed)


def _sentence_items(text: str, index: int, named: re.Pattern[str]) -> Iterator[Span]:
    for found in named.finditer(text[:5000]):
        group = "plain" if found["plain"] else "colon"
        start, end = found.span(group)
        spans = list(_enumerated(text, index, start, end))
        plausible = len(spans) >= 3 and all(_is_name(span.text) for span in spans)
        if plausible and not _DENIED.search(found[0].lower()):
            yield from spans


def _bare_items(text: str, index: int, heading: str) -> Iterator[Span]:
    """Yield the items of a first sentence that names things and says nothing of them: "Fever, a rash and pains."."""
    start = len(heading) + 1 if text.startswith(heading) else 0  # a run-in heading
    found = _SENTENCE.match(text[:1000], start)
    if found is None or _VERB.search(found[0].lower()) or _ACTS.search(found[0].lower()):
        return
    spans: list[Span] = []
    for span in _enumerated(text, index, start, found.end()):
        if _TURNS.match(span.text.lower()):
            break
        spans.append(span)
    if (
        len(spans) >= 2
        and all(len(span.text.split()) <= _LONGEST_BARE for span in spans)
        and not _DENIED.search(found[0].lower())
    ):
        yield from spans


def _enumerated(text: str, index: int, start: int, end: int) -> Iterator[Span]:
    position = start
    for found in re.finditer(r"[,;]\s*(?:and |or |as well as )?|\s(?:and|or|as well as)\s", text[start:end]):
        yield _span(text, index, position, start + found.start())
        position = start + found.end()
    yield _span(text, index, position, end)


def _is_name(text: str) -> bool:
    return 1 <= len(text.split()) <= _LONGEST_NAMED and _VERB.search(text.lower()) is None


def _definition(blocks: Sequence[Block], sections: Sequence[Section], title: str, taxonomy: Taxonomy) -> Span | None:
    """Return the first sentence of the lead that says what the topic is."""
    topic = frozenset(map(_stem, topic_words(title, taxonomy.words)))
    for section in sections:
        if section.label != taxonomy.lead or not taxonomy.lead:
            continue
        asked = bool(section.heading)
        texts = [i for i in range(section.first_block, section.last_block + 1) if blocks[i].kind == "paragraph"]
        for index in texts[:4]:
            for found in _SENTENCE.finditer(blocks[index].text[:3000]):
                sentence = found[0].strip()
                if _defines(sentence, topic) or (asked and index == texts[0] and _PRONOUN.match(sentence)):
                    start = found.start() + len(found[0]) - len(found[0].lstrip())
                    return Span(sentence, index, start, start + len(sentence))
    return None


def _stem(word: str) -> str:
    """Return a word without the ending of a plural: a page on "Burns" says what a burn is."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _defines(sentence: str, topic: frozenset[str]) -> bool:
    verb = _IS.search(sentence)
    if verb is None:
        return False
    subject = [_stem(word) for word in words_of(re.sub(r"\([^)]*\)", "", sentence[: verb.start()]))]
    opens = bool(subject) and (subject[0] in topic or (len(subject) > 1 and subject[1] in topic and len(subject) <= 4))
    return opens and len(subject) <= 9 and not {"not", "treatment", "symptom"} & set(subject)


def _questions(blocks: Sequence[Block], sections: Sequence[Section]) -> Iterator[Question]:
    """Yield the questions of FAQ sections: headings that ask, and paragraphs that ask and are answered."""
    for section in sections:
        if section.label != "faq":
            continue
        open_question: tuple[Span, int] | None = None
        for index in range(section.first_block, section.last_block + 1):
            text = blocks[index].text
            found = _QUESTION.match(text)
            if found is None:
                continue
            if open_question is not None and open_question[1] < index:
                yield Question(open_question[0], open_question[1], index - 1)
            span = Span(found[1], index, found.start(1), found.end(1))
            answered_here = found.end() < len(text)
            open_question = (span, index if answered_here else index + 1)
        if open_question is not None and open_question[1] <= section.last_block:
            yield Question(open_question[0], open_question[1], section.last_block)


def _table(index: int, block: Block) -> Table:
    rows = tuple(tuple(row.split("\t")) for row in block.text.split("\n"))
    return Table(index, rows[: block.level], rows[block.level :])
