"""What translation left behind: words in the source's script, transliterated words, paragraphs in another language."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.language import detect_language
from pipeline.record import Finding
from pipeline.repair.matching import fold
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.tokens import words_of

_FOREIGN = re.compile(
    r"[\u0400-\u052f]{2,}|[\u0590-\u06ff]{2,}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+|[\u0370-\u03ff]{4,}"
)
_NOT_LATIN = re.compile(r"[\u0370-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_TRANSLITERATED = re.compile(
    r"(?:\w*(?:shch|zhn|zhk|vsk|chn|iya|aya|oye|yye|iye)\w*|\w+(?:enie|anie|stvo|ost|skiy|skaya|ovka|nitsa|itsya|atsya))\Z"
)
_STOP_WORDS = frozenset("the of and that it for with are this not from or which can have has was were their".split())
_STOP_WORDS_OF = {
    language: frozenset(words.split())
    for language, words in {
        "de": "der das und ist nicht mit den von ein eine zu im auf sich des dem fur bei die für auch oder wird werden",
        "fr": "le la les et est une un du que qui dans pour avec sur des de en ce au aux par plus votre vous il ou à",
        "es": "el los las y es una por con para se del al como la de que en un lo su más o si esta",
        "it": "il che non di della sono gli nel la le per un una con si del è da dei delle i in anche alla",
        "pt": "o na os as de do da que em um uma para com não se por mais ao dos das no é ou",
        "nl": "het een van niet dat met op te zijn de en is in voor die er ook of aan bij door wordt",
        "pl": "nie jest sie w z ze od po przez bo dla oraz jak się i na do to które lub jego ich",
        "cs": "v ve jako jsou je na se a že pro nebo které při by také jeho jejich",
        "sv": "det som av att och inte en ett är på för med den till har kan eller",
        "da": "det som og er av en et på for med den til har kan ikke eller",
        "id": "yang dan untuk dengan adalah ini di dari pada dalam tidak akan atau",
        "tl": "ang ng mga sa",
        "tr": "bir bu icin ile ve için da de olarak daha çok",
        "ro": "si nu este pe ca și în de la cu pentru din sau mai sunt care",
    }.items()
}
_OTHER_STOP_WORDS = frozenset(
    """
    der das und ist nicht mit den von ein eine zu im auf sich des dem fur bei le la les et est une un du que qui
    dans pour avec sur el los las y es una por con para se del al como il di che non della sono gli nel o na nie
    jest sie w z ze od po przez bo dla oraz jak v ve jako jsou je de het een van niet dat met op te zijn det som
    og er av att och inte yang dan untuk dengan adalah ini ang ng mga sa bir bu icin ile si nu este pe ca
    """.split()
)
"""Little words of other languages in plain letters; those that English has too are left out."""
SHOWN = 5
"""Words shown in a finding."""
LEAST_LETTERS = 40
LEAST_WORDS = 10
"""Words below which a paragraph in Latin letters is not judged: lists of names look foreign."""


def foreign(texts: Mapping[int | None, str]) -> dict[int | None, str]:
    """Return the language of each text that is not in English.

    English is told by its commonest words; few texts are looked at any closer.
    """
    doubtful = [
        (block, text)
        for block, text in texts.items()
        if len(text) >= LEAST_LETTERS and " the " not in text and " and " not in text and " of " not in text
    ]
    return {block: code for block, text in doubtful if (code := is_foreign(text)) is not None}


def is_foreign(text: str) -> str | None:
    """Return the language of a paragraph that is not in English, None where it is or where that is in doubt.

    Most of its letters belong to another script, or few of its words are English and langdetect says
    what it is.
    """
    ascii_alone = text.isascii()
    if ascii_alone and text.count(" ") < LEAST_WORDS - 1:
        return None
    others = 0 if ascii_alone else len(_NOT_LATIN.findall(text))
    if others > 20 and others * 2 > len(_LETTERS.findall(text)):
        return detect_language(text) or "und"
    words = words_of(fold(text))
    if len(words) < LEAST_WORDS or sum(map(_STOP_WORDS.__contains__, words)) * 8 > len(words):
        return None
    own = sum(map(_OTHER_STOP_WORDS.__contains__, words))
    if ascii_alone and own * 12 < len(words):  # names, code, figures: no language's sentence
        return None
    if own * 6 < len(words) and len(Paragraph(None, text).rare) * 3 < len(set(words)):  # asked late: it loads a list
        return None
    if sum(map(str.islower, _WORD.findall(text))) * 2 < len(words):  # a list of names
        return None
    language = _by_stop_words(words) or detect_language(text)
    return None if language == "en" else language


def _by_stop_words(words: Sequence[str]) -> str | None:
    """Return the language to which a quarter of the words belong, and no other half as clearly; langdetect is slow."""
    first, second = sorted(
        ((sum(map(own.__contains__, words)), language) for language, own in _STOP_WORDS_OF.items()), reverse=True
    )[:2]
    return first[1] if first[0] * 4 >= len(words) and first[0] >= 1.5 * second[0] else None


def foreign_text(text: str, language: str, block: int | None, line: int | None) -> Finding:
    """Report a paragraph in another language; it is kept and not repaired."""
    message = f"this paragraph is in another language ({language}): “{_short(text)}”; it was not repaired"
    return Finding("foreign-text", "warning", message, block, line)


def other_script(characters: frozenset[str]) -> bool:
    """Say whether letters of a script other than Latin are among the characters that are not ASCII."""
    return any("\u0370" <= c <= "\u1dff" or "\u3040" <= c <= "\ud7af" for c in characters)


def residue(paragraph: Paragraph, line: int | None, *, translated: bool) -> Iterator[Finding]:
    """Report words left in the source's script, and, on translated pages, transliterated ones."""
    text = paragraph.text
    if other_script(paragraph.beyond) and (left := list(dict.fromkeys(_FOREIGN.findall(text)))):
        message = f"left untranslated: {_listed(left)}; translate or take out"
        yield Finding("untranslated", "warning", message, paragraph.block, line)
    if translated and paragraph.rare:
        words = sorted(word for word in paragraph.rare if len(word) > 5 and _TRANSLITERATED.match(word))
        words = [word for word in words if word in text]  # names begin with a capital
        if words:
            message = f"perhaps transliterated, not translated: {_listed(words)}"
            yield Finding("transliterated", "info", message, paragraph.block, line)


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(f"“{word}”" for word in words[:SHOWN]) + more


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
