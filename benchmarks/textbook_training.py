"""The textbook's networks, trained by ``hpsearch.nn`` for whoever searches: alone or side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from textbook_study import EPOCHS, TAIL, TOP, Ranges, study

from hpsearch.data import Dataset
from hpsearch.nn import Ensemble, MLPConfig, Network, StackTrainer, TrainingData, stack_width
from hpsearch.study_file import Purpose, StudySpec, child_seed


@dataclass(slots=True, kw_only=True)
class Trial:
    """One training.

    Attributes:
        number: Its number, which decides its seed.
        config: The network and how it is trained.
        curve: Validation accuracy after each epoch so far.
        network: The trained network, once it has been trained to the end.
    """

    number: int
    config: MLPConfig
    curve: list[float] = field(default_factory=list)
    network: Network | None = None

    @property
    def score(self) -> float:
        """The mean accuracy of the last epochs; 0 for one that diverged at once."""
        return float(np.mean(self.curve[-TAIL:])) if self.curve else 0.0


class Task:
    """One split of the textbook's data, and how its networks are trained.

    Args:
        ranges: Where a search may look.
        seed: The split's seed; the seeds of all trials come from it too, as they do in hpsearch.
    """

    def __init__(self, ranges: Ranges, seed: int) -> None:
        self.spec: StudySpec
        self.data: Dataset
        self.spec, self.data = study(ranges, seed=seed)
        self.rows = TrainingData(
            X=self.data.X_train,
            y=self.data.y_train,
            X_val=self.data.X_val,
            y_val=self.data.y_val,
            n_classes=len(self.data.classes),
        )

    def trial(self, number: int, settings: Mapping[str, Any]) -> Trial:
        """Return a trial with nothing trained yet."""
        return Trial(number=number, config=MLPConfig(**{**self.spec.model, **settings}))

    def random(self, number: int) -> Trial:
        """Return a trial drawn log-uniformly from the ranges, the same for every contender."""
        rng = np.random.default_rng(child_seed(self.spec.seed, Purpose.PROPOSE, number))
        space = self.spec.space
        return self.trial(number, space.external(space.from_unit(rng.random(len(space)))))

    def stacks(self, trials: Sequence[Trial]) -> list["Stack"]:
        """Return trials as stacks of a width that trains fast."""
        width = stack_width(trials[0].config, self.rows.n_features, self.rows.n_classes)
        return [Stack(self, trials[start : start + width]) for start in range(0, len(trials), width)]

    def test_accuracy(self, trials: Sequence[Trial]) -> float:
        """Return the test accuracy of the average of trained trials; of one trial that is its own."""
        networks = [trial.network for trial in trials if trial.network is not None]
        return float(np.mean(Ensemble(networks).predict(self.data.X_test) == self.data.y_test))


class Stack:
    """Trials that train side by side; those that diverge leave by themselves.

    Args:
        task: What they learn.
        trials: The trials.
    """

    def __init__(self, task: Task, trials: Sequence[Trial]) -> None:
        self._trials = list(trials)
        self._trainer = StackTrainer(
            [trial.config for trial in trials],
            data=task.rows,
            seeds=[child_seed(task.spec.seed, Purpose.TRAIN, trial.number) for trial in trials],
        )

    def epochs(self, n: int) -> Iterator[None]:
        """Train ``n`` epochs, as far as there are trials left; give a look after each."""
        for _ in range(n):
            if not self._trainer.lanes:
                return
            epoch = self._trainer.run_epoch()
            for lane, accuracy, diverged in zip(epoch.lanes, epoch.score, epoch.diverged, strict=True):
                if not diverged:
                    self._trials[lane].curve.append(float(accuracy))
            self._keep_finished()
            yield

    def drop(self, leaving: Sequence[Trial]) -> None:
        """Let trials leave."""
        numbers = {trial.number for trial in leaving}
        self._trainer.drop([lane for lane in self._trainer.lanes if self._trials[lane].number in numbers])

    def _keep_finished(self) -> None:
        for lane in self._trainer.lanes:
            if len(self._trials[lane].curve) == EPOCHS:
                self._trials[lane].network = self._trainer.network(lane)


def finding(task: Task, trials: Sequence[Trial]) -> dict[str, Any]:
    """Return what a search found: its best trial and its best ``TOP``, of those trained to the end.

    Raises:
        ValueError: No trial was trained to the end.
    """
    ranked = sorted((t for t in trials if t.network is not None), key=lambda trial: -trial.score)
    if not ranked:
        raise ValueError(f"expected a trial of {EPOCHS} epochs, found none among {len(trials)}")
    return {
        "value": ranked[0].score,
        "test_accuracy": task.test_accuracy(ranked[:1]),
        "ensemble_test_accuracy": task.test_accuracy(ranked[:TOP]),
        "trials": len(trials),
        "finished": len(ranked),
        "epochs": sum(len(trial.curve) for trial in trials),
        "params": {name: getattr(ranked[0].config, name) for name in task.spec.space.names},
    }
