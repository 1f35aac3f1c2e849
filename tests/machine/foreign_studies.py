"""Studies that Optuna alone has made, with all that such a study may hold; quick, and the same each time."""

import math
from contextlib import contextmanager

import optuna
import sqlalchemy as sa
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import RDBStorage
from optuna.trial import TrialState as OptunaState
from optuna.trial import create_trial

DISTRIBUTIONS = {
    "lr": FloatDistribution(1e-5, 1e-1, log=True),
    "model": CategoricalDistribution(("svm", "forest")),
    "depth": CategoricalDistribution((None, 3, "deep")),
    "units": IntDistribution(8, 64, step=8),
    "drop": FloatDistribution(0.0, 0.5, step=0.1),
    "C": FloatDistribution(0.5, 30.0),
    "alpha": FloatDistribution(2.0, 2.0),
}
TITLE = "score, é"


@contextmanager
def optuna_storage(url):
    """Give Optuna's own door to a database; what goes through it leaves no connection open."""
    storage = RDBStorage(url, engine_kwargs={"poolclass": sa.NullPool})
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def params_of(number):
    """Return the parameters of a trial: ``C`` is there exactly where the model is ``svm``."""
    model = ("svm", "forest")[number % 2]
    found = {
        "lr": 10.0 ** -(1 + number % 4),
        "model": model,
        "depth": (None, 3, "deep")[number % 3],
        "units": 8 * (1 + number % 8),
        "drop": round(0.1 * (number % 6), 1),
        "alpha": 2.0,
    }
    return found | ({"C": 0.5 + number} if model == "svm" else {})


def score_of(number):
    """Return the value of a trial, different for each."""
    return 1 - 0.05 * (number % 4 - 2) ** 2 - 0.01 * (number % 6) + 1e-4 * number


def add(study, number, state=OptunaState.COMPLETE, **more):
    """Add a trial; a complete one has its value, and reports at steps 0, 2 and 4."""
    params = more.pop("params", params_of(number))
    value = more.pop("value", score_of(number) if state is OptunaState.COMPLETE else None)
    n = 3 if state is OptunaState.COMPLETE else 1
    study.add_trial(
        create_trial(
            state=state,
            value=value,
            params=params,
            distributions={name: DISTRIBUTIONS[name] for name in params},
            intermediate_values=more.pop("curve", {2 * i: score_of(number) * (i + 1) / 3 for i in range(n)}),
            **more,
        )
    )


def make_theirs(storage, *, name="theirs", direction="maximize", n_trials=24):
    """Make a study with every kind of trial; return it.

    After ``n_trials`` complete ones come a pruned one with a value, one without, two that failed, one whose
    value is infinite, one that runs, with one parameter of its own so far, and one that waits.
    """
    study = optuna.create_study(storage=storage, study_name=name, direction=direction)
    study.set_metric_names([TITLE])
    for number in range(n_trials):
        add(study, number, user_attrs={"stage": "mine", "folds": [0.5, math.nan]} if not number else {})
    add(study, n_trials, OptunaState.PRUNED, value=0.25, curve={0: 0.25})
    add(study, n_trials + 1, OptunaState.PRUNED, curve={})
    add(study, n_trials + 2, OptunaState.FAIL, params={"lr": 0.01}, curve={0: math.nan, 2: math.inf})
    add(study, n_trials + 3, OptunaState.FAIL, params={}, curve={})
    add(study, n_trials + 4, value=math.inf, curve={})
    study.ask({"lr": DISTRIBUTIONS["lr"]})
    study.enqueue_trial({"lr": 0.001})
    return study


def make_pareto(storage, *, name="pareto"):
    """Make a study of two objectives."""
    study = optuna.create_study(storage=storage, study_name=name, directions=["minimize", "maximize"])
    for x in (0.25, 0.75):
        trial = create_trial(values=[x, 1 - x], params={"x": x}, distributions={"x": FloatDistribution(0, 1)})
        study.add_trial(trial)
    return study
