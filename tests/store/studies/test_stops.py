"""The end of a study by a rule: stored once, held in every claim, forgotten when the terms change."""

import dataclasses
import threading

import optuna
import pytest

from hpsearch.search import Stopped, StopRule, TrialState
from hpsearch.search.sampling.box import Box
from hpsearch.store import RefusedError, Result, check_database, opened

FAILED = Result(state=TrialState.FAILED, value=None, reason="it broke")


def numbers(claims):
    """Return the numbers of claims."""
    return [claim.number for claim in claims]


def at(number, rule=StopRule.TARGET):
    """Return the end of a study before a trial."""
    return Stopped(rule=rule, number=number, text="trial 1 reached 0.9, the target is 0.9")


def test_the_first_write_wins(ledger, study):
    """A second worker, or the same one again, hears what was stored."""
    assert ledger.row(study).stopped is None
    assert ledger.stop_at(study, at(3)) == at(3)
    assert ledger.stop_at(study, at(3)) == at(3)
    with opened(ledger.database.secret_url) as other:
        assert other.stop_at(study, at(5, StopRule.HOURS)) == at(3)
        assert other.row(study).stopped == other.snapshot(study).search.stopped == at(3)


def test_no_trial_begins_from_there_on(worker, ledger, study):
    """Those below run to their end, whoever claims; then the study is finished, of its whole budget."""
    first = worker.claim(0, 1)
    ledger.stop_at(study, at(3))
    assert numbers(worker.claim(2, 3, 4)) == [2]
    assert worker.claim(3, 4) == []
    row = ledger.row(study)
    assert (row.budget, row.end, row.finished) == (10, 3, False)
    ledger.release(first)
    assert numbers(worker.claim(3)) == [0, 1]


def test_a_stopped_study_is_finished_when_what_began_is_settled(worker, ledger, study):
    """What is in flight counts until it is done; the status says the same as the row."""
    claims = worker.claim(0, 1, 2)
    ledger.stop_at(study, at(3))
    worker.finish(*claims[:2])
    assert (ledger.row(study).finished, ledger.snapshot(study).search.finished) == (False, False)
    worker.finish(claims[2])
    assert (ledger.row(study).finished, ledger.snapshot(study).search.finished) == (True, True)
    assert (ledger.snapshot(study).search.budget, ledger.snapshot(study).search.end) == (10, 3)


def test_an_end_below_what_has_begun_is_not_stored(worker, ledger, study):
    """It was seen by a worker that is behind: the next look finds the right number."""
    worker.claim(0, 1, 2)
    assert ledger.stop_at(study, at(2)) is None
    assert ledger.row(study).stopped is None
    assert ledger.stop_at(study, at(3)) == at(3)


def test_an_end_beyond_the_budget_changes_nothing(ledger, study):
    """The smaller of the two holds."""
    ledger.stop_at(study, at(12))
    assert ledger.row(study).end == 10


def test_a_claim_reaches_as_far_as_its_worker_has_asked(worker, ledger, study, propose):
    """Numbers from ``until`` on wait, proposed or added through Optuna."""
    claims = ledger.claim(study, worker_id=worker.worker_id, proposals=propose(0, 1, 2), limit=9, until=2)
    assert numbers(claims) == [0, 1]


def test_trials_of_others_do_not_begin_either(worker, propose, storage):
    """An enqueued trial beyond the end waits for ever, one that a worker has not asked for waits for it."""
    ledger, study = worker.ledger, worker.study
    through_optuna = optuna.load_study(study_name="study", storage=storage)
    for lr in (0.01, 0.02, 0.03):
        through_optuna.enqueue_trial({"lr": lr, "width": 8, "activation": "relu"})
    options = {"worker_id": worker.worker_id, "limit": 9}
    claims = ledger.claim(study, proposals=propose(0), until=1, **options)
    assert numbers(claims) == [0]
    ledger.stop_at(study, at(2))
    claims += ledger.claim(study, proposals=propose(1, 2), until=9, **options)
    assert numbers(claims) == [0, 1]
    worker.finish(*claims)
    assert ledger.row(study).finished
    assert ledger.claim(study, proposals=propose(2), **options) == []
    assert ledger.snapshot(study).search.counts[TrialState.WAITING] == 1


