"""What holds for all tests."""

import os
import signal
import sys
from collections import Counter

import numpy as np  # noqa: F401 - so that its BLAS is loaded when its threads are limited
import pytest
import scipy.linalg  # noqa: F401 - as above
from hypothesis import settings
from threadpoolctl import threadpool_limits

from tests.machine.browser import BrowserUnavailableError, browser, required
from tests.machine.postgres import Postgres
from tests.machine.postgres_programs import PostgresUnavailableError

# A job that a shell starts in the background ignores Ctrl-C, and one of nohup the end of its terminal: so
# would every command under test.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Tests start some hundred processes: without bytecode each would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# There is a process a core. A second thread of BLAS spins while it waits, on a core that another process
# needs: tests of small matrices took three times the CPU. The environment of what they start stays as it is.
threadpool_limits(1, user_api="blas")

MOST_WORKERS = 16
"""Each imports all that the tests need, and starts a PostgreSQL of its own."""

# How long an example takes says how busy the machine is, nothing else.
settings.register_profile("hpsearch", deadline=None)
settings.load_profile("hpsearch")


def pytest_addoption(parser, pluginmanager):
    """Accept the options of pyproject.toml where ``-p no:xdist`` has left out what knows them."""
    if not pluginmanager.hasplugin("xdist"):
        parser.addoption("--numprocesses", "--dist", help="unused without pytest-xdist")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Return a worker a core, two at least; none where single tests are named.

    Tests keep a core busy nine tenths of the time. On two cores, two workers take 263 s for all tests and
    four 299 s: each has imports, a PostgreSQL and finished studies of its own.
    """
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # the plugin reads it
    if config.args and all("::" in name for name in config.args):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_WORKERS, max(2, cores))


@pytest.fixture(scope="session")
def postgres():
    """Return a running PostgreSQL, one for the whole session."""
    try:
        server = Postgres()
    except PostgresUnavailableError as error:
        give_up(error)
    with server:
        yield server


def give_up(error):
    """Skip a test because PostgreSQL cannot run here; fail it where that is required."""
    if os.environ.get("CI") or os.environ.get("HPSEARCH_REQUIRE_POSTGRES"):
        pytest.fail(f"PostgreSQL is required here: {error}", pytrace=False)
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """Return the study of the storms as one undisturbed worker leaves it."""
    from tests.chaos.quiet import make_quiet  # noqa: PLC0415 - it imports all of hpsearch

    return make_quiet(tmp_path_factory.mktemp("quiet"))


@pytest.fixture(scope="module")
def chromium():
    """Return a running browser, one for a module: its event loop must not meet those of other modules."""
    try:
        with browser() as chromium:
            yield chromium
    except BrowserUnavailableError as error:
        if required():
            pytest.fail(f"a browser is required here: {error}", pytrace=False)
        pytest.skip(str(error))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the cases of a sampled test, except the first, long or exhaustive; ``-m`` chooses afterwards."""
    seen = Counter()
    for item in items:
        marker = item.get_closest_marker("sampled")
        if marker is not None:
            test = item.nodeid.partition("[")[0]
            if seen[test]:
                exhaustive = seen[test] % marker.kwargs.get("every", 1)
                item.add_marker(pytest.mark.exhaustive if exhaustive else pytest.mark.long)
            seen[test] += 1
