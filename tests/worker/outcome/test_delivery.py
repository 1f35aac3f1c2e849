"""What a settled study delivers, on a real ledger."""

import dataclasses
import json

import numpy as np
import pytest

from hpsearch.objective import Ending, Task
from hpsearch.search import ConfirmPlan, SearchPlan, TrialState, Verdict, ranking, winner
from hpsearch.search.confirmation import finalists
from hpsearch.search.confirmation.finalists import near
from hpsearch.search.confirmation.interval import interval
from hpsearch.search.confirmation.race import Standing
from hpsearch.study_file import Purpose, child_seed
from hpsearch.worker import Stop, load_data, search_terms, store_verdict, work
from hpsearch.worker.outcome.delivery import deliver
from tests.worker.studies import small_spec


@pytest.fixture
def settle(tmp_path, ledger, cache, monkeypatch):
    """Return a function that works on the small study, with texts of its file replaced, to its end."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))

    def settle(**changes):
        spec = small_spec(tmp_path, **changes)
        ledger.open_study(search_terms(spec, data_hash=load_data(spec, spec.base).content_hash))
        return work(ledger, spec.name, stop=Stop())

    return settle


def retrained(settled, plan, history, numbers, *, objective=None):
    """Return the outcomes of some trials, trained again one by one."""
    objective = objective or settled.evaluator
    tasks = [task(plan, plan.seed(n), history.internal[n]) for n in numbers]
    return [objective.evaluate([t])[0] for t in tasks]


def task(plan, seed, internal):
    """Return the training of some parameters with a seed."""
    return Task(settings=plan.settings(tuple(internal)), seed=seed)


PLAIN = {"seeds = 2": "seeds = 2\nrefit = false"}
"""The networks that are judged are those of the race."""


def test_the_ensemble_averages_trials_and_confirming_runs(settle):
    """The best three trials, then every run of the winner and of those near it; each counts once."""
    settled = settle(**PLAIN)
    delivery = deliver(settled, Stop())
    space = settled.spec.space
    best = winner(settled.plan.candidates, space, settled.history, settled.confirmed)
    assert (delivery.number, delivery.tied) == (best.number, best.tied)
    points = {candidate.label: candidate.internal for candidate in settled.plan.candidates}
    others = near(settled.plan.candidates, settled.confirmed)
    equals = {points[label] for label in (best.number, *others)}
    runs = [n for n in range(6) if tuple(settled.confirmed.internal[n]) in equals]
    members = retrained(
        settled, SearchPlan(settled.spec), settled.history, ranking(space, settled.history)[:3]
    )
    members += retrained(settled, settled.plan, settled.confirmed, runs)
    assert delivery.ensemble.size == len(members) == 3 + len(runs)
    assert (
        delivery.ensemble.test_accuracy == settled.evaluator.judge.ensemble_test_scores(members)["accuracy"]
    )
    mine = [n for n in range(6) if tuple(settled.confirmed.internal[n]) == points[best.number]]
    single = retrained(settled, settled.plan, settled.confirmed, mine)
    assert delivery.seeds == len(mine) == 2
    assert delivery.test_accuracy == settled.evaluator.judge.test_scores(single)["accuracy"]


def test_the_declared_default_races(settle):
    """It has two runs of the companion, and its mean is told."""
    settled = settle(**{"lr = { low": "lr = { default = 1e-4, low"})
    (default,) = [c for c in settled.plan.candidates if c.default]
    assert default.internal == (1e-4, 0.0)
    place = settled.plan.candidates.index(default)
    standing = Standing.of(settled.plan.candidates, settled.confirmed)
    assert standing.counts.tolist() == [2, 2, 2]
    delivery = deliver(settled, Stop())
    assert not delivery.default
    assert delivery.default_mean == standing.means[place] < delivery.mean
    assert delivery.better
    assert 0 < delivery.gain < 1


SMALL = {"lr = { low": "lr = { default = 0.05, low"}
"""The small study with a default that is about as good as what the search finds."""


def test_on_few_rows_the_default_is_kept_unless_it_is_clearly_beaten(settle, monkeypatch):
    """The rule of version 2: with as many rows as it asks for, and in version 1, the best candidate wins."""
    settled = settle(**SMALL)
    (default,) = [candidate for candidate in settled.plan.candidates if candidate.default]
    rows = settled.evaluator.judge.validation_rows
    assert rows >= finalists.FEW_ROWS
    many = deliver(settled, Stop())
    monkeypatch.setattr(finalists, "FEW_ROWS", rows + 1)
    kept = deliver(settled, Stop())
    before = deliver(dataclasses.replace(settled, spec=dataclasses.replace(settled.spec, version=1)), Stop())
    assert (kept.number, kept.default, kept.better, kept.gain) == (default.number, True, None, None)
    assert kept.mean == kept.default_mean
    assert kept.interval[0] < kept.mean < kept.interval[1]
    assert before.number == many.number != kept.number
    assert (before.better, many.better) == (None, False)
    assert set(before.tied) <= set(many.tied)


def test_the_test_figures_have_intervals_and_counts(settle):
    """They count the rows of the test split, and of the winner its seeds; the table has every prediction."""
    settled = settle()
    delivery = deliver(settled, Stop())
    rows, networks = len(settled.evaluator.dataset.y_test), settled.spec.confirm.seeds
    low, high = delivery.test_interval
    assert low < delivery.test_accuracy < high
    low, high = delivery.ensemble.interval
    assert low < delivery.ensemble.test_accuracy < high
    counts = np.array(delivery.confusion)
    assert counts.sum() == rows * networks
    assert counts.trace() / counts.sum() == pytest.approx(delivery.test_accuracy)
    truth = np.bincount(settled.evaluator.dataset.y_test, minlength=10)
    assert counts.sum(axis=1).tolist() == (networks * truth).tolist()
    assert delivery.classes == tuple("0123456789")
    assert delivery.rows["test"] == rows
    assert Verdict.from_json(json.loads(json.dumps(delivery.to_json()))) == delivery


def test_a_default_that_is_not_beaten_is_delivered(settle, ledger):
    """The search finds nothing as good: it wins without a number, and its networks are judged."""
    change = {
        "lr = { low = 1e-4, high = 1e-1, log = true }": (
            "lr = { low = 1e-6, high = 1e-5, log = true, widen = 4, default = 0.01 }"
        ),
        "rounds = [16, 8]": "rounds = [40]",
    }
    settled = settle(**change)
    store_verdict(ledger, settled, Stop())
    delivery = ledger.verdict(settled.study)
    assert (delivery.number, delivery.value, delivery.default, delivery.tied) == (None, None, True, ())
    assert delivery.params == {"lr": 0.01, "dropout": 0.0}
    assert delivery.default_mean == delivery.mean > 0.7
    assert delivery.test_accuracy > 0.7


def test_refit_judges_networks_that_learned_from_all_but_the_test_rows(settle):
    """By default: the winner as often as there are seeds, each a new one; the members with those they had."""
    settled = settle()
    delivery = deliver(settled, Stop())
    plain = deliver(
        dataclasses.replace(
            settled,
            spec=dataclasses.replace(
                settled.spec, confirm=dataclasses.replace(settled.spec.confirm, refit=False)
            ),
        ),
        Stop(),
    )
    assert (delivery.refit, plain.refit) == (True, False)
    assert (delivery.number, delivery.mean, delivery.tied) == (plain.number, plain.mean, plain.tied)
    assert delivery.interval == plain.interval is not None
    assert delivery.ensemble.size == plain.ensemble.size
    internal = settled.spec.space.internal(delivery.params)
    seeds = [child_seed(settled.spec.seed, Purpose.REFIT, place) for place in range(2)]
    refitting = settled.evaluator.refitting()
    outcomes = [refitting.evaluate([task(settled.plan, seed, internal)])[0] for seed in seeds]
    assert delivery.test_accuracy == settled.evaluator.judge.test_scores(outcomes)["accuracy"]
    assert delivery.test_accuracy != plain.test_accuracy


@pytest.mark.parametrize("refit", ["false", "true"])
def test_the_interval_is_made_of_the_answers_of_the_confirming_runs(settle, refit):
    """The winner's runs, trained again one by one, answer the validation rows; refits do not take part."""
    settled = settle(**{"seeds = 2": f"seeds = 2\nrefit = {refit}"})
    delivery = deliver(settled, Stop())
    candidates, confirmed = settled.plan.candidates, settled.confirmed
    place = [candidate.label for candidate in candidates].index(delivery.number)
    mine = [n for n in confirmed.valued if confirmed.point(int(n)) == candidates[place].internal]
    outcomes = retrained(settled, settled.plan, confirmed, mine)
    data = settled.evaluator.dataset
    answers = np.array([one.network.predict(data.X_val) == data.y_val for one in outcomes], np.float64)
    standing = Standing.of(candidates, confirmed)
    metric = settled.evaluator.metric
    found = interval(standing, place, estimate=delivery.estimate, parts=answers, metric=metric)
    assert delivery.interval == found
    assert delivery.mean == standing.means[place]


