"""How a nursing begins, or goes on: from Python, and for the command."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from hpsearch.defaults import PATIENCE_S, named_storage
from hpsearch.nursing.nursing import Nursing
from hpsearch.nursing.origin import CourseMaker, choose_trial, expect_networks, origin_of
from hpsearch.nursing.requests import InterventionError, ScriptLine, expect_script, read_request
from hpsearch.report.numbers.nursings import standing
from hpsearch.store import Ledger, NursingPlan, Study, opened
from hpsearch.types import Json
from hpsearch.worker.identity import this_worker


def nurse(  # noqa: PLR0913 - each has a default
    study: str | None = None,
    trial: int | None = None,
    *,
    new: bool = False,
    nursing: int | None = None,
    epochs: int | None = None,
    script: Sequence[tuple[int, str]] = (),
    storage: str | None = None,
) -> Nursing:
    """Train one network further, an epoch a step, and steer it between its epochs.

    An unfinished nursing that was begun with the same arguments goes on where it stands.

    Args:
        study: The study, or ``None`` for the newest one in the database; a study of hpsearch's own networks.
        trial: The trial to go on with; by default the winner, or the best trial while there is none.
        new: Whether to begin with the declared defaults instead of a trial.
        nursing: The number of a nursing or of a branch to go on with, instead of a trial.
        epochs: The epoch at which it ends; by default as many again as a trial of the study has.
        script: Pairs of an epoch and an intervention, such as ``(20, "lr=1e-4")``, in order.
        storage: The database; by default that of ``HPSEARCH_STORAGE``, or ``sqlite:///hpsearch.db``.

    Raises:
        NotFoundError: There is no such study, trial or nursing.
        InterventionError: The study's trials are no networks of hpsearch's, or a line of the script would
            never be reached.
        ContractError: The data here are not the data of the study.
        StaleNursingError: A living process is at work on it.

    Example:
        >>> for epoch in hpsearch.nurse("digits", epochs=30):  # doctest: +SKIP
        ...     print(epoch.epoch, epoch.loss, epoch.value)
    """
    lines = [ScriptLine(at=at, request=read_request(text)) for at, text in script]
    with ExitStack() as stack:
        ledger = stack.enter_context(opened(named_storage(storage)))
        found = ledger.find_study(study)
        made = begun(ledger, found, trial, new=new, nursing=nursing, epochs=epochs, script=lines)
        made.closing = stack.pop_all()
    return made


def begun(  # noqa: PLR0913 - what a nursing is begun with
    ledger: Ledger,
    study: Study,
    trial: int | None = None,
    *,
    new: bool = False,
    nursing: int | None = None,
    epochs: int | None = None,
    script: Sequence[ScriptLine] = (),
) -> Nursing:
    """Return a nursing, trained up to where it stands; ``nurse`` has the arguments."""
    expect_networks(study)
    ledger.database.patience_s = PATIENCE_S  # a wrong address was reported at once; a restart is waited for
    given = [trial is not None, new, nursing is not None]
    if sum(given) > 1:
        raise InterventionError("expected one of a trial, --new and --nursing, found more than one")
    if nursing is None:
        chosen = None if new else choose_trial(ledger, study) if trial is None else trial
        made = _new(ledger, study, chosen, epochs=epochs, script=script)
    else:
        made = _further(ledger, study, nursing, epochs=epochs, script=script)
    made.catch_up()
    return made


def _new(
    ledger: Ledger, study: Study, trial: int | None, *, epochs: int | None, script: Sequence[ScriptLine]
) -> Nursing:
    origin = origin_of(ledger, study, trial)
    maker = CourseMaker.of(ledger, study)
    end = maker.default_epochs(origin) if epochs is None else epochs
    if end <= origin.trained:
        raise InterventionError(
            f"--epochs: expected more than {origin.trained}, for which trial {trial} is trained already, "
            f"found {end}"
        )
    expect_script(script, begin=origin.trained, epochs=end)
    lines = tuple(line.to_json() for line in script)
    plan = NursingPlan(trial=trial, first_epoch=origin.trained, epochs=end, script=lines)
    held = ledger.open_nursing(study, plan, this_worker())
    return Nursing(ledger, study, held, maker.course(ledger.nursing(study, held.number)))


def _further(
    ledger: Ledger, study: Study, number: int, *, epochs: int | None, script: Sequence[ScriptLine]
) -> Nursing:
    row = ledger.nursing(study, number)
    made, done = ledger.interventions(study, number), ledger.nursed_epochs(study, number)
    here = standing(made, done, first=row.plan.first_epoch)
    end = row.plan.epochs if epochs is None else epochs
    if end < here:
        raise InterventionError(f"--epochs: expected {here} or more, where it stands, found {end}")
    lines: tuple[Mapping[str, Json], ...] = tuple(line.to_json() for line in script)
    if lines and tuple(row.plan.script[-len(lines) :]) == lines:
        lines = ()  # the same command again: it was killed
    else:
        expect_script(script, begin=here, epochs=end)
    maker = CourseMaker.of(ledger, study)
    held = ledger.take_nursing(study, number, this_worker(), epochs=end, script=lines)
    return Nursing(ledger, study, held, maker.course(row))
