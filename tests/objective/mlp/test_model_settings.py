"""Study files: every setting of a network may be fixed or searched, and is refused by name."""

from dataclasses import fields

import pytest

from hpsearch.errors import StudyFileError
from hpsearch.nn import ACTIVATIONS, DROPOUT_KINDS, INITIALIZERS, NORMALIZATIONS, OPTIMIZERS, MLPConfig
from hpsearch.objective.mlp import check_model
from hpsearch.study_file import read_study

FIXED = """
hidden = [8, 4]
activation = "prelu"
init = "lecun"
init_scale = 0.5
normalization = "batch"
optimizer = "rmsprop"
lr = 0.01
momentum = 0.5
beta1 = 0.5
beta2 = 0.5
eps = 1e-6
schedule = "manual"
schedule_decay = 0.5
schedule_every = 3
schedule_rates = [[0, 0.1], [2, 0.01]]
warmup_epochs = 1
weight_decay = 1e-4
l1 = 1e-5
linf = 1e-5
dropout = 0.1
input_dropout = 0.1
dropout_kind = "variational"
embedding = 2
label_smoothing = 0.1
batch_size = 16
epochs = 3
"""


def read(tmp_path, *, model="", space="weight_decay = { low = 1e-6, high = 1e-3, log = true }", more=""):
    """Return the study of a file with these tables."""
    path = tmp_path / "study.toml"
    text = f"[data]\nsource = 'digits'\n[model]\n{model}\n[space]\n{space}\n{more}\n"
    path.write_text(text, encoding="utf-8")
    return read_study(path)


def test_every_setting_can_be_fixed(tmp_path):
    """A file may give every field of a network (here all but one, which is searched), and all arrive."""
    config = check_model(
        read(tmp_path, model=FIXED.replace("l1 = 1e-5\n", ""), space="l1 = { low = 1e-6, high = 1e-3 }")
    )
    default = MLPConfig()
    same = [f.name for f in fields(MLPConfig) if getattr(config, f.name) == getattr(default, f.name)]
    assert same == ["l1"]
    assert config.schedule_rates == ((0, 0.1), (2, 0.01))


@pytest.mark.parametrize(
    "space",
    [
        'momentum = { low = 0.9, high = 0.999, log = "mirrored" }',
        'beta1 = { low = 0.5, high = 0.99, log = "mirrored" }',
        "eps = { low = 1e-9, high = 1e-3, log = true, widen = 1 }",
        "schedule_decay = { low = 0.0, high = 1.0 }",
        "warmup_epochs = { low = 0, high = 5 }",
        "init_scale = { low = 0.01, high = 10.0, log = true }",
        "linf = { low = 1e-8, high = 1e-2, log = true }",
        "input_dropout = { low = 0.0, high = 0.5 }",
        "label_smoothing = { low = 0.0, high = 0.3 }",
        "embedding = { low = 0, high = 8 }",
        "embedding = { choices = [0, 2, 4] }",
        'schedule = { choices = ["constant", "time", "exponential", "sqrt", "staircase", "cosine"] }',
        *(
            f"{key} = {{ choices = {list(names)} }}"
            for key, names in {
                "activation": ACTIVATIONS,
                "init": INITIALIZERS,
                "normalization": NORMALIZATIONS,
                "optimizer": OPTIMIZERS,
                "dropout_kind": DROPOUT_KINDS,
            }.items()
        ),
    ],
)
def test_every_setting_can_be_searched(tmp_path, space):
    """Ranges and choices of the new settings are accepted."""
    assert check_model(read(tmp_path, space=space)) == MLPConfig()


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {"space": "momentum = { low = 0, high = 1 }"},
            r"space\.momentum.*expected fractions: write low = 0\.0",
        ),
        ({"space": "momentum = { low = 0.5, high = 1.0 }"}, r"space\.momentum.*in \[0, 1\), found 1\.0"),
        ({"space": 'dropout_kind = { choices = ["alfa"] }'}, r'space\.dropout_kind.*did you mean "alpha"'),
        ({"space": 'schedule = { choices = ["manual"] }'}, r"space\.schedule.*schedule_rates"),
        ({"model": "schedule_rates = [[2, 0.1], [1, 0.1]]"}, r"model\.schedule_rates.*rising epochs"),
        ({"model": "schedule_rates = [[2, 'x']]"}, r"model\.schedule_rates\[0\]\[1\].*a number"),
        ({"model": "momentun = 0.9"}, r'model\.momentun.*did you mean "momentum"'),
    ],
)
def test_what_no_network_has_is_refused(tmp_path, tables, message):
    """The message names the key, and what was expected and found."""
    with pytest.raises(StudyFileError, match=message):
        check_model(read(tmp_path, **tables))


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"model": "label_smoothing = 0.1"}, "4: model.label_smoothing"),
        ({"space": "label_smoothing = { low = 0.0, high = 0.1 }"}, "6: space.label_smoothing"),
    ],
    ids=str,
)
def test_a_regression_has_no_labels_to_smooth(tmp_path, tables, where):
    """Label smoothing, fixed or searched, is refused where numbers are predicted, with its line."""
    spec = read(tmp_path, **tables, more="[objective]\nmetric = 'mae'")
    with pytest.raises(StudyFileError, match=rf"{where}: expected 0 for a regression, .* found 0\.1$"):
        check_model(spec)
