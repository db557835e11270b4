"""The replacement as it must stand at its place: form, case, article, agreement, possessive, hyphens."""

import re

import msgspec

from pipeline.repair.countable import ends_noun, kind_of
from pipeline.repair.inflection import article, forms, plural, singular, verb_forms
from pipeline.repair.matching import Match, form_of, starts_sentence
from pipeline.repair.phrase import Part, Phrase, parse
from pipeline.repair.word_classes import base_of, lexicon

_ARTICLE_BEFORE = re.compile(r"(?<![\w'’-])(a|an|the)([ \u00a0])\Z", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([\w'’-]+)[ \u00a0]\Z")
_ARTICLE_FIRST = re.compile(r"(a|an|the) ", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?<![\w'’.-])([Aa]n?) (?=(\w[\w'’-]*))")
_DETERMINERS = frozenset(
    """the a an this that these those my your his her its our their each every any some no both all either neither which
    whose what such another""".split()
)
_BASE_AFTER = frozenset(
    """to can could may might must shall should will would do does did don't doesn't didn't cannot can't let please
    not""".split()
)
_PARTICIPLE_AFTER = frozenset("have has had having is are was were be been being am get gets got not".split())
_ADVERBS = frozenset(
    "already also always ever just never now often rarely seldom sometimes soon still then thus".split()
)
_PLURAL_SUBJECTS = frozenset("i you we they doctors physicians patients people women men parents".split())
_PLURAL_TO_SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does", "aren't": "isn't", "weren't": "wasn't"}
_SINGULAR_TO_PLURAL = {new: old for old, new in _PLURAL_TO_SINGULAR.items()}
_VERBS_AGREEING = frozenset(
    """affect appear arise become begin bring cause come contain continue depend develop disappear disturb exist go
    happen help include increase indicate lead manifest need occur persist provoke remain require result seem serve show
    suffer tend torment worsen""".split()
)
_DETERMINER_SINGULAR = {"these": "this", "those": "that", "many": "much", "few": "little"}
_DETERMINER_PLURAL = {"this": "these", "that": "those", "much": "many", "little": "few"}
_TAKES_ARTICLE = frozenset(
    """about after against and around as at become becomes before by called cause causes cure cured curing develop
    develops during for form forms from get gets getting had has have having if in into is like means of on or prevent
    remove removes than that to treat treated treating treats was what when where which why with without""".split()
)
"""Words after which a bare singular noun lacks its article; after any other it may have an adjective of its own."""
_WORD_AFTER = re.compile(r"[ \u00a0-]([A-Za-z]+)")
_NEXT_WORD = re.compile(
    r"([ \u00a0](?:also|often|usually|sometimes|most often|always|still|never|rarely|can only)?[ \u00a0]?)([A-Za-z'’]+)"
)


class Replacement(msgspec.Struct, frozen=True):
    """What to put for `text[start:end]`; wider than the match where an article or a verb beside it changes."""

    start: int
    end: int
    after: str


def replacement(match: Match, candidate: str, text: str) -> Replacement:
    """Return the candidate in the form that the place asks for."""
    if not candidate:
        return _deletion(match, text)
    template = parse(candidate)
    plain = _hyphenated(match, template, _rendered(match, template, text), text)
    start, end = match.start, match.end
    if match.entry.case:
        sentence = text[start].isupper() and plain[:1].islower() and starts_sentence(text, start)
        after = _upper_first(plain) if sentence else plain
    else:
        after = _cased(text[start:end], plain)
    return _with_surroundings(match, template, Replacement(start, end, after), text, plain)


def _rendered(match: Match, template: Phrase, text: str) -> str:
    out = ""
    counts: dict[str, int] = {}
    for part in template.parts:
        piece = _piece(match, part, counts, text)
        out += ("" if part.glued or not out or not piece else " ") + piece
    return _INDEFINITE.sub(lambda found: _matching_article(found[1], found[2]) + " ", out)


def _matching_article(now: str, word: str) -> str:
    new = article(word.partition(" ")[0])
    return new.capitalize() if now[0].isupper() else new


def _piece(match: Match, part: Part, counts: dict[str, int], text: str) -> str:
    if part.slot:
        return _slot_text(match, part, text)
    word = part.words[0]
    if part.mark not in {"n", "v", "a"}:
        return word
    place = counts.get(part.mark, 0)
    counts[part.mark] = place + 1
    form = _form_at(match, part.mark, place, text)
    head, _, last = word.rpartition(" ")
    inflected = forms(last.lower(), part.mark).get(form, last) if form else last
    if last[0].isupper():
        inflected = inflected[0].upper() + inflected[1:]
    if part.mark == "v" and last == "be":
        inflected = _form_of_be(form, match, text)
    return f"{head} {inflected}".strip()


def _form_of_be(form: str, match: Match, text: str) -> str:
    """The verb be has forms of its own for person; the place tells them by what stood there (`are`, `were`)."""
    plural_subject = text[match.start : match.end].lower().startswith(("are", "were"))
    return {"base": "are" if plural_subject else "be", "s": "is", "ed": "were" if plural_subject else "was"}.get(
        form, forms("be", "v").get(form, "be")
    )


def _form_at(match: Match, mark: str, place: int, text: str) -> str:
    """Return the form of the match's marked word that the replacement's marked word answers to."""
    numbers = [i for i, part in enumerate(match.phrase.parts) if part.mark == mark and i in match.spans]
    if not numbers:
        return "" if mark != "n" else {"plural": "plural"}.get(_number(match, text) or "", "singular")
    number = numbers[min(place, len(numbers) - 1)]
    part, surface = match.phrase.parts[number], match.words(number, text).lower()
    names = [name for _, name in form_of(part, surface)]
    if len(set(names)) <= 1 or mark != "v":
        return names[0] if names else ""
    word = _governing(text, match.spans[number][0])
    if word in _BASE_AFTER and "base" in names:
        return "base"
    if word in _PARTICIPLE_AFTER and "en" in names:
        return "en"
    imperative = not word or word in _PLURAL_SUBJECTS
    return next((name for name in (("base", "ed") if imperative else ("ed", "base")) if name in names), names[0])


def _governing(text: str, position: int) -> str:
    """Return the word before a verb that decides on its form, adverbs between them passed over; none at a start."""
    for _ in range(3):
        if starts_sentence(text, position):
            return ""
        before = _WORD_BEFORE.search(text[max(0, position - 30) : position])
        word = before[1].lower() if before else ","
        if before is None or not (word in _ADVERBS or (len(word) > 4 and word.endswith("ly"))):
            return word
        position -= len(before[0])
    return ""


def _slot_text(match: Match, part: Part, text: str) -> str:
    number = next(i for i, own in enumerate(match.phrase.parts) if own.slot and own.name == part.name)
    words = match.words(number, text)
    moved = match.spans[number][0] == match.start and words[:1].isupper() and words[1:].islower()
    if moved and text[match.end : match.end + 1] != "":  # its capital was the sentence's, not its own
        words = words[0].lower() + words[1:]
    if not part.form:
        return words
    low = words.lower()
    if part.form in {"singular", "plural"}:
        return (plural(low) if singular(low) is None else low) if part.form == "plural" else singular(low) or low
    base = base_of(low) or low
    return verb_forms(base).get(part.form, words)


def _hyphenated(match: Match, template: Phrase, after: str, text: str) -> str:
    """Join the words by hyphens where the match's were so joined (`mountain-range pain`)."""
    matched = text[match.start : match.end]
    joined = "-" in matched and " " not in matched and "-" not in match.phrase.text and " " in match.phrase.text
    return after.replace(" ", "-") if joined and len(template.parts) <= 3 else after


def _cased(matched: str, after: str) -> str:
    """Give the replacement the case of what stood there."""
    letters = [c for c in matched if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return after.upper()
    words = re.findall(r"[^\W\d_]+", matched)
    if len(words) > 1 and all(w[0].isupper() for w in words if len(w) > 3) and words[-1][0].isupper():
        return _titled(after)
    if matched[:1].isupper():
        return after[0].upper() + after[1:]
    if after[:1].isupper() and matched[:1].islower() and _ARTICLE_FIRST.match(after):
        return after[0].lower() + after[1:]
    return after


def _titled(after: str) -> str:
    small = {"of", "the", "a", "an", "in", "on", "and", "or", "to", "for", "with", "at", "by"}
    words = after.split(" ")
    return " ".join(w if i and w in small else w[:1].upper() + w[1:] for i, w in enumerate(words))


def _with_surroundings(match: Match, template: Phrase, new: Replacement, text: str, plain: str) -> Replacement:
    """Mend what stands beside the match: article, possessive, verb and determiner after a change of number."""
    was, now = _number(match, text), _template_number(match, template, text)
    new = _article(match, new, now, text, plain)
    new = _possessive(new, text)
    if was and now and (was == "plural") != (now == "plural"):
        new = _agreeing(new, to_plural=now == "plural", text=text)
    return new


def _article(match: Match, new: Replacement, number: str | None, text: str, plain: str) -> Replacement:
    """Mend the article before the replacement; `plain` is the replacement in its own case, which tells its sound."""
    start, after = new.start, new.after
    own = _ARTICLE_FIRST.match(after)
    before = _ARTICLE_BEFORE.search(text[max(0, start - 8) : start])
    kind = kind_of(plain) if match.entry.article == "auto" else None
    if before is None:
        if own is not None:
            return new
        if match.entry.article == "a" or (kind == "count" and not _told(match, plain, text)):
            return _indefinite(new, text, plain) if number in {None, "singular"} else new
        return _definite(new, text) if match.entry.article == "the" else new
    now = before[1]
    begin = start - len(before[0])
    uncounted = number in {"plural", "mass"} or (kind == "mass" and not _compound(new, text))
    drop = match.entry.article == "none" or (now.lower() != "the" and uncounted)
    if own is not None or drop:
        return Replacement(begin, new.end, _upper_first(after) if now[0].isupper() else after)
    if now.lower() == "the":
        return new
    matched = text[new.start : new.end]
    shouted = sum(map(str.isalpha, matched)) > 1 and matched.isupper()
    wanted = _matching_article(now, plain if shouted else after)
    if match.entry.article == "the":
        wanted = "The" if now[0].isupper() else "the"
    wanted = wanted.upper() if shouted else wanted
    return new if wanted == now else Replacement(begin, new.end, f"{wanted}{before[2]}{after}")


def _told(match: Match, plain: str, text: str) -> bool:
    """Whether the place or the replacement says which of what is counted, or holds more than a noun with adjectives."""
    words = [word.lower() for word in (*text[match.start : match.end].split()[:1], *plain.split())]
    known = lexicon()
    verbs = (word in _DETERMINERS or word[:1].isdigit() or known.get(word, "") in {"v", "vs", "r"} for word in words)
    return any(verbs) or words[1] in _TAKES_ARTICLE or ends_noun(words[1])


def _compound(new: Replacement, text: str) -> bool:
    """Whether a noun follows of which the replacement is a part: `blood flow disorder`."""
    if (follows := _WORD_AFTER.match(text, new.end)) is None:
        return False
    flags = lexicon().get(follows[1].lower(), "")
    return text[new.end] == "-" or (not {"n", "N", "a"}.isdisjoint(flags) and "s" not in flags)


def _definite(new: Replacement, text: str) -> Replacement:
    """Put `the` before the replacement where no determiner or possessive stands."""
    before = _WORD_BEFORE.search(text[max(0, new.start - 40) : new.start])
    word = before[1].lower() if before else ""
    if word in _DETERMINERS or word.endswith(("'s", "’s")):
        return new
    own_adjective = "a" in lexicon().get(word, "") or (word.endswith("ed") and "d" in lexicon().get(word, ""))
    if own_adjective and word not in _TAKES_ARTICLE and not starts_sentence(text, new.start):
        return new
    matched = text[new.start : new.end]
    if matched[:1].isupper() and not matched.isupper():
        return msgspec.structs.replace(new, after="The " + new.after[0].lower() + new.after[1:])
    return msgspec.structs.replace(new, after=("THE " if matched.isupper() else "the ") + new.after)


def _indefinite(new: Replacement, text: str, plain: str) -> Replacement:
    """Put `a` or `an` before the replacement where its noun evidently stands alone; `plain` as in `_article`."""
    if _compound(new, text):
        return new
    before = _WORD_BEFORE.search(text[max(0, new.start - 40) : new.start])
    if starts_sentence(text, new.start):
        if text[new.end : new.end + 1] in {"", ":", "\n"}:  # a heading
            return new
    elif before is None or not _takes_article(
        before[1].lower(), text[max(0, new.start - 80) : new.start - len(before[0])]
    ):
        return new
    matched = text[new.start : new.end]
    wanted = article(re.split(r"[ -]", new.after)[0].lower())
    if matched.isupper():
        return msgspec.structs.replace(new, after=f"{wanted.upper()} {new.after}")
    if matched[:1].isupper():
        own = new.after if plain[:1].isupper() else new.after[0].lower() + new.after[1:]
        return msgspec.structs.replace(
            new, after=f"{wanted.capitalize() if starts_sentence(text, new.start) else wanted} {own}"
        )
    return msgspec.structs.replace(new, after=f"{wanted} {new.after}")


def _takes_article(word: str, before: str) -> bool:
    """Whether a bare singular noun after the word lacks its article: a preposition, or a verb that is nothing else."""
    if word in _TAKES_ARTICLE:
        return True
    known = lexicon().get(word, "")
    earlier = _WORD_BEFORE.search(before[-30:])
    determined = earlier is not None and earlier[1].lower() in _DETERMINERS  # so that the word is no verb
    return bool(known) and set(known) <= {"v", "s"} and not determined


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _possessive(new: Replacement, text: str) -> Replacement:
    """Mend the possessive behind the replacement: the ridges' → the spine's, the ridge's → the vertebrae's."""
    tail = text[new.end : new.end + 2]
    if tail[:1] in {"'", "’"} and tail[1:] == "s" and not text[new.end + 2 : new.end + 3].isalnum():
        if new.after.endswith("s") and not new.after.endswith(("ss", "is", "us")):
            return Replacement(new.start, new.end + 2, new.after + tail[0])
    elif tail[:1] == "’" and tail[1:] in {"", " "} and text[new.end - 1] == "s" and not new.after.endswith("s"):
        quoted = "‘" in text[max(0, new.start - 200) : new.start]
        return new if quoted else Replacement(new.start, new.end + 1, new.after + "’s")
    return new


def _number(match: Match, text: str) -> str | None:
    """Return the number of the match's head: singular, plural or mass; None where the entry does not say."""
    for number, part in enumerate(match.phrase.parts):
        if part.mark in {"n", "p", "s", "u"} and number in match.spans:
            names = [name for _, name in form_of(part, match.words(number, text).lower())]
            return names[0] if names else None
    return None


def _template_number(match: Match, template: Phrase, text: str) -> str | None:
    for part in template.parts:
        if part.mark in {"p", "s", "u"}:
            return {"p": "plural", "s": "singular", "u": "mass"}[part.mark]
        if part.mark == "n":
            return _form_at(match, "n", 0, text) or None
    return None


def _agreeing(new: Replacement, *, to_plural: bool, text: str) -> Replacement:
    """Make the verb behind and the determiner or verb before agree with the new number."""
    start, end, after = new.start, new.end, new.after
    if (follows := _NEXT_WORD.match(text, end)) is not None:
        changed = _verb(follows[2], to_plural=to_plural)
        if changed is not None:
            end, after = follows.end(), after + follows[1] + changed
    if (before := _WORD_BEFORE.search(text[max(0, start - 30) : start])) is not None:
        table = _DETERMINER_PLURAL if to_plural else _DETERMINER_SINGULAR
        swap = table.get(before[1].lower()) or _there(text, start, before[1], to_plural=to_plural)
        if swap is not None:
            swap = _upper_first(swap) if before[1][0].isupper() else swap
            return Replacement(start - len(before[0]), end, f"{swap} {after}")
    return Replacement(start, end, after)


def _there(text: str, start: int, word: str, *, to_plural: bool) -> str | None:
    """`There are locks` → `There is constipation`."""
    table = _SINGULAR_TO_PLURAL if to_plural else _PLURAL_TO_SINGULAR
    begin = start - len(word) - 1
    return table.get(word.lower()) if text[max(0, begin - 6) : begin].lower().endswith("there ") else None


def _verb(word: str, *, to_plural: bool) -> str | None:
    low = word.lower().replace("’", "'")
    table = _SINGULAR_TO_PLURAL if to_plural else _PLURAL_TO_SINGULAR
    if low in table:
        return table[low]
    if to_plural:
        return next(
            (base for base in (low[:-1], low[:-2]) if base in _VERBS_AGREEING and verb_forms(base)["s"] == low), None
        )
    return verb_forms(low)["s"] if low in _VERBS_AGREEING else None


def _deletion(match: Match, text: str) -> Replacement:
    """Take the match out, with the space that it leaves and the capital that moves to the next word."""
    start, end = match.start, match.end
    if end < len(text) and text[end] in " \u00a0" and (start == 0 or text[start - 1] in " \u00a0\n\t"):
        end += 1
    elif start and text[start - 1] in " \u00a0" and (end == len(text) or text[end] in ",.;:!?)\n\t"):
        start -= 1
    if text[match.start : match.start + 1].isupper() and text[end : end + 1].islower():
        return Replacement(start, end + 1, text[end].upper())
    if start and text[start - 1] in ",;:" and text[end : end + 1] in {".", "!", "?", ""}:
        start -= 1  # a comma that led to what was taken out
    before = _ARTICLE_BEFORE.search(text[max(0, match.start - 8) : match.start])
    follows = re.match(r"[\w'’-]+", text[end:]) if before and before[1].lower() != "the" else None
    if before and follows and (wanted := _matching_article(before[1], follows[0])) != before[1]:
        return Replacement(match.start - len(before[0]), end, f"{wanted} ")
    return Replacement(start, end, "")
