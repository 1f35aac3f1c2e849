"""The layers of a network: ``depth`` and ``width`` in place of ``hidden``, fixed or searched."""

import dataclasses

import pytest

from hpsearch.errors import StudyFileError
from hpsearch.objective import Task
from hpsearch.objective.mlp import MLPEvaluator, MLPObjective, check_memory, warnings_of
from hpsearch.study_file import contract_hash, spec_from_dict, spec_to_dict

LR = "lr = { low = 1e-4, high = 1e-1, log = true }"
BESIDE = "expected hidden, or depth and width, found it beside"
REFUSED = [
    (
        "hidden = [8]\ndepth = 2",
        LR,
        rf"^x\.toml:4: model\.hidden: {BESIDE} model\.depth; depth = 2 and width",
    ),
    ("width = 8\nhidden = [8]", LR, rf"^x\.toml:5: model\.hidden: {BESIDE} model\.width"),
    (
        "hidden = [8]",
        "depth = { low = 1, high = 2 }\nwidth = { low = 1, high = 2 }",
        rf"^x\.toml:4: model\.hidden: {BESIDE} space\.depth and space\.width",
    ),
    ("depth = 2", "hidden = { choices = [[8]] }", rf"^x\.toml:6: space\.hidden: {BESIDE} model\.depth"),
    ("depth = -1", LR, r"^x\.toml:4: model\.depth: expected a whole number, 0 or more, found -1$"),
    ("depth = 1001", LR, r"^x\.toml:4: model\.depth: expected at most 1000 hidden layers, found 1001$"),
    ("width = 0", LR, r"^x\.toml:4: model\.width: expected a whole number, 1 or more, found 0$"),
    ("width = 8.0", LR, r"^x\.toml:4: model\.width: expected a whole number, 1 or more, found 8\.0$"),
    ("width = [8]", LR, r"^x\.toml:4: model\.width: expected a whole number, 1 or more, found \(8,\)$"),
    (
        "",
        "width = { low = 8.0, high = 9.0 }",
        r"^x\.toml:6: space\.width: expected a whole number, 1 or more",
    ),
    (
        "",
        "depth = { low = 1, high = 2000 }",
        r"^x\.toml:6: space\.depth: expected at most 1000 hidden layers",
    ),
    (
        "",
        "hidden = { choices = [[8], [0]] }",
        r"^x\.toml:6: space\.hidden: expected a whole number, 1 or more",
    ),
    (
        "",
        "hidden = { choices = [8] }",
        r"^x\.toml:6: space\.hidden\.choices\[0\]: expected a list .* write \[8\]$",
    ),
    ("", "hidden = [[8], [9]]", r"^x\.toml:6: space\.hidden: expected a range such as"),
    (
        "",
        "hidden = { choices = [[8], [9]] }\nl1 = { low = 0.0, high = 1.0, when = { hidden = [8, 8] } }",
        r"^x\.toml:7: space\.l1\.when\.hidden: expected one of the choices \[\[8\], \[9\]\], found \[8, 8\]$",
    ),
]


@pytest.fixture
def checked(read):
    """Return a function that reads and checks a study file whose model and space are given."""
    return lambda model, space=LR: MLPObjective().check(read(model, space))


@pytest.mark.parametrize(("model", "space", "message"), REFUSED)
def test_layers_that_cannot_be_are_refused(checked, model, space, message):
    """File, line, key, what was expected and what was found; ``hidden`` excludes the other two."""
    with pytest.raises(StudyFileError, match=message):
        checked(model, space)


@pytest.mark.parametrize(
    ("model", "hidden", "kept"),
    [
        ("depth = 2\nwidth = 64", (64, 64), {"depth": 2, "width": 64}),
        ("depth = 0\nwidth = 64", (), {"depth": 0, "width": 64}),
        ("depth = 3", (100, 100, 100), {"depth": 3, "width": 100}),
        ("width = 8", (8,), {"depth": 1, "width": 8}),
    ],
)
def test_a_depth_and_a_width_make_the_layers(checked, dataset, model, hidden, kept):
    """So many layers of so many units; one of the two has its usual value. Both stay in the contract."""
    spec = checked(model)
    assert {key: spec.model.get(key) for key in ("depth", "width", "hidden")} == {**kept, "hidden": None}
    assert MLPEvaluator(spec, dataset).config({"lr": 0.01}).hidden == hidden
    contract = spec_to_dict(spec)
    assert spec_to_dict(MLPObjective().check(spec_from_dict(contract))) == contract


