"""Clauses built as the source language builds them: a dash for the verb, the verb before its subject.

What no phrase of the glossary can say, because the subject that moves is of any length. Only on pages that show that
they are machine-translated.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.repair.fault import TRANSLATED_PAGE, Fault
from pipeline.repair.inflection import article, singular, verb_forms
from pipeline.repair.matching import FINITE, starts_sentence
from pipeline.repair.noun_phrase import DETERMINERS, noun_phrase_end
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.word_classes import base_of, lexicon

_DASH = re.compile(
    r" ?[-–—] (?=(?:this|it) is (?!necessary|important|possible|better|worth|best|useful|not|very)|(?:these|they) are "
    r"|(?:is |are )?(?:a|an|one of|how to|the) |[0-9]|(?:[a-z-]+ ){0,3}?"
    r"(?:disease|illness|condition|process|infection|inflammation|disorder|plant|herb|remedy|phenomenon|procedure|tumor"
    r"|sign|symptom|consequence|result)\b)"
)
_DASH_VERB = re.compile(r"(?:this|it) is |(?:these|they) are |is |are ")
_KIND_WITHOUT_ARTICLE = re.compile(
    r"((?:[a-z-]+ ){0,3}?)(?:disease|illness|condition|process|infection|inflammation|disorder|plant|herb|remedy"
    r"|phenomenon|procedure|tumor|sign|symptom|consequence|result)\b"
)
_MEASURED = re.compile(
    r"(?:the )?(?:(?:general |total |full )?course|duration|dose|dosage|term|length)(?: of [a-z]+)?\Z"
)
_LATER_VERB = re.compile(r"(?:,| [-–—]) (?:is|are|was|were|can|may|has|have|had|will|does|do|must|should)\b| [-–—] ")
_SENTENCE = re.compile(r"[.!?;:](?= |\Z)|\n")
_SINGULAR_IN_S = ("sis", "tis", "us", "ss", "is", "ics", "betes", "bies", "pes", "ckets", "sles", "mps", "lens", "ps")


def dash_for_is(paragraph: Paragraph) -> Iterator[Fault]:
    """A dash where English has the verb.

    Bad: Psoriasis - is a disease. Gout - a disease of the joints. Good: Psoriasis is a disease. Gout is a disease …
    """
    text = paragraph.text
    if " - " not in text and "–" not in text and "—" not in text:
        return
    for found in _DASH.finditer(text):
        begin = _clause_start(text, found.start())
        subject = text[begin : found.start()]
        end = _sentence_end(text, found.end())
        if _LATER_VERB.search(text, found.end(), end) or " - " in subject or not _subject(subject):
            continue
        verb = _DASH_VERB.match(text, found.end())
        if not verb and _has_verb(text[found.end() : end].lower()):
            continue
        stop = verb.end() if verb else found.end()
        after = _copula(subject.lower(), text[stop : stop + 80], told=verb[0] if verb else "")
        if after:
            yield Fault(found.start(), stop, after, "dash-for-is", TRANSLATED_PAGE)


def _copula(subject: str, predicate: str, *, told: str) -> str:
    """Return what is put for the dash, empty where it may be there for another reason.

    `told`: the verb that stands behind the dash already.
    """
    verb = " are " if _many(subject) else " is "
    first = predicate.split(" ")[0].lower()
    if first[:1].isdigit():
        return verb if _MEASURED.match(subject) else ""
    if told:
        return " are " if told.endswith("are ") else verb
    if first == "the":
        most = predicate.startswith(("the most ", "the main ", "the only "))
        own = subject.split(" ")[0] in {"the", "a", "an", "this", "one"} or most
        phrase = re.split(r" (?:of|in|that|which|for|to)\b|[.,;:]", predicate)[0]
        fits = " and " not in phrase and _plural(phrase.split(" ")[-1]) == (verb == " are ")
        return verb if own and fits else ""
    if first in {"a", "an", "one", "how"}:
        return verb
    words = _KIND_WITHOUT_ARTICLE.match(predicate)
    if words is None or not all(map(_describes, words[1].split())) or verb == " are ":
        return ""
    return f"{verb}{article(first)} "


def _describes(word: str) -> bool:
    flags = lexicon().get(word)
    return (
        "a" in flags or flags == "r" if flags else word.endswith(("ic", "al", "ous", "ive", "ary", "ant", "ory", "ed"))
    )


def _has_verb(predicate: str) -> bool:
    """Whether a finite verb stands in what follows the dash, outside a clause of its own: then it is an aside."""
    for word in re.findall(r"[a-z']+|[,(]", predicate):
        if word in _CLAUSE_WORDS:
            return False
        if word in FINITE:
            return True
    return False


_CLAUSE_WORDS = frozenset("that which who whose when where if because as while but and , (".split())


def _clause_start(text: str, position: int) -> int:
    """Return where the clause before the dash begins: behind a stop, `but` and its like, or a phrase set off before it.

    Behind another comma none begins: what stands before it may belong to the subject, as in a list.
    """
    lower = max(0, position - 160)
    sentence = lower
    for stop in _STOPS.finditer(text, lower, position):
        sentence = stop.end()
    begin = sentence
    for comma in _COMMAS.finditer(text, sentence, position):
        set_off = comma[0] != ", " or text[begin : comma.start()].lower().split(" ")[0] in _INTRODUCES
        if set_off:
            begin = comma.end()
    opens = _OPENS.match(text, begin, position)
    return opens.end() if opens else begin


_STOPS = re.compile(r"[.!?:;] |\n")
_COMMAS = re.compile(r", (?:(?:but|because|as|so|therefore|however) )?|(?<= )that ", re.IGNORECASE)
_OPENS = re.compile(r"(?:(?:and|but|also|thus|so|because),? )", re.IGNORECASE)
_INTRODUCES = frozenset(
    """if when in on at for with by as after before during however therefore thus so besides moreover first finally also
    today usually often generally naturally unfortunately fortunately""".split()
)


def _sentence_end(text: str, position: int) -> int:
    limit = min(len(text), position + 400)
    found = _SENTENCE.search(text, position, limit)
    return found.start() if found else limit


def _subject(subject: str) -> bool:
    """Whether a text can be a subject: up to eight words, no finite verb, no pronoun, none that begins a clause."""
    words = subject.lower().split(" ")
    return (
        len(words) <= 8
        and re.fullmatch(r"[A-Za-z][A-Za-z'’ -]+", subject) is not None
        and (FINITE | _NO_SUBJECT).isdisjoint(words)
        and words[0] not in _NO_FIRST
        and not any(_verb_behind(first, word) for first, word in pairwise(words))
    )


def _verb_behind(first: str, word: str) -> bool:
    """Whether the second of two words is likely the verb of the first."""
    own, flags = lexicon().get(word, ""), lexicon().get(first, "n")
    if own == "s":
        return True
    return (own == "d" and first not in DETERMINERS and "a" not in flags) or (own == "v" and _plural(first))


_NO_SUBJECT = frozenset(
    "if when what how why where there be been not no than because while until me us them him".split()
)
_NO_FIRST = frozenset(
    """in on at for with by to from as of and or but so after before during without through into about between
    under over also often usually sometimes then here more most such""".split()
)


def _many(subject: str) -> bool:
    """Whether the head of a subject, the word before its first preposition, is a plural; `X and Y` is one."""
    head = re.split(r" (?:of|in|on|for|with|from|at|by|to) ", subject)[0]
    if " and " in head or head.removeprefix("the ").split(" ")[0] in _HEADS_FIRST:
        return True
    return _plural(head.split(" ")[-1])


_HEADS_FIRST = frozenset("diseases symptoms signs causes methods complications types forms stages carriers".split())
"""Plurals behind which the source language's genitive stands without its `of`: diseases prostate."""


