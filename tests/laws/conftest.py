"""Fixtures of laws that span rooms."""

from tests.cli.fixtures import cache

__all__ = ["cache"]
