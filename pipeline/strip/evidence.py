"""The reason that simple evidence gives for leaving a block out: its path, its links, its wording."""

from functools import lru_cache

from pipeline.document import Block, Element
from pipeline.strip.lines import furniture_reason
from pipeline.strip.names import FAMILY_BIT, HIDDEN, TAG_BIT, bits_of

_BY_PATH: tuple[tuple[str, int], ...] = (
    ("hidden", HIDDEN),
    ("cookie-banner", FAMILY_BIT["cookie-banner"]),
    ("breadcrumb", FAMILY_BIT["breadcrumb"]),
    ("comments", FAMILY_BIT["comments"]),
    ("share", FAMILY_BIT["share"]),
    ("advert", FAMILY_BIT["advert"]),
    ("related", FAMILY_BIT["related"]),
    ("contents", FAMILY_BIT["contents"]),
    ("tags", FAMILY_BIT["tags"]),
    ("navigation", FAMILY_BIT["navigation"] | TAG_BIT["nav"]),
    ("footer", FAMILY_BIT["footer"] | TAG_BIT["footer"]),
    ("form", FAMILY_BIT["form"] | TAG_BIT["form"]),
    ("sidebar", FAMILY_BIT["sidebar"] | TAG_BIT["aside"]),
    ("byline", FAMILY_BIT["byline"]),
)
_HEADER = FAMILY_BIT["header"] | TAG_BIT["header"]
_MOSTLY = 0.6


def path_bits_of(block: Block) -> int:
    """Return what the tags and names on the block's path say."""
    bits = 0
    element: Element | None = None if block.markup is None else block.markup.element
    while element is not None:
        bits |= bits_of(element)
        element = element.parent
    return bits


@lru_cache(maxsize=4096)
def _reason_by_path(bits: int) -> str | None:
    return next((reason for reason, mask in _BY_PATH if bits & mask), None)


def reason_for(block: Block, bits: int) -> str:
    """Return the code of the reason that fits a block that the scorer leaves out.

    Args:
        block: the block.
        bits: what its path says (`path_bits_of`).
    """
    if block.kind == "caption":
        return "caption"
    if (reason_by_path := _reason_by_path(bits)) is not None:
        return reason_by_path
    if (reason_by_wording := furniture_reason(block.text)) is not None:
        return reason_by_wording
    if block.markup is not None and block.markup.link_chars > _MOSTLY * len(block.text):
        return "link-list"
    return "navigation" if bits & _HEADER else "low-score"
