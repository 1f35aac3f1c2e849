"""Replay: every trial of a study is computed again from the contract alone, and compared."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from hpsearch.objective import Evaluator, Task
from hpsearch.search import (
    PROPOSED,
    ConfirmPlan,
    History,
    Plan,
    SearchPlan,
    Stage,
    Stopped,
    StopRule,
    TrialState,
)
from hpsearch.space import Space
from hpsearch.store import Ledger, Result, Study
from hpsearch.worker.data.contract import expect_this_plan
from hpsearch.worker.loop.evaluation import result_of, task_of
from hpsearch.worker.session import make_evaluator

TOGETHER = 16
"""Trials that are trained in one stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A trial that comes out otherwise when it is computed again.

    Attributes:
        study: The study, or its confirmation.
        number: The trial.
        what: What differs: ``"params"``, ``"state"``, ``"curve"`` or ``"value"``.
        stored: What the study holds.
        again: What was computed.
    """

    study: str
    number: int
    what: str
    stored: object
    again: object

    def __str__(self) -> str:
        return f"{self.study}: trial {self.number}: {self.what}: {self.stored} -> {self.again}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The result of a replay.

    Attributes:
        proposals: Trials whose parameters were computed again.
        trainings: Trials that were trained again.
        by_hand: Trials whose parameters were enqueued: they cannot be computed.
        differences: What came out otherwise.
    """

    proposals: int
    trainings: int
    by_hand: int
    differences: Sequence[Difference]


def replay(
    ledger: Ledger,
    study: Study,
    *,
    train: bool = False,
    allow: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Replay:
    """Compute every settled trial of a study again, and of its confirmation where there is one.

    Args:
        ledger: Where the study is.
        study: A search.
        train: Whether to train every trial again, too; a function or a command is run again.
        allow: Whether code that the database names may be run here.
        say: Where news go, a line each.

    Raises:
        ContractError: The data here are not those that the study was created with, or another version of
            hpsearch has begun it.
    """
    expect_this_plan(study)
    spec = study.spec
    evaluator = make_evaluator(study, allow=allow) if train else None
    past = ledger.history(study).history
    rows = ledger.rows(study)
    by_hand = {row.number for row in rows if Stage.of(row.stage) not in PROPOSED}
    runs: list[tuple[Plan, History]] = [(SearchPlan(spec), past)]
    ends = [ledger.row(study).stopped]
    confirm = ConfirmPlan.of(spec, past)
    if confirm.trials and (companion := ledger.companion(study)) is not None:
        runs.append((confirm, ledger.history(companion).history))
        ends.append(ledger.row(companion).stopped)
    differences: list[Difference] = []
    for (plan, history), stopped in zip(runs, ends, strict=True):
        differences += _stop(plan, history, stopped)
    with closing(evaluator) if evaluator else nullcontext():
        for plan, history in runs:
            skipped = by_hand if plan.name == study.name else set()
            differences += _proposals(plan, history, spec.space, skipped)
            say(f"{plan.name}: {len(history)} proposals computed again")
            if evaluator is not None:
                differences += _trainings(plan, history, evaluator)
                say(
                    f"{plan.name}: {len(history.valued)} trials {'trained' if spec.has_data else 'run'} again"
                )
    return Replay(
        proposals=sum(len(history) for _, history in runs) - len(by_hand),
        trainings=sum(len(history.valued) for _, history in runs) if train else 0,
        by_hand=len(by_hand),
        differences=differences,
    )


def _proposals(plan: Plan, history: History, space: Space, skipped: set[int]) -> Iterator[Difference]:
    for number in range(len(history)):
        if number not in skipped:
            stored = history.point(number)
            again = plan.propose(history, number).internal
            if stored != again:
                yield Difference(
                    study=plan.name,
                    number=number,
                    what="params",
                    stored=space.external(stored),
                    again=space.external(again),
                )


def _stop(plan: Plan, history: History, stored: Stopped | None) -> Iterator[Difference]:
    """Ask the rule that ended a study again; no clock can be asked again."""
    if stored is None or stored.rule is StopRule.HOURS or stored.number > len(history):
        return
    again = plan.ended(history.up_to(stored.number), stored.number)
    if again != stored:
        yield Difference(study=plan.name, number=stored.number, what="stop", stored=stored, again=again)


def _trainings(plan: Plan, history: History, evaluator: Evaluator) -> Iterator[Difference]:
    for first in range(0, len(history.valued), TOGETHER):
        part = [int(number) for number in history.valued[first : first + TOGETHER]]
        with TemporaryDirectory(prefix="hpsearch-") as scratch:
            tasks = [_task(plan, history, number, Path(scratch)) for number in part]
            outcomes = evaluator.evaluate(tasks)
        for number, outcome in zip(part, outcomes, strict=True):
            yield from _compare(plan.name, history, number, result_of(outcome))


def _task(plan: Plan, history: History, number: int, scratch: Path) -> Task:
    internal, folder = history.point(number), scratch / str(number)
    return task_of(plan, history, number=number, internal=internal, folder=folder)


def _compare(study: str, history: History, number: int, again: Result) -> Iterator[Difference]:
    curve = history.sign * history.curves[number]
    pairs: dict[str, tuple[object, object]] = {
        "state": (TrialState(history.states[number]).name.lower(), again.state.name.lower()),
        "curve": (tuple(curve[~np.isnan(curve)].tolist()), again.curve),
        "value": (float(history.measured[number]), again.value),
    }
    for what, (stored, now) in pairs.items():
        if stored != now:
            yield Difference(study=study, number=number, what=what, stored=stored, again=now)
