"""Sections whose heading was lost, found by the change of topic in the text (docs/decisions/41)."""

from collections.abc import Sequence

import numpy as np

from pipeline.document import Block
from pipeline.sections.evidence import OPENING_REACH, Judge, Vector
from pipeline.sections.models import softmax
from pipeline.sections.parts import Part, Verdict, next_best
from pipeline.sections.segments import best_path, order_of_topics, runs

_STAY_BLOCK, _STAY_SHORT, _STAY_SURE, _STAY_WITHIN = 0.65, 0.97, 0.99, 0.9999
"""Probability that it stays at a paragraph, at a short one, at one in a section with a heading, within a list; the
first and `DISCOUNT` are the best of a grid on a fifth of the training articles."""
DISCOUNT = 0.5
"""Power of a topic's frequency by which the texts of a page without headings are freed of it."""
_SHORT = 60
"""Characters below which a paragraph is short."""
_LONG, _MOST_INNER = 3, 2000
"""Paragraphs from which on a section with a heading is looked at for another that was lost, and blocks up to which."""
_SPLIT_HEADED, _SPLIT_LEAD, _SPLIT_SILENT = 0.85, 0.5, 0.8
"""Confidence from which on a run of blocks is a section of its own: under a heading, before the first heading
where it announces itself, and there where it does not."""
_AT_ONCE, _FIRST_WORDS = 66, 130
"""Characters within which a paragraph announces its topic at once; in which the announcement is looked for."""


def split(blocks: Sequence[Block], part: Part, verdict: Verdict, judge: Judge) -> list[tuple[int, int, Verdict]]:
    """Cut a part where its text changes topic: there a heading was lost."""
    first = part.first + (1 if part.heading is not None and not part.heading.run_in else 0)
    inner = blocks[first : part.last + 1]
    paragraphs = sum(not _continues(block) for block in inner)
    if paragraphs < (_LONG if part.heading else 2) or len(inner) > _MOST_INNER:
        return [(part.first, part.last, verdict)]
    alone = part.first == 0 and part.last == len(blocks) - 1  # no heading on the whole page
    announcing = (n for n, block in enumerate(inner) if n and _announces_another(block, verdict.label, judge))
    quiet = 0 if alone else next(announcing, len(inner))
    if quiet == len(inner):
        return [(part.first, part.last, verdict)]
    scores = block_scores(inner, judge, quiet)
    scores[0, judge.index[verdict.label]] += 12.0
    path = best_path(
        scores, _stays(inner, _STAY_SURE if part.heading else _STAY_BLOCK), order_of_topics(judge.taxonomy)
    )
    pieces = [(part.first, first, verdict)]
    for begin, end in runs(path):
        label = judge.names[path[begin]]
        # Neighbouring paragraphs repeat one another: n of them are worth the square root of n.
        summed = scores[begin : end + 1].sum(axis=0) / np.sqrt(end - begin + 1)
        probabilities = softmax(summed)
        confidence = float(probabilities[path[begin]])
        at = judge.announced(inner[begin], OPENING_REACH).get(label)
        announced = at is not None and (at <= _AT_ONCE or not part.heading)
        current = pieces[-1][2].label
        if begin > 0 and _is_other_topic(
            label, current, confidence, judge, announced=announced, headed=bool(part.heading)
        ):
            others = tuple(name for name in next_best(probabilities, judge, ()) if name != label)
            pieces.append((first + begin, first + end, Verdict(label, "body", confidence, others)))
        else:
            pieces[-1] = (pieces[-1][0], first + end, pieces[-1][2])
    return pieces


def _announces_another(block: Block, label: str, judge: Judge) -> bool:
    """Tell whether a paragraph begins as a section of another label does; cheap, and seldom so."""
    if _continues(block):
        return False
    announced = judge.announced(block, _FIRST_WORDS)
    return any(at <= _AT_ONCE and _may_follow(other, label, judge) for other, at in announced.items())


def _may_follow(label: str, current: str, judge: Judge) -> bool:
    """Tell whether a section of a label may begin without a heading in one of another."""
    taxonomy = judge.taxonomy
    blank = label in (taxonomy.lead, taxonomy.unknown) or taxonomy.labels[label].aside
    return not blank and taxonomy.coarse(label) != taxonomy.coarse(current)


def _is_other_topic(
    label: str, current: str, confidence: float, judge: Judge, *, announced: bool, headed: bool
) -> bool:
    """Tell whether a run of blocks is a section of its own; under a heading only what announces itself is."""
    if not _may_follow(label, current, judge):
        return False
    return confidence >= (_SPLIT_HEADED if headed else _SPLIT_LEAD if announced else _SPLIT_SILENT) and (
        announced or not headed
    )


def topics_of_text(blocks: Sequence[Block], judge: Judge) -> list[str]:
    """Return the label of each block of a text that has no headings at all."""
    scores = block_scores(blocks, judge)
    path = best_path(scores, _stays(blocks, _STAY_BLOCK), order_of_topics(judge.taxonomy))
    return [judge.names[label] for label in path]


def block_scores(blocks: Sequence[Block], judge: Judge, quiet: int = 0) -> Vector:
    """Return blocks × labels: log-probabilities by the text of each block alone; the first `quiet` are not read."""
    silent = np.zeros(len(judge.names))  # an item goes on with what stands before it, whatever it says
    scores = np.array(
        [
            silent if number < quiet or _continues(block) else judge.text([block], DISCOUNT) + judge.opening(block)
            for number, block in enumerate(blocks)
        ]
    )
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


def _stays(blocks: Sequence[Block], paragraph: float) -> Vector:
    short = max(paragraph, _STAY_SHORT)
    stays = ((short if len(block.text) < _SHORT else paragraph, _continues(block)) for block in blocks)
    return np.array([_STAY_WITHIN if within else stay for stay, within in stays])


def _continues(block: Block) -> bool:
    """Tell whether a block goes on with what stands before it."""
    return block.kind in ("list_item", "caption", "table", "code")
