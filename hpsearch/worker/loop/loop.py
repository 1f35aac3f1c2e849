"""The loop of one worker: read the history, propose, claim, evaluate, finish."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from hpsearch.errors import StorageError, to_type
from hpsearch.objective import Ending, Evaluator, Outcome, Task
from hpsearch.search import History, Plan, Proposal, may_start, may_stop
from hpsearch.store import (
    Activity,
    Claim,
    Control,
    KnownHistory,
    Ledger,
    Result,
    StaleTermsError,
    Study,
    StudyRow,
)
from hpsearch.worker.identity import this_worker, unlike_first
from hpsearch.worker.loop.checkpoints import Checkpoints
from hpsearch.worker.loop.clock import Clock
from hpsearch.worker.loop.evaluation import error_note, result_line, result_of, task_of
from hpsearch.worker.loop.folders import TrialFolders
from hpsearch.worker.loop.heartbeat import Heartbeat, LostError
from hpsearch.worker.loop.lookahead import claim_size, next_lead, next_proposals
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.loop.unsent_results import keep

SHORTEST_WAIT_S = 0.005
LONGEST_WAIT_S = 0.25
MOST_LOOKS_PER_S = 250
"""Of a whole fleet that waits: 256 workers wait a second at most, 60 or fewer ``LONGEST_WAIT_S``."""
SWEEP_S = 1.0
"""A worker that has waited so long looks for dead neighbours, and shows that it lives."""
FURTHER_S = 0.01
"""A worker proposes for so long while it holds the study: coming back with the next look costs all more."""
FIRST_LEAD = 31
"""The workers of a fleet may all begin at this moment."""
TO_BLAME = (ArithmeticError, LookupError, MemoryError, TypeError, ValueError)
"""Errors that a trial is to blame for, when its training raises them: any other is the worker's own."""


