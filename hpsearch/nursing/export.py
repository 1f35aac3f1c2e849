"""Export of a nursed network, as it was after any epoch, trained again to the same bits."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hpsearch.nursing.origin import CourseMaker
from hpsearch.nursing.requests import InterventionError
from hpsearch.report.numbers.nursings import way_of
from hpsearch.store import NursedEpoch, Reader, Study
from hpsearch.types import JsonScalar
from hpsearch.worker.outcome.model_export import write_models


def save_nursed(
    ledger: Reader, study: Study, number: int, path: Path, *, epoch: int | None = None
) -> NursedEpoch:
    """Train a nursing again and write its network after an epoch to a file; return that epoch.

    Args:
        ledger: Where the study is.
        study: A search.
        number: The nursing.
        path: Where to.
        epoch: The epoch, on the way that led to where the nursing stands; the last one if ``None``.

    Raises:
        NotFoundError: There is no such nursing.
        InterventionError: There is no such epoch; or the data have folds, so that there is no one network.
        ContractError: The data here are not the data of the study.
        ModelFileError: The file cannot be written.
    """
    # A worker trains with one thread, and several would add in another order.
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - nothing else here needs it

    with threadpool_limits(1, user_api="blas"):
        return _save_nursed(ledger, study, number, path, epoch=epoch)


def _save_nursed(ledger: Reader, study: Study, number: int, path: Path, *, epoch: int | None) -> NursedEpoch:
    row = ledger.nursing(study, number)
    maker = CourseMaker.of(ledger, study)
    made, stored = ledger.interventions(study, number), ledger.nursed_epochs(study, number)
    course, again = maker.course(row), list[NursedEpoch]()
    course.follow(made, on_epoch=again.append)
    while len(again) < len(stored) and not (again and course.diverged):
        again.append(course.advance())
    way = {point.epoch: point for point in way_of(again, here=course.epoch)}
    if epoch is None:
        epoch = course.epoch
    if not 1 <= epoch <= course.epoch:
        raise InterventionError(
            f"--epoch: expected an epoch from 1 to {course.epoch} of nursing {number}, found {epoch}"
        )
    # What a branch has in common with its parent stands there, and not under its own number.
    point = way.get(epoch, NursedEpoch(part=0, epoch=epoch, loss=None, value=None, digest=""))
    networks = course.networks(epoch)
    if len(networks) > 1:
        raise InterventionError(
            f"study {study.name!r} trains a network for each of {len(networks)} folds: expected data with "
            "one split, of which one network is to be written"
        )
    dataset, metric = maker.dataset, study.spec.metric.name
    what = f"nursing {number} after epoch {epoch}"
    about: Mapping[str, JsonScalar] = {"study": study.name, "seed": study.spec.seed, "what": what}
    metrics: Mapping[str, JsonScalar] = {f"validation_{metric}": point.value}
    models = [replace(network, classes=dataset.labels) for network in networks]
    write_models(models, path, dataset=dataset, metrics=metrics, about=about)
    return point
