"""The folds of a study: the same for all its trials and confirming runs, so that they can be compared."""

import math

import numpy as np

from hpsearch.data import Dataset, fold_numbers, strata_of
from hpsearch.nn.folds import Folds
from hpsearch.study_file import Purpose, StudySpec, child_seed


def folds_of(spec: StudySpec, dataset: Dataset) -> Folds | None:
    """Return the folds of a study's rows outside the test split; ``None`` for a study without folds.

    Args:
        spec: The study.
        dataset: Its data; with folds all rows outside the test split are training rows.
    """
    folds = spec.data.folds
    if folds == 1:
        return None
    strata = strata_of(dataset.y_train)
    seeds = [child_seed(spec.seed, Purpose.FOLDS, repeat) for repeat in range(spec.data.repeats)]
    return Folds.of(
        np.stack([fold_numbers(strata, folds=folds, seed=seed) for seed in seeds]), dataset.y_train
    )


def training_rows(spec: StudySpec, dataset: Dataset) -> int:
    """Return the number of rows that each lane of a trial learns from."""
    n, folds = len(dataset.y_train), spec.data.folds
    return n if folds == 1 else n - math.ceil(n / folds)
