"""Checks of wording: what reads like a translation error that no entry of the glossary knows yet."""

import re
from collections.abc import Iterator

from pipeline.check.reading import sentence
from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject

_TRANSLATED = 2
"""Mended errors of translation from which on a page counts as a translation, and its odd words as suspicious."""
_LETTERS = 6
"""Letters of an unknown word at least: shorter ones are names, units and abbreviations."""
_FORMATION = re.compile(
    r"(?:anti|auto|bio|cardio|chemo|dermato|electro|gastro|haem|hem|hepato|hyper|hypo|immuno|intra|macro|micro|mono"
    r"|multi|myo|neuro|osteo|poly|post|pre|proto|pseudo|psycho|radio|staphylo|strepto|sub|super|thrombo|trans|ultra)"
    r"|(?:aemia|cillin|cone|cocc(?:us|i)|cyte|cytes|ectomy|emia|gram|graphy|ine|itis|ium|logy|logist|lysis|mab|mycin|oid"
    r"|oma|omas|osis|otomy|pathy|plasty|prazole|rrh(?:o)?ea|scopy|sone|statin|therapy|uria|zole)\Z"
)
"""Beginnings and endings of learned words, which no list holds all of."""
_CONSTRUCTIONS = {
    "“to” does not follow “must” and its like": (
        r"\b(?:must|could|may|might|should|will) to (?!and\b|the\b|a\b)[a-z]{3,}"
    ),
    "two articles": r"\b(?:the|an|a) (?:the|an)\b(?=[ ][a-z]{3,}\b)",
    "“an” stands before a vowel": r"(?<![\w'’.-])a (?:[aei](?!ur?o|w)[a-z]{3,}|o(?!n(?:e|ce)|ui)[a-z]{3,})\b",
    "the verb needs “to”": r"\bit is (?:necessary|possible|impossible|recommended|forbidden|undesirable) (?:do|make|use"
    r"|take|drink|eat|apply|carry|put|treat|know|remember|consult|give|avoid|exclude|address|undergo|hold)\b",
    "“in”, not “at”, before who has a disease": r"\b(?:pains?|disease|symptoms?|treatment|cough|bronchitis|pneumonia"
    r"|anemia|arises?|develops?|appears?|occurs?|observed|happens?|meets?) at (?:the )?(?:patients?|people|persons?"
    r"|children|women|men|adults|babies|newborns|girls|boys|pregnant)\b(?! risk| age)",
    "the word has no plural": r"\b(?:informations|advices|equipments|furnitures|knowledges|medicaments|healths)\b",
    "the sentence lacks its subject": (
        r"(?:^|(?<=[.!] ))(?:May|Can|Is|Are|Should|Has|Does not|Is not|Are not) (?:be |also |often |usually )?"
        r"(?!(?:you|we|I|it|he|she|they|there|this|these|that|those|your|my|the|a|an|any|all|using|been)\b)"
        r"[a-z]{1,20}(?:ed|en|ing|op|ur|ise|ear|us|al|ble)\b(?=[^?.!\n]{3,200}[.!])"
    ),
    "compared twice": r"\b(?:more|most) (?:better|worse|easier|best|worst|stronger)\b",
    "“leads to that” needs “the fact”": r"\b(?:leads|led) to that\b(?= [a-z]+ [a-z]+)(?! (?:of|is|was|end|point|effect"
    r"|result|purpose|goal|group|area|person|part|same|particular|one|time)\b)",
    "English says “in the presence of” or “during”": r"\b(?:on|against) (?:the|a) background of\b",
    "English says “this”": r"\bthe given (?:disease|pathology|illness|drug|preparation|medicine|symptom)s?\b",
}
"""Why → pattern. In 3.1 million words of correct English (design measurement) each is found less than ten times a
million, in most cases never."""
_ANY = re.compile("|".join(f"(?P<c{n}>{pattern})" for n, pattern in enumerate(_CONSTRUCTIONS.values())), re.MULTILINE)
_WHY = tuple(_CONSTRUCTIONS)
_QUOTED = re.compile(r"“([^”]{1,80})”")


