import pytest

from tests.cli.fixtures import cache, finished, finished_long, program
from tests.dashboard.servers import TOKEN, serving

__all__ = ["cache", "finished", "finished_long", "program"]


@pytest.fixture(scope="session")
def port(finished):
    """Return the port of a dashboard on a finished study, as it is without any flag."""
    with serving(finished.url) as port:
        yield port


@pytest.fixture(scope="session")
def locked(finished):
    """Return the port of a dashboard that asks for a token."""
    with serving(finished.url, token=TOKEN) as port:
        yield port
