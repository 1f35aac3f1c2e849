"""The explanation of a confirming run: why it was given to its candidate."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from hpsearch.number import rounded
from hpsearch.report.text import STATE_WORDS, candidate_text, params_line, rows_text
from hpsearch.search import RULE, Candidate, ConfirmPlan, History
from hpsearch.search.confirmation.interval import spread_of_mean
from hpsearch.store import Reader, Study, TrialRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceCandidate:
    """One candidate of the race, as it stood when a run was given out.

    Attributes:
        candidate: Its trial in the search, or ``"default"``.
        given: Runs that it had been given.
        settled: How many of these runs had a result that could be seen.
        mean: The mean of their values, or ``None``.
        out: Whether it was out of the race.
        interval: 95 % interval of the mean on new seeds; ``None`` while no spread is known, and where it was
            not asked for.
    """

    candidate: int | str
    given: int
    settled: int
    mean: float | None
    out: bool
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunExplanation:
    """One confirming run, explained.

    Attributes:
        trial: The run.
        candidate: Its candidate: a trial of the search, ``"default"``, or ``None`` where no
            candidate has its parameters.
        race: The candidates, in order; empty where the race was run by the rule of another version.
    """

    trial: TrialRow
    candidate: int | str | None
    race: tuple[RaceCandidate, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what ``explain --json`` prints."""
        note = asdict(self)
        note["trial"]["state"] = STATE_WORDS[self.trial.state]
        race = [{key: value for key, value in one.items() if key != "interval"} for one in note["race"]]
        return {"schema_version": 1, **note, "race": race}


def explain_run(ledger: Reader, companion: Study, number: int) -> RunExplanation:
    """Return why run ``number`` of a confirmation was given to its candidate.

    Args:
        ledger: Where the studies are.
        companion: The confirmation; it may be one that was set aside.
        number: The run.

    Raises:
        NotFoundError: There is no such run.
    """
    trial, history = ledger.trial(companion, number), ledger.history(companion).history
    candidates = _candidates(companion, ledger.history(ledger.search_of(companion)).history)
    internal = history.point(number) if number < len(history) else None
    race: tuple[RaceCandidate, ...] = ()
    if companion.contract.get("rule") == RULE:
        race = _runners(ConfirmPlan(companion.spec, candidates), history, number)
    whose = next((c.label for c in candidates if c.internal == internal), None)
    return RunExplanation(trial=trial, candidate=whose, race=race)


def race_of(companion: Study, searched: History, confirmed: History) -> tuple[RaceCandidate, ...]:
    """Return the candidates of a race after every settled run, each with the interval of its mean.

    There are none where another version ran the race.

    Args:
        companion: The confirmation.
        searched: The trials of the search that it confirms.
        confirmed: The runs.
    """
    if companion.contract.get("rule") != RULE:
        return ()
    plan = ConfirmPlan(companion.spec, _candidates(companion, searched))
    number = len(confirmed) + plan.parallelism
    standing, metric = plan.standing(confirmed, number), companion.spec.metric
    return tuple(
        replace(one, interval=spread_of_mean(standing, place, metric=metric))
        for place, one in enumerate(_runners(plan, confirmed, number))
    )


def _candidates(companion: Study, searched: History) -> tuple[Candidate, ...]:
    """Return the candidates that the contract of a confirmation names."""
    numbers = companion.contract["finalists"]
    found = [Candidate(internal=searched.point(n), number=n) for n in numbers]
    default = companion.contract.get("default")
    internal = None if default is None else companion.space.internal(default)
    if internal is not None and internal not in [c.internal for c in found]:
        found.append(Candidate(internal=internal, default=True))
    return tuple(found)


def _runners(plan: ConfirmPlan, history: History, number: int) -> tuple[RaceCandidate, ...]:
    standing = plan.standing(history, number)
    return tuple(
        RaceCandidate(
            candidate=candidate.label,
            given=int(standing.given[place]),
            settled=int(standing.counts[place]),
            mean=history.sign * float(standing.means[place]) if standing.counts[place] else None,
            out=bool(standing.out[place]),
        )
        for place, candidate in enumerate(plan.candidates)
    )


def run_text(study: str, found: RunExplanation) -> str:
    """Return an explanation, several lines."""
    trial = found.trial
    source = "a person's choice"
    if found.candidate is not None:
        turn = ", of those in the race the one with the fewest runs, then the best mean"
        source = candidate_text(found.candidate) + (turn if found.race else "")
    rows = [("parameters", params_line(trial.params)), ("from", source)]
    rows += [(candidate_text(runner.candidate), _standing(runner)) for runner in found.race]
    rows.append(("state", STATE_WORDS[trial.state] + (f": {trial.reason}" if trial.reason else "")))
    return rows_text(f"{study}: trial {trial.number}", rows)


def _standing(runner: RaceCandidate) -> str:
    mean = "" if runner.mean is None else f", mean {rounded(runner.mean)}"
    return f"{runner.settled} of {runner.given} runs settled{mean}{', out' if runner.out else ''}"
