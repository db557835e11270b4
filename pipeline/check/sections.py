"""Checks of sections: does the article have the parts that it should have?"""

from collections.abc import Iterator

from pipeline.check.reading import own
from pipeline.check.registry import Fault, check
from pipeline.check.subject import Subject

_DECIDED = frozenset(["heading", "model", "body"])
"""What decides on a section's label by its own text."""
_MANY = 4
"""Remarks of one kind on a page that are listed one by one."""
_LONG = 400
"""Words from which on an article without a single heading is worth a note."""


@check("H001", "warning")
def no_sections(subject: Subject) -> Iterator[Fault]:
    """A long article has no heading that was found.

    Its headings may have been lost when it was scraped.
    Bad:
    <h1>Gout</h1>
    25 × <p>Gout is a disease of the joints that begins at night with great pain in the big toe.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>Symptoms</h2><p>The toe is red and hot.</p>
    """
    if subject.words >= _LONG and not any(section.heading for section in subject.record.sections):
        yield Fault(f"{subject.words} words without a heading; were its headings lost when it was scraped?")


@check("H002", "info")
def unlabelled_heading(subject: Subject) -> Iterator[Fault]:
    """No label of the taxonomy fits a heading.

    List it in a taxonomy of your own where it is frequent.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>The king and his carriage</h2><p>He had gout, they say.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>Symptoms</h2><p>The toe is red and hot.</p>
    """
    yield from _few(list(own(subject, "unlabelled-heading")), "headings fit no label")


@check("H003", "warning")
def empty_section(subject: Subject) -> Iterator[Fault]:
    """Nothing stands under a heading.

    Text was lost after it, or the page was cut.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints that begins at night.</p><h2>Symptoms</h2>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>Symptoms</h2><p>The toe is red and hot.</p>
    """
    yield from own(subject, "empty-section")


@check("H004", "warning")
def expected_section_missing(subject: Subject) -> Iterator[Fault]:
    """A section that the settings expect on the page is not there.

    `expected_sections` in [tool.article-pipeline.check] names them; for the examples, `symptoms`.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>Treatment</h2><p>Rest and cold help.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>Symptoms</h2><p>The toe is red and hot.</p>
    """
    present = {section.label for section in subject.record.sections}
    for label in subject.settings.expected_sections:
        if label not in present:
            yield Fault(f"No section “{label}” was found, which the settings expect.")


@check("H005", "info")
def doubtful_label(subject: Subject) -> Iterator[Fault]:
    """A section's label is a guess.

    Say with the heading what the section is, or list the heading in a taxonomy of your own. `sure` in
    [tool.article-pipeline.check] is the probability below which it is said; for the examples, 0.94.
    Bad:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>The king and his carriage</h2>
    <p>The doctor takes a blood test, listens to the heart and sends the patient to an X-ray. The test shows how much
    uric acid is in the blood.</p>
    Good:
    <h1>Gout</h1><p>Gout is a disease of the joints.</p><h2>Symptoms</h2><p>The toe is red and hot.</p>
    """
    yield from _few(list(_guesses(subject)), "labels are guesses")


def _guesses(subject: Subject) -> Iterator[Fault]:
    for section in subject.record.sections:
        unsure = section.heading and section.label_source in _DECIDED and section.confidence < subject.settings.sure
        if unsure:
            others = f", perhaps {' or '.join(section.alternatives[:2])}" if section.alternatives else ""
            message = f"“{section.heading[:60]}” was taken for {section.label} ({section.confidence:.0%}){others}."
            yield Fault(message, subject.record.blocks[section.first_block].place.line)


def _few(faults: list[Fault], what: str) -> Iterator[Fault]:
    """Yield faults one by one, or where there are many, one that counts them: they are remarks, no reason to scroll."""
    if len(faults) <= _MANY:
        yield from faults
    else:
        first = faults[0]
        yield Fault(f"{len(faults)} {what}; the first: {first.message}", first.line)
