"""What holds for all tests."""

import os
import signal

import pytest

from tests.postgres import Postgres, PostgresUnavailableError

# A shell that starts a job in the background lets it ignore Ctrl-C, and so would every command under test.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres():
    """Return a running PostgreSQL, one for the whole session.

    Where it cannot run, tests that need it are skipped; with ``CI`` or ``HPSEARCH_REQUIRE_POSTGRES`` set,
    they fail.
    """
    try:
        server = Postgres()
    except PostgresUnavailableError as error:
        if os.environ.get("CI") or os.environ.get("HPSEARCH_REQUIRE_POSTGRES"):
            pytest.fail(f"PostgreSQL is required here: {error}", pytrace=False)
        pytest.skip(str(error))
    with server:
        yield server
