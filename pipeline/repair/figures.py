"""Numbers written the continental way: decimal commas and degrees."""

import re
from collections.abc import Iterator

from pipeline.repair.fault import DAMAGED_PAGE, Fault
from pipeline.repair.paragraph import Paragraph
from pipeline.repair.watched import HEATS

_DEGREES = re.compile(r"([34]\d)(?:([,.])(\d))? ?(?:[°º˚⁰] ?[СCсcSs]?|о ?[СC]|[СSо](?= ?[СC]?(?![\w°])))(?!\w)")
_COMMA_CELSIUS = re.compile(r"(?<![\d.,])(3[4-9]|4[0-2]),(\d) ?C(?!\w)")
_DEGREE_LETTER = re.compile(r"(?<=\d)( ?)[°º˚⁰] ?С(?!\w)")
"""A degree of any height with a Cyrillic letter; what of it the finds before cover is theirs."""
_TEMPERATURE = re.compile(r"\b(?:temperature|fever|heat|warm\w*|thermometer|degrees?)\b", re.IGNORECASE)
_UNIT = (
    r"(?:mg|ml|mcg|µg|kg|g|cm|mm|m|km|l|dl|kcal|mmol|mm Hg|IU|ppm|%|per ?cent|percent|grams?|grammes?|kilograms?|"
    r"lit(?:er|re)s?|millilit(?:er|re)s?|met(?:er|re)s?|centimet(?:er|re)s?|millimet(?:er|re)s?|tablespoons?|teaspoons?|glass(?:es)?|"
    r"cups?|hours?|times|years?|months?|weeks?|days?|minutes?|million|thousand|degrees?|tablets?)"
)
_COMMA = re.compile(r",\d")
_DECIMAL = re.compile(
    rf"(?<![\w.,\-–])(\d{{1,3}}),(\d{{1,2}}|(?<=(?<!\d)0,)\d{{3,4}})"
    rf"(?=(?:(?:[-–]| - | – | to )\d{{1,3}}(?:[,.]\d{{1,2}})?)? ?{_UNIT}(?!\w))"
)
_RANGE = re.compile(rf"(?<=\d[-–])(\d{{1,3}}),(\d{{1,2}})(?= ?{_UNIT}(?!\w))")


def degrees(paragraph: Paragraph) -> Iterator[Fault]:
    """A body temperature without its degree sign, or with a letter that is none.

    Bad: a temperature of 37,5S. Good: a temperature of 37.5 °C.
    """
    if not HEATS.isdisjoint(paragraph.odd):
        yield from _body_heats(paragraph)
    if "С" in paragraph.beyond and not paragraph.beyond.isdisjoint("°º˚⁰"):
        for found in _DEGREE_LETTER.finditer(paragraph.text):
            yield Fault(found.start(), found.end(), f"{found[1]}°C", "degrees")


def _body_heats(paragraph: Paragraph) -> Iterator[Fault]:
    for found in _COMMA_CELSIUS.finditer(paragraph.text):
        if _TEMPERATURE.search(paragraph.text[max(0, found.start() - 80) : found.end() + 40]):
            yield Fault(found.start(), found.end(), f"{found[1]}.{found[2]} °C", "degrees")
    for found in _DEGREES.finditer(paragraph.text):
        if (
            paragraph.text[max(0, found.start() - 1) : found.start()] in set("0123456789.,")
            or not 34 <= int(found[1]) <= 42
        ):
            continue
        tenth = f".{found[3]}" if found[3] else ""
        after = f"{found[1]}{tenth} °C"
        near = paragraph.text[max(0, found.start() - 80) : found.end() + 40]
        bare = "°" not in found[0]
        if (
            after != found[0]
            and (not bare or found[3] or _TEMPERATURE.search(near))
            and (bare or found[2] == "," or _odd(found[0]))
        ):
            yield Fault(found.start(), found.end(), after, "degrees")


def _odd(written: str) -> bool:
    """Whether a degree is written with a letter that is not its own: a Cyrillic C, an S."""
    return re.search(r"[СсS]|[º˚⁰]", written) is not None


def decimal_commas(paragraph: Paragraph) -> Iterator[Fault]:
    """A decimal comma before a unit.

    Bad: 0,5 g twice a day. Good: 0.5 g twice a day.
    """
    if not _COMMA.search(paragraph.text):
        return
    for expression in (_DECIMAL, _RANGE):
        for found in expression.finditer(paragraph.text):
            comma = found.end(1)
            yield Fault(comma, comma + 1, ".", "decimal-comma", DAMAGED_PAGE)