@pytest.mark.parametrize(
    ("tables", "default", "hidden"),
    [
        (
            ("", "depth = { low = 1, high = 4 }\nwidth = { low = 16, high = 256, log = true }"),
            (1, 100),
            (100,),
        ),
        (("", "depth = { low = 2, high = 4 }\nwidth = { choices = [8, 16] }"), (2, 8), (8, 8)),
        (("width = 8", "depth = { low = 0, high = 3, default = 2 }"), (2,), (8, 8)),
        (("depth = 2", "width = { low = 2, high = 64, log = true, default = 4 }"), (4,), (4, 4)),
        (("", "hidden = { choices = [[8], [8, 8]] }"), ((8,),), (8,)),
        (("", "hidden = { choices = [[8], [100]] }"), ((100,),), (100,)),
        (("", "hidden = { choices = [[8], [8, 8]], default = [8, 8] }"), ((8, 8),), (8, 8)),
        (("", "hidden = { choices = [[8], []], default = [] }"), ((),), ()),
    ],
)
def test_searched_layers_have_a_default(checked, dataset, tables, default, hidden):
    """The declared default is the study's own, or the network's moved into the space, and can be trained."""
    spec = checked(*tables)
    assert tuple(spec.defaults.values()) == default
    settings = spec.space.external(spec.default)
    evaluator = MLPEvaluator(dataclasses.replace(spec, model={**spec.model, "epochs": 1}), dataset)
    (outcome,) = evaluator.evaluate([Task(settings=settings, seed=1)])
    assert outcome.network.config.hidden == hidden


def test_a_condition_names_lists(checked):
    """A list alone is one value, a list of lists several; the contract reads back to the same study."""
    hidden = "hidden = { choices = [[8], [16], []] }\n"
    spec = checked("", hidden + "dropout = { low = 0.0, high = 0.5, when = { hidden = [[16], [8]] } }")
    alone = checked("", hidden + "dropout = { low = 0.0, high = 0.5, when = { hidden = [8] } }")
    assert [condition.among for condition in spec.space.conditions] == [((8,), (16,))]
    assert [condition.among for condition in alone.space.conditions] == [((8,),)]
    assert str(spec.space.conditions[0]) == "hidden = [8] or [16]"
    assert spec.space.external((0.0, 0.25)) == {"hidden": (8,), "dropout": 0.25}
    assert spec.space.external((2.0, float("nan"))) == {"hidden": ()}
    for study in (spec, alone):
        again = spec_from_dict(spec_to_dict(study))
        assert again.space == study.space
        assert contract_hash(spec_to_dict(again)) == contract_hash(spec_to_dict(study))


def test_what_no_hidden_layer_reads_gets_a_hint(checked, dataset):
    """Where one of the choices has no layers, the line says which condition to add."""
    spec = checked("", "hidden = { choices = [[], [8], [8, 8]] }\ndropout = { low = 0.1, high = 0.5 }")
    assert [line for line in warnings_of(spec, dataset) if "when" in line] == [
        "space.dropout: trials whose hidden is [] do not read it; add when = { hidden = [[8], [8, 8]] }"
    ]


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        (("depth = 0\nwidth = 8",), "model.width"),
        (("depth = 0", "width = { low = 4, high = 8 }"), "space.width"),
        (("depth = 0",), None),
        (("depth = 1\nwidth = 8",), None),
        (("width = 8", "depth = { low = 0, high = 1 }"), None),
    ],
)
def test_a_width_of_no_layers_gets_a_hint(checked, dataset, tables, key):
    """Networks without hidden layers have no width; where some trials have layers, nothing is said."""
    lines = [line for line in warnings_of(checked(*tables), dataset) if "width" in line]
    assert lines == ([] if key is None else [f"{key}: no trial reads it, because depth is 0"])


@pytest.mark.parametrize(
    ("space", "key"),
    [
        ("hidden = { choices = [[8], [9_000_000_000]] }", "space.hidden"),
        ("width = { low = 8, high = 9_000_000_000 }", "space.width"),
        ("depth = { low = 1, high = 1000 }\nwidth = { low = 8, high = 20_000 }", "space.width"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(checked, dataset, space, key):
    """Every choice is weighed, and of depth and width the two high ends together."""
    spec = checked("", space)
    spec = dataclasses.replace(spec, data=dataclasses.replace(spec.data, max_memory=4.0))
    with pytest.raises(StudyFileError, match=rf"^x\.toml:\d: {key}: .* hidden = \["):
        check_memory(spec, dataset)


def test_trials_of_different_layers_train_as_alone(checked, dataset):
    """Trials that are claimed together train in a stack for each structure, with the bits of each alone."""
    space = "hidden = { choices = [[8], [8, 8], []] }\ndropout = { low = 0.1, high = 0.5 }"
    evaluator = MLPEvaluator(checked("epochs = 3", space), dataset)
    hidden = [(8,), (8, 8), (), (8,), (8, 8), (8,)]
    tasks = [Task(settings={"hidden": h, "dropout": 0.1 + n / 20}, seed=n) for n, h in enumerate(hidden)]
    together = evaluator.evaluate(tasks)
    assert [outcome.network.config.hidden for outcome in together] == hidden
    for task, outcome in zip(tasks, together, strict=True):
        (alone,) = evaluator.evaluate([task])
        assert outcome.curve == alone.curve
        assert outcome.network.parameters.tobytes() == alone.network.parameters.tobytes()
