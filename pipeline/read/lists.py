"""Markers of list items, as a page shows them."""

from typing import Any, Final

BULLET: Final = "•"
_ROMAN: Final = tuple(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
)


class List:
    """An open list: how its items are marked and the number of the next one."""

    __slots__ = ("number", "ordered", "step", "style")

    def __init__(self, ordered: bool, style: str, number: int, step: int) -> None:
        self.ordered = ordered
        self.style = style
        self.number = number
        self.step = step

    @staticmethod
    def of(node: Any, tag: str) -> "List":
        """Return the state of a list element that begins."""
        if tag != "ol":
            return List(False, "", 0, 0)
        down = node.attr("reversed") is not None
        first = _integer(node.attr("start"))
        if first is None:
            first = sum(getattr(child, "tag", "") == "li" for child in node) if down else 1
        return List(True, node.attr("type") or "1", first, -1 if down else 1)

    def next_marker(self, item: Any) -> str:
        """Return the marker of the item that begins and count it."""
        if not self.ordered:
            return BULLET
        value = _integer(item.attr("value"))
        number = self.number if value is None else value
        self.number = number + self.step
        return number_as(item.attr("type") or self.style, number) + "."


def number_as(style: str, number: int) -> str:
    """Write a number in one of the styles of `ol type`: 1, a, A, i, I.

    >>> [number_as("a", 28), number_as("I", 14), number_as("i", 0), number_as("1", -3)]
    ['ab', 'XIV', '0', '-3']
    """
    written = ""
    if style in ("a", "A") and number > 0:
        while number:
            number, letter = divmod(number - 1, 26)
            written = chr(ord("a") + letter) + written
    elif style in ("i", "I") and 0 < number < 4000:
        for value, sign in _ROMAN:
            count, number = divmod(number, value)
            written += sign * count
    else:
        return str(number)
    return written.upper() if style.isupper() else written


def _integer(value: str | None) -> int | None:
    if value is None or len(value) > 9:
        return None
    try:
        return int(value)
    except ValueError:
        return None
