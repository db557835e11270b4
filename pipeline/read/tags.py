"""What each HTML tag means for the text of a page: block or inline, skipped, hidden, counted.

The lists follow the default style sheet of the HTML standard (section 15, Rendering). An element
that is not named here is inline, as it is in a browser.
"""

from typing import Final

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}

BLOCKS: Final = frozenset(
    """address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu
    nav noframes ol optgroup p plaintext pre search section summary table tbody td tfoot th thead title tr ul xmp
    noscript template video audio canvas""".split()
)
"""Text before, in and after these elements belongs to different blocks."""

SOFT_BLOCKS: Final = frozenset(["button", "label", "slot"])
"""Inline-blocks: a block of their own where they open a block, inline within running text."""

SKIPPED: Final = frozenset(
    """script style link meta base title svg iframe frame embed select datalist textarea input img source track param
    area map rt rp rtc annotation annotation-xml noembed noframes colgroup progress meter""".split()
)
"""What a browser does not show as text; ruby readings are left out so that the base text stays readable."""

UNSEEN: Final = frozenset(["template", "noscript", "video", "audio", "canvas", "dialog"])
"""Their content is read as hidden: it is shown only where something else fails, or later."""

MEDIA: Final = frozenset(["img", "video", "audio", "iframe", "frame", "embed", "object", "canvas"])
CONTROLS: Final = frozenset(["button", "input", "select", "textarea"])
BOLD: Final = frozenset(["b", "strong"])
PREFORMATTED: Final = frozenset(["pre", "listing", "xmp", "plaintext"])
LISTS: Final = frozenset(["ul", "ol", "menu", "dir"])

MEDIUM, CONTROL, SKIP, BLOCK, SOFT, INLINE = 1, 2, 4, 8, 16, 32

FLAGS: Final = {
    tag: MEDIUM * (tag in MEDIA)
    | CONTROL * (tag in CONTROLS)
    | SKIP * (tag in SKIPPED)
    | BLOCK * (tag in BLOCKS)
    | SOFT * (tag in SOFT_BLOCKS)
    | INLINE * (tag in BOLD or tag in ("a", "br", "object", "sup"))
    for tag in sorted(BLOCKS | SOFT_BLOCKS | SKIPPED | MEDIA | CONTROLS | BOLD | {"a", "br", "sup"})
}
"""What the walk must know of a tag, in one look; a tag that is not here is plain inline."""
