"""The race of the best trials of a study of Optuna's, on fresh seeds."""

import math
import random
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from hpsearch.confirmation.finished_search import FinishedSearch, finished_search
from hpsearch.confirmation.result import ConfirmedStudy, ConfirmingRun, RacedTrial
from hpsearch.confirmation.seeded_trial import SeededTrial
from hpsearch.errors import NoSuccessError, first_line
from hpsearch.objective.process.variables import short_seed
from hpsearch.search import Candidate, History, TrialState, winner
from hpsearch.search.confirmation.interval import seed_interval
from hpsearch.search.confirmation.race import FIRST_RUNS, Standing, next_candidate
from hpsearch.space.checks import EXACT, expect
from hpsearch.study_file import Purpose, child_seed

if TYPE_CHECKING:
    from optuna.study import Study

VALUE = "value"
"""The key of the value where an objective returns a dict."""


def confirm(  # noqa: PLR0913 - each has a default
    study: "Study",
    objective: Callable[[Any], Any],
    *,
    top: int = 5,
    seeds: int = 5,
    seed: int = 0,
    on_run: Callable[[ConfirmingRun], object] | None = None,
) -> ConfirmedStudy:
    """Run the best trials of a study of Optuna's again on fresh seeds, and return which of them holds.

    The finalists are the best trials by their values and by values smoothed over their neighbors, in turn.
    Every finalist gets two runs; those that are not clearly behind share the rest of ``top * seeds`` runs.
    The winner has the best mean, shrunken towards the others. Nothing is written into the study.

    An objective takes its randomness from ``trial.seed``, from ``trial.number``, or from ``random`` and
    ``numpy.random``, which each run seeds and then sets back. In ``study.optimize`` a trial has no ``seed``:
    ``getattr(trial, "seed", trial.number)`` serves both.

    Args:
        study: The study, in any storage.
        objective: ``objective(trial)`` returns a number, or a dict with one at ``"value"``. The trial is a
            ``SeededTrial``: ``suggest_float`` and the others give the finalist's values.
        top: Finalists, at least 1; fewer where fewer trials differ.
        seeds: Runs a finalist, on average, at least 1.
        seed: The seed from which the seeds of the runs follow.
        on_run: Called after each run.

    Returns:
        The winner's ``.number``, ``.params``, ``.mean`` and ``.interval``, and every finalist with its runs.

    Raises:
        FieldError, ForeignStudyError: An argument cannot be; the study has several objectives.
        NoSuccessError: No trial of the study is complete, or no run has come to a value.

    Example:
        >>> found = hpsearch.confirm(study, objective, top=3, seeds=4)  # doctest: +SKIP
        >>> found.params, found.interval  # doctest: +SKIP
        ({'x': 0.02}, (-0.04, 0.07))
    """
    _expect_arguments(objective, top, seeds, seed)
    search = finished_search(study)
    numbers = search.finalists(top)
    runs: list[ConfirmingRun] = []
    asked = False
    for place in range(len(numbers) * seeds):
        number = numbers[next_candidate(_standing(search, numbers, runs))]
        fresh = short_seed(child_seed(seed, Purpose.CONFIRM, place))
        params = search.trials[number].params
        trial = SeededTrial(params, number=len(search.trials) + place, seed=fresh)
        runs.append(_run(objective, trial, number))
        asked |= trial.was_asked
        if on_run is not None:
            on_run(runs[-1])
        if len(runs) == FIRST_RUNS * len(numbers):
            _expect_success(search, runs)
            if _is_constant(search, numbers, runs):
                break
    _expect_success(search, runs)
    return _result(search, numbers, runs, asked=asked, budget=len(numbers) * seeds)


def _expect_arguments(objective: object, top: object, seeds: object, seed: object) -> None:
    expect(callable(objective), "objective", "a function of a trial", objective)
    expect(type(top) is int and top >= 1, "top", "at least 1 finalist", top)
    expect(type(seeds) is int and seeds >= 1, "seeds", "at least 1 seed", seeds)
    known = type(seed) is int and 0 <= seed <= EXACT
    expect(known, "seed", "a whole number from 0 to 2**53", seed)


def _run(objective: Callable[[Any], Any], trial: SeededTrial, number: int) -> ConfirmingRun:
    """Return one run; one that raises, or returns no finite number, has failed."""
    value, error = None, None
    with _seeded(trial._seed):  # noqa: SLF001 - the property notes who asks
        try:
            value, error = _read(objective(trial)), None
        except Exception as raised:  # noqa: BLE001 - the objective is a user's
            error = "".join(traceback.format_exception(raised))
    if error is None and value is None:
        error = "expected a finite number, or a dict with one at 'value', as the value of the objective"
    return ConfirmingRun(trial=number, seed=trial._seed, value=value, error=error)  # noqa: SLF001


