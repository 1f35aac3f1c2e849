"""Trains the networks of ``parity.py`` with scikit-learn, where its definitions agree with hpsearch's.

Three things are said in its own terms: its L2 penalty is divided by the rows of the batch, so ``alpha`` is
the rate times these rows; the gradient of its squared error is the sum over several outputs, not the mean, so
the learning rate is divided by their number; and its weights of rows are divided by their sum in each batch,
which agrees where a batch has all rows.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

ACTIVATIONS = {"linear": "identity", "sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}


def train(settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters at the end, the loss of each epoch, and the predictions for new rows.

    The loss is left out where there is a penalty, which scikit-learn's loss includes.
    """
    X, y, weights = arrays["X"], arrays["y"], arrays.get("weights")
    values = y.ndim == 2
    kind = MLPRegressor if values else MLPClassifier
    model = kind(**_parameters(settings, n_outputs=y.shape[1] if values else 1))
    more = {} if values else {"classes": np.unique(y)}
    target = y[:, 0] if values and y.shape[1] == 1 else y
    model.partial_fit(X, target, **more)  # makes the arrays, which then take the initial weights
    for at, (W, b) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        W[...], b[...] = arrays[f"W{at}"], arrays[f"b{at}"]
    del model._optimizer  # noqa: SLF001 - the one of the first call has seen other weights
    for order in arrays["order"]:
        own = {} if weights is None else {"sample_weight": weights[order]}
        model.partial_fit(X[order], target[order], **own)
    predicted = model.predict(arrays["X_new"]) if values else model.predict_proba(arrays["X_new"])
    found: dict[str, Any] = {"predictions": predicted.reshape(len(arrays["X_new"]), -1)}
    for at, (W, b) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        found |= {f"W{at}": W, f"b{at}": b}
    return found if settings["weight_decay"] else found | {"losses": np.array(model.loss_curve_[1:])}


def _parameters(settings: Mapping[str, Any], *, n_outputs: int) -> dict[str, Any]:
    constants = settings["constants"]
    names = {"beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon", "momentum": "momentum"}
    adam = settings["optimizer"] == "adam"
    return {
        "hidden_layer_sizes": settings["hidden"],
        "activation": ACTIVATIONS[settings["activation"]],
        "solver": "adam" if adam else "sgd",
        "alpha": settings["weight_decay"] * settings["batch_size"],
        "batch_size": settings["batch_size"],
        "learning_rate_init": settings["lr"] / (1 if adam else n_outputs),
        "momentum": 0.0,
        "nesterovs_momentum": settings["optimizer"] == "nesterov",
        "shuffle": False,
        "n_iter_no_change": 10_000,
        **{names[name]: constant for name, constant in constants.items()},
    }
