"""The work that a study has left after the phase under way, for an estimate of the time it takes."""

from hpsearch.study_file import StudySpec


def runs_of_race(spec: StudySpec) -> int:
    """Return how many confirming runs a study has: of the finalists and of the declared default."""
    return (spec.confirm.top + 1) * spec.confirm.seeds if spec.confirm.top else 0


def length_of_run(spec: StudySpec) -> float:
    """Return how long a confirming run takes, in trials; 1 where its epochs are not known."""
    own, longer = spec.model.get("epochs"), spec.confirm.epochs
    return longer / own if isinstance(own, int) and longer else 1.0


def judging_of(spec: StudySpec) -> float:
    """Return about how long it takes to judge a study, in trials.

    The winner is trained again, and the members of the ensemble: the best trials, and the runs of finalists
    near the winner, half of all runs by this guess. Without ``refit`` the runs need no training. A fit of the
    baseline counts as a trial.
    """
    if not spec.has_data:
        return 0.0
    confirm = spec.confirm
    again = confirm.seeds + (runs_of_race(spec) / 2 if confirm.ensemble else 0.0)
    fits = 0 if confirm.baseline is None else confirm.seeds
    return fits + confirm.ensemble + (again * length_of_run(spec) if confirm.refit else 0.0)


def trials_ahead(spec: StudySpec) -> float:
    """Return how long confirming and judging take after a search, in trials."""
    return runs_of_race(spec) * length_of_run(spec) + judging_of(spec)


def runs_ahead(spec: StudySpec) -> float:
    """Return how long judging takes after the confirmation, in confirming runs."""
    return judging_of(spec) / length_of_run(spec)
