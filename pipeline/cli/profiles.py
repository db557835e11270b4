"""The option `--profiles`: what users know of sites."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.journey import Options

profiles_option = click.option(
    "--profiles",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="Profiles of sites: CSS selectors that say what is content. Repeat it for several.",
)


def with_profiles(options: "Options", profiles: tuple[Path, ...]) -> "Options":
    """Return the options with the profiles of the command line in place of those of the settings.

    Raises:
        DataFileError: a profile is broken; said before any page is read.
    """
    if profiles:
        options = replace(options, read=replace(options.read, profiles=profiles))
    if options.read.profiles:
        from pipeline.read.profiles import load_profiles

        load_profiles(options.read.profiles)
    return options