def _read(found: Any) -> float | None:
    """Return what an objective returned as a finite number, or ``None``."""
    found = found.get(VALUE) if isinstance(found, dict) else found
    try:
        value = math.nan if found is None or isinstance(found, str | bytes) else float(found)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed ``random`` and ``numpy.random`` for a run, and set them back after it."""
    before, arrays = random.getstate(), np.random.get_state()  # noqa: NPY002 - what objectives draw from
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(before)
        np.random.set_state(arrays)  # noqa: NPY002


def _candidates(search: FinishedSearch, numbers: Sequence[int]) -> list[Candidate]:
    return [Candidate(internal=search.history.point(number), number=number) for number in numbers]


def _confirmed(search: FinishedSearch, runs: Sequence[ConfirmingRun]) -> History:
    """Return the runs as columns."""
    values = np.array([np.nan if run.value is None else run.value for run in runs], np.float64)
    states = np.where(np.isnan(values), TrialState.FAILED, TrialState.COMPLETE).astype(np.int64)
    return History(
        internal=search.history.internal[[run.trial for run in runs]],
        states=states,
        values=search.measure.sign * values,
        curves=np.empty((len(runs), 0)),
        sign=search.measure.sign,
    )


def _worst(search: FinishedSearch, runs: Sequence[ConfirmingRun]) -> float:
    """Return the score of a run that failed: below the worst run by as much as the best is above it."""
    scores = [search.measure.sign * run.value for run in runs if run.value is not None]
    if not scores:
        return 0.0
    low, high = min(scores), max(scores)
    return low - (high - low or abs(low) or 1.0)


def _standing(search: FinishedSearch, numbers: Sequence[int], runs: Sequence[ConfirmingRun]) -> Standing:
    candidates = _candidates(search, numbers)
    return Standing.of(candidates, _confirmed(search, runs), worst=_worst(search, runs))


def _is_constant(search: FinishedSearch, numbers: Sequence[int], runs: Sequence[ConfirmingRun]) -> bool:
    """Return whether no finalist has come to two values: fresh seeds change nothing then."""
    if len(runs) <= len(numbers) or any(run.value is None for run in runs):
        return False
    return not _standing(search, numbers, runs).deviation


def _expect_success(search: FinishedSearch, runs: Sequence[ConfirmingRun]) -> None:
    """Refuse to go on where every run so far has failed.

    Raises:
        NoSuccessError: With the error of the first one.
    """
    if all(run.value is None for run in runs):
        raise NoSuccessError(
            f"study {search.name!r}: none of {len(runs)} confirming runs has come to a value\n"
            f"trial {runs[0].trial}: {first_line(runs[0].reason)}\n{(runs[0].error or '').rstrip()}"
        )


def _result(
    search: FinishedSearch,
    numbers: Sequence[int],
    runs: Sequence[ConfirmingRun],
    *,
    asked: bool,
    budget: int,
) -> ConfirmedStudy:
    standing, sign = _standing(search, numbers, runs), search.measure.sign
    verdict = winner(
        _candidates(search, numbers),
        search.space,
        search.history,
        _confirmed(search, runs),
        worst=_worst(search, runs),
        by_values=True,
    )
    assert verdict is not None
    assert verdict.number is not None
    assert verdict.estimate is not None
    place, constant = numbers.index(verdict.number), _is_constant(search, numbers, runs)
    interval = None
    if standing.counts[place] > 1 and standing.deviation:
        interval = seed_interval(standing, place, estimate=verdict.estimate, metric=search.measure)
    margins = standing.margins(1 / np.maximum(standing.counts, 1))
    raced = tuple(
        RacedTrial(
            number=number,
            value=float(search.history.measured[number]),
            params=search.trials[number].params,
            runs=tuple(run.value for run in runs if run.trial == number),
            mean=float(sign * standing.means[i]),
            margin=float(margins[i]) if standing.deviation else None,
            out=bool(standing.out[i]),
        )
        for i, number in enumerate(numbers)
    )
    return ConfirmedStudy(
        study=search.name,
        measure=search.measure,
        number=verdict.number,
        mean=verdict.mean,
        estimate=verdict.estimate,
        interval=interval,
        tied=tuple(int(label) for label in verdict.tied),
        best=search.best,
        best_value=float(search.history.measured[search.best]),
        raced=raced,
        runs=tuple(runs),
        budget=budget,
        constant=constant,
        asked=asked,
    )
