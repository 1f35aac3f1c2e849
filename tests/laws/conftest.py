"""Fixtures of laws that span rooms."""

from tests.cli.fixtures import cache, program

__all__ = ["cache", "program"]
