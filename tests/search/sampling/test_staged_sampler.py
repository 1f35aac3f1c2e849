"""The plan as an Optuna sampler: Optuna's own suites, and what restarting and sharing a study keep."""

import warnings

import numpy as np
import optuna
import pytest
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase,
    RelativeSamplerTestCase,
    SingleOnlySamplerTestCase,
)

import hpsearch


@pytest.fixture(autouse=True)
def quiet():
    """Keep Optuna's log lines out of the tests' output."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def make_sampler():
    """Return a sampler whose rounds are over after six trials, so that the suites reach TPE."""
    return hpsearch.StagedSampler(seed=1, rounds=(4, 2))


class TestByOptunasOwnSuites(BasicSamplerTestCase, RelativeSamplerTestCase, SingleOnlySamplerTestCase):
    """The basic, the relative and the single-objective cases."""

    @pytest.fixture
    def sampler(self):
        """Return what makes a sampler."""
        return make_sampler


class TestTheDefaultsByOptunasOwnSuites(BasicSamplerTestCase, RelativeSamplerTestCase):
    """The same with every argument at its default: random rounds all the way."""

    @pytest.fixture
    def sampler(self):
        """Return what makes a sampler."""
        return hpsearch.StagedSampler


def mixed(trial):
    """Return a value with one peak, over a parameter of each kind and a conditional one."""
    value = -((np.log10(trial.suggest_float("lr", 1e-5, 1e-1, log=True)) + 2) ** 2)
    value -= (trial.suggest_int("width", 4, 64, log=True) / 16 - 1) ** 2
    value -= (trial.suggest_float("dropout", 0.0, 0.6, step=0.1) - 0.2) ** 2
    if trial.suggest_categorical("optimizer", ["adam", None, "momentum"]) == "momentum":
        value -= (1 - trial.suggest_float("momentum", 0.5, 0.99)) ** 2
    return value


def params(study):
    """Return the parameters of a study's trials, in order."""
    return [trial.params for trial in study.get_trials(deepcopy=False)]


def test_a_study_that_is_loaded_again_is_the_study_that_was_never_left(tmp_path):
    """A few trials at a time, each time with a new sampler of the same seed, give the unbroken run."""
    whole = optuna.create_study(sampler=hpsearch.StagedSampler(seed=7, rounds=(8, 4)), direction="maximize")
    whole.optimize(mixed, n_trials=20)
    url = f"sqlite:///{tmp_path / 'study.db'}"
    for n_trials in (3, 6, 4, 7):
        sampler = hpsearch.StagedSampler(seed=7, rounds=(8, 4))
        study = optuna.create_study(
            study_name="s", storage=url, sampler=sampler, direction="maximize", load_if_exists=True
        )
        study.optimize(mixed, n_trials=n_trials)
    assert params(study) == params(whole)
    assert len({tuple(p.items()) for p in params(study)}) == 20


def test_two_workers_with_one_seed_never_draw_the_same_point(tmp_path):
    """Each asks before the other reports, through the rounds and TPE."""
    url = f"sqlite:///{tmp_path / 'study.db'}"
    optuna.create_study(study_name="s", storage=url, direction="maximize")
    workers = [
        optuna.load_study(study_name="s", storage=url, sampler=hpsearch.StagedSampler(seed=7, rounds=(6, 4)))
        for _ in range(2)
    ]
    for _ in range(8):
        asked = [(worker, worker.ask()) for worker in workers]
        values = [mixed(trial) for _, trial in asked]
        for (worker, trial), value in zip(asked, values, strict=True):
            worker.tell(trial, value)
    assert len({tuple(p.items()) for p in params(workers[0])}) == 16


def test_without_a_seed_two_studies_differ():
    """Randomness comes from the operating system."""
    studies = [optuna.create_study(sampler=hpsearch.StagedSampler()) for _ in range(2)]
    for study in studies:
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    assert params(studies[0]) != params(studies[1])


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_it_goes_where_the_good_values_are(direction):
    """After the rounds, the last trials are better than the first ones, in either direction."""
    sign = 1 if direction == "maximize" else -1
    study = optuna.create_study(sampler=hpsearch.StagedSampler(seed=3), direction=direction)
    study.optimize(lambda trial: sign * mixed(trial), n_trials=80)
    values = [sign * trial.value for trial in study.trials]
    assert np.mean(values[60:]) > np.mean(values[:24]) + 1


def test_a_round_draws_in_the_box_that_the_last_one_left():
    """The second round lies around the peak, except the few of its trials that ignore the box."""
    study = optuna.create_study(sampler=hpsearch.StagedSampler(seed=3, rounds=(40, 40)), direction="maximize")
    study.optimize(lambda trial: -abs(trial.suggest_float("x", 0, 1) - 0.25), n_trials=80)
    x = np.array([p["x"] for p in params(study)])
    assert np.mean(x[:40] <= 0.55) < 0.7
    assert 0.85 < np.mean(x[40:] <= 0.55) < 1


def test_rounds_may_be_spread_evenly():
    """A Sobol start puts one of sixteen trials into each sixteenth, and is drawn again by a resumed study."""

    def asked(seed, n_trials):
        study = optuna.create_study(sampler=hpsearch.StagedSampler(seed=seed, rounds=(16,), start="sobol"))
        study.enqueue_trial({"x": 0.5})  # the space is known from a completed trial on
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=n_trials)
        return np.array([p["x"] for p in params(study)])

    x = asked(3, 17)
    assert len(set((x[1:16] * 16).astype(int))) == 15
    assert asked(3, 17).tolist() == x.tolist() != asked(4, 17).tolist()


def test_pruned_trials_count_by_their_last_report():
    """TPE sees them; a report that is no number is a failure."""
    study = optuna.create_study(sampler=make_sampler(), direction="maximize")

    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        trial.report(float("nan") if trial.number == 5 else x, step=3)
        if trial.number % 2:
            raise optuna.TrialPruned
        return x

    study.optimize(objective, n_trials=30)
    assert len(params(study)) == 30


def test_threads_share_a_sampler():
    """Optuna's ``n_jobs`` calls one sampler from several threads."""
    study = optuna.create_study(sampler=make_sampler(), direction="maximize")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        study.optimize(mixed, n_trials=24, n_jobs=3)
    assert len({tuple(p.items()) for p in params(study)}) == 24


def test_an_empty_round_is_refused():
    """The message says what was expected."""
    with pytest.raises(ValueError, match=r"rounds: expected at least 1 trial each, found \[3, 0\]"):
        hpsearch.StagedSampler(rounds=(3, 0))


def test_an_unknown_start_is_refused():
    """The message names those there are."""
    with pytest.raises(ValueError, match="start: expected one of random, sobol, found 'grid'"):
        hpsearch.StagedSampler(start="grid")
