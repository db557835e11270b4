"""The glossary that ships: read strictly, linted, and every example run both ways."""

import pytest

from pipeline.repair.examples import run_examples
from pipeline.repair.glossary_files import Located, load
from pipeline.repair.lint import lint

GLOSSARY = load()


def test_examples_pass_both_ways() -> None:
    """What must change changes so, and what must stay stays."""
    failures = run_examples(GLOSSARY.entries)
    assert not failures, "\n".join(map(str, failures))


def test_lint_is_clean() -> None:
    """No duplicates, cycles, self-triggers, common words without conditions, missing reviews."""
    findings = [finding for finding in lint(GLOSSARY) if finding.severity == "error"]
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize("located", GLOSSARY.entries[:1], ids=lambda located: located.entry.id)
def test_entries_know_where_they_stand(located: Located) -> None:
    """The line of an entry is the line of its header in its file."""
    assert located.path.read_text(encoding="utf-8").split("\n")[located.line - 1] == "[[entry]]"
