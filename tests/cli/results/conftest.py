"""A finished study as a bundle."""

import pytest

from tests.cli.results.bundles import pack


@pytest.fixture(scope="session")
def bundle(tmp_path_factory, finished):
    """Return the finished small study as a bundle."""
    return pack(finished.url, tmp_path_factory.mktemp("bundle") / "small.hpsearch")
