import os
from contextlib import ExitStack

import pytest

from tests.conftest import give_up
from tests.hosts.netns import HostsUnavailableError, expect_hosts
from tests.hosts.town import Town
from tests.machine.postgres_programs import PostgresUnavailableError


@pytest.fixture(scope="session")
def namespaces():
    """Skip where there can be no network namespaces; fail where they are required."""
    try:
        expect_hosts()
    except HostsUnavailableError as error:
        if os.environ.get("HPSEARCH_REQUIRE_HOSTS"):
            pytest.fail(f"network namespaces are required here: {error}", pytrace=False)
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def town(namespaces):
    """Return four hosts, the wire between them, and a server on one of them."""
    del namespaces
    with ExitStack() as stack:
        try:
            town = stack.enter_context(Town())
        except PostgresUnavailableError as error:
            give_up(error)
        yield town
