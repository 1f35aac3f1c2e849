"""One worker from start to end: open the study, load its data, search, confirm."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

from hpsearch.errors import NoDatabaseError, NotFoundError
from hpsearch.objective import OBJECTIVES, Evaluator
from hpsearch.search import ConfirmPlan, History, SearchPlan
from hpsearch.store import KnownHistory, Ledger, StaleTermsError, Study
from hpsearch.study_file import StudySpec, expect_unreserved
from hpsearch.worker.data.contract import confirm_terms, expect_this_plan
from hpsearch.worker.data.inputs import StudyInputs
from hpsearch.worker.loop.clock import Clock
from hpsearch.worker.loop.kept_outcomes import LedgerEvaluator
from hpsearch.worker.loop.loop import Loop
from hpsearch.worker.loop.stop import Stop
from hpsearch.worker.loop.unsent_results import deliver_kept

LOOK_S = 0.5
"""A worker that waits for its study looks so often whether it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A study whose trials are all settled.

    Attributes:
        spec: The study.
        study: The study in the ledger.
        evaluator: What evaluates its trials.
        history: The search.
        reopened: How often a failed trial of the search had been tried again on request.
        plan: The confirmation, or ``None`` where it is turned off or nothing could be confirmed.
        confirmed: The confirming runs, or ``None``.
        tests: Number -> test value, where no rows judge outcomes: of the confirming runs where there are any,
            else of the trials.
        last: The study in the ledger that was settled last: the confirmation, or the search without one.
        clock: Says where the worker's time goes in it.
    """

    spec: StudySpec
    study: Study
    evaluator: Evaluator
    history: History
    reopened: int
    plan: ConfirmPlan | None
    confirmed: History | None
    tests: Mapping[int, float] = field(default_factory=dict)
    last: Study
    clock: Clock = field(default_factory=Clock, compare=False)


def await_study(
    open_ledger: Callable[[], Ledger],
    name: str | None,
    *,
    wait_s: float,
    stop: Stop,
    say: Callable[[str], None],
) -> Ledger | None:
    """Wait until there is a study to work on; return its ledger, ``None`` when asked to end before.

    Nothing is made meanwhile: where there is no database yet, the start of the study makes it.

    Args:
        open_ledger: Opens the ledger where the study will be.
        name: The study, or ``None`` for the newest one, or else the first that comes.
        wait_s: How long to wait, in seconds.
        stop: How the worker is asked to end.
        say: Where news go, a line each.

    Raises:
        NotFoundError: It did not come.
        NoDatabaseError: No database came.
        FieldError: The name belongs to a confirmation, so no search of that name will come.
    """
    deadline, told = time.monotonic() + wait_s, False
    with ExitStack() as stack:
        ledger: Ledger | None = None
        while not stop.draining:
            try:
                ledger = ledger or stack.enter_context(closing(open_ledger()))
                ledger.find_study(name)
            except (NotFoundError, NoDatabaseError):
                expect_unreserved(name or "")
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    raise
            else:
                stack.pop_all()
                return ledger
            if not told:
                say(f"waiting for {'a study' if name is None else f'study {name!r}'}")
                told = True
            stop.wait(min(left_s, LOOK_S))
    return None


def work(  # noqa: PLR0913 - one worker is made of these
    ledger: Ledger,
    name: str | None,
    *,
    stop: Stop,
    fleet: int = 1,
    artifacts: str | None = None,
    base: str | None = None,
    allow: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Settled | None:
    """Work on a study, then on its confirmation, until every trial is settled.

    Args:
        ledger: Where the study is.
        name: The study, or ``None`` for the newest one.
        stop: How the worker is asked to end.
        fleet: How many workers are expected.
        artifacts: Where the study's files are, as seen from this machine; where the study says if ``None``.
        base: The folder where its data or code are looked for first.
        allow: Whether code that the database names may be run here.
        say: Where news go, a line each.

    Returns:
        The settled study, or ``None`` when asked to end before.

    Raises:
        LeaveError: Code that the database names may not be run here.
        ContractError: The data or the code here are not those that the study was created with, or another
            version of hpsearch has begun it.
    """
    study = ledger.find_study(name)
    expect_this_plan(study)
    evaluator = make_evaluator(study, artifacts=artifacts, base=base, allow=allow, say=say)
    if taken := deliver_kept(ledger):
        say(f"delivered results that were kept here: trials {', '.join(map(str, taken))}")
    clocks: dict[int, Clock] = {}

    def loop_of(evaluator: Evaluator) -> Loop:
        return Loop(ledger, evaluator, stop=stop, fleet=fleet, artifacts=artifacts, say=say, clocks=clocks)

    with closing(evaluator):
        while True:
            try:
                settled = _settle(ledger, study, evaluator, loop_of)
                return settled and replace(settled, clock=clocks[settled.last.study_id])
            except StaleTermsError:
                study = ledger.find_study(study.name)


def read_settled(ledger: Ledger, study: Study) -> Settled:
    """Return a study whose trials are settled as it stands in the ledger, with its data.

    Raises:
        ContractError: The data here are not those that the study was created with, or another version of
            hpsearch has begun it.
    """
    expect_this_plan(study)
    known = ledger.history(study)
    plan = ConfirmPlan.of(study.spec, known.history)
    companion = ledger.companion(study) if plan.trials else None
    confirmed = ledger.history(companion) if companion else None
    return _settled(study, make_evaluator(study), known, plan, confirmed)


def make_evaluator(
    study: Study,
    *,
    artifacts: str | None = None,
    base: str | None = None,
    allow: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Evaluator:
    """Return what evaluates the trials of a study; ``StudyInputs`` has the arguments.

    Raises:
        DataError: There are no data here, and there is no other place to look.
        CodeError: There is no code here.
        LeaveError: Code that a database names may not be run here.
        ContractError: What is here is not what the study was created with.
    """
    inputs = StudyInputs(study, artifacts=artifacts, base=base, allow=allow, say=say)
    return OBJECTIVES[study.spec.objective.kind].bind(study.spec, inputs)


def _settle(
    ledger: Ledger, study: Study, evaluator: Evaluator, loop_of: Callable[[Evaluator], Loop]
) -> Settled | None:
    """Search, then confirm what was found.

    Raises:
        StaleTermsError: The study has changed meanwhile.
    """
    spec = study.spec
    known = loop_of(evaluator).run(SearchPlan(spec), study)
    if known is None:
        return None
    plan, confirmed, last = ConfirmPlan.of(spec, known.history), None, study
    if plan.trials:
        last = ledger.open_study(confirm_terms(plan, study))
        kept = evaluator if evaluator.judge is None else LedgerEvaluator(evaluator, ledger, study)
        confirmed = loop_of(kept).run(plan, last)
        if confirmed is None:
            return None
    ledger.expect_unchanged(study, reopened=known.reopened)
    settled = _settled(study, evaluator, known, plan, confirmed)
    tests = {} if evaluator.judge is not None else ledger.tests(last)
    return replace(settled, tests=tests, last=last)


def _settled(
    study: Study,
    evaluator: Evaluator,
    known: KnownHistory,
    plan: ConfirmPlan,
    confirmed: KnownHistory | None,
) -> Settled:
    return Settled(
        spec=study.spec,
        study=study,
        evaluator=evaluator,
        history=known.history,
        reopened=known.reopened,
        plan=plan if plan.trials else None,
        confirmed=confirmed.history if confirmed else None,
        last=study,
    )
