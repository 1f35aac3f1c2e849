"""The portfolio of a study, and what the study keeps of it."""

import dataclasses
from contextlib import closing

import pytest

import hpsearch
from hpsearch.errors import ExitCode
from hpsearch.portfolio import DataSize, Portfolio, PortfolioError, write_portfolio
from hpsearch.portfolio import file as portfolio_file
from hpsearch.store import Ledger
from hpsearch.study_file import LearnedStart
from hpsearch.worker import as_begun, read_inputs, search_terms
from hpsearch.worker.data.start import NOTHING_FITS, size_of
from tests.worker.studies import small_spec

LEARNED = {"[search]\n": '[search]\nstart = "learned"\n'}
OWN = {"[search]\n": '[search]\nstart = "learned"\nportfolio = "own.json"\n'}


def own(folder, *settings, kind="mlp"):
    """Write a portfolio beside the study file; return it."""
    portfolio = Portfolio(kind=kind, settings=settings, sources=())
    write_portfolio(portfolio, folder / "own.json")
    return portfolio


def test_a_study_takes_its_own_portfolio(tmp_path):
    """Its hash and its settings, without what the study does not search."""
    portfolio = own(tmp_path, {"lr": 0.01, "weight_decay": 0.1}, {"lr": 0.02, "hidden": 3})
    spec = read_inputs(small_spec(tmp_path, **OWN)).spec
    assert spec.learned == LearnedStart(hash=portfolio.hash, settings=({"lr": 0.01}, {"lr": 0.02}))


def test_a_study_of_other_parameters_starts_at_random_and_says_so(tmp_path):
    """That is a remark: a range may have been narrowed on purpose."""
    own(tmp_path, {"width": 3})
    inputs = read_inputs(small_spec(tmp_path, **OWN))
    assert inputs.spec.learned.settings == ()
    assert NOTHING_FITS in inputs.remarks


def test_a_portfolio_of_another_kind_is_refused(tmp_path):
    """The settings of a function say nothing of a network."""
    own(tmp_path, {"lr": 0.1}, kind="call")
    with pytest.raises(PortfolioError, match="expected a portfolio of kind 'mlp', found one of kind 'call'"):
        read_inputs(small_spec(tmp_path, **OWN))


def test_a_function_needs_a_portfolio_of_its_own(tmp_path):
    """The one that ships knows networks alone: the message says what makes another."""
    (tmp_path / "code.py").write_text("def score(trial):\n    return trial.params['x']\n")
    path = tmp_path / "f.toml"
    text = '[objective]\ncall = "code:score"\n[space]\nx = { low = 0.0, high = 1.0 }\n'
    path.write_text(f'{text}[search]\nstart = "learned"\n')
    with pytest.raises(PortfolioError, match="knows networks alone; name one of your own") as refusal:
        read_inputs(hpsearch.load_study_file(path))
    assert refusal.value.exit_code is ExitCode.USAGE
    path.write_text(f'{text}[search]\nstart = "learned"\nportfolio = "own.json"\n')
    own(tmp_path, {"x": 0.25}, kind="call")
    assert read_inputs(hpsearch.load_study_file(path)).spec.learned.settings == ({"x": 0.25},)


def test_another_portfolio_that_ships_changes_no_study(tmp_path, monkeypatch):
    """A study that was begun before an upgrade keeps the settings that it was begun with."""
    spec = small_spec(tmp_path, **LEARNED)
    with closing(Ledger(f"sqlite:///{tmp_path}/study.db", create=True)) as ledger:
        before = read_inputs(as_begun(spec, ledger)[0])
        ledger.open_study(search_terms(before.spec, **before.identity))
        newer = own(tmp_path, {"lr": 0.0123})
        monkeypatch.setattr(portfolio_file, "SHIPPED", tmp_path / "own.json")
        portfolio_file.shipped_portfolio.cache_clear()
        try:
            again = read_inputs(as_begun(spec, ledger)[0])
            fresh = read_inputs(as_begun(dataclasses.replace(spec, name="other"), ledger)[0])
        finally:
            portfolio_file.shipped_portfolio.cache_clear()
        assert fresh.spec.learned.hash == newer.hash
        assert again.spec == before.spec
        assert len(before.spec.learned.settings) > 1
        ledger.open_study(search_terms(again.spec, **again.identity))  # the same contract: not refused


def test_the_size_of_the_data_is_known(tmp_path):
    """Rows of all three parts, features as a network sees them, classes."""
    inputs = read_inputs(small_spec(tmp_path))
    assert size_of(inputs.dataset) == DataSize(rows=300 + 2 * 359, features=64, classes=10)
