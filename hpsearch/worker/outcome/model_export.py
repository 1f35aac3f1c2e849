"""Export of models: the winner of a study, or its ensemble, trained again to the same bits."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from hpsearch.data import Dataset
from hpsearch.errors import NotFoundError, to_type
from hpsearch.estimators.saved import SavedEstimator
from hpsearch.nn import Network
from hpsearch.objective import RowEvaluator
from hpsearch.search import Verdict
from hpsearch.store import Ledger, Study
from hpsearch.types import JsonScalar
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.outcome.trainings import LocalTrainer, Trained, train_again
from hpsearch.worker.session import read_settled


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """The part of a study that goes into a model file.

    Attributes:
        models: The networks, or the estimators.
        what: What they are, in words.
        value: The study's metric on the test rows, of these.
        found: The metric of what the study was judged by, as found just now.
        stored: That value as the study's verdict says it.
        metric: Name of the metric.
    """

    models: Sequence[Network | SavedEstimator]
    what: str
    value: float
    found: float
    stored: float
    metric: str


def save_study_model(ledger: Ledger, study: Study, model: str, path: Path, *, stop: Stop) -> FoundModel:
    """Train a study's winner or ensemble again and write it to a file.

    What is read back takes rows as the data file has them: the scaling of the inputs, the names of the
    columns and the labels are in the file.

    Args:
        ledger: Where the study is.
        study: A search whose winner is known.
        model: A name in ``MODELS``.
        path: Where to.
        stop: How the training is asked to end early.

    Raises:
        NotFoundError: The winner is not known yet, or the study has no ensemble.
        ContractError: The data here are not the data of the study, or another version has begun it.
        ModelFileError: The file cannot be written.
        Aborted: ``stop`` was asked twice.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - no worker writes models

    if not study.spec.has_data:
        raise NotFoundError(
            f"study {study.name!r} has no model to write: "
            f"{to_type('best --json', study.name)} prints the winner's parameters"
        )
    verdict = ledger.verdict(study)
    if verdict is None:
        raise NotFoundError(f"study {study.name!r} has no winner yet: {to_type('start FILE')} finds it")
    settled = read_settled(ledger, study)
    evaluator = cast("RowEvaluator", settled.evaluator).keeping()
    # As a worker trains: several threads of BLAS share a large product out, and round otherwise. Variables
    # would come too late where NumPy is imported already.
    with threadpool_limits(1, user_api="blas"):
        with closing(evaluator):
            trained = train_again(replace(settled, evaluator=evaluator), LocalTrainer(stop), verdict)
        choice = MODELS[model](study, evaluator, trained, verdict)
    about: Mapping[str, JsonScalar] = {"study": study.name, "seed": settled.spec.seed, "what": choice.what}
    metrics = {f"test_{choice.metric}": choice.value, f"study_test_{choice.metric}": choice.stored}
    write_models(choice.models, path, dataset=evaluator.dataset, metrics=metrics, about=about)
    return choice


def write_models(
    models: Sequence[Network | SavedEstimator],
    path: Path,
    *,
    dataset: Dataset,
    metrics: Mapping[str, JsonScalar],
    about: Mapping[str, JsonScalar],
) -> None:
    """Write networks or estimators to a file, with all that rows of their data must go through before them.

    Args:
        models: One, or several as an ensemble, with the labels of the data.
        path: Where to.
        dataset: Their data.
        metrics: Numbers to keep with them.
        about: Further facts to keep with them.

    Raises:
        ModelFileError: The file cannot be written.
    """
    from hpsearch.nn import save_model  # noqa: PLC0415 - no worker writes models

    save_model(
        models,
        path,
        scaler=dataset,
        metrics=metrics,
        data_hash=dataset.content_hash,
        features=dataset.features,
        categories=dataset.categorical,
        filled=dataset.filled,
        rules=dataset.rules,
        binned=dataset.binned,
        about=about,
    )


def _winner(study: Study, evaluator: RowEvaluator, trained: Trained, verdict: Verdict) -> FoundModel:
    """Choose one model: a service wants one, and the first seed is not chosen by the test rows."""
    del study
    name = evaluator.metric.name
    judge, n = evaluator.judge, len(trained.judged)
    assert judge is not None
    who = "the declared default" if verdict.number is None else f"trial {verdict.number}"
    of = "" if n == 1 else f", the first of {n} seeds"
    return FoundModel(
        models=evaluator.models(trained.judged[:1]),
        what=f"the winner, {who}: one model{of}",
        value=judge.judge(trained.judged[:1]).scores[name],
        found=judge.judge(trained.judged).scores[name],
        stored=verdict.test[name],
        metric=name,
    )


def _ensemble(study: Study, evaluator: RowEvaluator, trained: Trained, verdict: Verdict) -> FoundModel:
    """Choose every model of the ensemble, a model that counts twice twice."""
    if not trained.ensemble or verdict.ensemble is None:
        raise NotFoundError(f"study {study.name!r} has no ensemble: confirm.ensemble is 0 in its file")
    name = evaluator.metric.name
    assert evaluator.judge is not None
    value = evaluator.judge.judge_ensemble(trained.ensemble).scores[name]
    return FoundModel(
        models=evaluator.models(trained.ensemble),
        what=f"the ensemble: {len(trained.ensemble)} models, their predictions averaged",
        value=value,
        found=value,
        stored=verdict.ensemble.test[name],
        metric=name,
    )


MODELS: Mapping[str, Callable[[Study, RowEvaluator, Trained, Verdict], FoundModel]] = {
    "winner": _winner,
    "ensemble": _ensemble,
}
"""The parts of a study that can be saved as a model, by name."""
