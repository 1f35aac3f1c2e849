"""The race of an Optuna study's best trials on fresh seeds: its budget, its winner, what may go wrong."""

import json
import random
import warnings
from collections import Counter

import numpy as np
import optuna
import pytest
from optuna.exceptions import ExperimentalWarning
from optuna.trial import FixedTrial

import hpsearch
from hpsearch.confirmation import SeededTrial, confirm
from hpsearch.errors import ForeignStudyError, NoSuccessError
from hpsearch.search.confirmation.race import FIRST_RUNS
from hpsearch.space.checks import FieldError
from tests.machine.foreign_studies import make_theirs

N_TRIALS = 40


@pytest.fixture(autouse=True)
def quiet():
    """Keep Optuna's log lines out of the tests' output, and its warnings of new methods."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield


def clean(trial):
    """Return the value without noise; ``depth`` is there for one kind alone."""
    kind = trial.suggest_categorical("kind", ["tree", None])
    depth = trial.suggest_int("depth", 1, 9) if kind == "tree" else 5
    return 1 - (trial.suggest_float("x", -1, 1)) ** 2 - 0.01 * abs(depth - 5)


def noisy(trial):
    """Return the value with noise from the trial's seed: an objective of Optuna's as it is."""
    rng = np.random.default_rng(getattr(trial, "seed", trial.number))
    return clean(trial) + 0.05 * rng.normal()


def searched(objective=noisy, direction="maximize", **settings):
    """Return a study in memory after a search at random."""
    sampler = optuna.samplers.RandomSampler(seed=5)
    study = optuna.create_study(direction=direction, sampler=sampler, **settings)
    study.optimize(objective, n_trials=N_TRIALS)
    return study


@pytest.fixture(scope="module")
def study():
    """Return a study of a noisy objective."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return searched(study_name="noisy")


@pytest.fixture(scope="module")
def found(study):
    """Return the study's race."""
    return hpsearch.confirm(study, noisy)


def test_the_budget_is_exact(study, found):
    """Five finalists, 25 runs, at least two each; the race comes out the same again."""
    assert (len(found.raced), len(found.runs), found.budget) == (5, 25, 25)
    assert min(Counter(run.trial for run in found.runs).values()) >= FIRST_RUNS
    assert len({run.seed for run in found.runs}) == 25
    random.random()
    assert hpsearch.confirm(study, noisy) == found
    assert hpsearch.confirm(study, noisy, seed=1).runs != found.runs


def test_the_winner_is_judged_by_its_runs(study, found):
    """Its mean is that of its runs, inside its interval; the raw best stands beside it, and is too good."""
    runs = [run.value for run in found.runs if run.trial == found.number]
    assert found.mean == pytest.approx(np.mean(runs))
    assert found.winner.runs == tuple(runs)
    assert found.interval[0] <= found.mean <= found.interval[1]
    assert found.params == study.trials[found.number].params
    assert (found.best, found.best_value) == (study.best_trial.number, study.best_value)
    assert found.best_value > max(one.mean for one in found.raced)
    assert found.estimate <= max(one.mean for one in found.raced)
    assert (found.constant, found.asked) == (False, True)


def test_nothing_is_written_into_the_study(tmp_path):
    """Not into one in a file either."""
    storage = f"sqlite:///{tmp_path}/x.db"
    study = optuna.create_study(storage=storage, study_name="file")
    study.optimize(clean, n_trials=4)
    before = (tmp_path / "x.db").read_bytes()
    confirm(study, clean, top=2, seeds=2)
    assert (tmp_path / "x.db").read_bytes() == before


def test_less_may_be_better():
    """The winner of a study that is minimized has the lowest mean."""
    study = searched(lambda trial: -noisy(trial), direction="minimize")
    found = confirm(study, lambda trial: -noisy(trial), top=3, seeds=4)
    best = min(one.mean for one in found.raced if not one.out)
    assert found.mean == pytest.approx(best, abs=0.05)
    assert found.best_value == study.best_value
    assert "; the lowest was" in repr(found) or ", the lowest" in repr(found)


def test_an_objective_without_noise_is_not_raced():
    """Two runs each show it; the best trial is the winner, and no interval is claimed."""
    study = searched(clean)
    found = confirm(study, clean)
    assert (found.constant, found.asked, len(found.runs)) == (True, False, 2 * len(found.raced))
    assert (found.number, found.mean, found.interval) == (study.best_trial.number, study.best_value, None)
    assert "10 of 25: the objective gives equal values on fresh seeds" in repr(found)
    assert "it read neither trial.seed nor trial.number and may seed itself" in repr(found)


def test_global_randomness_is_seeded_and_set_back(study):
    """An objective that draws from ``random`` and ``numpy.random`` is repeated; the caller's draws go on."""

    def drawing(trial):
        return clean(trial) + 0.1 * random.gauss() + 0.1 * np.random.normal()  # noqa: NPY002

    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    state = random.getstate()
    one, other = (confirm(study, drawing, top=2, seeds=3) for _ in range(2))
    assert one == other
    assert not one.constant
    assert random.getstate() == state
    assert np.random.randint(1000) == np.random.RandomState(3).randint(1000)  # noqa: NPY002


