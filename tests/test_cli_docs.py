"""The help is the documentation: each command has help and examples, and docs/cli.md is what --help says."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli.main import group
from pipeline.cli.table import COMMANDS

PAGE = Path(__file__).parent.parent / "docs/cli.md"
INTRODUCTION = """# The command line

What `pipeline COMMAND --help` says, written by `make golden` and held against the commands by a test.
Settings that hold for good stand in `[tool.article-pipeline]` of pyproject.toml: see the README.
Completion of commands and options in bash, zsh and fish: [completion](completion/README.md).
"""


def commands(parent: click.Group = group, path: str = "pipeline") -> Iterator[tuple[str, click.Command]]:
    """Yield all commands with their paths, groups before what they hold."""
    yield path, parent
    context = click.Context(parent, info_name=path)
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ALL = dict(commands())


def help_of(path: str) -> str:
    context = click.Context(ALL[path], info_name=path, terminal_width=100, max_content_width=100)
    context.help_option_names = ["-h", "--help"]
    return ALL[path].get_help(context)


def page() -> str:
    return INTRODUCTION + "".join(f"\n## {path}\n\n```text\n{help_of(path)}\n```\n" for path in ALL)


def test_golden_page_of_the_command_line() -> None:
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/cli.md is out of date: run make golden"


@pytest.mark.parametrize("path", ALL)
def test_each_command_has_help_and_an_example_of_itself(path: str) -> None:
    said = help_of(path)
    assert ALL[path].help
    assert f"Examples:\n  {path}" in said or any(line.strip().startswith(path) for line in said.splitlines()[1:])
    assert ALL[path].params == [] or "Options:" in said
    for parameter in ALL[path].params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), parameter


@pytest.mark.parametrize("path", ALL)
def test_examples_name_commands_and_options_that_exist(path: str) -> None:
    """Each part of an example that calls `pipeline` parses: its options are known to its command."""
    examples = help_of(path).partition("Examples:\n")[2]
    calls = [part for line in examples.splitlines() for part in re.split(r"\||&&|;", line)]
    for call in calls:
        words = shlex.split(call.partition(">")[0])
        if words[:1] != ["pipeline"]:
            continue
        name = max((own for own in ALL if words[: len(own.split())] == own.split()), key=len)
        options = {option for parameter in ALL[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
        used = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
        assert used <= options | {"-h", "--help", "--version"}, call


def test_the_list_says_what_the_commands_say() -> None:
    for name, listed in COMMANDS.items():
        assert ALL[f"pipeline {name}"].get_short_help_str(200) == listed.help


def test_no_line_of_help_is_wider_than_a_page() -> None:
    assert not [line for path in ALL for line in help_of(path).splitlines() if len(line) > 100]
