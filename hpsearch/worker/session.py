"""One worker from start to end: open the study, load its data, search, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hpsearch.data import Dataset, load_dataset
from hpsearch.errors import ContractError
from hpsearch.objective import MLPObjective, Shelf
from hpsearch.search import ConfirmPlan, History, SearchPlan
from hpsearch.spec import Purpose, StudySpec, child_seed
from hpsearch.store import Ledger, Study
from hpsearch.worker.loop import Loop
from hpsearch.worker.stop import Stop
from hpsearch.worker.terms import confirm_terms, spec_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A study whose trials are all settled.

    Attributes:
        spec: The study.
        study: The study in the ledger.
        objective: What evaluates its trials.
        history: The search.
        plan: The confirmation, or ``None`` where it is turned off or nothing could be confirmed.
        confirmed: The confirming runs, or ``None``.
    """

    spec: StudySpec
    study: Study
    objective: MLPObjective
    history: History
    plan: ConfirmPlan | None
    confirmed: History | None


def load_data(spec: StudySpec, base: Path) -> Dataset:
    """Return a study's examples, split from its seed.

    Args:
        spec: The study.
        base: The folder that relative data paths start from.
    """
    data = spec.data
    return load_dataset(
        data.source,
        target=data.target,
        train=data.train,
        validation=data.validation,
        test=data.test,
        scaling=data.scaling,
        seed=child_seed(spec.seed, Purpose.SPLIT),
        base=base,
    )


def work(
    ledger: Ledger,
    name: str | None,
    *,
    stop: Stop,
    fleet: int = 1,
    say: Callable[[str], None] = lambda _line: None,
) -> Settled | None:
    """Work on a study, then on its confirmation, until every trial is settled.

    Args:
        ledger: Where the study is.
        name: The study, or ``None`` for the only one.
        stop: How the worker is asked to end.
        fleet: How many workers are expected.
        say: Where news go, a line each.

    Returns:
        The settled study, or ``None`` when asked to end before.

    Raises:
        ContractError: The data here are not those that the study was created with.
    """
    study = ledger.find_study(name)
    spec = spec_of(study)
    dataset = load_data(spec, Path(study.base))
    if dataset.content_hash != study.contract["data_hash"]:
        raise ContractError(
            f"study {study.name!r}: its data {spec.data.source!r} have changed since it was created "
            f"(hash {study.contract['data_hash'][:12]}, found {dataset.content_hash[:12]}); "
            "restore them, or start a study of another name"
        )
    objective = MLPObjective(spec, dataset, shelf=Shelf())
    loop = Loop(ledger, spec, objective, stop=stop, fleet=fleet, say=say)
    history = loop.run(SearchPlan(spec), study)
    if history is None:
        return None
    plan = ConfirmPlan.of(spec, history)
    confirmed = None
    if plan.trials:
        confirmed = loop.run(plan, ledger.open_study(confirm_terms(plan, study)))
        if confirmed is None:
            return None
    return Settled(
        spec=spec,
        study=study,
        objective=objective,
        history=history,
        plan=plan if plan.trials else None,
        confirmed=confirmed,
    )
