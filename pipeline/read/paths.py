"""Paths: the tags from the root down to the element that holds a block, the innermost with their classes."""

import re
from typing import Final

from pipeline.document import Element

TAGS: Final = 60
"""Tags of a path at most, the innermost apart; what lies deeper is left out."""
NAMED: Final = 4
"""Innermost tags that carry their classes."""
CLASSES: Final = 4
"""Classes of one tag at most."""


_PLAIN: Final = re.compile(r"(?<!\S)[\w-]{1,50}(?!\S)")


class Paths:
    """The paths of one page's elements; blocks below one element share their strings.

    Attributes:
        ids: length of the id that an element's names begin with, where it has one.
    """

    __slots__ = ("_above", "_plain", "_shown", "_whole", "ids")

    def __init__(self) -> None:
        self.ids: dict[Element, int] = {}
        self._above: dict[Element, str] = {}
        self._plain: dict[Element, str] = {}
        self._shown: dict[str, str] = {}
        self._whole: dict[str, str] = {}

    def of(self, element: Element) -> str:
        """Return the path of an element.

        >>> body = Element("body", Element("html", None, 0), 1, names="top a w-1/2")
        >>> Paths().of(Element("p", body, 2, names="lead"))
        'html/body.top.a/p.lead'
        """
        parent = element.parent
        own = self._with_classes(element) if element.names else element.tag
        if parent is None:
            return own
        above = self._above.get(parent)
        if above is None:
            above = self._above[parent] = self._tags_above(parent)
        path = f"{above}/{own}"
        return self._whole.setdefault(path, path)

    def _tags_above(self, element: Element) -> str:
        """Return the path of an element whose classes count one less: it is the parent of another."""
        parts: list[str] = []
        above: Element | None = element
        while above is not None and len(parts) < NAMED - 1:
            parts.append(self._with_classes(above) if above.names else above.tag)
            above = above.parent
        if above is not None:
            parts.append(self._tags(above))
        return "/".join(reversed(parts))

    def _tags(self, element: Element) -> str:
        plain = self._plain
        below: list[Element] = []
        above: Element | None = element
        while above is not None and above not in plain:
            below.append(above)
            above = above.parent
        path = "" if above is None else plain[above]
        for inner in reversed(below):
            if inner.depth < TAGS:
                path = f"{path}/{inner.tag}" if path else inner.tag
            plain[inner] = path
        return path

    def _with_classes(self, element: Element) -> str:
        names = element.names[self.ids[element] :] if element in self.ids else element.names
        shown = self._shown.get(names)
        if shown is None:
            shown = self._shown[names] = "".join(f".{name}" for name in _PLAIN.findall(names)[:CLASSES])
        return element.tag + shown
