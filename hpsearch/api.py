"""The Python surface: study file in, winner out; the one place that joins the parts."""

import dataclasses
import math
import os
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from typing import TYPE_CHECKING, Any

from hpsearch.artifacts import artifacts_address
from hpsearch.cgroups import usable_cores
from hpsearch.defaults import LEASE_S, NOTICE_S, PATIENCE_S, STORAGE, TimeLimits, named_storage
from hpsearch.engine import Engine, prepare_engine
from hpsearch.engine.engines import make_engine
from hpsearch.engine.fleet import ENDED, Fleet, InterruptedStudyError
from hpsearch.errors import MachineWarning, NoSuccessError, SettingWarning
from hpsearch.limits import expect_limits
from hpsearch.objective import check_study, load_study_file, study_of_tables
from hpsearch.report import Summary, announced_end, no_success_text
from hpsearch.signals import notice
from hpsearch.space.checks import expect
from hpsearch.store import Control, Ledger, Reader, Snapshot, Study, Terms, address_flag, opened, previewed
from hpsearch.study_file import FleetSpec, StudySpec
from hpsearch.worker import (
    Stop,
    as_begun,
    expect_alike,
    expect_same_data,
    read_inputs,
    search_terms,
    unlike_first,
)

if TYPE_CHECKING:
    from hpsearch.nn import load_model
    from hpsearch.report.view import StudyView

__all__ = [
    "InterruptedStudyError",
    "check_study",
    "load_model",
    "load_study_file",
    "open_study",
    "start",
]


def start(  # noqa: PLR0913 - each has a default
    spec: StudySpec | Mapping[str, Any] | str | os.PathLike[str],
    *,
    storage: str | None = None,
    workers: int | None = None,
    lease_s: float = LEASE_S,
    patience_s: float = PATIENCE_S,
    notice_s: float = NOTICE_S,
    artifacts: str | None = None,
    strict: bool | None = None,
    engine: Engine | None = None,
    stop: Stop | None = None,
    on_status: Callable[[Snapshot], None] | None = None,
    on_end: Callable[[dict[str, Any]], object] | None = None,
    progress: bool | None = None,
) -> "StudyView":
    """Search until the study is settled and its winner confirmed; go on where an earlier run ended.

    Args:
        spec: The study: the path of its file, a shipped one by name, a dict of tables, or a ``StudySpec``.
        storage: The database, ``sqlite:///FILE`` or ``postgresql+psycopg://...``; as for ``open_study``.
        workers: How many are launched, in place of the study's ``fleet.workers``; one a core by default.
        lease_s: How long a trial outlives the last sign of life of its worker, in seconds.
        patience_s: How long a worker waits for a database that is locked or away, in seconds.
        notice_s: How long workers may go on when asked to end, in seconds; the rest is saved half-way.
        artifacts: Where the study's files are for every machine, in place of the study's ``fleet.artifacts``:
            a folder, or an address that fsspec knows. The data are put there, and workers find them.
        strict: Whether workers must run on what the first one ran on, in place of ``fleet.strict``.
        engine: What launches them; by default made as the study's ``fleet`` says, and ended with the run.
        stop: How the study is asked to end early; a ``KeyboardInterrupt`` asks as well.
        on_status: Called a few times a second with where the study stands and who is at work.
        on_end: Called once when the run ends, however it does, with a record for JSON: ``event``
            (``"finished"``, ``"failed"``, ``"interrupted"``), ``study``, ``at``, ``error``, ``best`` (what
            ``hpsearch best --json`` prints, null where nothing can be read) and ``text``.
        progress: Whether a line shows where the study stands; ``None``: in a terminal and in a notebook.

    Returns:
        The study: ``.best``, ``.ensemble``, ``.fingerprint``, ``.trials``, ``.plot.history()``...

    Raises:
        StudyFileError, DataError: The study or its data cannot be; nothing has been written.
        ContractError: A study of this name exists with other settings or data.
        StorageError, ArtifactError, EngineError: That cannot be used.
        InterruptedStudyError: The study was asked to end before it was settled, here or by ``hpsearch stop``.
        NoSuccessError: Every trial failed; the message has the first error.

    Example:
        >>> hpsearch.start("studies/digits.toml", workers=2).best.test_accuracy  # doctest: +SKIP
        0.975
    """
    study, limits = _study(spec), TimeLimits(lease_s=lease_s, patience_s=patience_s, notice_s=notice_s)
    _expect_arguments(storage, limits, artifacts, engine, stop, (on_status, on_end), progress)
    asked, stop, storage = InterruptedStudyError, stop or Stop(notice_s=notice_s), named_storage(storage)
    with announced_end(on_end, study.name, look=lambda: _summary(study.name, storage), asked=asked) as told:
        study = dataclasses.replace(study, fleet=study.fleet.given(workers=workers))
        with _progress(progress, on_status) as show:
            view = _search(study, storage, limits, artifacts, strict, engine, stop, show)
        if on_end is not None:
            told.summary = view.summary()
    return view


