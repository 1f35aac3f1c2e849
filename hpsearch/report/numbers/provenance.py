"""The provenance of a study: contract, data, versions, machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

import numpy as np

from hpsearch.store import Maker, Status, Study, TrialMetadata, WorkerRow
from hpsearch.store.schema.versions import REVISION
from hpsearch.study_file import StudySpec, contract_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment and the workers that ran in it.

    Attributes:
        workers: Their names, as in ``WorkerTime``.
        facts: Name -> version, number, text or nothing: ``hpsearch``, ``code`` (the hash of its files),
            ``python``, ``numpy``, ``scipy``, ``optuna``, ``sqlalchemy``, ``blas``, ``blas_core``,
            ``blas_threads``, ``simd``, ``machine``, ``libc``, ``platform``, ``cores``; empty where none were
            noted.
    """

    workers: tuple[str, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The contract, data, versions and machines of a study.

    Attributes:
        fingerprint: SHA-256 over all settled trials, 64 hexadecimal digits.
        contract_hash: SHA-256 of the contract; this, and what follows as far as ``parallelism``, is ``None``
            for a study that Optuna alone has made.
        data_hash: SHA-256 of the data's content; ``None`` for a confirmation, which has its search's.
        schema: Revision of hpsearch's tables.
        seed: The study's seed.
        parallelism: Trials in flight over the whole fleet.
        created: When the study was created, UTC; by Optuna alone, when its first trial began, if any has.
        ended: When its last trial was settled, UTC; ``None`` while trials are left.
        environments: The different environments of its workers, that of the most workers first.
        differing: Names of the facts that are not the same in all environments.
    """

    fingerprint: str
    contract_hash: str | None
    data_hash: str | None
    schema: str | None
    seed: int | None
    parallelism: int | None
    created: datetime | None
    ended: datetime | None
    environments: tuple[Environment, ...]
    differing: tuple[str, ...]


class StudyIdentity(TypedDict):
    """The identity of a study as three hashes, named as JSON names them.

    The names of the columns that become features are in none of them.

    Attributes:
        fingerprint: Of the settled trials and their results.
        contract_hash: Of the name, the seed, all settings, the version of their meaning, the data's hash;
            ``None`` for a study that Optuna alone has made.
        data_hash: Of the rows of all three sets, the classes and the weights of rows; ``None`` for a
            confirmation.
    """

    fingerprint: str
    contract_hash: str | None
    data_hash: str | None


def hashes_of(study: Study, *, fingerprint: str) -> StudyIdentity:
    """Return the hashes of a study that has this fingerprint."""
    return StudyIdentity(
        fingerprint=fingerprint,
        contract_hash=contract_hash(study.contract) if study.contract else None,
        data_hash=study.contract.get("data_hash"),
    )


def provenance_of(  # noqa: PLR0913 - a study is made of these
    study: Study,
    spec: StudySpec,
    *,
    status: Status,
    fingerprint: str,
    origins: TrialMetadata,
    environments: tuple[Environment, ...],
) -> Provenance:
    """Return the provenance of a study."""
    foreign = study.maker is Maker.OPTUNA
    over = status.finished and not np.isnan(origins.ended).all()
    return Provenance(
        **hashes_of(study, fingerprint=fingerprint),
        schema=None if foreign else REVISION,
        seed=None if foreign else spec.seed,
        parallelism=None if foreign else study.parallelism,
        created=_moment(status.created_at) if status.created_at else None,
        ended=_moment(float(np.nanmax(origins.ended))) if over else None,
        environments=environments,
        differing=_differing(environments),
    )


def environments_of(workers: Sequence[WorkerRow], names: Sequence[str]) -> tuple[Environment, ...]:
    """Return the different environments of workers, that of the most workers first."""
    groups: list[tuple[Mapping[str, Any], list[str]]] = []
    for worker, name in zip(workers, names, strict=True):
        group = next((members for facts, members in groups if facts == worker.environment), None)
        if group is None:
            groups.append((worker.environment, [name]))
        else:
            group.append(name)
    groups.sort(key=lambda group: -len(group[1]))
    return tuple(Environment(workers=tuple(members), facts=facts) for facts, members in groups)


def _differing(environments: Sequence[Environment]) -> tuple[str, ...]:
    noted = [environment.facts for environment in environments if environment.facts]
    keys = sorted({key for facts in noted for key in facts})
    return tuple(key for key in keys if any(facts.get(key) != noted[0].get(key) for facts in noted))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
