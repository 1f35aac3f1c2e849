"""Studies that embed categories: what the network is told, and what is refused at the door."""

import numpy as np
import pytest

from hpsearch.errors import StudyFileError
from hpsearch.objective.mlp import MLPEvaluator, MLPTask
from hpsearch.study_file import read_study
from hpsearch.worker import load_data

LR = "lr = { low = 1e-4, high = 1e-1, log = true }"


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Return what writes a study of a small table, with some of its columns, and reads it."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))

    def write(*, data="", model="embedding = 2", space=LR, wood="oak ash fir"):
        woods = wood.split()
        lines = [f"{i * i},{woods[i % len(woods)]},{i % 4},{'ab'[i % 2]}" for i in range(40)]
        (tmp_path / "table.csv").write_text("\n".join(["size,wood,month,kind", *lines]))
        path = tmp_path / "x.toml"
        path.write_text(
            f'[data]\nsource = "table.csv"\ntarget = "kind"\n{data}\n[model]\n{model}\n[space]\n{space}\n'
        )
        return read_study(path)

    return write


def test_the_network_embeds_the_columns_of_categories(study):
    """Texts and named columns are blocks, searching and refitting; lanes with and without share a batch."""
    spec = study(data='categorical = ["month"]', space="embedding = { choices = [0, 3] }", model="epochs = 2")
    objective = MLPEvaluator(spec, load_data(spec, spec.base))
    tasks = [MLPTask(config=objective.config({"embedding": width}), seed=1) for width in (0, 3)]
    for trains in (objective, objective.refitting()):
        outcomes = trains.train(tasks)
        plain, embedded = (outcome.network for outcome in outcomes)
        assert plain.blocks == ()
        assert embedded.blocks == ((1, 4), (4, 8))
        assert [table.shape for table in embedded.embeddings] == [(3, 3), (4, 3)]
    assert np.isfinite(objective.judge.ensemble_test_scores(outcomes)["accuracy"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {},
            r"x\.toml:6: model\.embedding: expected a column of categories in \"table\.csv\", found none;",
        ),
        (
            {"model": "", "space": "embedding = { choices = [0, 4] }"},
            r"x\.toml:8: space\.embedding: expected a column of categories",
        ),
        (
            {"model": "", "space": "embedding = { low = 0, high = 8 }"},
            r"x\.toml:8: space\.embedding: expected a column of categories",
        ),
        (
            {"wood": "oak ash", "data": 'scaling = "pca"'},
            r'x\.toml:4: data\.scaling: expected "auto", "standard", "robust" or "none" .*, found "pca"',
        ),
    ],
)
def test_an_embedding_without_categories_is_refused(study, changes, message):
    """The message names file, line and key, whether the embedding is fixed or searched."""
    spec = study(**{"wood": "7", **changes})
    with pytest.raises(StudyFileError, match=message):
        load_data(spec, spec.base)


@pytest.mark.parametrize(
    "changes", [{"model": "embedding = 0"}, {"model": "", "space": "embedding = { choices = [0] }"}]
)
def test_without_an_embedding_no_categories_are_needed(study, changes):
    """An embedding that is off asks nothing of the data, whitened ones included."""
    for more in ({"wood": "7"}, {"data": 'scaling = "pca"'}):
        spec = study(**changes, **more)
        objective = MLPEvaluator(spec, load_data(spec, spec.base))
        objective.train([MLPTask(config=objective.config({"epochs": 1, "embedding": 0}), seed=0)])
