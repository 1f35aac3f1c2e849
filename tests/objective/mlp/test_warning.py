"""Warnings about a study: settings that nothing reads, and batches of one row."""

from dataclasses import fields, replace

import pytest

from hpsearch import load_study_file
from hpsearch.api import check_study
from hpsearch.nn import OPTIMIZERS, MLPConfig
from hpsearch.nn.config import CONSTANTS
from hpsearch.nn.functions.normalization import one_row_batch
from hpsearch.objective.mlp import warnings_of
from hpsearch.objective.mlp.warning import unread_settings
from tests.cli.program import ROOT

LR = "lr = { low = 1e-4, high = 1e-1, log = true }\n"
EITHER = 'optimizer = { choices = ["adam", "nesterov"] }\n'
BATCH = 'normalization = "batch"\n'


def warned(spec, dataset):
    """Return the warnings of a study, which filling in its defaults must not change."""
    found = warnings_of(spec, dataset)
    assert warnings_of(check_study(spec), dataset) == found
    return found


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("constant", sorted(CONSTANTS))
def test_fault_86_a_constant_that_the_optimizer_does_not_read_is_said(read, optimizer, constant):
    """Fixed or searched, with a default or without: a line names the optimizers that would read it."""
    reads = constant in {field.name for field in fields(OPTIMIZERS[optimizer])}
    chosen = f'optimizer = "{optimizer}"\n'
    fixed = list(unread_settings(read(f"{chosen}{constant} = 0.5")))
    space = f"{constant} = {{ low = 0.5, high = 0.9, default = 0.6 }}"
    searched = list(unread_settings(read(chosen, LR + space)))
    alone = f'optimizer = {{ choices = ["{optimizer}"] }}\n'
    chosen_in_space = list(unread_settings(read(f"{constant} = 0.5", LR + alone)))
    said = f'{constant}: no trial reads it, because optimizer is "{optimizer}"; '
    for table, found in (("model", fixed), ("space", searched), ("model", chosen_in_space)):
        assert len(found) == (not reads)
        assert all(line.startswith(f"{table}.{said}") and line.endswith(" would") for line in found)


@pytest.mark.parametrize(
    ("model", "space", "lines"),
    [
        ("momentum = 0.5", EITHER, []),
        ("eps = 1e-8", EITHER, []),
        (
            "beta2 = 0.9",
            'optimizer = { choices = ["sgd", "nesterov"] }',
            ["model.beta2: no trial reads it, "],
        ),
        (
            "",
            EITHER + "momentum = { low = 0.5, high = 0.9 }",
            [
                (
                    'space.momentum: trials whose optimizer is "adam" do not read it; '
                    'add when = { optimizer = ["nesterov"] }'
                )
            ],
        ),
        ("", EITHER + 'momentum = { low = 0.5, high = 0.9, when = { optimizer = "nesterov" } }', []),
        (
            "schedule_decay = 0.5",
            "",
            ['model.schedule_decay: no trial reads it, because schedule is "constant"'],
        ),
        ("schedule_every = 10", "", ["model.schedule_every: no trial reads it, "]),
        (
            'schedule = "cosine"\nschedule_rates = [[1, 0.1]]',
            "",
            ["model.schedule_rates: no trial reads it, "],
        ),
        ('schedule = "manual"\nschedule_rates = [[0, 0.1]]', "", ["space.lr: no trial reads it, "]),
        ('schedule = "manual"\nschedule_rates = [[1, 0.1]]', "", []),
        (
            "",
            (
                'schedule = { choices = ["time", "sqrt"] }\n'
                'schedule_decay = { low = 0.1, high = 1.0, when = { schedule = ["time", "sqrt"] } }'
            ),
            ['space.schedule_decay: trials whose schedule is "sqrt" do not read it; '],
        ),
        (
            'init = "zeros"\ninit_scale = 2.0',
            "",
            ['model.init_scale: no trial reads it, because init is "zeros"; '],
        ),
        (
            'hidden = []\nactivation = "tanh"\ndropout = 0.5\nnormalization = "layer"',
            "",
            [
                f"model.{name}: no trial reads it, because hidden is []"
                for name in ("activation", "normalization", "dropout")
            ],
        ),
        ('dropout_kind = "alpha"', "", ["model.dropout_kind: no trial reads it, because dropout is 0.0"]),
        ('dropout_kind = "alpha"', "dropout = { low = 0.0, high = 0.5 }", []),
        (
            "",
            'dropout = { choices = [0.0, 0.5] }\ndropout_kind = { choices = ["standard", "alpha"] }',
            ["space.dropout_kind: trials whose dropout is 0.0 do not read it; add when = { dropout = [0."],
        ),
        ('optimizer = "adam"\nbeta1 = 0.8\nweight_decay = 0.1\nwarmup_epochs = 2', "", []),
    ],
)
def test_fault_86_a_setting_that_nothing_reads_is_said_in_every_form(read, dataset, model, space, lines):
    """Fixed, searched, under conditions, or where only some choices of another setting read it."""
    found = warned(read(model, LR + space), dataset)
    assert len(found) == len(lines), found
    for line, start in zip(found, lines, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    ("model", "space", "said"),
    [
        ("batch_size = 1", "", "model.batch_size: with 1 an epoch of 60 or 84 rows has a batch of one row, "),
        ("batch_size = 59", "", "model.batch_size: with 59 an epoch of 60 rows has a batch of one row, "),
        ("batch_size = 16", "", None),
        ("batch_size = 60", "", None),
        ("batch_size = 61", "", None),
        ("batch_size = 1\nhidden = []", "", None),
        (
            "",
            "batch_size = { choices = [16, 59, 1] }",
            "space.batch_size: with 59, 1 an epoch of 60 or 84 rows has ",
        ),
        (
            "",
            "batch_size = { low = 1, high = 300, log = true }",
            "space.batch_size: with 1, 59, 83 an epoch of 60 or 84 rows has ",
        ),
        ("", "batch_size = { low = 8, high = 32 }", None),
    ],
)
def test_fault_87_batches_of_one_row_are_said(read, dataset, model, space, said):
    """With batch normalization, fixed or searched; without it such a batch is like any other."""
    lines = warned(read(BATCH * ("hidden" not in model) + model, LR + space), dataset)
    assert [line[: len(said or "")] for line in lines] == ([said] if said else [])
    assert warned(read(model, LR + space), dataset) == []
    choice = f'{LR}{space}\nnormalization = {{ choices = ["none", "batch"] }}'
    assert len(warned(read(model, choice), dataset)) == (1 if said else "hidden" in model)


