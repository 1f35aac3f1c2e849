"""The evaluator that fits an estimator for each trial, in a process that is kept between them."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np

from hpsearch.data import Dataset
from hpsearch.estimators.columns import NATIVE, ColumnEncoding
from hpsearch.estimators.saved import SavedEstimator, expect_skops, missing_of
from hpsearch.metrics import PredictionKind
from hpsearch.objective.estimator.description import named
from hpsearch.objective.estimator.outcome import EstimatorOutcome
from hpsearch.objective.process.function_process import Answer, FunctionProcess
from hpsearch.objective.process.kept_process import Function
from hpsearch.objective.process.trials import ProcessEvaluator, Tell, failed
from hpsearch.objective.rows.data import blocks_of, training_data
from hpsearch.objective.rows.judge import RowJudge
from hpsearch.objective.rows.metric import row_metric
from hpsearch.objective.rows.outcome_cache import OutcomeCache
from hpsearch.objective.rows.predicted import FoundPredictions
from hpsearch.objective.task import Ending, Outcome, Task
from hpsearch.study_file import StudySpec
from hpsearch.types import Json

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class EstimatorEvaluator(ProcessEvaluator):
    """Fits an estimator for each task.

    Args:
        spec: The study.
        dataset: Its examples.
        folder: The folder of the estimator's file; ``None`` for one of a package.
        cache: Keeps outcomes, so that nothing is fitted twice; without one nothing is kept.
        refit: Whether to fit on the validation rows as well.
        keep: Whether outcomes hold the estimator itself, to be saved.

    Attributes:
        dataset: Its examples.
    """

    def __init__(  # noqa: PLR0913 - each has a default
        self,
        spec: StudySpec,
        dataset: Dataset,
        *,
        folder: Path | None = None,
        cache: OutcomeCache[EstimatorOutcome] | None = None,
        refit: bool = False,
        keep: bool = False,
    ) -> None:
        super().__init__(spec)
        self.dataset, self._folder = dataset, folder
        self._cache = OutcomeCache[EstimatorOutcome](room=0) if cache is None else cache
        self._refit, self._keep = refit, keep
        self._metric = row_metric(spec)
        self._data = training_data(spec, dataset, refit=refit)
        self.encoding = encoding_of(spec.objective.encoding or NATIVE, dataset)
        self._files: tuple[BinaryIO, BinaryIO] | None = None
        self._caller: FunctionProcess | None = None

    @cached_property
    def judge(self) -> RowJudge:
        """What judges estimators by the rows of the study."""
        predictions = FoundPredictions(self._n_models)
        return RowJudge(
            self.dataset, self._data, metric=self._metric, constant=self._constant, predictions=predictions
        )

    def refitting(self) -> "EstimatorEvaluator":
        """Return one that fits on training and validation rows together."""
        return EstimatorEvaluator(self._spec, self.dataset, folder=self._folder, refit=True, keep=self._keep)

    def keeping(self) -> "EstimatorEvaluator":
        """Return one whose outcomes hold the estimators themselves.

        Raises:
            MissingPackageError: They cannot be written here.
        """
        expect_skops()
        return EstimatorEvaluator(self._spec, self.dataset, folder=self._folder, refit=self._refit, keep=True)

    def models(self, outcomes: Sequence[Outcome]) -> list[SavedEstimator]:
        """Return the estimator of each outcome, with the labels of the data."""
        return [
            SavedEstimator(
                outcome.model,
                name=self._spec.objective.estimator or "",
                encoding=self.encoding,
                n_features=self.dataset.X_train.shape[1],
                classes=self.dataset.labels,
            )
            for outcome in outcomes
            if isinstance(outcome, EstimatorOutcome)
        ]

    def close(self) -> None:
        """End the process."""
        if self._caller is not None:
            self._caller.close()
            self._caller = None
        for file in self._files or ():
            file.close()
        self._files = None

    def _run(self, task: Task, tell: Tell) -> Outcome:
        # An evaluation that belongs to no trial is one of the delivery: the test rows judge it, once.
        tests = task.folder is None
        key = (task.key, tests)
        kept = self._cache.find(key)
        if kept is not None:
            return kept
        rows, answers = self._opened()
        given = {
            **named(self._spec.objective.estimator or "", self._folder or self._spec.base),
            "model": dict(self._spec.model),
            "rows": rows.fileno(),
            "answers": answers.fileno(),
            "classes": len(self.dataset.classes),
            "categorical": list(zip(self.encoding.categorical, self.encoding.counts(), strict=True)),
            "native": self.encoding.kind == NATIVE,
            "whole": tests or self._metric.takes is PredictionKind.PROBABILITIES,
            "test": tests,
            "keep": self._keep,
        }
        # A trial has its attempts in the ledger; the delivery has none there, and its process may be killed.
        answer = self._asked(task, tell, given, tries=self._spec.attempts if tests else 1)
        if answer.found.get("error") is not None:
            return failed(answer.found["error"], error=answer.found["traceback"], log=answer.log)
        outcome = self._outcome(answer)
        if isinstance(outcome, EstimatorOutcome):
            self._cache.put(key, outcome)
        return outcome

    def _asked(self, task: Task, tell: Tell, given: Json, *, tries: int) -> Answer:
        """Return the answer to a task: the last one, where each before it was an error."""
        assert self._caller is not None
        assert self._files is not None
        while True:
            os.ftruncate(self._files[1].fileno(), 0)  # an answer to the task before is none to this one
            answer = self._caller.call(task, tell, given=given)
            tries -= 1
            if tries < 1 or answer.found.get("error") is None:
                return answer

    def _outcome(self, answer: Answer) -> Outcome:
        assert self._files is not None
        try:
            found = _read(self._files[1])
        except (OSError, EOFError, ValueError, BadZipFile):
            self.close()  # it has lost or overwritten the file
            why = "its process answered, but has not written what it predicts"
            return failed(why, error=None, log=answer.log)
        model = found.pop("model", np.empty(0, np.uint8)).tobytes()
        value = self._value(found)
        if value is not None and not np.isfinite(value):
            why = f"its predictions have no finite {self._metric.title}"
            return failed(why, error=None, log=answer.log)
        notes = {} if answer.log is None else {"log": answer.log}
        return EstimatorOutcome(
            ending=Ending.COMPLETE,
            curve=(),
            value=np.nan if value is None else value,
            notes=notes,
            predicted=found,
            model=model,
        )

    def _value(self, found: Mapping[str, Any]) -> float | None:
        """Return the metric on the rows that score a trial, the mean over folds; ``None`` of a refit."""
        if self._refit:
            return None
        data, metric = self._data, self._metric
        if data.folds is None:
            truths = [data.y_val]
        else:
            truths = [data.y[own[:n]] for own, n in zip(data.folds.held, data.folds.counts, strict=True)]
        outcome = EstimatorOutcome(ending=Ending.COMPLETE, curve=(), value=0.0, predicted=found)
        answers = FoundPredictions(self._n_models).held_out(outcome)
        with np.errstate(all="ignore"):
            values = [metric.of(y, answer(metric.takes)) for y, answer in zip(truths, answers, strict=True)]
        return float(np.mean(values))

    def _opened(self) -> tuple[BinaryIO, BinaryIO]:
        """Return the files of the rows and of the answers; they have no name, so that none is left behind."""
        if self._files is None:
            files = (tempfile.TemporaryFile(), tempfile.TemporaryFile())  # noqa: SIM115 - closed by close
            self._files = files
            np.savez(files[0], **self._rows())
            files[0].flush()
            objective = self._spec.objective
            self._caller = FunctionProcess(
                Function(
                    folder=self._folder or Path.cwd(),
                    where="hpsearch.estimators.fitting",
                    name="fit",
                    file=None,
                    variables=_ONE_THREAD,
                    pass_fds=[file.fileno() for file in files],
                ),
                timeout_s=objective.timeout,
                memory_gib=objective.memory,
                stops=self._stops,
            )
        return self._files

    def _rows(self) -> dict[str, Any]:
        """Return the arrays that estimators learn from and predict."""
        data, encode = self._data, self.encoding.apply
        y = data.y if self.dataset.classes else data.y.reshape(-1)
        arrays: dict[str, Any] = {
            "X": encode(data.X),
            "y": y,
            "X_val": encode(data.X_val),
            "X_test": encode(self.dataset.X_test),
            "n_folds": len(data.folds) if data.folds is not None else 0,
        }
        if data.weights is not None:
            arrays["weights"] = data.weights
        if data.folds is not None:
            for fold, (train, held, n) in enumerate(
                zip(data.folds.train, data.folds.held, data.folds.counts, strict=True)
            ):
                arrays |= {f"train{fold}": train, f"rows{fold}": held[:n]}
        return arrays

    @property
    def _n_models(self) -> int:
        return 1 if self._data.folds is None else len(self._data.folds)

    @cached_property
    def _constant(self) -> float:
        data = self.dataset
        truth = data.y_train if self._spec.data.folds > 1 else data.y_val
        return self._metric.constant(truth, truth, len(data.classes))


def encoding_of(kind: str, dataset: Dataset) -> ColumnEncoding:
    """Return how the features of a data set are given to an estimator."""
    return ColumnEncoding(kind, blocks=blocks_of(dataset), missing=missing_of(dataset.filled))


def _read(file: BinaryIO) -> dict[str, Any]:
    """Return the arrays that the process has written."""
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    with open(file.fileno(), "rb", closefd=False) as again, np.load(again, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