def test_runs_that_fail_count_as_the_worst(study, found):
    """A finalist that fails now and then is behind; the errors are kept, and said."""
    victim = found.number
    params = study.trials[victim].params

    def failing(trial):
        if trial.params == params and trial.number % 2:
            raise ArithmeticError("no convergence")
        return noisy(trial)

    again = confirm(study, failing)
    raced = next(one for one in again.raced if one.number == victim)
    assert (len(again.runs), again.number != victim, raced.failed > 0) == (25, True, True)
    assert raced.mean < min(one.mean for one in again.raced if one.number != victim)
    broken = next(run for run in again.runs if run.value is None)
    assert (broken.trial, broken.reason) == (victim, "ArithmeticError: no convergence")
    assert "failed: ArithmeticError: no convergence" in repr(again)


@pytest.mark.parametrize("value", [None, "good", float("nan"), float("inf"), {"score": 1}, [1, 2]])
def test_a_value_that_is_none_fails_the_run(study, value):
    """The first runs have shown it: the others are not made."""
    calls = []

    def wrong(trial):
        calls.append(trial)
        return value

    with pytest.raises(NoSuccessError, match=r"none of 6 confirming runs.*\n.*expected a finite number"):
        confirm(study, wrong, top=3)
    assert len(calls) == 6


def test_a_function_of_optimize_works_as_well(study):
    """It reads ``trial.params``, reports, asks whether to stop, and returns a dict."""

    def score(trial):
        trial.report(1, 0.5)
        assert not trial.should_stop()
        rng = np.random.default_rng(trial.seed)
        return {"value": trial.params["x"] + 0.1 * rng.normal(), "further": 1.0}

    assert len(confirm(study, score, top=2, seeds=2).runs) == 4


def test_every_run_is_passed_on_as_it_ends(study):
    """For a progress line, or a file of results."""
    seen = []
    found = confirm(study, noisy, top=2, seeds=2, on_run=seen.append)
    assert tuple(seen) == found.runs


def test_a_trial_that_is_seeded_is_a_fixed_trial():
    """Optuna's own kind, so that every method of a trial is there."""
    trial = SeededTrial({"x": 1.5}, number=50, seed=7)
    assert isinstance(trial, FixedTrial)
    assert not trial.was_asked
    assert (trial.suggest_float("x", 0, 2), trial.params, trial.seed, trial.number) == (
        1.5,
        {"x": 1.5},
        7,
        50,
    )
    assert trial.was_asked
    with pytest.raises(ValueError, match="'y' is not found"):
        trial.suggest_float("y", 0, 1)


def test_a_study_of_every_state():
    """Pruned, failed, infinite, running and waiting trials take no part."""
    study = make_theirs(optuna.storages.InMemoryStorage())
    found = confirm(study, lambda trial: trial.suggest_float("lr", 0, 1) + trial.seed % 5, top=4, seeds=2)
    assert {one.number for one in found.raced} <= set(range(24))
    assert len(found.runs) == 8


def test_trials_of_equal_parameters_are_one_finalist():
    """Without any parameter there is one."""
    study = searched(lambda trial: float(trial.number))
    found = confirm(study, lambda trial: float(trial.seed), seeds=3)
    assert (len(found.raced), len(found.runs), found.params) == (1, 3, {})
    assert found.tied == ()


def test_what_cannot_be_confirmed_is_refused(study):
    """With what was expected, before anything runs."""
    with pytest.raises(NoSuccessError, match="expected a complete trial to confirm, found none of 0"):
        confirm(optuna.create_study(), noisy)
    with pytest.raises(ForeignStudyError, match="expected one objective, found 2"):
        confirm(optuna.create_study(directions=["minimize", "minimize"]), noisy)
    with pytest.raises(FieldError, match="top: expected at least 1 finalist, found 0"):
        confirm(study, noisy, top=0)
    with pytest.raises(FieldError, match="seeds: expected at least 1 seed, found 0"):
        confirm(study, noisy, seeds=0)
    with pytest.raises(FieldError, match="seed: expected a whole number"):
        confirm(study, noisy, seed=-1)
    with pytest.raises(FieldError, match="objective: expected a function of a trial"):
        confirm(study, 3)


def test_it_is_shown_as_text_html_and_json(found):
    """The winner, what was measured, the race with the winner first."""
    lines = repr(found).splitlines()
    assert lines[0] == "noisy: 5 trials on fresh seeds"
    assert lines[1].split() == ["winner", "trial", str(found.number)]
    assert lines[-5].split()[0] == str(found.number)
    assert lines[-5].endswith("winner")
    page = found._repr_html_()
    assert f"<h3>noisy: trial {found.number} is the winner on fresh seeds</h3>" in page
    assert page.count("<tr>") == len(found.rows()) + 1 + 5
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert (document["number"], document["direction"], len(document["runs"])) == (
        found.number,
        "maximize",
        25,
    )


@pytest.mark.long
def test_the_interval_covers_the_true_value():
    """Of the winner, in 95 % of searches and races: here of 60 with noise as wide as the differences."""
    inside = 0
    for number in range(60):
        rng = np.random.default_rng(number)
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=number))
        study.optimize(lambda trial, rng=rng: clean(trial) + 0.1 * rng.normal(), n_trials=20)
        found = confirm(study, lambda trial: clean(trial) + 0.1 * np.random.default_rng(trial.seed).normal())
        truth = clean(FixedTrial(found.params))
        inside += found.interval[0] <= truth <= found.interval[1]
    assert inside >= 51  # 3 deviations below 57
