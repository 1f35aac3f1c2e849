"""scikit-learn's own models with their defaults, on the rows of a study."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

RIVALS = ("linear", "boosting", "forest", "mlp")


def rival_scores(study: Path, *, numbers: bool) -> dict[str, float]:
    """Return the score of each rival on the study's test rows: accuracy, or R2.

    Each learns from training and validation rows together, as hpsearch's winner does in the end, filled,
    standardised and one-hot as hpsearch has them.
    """
    from hpsearch.data import load_dataset
    from hpsearch.study_file import Purpose, child_seed, read_study

    spec = read_study(study)
    data = replace(spec.data, scaling="standard")
    rows = load_dataset(
        data, seed=child_seed(spec.seed, Purpose.SPLIT), base=study.parent, cache=study.parent
    )
    X, y = np.concatenate([rows.X_train, rows.X_val]), np.concatenate([rows.y_train, rows.y_val])
    models = (_of_numbers if numbers else _of_classes)(spec.seed)
    found = {}
    for name in RIVALS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of convergence: these are the defaults that people get
            found[name] = float(models[name]().fit(X, y).score(rows.X_test, rows.y_test))
    return found


def _of_classes(seed: int) -> Mapping[str, Callable[[], Any]]:
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    return {
        "linear": lambda: LogisticRegression(max_iter=2000),
        "boosting": lambda: HistGradientBoostingClassifier(random_state=seed),
        "forest": lambda: RandomForestClassifier(random_state=seed),
        "mlp": lambda: MLPClassifier(max_iter=500, random_state=seed),
    }


def _of_numbers(seed: int) -> Mapping[str, Callable[[], Any]]:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
    from sklearn.linear_model import Ridge
    from sklearn.neural_network import MLPRegressor
    from sklearn.preprocessing import StandardScaler

    def network() -> Any:
        return TransformedTargetRegressor(
            MLPRegressor(max_iter=500, random_state=seed), transformer=StandardScaler()
        )

    return {
        "linear": Ridge,
        "boosting": lambda: HistGradientBoostingRegressor(random_state=seed),
        "forest": lambda: RandomForestRegressor(random_state=seed),
        "mlp": network,
    }
