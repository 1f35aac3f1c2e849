"""The scoring of candidates by scikit-learn, with every candidate in one row of the results."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import Any

import numpy as np

from hpsearch.types import Float64Array

KIND = "kind"
"""The key under which rows carry their ``Kind`` until the results are formatted."""

_ALL_FAILED = re.compile(r"\s*All the \d+ fits failed")


class Kind(StrEnum):
    """What a row of results is for."""

    SEARCH = "search"
    CONFIRM = "confirm"
    SPARE = "spare"


class CandidateScores:
    """The scores of the candidates of one search, as scikit-learn finds them.

    scikit-learn raises where every fit of a batch fails. Such a batch waits, and is scored again together
    with the next one, so that its rows are not lost; the search takes its candidates for failed at once.

    Args:
        evaluate: ``evaluate_candidates`` of scikit-learn.
        splits: The splitter of the search, or ``None`` for the list of splits that scikit-learn was given.
        metric: Results so far -> name of the metric that steers the search.
        error_score: The score of a fit that failed, or ``"raise"``.
        subtask: Opens a callback context for a batch; ``None`` in it before version 1.9 of scikit-learn.
    """

    def __init__(
        self,
        evaluate: Callable[..., dict[str, Any]],
        *,
        splits: Any,
        metric: Callable[[Mapping[str, Any]], str],
        error_score: float | str,
        subtask: Callable[[], AbstractContextManager[Any]],
    ) -> None:
        self._evaluate = evaluate
        self._splits = splits
        self._metric = metric
        self._error_score = error_score
        self._subtask = subtask
        self._sound: list[dict[str, Any]] = []
        self._waiting: list[dict[str, Any]] = []
        self._error: ValueError | None = None
        self.all: Float64Array = np.empty(0)

    def add(self, batch: Sequence[dict[str, Any]]) -> None:
        """Score candidates; then ``all`` has their scores, too, in their order."""
        rows = [*self._waiting, *batch]
        try:
            results = self._rows(rows, [Kind.SEARCH] * len(rows), self._splits)
        except ValueError as error:
            if self._error_score == "raise" or not _ALL_FAILED.match(str(error)):
                raise
            self._waiting, self._error = rows, error
            failed = np.full(len(batch), self._error_score, np.float64)
            self.all = np.concatenate([self.all, failed])
        else:
            self._waiting, self._sound = [], rows
            self.all = np.array(results[f"mean_test_{self._metric(results)}"])

    def finish(self) -> None:
        """Score what waits, beside candidates of which not every fit fails; these add no rows.

        Raises:
            ValueError: Every fit of the search failed.
        """
        if self._waiting and not self._sound and self._error is not None:
            raise self._error
        if self._waiting:
            kinds = [Kind.SEARCH] * len(self._waiting) + [Kind.SPARE] * len(self._sound)
            self._rows([*self._waiting, *self._sound], kinds, self._splits)
            self._waiting = []

    def confirm(self, batch: Sequence[dict[str, Any]], splits: Any) -> Float64Array:
        """Return the scores of candidates on other splits, ``(n,)``; these add no rows either."""
        results = self._rows(batch, [Kind.CONFIRM] * len(batch), splits)
        confirming = results.pop(Kind.CONFIRM)
        return np.array(confirming[f"mean_test_{self._metric(results)}"][-len(batch) :])

    def _rows(self, batch: Sequence[dict[str, Any]], kinds: Sequence[Kind], splits: Any) -> dict[str, Any]:
        with self._subtask() as context:
            options = {} if context is None else {"callback_ctx": context}
            return self._evaluate(batch, cv=splits, more_results={KIND: kinds}, **options)


def formatted(
    format_results: Callable[..., dict[str, Any]],
    params: Sequence[dict[str, Any]],
    fits: Sequence[Any],
    kinds: Sequence[Kind],
    n_splits: int,
) -> dict[str, Any]:
    """Return the rows of the search as scikit-learn formats them; under ``"confirm"`` the confirming ones.

    Args:
        format_results: The method of scikit-learn.
        params: The parameters of each row.
        fits: What came of its fits, ``n_splits`` for each row.
        kinds: The kind of each row.
        n_splits: Folds.
    """

    def part(kind: Kind) -> dict[str, Any]:
        rows = [row for row, one in enumerate(kinds) if one is kind]
        mine = [fits[row * n_splits + fold] for row in rows for fold in range(n_splits)]
        return format_results([params[row] for row in rows], n_splits, mine)

    results = part(Kind.SEARCH)
    return results | {Kind.CONFIRM: part(Kind.CONFIRM)} if Kind.CONFIRM in kinds else results


@contextmanager
def subtask(parent: Any, name: str, estimator: object, *, sequential: bool) -> Iterator[Any]:
    """Open a callback context of scikit-learn below another one; ``None`` where there is none."""
    if parent is None:
        yield None
        return
    task = parent.subcontext(task_name=name, max_subtasks=None, sequential_subtasks=sequential)
    task.call_on_fit_task_begin(estimator=estimator)
    try:
        yield task
    finally:
        task.call_on_fit_task_end(estimator=estimator)
