"""What an estimator is: its parameters, what it predicts and takes; another process runs this as a module."""

import inspect
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from hpsearch.estimators.estimator import EstimatorError, make, takes_more


def describe(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an estimator is: its parameters with their defaults, what it predicts, what it takes.

    Args:
        request: ``estimator``, ``file``, ``model`` (settings), and ``points``: settings to try, each a list
            of a key of the study file and the settings.
    """
    estimator = make(request["estimator"], request["file"], {})
    known = estimator.get_params(deep=True)
    try:
        made = make(request["estimator"], request["file"], request["model"])
        wrong = next(_refused(request), None)
    except EstimatorError:  # a name that it has not: who asks finds that out by the names
        made, wrong = estimator, None
    tags = getattr(made, "__sklearn_tags__", None)
    kind = getattr(tags(), "estimator_type", None) if tags else getattr(made, "_estimator_type", None)
    return {
        "name": type(estimator).__name__,
        "kind": kind,
        "parameters": {key: value if _is_scalar(value) else None for key, value in known.items()},
        "open_ended": takes_more(estimator),
        "probabilities": hasattr(made, "predict_proba"),
        "native": knows_categories(made),
        "trees": any(word in type(made).__name__ for word in ("Forest", "Tree", "Boost", "CatBoost")),
        "weights": "sample_weight" in inspect.signature(made.fit).parameters,
        "refused": wrong,
    }


def knows_categories(estimator: Any) -> bool:
    """Return whether an estimator takes columns of categories and missing numbers as they are."""
    known = {*estimator.get_params(), *inspect.signature(estimator.fit).parameters}
    return bool(known & {"enable_categorical", "categorical_features", "categorical_feature"})


def _refused(request: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the key and the message of each point that the estimator's own check of values refuses."""
    for key, settings in request["points"]:
        estimator = make(request["estimator"], request["file"], settings)
        if not hasattr(estimator, "_parameter_constraints"):  # a library that checks nothing before a fit
            return
        try:
            estimator._validate_params()  # noqa: SLF001 - what ``fit`` calls first
        except Exception as error:  # noqa: BLE001 - whatever the library raises
            yield [key, str(error)]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bool | int | float)


def main() -> None:
    """Read a request of ``describe`` from standard input and write its answer as one line."""
    request = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(2, 1)  # what an import prints is no answer
    try:
        answer = describe(request)
    except EstimatorError as error:
        answer = {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - the estimator's own code
        answer = {"error": f"{type(error).__name__}: {error}"}
    os.write(out, json.dumps(answer).encode())


if __name__ == "__main__":
    main()
