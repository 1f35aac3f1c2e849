"""The record of a study's examples: the table ``[data]`` of a study file."""

import math
from dataclasses import dataclass, field

from hpsearch.defaults import MAX_MEMORY_GIB
from hpsearch.space.checks import expect, expect_text

LONGEST_TEXT = 512

SCALINGS = ("auto", "standard", "robust", "none", "pca", "zca")
"""Ways to scale the inputs."""

WHITENINGS = ("pca", "zca")
"""The scalings that mix features."""

MOST_BINS = 64

DATES = ("ignore", "parts")
"""What becomes of columns of dates: they are left out, or taken apart into numbers."""

TASKS = ("classification", "regression")
"""What is predicted: one of some classes, or a number."""

MOST_FOLDS = 100
"""The most trainings of a trial."""

DECIMALS = (".", ",")
"""Marks before the fraction of a number; the other one groups thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec:
    """The examples: their source and their split.

    Attributes:
        source: The name of a built-in data set; the path of a table (``.csv``, ``.tsv``, ``.txt``, ``.dat``,
            ``.data``, ``.arff``, ``.parquet``; also packed: ``.gz``, ``.zip``, ``.xz``, ``.bz2``) or of an
            ``.npz`` file; or ``openml:`` and the number of a data set of OpenML.
        target: The column that is to be predicted, for a table.
        task: ``"classification"`` or ``"regression"``; ``None`` leaves it to the target: many different
            numbers are a regression.
        weights: The column of a table, or the array of an ``.npz`` file, that holds how much each row counts
            in the training loss: finite numbers, 0 or more. It is no feature. A row of weight 0 is left out;
            metrics count all others alike.
        categorical: Columns of a table whose cells are categories although they look like numbers.
        ignore: Columns of a table that are left out.
        keep: Columns of a table that are learned from although they look like an index, a constant or a
            name of each row.
        header: Whether the first line of a table of text names the columns; else they are ``x0``, ``x1``, ...
        dates: What becomes of columns of dates: ``"ignore"`` leaves them out, ``"parts"`` makes them year,
            month, day, weekday and hour.
        missing: Texts that stand for a missing cell, beside the empty one; by default pandas' own (``NA``,
            ``N/A``, ``null``, ``NaN``, ``None``, ...) and ``?``.
        decimal: The mark before the fraction of a number in a table of text, ``"."`` or ``","``; by default
            what the numbers show.
        train: At most this many training rows, or ``None`` for all that are left.
        validation: Share of the rows (below 1) or number of rows that choose among trials; with ``folds`` it
            is not read.
        test: Share of the rows (below 1) or number of rows that judge the winner, once.
        folds: With 2 or more, each trial is trained so often, each time without one of as many equal parts of
            the rows outside the test split, and scored by that part; its value is the mean. With 1 the rows
            of ``validation`` score it.
        repeats: Divisions into folds, each another one.
        scaling: How the inputs are scaled: ``"auto"`` (tables standardised, images divided by their largest
            value), ``"standard"``, ``"robust"`` (by median and quartiles, clipped smoothly), ``"none"``,
            or whitening, ``"pca"`` or ``"zca"``.
        bins: Bins of each column of numbers, at quantiles of the training rows, each of them a feature; 0 for
            none, else 2 to 64.
        max_memory: GiB of memory that the data or a network may take, above 0; not part of the study. The
            variable ``HPSEARCH_MAX_MEMORY`` holds instead where it is set.
    """

    source: str
    target: str | None = None
    task: str | None = None
    weights: str | None = None
    categorical: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    header: bool = True
    dates: str = "ignore"
    missing: tuple[str, ...] | None = None
    decimal: str | None = None
    train: int | None = None
    validation: float | int = 0.2
    test: float | int = 0.2
    folds: int = 1
    repeats: int = 1
    scaling: str = "auto"
    bins: int = 0
    max_memory: float = field(default=MAX_MEMORY_GIB, compare=False)

    def __post_init__(self) -> None:
        expect_text("source", self.source, longest=LONGEST_TEXT)
        for key, name in {"target": self.target, "weights": self.weights}.items():
            expect(name is None or name.strip(), key, "the name of a column", name)
        expect(self.train is None or self.train >= 1, "train", "at least 1 row", self.train)
        shares = {"validation": self.validation, "test": self.test}
        for key, share in shares.items():
            ok = share >= 1 if isinstance(share, int) else 0 < share < 1
            expect(ok, key, "a fraction between 0 and 1, or a whole number of rows", share)
        expect(1 <= self.folds <= MOST_FOLDS, "folds", f"1 to {MOST_FOLDS} folds", self.folds)
        expect(self.repeats >= 1, "repeats", "at least 1 division into folds", self.repeats)
        ok = self.folds > 1 or self.repeats == 1
        expect(ok, "repeats", "1 without folds; folds = 5 divides the rows", self.repeats)
        limits = f"at most {MOST_FOLDS} trainings a trial, folds times repeats"
        expect(self.folds * self.repeats <= MOST_FOLDS, "repeats", limits, self.folds * self.repeats)
        named = {"task": TASKS, "dates": DATES, "decimal": DECIMALS, "scaling": SCALINGS}
        for key, known in named.items():
            found = getattr(self, key)
            ok = found in known or (found is None and key in {"task", "decimal"})
            expect(ok, key, f"one of {', '.join(known)}", found)
        expect(self.bins == 0 or 2 <= self.bins <= MOST_BINS, "bins", f"0, or 2 to {MOST_BINS}", self.bins)
        ok = not (self.bins and self.scaling in WHITENINGS)
        expect(ok, "bins", f"0 where scaling is {self.scaling}, which mixes features", self.bins)
        expect(0 < self.max_memory < math.inf, "max_memory", "a number of GiB above 0", self.max_memory)
        held = [share for share in shares.values() if isinstance(share, float)] if self.folds == 1 else []
        expect(sum(held) < 1, "validation", "validation + test to be below 1", sum(held))


NO_DATA = DataSpec(source="none")
"""What stands in a study whose trials learn from no rows that hpsearch reads."""
