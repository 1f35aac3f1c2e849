"""The loop of one worker: read the history, propose, claim, train, finish."""

from collections.abc import Callable, Sequence

from hpsearch.objective import Ending, MLPObjective, Outcome, Task
from hpsearch.search import History, Plan, Proposal, TrialState, judge, may_start
from hpsearch.spec import StudySpec
from hpsearch.store import Claim, Known, Ledger, Result, Schedule, Study
from hpsearch.worker.heartbeat import Heartbeat
from hpsearch.worker.identity import is_alive, this_host, this_worker
from hpsearch.worker.stop import Aborted, Stop

SHORTEST_WAIT_S = 0.005
LONGEST_WAIT_S = 0.25
SWEEP_S = 1.0
"""A worker that has waited so long looks for dead neighbours."""

_STATES = {
    Ending.COMPLETE: TrialState.COMPLETE,
    Ending.STOPPED: TrialState.PRUNED,
    Ending.DIVERGED: TrialState.PRUNED,
}


class Loop:
    """Works on one plan until every trial is settled.

    Args:
        ledger: Where the study is.
        spec: The study.
        objective: What evaluates its trials.
        stop: Asked between trainings and between epochs.
        fleet: How many workers are expected; decides how many trials are claimed at a time, never
            what comes of them.
        say: Where news go, a line each.
    """

    def __init__(  # noqa: PLR0913 - one worker is made of these
        self,
        ledger: Ledger,
        spec: StudySpec,
        objective: MLPObjective,
        *,
        stop: Stop,
        fleet: int = 1,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._ledger = ledger
        self._spec = spec
        self._objective = objective
        self._stop = stop
        self._fleet = fleet
        self._say = say

    def run(self, plan: Plan, study: Study) -> History | None:
        """Work until every trial is settled; return the history, or ``None`` when asked to end before."""
        worker_id = self._ledger.enlist(study, this_worker())
        try:
            self._sweep(study)
            return self._work(plan, study, worker_id)
        finally:
            self._ledger.retire(worker_id)

    def _work(self, plan: Plan, study: Study, worker_id: int) -> History | None:
        known: Known | None = None
        waited_s = 0.0
        limit = max(1, plan.parallelism // (2 * self._fleet))
        while not self._stop.draining:
            known = self._ledger.history(study, self._spec.space, known)
            schedule = self._ledger.schedule(study)
            if schedule.admitted >= plan.trials and not schedule.unsettled:
                return self._ledger.history(study, self._spec.space, known).history
            proposals = _proposals(plan, known.history, schedule, limit)
            claims: list[Claim] = []
            if proposals or schedule.orphans:
                claims = self._ledger.claim(
                    study, self._spec.space, worker_id=worker_id, proposals=proposals, limit=limit
                )
            if claims:
                self._evaluate(plan, study, known, claims, worker_id)
                waited_s = 0.0
            else:
                waited_s = self._wait(study, waited_s)
        return None

    def _wait(self, study: Study, waited_s: float) -> float:
        """Sleep a while, longer each time; return how long the worker has waited in all."""
        pause_s = min(max(SHORTEST_WAIT_S, waited_s), LONGEST_WAIT_S)
        self._stop.wait(pause_s)
        if waited_s >= SWEEP_S:
            self._sweep(study)
            return LONGEST_WAIT_S
        return waited_s + pause_s

    def _sweep(self, study: Study) -> None:
        """Expire the claims of workers on this machine that are dead."""
        workers = self._ledger.living_on(study, this_host())
        self._ledger.bury(worker_id for worker_id, process in workers.items() if not is_alive(process))

    def _evaluate(
        self, plan: Plan, study: Study, known: Known, claims: Sequence[Claim], worker_id: int
    ) -> None:
        """Train claimed trials and settle them; hand them back when the training ends early."""
        history = self._seen_by_all(plan, study, known, claims)
        tasks = [self._task(plan, history, claim) for claim in claims]
        try:
            with Heartbeat(self._ledger, worker_id, claims) as heartbeat:

                def on_epoch(place: int, curve: tuple[float, ...]) -> None:
                    self._stop.check()
                    heartbeat.curve(place, curve)

                outcomes = self._objective.train(tasks, on_epoch=on_epoch)
        except Aborted:
            self._ledger.release(claims)
            self._say(f"handed back: {_numbers(claims)}")
            return
        except BaseException:
            self._ledger.release(claims)
            raise
        results = [(claim, _result(o)) for claim, o in zip(claims, outcomes, strict=True)]
        self._tell(results, self._ledger.finish(results))

    def _seen_by_all(self, plan: Plan, study: Study, known: Known, claims: Sequence[Claim]) -> History:
        """Return a history that holds what each claimed trial may see.

        A trial taken over may have been admitted after ``known`` was read.
        """
        last = max(claim.number for claim in claims)
        prefix = known.history.settled_prefix
        if not may_start(last, settled_prefix=prefix, parallelism=plan.parallelism):
            known = self._ledger.history(study, self._spec.space, known)
        return known.history

    def _task(self, plan: Plan, history: History, claim: Claim) -> Task:
        limits = plan.limits(history, claim.number)
        return Task(
            config=self._objective.config(plan.settings(claim.internal)),
            seed=plan.seed(claim.number),
            stops=lambda curve: judge(limits, curve),
        )

    def _tell(self, results: Sequence[tuple[Claim, Result]], taken: Sequence[Claim]) -> None:
        for claim, result in results:
            if claim in taken:
                self._say(f"trial {claim.number} {result.state.name.lower()} {result.value:.4f}")
            else:
                self._say(f"trial {claim.number} was settled by another worker; its result here is dropped")


def _proposals(plan: Plan, history: History, schedule: Schedule, limit: int) -> list[Proposal]:
    """Return what the next free numbers try, as far as the horizon and the budget let them start.

    Numbers are proposed in order, each seeing those before it as pending. When the history is behind the
    schedule, another worker has just claimed: the next look is better than a guess.
    """
    proposals: list[Proposal] = []
    if len(history) < schedule.admitted:
        return proposals
    prefix = history.settled_prefix
    while len(proposals) < limit and len(history) < plan.trials:
        number = len(history)
        if not may_start(number, settled_prefix=prefix, parallelism=plan.parallelism):
            break
        proposals.append(plan.propose(history, number))
        history = history.with_pending(proposals[-1].internal)
    return proposals


def _result(outcome: Outcome) -> Result:
    complete = outcome.ending is Ending.COMPLETE
    return Result(
        state=_STATES[outcome.ending],
        value=outcome.curve[-1] if outcome.curve else 0.0,
        curve=outcome.curve,
        reason=None if complete else f"{outcome.ending} after {len(outcome.curve)} whole epochs",
    )


def _numbers(claims: Sequence[Claim]) -> str:
    return ", ".join(f"trial {claim.number}" for claim in claims)
