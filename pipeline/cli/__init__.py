"""Cli: the command line, the only room that prints, exits or reads arguments."""

from pipeline.cli.main import main

__all__ = ["main"]
