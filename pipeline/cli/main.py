"""The group of commands; the commands themselves are imported when they are called."""

import click

import pipeline


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(pipeline.__version__, prog_name="article-pipeline")
def main() -> None:
    """Turn scraped, machine-translated pages into clean, structured, traceable records."""
