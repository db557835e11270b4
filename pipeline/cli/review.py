"""`pipeline review`: the page on which people decide on candidates."""

from importlib.util import find_spec
from pathlib import Path

import click
from click.core import ParameterSource

from pipeline.cli.command import Command
from pipeline.errors import UsageError

_PATH = click.Path(path_type=Path)


@click.command(
    cls=Command,
    short_help="Decide on candidates for the glossary in a browser.",
    examples=(
        "pipeline review",
        "pipeline review --clean articles.jsonl.gz --clean more-articles/",
        "pipeline review --queue my.sqlite --glossary my-entries --by Ada --no-open --port 8571",
    ),
)
@click.argument("processed", type=_PATH, default=Path("processed"))
@click.option(
    "--queue",
    type=_PATH,
    default=Path("review.sqlite"),
    show_default=True,
    metavar="FILE",
    help="The queue that pipeline mine fills; made where there is none.",
)
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Raw pages in which hits are counted.")
@click.option("--clean", type=_PATH, multiple=True, help="Clean text in which hits are counted; several times.")
@click.option("--glossary", type=_PATH, metavar="FOLDER", help="Where approved entries go.  [default: that in use]")
@click.option("--by", metavar="NAME", help="Name of the reviewer.  [default: that of git, else of the system]")
@click.option("--no-open", is_flag=True, help="Do not open the browser; the address is printed.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; others need --token.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port.  [default: any that is free]")
@click.option("--name", "names", multiple=True, metavar="HOST", help="A further name of this server; several times.")
@click.option("--token", default="", envvar="PIPELINE_REVIEW_TOKEN", help="What a browser must know to be let in.")
def review(
    processed: Path,
    queue: Path,
    raw: Path,
    clean: tuple[Path, ...],
    glossary: Path | None,
    by: str | None,
    *,
    no_open: bool,
    host: str,
    port: int,
    names: tuple[str, ...],
    token: str,
) -> None:
    """Decide on candidates for the glossary in a browser, and look at the pages below PROCESSED.

    Serves on this machine alone until Ctrl-C. What is approved is written into the glossary's TOML files, ready to
    be committed.
    """
    _require_extra()
    from pipeline.review.web.desk import ReviewOptions
    from pipeline.review.web.security import LOOPBACK
    from pipeline.review.web.serve import Address, in_address, serve

    source = click.get_current_context().get_parameter_source
    for name, folder in (("processed", processed), ("raw", raw)):
        if not folder.is_dir() and source(name) is not ParameterSource.DEFAULT:  # without the defaults one reviews too
            raise UsageError("is not a folder", path=folder, mend="Name the folder that pipeline run reads or writes")
    for path in clean:
        if not path.exists():
            raise UsageError("there is no such file or folder", path=path)
    folders, own = _glossary(glossary)
    options = ReviewOptions(
        queue=queue,
        glossary=folders,
        folder=own,
        reviewer=by or _who(),
        processed=processed if processed.is_dir() else None,
        raw=raw if raw.is_dir() else None,
        clean=clean,
        hosts=(*LOOPBACK, *names, in_address(host)),
        token=token,
    )
    serve(options, Address(host, port), _say, open_browser=not no_open)


def _say(address: str) -> None:
    click.echo(address)
    click.echo("Ctrl-C ends it.", err=True)


def _require_extra() -> None:
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        problem = f"pipeline review needs {' and '.join(missing)}"
        raise UsageError(problem, mend="Install the extra: pip install 'article-pipeline[review]'")


def _glossary(given: Path | None) -> tuple[tuple[Path, ...], Path]:
    """Return the folders of entries in use, and the one that approved entries go to."""
    from pipeline.cli.settings import load_settings
    from pipeline.repair.glossary_files import BUILT_IN

    folders = load_settings().stages.repair.folders
    if given is not None:
        if not given.is_dir():
            raise UsageError("is not a folder", path=given, mend="Make it first: entries go to <language>/<field>.toml")
        known = next((folder for folder in folders if folder.resolve() == given.resolve()), None)
        return (folders, known) if known else ((*folders, given), given)
    own = [folder for folder in folders if folder != BUILT_IN]
    return folders, own[0] if own else BUILT_IN


def _who() -> str:
    """Return the name that git or the system knows the user by."""
    import getpass
    import subprocess

    try:
        found = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False, timeout=5)
        name = found.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        name = ""
    return name or getpass.getuser()
