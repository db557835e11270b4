"""What each check looks for, as text for people: one check, or the page of all, made from their docstrings."""

from pipeline.check.registry import FAMILIES, Check, all_checks

_INTRODUCTION = """# Checks

What `pipeline check` looks for, written from the code by `make golden` and held against it by a test.
Each example is a test: the bad page is found, the good one is not.

A finding of severity error makes the status 1 (`--fail-on`). `--select`, `--extend-select` and `--ignore` take
codes, their beginnings or names. What holds for good stands in pyproject.toml:

```toml
[tool.article-pipeline.check]
ignore = ["T001", "H"]
severity = "warning"
timeout = 20.0
expected_sections = ["symptoms", "treatment"]
expected_provenance = ["url"]
per_file_ignores = { "raw/forum/*" = ["X004"] }

# Pages whose address is on this host or below it, or that lie in a folder of this name.
[tool.article-pipeline.check.sites."clinic.example"]
ignore = ["S003"]
expected_sections = ["treatment"]
doubt = 0.2
```
"""


def explained(check: Check) -> str:
    """Return what a check looks for, in Markdown."""
    parts = [f"### {check.code} {check.name} ({check.severity})", "", check.summary, "", check.why, ""]
    for title, example in (("Bad", check.bad), ("Good", check.good)):
        if check.bad:
            parts += [f"{title}:", "", "```text", *example.split("\n"), "```", ""]
    return "\n".join(parts)


def page_of_all() -> str:
    """Return docs/checks.md."""
    parts = [_INTRODUCTION]
    for letter, family in FAMILIES.items():
        parts.append(f"\n## {letter}: {family}\n")
        parts += ["\n" + explained(check).rstrip("\n") + "\n" for check in all_checks() if check.code[0] == letter]
    return "".join(parts)
