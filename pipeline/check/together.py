"""Checks of the pages together: is it there already?"""

from collections.abc import Iterator

from pipeline.check.duplicates import near_duplicates
from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject


@check("P001", "warning")
def near_duplicate(subject: Subject) -> Iterator[Fault]:
    """The kept text is almost the same as that of another page.

    Keep one of them. In the examples, a line `====` parts two pages.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    <p>Men have it more often than women, and those who eat much meat and drink much beer have it most.</p>
    ====
    <h1>What is gout?</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    <p>Men have it more often than women, and those who eat much meat and drink much beer have it most.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    <p>The toe is red and hot, and the patient cannot walk for some days, but then the pain goes by itself.</p>
    <p>Men have it more often than women, and those who eat much meat and drink much beer have it most.</p>
    ====
    <h1>Arthrosis</h1><p>In arthrosis the cartilage of a joint wears away in the course of years, most often in the
    knee and in the hip.</p><p>At first it hurts after a long walk, later at rest and at night as well.</p>
    <p>Weight loss and daily movement help, and where they do not, a surgeon can replace the joint by a new one.</p>
    """
    for _, other, similarity in near_duplicates([subject.path], {**subject.others, subject.path: subject.signature}):
        yield duplicate_of(other, similarity)


def duplicate_of(other: str, similarity: float) -> Fault:
    """Return the fault of a page that is almost the same as another."""
    return Fault(f"The text is almost the same as that of {other} ({similarity:.0%}); keep one of them.")
