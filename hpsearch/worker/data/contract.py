"""The contracts that a search and its confirmation are opened with."""

from collections.abc import Mapping
from dataclasses import replace

from hpsearch.errors import ContractError, NotFoundError
from hpsearch.search import RULE, ConfirmPlan
from hpsearch.store import Reader, Study, Terms, expect_search
from hpsearch.study_file import LEARNED, StudySpec, contract_hash, frozen, spec_to_dict


def search_terms(
    spec: StudySpec,
    *,
    data_hash: str | None = None,
    code: Mapping[str, str] | None = None,
    artifacts: str | None = None,
    strict: bool | None = None,
) -> Terms:
    """Return the terms of a search.

    Args:
        spec: The study.
        data_hash: The content hash of its data; ``None`` where its trials learn from no rows.
        code: Name -> SHA-256 of each file of its code; ``None`` for a study of networks.
        artifacts: Where its files are for every machine; ``None`` leaves what was said before.
        strict: Whether all workers must run on the same; ``None`` leaves what was said before.
    """
    identity = {"data_hash": data_hash, "code": None if code is None else dict(code)}
    known = {key: value for key, value in identity.items() if value is not None}
    return Terms(
        name=spec.name,
        contract={"study": spec_to_dict(spec), **known},
        base=str(spec.base.resolve()),
        budget=spec.trials,
        parallelism=spec.parallelism,
        attempts=spec.attempts,
        artifacts=artifacts,
        strict=strict,
        metric=spec.metric,
    )


def as_begun(spec: StudySpec, reader: Reader) -> tuple[StudySpec, tuple[str, ...]]:
    """Return a study with what the study of its name was begun with, if there is one, and remarks on that.

    That is its version, what the portfolio that comes with hpsearch has given it, and what the file leaves to
    be derived from the budget: the trials in flight and the random rounds. A study that has more trials than
    the file keeps its own number, which a remark says.
    """
    try:
        found = reader.find_study(spec.name)
    except NotFoundError:
        return spec, ()
    if "study" not in found.contract:
        return spec, ()
    shipped = spec.search.start == LEARNED and spec.search.portfolio is None
    search = spec.search
    if "rounds" in spec.derived:
        search = replace(search, rounds=found.spec.search.rounds)
    longer = found.budget > spec.trials and not spec.has_own_trials
    remark = f"trials: study {spec.name!r} has {found.budget} trials, so it continues with {found.budget}"
    if reader.row(found).admitted <= spec.trials:
        remark += f"; --trials {spec.trials} lowers the number"
    spec = replace(
        spec,
        trials=found.budget if longer else spec.trials,
        version=found.spec.version,
        learned=found.spec.learned if shipped else None,
        parallelism=found.spec.parallelism if "parallelism" in spec.derived else spec.parallelism,
        search=search,
    )
    return spec, (remark,) if longer else ()


def confirm_terms(plan: ConfirmPlan, search: Study) -> Terms:
    """Return the terms of a search's confirmation."""
    default = plan.spec.default
    contract = {
        "confirms": contract_hash(search.contract),
        "finalists": list(plan.finalists),
        "default": None if default is None else plan.spec.space.external(default),
        "rule": RULE,
    }
    return Terms(
        name=plan.name,
        contract=contract,
        base=search.base,
        budget=plan.trials,
        parallelism=plan.parallelism,
        attempts=search.attempts,
        artifacts=search.artifacts,
        strict=search.strict,
        confirms=search,
        metric=plan.spec.metric,
    )


def expect_this_plan(study: Study) -> None:
    """Refuse to go on with a search that another version has begun, with settings that it did not have.

    Raises:
        NotFoundError: The study confirms a search.
        ContractError: The study's contract is not what this version would have written for it.
    """
    expect_search(study)
    if frozen({"study": spec_to_dict(study.spec)}) != frozen({"study": study.contract["study"]}):
        raise ContractError(
            f"study {study.name!r} was begun by another version of hpsearch, which searched in another way: "
            "what it found can be read, but it cannot go on; start a study of another name"
        )