def test_a_stopped_study_takes_no_further_wishes(ledger, study):
    """The refusal says which rule ended it, and what lets it go on."""
    ledger.stop_at(study, at(0))
    message = (
        r"study 'study' was ended by target before trial 0: .*\n"
        r"change \[stop\] in its file to go on: hpsearch start FILE"
    )
    with pytest.raises(RefusedError, match=message):
        ledger.enqueue(study, {"lr": 0.01})


def test_other_terms_let_it_go_on(worker, ledger, study, terms):
    """More trials or another rule: the end is forgotten; the same terms leave it."""
    ledger.stop_at(study, at(2))
    assert ledger.open_study(terms()) == study
    assert ledger.row(study).stopped == at(2)
    changed = ledger.open_study(terms(stop={"target": 0.95}))
    assert (changed.changes, ledger.row(changed).stopped) == (1, None)
    again = dataclasses.replace(worker, study=changed)
    assert numbers(again.claim(0, 1, 2, 3)) == [0, 1, 2, 3]


def test_a_worker_of_the_old_terms_is_not_believed(worker, ledger, study, terms):
    """It begins no trial and ends no study before it has read the new ones; what was begun it takes over."""
    ledger.release(worker.claim(0))
    changed = ledger.open_study(terms(stop={"plateau": 3}))
    assert ledger.stop_at(study, at(4)) is None
    assert ledger.row(study).changes == 1
    assert numbers(worker.claim(1, 2)) == [0]
    assert ledger.stop_at(changed, at(4)) == at(4)


def test_a_retried_trial_lets_the_rules_be_asked_again(worker, ledger, study):
    """They may have seen that it failed; a worker that has not heard of it ends nothing."""
    (claim,) = worker.claim(0)
    ledger.finish([(claim, FAILED)])
    ledger.stop_at(study, at(4))
    ledger.retry(study, 0)
    assert ledger.row(study).stopped is None
    assert ledger.stop_at(study, at(4), reopened=0) is None
    assert ledger.stop_at(study, at(5), reopened=1) == at(5)


def test_eight_that_race_agree_and_nothing_begins_beyond(url, terms, hire, ledger):
    """They claim and end the study at once, each elsewhere: one end, and no number from it on."""
    study = ledger.open_study(terms(budget=1000, parallelism=1000))
    found, barrier = [], threading.Barrier(8)

    def work(place):
        with opened(url) as mine:
            worker = hire(mine, study, f"{place}@{place}")
            barrier.wait()
            for turn in range(20):
                admitted = mine.row(study).admitted
                worker.claim(*range(admitted, admitted + 3))
                if place % 2 and turn > 4:
                    found.append(mine.stop_at(study, at(admitted + 5 * place)))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    row = ledger.row(study)
    assert {stopped.number for stopped in found if stopped is not None} == {row.end}
    assert 15 < row.admitted <= row.end < 1000


def test_the_clock_of_a_study_is_the_database_s(ledger, study, query):
    """It runs from the study's creation."""
    assert 0 <= ledger.row(study).elapsed_s < 60
    query(ledger, "UPDATE hpsearch_studies SET created_at = created_at - 7200")
    assert 7200 <= ledger.row(study).elapsed_s < 7260


def test_a_check_finds_trials_beyond_the_end(worker, ledger, study, query):
    """The books of a study that was ended must say so."""
    worker.finish(*worker.claim(0, 1, 2))
    ledger.stop_at(study, at(3))
    assert check_database(ledger.database) == []
    query(ledger, "UPDATE hpsearch_studies SET stop_number = 2")
    (finding,) = check_database(ledger.database)
    assert (finding.is_damage, finding.text) == (
        True,
        "more trials were handed out than the rule that ended it allows",
    )


def test_the_evidence_of_a_round_comes_back(worker, ledger, study, propose):
    """Names and numbers bit for bit; a round without evidence has none."""
    evidence = {"lr": {"spread p": 0.003, "gap in noise sd": 2.4}, "width": {"spread p": 1 / 3}}
    sides = {"low": (0.0,) * 3, "high": (1.0,) * 3, "reason": "because"}
    first, second = propose(0, 1)
    first = dataclasses.replace(first, opens=Box(**sides))
    second = dataclasses.replace(second, stage="round 1", opens=Box(**sides, evidence=evidence))
    ledger.claim(study, worker_id=worker.worker_id, proposals=[first, second], limit=2)
    assert [round_.evidence for round_ in ledger.rounds(study)] == [{}, evidence]