def _progress(
    progress: bool | None,  # noqa: FBT001 - what start is given
    on_status: Callable[[Snapshot], None] | None,
) -> AbstractContextManager[Callable[[Snapshot], None] | None]:
    """Return what gives the function that is called with where the study stands, and shows it."""
    if progress is False:
        return nullcontext(on_status)
    from hpsearch.report.live.line import shown_progress  # noqa: PLC0415 - a command has its own screen

    return shown_progress(progress, on_status)


def _study(spec: object) -> StudySpec:
    """Return the study that ``start`` was given; refuse what cannot be one."""
    if isinstance(spec, str | os.PathLike):
        return load_study_file(spec)
    if isinstance(spec, Mapping):
        return study_of_tables(spec)
    expected = "the path of a study file, a dict with its tables, or a StudySpec"
    expect(isinstance(spec, StudySpec), "spec", expected, spec)
    assert isinstance(spec, StudySpec)
    return spec


def _expect_arguments(  # noqa: PLR0913, PLR0917 - what start is given
    storage: object,
    limits: TimeLimits,
    artifacts: object,
    engine: object,
    stop: object,
    calls: tuple[object, object],
    progress: object,
) -> None:
    """Refuse arguments of the wrong type, before any file or table is made."""
    for name, seconds in dataclasses.asdict(limits).items():
        known = type(seconds) in {int, float} and math.isfinite(seconds) and seconds >= 0
        expect(known, name, "a number of seconds", seconds)
    expect(limits.lease_s > 0, "lease_s", "more than 0 seconds", limits.lease_s)
    expect(storage is None or isinstance(storage, str), "storage", "a text such as sqlite:///FILE", storage)
    expect(artifacts is None or isinstance(artifacts, str), "artifacts", "a text", artifacts)
    expect(engine is None or isinstance(engine, Engine), "engine", "an Engine", engine)
    expect(stop is None or isinstance(stop, Stop), "stop", "a Stop", stop)
    for name, call in zip(("on_status", "on_end"), calls, strict=True):
        expect(call is None or callable(call), name, "a function", call)
    expect(progress is None or isinstance(progress, bool), "progress", "True, False or None", progress)


