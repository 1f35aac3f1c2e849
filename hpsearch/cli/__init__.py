"""The command line: one file a command."""

from hpsearch.cli.main import main

__all__ = ["main"]
