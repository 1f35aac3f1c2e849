"""The records of a study file, frozen: the study and its parts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from hpsearch.metrics import METRICS, Measure
from hpsearch.space.checks import EXACT, FieldError, expect, key_path, key_text
from hpsearch.space.numbers import WIDEST
from hpsearch.space.parameter import Value
from hpsearch.space.point import read_point
from hpsearch.space.space import Space
from hpsearch.study_file.data import DataSpec
from hpsearch.study_file.document import Document
from hpsearch.study_file.fleet import FleetSpec
from hpsearch.study_file.names import expect_name
from hpsearch.study_file.objective import DEFAULT_METRICS, ObjectiveSpec, metric_task
from hpsearch.study_file.version import VERSION

Setting: TypeAlias = Value | tuple[int, ...] | tuple[tuple[int | float, ...], ...]
"""A fixed setting of the model: a scalar, a list of sizes, or a list of rows of numbers."""

MOST_TRIALS = 1_000_000
"""The largest budget; a study of that size is several gigabytes of ledger."""

_MOST_ATTEMPTS = 1000

ATTEMPTS = 3
"""A trial's default number of attempts."""

DRAWS = ("random", "sobol")
"""Ways to draw the random rounds."""

LEARNED = "learned"
"""The start that tries the settings of a portfolio first, before rounds that are drawn at random."""

STARTS = (*DRAWS, LEARNED)
"""Ways to start a search."""