class Loop:
    """Works on one plan until every trial is settled.

    Args:
        ledger: Where the study is.
        evaluator: What evaluates its trials.
        stop: Asked between trainings and between epochs.
        fleet: How many workers are expected; decides how many trials are claimed at a time, never
            what comes of them.
        artifacts: Where the study's files are, as seen from this machine; where the study says if ``None``.
        say: Where news go, a line each.
        clocks: Study key -> what says where the worker's time goes in that study.
    """

    def __init__(  # noqa: PLR0913 - one worker is made of these
        self,
        ledger: Ledger,
        evaluator: Evaluator,
        *,
        stop: Stop,
        fleet: int = 1,
        artifacts: str | None = None,
        say: Callable[[str], None] = lambda _line: None,
        clocks: dict[int, Clock] | None = None,
    ) -> None:
        self._ledger = ledger
        self._evaluator = evaluator
        self._stop = stop
        self._fleet = fleet
        self._artifacts = artifacts
        self._longest_wait_s = max(LONGEST_WAIT_S, fleet / MOST_LOOKS_PER_S)
        self._lead = min(fleet - 1, FIRST_LEAD)
        self._say = say
        self._clocks = {} if clocks is None else clocks
        self._clock = Clock()
        self._crashes = 0

    def run(self, plan: Plan, study: Study) -> KnownHistory | None:
        """Work until every trial is settled; return the history, or ``None`` when asked to end before.

        A study that is paused is waited for; one that is stopped or cancelled ends the work, until it is
        resumed.

        Raises:
            ContractError: The study is strict, and this machine is not like that of its first worker.
            StorageError: The database cannot be used; what had been trained is kept in a file.
            StaleTermsError: The study goes on under other terms: read it again.
        """
        first_time = not self._clocks
        self._plan, self._study = plan, study
        self._clock = self._clocks.setdefault(study.study_id, Clock())
        where = self._artifacts
        self._checkpoints = Checkpoints(self._ledger, study, self._evaluator, self._say, artifacts=where)
        self._folders = TrialFolders(study, artifacts=where)
        self._worker_id = self._ledger.enlist(study, this_worker())
        try:
            if first_time and (news := unlike_first(self._ledger, study)):
                self._say(news)
            self._ledger.sweep(study)
            return self._work()
        finally:
            with suppress(StorageError):  # the reason why it ends matters more
                self._ledger.retire(self._worker_id, spent=self._clock.spent())

    def _work(self) -> KnownHistory | None:
        known: KnownHistory | None = None
        waited_s, study = 0.0, self._study
        while not self._stop.draining:
            before = known
            with self._clock.on(Activity.DATABASE):
                known, row = self._ledger.look(study, known)
            if row.changes != study.changes:
                raise StaleTermsError(f"study {study.name!r} has changed meanwhile: read it again")
            if before is not None and known.reopened != before.reopened:
                self._plan = self._plan.fresh()
            if row.finished:
                return known
            if row.control in {Control.STOP, Control.CANCEL}:
                told = f"study {study.name!r} was told to {row.control}"
                self._say(f"{told}: {to_type('resume', study.name)} lets it go on")
                return None
            lead = self._lead
            claims = self._claim(known, row)
            # Other workers took the numbers that it brought: with a longer lead it looks again at once.
            overtaken = lead < self._lead <= self._plan.parallelism
            if claims:
                self._evaluate(known, claims)
                waited_s = 0.0
            elif not overtaken:
                waited_s = self._wait(waited_s)
        return None

    def _claim(self, known: KnownHistory, row: StudyRow) -> list[Claim]:
        """Return the trials that this worker trains next; none when there is none that it may."""
        if row.control is not Control.RUN:
            return []
        plan, most, fleet = self._plan, self._plan.parallelism, self._fleet
        share = claim_size(plan, row.end, fleet=fleet, waits=self._clock.waits)
        limit = self._evaluator.at_once(share, free=most if fleet == 1 else share)
        with self._clock.on(Activity.PROPOSALS):
            proposals, stopped = next_proposals(plan, known.history, row, limit + self._lead)
        by_results = may_stop(plan.stop, known.history, plan.parallelism)

        def further(end: int) -> Sequence[Proposal]:
            most = end - row.admitted
            found, _ = next_proposals(plan, known.history, row, most, within_s=FURTHER_S)
            return found

        with self._clock.on(Activity.DATABASE):
            if stopped is not None:
                self._ledger.stop_at(self._study, stopped, reopened=known.reopened)
            if not proposals and not row.orphans and not row.external:
                return []
            claims = self._ledger.claim(
                self._study,
                worker_id=self._worker_id,
                proposals=proposals,
                limit=limit,
                reopened=known.reopened,
                # A rule that looks at results has been asked about these numbers, and about no others.
                until=row.admitted + len(proposals) if by_results else None,
                further=None if by_results else further,
                spent=self._clock.spent(),
            )
        if proposals:
            self._lead = next_lead(self._lead, row.admitted, claims)
        return claims

    def _wait(self, waited_s: float) -> float:
        """Sleep a while, longer each time; return how long the worker has waited in all."""
        pause_s = min(max(SHORTEST_WAIT_S, waited_s), self._longest_wait_s)
        with self._clock.on(Activity.IDLE):
            self._stop.wait(pause_s)
        if waited_s >= SWEEP_S:
            with self._clock.on(Activity.DATABASE):
                self._ledger.sweep(self._study)
                self._ledger.beat(self._worker_id, spent=self._clock.spent())
            return self._longest_wait_s
        return waited_s + pause_s

    def _evaluate(self, known: KnownHistory, claims: Sequence[Claim]) -> None:
        """Train claimed trials and settle them; hand them back when the training ends early."""
        with self._clock.on(Activity.DATABASE):
            history = self._seen_by_all(known, claims)
        with self._clock.on(Activity.PROPOSALS):
            tasks = [self._task(history, claim) for claim in claims]
        with self._clock.on(Activity.DATABASE):
            tasks = self._checkpoints.resume(claims, tasks)
        heartbeat = Heartbeat(
            self._ledger,
            self._worker_id,
            claims,
            stop=self._stop,
            checkpoints=self._checkpoints,
            spent=self._clock.spent,
        )
        try:
            with self._clock.on(Activity.TRAINING), heartbeat:
                outcomes = self._evaluator.evaluate(tasks, on_report=heartbeat.on_report)
        except Aborted:
            self._hand_back(claims, heartbeat)
        except LostError:
            self._say(f"taken over by another worker, dropped here: {_numbers(claims)}")
        except TO_BLAME as error:
            self._crashed(claims, error)
        except BaseException:
            self._give_back(claims)
            raise
        else:
            self._crashes = 0
            ended = list(zip(claims, outcomes, strict=True))
            failed = [(claim, outcome) for claim, outcome in ended if outcome.ending is Ending.FAILED]
            self._settle([(claim, result_of(o)) for claim, o in ended if o.ending is not Ending.FAILED])
            self._fail(failed)

    def _task(self, history: History, claim: Claim) -> Task:
        return task_of(
            self._plan,
            history,
            number=claim.number,
            internal=claim.internal,
            attempt=claim.attempt,
            folder=self._folders.path(claim),
        )

    def _settle(self, results: Sequence[tuple[Claim, Result]]) -> None:
        with self._clock.on(Activity.DATABASE):
            taken = self._finish(results)
            self._checkpoints.forget(taken)
            self._folders.forget(taken)
        self._tell(results, taken)

    def _fail(self, failed: Sequence[tuple[Claim, Outcome]]) -> None:
        """Store attempts that failed of their own: the trials are tried again, or have failed for good."""
        if failed:
            with self._clock.on(Activity.DATABASE):
                self._ledger.fail([(claim, o.reason or "it failed", o.notes) for claim, o in failed])
            for claim, outcome in failed:
                self._say(f"trial {claim.number}, attempt {claim.attempt}: {outcome.reason}")

    def _hand_back(self, claims: Sequence[Claim], heartbeat: Heartbeat) -> None:
        """Settle what has ended, store where the rest has got to, and hand that back."""
        self._settle(heartbeat.results)
        self._fail(heartbeat.failed)
        ended = {claim for claim, _ in (*heartbeat.results, *heartbeat.failed)}
        left = [claim for claim in claims if claim not in ended]
        with self._clock.on(Activity.DATABASE):
            heartbeat.save()
            epochs = {claim: self._checkpoints.epoch(claim) for claim in left}
            notes = {claim: f"after epoch {epoch}" for claim, epoch in epochs.items() if epoch}
            self._ledger.release(left, notes)
        told = [f"{_numbers([claim])} {notes.get(claim, '')}".rstrip() for claim in left]
        if told:
            self._say(f"handed back: {', '.join(told)}")

    def _finish(self, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
        try:
            return self._ledger.finish(results) if results else []
        except StorageError:
            path = keep(self._ledger, results)
            self._say(f"kept in {path} until the next worker starts: {_numbers([c for c, _ in results])}")
            raise

    def _give_back(self, claims: Sequence[Claim]) -> None:
        with suppress(StorageError):  # their leases run out
            self._ledger.release(claims)

    def _crashed(self, claims: Sequence[Claim], error: Exception) -> None:
        """Note an error that training raised; raise it when this worker does nothing but crash.

        One trial with other trials, then alone as often as it may, is one crash less than that.
        """
        self._crashes += 1
        note = error_note(error)
        self._ledger.crash(claims, note)
        self._say(f"training raised {note}; to be tried again: {_numbers(claims)}")
        if self._crashes > self._study.attempts + 1:
            raise error

    def _seen_by_all(self, known: KnownHistory, claims: Sequence[Claim]) -> History:
        """Return a history that holds what each claimed trial may see.

        A trial taken over may have been admitted after ``known`` was read.
        """
        last = max(claim.number for claim in claims)
        prefix = known.history.settled_prefix
        if not may_start(last, settled_prefix=prefix, parallelism=self._plan.parallelism):
            known = self._ledger.history(self._study, known)
        return known.history

    def _tell(self, results: Sequence[tuple[Claim, Result]], taken: Sequence[Claim]) -> None:
        for claim, result in results:
            self._say(result_line(claim.number, result, taken=claim in taken))


def _numbers(claims: Sequence[Claim]) -> str:
    return ", ".join(f"trial {claim.number}" for claim in claims)
