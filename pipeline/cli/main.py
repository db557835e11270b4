"""The group of commands, and what is the same for all of them: errors, interruption, closed pipes, exit status."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

import pipeline
from pipeline.cli.command import write_examples
from pipeline.cli.table import COMMANDS
from pipeline.errors import PipelineError

MISUSE = 2
INTERRUPTED = 130
TERMINATED = 143
PIPE_CLOSED = 141
"""What a shell reports of a program that was ended by SIGPIPE."""


EXAMPLES = ("pipeline run raw processed", "pipeline clean page.html --format markdown")


class PipeClosed(Exception):  # noqa: N818 -- it is no error
    """Whoever read standard output has had enough, as `head` has."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the names of the commands in the order of the journey."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pipeline.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which is meant."""
        if args and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(COMMANDS)}."
            raise click.UsageError(f"There is no command {args[0]}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a closed pipe is for `status_of`, not for click, which would make it status 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise PipeClosed from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples below the commands."""
        super().format_epilog(ctx, formatter)
        write_examples(formatter, EXAMPLES)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(pipeline.__version__, prog_name="article-pipeline")
def group() -> None:
    """Turn scraped, machine-translated pages into clean, structured, traceable records.

    Results go to standard output, everything else to standard error. Exit status: 0 fine, 1 findings of
    severity error, 2 misuse or an output that cannot be written, 130 stopped by Ctrl-C.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    sys.exit(status_of(arguments))


def status_of(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no fault of a user's ends in a traceback."""
    try:
        status = _invoke(arguments)
        sys.stdout.flush()
    except (PipeClosed, BrokenPipeError):
        _silence_stdout()
        return PIPE_CLOSED
    except OSError as error:
        if not _is_of_stdout(error):
            raise
        _silence_stdout()
        _say(f"standard output cannot be written ({error.strerror})")
        return MISUSE
    return status


def _invoke(arguments: Sequence[str] | None) -> int:
    try:
        color = False if os.environ.get("NO_COLOR") else None  # None: as it suits the stream
        result: Any = group.main(args=arguments, prog_name="pipeline", standalone_mode=False, color=color)
    except PipelineError as error:
        _say(str(error))
        return MISUSE
    except click.ClickException as error:
        error.show()
        return MISUSE
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def _say(sentence: str) -> None:
    click.echo(f"pipeline: {sentence}", err=True)


def _is_of_stdout(error: OSError) -> bool:
    """Return whether the fault is one of writing where no file is named: our files are named by their errors."""
    return error.filename is None and error.errno is not None


def _silence_stdout() -> None:
    """Keep the interpreter from complaining of standard output once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
