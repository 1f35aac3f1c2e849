"""scikit-learn's search interface over the staged search: a drop-in for ``RandomizedSearchCV``."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.base import is_classifier
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from hpsearch.errors import SettingWarning
from hpsearch.search import History
from hpsearch.search.confirmation.finalists import finalists
from hpsearch.search_cv.batch_plan import BatchPlan, settled
from hpsearch.search_cv.candidate_scores import KIND, CandidateScores, formatted, subtask
from hpsearch.search_cv.candidate_space import CandidateSpace, candidate_space
from hpsearch.search_cv.confirmation import Finalist, race
from hpsearch.search_cv.splits import Splits, expect_shuffles, is_list, reseeded
from hpsearch.study_file import MODELS, ConfirmSpec, Purpose, child_seed, default_parallelism
from hpsearch.types import Float64Array

_SEVERAL = (list, tuple, dict)
"""The types of ``scoring`` that name several metrics."""


class StagedSearchCV(BaseSearchCV):  # type: ignore[misc]  # scikit-learn is not typed
    """Search the parameters of any estimator or pipeline as hpsearch does, scored by cross-validation.

    A drop-in for ``RandomizedSearchCV``: log-uniform random rounds in boxes that follow the good results,
    then a model. Candidates are proposed in batches; each batch follows from the results of the batches
    before it. So one ``random_state`` gives the same candidates with any ``n_jobs``. All are scored on the
    same splits, and none is tried twice.

    Args:
        estimator: An estimator with ``fit``, and with ``score`` unless ``scoring`` is given.
        param_distributions: Parameter -> its values: a list (values without an order); a frozen distribution
            of ``scipy.stats`` (``loguniform``, ``uniform`` and ``randint`` as the ranges that they are, any
            other one in its quantiles); or a range as in a study file, ``{"low": 1e-5, "high": 0.1,
            "log": True}``, also with ``"when"``. Or a list of such dictionaries: subspaces, of which a
            candidate has one.
        n_trials: Candidates; fewer are tried only where the space has no more.
        scoring: As in scikit-learn. Of several metrics the one that ``refit`` names steers the search.
        n_jobs: As in scikit-learn.
        refit: As in scikit-learn. A function chooses ``best_index_`` at the end; it does not steer.
        cv: As in scikit-learn: 5 folds by default.
        parallelism: Candidates of a batch, part of the result; by default a sixth of ``n_trials``, 1 to 16.
        model: What proposes after the random rounds: ``"tpe"``, or ``"gp"``, a Gaussian process, for up to 20
            parameters and 300 candidates; beyond these TPE proposes.
        confirm: Finalists that are scored again on up to 5 fresh shuffles of ``cv`` and race for
            ``best_index_``; 0 turns it off.
        verbose: As in scikit-learn.
        pre_dispatch: As in scikit-learn.
        random_state: Seed of the candidates and of the fresh shuffles: a whole number for a search that can
            be repeated, a ``RandomState``, or ``None``.
        error_score: As in scikit-learn. A candidate without a finite score is a bad result of the search.
        return_train_score: As in scikit-learn.

    Attributes:
        cv_results_, best_estimator_, best_score_, best_params_, best_index_, scorer_, n_splits_, refit_time_,
        multimetric_, classes_, n_features_in_, feature_names_in_: As in scikit-learn. With ``confirm``,
            ``best_score_`` is the score in the search, and ``confirmed_[0].mean`` the one on fresh splits.
        stages_: Where each candidate came from: ``"round 0"``, ``"round 1"``, ``"tpe"``, ``"gp"`` or
            ``"random"``.
        confirmed_: A ``Finalist`` for each finalist, the winner first; empty without ``confirm``.

    Raises:
        ValueError: When it is fitted: an argument is not possible, or every fit failed.

    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", 2012;
    S. Watanabe, "Tree-Structured Parzen Estimator", 2023.

    Example:
        >>> from scipy.stats import loguniform
        >>> from sklearn.datasets import load_iris
        >>> from sklearn.svm import SVC
        >>> ranges = {"C": loguniform(1e-3, 1e3), "gamma": loguniform(1e-4, 1e1)}
        >>> search = StagedSearchCV(SVC(), ranges, n_trials=20, random_state=0)
        >>> bool(search.fit(*load_iris(return_X_y=True)).best_score_ > 0.97)
        True
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseSearchCV._parameter_constraints,  # noqa: SLF001 - how a search of scikit-learn checks arguments
        "param_distributions": [dict, list],
        "n_trials": [Interval(Integral, 1, None, closed="left")],
        "parallelism": [Interval(Integral, 1, None, closed="left"), None],
        "model": [StrOptions(set(MODELS))],
        "confirm": [Interval(Integral, 0, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(  # noqa: PLR0913 - each has a default
        self,
        estimator: Any,
        param_distributions: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        *,
        n_trials: int = 60,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: bool | str | Callable[..., int] = True,
        cv: Any = None,
        parallelism: int | None = None,
        model: str = MODELS[0],
        confirm: int = 0,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        random_state: int | np.random.RandomState | None = None,
        error_score: float | str = np.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_distributions = param_distributions
        self.n_trials = n_trials
        self.parallelism = parallelism
        self.model = model
        self.confirm = confirm
        self.random_state = random_state

    def _run_search(self, evaluate_candidates: Callable[..., Any], *, callback_ctx: Any = None) -> None:
        """Propose and score the candidates: what ``BaseSearchCV`` leaves to each search."""
        self._check()
        space, seed = candidate_space(self.param_distributions), _seed(self.random_state)
        splits = Splits(self.cv, classifier=is_classifier(self.estimator))
        with subtask(callback_ctx, "search", self, sequential=True) as context:
            scores = CandidateScores(
                evaluate_candidates,
                splits=None if is_list(self.cv) else splits,
                metric=self._metric,
                error_score=self.error_score,
                subtask=partial(subtask, context, "batch", self, sequential=False),
            )
            history = self._search(space, scores, seed)

            def score(repeat: int, batch: Sequence[dict[str, Any]]) -> Float64Array:
                fresh = child_seed(seed, Purpose.CONFIRM, repeat) % 2**32
                return scores.confirm(batch, reseeded(splits.splitter, fresh))

            self.confirmed_: tuple[Finalist, ...] = (
                self._race(space, history, score=score) if self.confirm else ()
            )

    def _search(self, space: CandidateSpace, scores: CandidateScores, seed: int) -> History:
        """Propose and score batch after batch; return the candidates and their scores."""
        parallelism = self.parallelism or default_parallelism(self.n_trials)
        plan = BatchPlan(space, trials=self.n_trials, parallelism=parallelism, seed=seed, model=self.model)
        points: list[tuple[float, ...]] = []
        self.stages_: tuple[str, ...] = ()
        while True:
            history = settled(points, scores.all, n_parameters=len(space.space))
            if not (batch := plan.batch(history)):
                break
            points += [proposal.internal for proposal in batch]
            self.stages_ += tuple(str(proposal.stage) for proposal in batch)
            scores.add([space.params(proposal.internal) for proposal in batch])
        if len(points) < self.n_trials:
            warnings.warn(
                f"param_distributions: {len(points)} candidates are all that were found in the space, "
                f"fewer than n_trials={self.n_trials}",
                SettingWarning,
                stacklevel=2,
            )
        scores.finish()
        return history

    def _race(
        self,
        space: CandidateSpace,
        history: History,
        *,
        score: Callable[[int, Sequence[dict[str, Any]]], Float64Array],
    ) -> tuple[Finalist, ...]:
        """Return the finalists, the winner first; none where every candidate failed."""
        rows = finalists(ConfirmSpec(top=self.confirm), space.space, history)
        return race({row: space.params(history.point(row)) for row in rows}, score) if rows else ()

    def _check(self) -> None:
        """Refuse arguments that do not go together, before anything is fitted."""
        if isinstance(self.scoring, _SEVERAL) and not isinstance(self.refit, str):
            self._refuse_refit(self.scoring)
        if self.confirm and callable(self.refit):
            raise ValueError("confirm: expected 0 with a refit that chooses, found a function in refit")
        if self.confirm:
            expect_shuffles(self.cv)

    def _metric(self, results: Mapping[str, Any]) -> str:
        """Return the name of the metric that steers the search.

        A function in ``scoring`` shows only in its results whether it has several.
        """
        names = [key.removeprefix("mean_test_") for key in results if key.startswith("mean_test_")]
        if names == ["score"]:
            return "score"
        if not isinstance(self.refit, str) or self.refit not in names:
            self._refuse_refit(names)
        return str(self.refit)

    def _refuse_refit(self, names: Any) -> None:
        raise ValueError(
            f"refit: expected the metric that steers the search, one of {', '.join(map(str, names))}, "
            f"found {self.refit!r}"
        )

    def _format_results(
        self, candidate_params: Any, n_splits: int, out: Any, more_results: Any = None
    ) -> dict[str, Any]:
        """Return the results of the search alone: confirming runs are no rows of ``cv_results_``."""
        return formatted(super()._format_results, candidate_params, out, more_results[KIND], n_splits)

    def _select_best_index(self, refit: Any, refit_metric: str, results: dict[str, Any]) -> int:
        """Return the row of the winner."""
        if self.confirmed_:
            return self.confirmed_[0].index
        return int(BaseSearchCV._select_best_index(refit, refit_metric, results))  # noqa: SLF001


def _seed(random_state: int | np.random.RandomState | None) -> int:
    """Return the seed of a search: a whole number as it is, as in a study file."""
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31))
