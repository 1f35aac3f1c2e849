"""Portfolios as files, and what a study takes from one."""

import json
from dataclasses import replace

import pytest

from hpsearch.errors import ExitCode
from hpsearch.portfolio import (
    DataSize,
    Portfolio,
    PortfolioError,
    SourceTask,
    learned_start,
    read_portfolio,
    shipped_portfolio,
    write_portfolio,
)
from hpsearch.portfolio.file import SHIPPED
from hpsearch.portfolio.start import SIZE
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space

SMALL, LARGE = DataSize(rows=100, features=5, classes=2), DataSize(rows=50_000, features=500, classes=20)
OWN = Portfolio(
    kind="mlp",
    settings=(
        {"lr": 0.01, "dropout": 0.2, "activation": "relu"},
        {"lr": 0.1, "dropout": 0.1, "activation": "tanh"},
        {"lr": 0.001, "dropout": 0.0, "activation": "relu"},
    ),
    sources=(
        SourceTask(name="small", size=SMALL, regrets=(0.3, 0.9, 0.0)),
        SourceTask(name="large", size=LARGE, regrets=(0.1, 0.0, 0.9)),
    ),
    prior={"lr": (0.001, 0.01, 0.1)},
)
UNKNOWN = DataSize()
LR = FloatParameter(name="lr", low=1e-4, high=1.0, log=True, widen=2)
DROPOUT = FloatParameter(name="dropout", low=0.0, high=0.5)


def start(*parameters, portfolio=OWN, size=UNKNOWN):
    """Return the settings that a study of some parameters takes."""
    return list(learned_start(portfolio, Space(parameters), size).settings)


def test_a_file_reads_back_as_it_was_written(tmp_path):
    """The same settings, data sets and hash; a line for each of them."""
    path = tmp_path / "own.json"
    write_portfolio(OWN, path)
    again = read_portfolio(path)
    assert again == OWN
    assert again.hash == OWN.hash
    assert json.loads(path.read_text())["settings"][0]["activation"] == "relu"
    changed = replace(OWN, prior={})
    assert changed.hash != OWN.hash


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a portfolio, found another file or a damaged one"),
        ("[]", "expected a portfolio, found another file"),
        ("{}", "expected a portfolio, found another file"),
        ("[" * 100_000, "expected a portfolio, found another file"),
        ('{"schema_version": 2}', "expected schema_version 1, found 2"),
        ("\x00", "expected a portfolio, found another file"),
    ],
    ids=["empty", "list", "object", "deep", "newer", "nul"],
)
def test_a_broken_file_is_refused_in_one_line(tmp_path, text, message):
    """The refusal names the file, and what to do."""
    path = tmp_path / "own.json"
    path.write_text(text)
    with pytest.raises(PortfolioError, match=message) as refusal:
        read_portfolio(path)
    assert str(refusal.value).startswith(str(path))
    assert refusal.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("kind", "mpl", "kind: expected one of mlp, estimator, call, command, found 'mpl'"),
        ("settings", [], "settings: expected at least one, found none"),
        ("settings", [{"lr": None}], "settings: expected a number, a text or true of 'lr', found None"),
        ("settings", [{"lr": 0.1}], "'small': expected 1 regrets, one a setting, found 3"),
        (
            "sources",
            [{"name": "a", "rows": -1, "features": 1, "classes": 1, "regrets": []}],
            "a count of rows",
        ),
        ("prior", {"lr": [1]}, "expected a portfolio, found another file"),
    ],
)
def test_a_file_with_a_wrong_value_is_refused(tmp_path, key, value, message):
    """Each value is checked when it is read, not when a study fails on it."""
    path = tmp_path / "own.json"
    path.write_text(json.dumps(OWN.to_json() | {key: value}))
    with pytest.raises(PortfolioError, match=message):
        read_portfolio(path)


def test_regrets_are_finite(tmp_path):
    """JSON has no infinity; Python's reader takes it, and it would order nothing."""
    path = tmp_path / "own.json"
    path.write_text(json.dumps(OWN.to_json()).replace("0.9", "Infinity"))
    with pytest.raises(PortfolioError, match="expected finite regrets"):
        read_portfolio(path)


def test_a_prior_is_finite(tmp_path):
    """A range of good values that is no number is refused when the file is read, not when it is hashed."""
    path, note = tmp_path / "own.json", OWN.to_json()
    note["prior"] = {"lr": [float("nan"), 0.1, 0.2]}
    path.write_text(json.dumps(note))
    with pytest.raises(PortfolioError, match="prior: expected finite numbers"):
        read_portfolio(path)


def test_a_missing_file_says_what_makes_one(tmp_path):
    """Neither a folder nor a name without a file is a portfolio."""
    with pytest.raises(PortfolioError, match="found no file there; hpsearch learn --output FILE makes one"):
        read_portfolio(tmp_path / "no.json")
    with pytest.raises(PortfolioError, match="expected a readable portfolio, found: is a directory"):
        read_portfolio(tmp_path)


def test_a_study_takes_the_values_of_its_own_parameters():
    """What the space does not search is left out; settings that are then equal are one."""
    assert start(LR)[0] == {"lr": 0.01}
    assert start(LR, DROPOUT)[0] == {"lr": 0.01, "dropout": 0.2}
    assert len(start(ChoiceParameter(name="activation", choices=("relu", "tanh")))) == 2


def test_a_setting_outside_a_declared_range_is_left_out():
    """The widened range is not the declared one; a choice that is not there is outside, too."""
    narrow = FloatParameter(name="lr", low=1e-4, high=0.05, log=True, widen=2)
    assert {"lr": 0.1} not in start(narrow)
    assert {"activation": "tanh"} not in start(ChoiceParameter(name="activation", choices=("relu", "gelu")))
    assert start(FloatParameter(name="lr", low=0.001, high=0.1)) == start(LR)  # the ends are inside


def test_a_study_of_other_parameters_or_ranges_takes_nothing():
    """Foreign parameters leave no setting, and that is no error here."""
    assert start(IntParameter(name="width", low=1, high=9)) == []
    assert start(IntParameter(name="lr", low=2, high=9)) == []
    assert start(ChoiceParameter(name="lr", choices=("a", "b"))) == []


def test_data_sets_that_resemble_the_study_count_more():
    """A study of the size of one data set begins with what was best there."""
    assert start(LR, size=LARGE)[0] == {"lr": 0.1}
    assert start(LR, size=SMALL)[0] == {"lr": 0.001}
    assert start(LR)[0] == {"lr": 0.01}


def test_without_data_sets_the_order_of_the_file_holds():
    """A portfolio that a person has written needs no regrets."""
    own = replace(OWN, sources=())
    assert start(LR, portfolio=own) == [{"lr": 0.01}, {"lr": 0.1}, {"lr": 0.001}]


def test_the_portfolio_that_ships_fits_the_file_that_init_writes():
    """At least 40 data sets, and enough settings inside the usual ranges."""
    portfolio = shipped_portfolio()
    assert portfolio.kind == "mlp"
    assert len(portfolio.sources) >= 40
    usual = Space(
        (
            FloatParameter(name="lr", low=1e-5, high=1e-1, log=True, widen=2),
            FloatParameter(name="weight_decay", low=1e-8, high=1e-2, log=True, widen=2),
            FloatParameter(name="dropout", low=0.0, high=0.6),
        )
    )
    for size in (DataSize(), SMALL, LARGE):
        found = learned_start(portfolio, usual, size)
        assert 2 <= len(found.settings) <= SIZE
        assert found.hash == portfolio.hash
    assert read_portfolio(SHIPPED).hash == portfolio.hash
