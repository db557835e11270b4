"""Paths: the tags from the root down to the element that holds a block, the innermost with their classes."""

from typing import Final

from pipeline.document import Element

TAGS: Final = 60
"""Tags of a path at most, the innermost apart; what lies deeper is left out."""
NAMED: Final = 4
"""Innermost tags that carry their classes."""
CLASSES: Final = 4
"""Classes of one tag at most."""


class Paths:
    """The paths of one page's elements; blocks below one element share their strings.

    Attributes:
        ids: length of the id that an element's names begin with, where it has one.
    """

    __slots__ = ("_named", "_plain", "_whole", "ids")

    def __init__(self) -> None:
        self.ids: dict[Element, int] = {}
        self._plain: dict[Element, str] = {}
        self._named: dict[Element, str] = {}
        self._whole: dict[str, str] = {}

    def of(self, element: Element) -> str:
        """Return the path of an element.

        >>> body = Element("body", Element("html", None, 0), 1, names="top a w-1/2")
        >>> Paths().of(Element("p", body, 2, names="lead"))
        'html/body.top.a/p.lead'
        """
        parts: list[str] = []
        above: Element | None = element
        while above is not None and len(parts) < NAMED:
            named = self._named.get(above)
            if named is None:
                named = self._named[above] = self._with_classes(above)
            parts.append(named)
            above = above.parent
        if above is not None:
            parts.append(self._tags(above))
        parts.reverse()
        path = "/".join(parts)
        return self._whole.setdefault(path, path)

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
        if not element.names:
            return element.tag
        names = element.names[self.ids.get(element, 0) :].split()
        shown = [name for name in names if name.replace("-", "").replace("_", "").isalnum()]
        return ".".join([element.tag, *shown[:CLASSES]])
