"""The rules of a table go through JSON and through model files; rules that cannot be are refused."""

from dataclasses import replace

import pandas as pd
import pytest

from hpsearch.nn import load_model, save_model
from hpsearch.nn.files.tensor_file import ModelFileError
from hpsearch.table.rules import DateColumn, TableRules
from tests.nn.files.models import network, rewritten

WHEN = DateColumn(name="when", first=1, parts=("year", "day"), form="%d.%m.%Y")
RULES = TableRules(target="kind", header=False, width=4, missing=("-", "NA"), decimal=",", dates=(WHEN,))
FEATURES = ["tall", "when.year", "when.day"]


def test_rules_are_equal_after_json_and_after_a_file(tmp_path):
    """Every field of them; a model without rules has none, and rules without weights do not speak of them."""
    assert TableRules.from_json(RULES.to_json()) == RULES
    assert "weights" not in RULES.to_json()
    weighted = replace(RULES, weights="w")
    assert TableRules.from_json(weighted.to_json()) == weighted
    save_model(network(), tmp_path / "m", features=FEATURES, rules=RULES)
    assert load_model(tmp_path / "m").rules == RULES
    save_model(network(), tmp_path / "m", features=FEATURES)
    assert load_model(tmp_path / "m").rules is None


def test_dates_are_one_column_of_a_frame(tmp_path):
    """In the form of the training table, in ISO 8601, or as moments; of one day they are equal."""
    save_model(network(), tmp_path / "m", features=FEATURES, rules=RULES)
    model = load_model(tmp_path / "m")
    assert model.layout.names == ["tall", "when"]
    day = pd.Timestamp("2024-02-01")
    spelled = ["01.02.2024", " 01.02.2024 ", "2024-02-01", "2024-02-01T00:00:00Z", day, day.date()]
    frame = pd.DataFrame({"when": pd.Series(spelled, dtype=object), "tall": "1,5"})
    found = model.predict_proba(frame)
    assert len({row.tobytes() for row in found}) == 1
    typed = pd.DataFrame({"when": [day], "tall": [1.5]})
    for rows in (typed, typed.assign(when=typed.when.dt.tz_localize("UTC")), typed.astype(object)):
        assert model.predict_proba(rows).tobytes() == found[:1].tobytes()


BAD = [
    1,
    None,
    [],
    {"x": 1},
    {"target": [1]},
    {"weights": 1},
    {"header": 3},
    {"width": "a"},
    {"missing": [1]},
    {"missing": "NA", "decimal": "x"},
    {"decimal": "x"},
    {"dates": [{"name": "b", "first": 2, "parts": ["year", "day"]}]},
    {"dates": [{"name": "b", "first": 0, "parts": ["year"]}, {"name": "c", "first": 0, "parts": ["day"]}]},
    {"dates": [{"name": "b", "first": -1, "parts": ["year"]}]},
    {"dates": [{"name": "b", "first": "x", "parts": ["year"]}]},
    {"dates": [{"name": "b", "first": 1, "parts": "year"}]},
    {"dates": [{"name": "b", "first": 1, "parts": []}]},
    {"dates": [{"name": 3, "first": 1, "parts": ["year"]}]},
    {"dates": [{"name": "b", "first": 1, "parts": ["year"], "form": 3}]},
    {"dates": [{}]},
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_rules_of_a_file_that_cannot_be_are_refused(tmp_path, bad):
    """Each as what it is: a file that is no model."""
    save_model(network(), tmp_path / "m", features=FEATURES, rules=RULES)
    rules = {**RULES.to_json(), **bad} if isinstance(bad, dict) else bad
    rewritten(tmp_path / "m", card={"rules": rules})
    with pytest.raises(ModelFileError, match=f"^{tmp_path}/m: (not a model that can be: |expected parts)"):
        load_model(tmp_path / "m")
