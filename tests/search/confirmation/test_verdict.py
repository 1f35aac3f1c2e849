"""The verdict as the ledger stores it."""

import dataclasses

import pytest

from hpsearch.search import BaselineScore, Verdict


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("better", 1),
        ("gain", "0.1"),
        ("test_interval", [0.1]),
        ("ensemble_interval", [0.1, None]),
        ("rows", {"train": -1}),
        ("classes", [1, 2]),
        ("confusion", [[1, 2]]),
        ("confusion", [[1, 2], [3, 0.5]]),
        ("confusion", [[1]]),
    ],
)
def test_a_verdict_that_holds_what_it_cannot_is_refused(key, value):
    """A bundle or a database may be damaged: the field is named, and no report meets it."""
    note = Verdict(number=1, value=0.9, params={}, mean=0.9).to_json() | {
        "classes": ["a", "b"],
        "confusion": [[1, 0], [0, 1]],
    }
    assert Verdict.from_json(note).confusion == ((1, 0), (0, 1))
    with pytest.raises(ValueError, match=key.partition("_")[0]):
        Verdict.from_json(note | {key: value})


def test_a_baseline_is_stored_and_read_with_the_verdict():
    """A verdict without one is written as before; a damaged one is refused."""
    plain = Verdict(number=1, value=0.9, params={}, mean=0.9)
    assert "baseline" not in plain.to_json()
    baseline = BaselineScore(name="svm", test={"accuracy": 0.8}, lead=0.1, lead_interval=(0.0, 0.2))
    note = dataclasses.replace(plain, baseline=baseline).to_json()
    assert Verdict.from_json(note).baseline == baseline
    with pytest.raises(ValueError, match=r"baseline\.lead_interval \[0\.1\]"):
        Verdict.from_json(note | {"baseline": {"name": "svm", "lead_interval": [0.1]}})