def _plural(word: str) -> bool:
    if word in _PLURALS:
        return True
    flags = lexicon().get(word)
    if flags is not None:
        return "N" in flags and "n" not in flags
    return word.endswith("s") and not word.endswith(_SINGULAR_IN_S) and singular(word) is not None


_PLURALS = frozenset("people children women men teeth feet bacteria hemorrhoids haemorrhoids legs".split())


_ADVERBS = r"(?:(?:at first|often|most often|usually|sometimes|also|then|first|rarely|frequently|gradually|suddenly) )?"
_VERB = re.compile(
    rf"(?<![\w'’-])(?P<adverb>{_ADVERBS})"
    r"(?P<verb>(?:may|can|could|might|will) (?:also |often |even )?(?:appear|occur|arise|develop|begin|be observed"
    r"|be noted|be felt|be detected|be formed)|appears?|occurs?|arises?|develops?|joins?"
    r"|(?:is|are) (?:also |often |usually )?"
    r"(?:observed|noted|felt|detected|diagnosed|formed|released|marked)) ",
    re.IGNORECASE,
)
_VERBS = frozenset(
    """appear appears occur occurs arise arises develop develops begin join joins observed noted felt detected formed
    diagnosed released marked""".split()
)
"""Words one of which the expression must find."""
_CLAUSE = re.compile(
    r".*(?:[.!?;:,(\n•–—] ?|(?<= )(?:and|but|that|when|if) |\A(?:and|but|when|if) )", re.IGNORECASE | re.DOTALL
)
_PREPOSITIONS = frozenset("in on at with during after before from for under due as without by upon at around".split())
_BEHIND = re.compile(
    r"(?:\Z|[.,;:!?)\n]| (?:in|on|at|with|during|after|before|from|for|under|due|as|without|by|around|near|behind|when"
    r"|which|that|and|or|because|inside|along|to|if|while|but|over|between|throughout)\b)"
)


