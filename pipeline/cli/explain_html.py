"""The page as an HTML file in which every block shows what was decided: kept, dropped, or either in doubt."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.record import Change, DroppedBlock, Record, RecordBlock
    from pipeline.strip.stage import Kept

DOUBT = 0.25
"""A block that was dropped although its probability of being content is at least this was dropped in doubt."""
_STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
div, span { padding: .2rem .6rem; border-left: .4rem solid }
div { margin: .3rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
.kept { border-color: #2a7f3f; background: #eef7f0 } .dropped { border-color: #b3261e; background: #fbeeed }
.doubt { border-color: #b8860b; background: #fdf6e3 } .kept-in { border-color: #2a7f3f }
.dropped, .doubt:not(.kept-in) { color: #666 } .heading { font-weight: bold }
small { display: block; color: #555; font-weight: normal }
ins { background: #bfe8c8; text-decoration: none } del { background: #f4c7c3 }
"""


_LEGEND = (
    '<p><span class="kept">kept</span> <span class="doubt kept-in">kept in doubt</span> '
    '<span class="doubt">dropped in doubt</span> <span class="dropped">dropped</span></p>\n'
)


def page_html(
    record: "Record", scores: Sequence[float | None], kept: "Sequence[Kept]", words: Mapping[str, str]
) -> str:
    """Return the page: all blocks in the order in which they were read, changes marked in their places.

    Args:
        record: what was made of it.
        scores: probability of content for each dropped block, None where a rule decided.
        kept: why each block was kept; empty where that is not known.
        words: reasons in words by code.
    """
    title = escape(record.title or record.source.name or record.id)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    counts = f"{len(record.blocks)} blocks kept, {len(record.dropped)} dropped, {len(record.changes)} changes"
    body = _LEGEND + "\n".join(_blocks(record, scores, kept, words))
    return (
        f"<!doctype html>\n<html><head>{head}</head><body>\n<h1>{title}</h1><p>{counts}</p>\n{body}\n</body></html>\n"
    )


def _blocks(
    record: "Record", scores: Sequence[float | None], kept: "Sequence[Kept]", words: Mapping[str, str]
) -> Iterator[str]:
    at = 0
    changes: dict[int | None, list[Change]] = {}
    for change in record.changes:
        changes.setdefault(change.block, []).append(change)
    for index in range(len(record.blocks) + 1):
        while at < len(record.dropped) and record.dropped[at].before <= index:
            yield _dropped(record.dropped[at], scores[at], words)
            at += 1
        if index < len(record.blocks):
            why = kept[index] if index < len(kept) else None
            yield _kept(record.blocks[index], why, changes.get(index, []), words)


def _dropped(block: "DroppedBlock", score: float | None, words: Mapping[str, str]) -> str:
    kind = "doubt" if score is not None and score >= DOUBT else "dropped"
    chance = f", probability of content {score:.2f}" if score is not None else ""
    why = escape(f"{words.get(block.reason, '')} ({block.reason}{chance})")
    return f'<div class="{kind}">{escape(block.text)}<small>{why}</small></div>'


def _kept(block: "RecordBlock", decided: "Kept | None", changes: "Sequence[Change]", words: Mapping[str, str]) -> str:
    from pipeline.strip.reasons import KEPT

    parts, at = [], 0
    for change in changes:
        why = escape("; ".join(words.get(code, code) for code in change.reason.split("+")), quote=True)
        parts.append(escape(block.text[at : change.start]))
        parts.append(f"<del>{escape(change.before)}</del>" if change.before else "")
        parts.append(f'<ins title="{why}">{escape(change.after)}</ins>')
        at = change.end
    parts.append(escape(block.text[at:]))
    if decided is None:
        return f'<div class="kept {block.kind}">{"".join(parts)}</div>'
    colour = "doubt kept-in" if decided.reason == "doubtful" else "kept"
    note = f"<small>{escape(KEPT[decided.reason])} (probability of content {decided.score:.2f})</small>"
    return f'<div class="{colour} {block.kind}">{"".join(parts)}{note}</div>'
