"""The commands to type next: each works as it is."""

import sys
from contextlib import closing
from dataclasses import replace

import pytest

from hpsearch.report.next_steps import next_steps_of
from hpsearch.report.summary import summarize
from hpsearch.store import Ledger
from hpsearch.study_file import read_study
from hpsearch.worker import search_terms
from tests.report.test_text import summary

NETWORK = "[space]\nwidth = { low = 1, high = 8 }\n"
ESTIMATOR = """[objective]
estimator = "sklearn.ensemble:RandomForestClassifier"
[space]
max_depth = { low = 1, high = 8 }
"""


@pytest.mark.parametrize(
    ("tables", "missing", "found"),
    [(ESTIMATOR, True, False), (ESTIMATOR, False, True), (NETWORK, True, True)],
    ids=["estimator without skops", "estimator", "network"],
)
def test_a_model_is_exported_where_it_can_be_written(tmp_path, monkeypatch, tables, missing, found):
    """The command for an estimator's model is proposed only where the package that writes it is installed."""
    if missing:
        monkeypatch.setitem(sys.modules, "skops", None)
    file = tmp_path / "s.toml"
    file.write_text(f'trials = 4\n[data]\nsource = "iris"\n{tables}')
    with closing(Ledger(f"sqlite:///{tmp_path / 's.db'}", create=True)) as ledger:
        study = ledger.open_study(search_terms(read_study(file), data_hash="0" * 64))
        known = summarize(ledger, study)
    assert known.can_export is found
    judged = replace(summary(), can_export=known.can_export)
    steps = [step.command for step in next_steps_of(judged, search="s", flags="")]
    assert any(step.startswith("hpsearch export winner") for step in steps) is found
