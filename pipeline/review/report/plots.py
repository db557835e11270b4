"""Numbers as shapes: what the templates draw as SVG, in units of per cent of the plot's size."""

import math
from collections.abc import Iterable, Sequence

import msgspec

from pipeline.review.report.overview import ErrorRate, PageLine

MOST_BARS = 20


class Bar(msgspec.Struct, frozen=True):
    """A row of a bar chart: `shares` are lengths in per cent of the longest bar, `shown` the numbers as text."""

    label: str
    shares: tuple[float, ...]
    shown: tuple[str, ...]
    code: str = ""


class Column(msgspec.Struct, frozen=True):
    """A column of a histogram: its range, how many pages are in it, and its place in per cent of the plot."""

    label: str
    count: int
    left: float
    width: float
    height: float


def count_bars(counts: Sequence[tuple[str, int]], most: int = MOST_BARS) -> list[Bar]:
    """Return bars of counts; where there are more than `most` and one, the others are a row without a bar.

    >>> count_bars([("a", 4), ("b", 1), ("c", 1)], 1)[1]
    Bar(label='2 others', shares=(), shown=('2',), code='')
    """
    own = counts if len(counts) <= most + 1 else counts[:most]
    longest = max((count for _, count in own), default=0) or 1
    bars = [Bar(name, (_share(count, longest),), (f"{count:,}",), name) for name, count in own]
    if rest := counts[len(own) :]:
        bars.append(Bar(f"{len(rest):,} others", (), (f"{sum(count for _, count in rest):,}",)))
    return bars


def rate_bars(errors: Iterable[ErrorRate]) -> list[Bar]:
    """Return pairs of bars, before and after, the longest first."""
    rows = sorted(errors, key=lambda one: (-one.before_rate, one.type))
    longest = max((row.before_rate for row in rows), default=0.0) or 1.0
    return [
        Bar(
            row.words,
            (_share(row.before_rate, longest), _share(row.after_rate, longest)),
            (f"{row.before_rate:.2f}", f"{row.after_rate:.2f}"),
            row.type,
        )
        for row in rows
    ]


MOST_COLUMNS = 12
_STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100)


def error_histogram(pages: Iterable[PageLine]) -> list[Column]:
    """Return how many pages have how many known errors per 100 words before repair; the first column has none."""
    rates = [page.rate for page in pages if page.words]
    top = max(rates, default=0.0)
    step = next((step for step in _STEPS if top <= step * (MOST_COLUMNS - 1)), _STEPS[-1])
    bins = [0] * (2 + min(math.ceil(top / step), MOST_COLUMNS - 1)) if top else [0]
    for rate in rates:
        bins[min(math.ceil(rate / step), len(bins) - 1)] += 1
    while len(bins) > 1 and not bins[-1]:
        bins.pop()
    tallest, width = max(bins) or 1, 100 / len(bins)
    return [
        Column(_range(number, step), count, number * width, width, _share(count, tallest))
        for number, count in enumerate(bins)
    ]


def _range(number: int, step: float) -> str:
    return "0" if number == 0 else f"≤ {number * step:g}"


def _share(value: float, whole: float) -> float:
    return round(100 * value / whole, 2)
