"""Model files of every kind, and the raw rows that they take."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hpsearch.data import Dataset, load_dataset, split_rows
from hpsearch.data.sources import find_source
from hpsearch.nn import MLPConfig, TrainingData, load_model
from hpsearch.nn.training.stacks import run_stacks
from hpsearch.objective.mlp import MLPTask
from hpsearch.objective.rows.data import blocks_of
from hpsearch.study_file import DataSpec
from hpsearch.worker.outcome.model_export import write_models

N = 120


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of table: its columns, and what a study file says of them."""

    frame: pd.DataFrame
    data: dict[str, Any]
    embedding: int = 0
    write: dict[str, Any] | None = None  # of to_csv, where the kind is one of text only


def kinds():
    """Return name -> kind of table; every target follows from the columns."""
    rng = np.random.default_rng(0)
    tall, wide = rng.normal(size=N).round(3) * 1000 + 5, rng.normal(size=N).round(3)
    color = rng.choice(["red", "blue", "NA-like"], size=N)
    kind = np.where(tall / 1000 + (color == "red") > 0.3, "yes", "no")
    numbers = pd.DataFrame({"tall": tall, "wide": wide, "deep": rng.integers(9, size=N), "kind": kind})
    texts = numbers.assign(color=color, flag=rng.random(N) > 0.5)
    gaps = texts.assign(flag=np.where(texts.flag, "on", "off"))
    gaps = gaps.mask(rng.random(gaps.shape) < 0.1)
    gaps["kind"] = kind
    dates = numbers.assign(when=pd.date_range("2024-01-28 07:15", periods=N, freq="19h"))
    return {
        "numbers": Kind(frame=numbers, data={}),
        "categories": Kind(frame=texts, data={}),
        "embedding": Kind(frame=texts, data={}, embedding=2),
        "missing": Kind(frame=gaps, data={}),
        "dates": Kind(frame=dates, data={"dates": "parts"}),
        "codes": Kind(frame=numbers.assign(zip=rng.integers(3, size=N) + 10), data={"categorical": ("zip",)}),
        "left out": Kind(
            frame=numbers.assign(id=[f"r{n}" for n in range(N)], one=1, note="x"), data={"ignore": ("note",)}
        ),
        "commas": Kind(frame=numbers, data={}, write={"sep": ";", "decimal": ","}),
        "day first": Kind(
            frame=dates.assign(when=dates.when.dt.strftime("%d/%m/%Y %H:%M")),
            data={"dates": "parts"},
            write={},
        ),
        "marks": Kind(
            frame=gaps.drop(columns=["color", "flag"]), data={"missing": ("-999",)}, write={"na_rep": "-999"}
        ),
    }


KINDS = kinds()
FORMATS = {"csv": ".csv", "parquet": ".parquet"}
TABLES = [
    (name, form) for name, kind in KINDS.items() for form in FORMATS if kind.write is None or form == "csv"
]


def write(frame, path, kind=None):
    """Write a frame as a file of the form that its ending says."""
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False, **((kind.write if kind else None) or {}))
    return path


def spec_of(path, kind):
    """Return the data of a study of a table."""
    return DataSpec(source=path.name, target="kind", **kind.data)


def train(dataset: Dataset, *, embedding=0, n=1):
    """Return networks of a data set."""
    data = TrainingData(
        X=dataset.X_train,
        y=dataset.y_train,
        X_val=dataset.X_val,
        y_val=dataset.y_val,
        n_classes=len(dataset.classes),
        blocks=blocks_of(dataset) if embedding else (),
    )
    config = MLPConfig(hidden=(8,), lr=0.03, epochs=8, batch_size=16, embedding=embedding)
    tasks = {seed: MLPTask(config=config, seed=seed) for seed in range(n)}
    for stack in run_stacks(tasks, data=data):
        done = {place: stack.networks(place)[0] for place, curve in stack.curves.items() if len(curve) == 8}
        stack.drop(done)
        if len(done) == n:
            return list(done.values())
    raise AssertionError("not trained")


def saved(path: Path, dataset, *, embedding=0, n=1, metric="accuracy"):
    """Return a model file of a data set, as a study writes it, and its networks."""
    networks = train(dataset, embedding=embedding, n=n)
    metrics = {f"study_test_{metric}": 0.5}
    named = [replace(network, classes=dataset.labels) for network in networks]
    write_models(named, path, dataset=dataset, metrics=metrics, about={"study": "x"})
    return load_model(path), networks


def test_rows(spec, base):
    """Return the places of the test rows in the file."""
    examples = find_source(spec, base=base).read()
    return split_rows(examples, train=spec.train, validation=spec.validation, test=spec.test, seed=1).test


test_rows.__test__ = False


def dataset_of(spec, base):
    """Return the data set of a study."""
    return load_dataset(replace(spec), seed=1, base=base, cache=base / "cache")
