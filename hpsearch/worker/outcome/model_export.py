"""Export of models: the winner of a study, or its ensemble, trained again to the same bits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hpsearch.data import Dataset
from hpsearch.errors import NotFoundError
from hpsearch.nn import Network
from hpsearch.objective import MLPEvaluator
from hpsearch.objective.mlp import networks_of
from hpsearch.search import Verdict
from hpsearch.store import Ledger, Study
from hpsearch.types import JsonScalar
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.outcome.delivery import Trained, train_again
from hpsearch.worker.session import read_settled


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """The part of a study that goes into a model file.

    Attributes:
        networks: The networks.
        what: What they are, in words.
        value: The study's metric on the test rows, of these networks.
        found: The metric of what the study was judged by, as found just now.
        stored: That value as the study's verdict says it.
        metric: Name of the metric.
    """

    networks: Sequence[Network]
    what: str
    value: float
    found: float
    stored: float
    metric: str


def save_networks(ledger: Ledger, study: Study, model: str, path: Path, *, stop: Stop) -> FoundModel:
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
    if not study.spec.has_data:
        raise NotFoundError(
            f"study {study.name!r} has no networks to write: "
            "hpsearch best --json prints the winner's parameters"
        )
    verdict = ledger.verdict(study)
    if verdict is None:
        raise NotFoundError(f"study {study.name!r} has no winner yet: hpsearch start FILE finds it")
    settled = read_settled(ledger, study)
    evaluator = settled.evaluator
    assert isinstance(evaluator, MLPEvaluator)
    trained = train_again(settled, stop, verdict)
    choice = MODELS[model](study, evaluator, trained, verdict)
    about: Mapping[str, JsonScalar] = {"study": study.name, "seed": settled.spec.seed, "what": choice.what}
    metrics = {f"test_{choice.metric}": choice.value, f"study_test_{choice.metric}": choice.stored}
    write_networks(choice.networks, path, dataset=evaluator.dataset, metrics=metrics, about=about)
    return choice


def write_networks(
    networks: Sequence[Network],
    path: Path,
    *,
    dataset: Dataset,
    metrics: Mapping[str, JsonScalar],
    about: Mapping[str, JsonScalar],
) -> None:
    """Write networks to a file, with all that rows of their data must go through before them.

    Args:
        networks: One, or several as an ensemble.
        path: Where to.
        dataset: Their data.
        metrics: Numbers to keep with them.
        about: Further facts to keep with them.

    Raises:
        ModelFileError: The file cannot be written.
    """
    from hpsearch.nn import save_model  # noqa: PLC0415 - no worker writes models

    save_model(
        [replace(network, classes=dataset.labels) for network in networks],
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


def _winner(study: Study, evaluator: MLPEvaluator, trained: Trained, verdict: Verdict) -> FoundModel:
    """Choose one network: a service wants one, and the first seed is not chosen by the test rows."""
    del study
    name = evaluator.metric.name
    judge, n = evaluator.judge, len(trained.judged)
    who = "the declared default" if verdict.number is None else f"trial {verdict.number}"
    of = "" if n == 1 else f", the first of {n} seeds"
    return FoundModel(
        networks=networks_of(trained.judged[:1]),
        what=f"the winner, {who}: one network{of}",
        value=judge.test_scores(trained.judged[:1])[name],
        found=judge.test_scores(trained.judged)[name],
        stored=verdict.test[name],
        metric=name,
    )


def _ensemble(study: Study, evaluator: MLPEvaluator, trained: Trained, verdict: Verdict) -> FoundModel:
    """Choose every network of the ensemble, a network that counts twice twice."""
    if not trained.ensemble or verdict.ensemble is None:
        raise NotFoundError(f"study {study.name!r} has no ensemble: confirm.ensemble is 0 in its file")
    name = evaluator.metric.name
    networks = networks_of(trained.ensemble)
    value = evaluator.judge.ensemble_test_scores(trained.ensemble)[name]
    return FoundModel(
        networks=networks,
        what=f"the ensemble: {len(networks)} networks, their probabilities averaged",
        value=value,
        found=value,
        stored=verdict.ensemble.test[name],
        metric=name,
    )


MODELS: Mapping[str, Callable[[Study, MLPEvaluator, Trained, Verdict], FoundModel]] = {
    "winner": _winner,
    "ensemble": _ensemble,
}
"""The parts of a study that can be saved as a model, by name."""
