"""Dates as pages write them → ISO 8601. What is ambiguous (03/04/2019) is no date."""

import datetime
import re
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январь",
            "february feb февраля февраль",
            "march mar марта март",
            "april apr апреля апрель",
            "may мая май",
            "june jun июня июнь",
            "july jul июля июль",
            "august aug августа август",
            "september sep sept сентября сентябрь",
            "october oct октября октябрь",
            "november nov ноября ноябрь",
            "december dec декабря декабрь",
        ),
        1,
    )
    for name in names.split()
}
_ISO: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])(?!\d{1,5}(?!\d))")
_YMD: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.]|年)\s?(\d{1,2})(?:[-/.]|月)\s?(\d{1,2})(?!\d)")
_DMY: Final = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_WORDS: Final = re.compile(
    r"(?<![\w.])(\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s-]+([^\W\d_]{3,9})\.?,?[\s-]+((?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST: Final = re.compile(r"(?<!\w)([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)")
_IN_URL: Final = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
LONGEST: Final = 300
"""Characters of a text in which a date is looked for."""


def iso_date(text: str) -> str | None:
    """Return the first date in a short text as YYYY-MM-DD, None where there is none or it is ambiguous.

    >>> [iso_date(t) for t in ("2019-11-19T08:00Z", "Nov. 19, 2019", "19.11.2019", "3/4/2019", "19 ноября 2019 г.")]
    ['2019-11-19', '2019-11-19', '2019-11-19', None, '2019-11-19']
    """
    text = text[:LONGEST]
    if (found := _ISO.search(text) or _YMD.search(text)) is not None:
        return _valid(int(found[1]), int(found[2]), int(found[3]))
    if (found := _WORDS.search(text)) is not None and (month := _MONTHS.get(found[2].lower())) is not None:
        return _valid(int(found[3]), month, int(found[1]))
    if (found := _MONTH_FIRST.search(text)) is not None and (month := _MONTHS.get(found[1].lower())) is not None:
        return _valid(int(found[3]), month, int(found[2]))
    if (found := _DMY.search(text)) is not None:
        return _day_month(int(found[1]), int(found[3]), int(found[4]), found[2])
    return None


def date_in_url(url: str) -> str | None:
    """Return the date that an address carries.

    >>> date_in_url("https://example.org/2019/11/19/knee.html")
    '2019-11-19'
    """
    found = _IN_URL.search(url[:1000])
    return None if found is None else _valid(int(found[1]), int(found[2]), int(found[3]))


def _day_month(first: int, second: int, year: int, sign: str) -> str | None:
    """Dots are used where the day comes first; slashes tell only where one of the numbers is no month."""
    if sign == "." or first > 12:
        return _valid(year, second, first)
    return _valid(year, first, second) if second > 12 or first == second else None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