@pytest.mark.parametrize("key", ["dropout", "input_dropout"])
@pytest.mark.parametrize(
    ("model", "space", "rate"),
    [
        ("{} = 0.999", "", "0.999"),
        ("{} = 0.99609375", "", None),
        ("{} = 0.9960937500000001", "", "0.9960937500000001"),
        ("{} = 0.5", "", None),
        ("", "{} = {{ low = 0.0, high = 0.999 }}", "0.999"),
        ("", "{} = {{ low = 0.9, high = 0.998, log = true, widen = 0 }}", "0.998"),
        ("", '{} = {{ low = 0.9, high = 0.9999, log = "mirrored" }}', "0.9999"),
        ("", "{} = {{ choices = [0.0, 0.999, 0.997] }}", "0.999"),
        ("", "{} = {{ low = 0.0, high = 0.9 }}", None),
    ],
)
def test_rates_of_dropout_above_the_highest_are_said(*, read, dataset, key, model, space, rate):
    """Fixed or searched, a line prints the rate that is really used."""
    lines = warned(read(model.format(key), LR + space.format(key)), dataset)
    table = "model" if model else "space"
    said = f"{table}.{key}: {rate} is used as 0.99609375, the highest rate, which keeps one unit in 256"
    assert lines == ([said] if rate else [])


def test_a_rate_that_nothing_reads_is_not_said_twice(read, dataset):
    """Without hidden layers the rate of hidden units is unread, and no more is said of it."""
    lines = warned(read("hidden = []\ndropout = 0.999"), dataset)
    assert [line.split(",")[0] for line in lines] == ["model.dropout: no trial reads it"]


def test_fault_87_a_refit_has_rows_of_its_own(read, dataset):
    """Training and validation rows together may leave one row where the training rows do not."""
    refit = read(BATCH + "batch_size = 83", LR)
    assert refit.confirm.refit
    assert warned(replace(refit, confirm=replace(refit.confirm, refit=False)), dataset) == []
    (line,) = warned(refit, dataset)
    assert line.startswith("model.batch_size: with 83 an epoch of 84 rows has a batch of one row, ")
    assert line.endswith("; with 84 it has none")


@pytest.mark.parametrize("rows", range(1, 30))
def test_fault_87_a_batch_of_one_row_is_counted(rows):
    """As an epoch cuts its rows."""
    for size in range(1, 40):
        batches = [len(range(start, min(start + size, rows))) for start in range(0, rows, size)]
        assert one_row_batch(rows, size) is (1 in batches)


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.toml")), ids=lambda path: path.stem)
def test_the_studies_that_come_along_have_no_unread_setting(path):
    """A warning that is always there is not read."""
    assert list(unread_settings(load_study_file(path))) == []


def test_every_default_is_silent(read, dataset):
    """A study that names only its rate has no warning."""
    assert warned(read(""), dataset) == []
    assert list(unread_settings(check_study(read("")))) == []
    assert MLPConfig().optimizer == "adam"


def test_fault_88_one_label_in_two_spellings_is_said(read, dataset):
    """Both are one number in the table, and two classes to the network."""
    twice = replace(dataset, classes=("1", "1.0", "2"), label_type="<f8")
    assert warned(read(""), twice) == [
        'data.target: "1" and "1.0" are the same label and count as two classes; write it in one way'
    ]
    assert warned(read(""), replace(twice, label_type="<U")) == []
