"""A worker that waits for a study: it makes nothing, and takes what comes."""

import threading
from functools import partial

import pytest

from hpsearch.errors import NoDatabaseError, NotFoundError, StudyFileError
from hpsearch.store import Ledger
from hpsearch.worker import Stop, await_study, search_terms
from tests.worker.studies import small_spec


@pytest.fixture
def wait(tmp_path):
    """Return a function that waits for a study in a file that is not there; and the news meanwhile."""
    opening, news = partial(Ledger, f"sqlite:///{tmp_path / 'new.db'}"), []

    def wait(name=None, *, wait_s=0.1, stop=None):
        return await_study(opening, name, wait_s=wait_s, stop=stop or Stop(), say=news.append)

    return wait, news


@pytest.mark.parametrize("name", [None, "small"])
def test_fault_58_a_worker_that_waits_makes_no_database(tmp_path, wait, name):
    """In vain: it says so, and there is no file; with a database and no study in it nothing is added."""
    look, news = wait
    with pytest.raises(NoDatabaseError, match="there is no database yet"):
        look(name)
    assert list(tmp_path.iterdir()) == []
    assert len(news) == 1
    (tmp_path / "new.db").touch()
    with pytest.raises(NoDatabaseError, match="there are no tables of optuna and hpsearch"):
        look(name)
    assert (tmp_path / "new.db").stat().st_size == 0
    Ledger(f"sqlite:///{tmp_path / 'new.db'}", create=True).close()
    with pytest.raises(NotFoundError, match="found none" if name is None else "there is no study 'small'"):
        look(name)


@pytest.mark.parametrize("name", [None, "small"])
def test_it_takes_the_study_that_comes(tmp_path, wait, name):
    """Another process makes the file, the tables and the study while it waits."""
    look, _ = wait

    def make():
        ledger = Ledger(f"sqlite:///{tmp_path / 'new.db'}", create=True)
        ledger.open_study(search_terms(small_spec(tmp_path), data_hash="0"))
        ledger.close()

    maker = threading.Timer(0.3, make)
    maker.start()
    found = look(name, wait_s=60)
    maker.join()
    try:
        assert found.find_study(name).name == "small"
    finally:
        found.close()


@pytest.mark.parametrize("name", ["small.confirm", "small.confirm-1"])
@pytest.mark.parametrize("there", [True, False])
def test_fault_59_a_worker_does_not_wait_for_a_reserved_name(tmp_path, wait, name, there):
    """No search of that name will ever come."""
    look, news = wait
    if there:
        Ledger(f"sqlite:///{tmp_path / 'new.db'}", create=True).close()
    with pytest.raises(StudyFileError, match=r'name: expected a name that does not end in "\.confirm"'):
        look(name, wait_s=600)
    assert news == []


def test_it_ends_when_asked(wait):
    """Asked to end before a study came, it returns nothing."""
    look, _ = wait
    stop = Stop()
    stop.request()
    assert look(wait_s=600, stop=stop) is None
