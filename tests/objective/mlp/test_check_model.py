import pytest

from hpsearch.errors import StudyFileError
from hpsearch.nn import MLPConfig
from hpsearch.objective.mlp import check_model

LR = "lr = { low = 1e-4, high = 1e-1, log = true }"


def test_a_good_study_gives_its_network(read):
    """Fixed settings over the defaults; the space may hold any setting."""
    space = (
        f'{LR}\nactivation = {{ choices = ["relu", "tanh"] }}\n'
        "batch_size = { low = 8, high = 64, log = true }\n"
        "dropout = { low = 0.0, high = 0.5 }\nepochs = { low = 1, high = 4 }"
    )
    config = check_model(read('hidden = [8, 4]\noptimizer = "sgd"', space))
    assert config == MLPConfig(hidden=(8, 4), optimizer="sgd")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            "hiden = [8]",
            r'^x\.toml:4: model\.hiden: expected a known key, .*; did you mean "hidden"\?$',
        ),
        (
            "qqq = 1",
            r"^x\.toml:4: model\.qqq: expected one of hidden, activation, .*, width, found another key$",
        ),
        (
            'activation = "rellu"',
            r'^x\.toml:4: model\.activation: expected .* found "rellu"; did you .*"relu"\?',
        ),
        ("activation = 3", r"^x\.toml:4: model\.activation: expected one of .*, found 3$"),
        (
            "hidden = 8",
            r"^x\.toml:4: model\.hidden: expected a list of the units of each layer, found 8; .* \[8\]$",
        ),
        ("hidden = [8, 0]", r"^x\.toml:4: model\.hidden: expected a whole number, 1 or more, found 0$"),
        ('epochs = "ten"', r"^x\.toml:4: model\.epochs: expected a whole number, 1 or more, found 'ten'$"),
        ("epochs = 2.5", r"^x\.toml:4: model\.epochs: expected a whole number, 1 or more, found 2\.5$"),
        ("epochs = true", r"^x\.toml:4: model\.epochs: expected a whole number, 1 or more, found True$"),
        ("\n\ndropout = 1.0", r"^x\.toml:6: model\.dropout: expected a number in \[0, 1\), found 1\.0$"),
        ("weight_decay = -1", r"^x\.toml:4: model\.weight_decay: expected a number 0 or more, found -1\.0$"),
    ],
)
def test_a_setting_that_no_network_has_is_refused(read, model, message):
    """File, line, key, what was expected and what was found, on one line."""
    with pytest.raises(StudyFileError, match=message):
        check_model(read(model))


@pytest.mark.parametrize(
    ("space", "message"),
    [
        (
            f"{LR}\ndropuot = {{ low = 0.0, high = 0.5 }}",
            r'^x\.toml:7: space\.dropuot: .*did you mean "dropout"\?$',
        ),
        (
            "lr = { low = 1, high = 2 }",
            r"^x\.toml:6: space\.lr\.low: expected fractions: write low = 1\.0, high = 2\.0$",
        ),
        (
            f"{LR}\ndropout = {{ low = 0, high = 1 }}",
            r"^x\.toml:7: space\.dropout\.low: expected fractions: write low = 0\.0, high = 1\.0$",
        ),
        (
            f'{LR}\nactivation = {{ choices = ["relu", "tan"] }}',
            r'^x\.toml:7: space\.activation: expected one of .*, found "tan"; did you mean "tanh"\?$',
        ),
        (
            f"{LR}\nactivation = {{ choices = [1, 2] }}",
            r"^x\.toml:7: space\.activation: expected one of .*, found 1$",
        ),
        (
            f"{LR}\ndropout = {{ low = 0.0, high = 1.0 }}",
            r"^x\.toml:7: space\.dropout: expected a number in \[0, 1\), found 1\.0$",
        ),
        (
            f"{LR}\nepochs = {{ low = 1.0, high = 4.0 }}",
            r"^x\.toml:7: space\.epochs: expected a whole number, 1 or more, found 1\.0$",
        ),
        (
            f"{LR}\nhidden = {{ low = 4, high = 8 }}",
            r"^x\.toml:7: space\.hidden: expected \{ choices = \[\[64\], .* found a range .* depth and width",
        ),
        (
            f"{LR}\nbatch_size = {{ low = 0, high = 8 }}",
            r"^x\.toml:7: space\.batch_size: expected a whole number, 1 or more, found 0$",
        ),
        (
            "lr = { low = -0.1, high = 0.1 }",
            r"^x\.toml:6: space\.lr: expected a number above 0, found -0\.1$",
        ),
    ],
)
def test_a_range_that_no_network_takes_is_refused(read, space, message):
    """Both ends of a range and every choice are tried before a trial is made."""
    with pytest.raises(StudyFileError, match=message):
        check_model(read("init = 'he'", space))


