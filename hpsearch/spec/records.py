"""What a study file says, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from hpsearch.spec.document import Document
from hpsearch.spec.space import Space, Value

Setting: TypeAlias = Value | tuple[int, ...]
"""A fixed setting of the model: a scalar, or a list of sizes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec:
    """Where the examples come from and how they are split.

    Attributes:
        source: The name of a built-in data set, or the path of a ``.csv`` or ``.npz`` file.
        target: The column that holds the class, for a CSV file.
        train: At most this many training rows, or ``None`` for all that are left.
        validation: Share of the rows (below 1) or number of rows that choose among trials.
        test: Share of the rows (below 1) or number of rows that judge the winner, once.
    """

    source: str
    target: str | None = None
    train: int | None = None
    validation: float | int = 0.2
    test: float | int = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpec:
    """How the space is searched.

    Attributes:
        rounds: Sizes of the random rounds; the rest of the budget is TPE.
        widen: Decades that a log range may grow on each side.
        rungs: Epochs at which a trial may stop, ascending; none turns stopping off.
    """

    rounds: tuple[int, ...] = (24, 16)
    widen: int = 2
    rungs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSpec:
    """How the winner is confirmed.

    Attributes:
        top: Finalists; 0 turns confirmation off, and the best trial as measured wins.
        seeds: Fresh seeds for each finalist.
        epochs: Epochs of a confirming run, or ``None`` for as many as a trial has.
        ensemble: Best trials whose predictions are averaged; 0 turns the ensemble off.
    """

    top: int = 5
    seeds: int = 5
    epochs: int | None = None
    ensemble: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySpec:
    """A study: everything that its results depend on.

    Attributes:
        name: The study's name.
        seed: Where all its randomness comes from, 0 or above.
        trials: Number of trials, exactly.
        parallelism: Trials in flight over the whole fleet; part of the result.
        data: The examples.
        model: Fixed settings of the model, name -> value.
        space: The parameters to search.
        search: How they are searched.
        confirm: How the winner is confirmed.
        document: The file behind the record, to name its lines in errors; not part of the study.
    """

    name: str
    seed: int
    trials: int
    parallelism: int
    data: DataSpec
    model: Mapping[str, Setting]
    space: Space
    search: SearchSpec = SearchSpec()
    confirm: ConfirmSpec = ConfirmSpec()
    document: Document = field(default=Document(), compare=False, repr=False)

    @property
    def base(self) -> Path:
        """The folder that relative data paths start from: that of the study file."""
        return self.document.path.parent