def test_runs_that_failed_are_not_trained_again(settle):
    """They count as 0 in the race; where the winner has none left, it is trained once more all the same."""
    settled = settle()
    states, values = settled.confirmed.states.copy(), settled.confirmed.values.copy()
    states[:], values[:] = TrialState.FAILED, np.nan
    lost = dataclasses.replace(
        settled, confirmed=dataclasses.replace(settled.confirmed, states=states, values=values)
    )
    delivery = deliver(lost, Stop())
    assert (delivery.number, delivery.mean, delivery.ensemble.size) == (settled.plan.finalists[0], 0.0, 3)
    rows = settled.evaluator.judge.validation_rows
    assert delivery.interval == pytest.approx((0.0, 1.959964**2 / (rows + 1.959964**2)))
    assert delivery.test_accuracy > 0.5


def test_a_member_that_diverges_is_left_out(settle, monkeypatch):
    """A confirming run may diverge where its trial did not: it is judged, but no part of the ensemble."""
    settled = settle(**PLAIN)
    whole = deliver(settled, Stop())
    train = settled.evaluator.train

    def one_diverges(tasks, **options):
        outcomes = train(tasks, **options)
        return [dataclasses.replace(outcomes[0], ending=Ending.DIVERGED), *outcomes[1:]]

    monkeypatch.setattr(settled.evaluator, "train", one_diverges)
    delivery = deliver(settled, Stop())
    assert delivery.ensemble.size == whole.ensemble.size - 1
    assert delivery.test_accuracy == whole.test_accuracy


def test_a_change_of_the_default_sets_the_confirmation_aside(settle, ledger):
    """The search goes on as it was; its companion is raced anew, with the other default."""
    first = settle()
    again = settle(**{"lr = { low": "lr = { default = 0.02, low"})
    assert np.array_equal(first.history.values, again.history.values, equal_nan=True)
    assert again.plan != first.plan
    assert isinstance(again.plan, ConfirmPlan)
    assert ledger.find_study("small.confirm").contract["default"]["lr"] == 0.02
    assert ledger.find_study("small.confirm-1").contract["default"]["lr"] == 0.001
