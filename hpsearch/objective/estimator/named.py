"""Estimators by name, each with settings and a space for a first study of a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hpsearch.errors import did_you_mean
from hpsearch.estimators.columns import NATIVE, ONEHOT, ORDINAL
from hpsearch.space.checks import show
from hpsearch.study_file import StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEstimator:
    """An estimator with a first study's settings, as lines of a study file.

    Attributes:
        classifier: The class that predicts classes.
        regressor: The class that predicts numbers.
        space: The lines of ``[space]``.
        encoding: How it is given categories where its own check is not asked: as the baseline of a study.
        model: The lines of ``[model]``.
        for_classes: Further lines of ``[space]`` for classes.
        for_numbers: The lines of ``[space]`` for numbers, where they are others.
    """

    classifier: str
    regressor: str
    space: Sequence[str]
    encoding: str = ONEHOT
    model: Sequence[str] = ()
    for_classes: Sequence[str] = ()
    for_numbers: Sequence[str] | None = None

    def path(self, task: str) -> str:
        """Return the class for a task, as ``objective.estimator`` takes it."""
        return self.classifier if task == "classification" else self.regressor

    def lines(self, task: str) -> Iterator[str]:
        """Yield the tables ``[model]`` and ``[space]`` of a study file for a task."""
        if self.model:
            yield from (
                "",
                "[model]                 # fixed settings; anything here may move to [space]",
                *self.model,
            )
        yield from ("", "[space]                 # what to search; log = true draws the exponent evenly")
        numbers = task == "regression" and self.for_numbers is not None
        yield from (self.for_numbers or ()) if numbers else self.space
        if task == "classification":
            yield from self.for_classes


_FOREST = (
    "max_features = { low = 0.1, high = 1.0 }",
    "min_samples_leaf = { low = 1, high = 20, log = true }",
    "max_samples = { low = 0.4, high = 1.0 }",
)
_BOOSTED = (
    "learning_rate = { low = 0.01, high = 0.3, log = true }",
    "n_estimators = { low = 50, high = 500, log = true }",
)
_CRITERION = ('criterion = { choices = ["gini", "entropy"] }',)

NAMED_ESTIMATORS: Mapping[str, NamedEstimator] = {
    "logistic-regression": NamedEstimator(
        classifier="sklearn.linear_model.LogisticRegression",
        regressor="sklearn.linear_model.Ridge",
        model=("max_iter = 1000",),
        space=("C = { low = 1e-4, high = 1e4, log = true }",),
        for_numbers=("alpha = { low = 1e-4, high = 1e4, log = true }",),
    ),
    "random-forest": NamedEstimator(
        classifier="sklearn.ensemble.RandomForestClassifier",
        regressor="sklearn.ensemble.RandomForestRegressor",
        encoding=ORDINAL,
        model=("n_estimators = 200",),
        space=_FOREST,
        for_classes=_CRITERION,
    ),
    "extra-trees": NamedEstimator(
        classifier="sklearn.ensemble.ExtraTreesClassifier",
        regressor="sklearn.ensemble.ExtraTreesRegressor",
        encoding=ORDINAL,
        model=("n_estimators = 200", "bootstrap = true"),
        space=_FOREST,
        for_classes=_CRITERION,
    ),
    "histogram-boosting": NamedEstimator(
        classifier="sklearn.ensemble.HistGradientBoostingClassifier",
        regressor="sklearn.ensemble.HistGradientBoostingRegressor",
        encoding=NATIVE,
        model=("early_stopping = false      # every row that trains is learned from",),
        space=(
            "learning_rate = { low = 0.01, high = 0.3, log = true }",
            "max_iter = { low = 50, high = 500, log = true }",
            "max_leaf_nodes = { low = 4, high = 64, log = true }",
            "min_samples_leaf = { low = 2, high = 100, log = true }",
            "l2_regularization = { low = 1e-6, high = 10.0, log = true }",
            "max_features = { low = 0.2, high = 1.0 }",
        ),
    ),
    "svm": NamedEstimator(
        classifier="sklearn.svm.SVC",
        regressor="sklearn.svm.SVR",
        space=(
            "C = { low = 1e-2, high = 1e3, log = true }",
            "gamma = { low = 1e-4, high = 10.0, log = true }",
        ),
    ),
    "nearest-neighbors": NamedEstimator(
        classifier="sklearn.neighbors.KNeighborsClassifier",
        regressor="sklearn.neighbors.KNeighborsRegressor",
        space=(
            "n_neighbors = { low = 1, high = 50, log = true }",
            'weights = { choices = ["uniform", "distance"] }',
            "p = { low = 1.0, high = 2.0 }",
        ),
    ),
    "lightgbm": NamedEstimator(
        classifier="lightgbm.LGBMClassifier",
        regressor="lightgbm.LGBMRegressor",
        encoding=NATIVE,
        model=("subsample_freq = 1",),
        space=(
            *_BOOSTED,
            "num_leaves = { low = 4, high = 128, log = true }",
            "min_child_samples = { low = 2, high = 100, log = true }",
            "reg_lambda = { low = 1e-6, high = 10.0, log = true }",
            "subsample = { low = 0.5, high = 1.0 }",
            "colsample_bytree = { low = 0.3, high = 1.0 }",
        ),
    ),
    "xgboost": NamedEstimator(
        classifier="xgboost.XGBClassifier",
        regressor="xgboost.XGBRegressor",
        encoding=NATIVE,
        model=('tree_method = "hist"',),
        space=(
            *_BOOSTED,
            "max_depth = { low = 2, high = 10 }",
            "min_child_weight = { low = 1.0, high = 20.0, log = true }",
            "reg_lambda = { low = 1e-6, high = 10.0, log = true }",
            "subsample = { low = 0.5, high = 1.0 }",
            "colsample_bytree = { low = 0.3, high = 1.0 }",
        ),
    ),
}
"""Name -> estimator."""


def check_baseline(spec: StudySpec) -> None:
    """Refuse a baseline that is no known estimator.

    Raises:
        StudyFileError: Names file, line, key, and what was expected and found.
    """
    name, known = spec.confirm.baseline, list(NAMED_ESTIMATORS)
    if name is not None and name not in known:
        expected = f"expected one of {', '.join(known)}{did_you_mean(name, known)}"
        raise spec.document.error("confirm.baseline", f"{expected}, found {show(name)}")
