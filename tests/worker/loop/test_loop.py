"""The loop of one worker, in the process of the test, on a real ledger."""

import dataclasses
import threading

import numpy as np
import pytest

from hpsearch.errors import ContractError, ExitCode, NotFoundError
from hpsearch.objective import MLPEvaluator
from hpsearch.report import summarize
from hpsearch.search import (
    RULE,
    Candidate,
    ConfirmPlan,
    History,
    SearchPlan,
    TrialState,
    fingerprint,
)
from hpsearch.search.confirmation.finalists import measured_ranking
from hpsearch.store import WorkerIdentity
from hpsearch.store.workers.processes import this_host
from hpsearch.study_file import spec_to_dict
from hpsearch.worker import Stop, load_data, search_terms, store_verdict, work
from hpsearch.worker.data.contract import confirm_terms
from hpsearch.worker.loop.loop import Loop
from hpsearch.worker.outcome.delivery import deliver
from tests.cli.program import assert_sound, held
from tests.worker.studies import small_spec


def run_to_end(ledger):
    """Work on the only study to its end, deliver, and return its fingerprint."""
    settled = work(ledger, None, stop=Stop())
    store_verdict(ledger, settled, Stop())
    return fingerprint(settled.spec.space, settled.history)


def test_one_worker_in_this_process_gives_the_same_study(ledger, study, spec, finished, tmp_path):
    """No command line, no other process: the same line, the same winner, sound books."""
    news = []
    settled = work(ledger, "small", stop=Stop(), say=news.append)
    store_verdict(ledger, settled, Stop())
    assert fingerprint(spec.space, settled.history) == finished.fingerprint
    assert f"winner       trial {summarize(ledger, study).best.number}\n" in finished.out
    assert_sound(tmp_path / "hpsearch.db", "small", trials=40)
    assert_sound(tmp_path / "hpsearch.db", "small.confirm", trials=6)
    assert len(news) == 46
    assert news[0].startswith("trial 0 complete 0.")
    assert sum(" pruned 0." in line for line in news) == int(
        (settled.history.states == TrialState.PRUNED).sum()
    )