def subject_first(paragraph: Paragraph) -> Iterator[Fault]:
    """A verb before its subject, the subject being something that a disease brings.

    Bad: With a cold may appear swelling of the nose. Good: With a cold swelling of the nose may appear.
    """
    text, low = paragraph.text, paragraph.low
    if _VERBS.isdisjoint(paragraph.tokens):  # less than a tenth of the expression's work
        return
    for found in _VERB.finditer(low):
        end = _things_end(low, found.end())
        lead = low[_lead_start(low, found.start()) : found.start()].strip()
        if not end or not _may_lead(lead, found["verb"]):
            continue
        if found["verb"] == "develop" and low[found.start() - 2 : found.start()] == ", ":  # its subject may be far off
            continue
        opens = not lead and starts_sentence(text, found.start()) and text[found.start()].isupper()
        after = _turned(found, text[found.end() : end])
        comma = len(lead.split()) > 4 and text[found.start() - 2] != ","
        start = found.start() - comma
        after = ", " + after if comma else after[0].upper() + after[1:] if opens else after
        yield Fault(start, end, after, "subject-first", TRANSLATED_PAGE)


def _turned(found: "re.Match[str]", subject: str) -> str:
    """Return subject and verb in their order; `then` and `first` stay in front, `also` moves behind an auxiliary."""
    verb, adverb = _agreeing(found["verb"], subject.lower()), found["adverb"]
    subject = _with_article(subject[0].lower() + subject[1:])
    if adverb.strip() in {"then", "first", "at first"}:
        return f"{adverb}{subject} {verb}"
    auxiliary, _, rest = verb.partition(" ")
    return f"{subject} {auxiliary} {adverb}{rest}" if rest else f"{subject} {adverb}{verb}"


def _things_end(low: str, start: int) -> int:
    """Return where what a disease brings ends, a list of such things too; 0 where that is not certain."""
    end = noun_phrase_end(low, start)
    head = low[start:end].split(" of ")[0].split(" ")[-1] if end else ""
    if head in _MORE_OR_LESS and low.startswith(" in ", end):
        end = noun_phrase_end(low, end + 4)
    if not end or not _BEHIND.match(low, end) or not _thing(low[start:end]):
        return 0
    first = end
    while low.startswith(", ", end) and (further := noun_phrase_end(low, end + 2)):
        if low[end + 2 : further].split(" ")[0] in DETERMINERS:  # another clause, no list
            break
        if (where := _WHERE.match(low, further)) and (inner := noun_phrase_end(low, where.end())):
            further = inner
        if low.startswith(", and ", further) and (last := noun_phrase_end(low, further + 6)):
            return last if _BEHIND.match(low, last) else 0
        joined = " and " in low[end:further] or " or " in low[end:further]
        end = further
        if joined:
            return end if _BEHIND.match(low, end) else 0
    return end if end == first else 0


_WHERE = re.compile(r" (?:on|in|during|after|at) ")
_MORE_OR_LESS = frozenset("increase decrease rise fall change deterioration reduction drop".split())


def _lead_start(low: str, position: int) -> int:
    lower = max(0, position - 160)
    found = _CLAUSE.match(low[lower:position])
    return lower + found.end() if found else lower


def _may_lead(lead: str, verb: str) -> bool:
    """Whether what stands before the verb in its clause leaves room for a subject: nothing, or words with no verb."""
    if not lead:
        return True
    words = lead.removesuffix(",").split()
    if words[0] in _ADVERBS_BEFORE:
        words = words[1:] or ["in", "it"]
    if words[0] not in _PREPOSITIONS or len(words) < 2 or len(words) > 14:
        return False
    if ("develop" in verb or "begin" in verb) and " ".join(words) not in _NO_SUBJECT_IN:
        return False
    return FINITE.isdisjoint(words) and not any(set(lexicon().get(word, "n")) <= {"v", "s"} for word in words)


