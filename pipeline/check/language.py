"""Checks of language: is the page in English, and all of it?"""

import re
from collections.abc import Iterator

from pipeline.check.reading import sentence
from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject

_LETTER = r"[\u0370-\u03ff\u0400-\u052f\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af]"
_TELLING = 15
"""Words in plain letters below which nobody can tell the language: of “Head Back Skin” it is said to be Swedish."""
_FOREIGN = re.compile(rf"{_LETTER}+(?:[ -]{_LETTER}+)*")


@check("L001", "error")
def wrong_language(subject: Subject) -> Iterator[Fault]:
    """The article is not in English.

    It is kept as it is; nothing is repaired in it.
    Bad:
    <h1>Подагра</h1><p>Подагра это болезнь суставов, которая начинается ночью с сильной боли в большом пальце ноги.</p>
    <p>Чаще всего ею болеют мужчины старше сорока лет, которые едят много мяса и пьют много вина.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    language = subject.stripped.language
    if subject.words < _TELLING and subject.kept.isascii():
        return
    for finding in subject.found("wrong-language"):
        yield Fault(f"The page is in another language than English ({language}); leave it out.", finding.line)


@check("L002", "warning")
def mixed_language(subject: Subject) -> Iterator[Fault]:
    """A paragraph of the English article is in another language.

    Translate it or take it out.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <p>Чаще всего ею болеют мужчины старше сорока лет, которые едят много мяса и пьют много вина.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    """
    for finding in subject.found("foreign-text"):
        said = sentence(finding.message).partition("; it was not")[0]
        yield Fault(f"{said}; translate it or take it out.", finding.line)


@check("L003", "warning")
def residue(subject: Subject) -> Iterator[Fault]:
    """Words in the source script are left inside English sentences.

    The engine did not know them; a person has to translate them. A name given beside its translation is fine.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with a сильной pain in the big toe.</p>
    Good:
    <h1>Gout</h1><p>Gout (подагра) is a disease of the joints that begins at night with a pain in the big toe.</p>
    """
    if subject.record.language != "en":
        return
    foreign = {finding.block for finding in subject.found("foreign-text")}
    for index, block in enumerate(subject.record.blocks):
        if index in foreign:
            continue
        for found in _FOREIGN.finditer(block.text):
            word, before = found[0], block.text[max(0, found.start() - 2) : found.start()].rstrip()
            if len(word) < 3 or before.endswith(("(", "[", "«", "“", '"')):
                continue
            message = f"“{word[:40]}” was left untranslated; translate it or take it out."
            yield Fault(message, *subject.place(index, word, found.start()))
