"""Every study at a glance: the numbers that pages and monitors show."""

import pytest

from hpsearch.errors import StorageError
from hpsearch.search import TrialState
from hpsearch.store import Ledger


def test_an_empty_ledger_has_none(ledger):
    """No study, no row."""
    assert ledger.overview() == []


def test_a_study_without_workers_is_quiet(ledger, study):
    """Nothing is known of workers or values yet, and nothing is made up."""
    (found,) = ledger.overview()
    assert (found.study, found.study_id, found.search_id) == (study.name, study.study_id, study.study_id)
    assert (found.budget, found.end, found.settled, found.counts) == (10, 10, 0, {})
    assert (found.best_value, found.silence_s, found.rate) == (None, None, 0.0)
    assert found.is_search
    assert not found.at_work


def test_work_is_seen_and_counted(ledger, worker):
    """Two trials settled within the last minute, two held; the best value is the higher one."""
    claims = worker.claim(0, 1, 2, 3)
    worker.finish(claims[0], value=0.5)
    worker.finish(claims[1], value=0.75)
    (found,) = ledger.overview()
    assert found.counts == {TrialState.COMPLETE: 2, TrialState.RUNNING: 2}
    assert (found.settled, found.held, found.workers, found.best_value) == (2, 2, 1, 0.75)
    assert found.rate == 2 / 60
    assert 0 <= found.silence_s < 60
    assert found.at_work


def test_the_silent_and_the_lapsed_do_not_count(ledger, worker, expire, query):
    """A worker that was killed is at work until its lease has run out, not for ever."""
    claims = worker.claim(0, 1)
    query(ledger, "UPDATE hpsearch_workers SET beat_at = beat_at - 600")
    (found,) = ledger.overview()
    assert (found.workers, found.held, found.at_work) == (0, 2, True)
    assert found.silence_s >= 600
    expire(ledger, *claims)
    (found,) = ledger.overview()
    assert (found.held, found.at_work) == (0, False)


def test_what_settled_long_ago_is_no_rate(ledger, worker, query):
    """The rate is that of the last minute."""
    worker.finish(*worker.claim(0, 1))
    query(ledger, "UPDATE hpsearch_attempts SET ended_at = ended_at - 61")
    assert ledger.overview()[0].rate == 0


def test_studies_do_not_mix(ledger, worker, hire, terms):
    """Each study has its own numbers."""
    other = hire(ledger, ledger.open_study(terms("other", budget=5)), "2@2")
    worker.finish(*worker.claim(0), value=0.25)
    other.finish(*other.claim(0, 1), value=0.5)
    found = {one.study: (one.settled, one.best_value, one.budget) for one in ledger.overview()}
    assert found == {"study": (1, 0.25, 10), "other": (2, 0.5, 5)}


def test_a_companion_names_its_search(ledger, study, terms):
    """The study that confirms a search knows whose it is."""
    other = terms("study.confirm", confirms={})
    companion = ledger.open_study(
        type(other)(
            name=other.name,
            contract=other.contract,
            base=other.base,
            budget=2,
            parallelism=1,
            confirms=study,
        )
    )
    first, second = ledger.overview()
    assert (first.is_search, second.is_search) == (True, False)
    assert second.study_id == companion.study_id
    assert second.search_id == study.study_id


def test_a_database_that_is_there_answers(ledger):
    """No answer is needed but that there is one."""
    ledger.ping()


def test_a_file_that_was_removed_does_not(tmp_path, template):
    """Its connections would go on to read a file that nobody else can find."""
    path = tmp_path / "studies.db"
    path.write_bytes(template.read_bytes())
    ledger = Ledger(f"sqlite:///{path}")
    ledger.ping()
    path.unlink()
    with pytest.raises(StorageError, match="there is no database yet"):
        ledger.ping()
    ledger.close()
