import numpy as np
import pytest

from hpsearch.data import Dataset
from hpsearch.objective.mlp import MLPEvaluator
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import DataSpec, StudySpec

N_FEATURES, CLASSES = 5, ("a", "b", "c")


@pytest.fixture(scope="session")
def dataset():
    """Return three blobs: 60 rows to learn from, 24 to choose by, 24 to judge by."""
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(len(CLASSES), N_FEATURES)) * 1.5

    def rows(n):
        y = np.arange(n, dtype=np.int64) % len(CLASSES)
        return (centers[y] + rng.normal(size=(n, N_FEATURES))).astype(np.float32), y

    arrays = dict(zip(("train", "val", "test"), map(rows, (60, 24, 24)), strict=True))
    return Dataset(
        **{f"{axis}_{name}": pair[i] for name, pair in arrays.items() for i, axis in enumerate("Xy")},
        classes=CLASSES,
        features=tuple(f"x{i}" for i in range(N_FEATURES)),
        mean=np.zeros(N_FEATURES),
        scale=np.ones(N_FEATURES),
        content_hash="0" * 64,
    )


@pytest.fixture(scope="session")
def spec():
    """Return a study of small networks."""
    return StudySpec(
        name="study",
        seed=0,
        trials=10,
        parallelism=2,
        data=DataSpec(source="digits"),
        model={"hidden": (8,), "batch_size": 16, "epochs": 3},
        space=Space((FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),)),
    )


@pytest.fixture(scope="session")
def objective(spec, dataset):
    """Return what evaluates the study's trials."""
    return MLPEvaluator(spec, dataset)


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that reads a study file whose model and space are given, the model on line 3."""
    from hpsearch.study_file import read_study  # noqa: PLC0415 - beside its use

    monkeypatch.chdir(tmp_path)

    def read(model, space="lr = { low = 1e-4, high = 1e-1, log = true }"):
        path = tmp_path / "x.toml"
        path.write_text(f'[data]\nsource = "digits"\n[model]\n{model}\n[space]\n{space}\n')
        return read_study(path.relative_to(tmp_path))

    return read
