"""The trainings that a settled study comes down to, which its verdict is made of."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Protocol

from hpsearch.errors import HpsearchError
from hpsearch.objective import Ending, Evaluator, JudgedRows, Outcome, Task
from hpsearch.search import History, Plan, SearchPlan, Verdict, ranking
from hpsearch.search.confirmation.finalists import near
from hpsearch.study_file import Purpose, child_seed
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.session import Settled


class RepeatedTrialError(HpsearchError):
    """A trial that had a value fails when it is repeated: this machine has less memory, or other versions."""


class Trainer(Protocol):
    """What trains for a verdict: this worker alone, or with the others."""

    def __call__(self, evaluator: Evaluator, tasks: Sequence[Task], rows: JudgedRows) -> list[Outcome]:
        """Return the outcomes of tasks in order; one that has not failed can be judged by certain rows.

        Raises:
            Aborted: The training was asked to end.
        """


@dataclass(frozen=True, slots=True)
class LocalTrainer:
    """Trains in this worker alone.

    Attributes:
        stop: How the training is asked to end early.
    """

    stop: Stop

    def __call__(
        self,
        evaluator: Evaluator,
        tasks: Sequence[Task],
        rows: JudgedRows,  # noqa: ARG002 - what was trained here can be judged by all
    ) -> list[Outcome]:
        """Train tasks, each that is there twice once."""
        different = {task.key: task for task in tasks}
        trained = evaluator.evaluate(list(different.values()), on_report=lambda _: self.stop.check())
        outcomes = dict(zip(different, trained, strict=True))
        return [outcomes[task.key] for task in tasks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The trainings that a settled study comes down to.

    Attributes:
        verdict: The verdict of the race, without what the test rows say.
        judged: The winner's trainings, one a seed.
        ensemble: The trainings of the ensemble; none where it is turned off.
    """

    verdict: Verdict
    judged: Sequence[Outcome]
    ensemble: Sequence[Outcome]


def train_again(settled: Settled, train: Trainer, verdict: Verdict) -> Trained:
    """Return the trainings of a settled study.

    They are trained again: the same settings and seeds give the same bits. With ``refit`` they learn from the
    validation rows as well, and the winner with seeds that it has not been chosen by.

    Args:
        settled: The study.
        train: What trains.
        verdict: Its verdict.

    Raises:
        RepeatedTrialError: A training has no value.
        Aborted: The training was asked to end.
    """
    judged = list(_judged(settled, verdict))
    members = list(_members(settled, verdict))
    with ExitStack() as stack:
        evaluator = settled.evaluator
        if settled.spec.confirm.refit:
            evaluator = stack.enter_context(closing(evaluator.refitting()))
        outcomes = expect_values(train(evaluator, judged + members, JudgedRows.TEST))
    return Trained(
        verdict=verdict,
        judged=outcomes[: len(judged)],
        ensemble=_whole(outcomes[len(judged) :]),
    )


def point_of(settled: Settled, number: int | str | None) -> tuple[float, ...]:
    """Return the parameters of a candidate: of a trial by its number, else the declared default."""
    if isinstance(number, int):
        return settled.history.point(number)
    assert settled.spec.default is not None
    return settled.spec.default


def expect_values(outcomes: list[Outcome]) -> list[Outcome]:
    """Return the outcomes of repeated trials.

    Raises:
        RepeatedTrialError: One of them has failed.
    """
    for outcome in outcomes:
        if outcome.ending is Ending.FAILED:
            raise RepeatedTrialError(
                f"a trial that had a value has none when it is repeated: {outcome.reason}"
            )
    return outcomes


def _judged(settled: Settled, verdict: Verdict) -> Iterator[Task]:
    """Yield the trainings of the winner: its confirming runs, or its trial alone; refits have new seeds."""
    tasks = list(confirming_runs(settled, [verdict.number])) or [_unconfirmed(settled, verdict)]
    if not settled.spec.confirm.refit:
        yield from tasks
        return
    for place in range(settled.spec.confirm.seeds):
        yield Task(settings=tasks[0].settings, seed=child_seed(settled.spec.seed, Purpose.REFIT, place))


def _members(settled: Settled, verdict: Verdict) -> Iterator[Task]:
    """Yield the trainings of the ensemble: the best trials, the runs of the winner and of those near it."""
    size = settled.spec.confirm.ensemble
    if size:
        plan = SearchPlan(settled.spec)
        for number in ranking(settled.spec.space, settled.history)[:size]:
            yield _task(plan, settled.history, int(number))
        if settled.plan is not None and settled.confirmed is not None:
            worst = settled.evaluator.metric.worst_score
            others = near(settled.plan.candidates, settled.confirmed, worst=worst)
            yield from confirming_runs(settled, [verdict.number, *others])


def confirming_runs(settled: Settled, numbers: Sequence[int | str | None]) -> Iterator[Task]:
    """Yield the confirming runs of candidates, without the runs that failed."""
    if settled.plan is None or settled.confirmed is None:
        return
    wanted = {point_of(settled, number) for number in numbers}
    for number in settled.confirmed.valued:
        if settled.confirmed.point(number) in wanted:
            yield _task(settled.plan, settled.confirmed, int(number))


def _unconfirmed(settled: Settled, verdict: Verdict) -> Task:
    """Return a training of the winner where it has no confirming run that can be trained again."""
    search = SearchPlan(settled.spec)
    settings = (settled.plan or search).settings(point_of(settled, verdict.number))
    return Task(settings=settings, seed=search.seed(verdict.number or 0))


def _task(plan: Plan, history: History, number: int) -> Task:
    """Return the training of a trial that was not stopped at a rung."""
    settings = plan.settings(history.point(number))
    return Task(settings=settings, seed=plan.seed(number))


def _whole(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the trainings that ran to the end."""
    return [outcome for outcome in outcomes if outcome.ending is Ending.COMPLETE]