MODELS = ("tpe", "gp")
"""Models that propose after the random rounds; the first is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpec:
    """The search: its random rounds, the widening of ranges, and its rungs.

    Attributes:
        rounds: Sizes of the random rounds, each at least 1; the rest of the budget is the model's.
        widen: Decades that a log range may grow on each side, 0 to 10.
        rungs: Epochs at which a trial may stop, ascending; none turns stopping off.
        keep: Share of the trials that goes on past each rung, above 0 and at most 1.
        start: How the search starts: its random rounds are drawn at random by ``"random"``, spread evenly by
            ``"sobol"``; with ``"learned"`` the settings of a portfolio come first, then draws at random.
        portfolio: The file of the portfolio, relative to the study file's folder; ``None`` for the one that
            comes with hpsearch. Only with ``start = "learned"``.
        model: What proposes after them: ``"tpe"``, or ``"gp"``, a Gaussian process, for up to 20 parameters
            and 300 trials; beyond these TPE proposes.
    """

    rounds: tuple[int, ...] = (24,)
    widen: int = 2
    rungs: tuple[int, ...] = ()
    keep: float = 1 / 3
    start: str = "random"
    portfolio: str | None = None
    model: str = MODELS[0]

    def __post_init__(self) -> None:
        for index, size in enumerate(self.rounds):
            expect(size >= 1, f"rounds[{index}]", "at least 1 trial", size)
        expect(0 <= self.widen <= WIDEST, "widen", f"0 to {WIDEST} decades", self.widen)
        for index, (before, rung) in enumerate(zip((0, *self.rungs), self.rungs, strict=False)):
            expect(rung > before, f"rungs[{index}]", f"an epoch above {before}", rung)
        expect(0 < self.keep <= 1, "keep", "a share above 0, at most 1", self.keep)
        expect(self.start in STARTS, "start", f"one of {', '.join(STARTS)}", self.start)
        ok = self.portfolio is None or self.start == LEARNED
        expect(ok, "portfolio", f'none without start = "{LEARNED}"', self.portfolio)
        expect(self.model in MODELS, "model", f"one of {', '.join(MODELS)}", self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedStart:
    """The settings of a portfolio that a study tries first, kept with the study.

    A portfolio may change after the study was created; what the study tries does not.

    Attributes:
        hash: SHA-256 of the portfolio that they come from.
        settings: Parameter -> value of each first trial, in order; a parameter that is left out is drawn.
    """

    hash: str
    settings: tuple[Mapping[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSpec:
    """The confirmation: finalists, fresh seeds, and what is delivered.

    Attributes:
        top: Finalists; 0 turns confirmation off, and the best trial as measured wins.
        seeds: Fresh seeds for each finalist and for the declared default, on average: they race for them.
        epochs: Epochs of a confirming run, or ``None`` for as many as a trial has.
        ensemble: Number of best trials whose predictions are averaged, together with the predictions of the
            winner's confirming runs; 0 turns the ensemble off.
        refit: Whether winner and ensemble are trained again on training and validation rows together before
            the test rows judge them.
        baseline: A model that the test rows judge beside the winner, at its usual settings: a name that
            ``init --model`` takes, such as ``"histogram-boosting"``; ``None`` for none.
    """

    top: int = 5
    seeds: int = 5
    epochs: int | None = None
    ensemble: int = 10
    refit: bool = True
    baseline: str | None = None

    def __post_init__(self) -> None:
        expect(self.top >= 0, "top", "0 or more finalists", self.top)
        expect(self.seeds >= 1, "seeds", "at least 1 seed", self.seeds)
        expect(self.epochs is None or self.epochs >= 1, "epochs", "at least 1 epoch", self.epochs)
        expect(self.ensemble >= 0, "ensemble", "0 or more trials", self.ensemble)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSpec:
    """The rules that end a study before its budget is spent; the first to fire ends it. ``None`` is no rule.

    Attributes:
        target: Value of the metric that ends it once a trial completes with it or a better one.
        hours: Hours since the study was created, on the database's clock, above 0.
        plateau: Settled trials in a row without a new best, 1 to 1,000,000.
    """

    target: float | None = None
    hours: float | None = None
    plateau: int | None = None

    def __post_init__(self) -> None:
        expect(self.target is None or math.isfinite(self.target), "target", "a number", self.target)
        ok = self.hours is None or 0 < self.hours < math.inf
        expect(ok, "hours", "a number of hours above 0", self.hours)
        ok = self.plateau is None or 1 <= self.plateau <= MOST_TRIALS
        expect(ok, "plateau", f"1 to {MOST_TRIALS} trials", self.plateau)

    @property
    def looks_at_results(self) -> bool:
        """Whether a rule follows from results, so that every trial must ask before it begins."""
        return self.target is not None or self.plateau is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySpec:
    """A study: all that its results depend on, and the fleet that works on it.

    Attributes:
        name: The study's name, 1 to 200 characters, none of them a control character; it does not end in
            ``.confirm``.
        seed: Seed of all its randomness, 0 to ``2**53``.
        trials: Number of trials, exactly; 1 to 1,000,000.
        parallelism: Trials in flight over the whole fleet, at least 1; part of the result.
        attempts: A trial fails for good when its worker has died so often, 1 to 1,000, with no other trial
            in hand.
        data: The examples; ``NO_DATA`` where its trials learn from no rows that hpsearch reads.
        model: Fixed settings of the model, name -> value; none of them a parameter of the space.
        space: The parameters to search.
        objective: What a trial minimizes, and what it is judged by.
        defaults: Declared defaults, name -> value in the outer range; a parameter may have none.
        search: The search of the space.
        stop: The rules that end the study before its budget is spent.
        confirm: The confirmation of the winner.
        version: The version of what the file means, 1 to ``VERSION``; never in a file, but in the contract.
        learned: The settings that its first trials try, where a portfolio has given some; not in a file, but
            in the contract.
        fleet: The workers; not part of the study.
        document: The file behind the record, to name its lines in errors; not part of the study.
        derived: ``"parallelism"`` and ``"rounds"`` where they follow from the budget; a study that exists
            keeps what it was begun with.
        has_own_trials: Whether the number of trials was given beside the file, such as by ``--trials``: then
            a study with more of them is refused.
    """

    name: str
    seed: int
    trials: int
    parallelism: int
    data: DataSpec
    model: Mapping[str, Setting]
    space: Space
    search: SearchSpec = SearchSpec()
    stop: StopSpec = StopSpec()
    confirm: ConfirmSpec = ConfirmSpec()
    objective: ObjectiveSpec = field(default_factory=ObjectiveSpec)
    attempts: int = ATTEMPTS
    defaults: Mapping[str, Value] = field(default_factory=dict)
    version: int = VERSION
    learned: LearnedStart | None = None
    fleet: FleetSpec = field(default=FleetSpec(), compare=False)
    document: Document = field(default=Document(), compare=False, repr=False)
    derived: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    has_own_trials: bool = field(default=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        expect_name(self.name)
        expect(0 <= self.seed <= EXACT, "seed", "a whole number from 0 to 2**53", self.seed)
        expect(1 <= self.trials <= MOST_TRIALS, "trials", f"1 to {MOST_TRIALS} trials", self.trials)
        expect(1 <= self.version <= VERSION, "version", f"1 to {VERSION}", self.version)
        limits = f"1 to {MOST_TRIALS} trials in flight"
        expect(1 <= self.parallelism <= MOST_TRIALS, "parallelism", limits, self.parallelism)
        expect(1 <= self.attempts <= _MOST_ATTEMPTS, "attempts", f"1 to {_MOST_ATTEMPTS}", self.attempts)
        for name in self.space.names:
            key = key_path("space", key_text(name))
            expect(name not in self.model, key, "a key in [model] or in [space], not in both", name)
        for name, value in self.defaults.items():
            self._expect_value(key_path("space", key_path(key_text(name), "default")), name, value)
        for index, point in enumerate(self.learned.settings if self.learned else ()):
            for name, value in point.items():
                self._expect_value(f"learned.settings[{index}].{key_text(name)}", name, value)
        self._expect_objective()
        self._expect_target()
        ok = self.data.folds == 1 or self.confirm.refit
        one = "true with data.folds: no network of a trial has learned from all rows"
        expect(ok, "confirm.refit", one, self.confirm.refit)

    def _expect_objective(self) -> None:
        task, objective = self.data.task, self.objective
        if not self.has_data:
            return
        if task is not None and objective.metric is not None:
            fitting = ", ".join(name for name in METRICS if metric_task(name) == task)
            ok = metric_task(objective.metric) == task
            expect(ok, "objective.metric", f"a metric of {task}: {fitting}", objective.metric)
        ok = objective.class_weight is None or task != "regression"
        expect(ok, "objective.class_weight", "none: a regression has no classes", objective.class_weight)
        ok = objective.loss is None or task == "regression"
        expect(ok, "objective.loss", "none: a classification minimizes the cross-entropy", objective.loss)

    def _expect_target(self) -> None:
        metric, target = self.metric, self.stop.target
        low, high = metric.bounds
        # The worst value is no target: every trial reaches it.
        ok = target is None or (low <= target <= high and target != metric.worst)
        above = "above" if metric.maximize else "at least"
        limits = [f"{above} {low:g}"] * (low > -math.inf) + [f"at most {high:g}"] * (high < math.inf)
        expect(ok, "stop.target", f"a value of {metric.title} {' and '.join(limits)}", target)

    def _expect_value(self, key: str, name: str, value: Value) -> None:
        alone = tuple(parameter for parameter in self.space if parameter.name == name)
        try:
            read_point(Space(alone) if alone else self.space, {name: value})
        except FieldError as error:
            raise FieldError(key, error.message) from None

    @property
    def default(self) -> tuple[float, ...] | None:
        """The internal values of the declared default, or ``None`` where a parameter has none."""
        if any(name not in self.defaults for name in self.space.names):
            return None
        return self.space.internal(self.defaults)

    @property
    def has_data(self) -> bool:
        """Whether its trials learn from rows that hpsearch reads: a function or a command has its own."""
        return self.objective.has_data

    @property
    def metric(self) -> Measure:
        """What its trials are judged by."""
        return (
            self.objective.measure
            or METRICS[self.objective.metric or DEFAULT_METRICS[self.data.task or "classification"]]
        )

    @property
    def base(self) -> Path:
        """The folder that relative data paths start from: the folder of the study file."""
        return self.document.path.parent