@pytest.mark.usefixtures("study")
def test_threads_of_one_process_give_the_same_study(ledger, finished, tmp_path):
    """Three loops that race for every number settle each trial once, and nothing depends on who won."""
    threads = [
        threading.Thread(target=work, args=(ledger, "small"), kwargs={"stop": Stop(), "fleet": n})
        for n in (1, 2, 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert run_to_end(ledger) == finished.fingerprint
    assert_sound(tmp_path / "hpsearch.db", "small", trials=40)


@pytest.mark.usefixtures("study")
def test_every_trial_is_what_its_number_says(ledger, spec):
    """Parameters come from ``propose`` on what the trial may see, alone: each can be computed again."""
    history = work(ledger, None, stop=Stop()).history
    for number in (0, 7, 16, 23, 24, 31, 39):
        again = SearchPlan(spec).propose(history.up_to(number), number)
        assert again.internal == tuple(history.internal[number])


def test_a_delivery_is_made_once(ledger, study, monkeypatch):
    """A second worker at the end finds the winner judged, and trains nothing again."""
    settled = work(ledger, None, stop=Stop())
    store_verdict(ledger, settled, Stop())
    first = ledger.verdict(study)
    assert deliver(settled, Stop()) == first
    monkeypatch.setattr(MLPEvaluator, "train", None)
    store_verdict(ledger, settled, Stop())
    assert ledger.verdict(study) == first


def test_a_study_without_confirmation_is_judged_by_its_best_trial(tmp_path, ledger, cache, monkeypatch):
    """``top = 0``: the winner is the best trial as measured, retrained and tested; nothing is confirmed."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    spec = plain_spec(tmp_path)
    study = ledger.open_study(search_terms(spec, data_hash=load_data(spec, spec.base).content_hash))
    settled = work(ledger, None, stop=Stop())
    store_verdict(ledger, settled, Stop())
    delivery = ledger.verdict(study)
    assert delivery.number == measured_ranking(settled.history)[0]
    assert delivery.value == settled.history.values[delivery.number]
    assert (delivery.seeds, delivery.interval, delivery.mean) == (0, None, delivery.value)
    assert delivery.ensemble is None
    assert settled.plan is None
    with pytest.raises(NotFoundError, match=r"there is no study 'small\.confirm'"):
        ledger.find_study("small.confirm")
    best = summarize(ledger, study).best
    assert best.confirmed is None
    assert 0 < best.test_accuracy < 1


def plain_spec(folder):
    """Return a study of ten random trials without confirmation."""
    changes = {"trials = 40": "trials = 10", "[16, 8]": "[10]", "top = 2": "top = 0"}
    return small_spec(folder, **changes, **{"ensemble = 3": "ensemble = 0"})


def asked_after(stop, n_epochs, *, times):
    """Return an ``on_epoch`` check that asks to end at an epoch."""
    seen = []

    def check():
        seen.append(None)
        if len(seen) == n_epochs:
            for _ in range(times):
                stop.request()

    return check


def test_a_drained_worker_finishes_what_it_trains(ledger, study, tmp_path, monkeypatch):
    """One request in the middle of a training: it is finished, nothing more is claimed."""
    stop = Stop()
    check = asked_after(stop, 3, times=1)
    monkeypatch.setattr(stop, "check", check)
    assert work(ledger, None, stop=stop) is None
    assert ledger.snapshot(study).search.counts == {TrialState.COMPLETE: 4}
    assert held(tmp_path / "hpsearch.db") == []
    assert ledger.snapshot(study).search.workers == 0


def test_an_aborted_worker_hands_back_what_it_trains(ledger, study, finished, tmp_path):
    """Two requests: the training ends at that epoch, the trials are free, and the study goes on the same."""
    stop, news = Stop(), []
    original = stop.check
    ask = asked_after(stop, 3, times=2)

    def check():
        ask()
        original()

    stop.check = check
    assert work(ledger, None, stop=stop, say=news.append) is None
    assert news == ["handed back: " + ", ".join(f"trial {n} after epoch 3" for n in range(4))]
    assert held(tmp_path / "hpsearch.db") == []
    assert ledger.row(study).orphans == 4
    assert run_to_end(ledger) == finished.fingerprint
    assert ledger.trial(study, 0).attempts == 2
    assert ledger.trial(study, 4).attempts == 1


def test_an_error_in_a_training_hands_back_too(ledger, study, finished, tmp_path, monkeypatch):
    """Where the worker is to blame, no trial waits for its lease to run out; the error goes up."""

    def broken(*_arguments, **_more):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(MLPEvaluator, "train", broken)
        with pytest.raises(OSError, match="no room"):
            work(ledger, None, stop=Stop())
    assert held(tmp_path / "hpsearch.db") == []
    assert ledger.snapshot(study).search.workers == 0
    assert run_to_end(ledger) == finished.fingerprint


def test_fault_8_a_stale_result_is_dropped_and_said(ledger, study, spec, tmp_path):
    """A worker that lost its lease while it trained learns so; the trial keeps the other's result."""
    objective = MLPEvaluator(spec, load_data(spec, spec.base))
    stop, news = Stop(), []
    loop = Loop(ledger, objective, stop=stop, say=news.append)
    train = objective.train

    def slow(tasks, *, on_report):
        if (
            not news
        ):  # meanwhile the lease runs out, and another worker takes the trials over and settles them
            news.append("robbed")
            ledger.bury(ledger.living_on(study, this_host()))
            assert work(ledger, None, stop=Stop(), fleet=1) is not None
        return train(tasks, on_report=on_report)

    objective.train = slow
    assert loop.run(SearchPlan(spec), study) is not None
    settled = [f"trial {n} was settled by another worker; its result here is dropped" for n in range(4)]
    # On a busy machine a beat comes before the end of the training, and says so first.
    beaten = ["taken over by another worker, dropped here: trial 0, trial 1, trial 2, trial 3"]
    assert news[1:] in (settled, beaten)
    assert_sound(tmp_path / "hpsearch.db", "small", trials=40)


def test_the_claims_of_a_dead_neighbor_are_taken_over(ledger, study, spec, finished, tmp_path):
    """A worker of this machine was killed: its four trials are trained at once, not after a lease."""
    dead = WorkerIdentity(host=this_host(), process="999999999@1", pid=999_999_999)
    worker_id = ledger.enlist(study, dead)
    plan, history = SearchPlan(spec), History.empty(2)
    proposals = []
    for number in range(4):
        proposals.append(plan.propose(history, number))
        history = history.with_pending(proposals[-1].internal)
    assert len(ledger.claim(study, worker_id=worker_id, proposals=proposals, limit=4)) == 4
    assert ledger.row(study).orphans == 0
    assert run_to_end(ledger) == finished.fingerprint
    assert [ledger.trial(study, n).attempts for n in (0, 3, 4)] == [2, 2, 1]
    assert_sound(tmp_path / "hpsearch.db", "small", trials=40)


def test_a_worker_that_is_overtaken_proposes_on_in_its_claim(ledger, study, finished, monkeypatch):
    """Another one takes all its numbers between look and claim: it gets the next ones."""
    rival = ledger.enlist(study, WorkerIdentity(host="elsewhere", process="1@1", pid=1))
    claim, taken = ledger.claim, []

    def late(study, *, worker_id, **options):
        if not taken:
            held = claim(study, worker_id=rival, proposals=options["proposals"], limit=4)
            taken.extend([held, claim(study, worker_id=worker_id, **options)])
            ledger.release(held)
            return taken[1]
        return claim(study, worker_id=worker_id, **options)

    monkeypatch.setattr(ledger, "claim", late)
    # On a busy machine the first proposal may take longer than a claim grants.
    monkeypatch.setattr("hpsearch.worker.loop.loop.FURTHER_S", 60.0)
    assert run_to_end(ledger) == finished.fingerprint
    assert [[c.number for c in claims] for claims in taken] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_other_data_are_refused(ledger, spec):
    """A worker whose machine has other data does not train on them."""
    study = ledger.open_study(search_terms(spec, data_hash="f" * 64))
    with pytest.raises(
        ContractError, match=r"data 'digits' have changed since it was created .*f{12}"
    ) as refused:
        work(ledger, study.name, stop=Stop())
    assert refused.value.exit_code is ExitCode.USAGE
    assert ledger.snapshot(study).search.workers == 0


def test_terms_say_all_that_matters(ledger, study, spec):
    """A study comes back out of the ledger as it went in; its confirmation is bound to it."""
    assert spec_to_dict(ledger.find_study(None).spec) == spec_to_dict(spec)
    assert (study.budget, study.parallelism) == (40, 8)
    plan = ConfirmPlan(
        spec, (Candidate(internal=(0.1, 0.2), number=3), Candidate(internal=(0.3, 0.4), number=5))
    )
    terms = confirm_terms(plan, study)
    assert (terms.name, terms.budget, terms.parallelism) == ("small.confirm", 4, 4)
    assert terms.contract["finalists"] == [3, 5]
    assert terms.contract["default"] == {"lr": 1e-3, "dropout": 0.0}
    assert terms.contract["rule"] == RULE
    other = dataclasses.replace(study, contract={**study.contract, "data_hash": "0" * 64})
    assert confirm_terms(plan, other).contract["confirms"] != terms.contract["confirms"]


@pytest.mark.usefixtures("study")
def test_curves_and_values_of_the_history_agree(ledger):
    """A value is the end of a curve, or 0 without one; a rung stops at two epochs, and no early trial."""
    history = work(ledger, None, stop=Stop()).history
    lengths = (~np.isnan(history.curves)).sum(axis=1)
    ends = np.where(lengths > 0, history.curves[np.arange(40), lengths - 1], 0.0)
    assert np.array_equal(ends, history.values)
    assert set(lengths[history.states == TrialState.COMPLETE]) == {4}
    study = ledger.find_study(None)
    reasons = [ledger.trial(study, n).reason for n in range(40)]
    stopped = [n for n, reason in enumerate(reasons) if reason == "stopped after 2 whole epochs"]
    assert set(lengths[stopped]) == {2}
    assert min(stopped) > 8
    complete = [n for n, reason in enumerate(reasons) if reason is None]
    assert complete == list(history.complete)
