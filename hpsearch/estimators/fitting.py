"""What fits an estimator, in the process of a trial.

Rows come from one file and predictions go to another, both opened by the worker; what a trial is asked for
comes as a table: the estimator, its settings, and what to predict.
"""

import inspect
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hpsearch.estimators.estimator import EstimatorError, make, prepare
from hpsearch.estimators.predictions import labels_of, probabilities, values_of

MOST_NATIVE = 254
"""A column of more categories is given as numbers: histogram boosting takes no more."""
_rows: dict[int, Mapping[str, Any]] = {}


def fit(given: Mapping[str, Any], trial: Any) -> float:
    """Fit an estimator on the rows of each fold and write what it predicts of the rows that are held out.

    Args:
        given: ``estimator``, ``file``, ``model``, ``rows`` and ``answers`` (descriptors), ``classes`` (their
            number, 0 for a regression), ``categorical`` (places and numbers of categories), ``native``,
            ``test`` (whether the test rows are predicted as well) and ``keep`` (whether the estimator itself
            is written, by skops).
        trial: The trial; its parameters go over ``model``, its seed into every ``random_state``.

    Returns:
        Always 0: what was predicted is in the file.
    """
    own = os.getpid()
    if given["rows"] not in _rows:
        _rows[given["rows"]] = _read_rows(given["rows"])
    data = _rows[given["rows"]]
    found: dict[str, Any] = {}
    n_folds = int(data["n_folds"])
    for fold in range(max(1, n_folds)):
        X, y, weights, X_held = _fold(data, fold) if n_folds else _split(data)
        estimator = make(given["estimator"], given["file"], {**given["model"], **trial.params})
        prepare(estimator, seed=trial.seed)
        _fit(estimator, X, y, weights, given)
        if len(X_held):
            found |= _answers(estimator, X_held, given, name=f"held{fold}")
        if given["test"] and not fold:
            found |= _answers(estimator, data["X_test"], given, name="test")
    if given["keep"]:
        import skops.io  # noqa: PLC0415 - an extra, and only where a model is saved

        found["model"] = np.frombuffer(skops.io.dumps(estimator), np.uint8)
    if os.getpid() == own:  # a fork of the estimator's own comes here as well
        _write(given["answers"], found)
    return 0.0


def _read_rows(descriptor: int) -> Mapping[str, Any]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, "rb", closefd=False) as file, np.load(file, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _write(descriptor: int, found: Mapping[str, Any]) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    with open(descriptor, "wb", closefd=False) as file:
        np.savez(file, **found)


def _split(data: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    return data["X"], data["y"], data.get("weights"), data["X_val"]


def _fold(data: Mapping[str, Any], fold: int) -> tuple[Any, Any, Any, Any]:
    train, held = data[f"train{fold}"], data[f"rows{fold}"]
    weights = data["weights"][train] if "weights" in data else None
    return data["X"][train], data["y"][train], weights, data["X"][held]


def _fit(estimator: Any, X: Any, y: Any, weights: Any, given: Mapping[str, Any]) -> None:
    more: dict[str, Any] = {}
    if weights is not None:
        if "sample_weight" not in inspect.signature(estimator.fit).parameters:
            raise EstimatorError(
                f"data.weights: {type(estimator).__name__}.fit takes no weights of rows (sample_weight)"
            )
        more["sample_weight"] = weights
    if given["native"]:
        places = [place for place, count in given["categorical"] if count <= MOST_NATIVE]
        more |= _native(estimator, places, X.shape[1])
    estimator.fit(X, y, **more)


def _native(estimator: Any, places: Sequence[int], n_columns: int) -> dict[str, Any]:
    """Say which columns are categories, in the estimator's own way; return further arguments of ``fit``."""
    known = estimator.get_params()
    if "enable_categorical" in known:
        kinds = ["c" if place in places else "q" for place in range(n_columns)]
        estimator.set_params(enable_categorical=True, feature_types=kinds)
    elif "categorical_features" in known:
        estimator.set_params(categorical_features=list(places) or None)
    elif "categorical_feature" in inspect.signature(estimator.fit).parameters:
        return {"categorical_feature": list(places)}
    return {}


def _answers(estimator: Any, X: Any, given: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """Return what an estimator predicts of rows: labels and probabilities, or values."""
    predicted = estimator.predict(X)
    n_classes = given["classes"]
    if not n_classes:
        return {f"{name}_values": values_of(predicted, len(X))}
    labels = labels_of(predicted, len(X), n_classes)
    found = {f"{name}_labels": labels}
    if given["whole"]:
        found[f"{name}_whole"] = probabilities(estimator, X, labels, n_classes)
    return found