def test_the_widened_range_is_checked_too(read):
    """A dropout of 0.5, widened by a decade, would be 5."""
    space = "dropout = { low = 0.01, high = 0.5, log = true, widen = 1 }"
    with pytest.raises(StudyFileError, match=r"^x\.toml:6: space\.dropout: .* in \[0, 1\), found 5\.0$"):
        check_model(read("hidden = [8]", space))


@pytest.mark.parametrize("low", [0.03, 0.07, 0.1])
def test_the_ends_themselves_are_checked(read, low):
    """TPE may propose the very end of a range; a way there through a logarithm may miss it by a rounding."""
    with pytest.raises(StudyFileError, match=r"space\.dropout: .* in \[0, 1\), found 1\.0$"):
        check_model(read("epochs = 3", f"dropout = {{ low = {low}, high = 1.0, log = true, widen = 0 }}"))


@pytest.mark.parametrize(
    ("model", "space", "key"),
    [
        ('"a b" = 1', LR, 'model."a b"'),
        ('"a.b" = 1', LR, 'model."a.b"'),
        ("", f'{LR}\n"hid.den" = {{ low = 1, high = 2 }}', 'space."hid.den"'),
    ],
)
def test_a_quoted_key_is_named_as_it_is_written(read, model, space, key):
    """The line is found, and the key can be searched for in the file."""
    with pytest.raises(StudyFileError, match=rf"^x\.toml:[47]: {key}: expected (one of|a known key)"):
        check_model(read(model, space))


WHEN = 'optimizer = { choices = ["sgd", "momentum", "adam"] }\n'


def test_a_setting_is_tried_where_its_condition_holds(read):
    """Warm-up needs epochs, and has them exactly where it is chosen."""
    both = 'schedule = { choices = ["constant", "warmup"] }\nwarmup_epochs = { low = 1, high = 3%s }'
    check_model(read("epochs = 3", both % ', when = { schedule = "warmup" }'))
    with pytest.raises(
        StudyFileError, match=r"^x\.toml:6: space\.schedule: expected warmup_epochs of 1 or more"
    ):
        check_model(read("epochs = 3", both % ', when = { schedule = "constant" }'))


@pytest.mark.parametrize(
    ("space", "message"),
    [
        (
            'momentum = { low = 0.5, high = 1.5, when = { optimizer = "momentum" } }',
            r"^x\.toml:7: space\.momentum: expected a number in \[0, 1\), found 1\.5$",
        ),
        (
            'momentum = { low = 0.5, high = 0.9, when = { optimizer = ["momentum", "adam"] } }',
            r"^x\.toml:7: space\.momentum\.when\.optimizer: .* read momentum \(mom.*, found \[.adam.\]$",
        ),
        (
            'beta2 = { low = 0.5, high = 0.9, when = { optimizer = "sgd" } }',
            r"^x\.toml:7: space\.beta2\.when\.optimizer: .* \(rmsprop, adam, adamw\), found \[\"sgd\"\]$",
        ),
    ],
)
def test_a_condition_under_which_no_network_is_possible_is_refused(read, space, message):
    """Both ends of a conditional range are tried, and an optimizer that does not read a constant is named."""
    with pytest.raises(StudyFileError, match=message):
        check_model(read("epochs = 3", WHEN + space))


def test_a_condition_on_the_optimizer_may_stand_by_any_other_setting(read):
    """Only constants of optimizers are theirs: dropout may be tried with one optimizer alone."""
    check_model(
        read("epochs = 3", WHEN + 'dropout = { low = 0.1, high = 0.5, when = { optimizer = "sgd" } }')
    )