@check("T005", "info")
def transliterated_word(subject: Subject) -> Iterator[Fault]:
    """A word was spelled in Latin letters instead of being translated.

    The engine did not know it; a person has to translate it.
    Bad:
    <h1>Osteoporosis of the spine</h1><p>Before to treat osteoporosis, find its causes, because the ridge breaks.</p>
    <p>Before to treat it at home, rub the back with oblepikhovoye butter and look after the pishchevod.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    for finding in subject.found("transliterated"):
        for word in _QUOTED.findall(finding.message):
            place = subject.place_of(finding.block, word)
            yield Fault(f"“{word}” was perhaps spelled in Latin letters, not translated; translate it.", *place)


@check("T006", "info")
def unknown_word(subject: Subject) -> Iterator[Fault]:
    """On a translated page stands a word that no list of English words holds.

    It may be a mistranslation that no entry knows: mend the source of the page, or write an entry. Names, learned
    words and words of one's own in inverted commas are let be.
    Bad:
    <h1>Osteoporosis of the spine</h1><p>Before to treat osteoporosis, find its causes, because the bone breaks.</p>
    <p>Before to treat it at home, massage the back and wear a korsetage belt with warmery.</p>
    Good:
    <h1>Osteoporosis of the spine</h1><p>Before to treat osteoporosis, find its causes, because the bone breaks.</p>
    <p>Before to treat it at home, ask for a densitometry and for the “bonefire” diet of Voronezh.</p>
    """
    if sum("." in change.reason for change in subject.record.changes) < _TRANSLATED:
        return
    known = {word for finding in subject.found("transliterated") for word in _QUOTED.findall(finding.message)}
    for block, word in _unknown(subject):
        if word not in known:
            known.add(word)
            place = subject.place_of(block, word)
            yield Fault(f"“{word}” is in no list of English words; is it a mistranslation?", *place)


def _unknown(subject: Subject) -> Iterator[tuple[int, str]]:
    """Yield (block, word) for words in small letters that are neither listed nor learned nor parts of names."""
    from pipeline.repair.paragraph import Paragraph
    from pipeline.repair.topic import vocabulary
    from pipeline.repair.word_list import zipf

    medical = vocabulary()["medicine"]
    for index, block in enumerate(subject.record.blocks):
        if block.kind == "code":
            continue
        for word in sorted(Paragraph(index, block.text).rare):
            odd = len(word) >= _LETTERS and word.isascii() and not zipf(word) and not _FORMATION.search(word)
            if odd and not _listed(word, medical) and _stands_alone(word, block.text):
                yield index, word


def _stands_alone(word: str, text: str) -> bool:
    """Whether a word stands in a text in small letters, neither quoted nor a part of a compound."""
    at = text.find(word)
    before, after = text[:at][-1:], text[at + len(word) :][:1]
    return (
        at >= 0
        and before not in set("“\"«'‘-/@.")
        and not before.isalnum()
        and after not in set("-@/")
        and not after.isalnum()
    )


def _listed(word: str, words: frozenset[str]) -> bool:
    """Whether a list of words holds a word, or what it is a plural or an adverb of."""
    from pipeline.repair.word_list import zipf

    stems = [word.removesuffix(ending) for ending in ("s", "es", "ly", "ed", "ing", "al", "ness", "like", "less")]
    return any(stem in words or (stem != word and zipf(stem) > 0) for stem in stems)


@check("T007", "info")
def odd_construction(subject: Subject) -> Iterator[Fault]:
    """Words stand together as English does not put them, and no entry mends it.

    Mend it where the page is worth it, or write an entry.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints. At a attack it is necessary drink a lot and rest the foot.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints. At an attack it is necessary to drink a lot and rest the foot.</p>
    """
    for index, block in enumerate(subject.record.blocks):
        if block.kind != "code":
            for found in _ANY.finditer(block.text):
                why = _WHY[int((found.lastgroup or "c0")[1:])]
                place = subject.place(index, found[0], found.start())
                yield Fault(f"“{found[0]}”: {sentence(why)}", *place)
