"""What others do with the same rows, folds and space: each returns the parameters that it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

PROCESSES = 2
"""As many as hpsearch has workers."""


@dataclass(frozen=True)
class Problem:
    """The rows of a study as its estimator sees them.

    Attributes:
        X: Rows outside the test split, ``(n, d)``.
        y: Their classes, ``(n,)``.
        X_test: The test rows.
        y_test: Their classes.
        folds: ``(train, held)`` of each fold, as hpsearch divides them.
        fixed: The parameters that are not searched.
        seed: The study's seed.
    """

    X: Any
    y: Any
    X_test: Any
    y_test: Any
    folds: list[tuple[Any, Any]]
    fixed: Mapping[str, Any]
    seed: int

    @classmethod
    def of(cls, study: Path, *, trees: int) -> "Problem":
        """Return the problem of a study file."""
        from hpsearch.api import load_study_file
        from hpsearch.objective.estimator.evaluator import encoding_of
        from hpsearch.objective.rows.folds import folds_of
        from hpsearch.worker import load_data

        spec = load_study_file(study)
        data = load_data(spec, spec.base)
        encoding = encoding_of("native", data)
        folds = folds_of(spec, data)
        assert folds is not None
        held = [own[:n] for own, n in zip(folds.held, folds.counts, strict=True)]
        fixed = {
            "early_stopping": False,
            "max_iter": trees,
            "categorical_features": list(encoding.categorical) or None,
        }
        return cls(
            X=encoding.apply(data.X_train),
            y=data.y_train,
            X_test=encoding.apply(data.X_test),
            y_test=data.y_test,
            folds=list(zip(folds.train, held, strict=True)),
            fixed=fixed,
            seed=spec.seed,
        )

    def model(self, params: Mapping[str, Any], *, seed: int) -> Any:
        """Return an estimator that is not fitted."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(**self.fixed, **params, random_state=seed)

    def score(self, params: Mapping[str, Any]) -> float:
        """Return the mean accuracy over the folds."""
        from sklearn.model_selection import cross_val_score

        model = self.model(params, seed=self.seed)
        return float(cross_val_score(model, self.X, self.y, cv=self.folds, n_jobs=PROCESSES).mean())

    def test(self, params: Mapping[str, Any]) -> float:
        """Return the mean accuracy on the test rows over five seeds, fitted on all others."""
        scores = [
            self.model(params, seed=seed).fit(self.X, self.y).score(self.X_test, self.y_test)
            for seed in range(5)
        ]
        return float(np.mean(scores))

    def fresh(self, params: Mapping[str, Any], *, splits: int) -> float:
        """Return the mean accuracy over fresh splits of all rows, of the size of the study's own."""
        from sklearn.model_selection import StratifiedShuffleSplit

        X, y = np.concatenate([self.X, self.X_test]), np.concatenate([self.y, self.y_test])
        cut = StratifiedShuffleSplit(splits, test_size=len(self.y_test), random_state=self.seed)
        scores = [
            self.model(params, seed=place).fit(X[train], y[train]).score(X[test], y[test])
            for place, (train, test) in enumerate(cut.split(X, y))
        ]
        return float(np.mean(scores))


def by_optuna(problem: Problem, trials: int) -> dict[str, Any] | None:
    """Return what Optuna's TPE names."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)

    def objective(trial: optuna.Trial) -> float:
        return problem.score(
            {
                "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.3, log=True),
                "max_leaf_nodes": trial.suggest_int("max_leaf_nodes", 4, 64, log=True),
                "min_samples_leaf": trial.suggest_int("min_samples_leaf", 2, 100, log=True),
                "l2_regularization": trial.suggest_float("l2_regularization", 1e-6, 10.0, log=True),
                "max_features": trial.suggest_float("max_features", 0.2, 1.0),
            }
        )

    sampler = optuna.samplers.TPESampler(seed=problem.seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=trials)
    return study.best_params


def by_random_search(problem: Problem, trials: int) -> dict[str, Any] | None:
    """Return what scikit-learn's random search names."""
    from scipy.stats import loguniform, uniform
    from sklearn.model_selection import RandomizedSearchCV

    space = {
        "learning_rate": loguniform(0.01, 0.3),
        "max_leaf_nodes": _Whole(4, 64),
        "min_samples_leaf": _Whole(2, 100),
        "l2_regularization": loguniform(1e-6, 10.0),
        "max_features": uniform(0.2, 0.8),
    }
    search = RandomizedSearchCV(
        problem.model({}, seed=problem.seed),
        space,
        n_iter=trials,
        cv=problem.folds,
        n_jobs=PROCESSES,
        random_state=problem.seed,
        refit=False,
    )
    found: dict[str, Any] = search.fit(problem.X, problem.y).best_params_
    return found


@dataclass(frozen=True)
class _Whole:
    """Whole numbers whose logarithm is drawn evenly, as SciPy's distributions draw.

    Attributes:
        low: The smallest.
        high: The largest.
    """

    low: int
    high: int

    def rvs(self, random_state: Any = None) -> int:
        """Return one of them."""
        from scipy.stats import loguniform

        return round(loguniform(self.low, self.high).rvs(random_state=random_state))


def by_flaml(problem: Problem, trials: int) -> dict[str, Any] | None:
    """Return what FLAML's cost-frugal search names; ``None`` where it is not installed."""
    if find_spec("flaml") is None:
        return None
    from flaml import CFO, tune

    space = {
        "learning_rate": tune.loguniform(0.01, 0.3),
        "max_leaf_nodes": tune.lograndint(4, 65),
        "min_samples_leaf": tune.lograndint(2, 101),
        "l2_regularization": tune.loguniform(1e-6, 10.0),
        "max_features": tune.uniform(0.2, 1.0),
    }
    search = CFO(space=space, metric="score", mode="max", seed=problem.seed)
    analysis = tune.run(
        lambda params: {"score": problem.score(params)}, search_alg=search, num_samples=trials, verbose=0
    )
    found: dict[str, Any] = analysis.best_config
    return found


CONTENDERS: Mapping[str, Callable[[Problem, int], dict[str, Any] | None]] = {
    "Optuna": by_optuna,
    "random": by_random_search,
    "FLAML": by_flaml,
}
"""Name -> search."""