def _search(  # noqa: PLR0913, PLR0917 - what start is given
    spec: StudySpec,
    storage: str,
    limits: TimeLimits,
    artifacts: str | None,
    strict: bool | None,  # noqa: FBT001 - what start is given
    engine: Engine | None,
    stop: Stop,
    on_status: Callable[[Snapshot], None] | None,
) -> "StudyView":
    strict = (spec.fleet.strict or None) if strict is None else strict
    artifacts, spec = _artifacts(spec, artifacts), check_study(spec)
    local = spec.fleet.engine == "local"
    if local:
        expect_limits(workers=spec.fleet.workers or usable_cores())
        engine = engine or prepare_engine()  # imports in another process, while this one reads data
    with previewed(storage) as reader:
        spec, kept = (spec, ()) if reader is None else as_begun(spec, reader)
        inputs = read_inputs(spec)
        spec = inputs.spec
        terms = search_terms(spec, **inputs.identity, artifacts=artifacts, strict=strict)
        if reader is not None and inputs.dataset is not None:
            expect_same_data(reader, terms, inputs.dataset)
        has_ended = reader is not None and _has_ended(reader, terms, local=local)
        for line in (*kept, *inputs.remarks):
            warnings.warn(f"{spec.document.path}: {line}", SettingWarning, stacklevel=4)
    with ExitStack() as stack:
        made = None if has_ended else stack.enter_context(_at_work(engine, spec.fleet, storage))
        # Nothing has been written so far, and whatever may be refused has been looked at: the engine, too.
        if artifacts is not None:  # first: no worker may find a study whose files are not there yet
            inputs.carry(artifacts, terms.contract)
        ledger = stack.enter_context(closing(Ledger(storage, create=True, lease_s=limits.lease_s)))
        study = ledger.open_study(terms)
        if ledger.row(study).control in ENDED:
            ledger.set_control(study, Control.RUN)
        # A wrong address is reported at once; from here on the launcher waits as long as its workers do.
        ledger.database.patience_s = limits.patience_s
        if ledger.verdict(study) is None:
            if local and not study.strict and (news := unlike_first(ledger, study)):
                warnings.warn(news, MachineWarning, stacklevel=4)
            made = made or stack.enter_context(_at_work(engine, spec.fleet, storage))
            size = spec.fleet.workers or made.cores
            memory = spec.data.max_memory
            fleet = Fleet(made, ledger, study, size=size, limits=limits, base=terms.base, max_memory=memory)
            with notice(limits.notice_s):  # before that nothing is held, and after it all is stored
                fleet.run(stop, on_status)
        found = ledger.snapshot(study)
        if found.best is None:
            raise NoSuccessError(no_success_text(ledger, study))
        return _view(ledger, study, storage)


def _has_ended(reader: Reader, terms: Terms, *, local: bool) -> bool:
    """Return whether a study needs no worker any more; refuse what would be refused when it is opened."""
    study = reader.expect_open(terms)
    if study is None:
        return False
    if local and (study.strict if terms.strict is None else terms.strict):
        expect_alike(reader, study)
    return study.contract == terms.contract and reader.verdict(study) is not None


def _artifacts(spec: StudySpec, given: str | None) -> str | None:
    """Return where a study's files are to be: as given, from here; else as its file says, from its folder."""
    if given is not None:
        return artifacts_address(given)
    return spec.fleet.artifacts and artifacts_address(spec.fleet.artifacts, base=spec.base)


def _at_work(engine: Engine | None, who: FleetSpec, storage: str) -> AbstractContextManager[Engine]:
    """Return an engine that was given as it is, or the one of the study's fleet, ended afterwards."""
    return make_engine(who, storage=storage) if engine is None else nullcontext(engine)


def open_study(name: str | None = None, *, storage: str | None = None) -> "StudyView":
    """Return a study, running or not: whatever it is asked for is read at that moment.

    Args:
        name: The study, or ``None`` for the newest one in the database, without a warning: ``.name`` says
            which it is.
        storage: The database; by default that of ``HPSEARCH_STORAGE``, or ``sqlite:///hpsearch.db``.

    Raises:
        NotFoundError: There is no such study.
        StorageError: The database cannot be used.
    """
    storage = named_storage(storage)
    with opened(storage, foreign=True) as ledger:
        return _view(ledger, ledger.find_study(name), storage)


def _summary(name: str, storage: str) -> Summary:
    return open_study(name, storage=storage).summary()


def _view(ledger: Ledger, study: Study, storage: str) -> "StudyView":
    from hpsearch.report.view import StudyView  # noqa: PLC0415 - nothing before the end of a search needs it

    flags = "" if storage in {STORAGE, named_storage()} else address_flag(storage)
    return StudyView(name=study.name, storage=ledger.database.secret_url, flags=flags)


def __getattr__(name: str) -> Any:
    """Import ``load_model`` when it is first used: a search reads no models."""
    if name != "load_model":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hpsearch.nn import load_model  # noqa: PLC0415 - see above

    return load_model
