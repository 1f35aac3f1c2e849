"""Every key of ``[model]`` may move to ``[space]``: the tests run over the list of keys itself."""

import math

import pytest

from hpsearch.nn.config import names_of
from hpsearch.objective import Ending, Task
from hpsearch.objective.mlp import MLPEvaluator, MLPObjective
from hpsearch.objective.mlp.layers import MODEL_KEYS
from hpsearch.study_file import read_study, spec_from_dict, spec_to_dict
from hpsearch.worker import load_data

SEARCHED = {
    "hidden": "{ choices = [[4], [4, 4]] }",
    "depth": "{ low = 1, high = 2 }",
    "width": "{ low = 2, high = 8, log = true }",
    "init_scale": "{ low = 0.5, high = 2.0, log = true }",
    "lr": "{ low = 1e-3, high = 1e-2, log = true }",
    "momentum": '{ low = 0.5, high = 0.99, log = "mirrored" }',
    "beta1": '{ low = 0.5, high = 0.99, log = "mirrored" }',
    "beta2": "{ choices = [0.9, 0.999] }",
    "eps": "{ low = 1e-8, high = 1e-1, log = true }",
    "schedule_decay": "{ low = 0.1, high = 0.9 }",
    "schedule_every": "{ low = 1, high = 2 }",
    "schedule_rates": "{ choices = [[[0, 0.01], [1, 0.001]], [[0, 0.002]]] }",
    "warmup_epochs": "{ low = 0, high = 2 }",
    "weight_decay": "{ low = 1e-4, high = 1e-1, log = true }",
    "l1": "{ low = 1e-4, high = 1e-1, log = true }",
    "linf": "{ choices = [0.0, 0.1] }",
    "dropout": "{ low = 0.0, high = 0.5 }",
    "input_dropout": "{ low = 0.0, high = 0.5 }",
    "embedding": "{ choices = [0, 2] }",
    "label_smoothing": "{ low = 0.0, high = 0.2 }",
    "batch_size": "{ low = 4, high = 16, log = true }",
    "epochs": "{ low = 1, high = 2 }",
}
"""Key -> a range or choices of it; a key with names has its first two instead."""

BESIDE = {
    "momentum": 'optimizer = "momentum"',
    "schedule_decay": 'schedule = "time"',
    "schedule_every": 'schedule = "staircase"',
    "schedule_rates": 'schedule = "manual"',
    "dropout_kind": "dropout = 0.5",
}
"""Key -> the setting by which networks read it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a table of numbers and categories."""
    folder = tmp_path_factory.mktemp("keys")
    lines = [f"{i * i},{('oak', 'ash', 'fir')[i % 3]},{'ab'[i % 2]}" for i in range(40)]
    (folder / "table.csv").write_text("\n".join(["size,wood,kind", *lines]))
    return folder


@pytest.fixture(scope="module")
def table(folder):
    """Return what a study of the table reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPSEARCH_CACHE", str(folder / "cache"))
        spec = read(folder, "lr")
        return load_data(spec, spec.base)


def read(folder, key):
    """Return the study of a file that searches one key, with its defaults."""
    space = SEARCHED.get(key) or f"{{ choices = {names_of(key)[:2]} }}"
    usual = "" if key == "epochs" else "epochs = 2\n"
    path = folder / f"{key}.toml"
    path.write_text(
        f'name = "{key}"\n[data]\nsource = "table.csv"\ntarget = "kind"\n'
        f"[model]\n{usual}{BESIDE.get(key, '')}\n[space]\n{key} = {space}\n"
    )
    return MLPObjective().check(read_study(path))


@pytest.mark.parametrize("key", MODEL_KEYS)
def test_every_key_of_the_model_can_be_searched(folder, table, key):
    """A file with the key in ``[space]`` is a study; its two ends train, and train different networks."""
    spec = read(folder, key)
    contract = spec_to_dict(spec)
    again = spec_from_dict(contract)
    assert spec_to_dict(again) == contract
    assert spec.space.names == (key,)
    assert key not in spec.model
    (parameter,) = again.space
    values = [parameter.external(parameter.from_unit(unit)) for unit in (0.0, 1.0)]
    evaluator = MLPEvaluator(again, table)
    MLPObjective().check_data(again, table)
    outcomes = evaluator.evaluate([Task(settings={key: value}, seed=1) for value in values])
    assert {outcome.ending for outcome in outcomes} == {Ending.COMPLETE}
    assert all(math.isfinite(outcome.value) for outcome in outcomes)
    first, second = (outcome.network.parameters.tobytes() for outcome in outcomes)
    assert first != second