_ADVERBS_BEFORE = frozenset("sometimes often usually also".split())
_NO_SUBJECT_IN = frozenset(
    ["as a result", "in this case", "in such cases", "in some cases", "in rare cases", "in severe cases"]
)


def _thing(subject: str) -> bool:
    """Whether a noun phrase is something that a disease brings: its first head, or that behind `and`."""
    head = re.split(" (?:of|in|and|or) ", subject)[0].split(" ")[-1]
    return (singular(head) or head) in _THINGS or head in _THINGS


_COUNTED = frozenset(
    """rash headache tumor lump ulcer blister spot boil furuncle abscess sensation feeling reaction complication symptom
    scar crust wound fracture cyst nodule cough seizure hematoma bruise decrease increase
    disorder problem disease deterioration""".split()
)
_THINGS = _COUNTED | frozenset(
    """pain swelling redness fever itching itch burning weakness discharge bleeding inflammation nausea vomiting
    dizziness discomfort irritation infection symptoms edema oedema spasm convulsion cramp allergy pus plaque
    deformity stiffness numbness tingling thirst fatigue drowsiness insomnia diarrhea constipation bloating
    heartburn belching flatulence sweating chills dryness peeling soreness tenderness heaviness hoarseness
    tearing lacrimation photophobia jaundice anemia dehydration intoxication bronchitis pneumonia sinusitis
    gastritis cystitis pyelonephritis arthritis dermatitis conjunctivitis shortness loss decrease increase
    deterioration temperature tone disease process change disorder problem tension pressure hypertension
    tachycardia arrhythmia sensitivity irritability anxiety depression hemorrhage necrosis paralysis hypertrophy
    hyperemia exacerbation relapse difficulty lethargy apathy sneezing growth stone clot acne wrinkle crack
    erosion polyp wart papule pustule bubble spasms urge urges hair secretion mucus sputum salivation darkening
    clouding blurring noise ringing odor smell taste breath""".split()
)


def _with_article(subject: str) -> str:
    words = subject.split(" ")
    if words[0].lower() in DETERMINERS:
        return subject
    head = re.split(" (?:of|in) ", subject)[0].split(" ")[-1].lower()
    return f"{article(words[0].lower())} {subject}" if head in _COUNTED and " and " not in subject else subject


def _agreeing(verb: str, subject: str) -> str:
    many = _many(subject)
    first, _, rest = verb.partition(" ")
    if first in {"is", "are"}:
        return f"{'are' if many else 'is'} {rest}"
    if rest:
        return verb
    base = base_of(first) or first
    return base if many else verb_forms(base)["s"]


_ARTICLE = re.compile(
    r"(?<![\w'’-])([Aa]n?) ((?:[a-z]+ ){1,3}?)([a-z]{4,20}s|people|children|women|men|teeth|feet)(?=[.,;:)!?]|\Z)|"
    r"(?<![\w'’-])([Aa]n?) ((?:[a-z]+ ){1,3}?)([a-z]{4,20}s|people|children|women|men|teeth|feet)"
    r"(?= (?:of|in|on|with|that|which|and|are|for|from|may|can|have|by|during|at)\b)"
)
_COUNTS = frozenset(
    """few couple lot dozen hundred thousand million great good full further certain number little
    half whole over""".split()
)


def articles_before_plurals(paragraph: Paragraph) -> Iterator[Fault]:
    """The indefinite article before adjectives and a plural.

    Bad: a much more serious diseases. Good: much more serious diseases.
    """
    text = paragraph.text
    for found in _ARTICLE.finditer(text):
        now, between, noun = found[1] or found[4], found[2] or found[5], found[3] or found[6]
        words = between.split()
        flags = [lexicon().get(word, "") for word in words]
        plural = noun in _PLURALS or (lexicon().get(noun) in {"N", "Ns"} and not noun.endswith(_SINGULAR_IN_S))
        if not plural or not _COUNTS.isdisjoint(words) or noun in _SAME:
            continue
        if all(_only_adjective(own) or word in _GRADES for own, word in zip(flags, words, strict=True)):
            start = found.start()
            stop = start + len(now) + 1
            after = text[stop].upper() if now[0].isupper() else ""
            yield Fault(start, stop + bool(after), after, "article-before-plural", TRANSLATED_PAGE)


def _only_adjective(flags: str) -> bool:
    return "a" in flags and "n" not in flags and "r" not in flags


_GRADES = frozenset("much more most very too quite rather severe serious strong".split())
_SAME = frozenset("series species means headquarters crossroads diabetes news overseas works tens times".split())
