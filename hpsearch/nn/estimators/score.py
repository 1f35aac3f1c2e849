"""The promise of a good score, which scikit-learn's checks ask every estimator to keep or to take back."""

from dataclasses import fields

from hpsearch.nn.config import MLPConfig

ENOUGH_EPOCHS = 100
"""From this number of epochs on an estimator promises a good score on scikit-learn's small data.

The default of 10 epochs is meant for thousands of rows. On scikit-learn's check of class weights (50 rows, so
10 steps) it reaches 0.16 to 1.0 over ten seeds where 0.87 is asked for; 50 epochs give 0.88 or more, 100
always 1.0. On its check of regressors (200 rows): R^2 -0.37 to 0.33 at 10 epochs, 0.83 or more at 100.
"""

MEASURED = frozenset(("activation", "init", "normalization", "optimizer"))
"""The settings of which every name was measured, one change from the defaults at a time.

With 100 epochs and five seeds, on the checks of class weights, of classifiers (0.83) and of regressors (0.5).
Every other setting can be a number that learns nothing, so a change of it takes the promise back.
"""

_SLOW = frozenset(
    (
        ("activation", "softmax"),
        ("init", "constant"),  # all units of a layer stay equal
        ("init", "normal"),  # a deviation of 1, far too large for 100 units
        ("init", "zeros"),  # only biases learn
        ("optimizer", "adagrad"),  # a rate of 0.001 is far too small
    )
)
SLOW_CLASSIFIER = _SLOW | {
    ("activation", "prelu_shared"),
    ("activation", "softsign"),
    ("activation", "tanh"),
}
"""The names that miss a score of a classifier with one seed at least, after 100 epochs at the default rate.

The saturating activations do so on the check of class weights only, whose numbers reach 50.
"""
SLOW_REGRESSOR = _SLOW | {("optimizer", "averaged_momentum"), ("optimizer", "sgd")}
"""The names that miss the score of a regressor with one seed at least."""


def promised(config: MLPConfig, slow: frozenset[tuple[str, str]]) -> bool:
    """Return whether a network promises a good score: enough epochs, and at most one change, measured.

    Args:
        config: The settings of the network.
        slow: The names among ``MEASURED`` that are too slow.
    """
    settings = {field.name: getattr(config, field.name) for field in fields(MLPConfig)}
    default = MLPConfig()
    changes = [(name, value) for name, value in settings.items() if value != getattr(default, name)]
    others = [change for change in changes if change[0] != "epochs"]
    known = all(change[0] in MEASURED and change not in slow for change in others)
    return config.epochs >= ENOUGH_EPOCHS and len(others) <= 1 and known
