import warnings

import optuna
import pytest
from optuna.exceptions import ExperimentalWarning

from hpsearch.store import Ledger
from tests.machine.foreign_studies import make_pareto, make_theirs, optuna_storage


@pytest.fixture(autouse=True)
def quiet():
    """Keep Optuna's log lines out of the tests' output, and its warnings of new methods."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield


@pytest.fixture(scope="session")
def their_template(databases):
    """Return the address of a database that Optuna alone has made, with three studies: it takes seconds."""
    url = databases.new(tables=False)
    with warnings.catch_warnings(), optuna_storage(url) as storage:
        warnings.simplefilter("ignore", ExperimentalWarning)
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        make_theirs(storage)
        optuna.create_study(storage=storage, study_name="new")
        make_pareto(storage)
    yield url
    databases.drop(url)


@pytest.fixture
def theirs_url(databases, their_template):
    """Return the address of a copy of it that is the test's own."""
    url = databases.copy(their_template)
    yield url
    databases.drop(url)


@pytest.fixture
def theirs(theirs_url):
    """Return a ledger that reads the studies of Optuna's."""
    ledger = Ledger(theirs_url, foreign=True)
    yield ledger
    ledger.close()
