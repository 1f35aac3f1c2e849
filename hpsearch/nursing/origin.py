"""The origin of a nursing: the trial that it goes on with, and the training that this makes."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from hpsearch.data import Dataset
from hpsearch.errors import NotFoundError
from hpsearch.nursing.course import Course
from hpsearch.nursing.requests import InterventionError
from hpsearch.objective import MLPEvaluator
from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.search.confirmation.finalists import measured_ranking
from hpsearch.space import Value
from hpsearch.store import NursingRow, Reader, Study, expect_search
from hpsearch.study_file import Purpose, child_seed
from hpsearch.worker.data.contract import expect_this_plan
from hpsearch.worker.session import make_evaluator

_KINDS = {"estimator": "estimators", "call": "a function", "command": "a command"}


def expect_networks(study: Study) -> Study:
    """Return a study whose trials are networks of hpsearch's own.

    Raises:
        NotFoundError: The study confirms a search.
        InterventionError: Its trials are something else.
        ContractError: Another version of hpsearch has begun it.
    """
    expect_search(study)
    kind = study.spec.objective.kind
    if kind != "mlp":
        raise InterventionError(
            f"study {study.name!r} tries {_KINDS[kind]}: expected a study of hpsearch's own networks, whose "
            "training it can steer from epoch to epoch"
        )
    expect_this_plan(study)
    return study


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The training that a nursing goes on with.

    Attributes:
        trial: The trial, or ``None`` for the declared defaults.
        settings: The settings that the trial adds to the fixed ones.
        trained: Epochs that the trial was trained for; 0 for the declared defaults.
    """

    trial: int | None
    settings: dict[str, Value]
    trained: int

    def seed(self, study: Study, number: int) -> int:
        """Return the seed of the training.

        Args:
            study: The study.
            number: The nursing; the trainings of declared defaults differ by it.
        """
        if self.trial is None:
            return child_seed(study.spec.seed, Purpose.NURSE, number)
        return child_seed(study.spec.seed, Purpose.TRAIN, self.trial)


def choose_trial(ledger: Reader, study: Study) -> int | None:
    """Return the winner of a study, or its best trial while there is none; ``None`` is its declared default.

    Raises:
        NotFoundError: No trial is complete.
    """
    verdict = ledger.verdict(study)
    if verdict is not None:
        return verdict.number
    ranked = measured_ranking(ledger.history(study).history)
    if not len(ranked):
        raise NotFoundError(
            f"study {study.name!r} has no complete trial yet; --new begins with its declared defaults"
        )
    return int(ranked[0])


def origin_of(ledger: Reader, study: Study, trial: int | None) -> Origin:
    """Return what a nursing of a trial goes on with; ``None`` is the declared default.

    Raises:
        NotFoundError: There is no such trial, or it is not settled yet.
        InterventionError: The study declares no default.
    """
    spec = study.spec
    if trial is None:
        if spec.default is None:
            raise InterventionError(
                f"study {study.name!r} declares no default for each of its parameters: name a trial instead"
            )
        return Origin(trial=None, settings=spec.space.external(spec.default), trained=0)
    history = ledger.history(study).history
    if trial >= len(history) or TrialState(history.states[trial]) is TrialState.RUNNING:
        ledger.trial(study, trial)  # says that there is no such trial
        raise NotFoundError(f"trial {trial} of study {study.name!r} is not settled yet: it has no result")
    settings = SearchPlan(spec).settings(history.point(trial))
    return Origin(trial=trial, settings=settings, trained=_trained(history, trial))


@dataclass(frozen=True, slots=True)
class CourseMaker:
    """What makes the courses of a study's nursings on this machine.

    Attributes:
        ledger: Where the study is.
        study: A study of networks.
        evaluator: What trains them.
    """

    ledger: Reader
    study: Study
    evaluator: MLPEvaluator

    @classmethod
    def of(cls, ledger: Reader, study: Study) -> "CourseMaker":
        """Return it with the data of a study, found on this machine.

        Raises:
            InterventionError: The study's trials are no networks of hpsearch's.
            DataError: The data are not here.
            ContractError: The data here are not the data of the study.
        """
        return cls(ledger, study, cast("MLPEvaluator", make_evaluator(expect_networks(study))))

    @property
    def sign(self) -> float:
        """1 where more of the metric is better, else -1."""
        return self.evaluator.metric.sign

    @property
    def dataset(self) -> Dataset:
        """The examples."""
        return self.evaluator.dataset

    def default_epochs(self, origin: Origin) -> int:
        """Return where a nursing ends by default: as many epochs again as a trial of the study has."""
        return origin.trained + self.evaluator.config(origin.settings).epochs

    def course(self, row: NursingRow) -> Course:
        """Return the course of a nursing before its own first epoch; of a branch, where it was branched."""
        if row.parent is None:
            origin = origin_of(self.ledger, self.study, row.plan.trial)
            seed = origin.seed(self.study, row.number)
            return Course(self.evaluator.steered(origin.settings, seed=seed), sign=self.sign)
        course = self.course(self.ledger.nursing(self.study, row.parent))
        made = self.ledger.interventions(self.study, row.parent)
        before = [one for one in made if row.branched is not None and one.sequence <= row.branched]
        course.follow(before, on_epoch=lambda _: None)
        course.begin_branch()
        return course


def _trained(history: History, trial: int) -> int:
    """Return for how many epochs a trial was trained, by its curve."""
    return int(max(np.flatnonzero(~np.isnan(history.curves[trial])) + 1, default=0))
